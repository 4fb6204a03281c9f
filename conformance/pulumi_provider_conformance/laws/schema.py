"""Laws of the schema: what code generators and the engine need of it. Know no resource."""

from __future__ import annotations

import json
from typing import Any

from pulumi.runtime.proto import provider_pb2 as proto

from ..law import Scope, Severity, broken, chapter, require, skip
from ..plugin import Refused
from ..schema_rules import violations
from ..stage import Stage

law = chapter("Schema", Scope.PROVIDER)


def _schema(stage: Stage) -> dict[str, Any]:
    plugin = stage.bare
    text = plugin.call("GetSchema", proto.GetSchemaRequest()).schema
    try:
        document = json.loads(text)
    except ValueError as error:
        broken(f"the schema is no JSON: {error}")
    require(isinstance(document, dict), "the schema is no JSON object")
    found: dict[str, Any] = document
    return found


@law(
    "provider.proto, GetSchema: asked before anything is configured, for SDKs and for YAML programs",
    "Answer the schema without any configuration and without network.",
)
def the_schema_is_told_unconfigured(stage: Stage) -> None:
    """GetSchema answers a JSON object with the package's name, before the plugin is configured."""
    document = _schema(stage)
    require(document.get("name") == stage.spec.name, f"the name is {document.get('name')!r}, not {stage.spec.name!r}")


@law(
    "pkg/codegen/schema: pulumi.json (the meta-schema) and bind.go",
    "Run `pulumi schema check` on the schema; it names the rule that is broken.",
)
def the_schema_keeps_its_rules(stage: Stage) -> None:
    """The schema holds only what schemas may hold, and what refers to something refers to what is there."""
    found = violations(_schema(stage))
    require(not found, f"{len(found)} rules are broken: {'; '.join(found[:5])}")


@law(
    "provider.proto, GetSchema: resources of the provider",
    "Put every resource into the schema: programs of all languages get them from there.",
)
def the_schema_has_the_resources(stage: Stage) -> None:
    """Every resource of the spec is in the schema, with input and output properties."""
    resources = _schema(stage).get("resources", {})
    lacking = [each.type for each in stage.spec.resources if each.type not in resources]
    require(not lacking, f"{lacking} are not in the schema")
    bare = [each.type for each in stage.spec.resources if not resources[each.type].get("properties")]
    require(not bare, f"{bare} have no output properties")


@law(
    "provider.proto, GetSchemaRequest.subpackage_name: for parameterized providers",
    "Refuse a subpackage that does not exist with INVALID_ARGUMENT.",
    Severity.SHOULD,
)
def a_subpackage_that_does_not_exist_is_refused(stage: Stage) -> None:
    """GetSchema of a subpackage that nobody made is an error."""
    request = proto.GetSchemaRequest(subpackage_name="no-such-package", subpackage_version="1.0.0")
    plugin = stage.bare
    try:
        plugin.call("GetSchema", request)
    except Refused as refusal:
        require(refusal.code.name != "INTERNAL", f"{refusal}")
        return
    broken("a schema came for a subpackage that does not exist")


@law(
    "schema: description; the registry and editors show it",
    "Describe every resource and every property: help texts, docs and `pulumi do` are made of them.",
    Severity.SHOULD,
)
def everything_is_described(stage: Stage) -> None:
    """Every resource, property and setting of the schema has a description."""
    document = _schema(stage)
    resources = document.get("resources", {})
    if not resources:
        skip("the schema has no resources")
    bare = [token for token, each in resources.items() if not each.get("description")]
    bare += [
        f"{token}.{name}"
        for token, each in resources.items()
        for part in ("inputProperties", "properties")
        for name, property in each.get(part, {}).items()
        if not property.get("description")
    ]
    settings = document.get("config", {}).get("variables", {})
    bare += [name for name, each in settings.items() if not each.get("description")]
    require(not bare, f"{len(bare)} have no description, such as {bare[:3]}")


LAWS = (
    the_schema_is_told_unconfigured,
    the_schema_keeps_its_rules,
    the_schema_has_the_resources,
    a_subpackage_that_does_not_exist_is_refused,
    everything_is_described,
)
