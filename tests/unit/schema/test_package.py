"""Laws of the package schema: everything that is declared is in it, described. Knows the declarations; no engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mlworkbench import __version__
from mlworkbench.hosts.document import schema, schema_text
from mlworkbench.lifecycle.resource import Resource
from mlworkbench.model.policy import (
    Choice,
    Computed,
    Keyed,
    Many,
    Nested,
    Policy,
    Primitive,
    Replace,
    Secret,
    Shape,
    policies,
)
from mlworkbench.resources import registry
from mlworkbench.schema.shapes import Types, enum_docs, module_of, sentence
from tests.unit.model.declarations import ASKED, Colour, ThingInputs

SCHEMA = schema()
# The patterns of Pulumi's own meta-schema, codegen/schema/pulumi.json.
TYPE_TOKEN = re.compile(r"[a-zA-Z][-a-zA-Z0-9_]*:([^0-9][a-zA-Z0-9._/-]*)?:[^0-9][a-zA-Z0-9._/]*")
NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9_]*")

KINDS = [
    pytest.param(kind, SCHEMA["resources"][f"mlworkbench:{token}"], id=token) for token, kind in registry().items()
]


def nested(shape: Shape) -> Iterator[Nested]:
    match shape:
        case Nested():
            yield shape
            for policy in shape.children.values():
                yield from nested(policy.shape)
        case Many(item) | Keyed(item):
            yield from nested(item)


def choices(spec: Mapping[str, Policy]) -> Iterator[Choice]:
    for policy in spec.values():
        shape = policy.shape
        while isinstance(shape, Many | Keyed):
            shape = shape.item
        if isinstance(shape, Choice):
            yield shape
        if isinstance(shape, Nested):
            yield from choices(shape.children)


def test_the_schema_is_complete_without_a_null_anywhere() -> None:
    assert SCHEMA["name"] == "mlworkbench"
    assert SCHEMA["version"] == __version__
    assert "null" not in schema_text()
    assert schema_text().endswith("}\n")


@pytest.mark.parametrize("token", [*SCHEMA["resources"], *SCHEMA["types"]])
def test_every_token_is_one_that_pulumi_accepts(token: str) -> None:
    assert TYPE_TOKEN.fullmatch(token)
    assert token.startswith("mlworkbench:")


def test_the_resources_have_the_tokens_that_users_write() -> None:
    assert set(SCHEMA["resources"]) == {
        "mlworkbench:pai:Tensorboard",
        "mlworkbench:modelarts:VisualizationJob",
        "mlworkbench:modelarts:Image",
    }


def described(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every property, type and enum value with its description."""
    for part in ("properties", "inputProperties", "variables", "types", "resources"):
        for name, inner in node.get(part, {}).items():
            yield f"{at}{part}.{name}", inner.get("description", "")
            yield from described(inner, f"{at}{part}.{name}.")
    for value in node.get("enum", []):
        yield f"{at}enum.{value['value']}", value.get("description", "")
    for part in ("config", "provider"):
        if part in node:
            yield from described(node[part], f"{at}{part}.")


@pytest.mark.parametrize(("place", "text"), [pytest.param(*each, id=each[0]) for each in described(SCHEMA)])
def test_everything_is_described_in_sentences_on_one_line(place: str, text: str) -> None:
    assert text, place
    assert text.rstrip().endswith((".", "`.", "…", ")")), text
    assert "  " not in text
    assert all("\n" not in paragraph for paragraph in text.split("\n\n"))


@pytest.mark.parametrize(("kind", "resource"), KINDS)
def test_every_policy_is_in_the_schema(kind: type[Resource[Any, Any]], resource: dict[str, Any]) -> None:
    assert list(resource["inputProperties"]) == list(kind.input_policies())
    assert list(resource["properties"]) == list(kind.output_policies())
    for name, policy in kind.output_policies().items():
        written = resource["properties"][name]
        assert written.get("secret", False) is (Secret in policy)
        assert written.get("willReplaceOnChanges", False) is (Replace in policy)
        if name in kind.input_policies():
            assert resource["inputProperties"][name] == written


@pytest.mark.parametrize(("kind", "resource"), KINDS)
def test_what_is_required_is_said_to_be(kind: type[Resource[Any, Any]], resource: dict[str, Any]) -> None:
    required = {name for name, policy in kind.input_policies().items() if policy.required}
    assert set(resource["requiredInputs"]) == required
    assert required <= set(resource["required"])
    assert kind.id_output in resource["required"]
    computed = {name for name, policy in kind.output_policies().items() if Computed in policy}
    assert not computed & set(resource["inputProperties"])


@pytest.mark.parametrize(("kind", "resource"), KINDS)
def test_every_object_and_every_choice_is_a_type_of_the_schema(
    kind: type[Resource[Any, Any]], resource: dict[str, Any]
) -> None:
    spec = kind.input_policies()
    for shape in (each for policy in spec.values() for each in nested(policy.shape)):
        written = SCHEMA["types"][f"mlworkbench:{module_of(shape.model)}:{shape.model.__name__}"]
        assert set(written["properties"]) == set(policies(shape.model))
    for choice in choices(spec):
        written = SCHEMA["types"][f"mlworkbench:{module_of(choice.enum)}:{choice.enum.__name__}"]
        assert [value["value"] for value in written["enum"]] == [member.value for member in choice.enum]


