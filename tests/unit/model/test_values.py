"""Laws of trees and paths. Knows no declaration."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.model.values import (
    UNKNOWN,
    Path,
    Value,
    empty,
    has_unknown,
    leaves,
    render,
    without_nulls,
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a.b"),
        (("a", 0, "b"), "a[0].b"),
        (("a", 0, 1), "a[0][1]"),
        (("a", "b.c"), 'a["b.c"]'),
        (("a", "b c", "d"), 'a["b c"].d'),
        (("a", 'say "x"'), 'a["say \\"x\\""]'),
        (("a", "back\\slash"), 'a["back\\\\slash"]'),
        (("a", ""), 'a[""]'),
        (("a", "0"), 'a["0"]'),
        (("a.b",), '["a.b"]'),
    ],
)
def test_a_path_is_spelled_as_pulumi_spells_it(path: Path, text: str) -> None:
    assert render(path) == text


STEP = re.compile(r'\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')


def parse(text: str) -> Path:
    """Read a path as Pulumi's own parser does."""
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        found = STEP.match(text, at)
        assert found, text[at:]
        plain, index, quoted = found.groups()
        steps.append(plain if plain else int(index) if index else re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    return tuple(steps)


steps = st.one_of(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=8), st.integers(0, 99))


@given(st.lists(steps, max_size=6).map(tuple))
def test_a_path_can_be_read_back(path: Path) -> None:
    assert parse(render(path)) == path


@pytest.mark.parametrize("value", [None, "", 0, 0.0, False, [], {}, {"a": None}, {"a": {"b": ""}}, {"a": []}])
def test_a_value_that_says_nothing_is_empty(value: Value) -> None:
    assert empty(value)


@pytest.mark.parametrize("value", ["x", " ", 1, True, [0], [None], [""], {"a": 1}, {"a": {"b": [0]}}, UNKNOWN])
def test_a_value_that_says_something_is_not_empty(value: Value) -> None:
    assert not empty(value)


def test_the_leaves_of_a_tree_come_with_their_paths() -> None:
    tree = {"a": 1, "b": [2, {"c": 3}], "d": {"e": None}}
    assert dict(leaves(tree)) == {("a",): 1, ("b", 0): 2, ("b", 1, "c"): 3, ("d", "e"): None}


@pytest.mark.parametrize(
    ("value", "known"),
    [(1, True), (UNKNOWN, False), ([1, UNKNOWN], False), ({"a": [{"b": UNKNOWN}]}, False), ({"a": [{"b": 1}]}, True)],
)
def test_one_unknown_leaf_makes_the_whole_unknown(value: Value, known: bool) -> None:
    assert has_unknown(value) is not known


def test_null_and_absent_are_one_thing_in_objects_but_not_in_lists() -> None:
    given = {"a": None, "b": {"c": None, "d": 1}, "e": [None, {"f": None}]}
    assert without_nulls(given) == {"b": {"d": 1}, "e": [None, {}]}


trees = st.recursive(
    st.one_of(st.none(), st.text(max_size=3), st.integers(), st.just(UNKNOWN)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)


@given(trees)
def test_dropping_twice_is_dropping_once(tree: Value) -> None:
    assert without_nulls(without_nulls(tree)) == without_nulls(tree)


@given(trees)
def test_a_tree_is_unknown_if_and_only_if_one_of_its_leaves_is(tree: Value) -> None:
    assert has_unknown(tree) is ("UNKNOWN" in repr(tree))


def test_the_unknown_is_one_of_its_kind() -> None:
    assert repr(UNKNOWN) == "UNKNOWN"
    assert not isinstance(UNKNOWN, str)
