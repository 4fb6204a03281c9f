"""Laws of declarations: what is read from them, and which are refused. Knows made-up declarations only."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field

from mlworkbench.model.base import Inputs, Model, Option, rule
from mlworkbench.model.policy import (
    AutoName,
    Choice,
    Computed,
    Keyed,
    Many,
    Nested,
    Primitive,
    Replace,
    Secret,
    ServerDefault,
    Unique,
    Unordered,
    Virtual,
    WriteOnly,
    policies,
)
from tests.unit.model.declarations import ASKED, TOLD, Box, Colour, Disk, ThingInputs


def test_a_property_has_the_users_spelling_and_the_declarations() -> None:
    policy = ASKED["relativePath"]
    assert (policy.name, policy.attribute, policy.description) == ("relativePath", "relative_path", "Relative path.")


def test_only_what_has_no_default_is_required() -> None:
    assert [name for name, policy in ASKED.items() if policy.required] == ["size"]
    assert TOLD["thingId"].required


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("size", set()),
        ("name", {Replace, Unique, AutoName}),
        ("zones", {Replace, ServerDefault, Unordered}),
        ("password", {Secret, WriteOnly}),
        ("desired", {Virtual}),
        ("thingId", {Computed}),
    ],
)
def test_the_marks_of_a_property_are_those_in_its_declaration(name: str, marks: set[type]) -> None:
    policy = TOLD[name]
    assert set(policy.marks) == marks
    assert all(mark in policy for mark in marks)


def test_a_mark_can_be_asked_for_its_details() -> None:
    assert ASKED["name"].mark(AutoName) == AutoName(20)
    assert TOLD["thingId"].mark(Computed) == Computed(stable=True)
    assert ASKED["size"].mark(Computed) is None


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("size", Primitive("integer")),
        ("note", Primitive("string")),
        ("ratio", Primitive("number")),
        ("enabled", Primitive("boolean")),
        ("colour", Choice(Colour)),
        ("colours", Many(Choice(Colour))),
        ("disks", Many(Nested(Disk))),
        ("disk", Nested(Disk)),
        ("labels", Keyed(Primitive("string"))),
        ("boxes", Keyed(Nested(Box))),
    ],
)
def test_a_property_has_the_shape_of_its_annotation(name: str, shape: object) -> None:
    assert ASKED[name].shape == shape


def test_the_parts_of_an_object_promise_things_of_their_own() -> None:
    assert ServerDefault in Nested(Disk).children["fullPath"]
    assert Replace in Nested(Box).children["serial"]


class Contradiction(Inputs):
    """Wrong."""

    id: Annotated[str | None, Replace(), Computed()] = None
    """Text."""


class Undescribed(Inputs):
    """Wrong."""

    name: str


class HiddenInUnion(Inputs):
    """Wrong."""

    key: Annotated[str, Secret()] | None = None
    """Text."""


class HiddenInList(Inputs):
    """Wrong."""

    keys: list[Annotated[str, Secret()]] | None = None
    """Text."""


class HiddenInMap(Inputs):
    """Wrong."""

    keys: dict[str, Annotated[str, Replace()]] | None = None
    """Text."""


class Union(Inputs):
    """Wrong."""

    key: int | str | None = None
    """Text."""


class Anything(Inputs):
    """Wrong."""

    key: Any = None
    """Text."""


class KeyedByNumber(Inputs):
    """Wrong."""

    keys: dict[int, str] | None = None
    """Text."""


class Inner(Model):
    """Wrong."""

    key: bytes
    """Text."""


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        (Contradiction, r"Contradiction\.id: what only the cloud sets"),
        (Undescribed, r"Undescribed\.name: has no description"),
        (HiddenInUnion, r"HiddenInUnion\.key: Secret\(\) belongs outside"),
        (HiddenInList, r"HiddenInList\.keys: Secret\(\) belongs outside"),
        (HiddenInMap, r"HiddenInMap\.keys: Replace\(\) belongs outside"),
        (Union, r"Union\.key: .* has no counterpart"),
        (Anything, r"Anything\.key: .* has no counterpart"),
        (KeyedByNumber, r"KeyedByNumber\.keys: .* has no counterpart"),
        (Inner, r"Inner\.key: .* has no counterpart"),
    ],
)
def test_a_declaration_that_cannot_hold_is_refused_by_name(model: type[Model], complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        policies(model)


def test_a_constraint_below_the_top_is_no_marker() -> None:
    class Fine(Inputs):
        """Fine."""

        words: list[Annotated[str, Field(max_length=3)]] | None = None
        """Text."""

    assert policies(Fine)["words"].shape == Many(Primitive("string"))


def test_a_rule_on_a_property_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="ThingInputs: a rule names \\['nowhere'\\]"):
        rule("size", "nowhere", test=lambda *values: None)(ThingInputs)


@pytest.mark.parametrize("spelling", ["DARK_RED", "dark_red", "Dark_Red"])
def test_an_option_is_taken_in_any_letter_case(spelling: str) -> None:
    given = ThingInputs.model_validate({"size": 1, "colour": spelling})
    assert given.colour is Colour.DARK_RED


def test_an_option_is_written_as_the_vendor_spells_it() -> None:
    given = ThingInputs.model_validate({"size": 1, "colour": "blue"})
    assert given.model_dump(mode="json", exclude_none=True, by_alias=True) == {"size": 1, "colour": "BLUE"}
    assert isinstance(given.colour, Option)
