"""Laws of the codec: what comes over the wire means what was sent. Knows Pulumi's special values; no resource."""

from __future__ import annotations

import math

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.hosts.codec import Decoded, decode, encode
from mlworkbench.model.values import UNKNOWN, Path, Tree, Value

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWNS = {
    "string": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "bool": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "number": "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "array": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "asset": "030794c1-ac77-496b-92df-f27374a8bd58",
    "archive": "e48ece36-62e2-4504-bad9-02848725956a",
    "object": "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}


def struct(tree: Tree) -> Struct:
    return ParseDict(tree, Struct())


def plain(message: Struct) -> Tree:
    found: Tree = MessageToDict(message)
    return found


def secret(value: Value) -> Tree:
    return {SIGNATURE: SECRET, "value": value}


texts = st.text(st.characters(codec="utf-8"), max_size=10)
# A number on the wire is a double: whole numbers are exact up to 2**53.
leaves = st.one_of(texts, st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.just(UNKNOWN))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)
trees = st.dictionaries(texts, values, max_size=5)


@given(trees)
def test_a_tree_comes_back_as_it_was_sent(tree: Tree) -> None:
    back = decode(encode(tree))
    assert back.tree == tree
    assert back.secrets == frozenset()


@given(trees)
def test_a_whole_number_is_an_int_and_a_truth_value_stays_one(tree: Tree) -> None:
    for name, value in decode(encode(tree)).tree.items():
        if isinstance(tree[name], bool):
            assert value is tree[name]
        elif isinstance(value, float):
            assert not value.is_integer()


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e300, 0.1, -0.0, 2**53])
def test_a_number_of_any_size_comes_back(value: float) -> None:
    assert decode(encode({"a": value})).tree == {"a": value}


@given(trees)
def test_sending_does_not_change_what_is_sent(tree: Tree) -> None:
    before = repr(tree)
    encode(tree, [(name,) for name in tree])
    assert repr(tree) == before


@given(trees, st.data())
def test_a_secret_comes_back_as_one_with_its_value(tree: Tree, data: st.DataObject) -> None:
    hidden = {(name,) for name in tree if data.draw(st.booleans())}
    back = decode(encode(tree, hidden))
    assert back.tree == tree
    assert back.secrets == hidden


@pytest.mark.parametrize("sentinel", UNKNOWNS.values(), ids=UNKNOWNS.keys())
def test_every_sentinel_is_the_unknown_wherever_it_stands(sentinel: str) -> None:
    tree = {"a": sentinel, "b": [sentinel, 1], "c": {"d": sentinel}, "e": secret(sentinel)}
    back = decode(struct(tree))
    assert back.tree == {"a": UNKNOWN, "b": [UNKNOWN, 1], "c": {"d": UNKNOWN}, "e": UNKNOWN}
    assert back.secrets == {("e",)}


def test_the_unknown_is_sent_as_the_sentinel_of_a_text() -> None:
    tree = {"a": UNKNOWN, "b": [UNKNOWN], "c": {"d": UNKNOWN}}
    sentinel = UNKNOWNS["string"]
    assert plain(encode(tree)) == {"a": sentinel, "b": [sentinel], "c": {"d": sentinel}}


def test_null_is_absent_in_objects_and_stays_in_lists() -> None:
    assert plain(encode({"a": None, "b": {"c": None, "d": 1}, "e": [None, 1]})) == {"b": {"d": 1.0}, "e": [None, 1.0]}
    assert decode(struct({"a": None, "b": [None]})).tree == {"a": None, "b": [None]}


@pytest.mark.parametrize(
    ("tree", "clear", "secrets"),
    [
        ({"a": secret("x")}, {"a": "x"}, {("a",)}),
        ({"a": {"b": secret("x")}}, {"a": {"b": "x"}}, {("a", "b")}),
        ({"a": secret({"b": "x"})}, {"a": {"b": "x"}}, {("a",)}),
        ({"a": secret({"b": secret("x")})}, {"a": {"b": "x"}}, {("a",), ("a", "b")}),
        ({"a": secret(secret("x"))}, {"a": "x"}, {("a",)}),
        ({"a": [secret("x"), "y"]}, {"a": ["x", "y"]}, {("a",)}),
        ({"a": [{"b": secret("x")}]}, {"a": [{"b": "x"}]}, {("a",)}),
        ({"a": {"b": [{"c": secret("x")}]}}, {"a": {"b": [{"c": "x"}]}}, {("a", "b")}),
        ({"a": secret(None)}, {"a": None}, {("a",)}),
        ({"a": secret([1, 2])}, {"a": [1, 2]}, {("a",)}),
        ({"a": secret(False)}, {"a": False}, {("a",)}),
    ],
)
def test_a_secret_is_unwrapped_and_its_place_kept(tree: Tree, clear: Tree, secrets: set[Path]) -> None:
    back = decode(struct(tree))
    assert back.tree == clear
    assert back.secrets == frozenset(secrets)


