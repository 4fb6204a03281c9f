"""Laws of diff: what differs, where, and whether it replaces. Knows no state and no cloud."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.model.diff import Change, Kind, diff, stays_unique
from mlworkbench.model.policy import Computed, Replace, ServerDefault
from mlworkbench.model.values import UNKNOWN, Tree
from tests.unit.model.declarations import ASKED, TOLD
from tests.unit.model.strategies import inputs


def changes(old: Tree, new: Tree) -> list[str]:
    return [str(change) for change in diff(ASKED, old, new)]


@given(inputs)
def test_nothing_differs_from_itself(same: Tree) -> None:
    assert diff(ASKED, same, same) == []


@given(inputs, inputs)
def test_what_is_added_one_way_is_deleted_the_other_way(one: Tree, other: Tree) -> None:
    there = {change.path for change in diff(ASKED, one, other) if change.kind is Kind.ADD}
    back = {change.path for change in diff(ASKED, other, one) if change.kind is Kind.DELETE}
    left_to_the_cloud = {"zones", "disk", "path", "relativePath", "fullPath"}
    assert {path for path in there - back if not left_to_the_cloud & set(path)} == set()


@given(inputs, inputs)
def test_a_change_names_a_property_and_replaces_if_that_says_so(one: Tree, other: Tree) -> None:
    for change in diff(ASKED, one, other):
        assert change.property in ASKED
        if Replace in ASKED[change.property]:
            assert change.replace


@given(inputs, inputs)
def test_only_properties_whose_value_changed_are_named(one: Tree, other: Tree) -> None:
    for change in diff(ASKED, one, other):
        assert one.get(change.property) != other.get(change.property)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"size": 1}, {"size": 2}, ["update size"]),
        ({}, {"note": "x"}, ["add note"]),
        ({"note": "x"}, {}, ["delete note"]),
        ({"region": "a"}, {"region": "b"}, ["update-replace region"]),
        ({}, {"region": "b"}, ["add-replace region"]),
        ({"region": "a"}, {}, ["delete-replace region"]),
        ({"ratio": 1}, {"ratio": 1.0}, []),
        ({"enabled": True}, {"enabled": False}, ["update enabled"]),
        ({"colour": "BLUE"}, {"colour": "blue"}, []),
        ({"colour": "BLUE"}, {"colour": "dark_red"}, ["update colour"]),
        ({"options": '{"a": 1, "b": 2}'}, {"options": '{"b":2,"a":1}'}, []),
        ({"options": '{"a": 1}'}, {"options": '{"a": 2}'}, ["update options"]),
        ({"options": "not json"}, {"options": "not  json"}, ["update options"]),
    ],
)
def test_a_plain_value_differs_by_what_it_means(old: Tree, new: Tree, expected: list[str]) -> None:
    assert changes(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"disks": [{"sizeGb": 1}]}, {"disks": [{"sizeGb": 2}]}, ["update disks[0].sizeGb"]),
        ({"disks": [{"sizeGb": 1}]}, {"disks": [{"sizeGb": 1, "kind": "BLUE"}]}, ["add disks[0].kind"]),
        ({"disks": [{"sizeGb": 1, "kind": "BLUE"}]}, {"disks": [{"sizeGb": 1}]}, ["delete disks[0].kind"]),
        ({"disks": [{"sizeGb": 1}]}, {"disks": [{"sizeGb": 1}, {"sizeGb": 2}]}, ["add disks[1]"]),
        ({"disks": [{"sizeGb": 1}, {"sizeGb": 2}]}, {"disks": [{"sizeGb": 1}]}, ["delete disks[1]"]),
        ({"disks": [{"sizeGb": 1}]}, {}, ["delete disks"]),
        ({"disks": [{"sizeGb": 1, "kind": "blue"}]}, {"disks": [{"sizeGb": 1, "kind": "BLUE"}]}, []),
        ({"words": ["a", "b"]}, {"words": ["b", "a"]}, ["update words[0]", "update words[1]"]),
        ({"words": [""]}, {"words": []}, ["delete words[0]"]),
        ({"words": ["a", ""]}, {"words": ["a"]}, ["delete words[1]"]),
        ({"box": {"mount": {"path": "a"}}}, {"box": {"mount": {"path": "b"}}}, ["update box.mount.path"]),
        ({"box": {"label": "a"}}, {"box": {"label": "a", "mount": {"path": "b"}}}, ["add box.mount"]),
        ({"labels": {"a": "1"}}, {"labels": {"a": "2"}}, ["update labels.a"]),
        ({"labels": {"a": "1"}}, {"labels": {"a": "1", "b.c": "2"}}, ['add labels["b.c"]']),
        ({"labels": {"a": "1", "b": "2"}}, {"labels": {"b": "2"}}, ["delete labels.a"]),
        ({"labels": {"a": ""}}, {"labels": {}}, []),
        ({"labels": {"a": "", "b": "x"}}, {"labels": {"b": "x"}}, ["delete labels.a"]),
        ({"boxes": {"b": {"label": "1"}}}, {"boxes": {"b": {"label": "2"}}}, ["update boxes.b.label"]),
    ],
)
def test_a_difference_is_told_at_the_innermost_path(old: Tree, new: Tree, expected: list[str]) -> None:
    assert changes(old, new) == expected


def test_differences_are_told_in_an_order_that_is_always_the_same() -> None:
    letters = "hgfedcba"
    assert changes({}, {"labels": {}}) == []
    assert changes({"labels": {"z": "1"}}, {"labels": {"z": "1", **dict.fromkeys(letters, "1")}}) == [
        f"add labels.{letter}" for letter in sorted(letters)
    ]
    many = [str(number) for number in range(40)]
    assert changes({"zones": ["x"]}, {"zones": ["x", *many]}) == [f"add-replace zones[{n}]" for n in range(1, 41)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"fixedBox": {"label": "a"}}, {"fixedBox": {"label": "b"}}, ["update-replace fixedBox.label"]),
        ({"fixedBox": {"mount": {"path": "a"}}}, {"fixedBox": {}}, ["delete-replace fixedBox.mount"]),
        ({"fixedDisks": [{"sizeGb": 1}]}, {"fixedDisks": [{"sizeGb": 2}]}, ["update-replace fixedDisks[0].sizeGb"]),
        ({"box": {"serial": "a"}}, {"box": {"serial": "b"}}, ["update-replace box.serial"]),
        ({"box": {"serial": "a", "label": "a"}}, {"box": {"serial": "a", "label": "b"}}, ["update box.label"]),
    ],
)
def test_what_is_fixed_at_creation_is_so_in_all_its_parts(old: Tree, new: Tree, expected: list[str]) -> None:
    assert changes(old, new) == expected


@pytest.mark.parametrize("nothing", [None, "", 0, False, [], {}, {"label": ""}])
def test_nothing_and_all_its_spellings_are_alike(nothing: object) -> None:
    for name in ("note", "region", "size", "enabled", "words", "box", "fixedBox", "labels"):
        assert changes({name: nothing}, {}) == []
        assert changes({}, {name: nothing}) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"colours": ["BLUE", "DARK_RED"]}, {"colours": ["dark_red", "blue"]}, []),
        ({"colours": ["BLUE"]}, {"colours": ["BLUE", "DARK_RED"]}, ["add colours[1]"]),
        ({"colours": ["BLUE", "DARK_RED"]}, {"colours": ["DARK_RED"]}, ["delete colours[0]"]),
        ({"colours": ["BLUE"]}, {"colours": ["DARK_RED"]}, ["update colours[0]"]),
        ({"colours": ["BLUE", "BLUE"]}, {"colours": ["BLUE"]}, ["delete colours[1]"]),
        ({"colours": ["BLUE"]}, {}, ["delete colours"]),
        ({"zones": ["a", "b"]}, {"zones": ["b", "a"]}, []),
        ({"zones": ["a", "b"]}, {"zones": ["b", "c"]}, ["delete-replace zones[0]", "add-replace zones[1]"]),
    ],
)
def test_the_order_of_a_set_makes_no_difference(old: Tree, new: Tree, expected: list[str]) -> None:
    assert changes(old, new) == expected


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6), st.randoms(use_true_random=False))
def test_a_shuffled_set_is_the_same(zones: list[str], chance: Random) -> None:
    shuffled = chance.sample(zones, len(zones))
    assert changes({"zones": zones}, {"zones": shuffled}) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"size": 1}, {"size": UNKNOWN}, ["update size"]),
        ({}, {"note": UNKNOWN}, ["add note"]),
        ({"region": "a"}, {"region": UNKNOWN}, ["update-replace region"]),
        ({}, {"path": UNKNOWN}, ["add path"]),
        ({"disks": [{"sizeGb": 1}]}, {"disks": [{"sizeGb": UNKNOWN}]}, ["update disks[0].sizeGb"]),
        ({"disks": [{"sizeGb": 1}]}, {"disks": UNKNOWN}, ["update disks"]),
        ({"words": ["a", "b"]}, {"words": ["a", UNKNOWN]}, ["update words[1]"]),
        ({"labels": {"a": "1"}}, {"labels": {"a": UNKNOWN}}, ["update labels.a"]),
        ({"colour": "BLUE"}, {"colour": UNKNOWN}, ["update colour"]),
        ({"options": "{}"}, {"options": UNKNOWN}, ["update options"]),
    ],
)
def test_what_is_unknown_counts_as_a_change(old: Tree, new: Tree, expected: list[str]) -> None:
    assert changes(old, new) == expected


def test_an_unknown_item_of_a_set_counts_as_a_change() -> None:
    assert changes({"colours": ["BLUE"]}, {"colours": [UNKNOWN]}) == ["update colours[0]"]
    assert changes({"zones": ["a", "b"]}, {"zones": ["a", UNKNOWN]}) == ["update-replace zones[1]"]


def test_a_property_left_to_the_cloud_is_no_difference() -> None:
    assert changes({"path": "/from/the/cloud", "zones": ["a"], "disk": {"sizeGb": 1}}, {}) == []
    assert changes({"disk": {"sizeGb": 1, "fullPath": "/x"}}, {"disk": {"sizeGb": 1}}) == []
    assert changes({"disks": [{"sizeGb": 1, "fullPath": "/x"}]}, {"disks": [{"sizeGb": 1}]}) == []
    assert changes({"path": "/a"}, {"path": "/b"}) == ["update path"]
    left_to_it = {name for name, policy in ASKED.items() if ServerDefault in policy}
    assert left_to_it == {"zones", "disk", "path", "relativePath"}


def test_what_only_the_cloud_sets_is_never_compared() -> None:
    assert Computed in TOLD["status"]
    assert diff(TOLD, {"thingId": "1", "status": "a"}, {"thingId": "2"}) == []


def test_a_password_differs_like_anything_else() -> None:
    assert changes({"password": "a"}, {"password": "b"}) == ["update password"]


def test_what_the_declaration_does_not_know_is_not_compared() -> None:
    assert changes({"gone": 1}, {"come": 2}) == []


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [
        ({"name": "a"}, {"name": "a"}, True),
        ({"name": "a"}, {"name": "b"}, False),
        ({}, {}, False),
        ({"name": ""}, {}, False),
        ({"name": "a"}, {"name": UNKNOWN}, False),
        ({"region": "a"}, {"region": "a"}, False),
    ],
)
def test_only_a_unique_value_that_is_still_held_stays(old: Tree, new: Tree, stays: bool) -> None:
    assert stays_unique(ASKED, old, new) is stays


def test_a_change_reads_as_a_short_line() -> None:
    assert str(Change(("a", 0, "b.c"), Kind.UPDATE, replace=True)) == 'update-replace a[0]["b.c"]'
    assert str(Change(("a",), Kind.ADD, replace=False)) == "add a"
