"""Hold a schema to the rules of schemas: the meta-schema's and those that code generators enforce. Know no provider.

Source: pkg/codegen/schema/{pulumi.json,bind.go} of github.com/pulumi/pulumi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["violations"]

_PACKAGE_KEYS = frozenset(
    [
        "name",
        "displayName",
        "version",
        "description",
        "keywords",
        "homepage",
        "license",
        "attribution",
        "repository",
        "logoUrl",
        "publisher",
        "namespace",
        "pluginDownloadURL",
        "meta",
        "config",
        "provider",
        "types",
        "resources",
        "functions",
        "language",
        "allowedPackageNames",
        "dependencies",
        "parameterization",
        "extensionParameterization",
    ]
)
_PROPERTY_KEYS = frozenset(
    [
        "type",
        "$ref",
        "items",
        "additionalProperties",
        "oneOf",
        "discriminator",
        "plain",
        "description",
        "const",
        "default",
        "defaultInfo",
        "secret",
        "replaceOnChanges",
        "willReplaceOnChanges",
        "deprecationMessage",
        "language",
    ]
)
_RESOURCE_KEYS = frozenset(
    [
        "description",
        "type",
        "properties",
        "required",
        "plain",
        "language",
        "isOverlay",
        "overlaySupportedLanguages",
        "inputProperties",
        "requiredInputs",
        "plainInputs",
        "stateInputs",
        "listInputs",
        "aliases",
        "deprecationMessage",
        "isComponent",
        "methods",
        "enum",
    ]
)
_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9_]*")
_TOKEN = re.compile(r"[a-zA-Z][-a-zA-Z0-9_]*:([^0-9][a-zA-Z0-9._/-]*)?:[^0-9][a-zA-Z0-9._/]*")
_SEMVER = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")
_TYPES = frozenset({"string", "boolean", "number", "integer", "array", "object"})
_ENUMS = frozenset({"string", "boolean", "number", "integer"})
_BUILT_IN = ("pulumi.json#/", "/")
_DEFAULTS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
_INT32 = 2**31


def violations(document: Mapping[str, Any]) -> list[str]:
    """Return all that is wrong with a schema."""
    return list(_package(document))


def _package(document: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"the package holds {key!r}" for key in document.keys() - _PACKAGE_KEYS)
    name, version = document.get("name"), document.get("version")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"the package's name is {name!r}"
    if version is not None and not _SEMVER.fullmatch(str(version)):
        yield f"the version {version!r} is no semantic version"
    types = document.get("types", {})
    settings = document.get("config", {}).get("variables", {})
    yield from _properties("config", settings, types)
    yield from (f"config: the setting {each!r} is reserved" for each in settings.keys() & {"version", "pulumi"})
    yield from _required("config", document.get("config", {}).get("defaults", []), settings)
    yield from _object("provider", document.get("provider", {}), types)
    for token, each in types.items():
        yield from _token("types", token)
        yield from _enum(token, each) if "enum" in each else _object(token, each, types)
    for token, each in document.get("resources", {}).items():
        yield from _token("resources", token)
        yield from (f"{token} holds {key!r}" for key in each.keys() - _RESOURCE_KEYS)
        yield from _object(token, each, types)
    for token, each in document.get("functions", {}).items():
        yield from _token("functions", token)
        for part in ("inputs", "outputs"):
            yield from _object(f"{token} {part}", each.get(part) or {}, types)


def _token(section: str, token: str) -> Iterator[str]:
    if not _TOKEN.fullmatch(token):
        yield f"{section}: {token!r} is no token"
    if token.rpartition(":")[2] == "pulumi":
        yield f"{section}: the name of {token!r} is reserved"


def _object(where: str, of: Mapping[str, Any], types: Mapping[str, Any]) -> Iterator[str]:
    pairs = (("properties", "required"), ("inputProperties", "requiredInputs"))
    for properties, required in pairs:
        yield from _properties(f"{where}.{properties}", of.get(properties, {}), types)
        yield from _required(f"{where}.{required}", of.get(required, []), of.get(properties, {}))
    for part in ("stateInputs", "listInputs"):
        inner = of.get(part) or {}
        yield from _properties(f"{where}.{part}", inner.get("properties", {}), types)
        yield from _required(f"{where}.{part}", inner.get("required", []), inner.get("properties", {}))
    if "id" in (of.get("stateInputs") or {}).get("properties", {}):
        yield f"{where}.stateInputs holds id"
    if "inputProperties" in of:
        yield from (f"{where}: the property {name!r} is reserved" for name in of["inputProperties"].keys() & {"urn"})


def _required(where: str, names: list[str], properties: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{where}: {name!r} is required and no property" for name in names if name not in properties)


def _properties(where: str, properties: Mapping[str, Any], types: Mapping[str, Any]) -> Iterator[str]:
    for name, each in properties.items():
        if name == "pulumi":
            yield f"{where}: the name 'pulumi' is reserved"
        yield from (f"{where}.{name} holds {key!r}" for key in each.keys() - _PROPERTY_KEYS)
        yield from _type(f"{where}.{name}", each, types)
        yield from _default(f"{where}.{name}", each)


def _type(where: str, of: Mapping[str, Any], types: Mapping[str, Any]) -> Iterator[str]:
    reference, kind = of.get("$ref"), of.get("type")
    if reference is None and kind is None and "oneOf" not in of:
        yield f"{where} has no type"
    # Beside a reference the type is ignored.
    if kind is not None and kind not in _TYPES and reference is None:
        yield f"{where} is of type {kind!r}"
    if isinstance(reference, str):
        yield from _reference(where, reference, types)
    if kind == "array" and "items" not in of:
        yield f"{where} is an array without items"
    for part in ("items", "additionalProperties"):
        if isinstance(of.get(part), Mapping):
            yield from _type(f"{where}.{part}", of[part], types)
    for index, each in enumerate(of.get("oneOf", [])):
        yield from _type(f"{where}.oneOf[{index}]", each, types)


def _reference(where: str, reference: str, types: Mapping[str, Any]) -> Iterator[str]:
    local = reference.removeprefix("#/types/")
    if local != reference and local.replace("%2F", "/") not in types and local not in types:
        yield f"{where} refers to {reference!r}, which is not there"
    if local == reference and not reference.startswith(("#/resources/", "#/provider", *_BUILT_IN)):
        yield f"{where} refers to {reference!r}, which is no reference"


def _default(where: str, of: Mapping[str, Any]) -> Iterator[str]:
    default: Any = of.get("default")
    kind = str(of.get("type"))
    if default is None or kind not in _DEFAULTS:
        return
    fits = isinstance(default, _DEFAULTS[kind]) and isinstance(default, bool) == (kind == "boolean")
    if not fits:
        yield f"{where} is of type {kind} and has the default {default!r}"
    elif kind == "integer" and not -_INT32 <= default < _INT32:
        yield f"{where} has the default {default}, which is no 32-bit integer"
    environment = of.get("defaultInfo", {}).get("environment")
    if environment is not None and not environment:
        yield f"{where} has a defaultInfo without environment variables"


def _enum(token: str, of: Mapping[str, Any]) -> Iterator[str]:
    kind = of.get("type")
    if kind not in _ENUMS:
        yield f"{token} is an enum of type {kind!r}"
    values = [each.get("value") for each in of["enum"]]
    if not values:
        yield f"{token} is an enum without values"
    if len(set(map(repr, values))) != len(values):
        yield f"{token} has a value twice"