@pytest.mark.parametrize(
    ("value", "clear", "places"),
    [
        ({SIGNATURE: OUTPUT, "value": "x"}, "x", []),
        ({SIGNATURE: OUTPUT, "value": "x", "secret": True}, "x", [("a",)]),
        ({SIGNATURE: OUTPUT, "value": "x", "secret": False}, "x", []),
        ({SIGNATURE: OUTPUT, "value": "x", "dependencies": ["urn"]}, "x", []),
        ({SIGNATURE: OUTPUT}, UNKNOWN, []),
        ({SIGNATURE: OUTPUT, "secret": True}, UNKNOWN, [("a",)]),
        ({SIGNATURE: OUTPUT, "value": {"b": secret("x")}}, {"b": "x"}, [("a", "b")]),
        ({SIGNATURE: OUTPUT, "value": None}, None, []),
    ],
)
def test_an_output_value_is_its_value_or_unknown(value: Tree, clear: Value, places: list[Path]) -> None:
    back = decode(struct({"a": value}))
    assert back.tree == {"a": clear}
    assert back.secrets == frozenset(places)


@pytest.mark.parametrize(
    ("tree", "secrets", "sent"),
    [
        ({"a": "x"}, {("a",)}, {"a": secret("x")}),
        ({"a": {"b": "x", "c": 1}}, {("a", "b")}, {"a": {"b": secret("x"), "c": 1}}),
        ({"a": {"b": "x"}}, {("a",)}, {"a": secret({"b": "x"})}),
        ({"a": {"b": "x"}}, {("a",), ("a", "b")}, {"a": secret({"b": secret("x")})}),
        ({"a": ["x"]}, {("a", 0)}, {"a": secret(["x"])}),
        ({"a": UNKNOWN}, {("a",)}, {"a": secret(UNKNOWNS["string"])}),
        ({"a": "x"}, {("a", "b")}, {"a": secret("x")}),
        ({"a": {"c": "x"}}, {("a", "b")}, {"a": secret({"c": "x"})}),
        ({"a": "x"}, {("b",)}, {"a": "x"}),
        ({"a": None}, {("a",)}, {}),
    ],
)
def test_a_secret_is_sent_wrapped_even_if_its_value_has_changed_shape(
    tree: Tree, secrets: set[Path], sent: Tree
) -> None:
    assert encode(tree, secrets) == struct(sent)


def test_an_object_that_only_looks_special_is_an_object() -> None:
    tree = {"a": {SIGNATURE: "something else", "value": 1}, "b": {"value": 1, "secret": True}}
    back = decode(struct(tree))
    assert (back.tree, back.secrets) == (tree, frozenset())


def test_a_value_without_a_form_on_the_wire_is_refused_by_its_place() -> None:
    with pytest.raises(TypeError, match=r"bytes at \('a', 'b'\)"):
        encode({"a": {"b": b"x"}})


@pytest.mark.parametrize(
    ("asked", "told", "still"),
    [
        ({}, {"note": "old"}, True),
        ({"note": "new"}, {"note": "old"}, True),
        ({"note": "new"}, {"note": "new"}, False),
        ({"note": "old"}, {"note": "old"}, False),
        ({}, {}, False),
    ],
    ids=["taken out", "not changed yet", "changed", "no secret any more", "gone"],
)
def test_an_old_secret_is_one_until_it_is_what_the_program_tells(asked: Tree, told: Tree, still: bool) -> None:
    old = Decoded({"note": "old"}, frozenset({("note",)}))
    assert bool(old.still_secret(asked, told).secrets) is still
