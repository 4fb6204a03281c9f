"""Laws of the kit's own reading and writing: values, specs, schemas. Know no provider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto

from pulumi_provider_conformance.judging import check_difference, mismatches, roots, steps
from pulumi_provider_conformance.law import Broken
from pulumi_provider_conformance.laws import LAWS
from pulumi_provider_conformance.package import Package
from pulumi_provider_conformance.schema_rules import violations
from pulumi_provider_conformance.spec import SpecError, filled
from pulumi_provider_conformance.spec_file import load
from pulumi_provider_conformance.values import (
    SENTINELS,
    UNKNOWN,
    Secret,
    Tree,
    alike,
    at,
    decode,
    encode,
    leaves,
    plain,
    rendered,
    replaced,
    secret_paths,
    unknown_paths,
)

EXAMPLE = Path(__file__).parents[1] / "examples" / "mlworkbench.yaml"
TREE: Tree = {
    "text": "a",
    "number": 1.5,
    "truth": True,
    "nothing": None,
    "unknown": UNKNOWN,
    "list": ["x", {"inner": Secret("y")}],
    "secret": Secret({"deep": [1.0]}),
}


def test_what_is_written_is_read_back() -> None:
    assert decode(encode(TREE)) == TREE


@pytest.mark.parametrize("sentinel", SENTINELS.values())
def test_every_sentinel_is_read_as_an_unknown(sentinel: str) -> None:
    assert decode(encode({"a": [sentinel]})) == {"a": [UNKNOWN]}


def test_an_output_value_is_read_as_what_it_holds() -> None:
    signature = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
    struct = Struct()
    struct.update({"a": {**signature, "value": "x", "secret": True}, "b": signature})
    assert decode(struct) == {"a": Secret("x"), "b": UNKNOWN}


def test_places_are_found_through_secrets_and_lists() -> None:
    assert at(TREE, ("list", 1, "inner")) == "y"
    assert at(TREE, ("secret", "deep", 0)) == 1
    assert at(TREE, ("list", 7)) is None
    assert unknown_paths(TREE) == [("unknown",)]
    assert secret_paths(TREE) == [("list", 1, "inner"), ("secret",)]
    assert rendered(("list", 1, "inner")) == "list[1].inner"


def test_every_leaf_can_be_changed_alone() -> None:
    for path, _ in leaves(TREE):
        changed = replaced(TREE, path, lambda value: "changed")
        assert at(changed, path) == "changed"
        others = [other for other, _ in leaves(TREE) if other != path]
        assert all(at(changed, other) == at(TREE, other) for other in others)


@pytest.mark.parametrize(("one", "other"), [("", None), ([], None), (Secret("x"), "x"), ({"a": None}, {})])
def test_what_means_the_same_is_alike(one: Any, other: Any) -> None:
    assert alike(one, other)
    assert not alike(one, "other")
    assert plain(Secret([Secret("x")])) == ["x"]


@pytest.mark.parametrize(
    ("path", "read"),
    [("a", ["a"]), ("a.b[0].c", ["a", "b", "0", "c"]), ('a["b.c"]', ["a", "b.c"]), ("a[", []), ("", [])],
)
def test_property_paths_are_read(path: str, read: list[str]) -> None:
    assert steps(path) == read


def test_roots_are_top_level_properties() -> None:
    assert roots(["a.b", "a[0]", "c"]) == {"a", "c"}


KIND = proto.PropertyDiff
DIFFERENCES = {
    "none with diffs": {"changes": 1, "diffs": ["a"]},
    "none that replaces": {"changes": 1, "replaces": ["a"]},
    "duplicates": {"changes": 2, "diffs": ["a", "a"]},
    "replaces without diffs": {"changes": 2, "diffs": ["a"], "replaces": ["b"]},
    "details of others": {"changes": 2, "diffs": ["a"], "hasDetailedDiff": True, "detailedDiff": {"b": KIND()}},
    "details that lack one": {
        "changes": 2,
        "diffs": ["a", "b"],
        "hasDetailedDiff": True,
        "detailedDiff": {"a": KIND(kind=KIND.UPDATE)},
    },
    "details that replace alone": {
        "changes": 2,
        "diffs": ["a"],
        "hasDetailedDiff": True,
        "detailedDiff": {"a.b": KIND(kind=KIND.UPDATE_REPLACE)},
    },
}


@pytest.mark.parametrize("parts", DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_a_diff_that_contradicts_itself_is_broken(parts: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        check_difference(proto.DiffResponse(**parts))


def test_a_diff_that_agrees_with_itself_holds() -> None:
    detailed = {"a.b": KIND(kind=KIND.UPDATE_REPLACE), "c": KIND(kind=KIND.ADD)}
    check_difference(
        proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME,
            diffs=["a", "c"],
            replaces=["a"],
            deleteBeforeReplace=True,
            hasDetailedDiff=True,
            detailedDiff=detailed,
        )
    )
    check_difference(proto.DiffResponse(changes=proto.DiffResponse.DIFF_NONE))


SCHEMA: dict[str, Any] = {
    "name": "pkg",
    "version": "1.0.0",
    "types": {
        "pkg:m:Size": {"type": "string", "enum": [{"value": "s"}, {"value": "l"}]},
        "pkg:m:Inner": {"type": "object", "properties": {"count": {"type": "integer", "default": 1}}},
    },
    "resources": {
        "pkg:m:Thing": {
            "properties": {
                "size": {"$ref": "#/types/pkg:m:Size"},
                "inner": {"type": "array", "items": {"$ref": "#/types/pkg:m:Inner"}},
            },
            "required": ["size"],
        }
    },
}


def test_a_schema_that_keeps_the_rules_has_no_violations() -> None:
    assert violations(SCHEMA) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "9x"},
        {"surplus": 1},
        {"version": "one"},
        {"resources": {"Thing": {}}},
        {"resources": {"pkg:m:Thing": {"required": ["x"]}}},
        {"resources": {"pkg:m:Thing": {"properties": {"a": {"type": "text"}}}}},
        {"resources": {"pkg:m:Thing": {"properties": {"a": {"$ref": "#/types/pkg:m:None"}}}}},
        {"resources": {"pkg:m:Thing": {"properties": {"a": {"type": "array"}}}}},
        {"resources": {"pkg:m:Thing": {"properties": {"pulumi": {"type": "string"}}}}},
        {"resources": {"pkg:m:Thing": {"properties": {"a": {"type": "integer", "default": 2**40}}}}},
        {"resources": {"pkg:m:Thing": {"properties": {"a": {"type": "boolean", "default": "no"}}}}},
        {"types": {"pkg:m:Size": {"type": "string", "enum": []}}},
        {"types": {"pkg:m:Size": {"type": "object", "enum": [{"value": 1}]}}},
        {"config": {"variables": {"version": {"type": "string"}}}},
    ],
    ids=str,
)
def test_each_broken_rule_of_a_schema_is_found(broken: dict[str, Any]) -> None:
    assert violations({"name": "pkg", **broken}) != []


@pytest.mark.parametrize(
    "values",
    [{"size": 1.0}, {"other": "x"}, {"inner": "x"}, {"inner": [{"count": "x"}]}, {"inner": [{"no": 1.0}]}],
    ids=str,
)
def test_values_that_do_not_fit_the_schema_are_found(values: Tree) -> None:
    package = Package(SCHEMA)
    assert mismatches(package, package.outputs("pkg:m:Thing"), values) != []


def test_values_that_fit_the_schema_are_let_through() -> None:
    package = Package(SCHEMA)
    values: Tree = {"size": Secret("s"), "inner": [{"count": 2.0}, UNKNOWN], "__internal": 1}
    assert mismatches(package, package.outputs("pkg:m:Thing"), values) == []


def test_placeholders_are_filled_at_any_depth_and_unknown_ones_stay() -> None:
    assert filled({"a": ["${X}/${Y}"]}, {"X": "1"}) == {"a": ["1/${Y}"]}


def test_the_example_can_be_read() -> None:
    assert [each.type.rpartition(":")[2] for each in load(EXAMPLE).resources] == [
        "Tensorboard",
        "VisualizationJob",
        "Image",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "must be a mapping"),
        ("command: [x]", "lacks 'name'"),
        ("{name: x, resource: []}", "'resource'"),
        ("{name: x, command: y}", "'command' must be of type list"),
        ("{name: x, resources: [{inputs: {}}]}", "resources[0] lacks 'type'"),
        ("{name: x, effects: {http: GET}}", "METHOD URL"),
        ("{name: x, effects: {http: GET x, shell: y}}", "either"),
        ("{name: x, resources: [{type: t, slow: {}}]}", "lacks 'before'"),
        ("{name: [", "is no YAML"),
    ],
)
def test_a_spec_that_makes_no_sense_is_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(SpecError) as refused:
        load(file)
    assert told in str(refused.value)


def test_every_law_has_a_name_of_its_own_and_says_all_that_an_author_needs() -> None:
    assert len({law.name for law in LAWS}) == len(LAWS)
    for law in LAWS:
        assert law.promise.endswith("."), law.name
        assert law.advice.endswith("."), law.name
        assert law.reference, law.name
