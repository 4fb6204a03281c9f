"""Laws of check: which inputs are acceptable, and what is said about those that are not. Knows no state."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from mlworkbench.model.base import Inputs, Model, rule
from mlworkbench.model.check import check, nearest
from mlworkbench.model.values import UNKNOWN, Tree, Value
from tests.unit.model.declarations import ThingInputs
from tests.unit.model.strategies import inputs as acceptable


def failures(inputs: Tree) -> dict[str, str]:
    return {failure.path: failure.reason for failure in check(ThingInputs, inputs)}


@given(acceptable)
def test_acceptable_inputs_have_no_failures(inputs: Tree) -> None:
    assert check(ThingInputs, inputs) == []


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        ({}, "size", "is required"),
        ({"size": "1"}, "size", "must be a whole number"),
        ({"size": 1.5}, "size", "must be a whole number"),
        ({"size": True}, "size", "must be a whole number"),
        ({"size": 1, "note": 7}, "note", "must be a string"),
        ({"size": 1, "note": "x" * 11}, "note", "must have at most 10 characters"),
        ({"size": 1, "name": "a b"}, "name", "must match pattern '^[A-Za-z0-9_-]+$'"),
        ({"size": 1, "ratio": "x"}, "ratio", "must be a number"),
        ({"size": 1, "enabled": "true"}, "enabled", "must be true or false"),
        ({"size": 1, "colour": "green"}, "colour", "must be one of DARK_RED, BLUE"),
        ({"size": 1, "colour": 5}, "colour", "must be one of DARK_RED, BLUE"),
        ({"size": 1, "colours": ["blue", "green"]}, "colours[1]", "must be one of DARK_RED, BLUE"),
        ({"size": 1, "words": "x"}, "words", "must be a list"),
        ({"size": 1, "words": ["x", 1]}, "words[1]", "must be a string"),
        ({"size": 1, "disk": "x"}, "disk", "must be an object"),
        ({"size": 1, "disk": {}}, "disk.sizeGb", "is required"),
        ({"size": 1, "disk": {"sizeGb": 0}}, "disk.sizeGb", "must be greater than or equal to 1"),
        ({"size": 1, "disks": [{"sizeGb": 101}]}, "disks[0].sizeGb", "must be less than or equal to 100"),
        ({"size": 1, "box": {"mount": {"path": 5}}}, "box.mount.path", "must be a string"),
        ({"size": 1, "labels": []}, "labels", "must be a map"),
        ({"size": 1, "labels": {"a.b": 5}}, 'labels["a.b"]', "must be a string"),
        ({"size": 1, "boxes": {"b": {"label": 5}}}, "boxes.b.label", "must be a string"),
        ({"size": 1, "path": "/a", "relativePath": "b"}, "path", "cannot be given together with relativePath"),
    ],
)
def test_what_is_wrong_is_told_with_its_path_and_in_words(inputs: Tree, path: str, reason: str) -> None:
    assert failures(inputs) == {path: reason}


def test_a_list_that_is_too_long_says_how_long_it_may_be() -> None:
    assert failures({"size": 1, "words": ["a"] * 4})["words"].startswith("must have at most 3 items")


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = {"colour": "green", "disks": [{}, {"sizeGb": 0}], "path": "/a", "relativePath": "b", "sise": 1}
    expected = {"size", "colour", "disks[0].sizeGb", "disks[1].sizeGb", "path", "sise"}
    assert set(failures(wrong)) == expected


@pytest.mark.parametrize(
    ("inputs", "path", "meant"),
    [
        ({"size": 1, "sise": 1}, "sise", "size"),
        ({"size": 1, "relative_path": "x"}, "relative_path", "relativePath"),
        ({"size": 1, "disk": {"sizeGb": 1, "sizeGB": 1}}, "disk.sizeGB", "sizeGb"),
        ({"size": 1, "disks": [{"sizeGb": 1, "knd": "x"}]}, "disks[0].knd", "kind"),
        ({"size": 1, "box": {"mount": {"pth": ""}}}, "box.mount.pth", "path"),
        ({"size": 1, "boxes": {"b": {"labl": ""}}}, "boxes.b.labl", "label"),
    ],
)
def test_a_misspelled_property_is_refused_with_the_name_that_was_meant(inputs: Tree, path: str, meant: str) -> None:
    assert failures(inputs) == {path: f'is not a property here; did you mean "{meant}"?'}


@pytest.mark.parametrize("name", ["qqqq", "thingId", ""])
def test_a_property_like_no_other_is_refused_without_a_suggestion(name: str) -> None:
    assert list(failures({"size": 1, name: 1}).values()) == ["is not a property here"]


def test_a_suggestion_ignores_letter_case_and_underscores() -> None:
    assert nearest("MAX_RUNNING_TIME_MINUTES", ["maxRunningTimeMinutes"]) == '; did you mean "maxRunningTimeMinutes"?'
    assert nearest("something else", ["maxRunningTimeMinutes"]) == ""
    assert nearest("x", []) == ""


@pytest.mark.parametrize(
    "inputs",
    [
        {"size": UNKNOWN},
        {"size": 1, "note": UNKNOWN},
        {"size": 1, "name": UNKNOWN},
        {"size": 1, "colour": UNKNOWN},
        {"size": 1, "colours": UNKNOWN},
        {"size": 1, "colours": ["blue", UNKNOWN]},
        {"size": 1, "disks": [UNKNOWN]},
        {"size": 1, "disks": [{"sizeGb": UNKNOWN, "kind": UNKNOWN}]},
        {"size": 1, "box": {"mount": UNKNOWN}},
        {"size": 1, "boxes": {"b": UNKNOWN}},
        {"size": 1, "labels": {"a": UNKNOWN}},
        {"size": 1, "path": UNKNOWN, "relativePath": "b"},
        {"size": 1, "path": "a", "relativePath": UNKNOWN},
    ],
)
def test_what_is_unknown_is_taken_on_trust(inputs: Tree) -> None:
    assert failures(inputs) == {}


@given(acceptable, st.data())
def test_making_any_part_unknown_never_makes_inputs_fail(inputs: Tree, data: st.DataObject) -> None:
    assert check(ThingInputs, hide(inputs, data)) == []


def hide(value: Value, data: st.DataObject) -> Value:
    """Make some parts of a tree unknown; never the tree itself."""
    if isinstance(value, dict):
        return {key: UNKNOWN if data.draw(st.booleans()) else hide(item, data) for key, item in value.items()}
    if isinstance(value, list):
        return [UNKNOWN if data.draw(st.booleans()) else hide(item, data) for item in value]
    return value


def test_what_is_known_is_checked_beside_what_is_unknown() -> None:
    assert failures({"size": 1, "disks": [UNKNOWN, {"sizeGb": 0}]}) == {
        "disks[1].sizeGb": "must be greater than or equal to 1"
    }


def test_a_rule_is_silent_about_properties_that_are_wrong_by_themselves() -> None:
    assert failures({"size": 1, "path": 5, "relativePath": "b"}) == {"path": "must be a string"}


def test_a_rule_sees_absent_properties_as_nothing() -> None:
    @rule("a", "b", test=lambda a, b: "needs b" if a and b is None else None)
    class Pair(Inputs):
        """A pair."""

        a: str | None = None
        """A."""

        b: str | None = None
        """B."""

    assert [(failure.path, failure.reason) for failure in check(Pair, {"a": "x"})] == [("a", "needs b")]
    assert check(Pair, {"a": "x", "b": "y"}) == []
    assert check(Pair, {}) == []


def test_a_message_about_a_secret_does_not_repeat_it() -> None:
    class Vault(Model):
        """A vault."""

        code: Annotated[str, Field(pattern=r"^\d+$", max_length=4)]
        """Code."""

    for wrong in ("hunter2", "123456789"):
        assert not any(wrong in failure.reason for failure in check(Vault, {"code": wrong}))