def test_the_order_of_what_has_none_is_that_of_the_alphabet() -> None:
    assert list(SCHEMA["types"]) == sorted(SCHEMA["types"])
    assert list(SCHEMA["resources"]) == sorted(SCHEMA["resources"])
    for resource in SCHEMA["resources"].values():
        assert resource["requiredInputs"] == sorted(resource["requiredInputs"])
        assert resource["required"] == sorted(resource["required"])


def test_every_language_takes_the_version_from_the_schema() -> None:
    assert SCHEMA["meta"]["supportPack"] is True
    told = {name for name, facts in SCHEMA["language"].items() if facts.get("respectSchemaVersion") is True}
    assert told == {"nodejs", "python", "go", "csharp"}


def test_every_language_of_pulumi_has_its_names() -> None:
    assert {name: names_in(facts) for name, facts in SCHEMA["language"].items()} == {
        "nodejs": ["@mlworkbench/pulumi-mlworkbench"],
        "python": ["pulumi_mlworkbench"],
        "go": ["github.com/mlworkbench/pulumi-mlworkbench/sdk/go/mlworkbench"],
        "csharp": ["MLWorkbench"],
        "java": ["io.github.mlworkbench"],
    }


def names_in(facts: Mapping[str, Any]) -> list[str]:
    return [facts[key] for key in ("packageName", "importBasePath", "rootNamespace", "basePackage") if key in facts]


@pytest.mark.parametrize("language", ["nodejs", "python"])
def test_a_readme_names_every_resource_and_the_plugin(language: str) -> None:
    readme = SCHEMA["language"][language]["readme"]
    assert [token for token in SCHEMA["resources"] if f"| `{token.replace(':', '.')}` | " not in readme] == []
    assert f"pulumi plugin install resource mlworkbench {__version__} --file " in readme


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_reference_leads_to_a_type_and_every_type_is_referred_to() -> None:
    assert {reference.removeprefix("#/types/") for reference in references(SCHEMA)} == set(SCHEMA["types"])


def test_names_of_enum_values_are_names_in_every_language() -> None:
    for kind in SCHEMA["types"].values():
        names = [value["name"] for value in kind.get("enum", [])]
        assert all(NAME.fullmatch(name) for name in names)
        assert len(set(names)) == len(names)


def test_the_secrets_of_the_configuration_are_marked() -> None:
    for settings in (SCHEMA["config"]["variables"], SCHEMA["provider"]["inputProperties"]):
        assert {name for name, setting in settings.items() if setting.get("secret")} == {
            "paiAccessKeyId",
            "paiAccessKeySecret",
            "paiSecurityToken",
            "modelartsAccessKey",
            "modelartsSecretKey",
            "modelartsSecurityToken",
            "modelartsToken",
            "modelartsPassword",
            "proxy",
        }


def test_the_configuration_has_the_keys_that_users_were_promised() -> None:
    promised = {
        *("paiRegion", "paiEndpoint", "paiNetwork", "paiWorkspaceId", "paiAccessKeyId", "paiAccessKeySecret"),
        *("paiSecurityToken", "paiProfile", "modelartsCloud", "modelartsRegion", "modelartsProjectId"),
        *("modelartsProjectName", "modelartsEndpoint", "modelartsIamEndpoint", "modelartsAccessKey"),
        *("modelartsSecretKey", "modelartsSecurityToken", "modelartsToken", "modelartsUserName", "modelartsPassword"),
        *("modelartsDomainName", "modelartsProfile", "maxRetries", "requestTimeoutSeconds", "caBundle", "allowHttp"),
        *("modelartsSigning", "proxy"),
    }
    assert promised <= set(SCHEMA["config"]["variables"])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("size", {"type": "integer"}),
        ("note", {"type": "string"}),
        ("ratio", {"type": "number"}),
        ("enabled", {"type": "boolean"}),
        ("words", {"type": "array", "items": {"type": "string"}}),
        ("labels", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("colour", {"$ref": "#/types/pkg:index:Colour"}),
        ("colours", {"type": "array", "items": {"$ref": "#/types/pkg:index:Colour"}}),
        ("box", {"$ref": "#/types/pkg:index:Box"}),
        ("boxes", {"type": "object", "additionalProperties": {"$ref": "#/types/pkg:index:Box"}}),
    ],
)
def test_a_shape_is_written_as(name: str, written: dict[str, Any]) -> None:
    described = {"description": ASKED[name].description}
    assert Types("pkg").property(ASKED[name]) == written | described


def test_marks_are_written_as_pulumi_knows_them() -> None:
    types = Types("pkg")
    assert types.property(ASKED["password"])["secret"] is True
    assert types.property(ASKED["region"])["willReplaceOnChanges"] is True
    assert ASKED["size"].shape == Primitive("integer")


def test_a_type_is_collected_once_with_all_that_it_refers_to() -> None:
    types = Types("pkg")
    types.properties(ThingInputs)
    assert set(types.found) == {f"pkg:index:{name}" for name in ("Box", "Mount", "Disk", "Colour")}
    assert types.found["pkg:index:Disk"]["required"] == ["sizeGb"]
    assert types.found["pkg:index:Colour"]["enum"] == [
        {"name": "DarkRed", "value": "DARK_RED", "description": "Dark red."},
        {"name": "Blue", "value": "BLUE", "description": "Blue."},
    ]


def test_the_text_below_an_enum_value_is_its_description() -> None:
    assert enum_docs(Colour) == {"DARK_RED": "Dark red.", "BLUE": "Blue."}


def test_a_docstring_becomes_one_line_per_paragraph() -> None:
    assert sentence("One\n    two.\n\n    Three\n    four.\n    ") == "One two.\n\nThree four."
