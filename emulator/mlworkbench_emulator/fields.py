"""Check the fields of bodies and queries. Knows types, lengths, patterns and choices; no vendor's names or codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .strict_json import JsonError, read_json

__all__ = [
    "Check",
    "Field",
    "FieldError",
    "Query",
    "accept",
    "either",
    "flag",
    "json_text",
    "list_of",
    "mapping_of",
    "number",
    "object_of",
    "text",
    "whole",
]

INT64_MAX = 2**63 - 1

Check = Callable[[object], object]


class FieldError(ValueError):
    """A field that is missing or not as documented."""


@dataclass(frozen=True)
class Field:
    """A documented field: its name, its check, whether it must be there, what stands in for it."""

    name: str
    check: Check
    required: bool = False
    default: object = None


def accept(fields: Sequence[Field], body: Mapping[str, object]) -> dict[str, object]:
    """Check a body against its documented fields. null counts as absent, unknown fields are ignored."""
    return {field.name: _field_value(field, body.get(field.name)) for field in fields}


def _field_value(field: Field, value: object) -> object:
    if value is None:
        if field.required:
            raise FieldError(f"{field.name} is required")
        return field.default
    try:
        return field.check(value)
    except FieldError as error:
        raise FieldError(f"{field.name} {error}") from None


def text(
    shortest: int = 0, longest: int | None = None, pattern: str | None = None, choices: Sequence[str] | None = None
) -> Check:
    """Check for a string within limits."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise FieldError("must be a string")
        if len(value) < shortest or (longest is not None and len(value) > longest):
            raise FieldError(f"must have {shortest} to {longest} characters")
        if choices is not None and value not in choices:
            raise FieldError(f"must be one of {', '.join(choices)}")
        if pattern is not None and re.fullmatch(pattern, value) is None:
            raise FieldError(f"must match {pattern}")
        return value

    return check


def json_text(value: object) -> object:
    """Check for a string that holds JSON."""
    if not isinstance(value, str):
        raise FieldError("must be a string")
    try:
        if value:
            read_json(value)
    except JsonError as error:
        raise FieldError(f"must hold JSON, but {error}") from None
    return value


def whole(lowest: int, highest: int = INT64_MAX) -> Check:
    """Check for a whole number within limits."""

    def check(value: object) -> object:
        if not isinstance(value, int) or isinstance(value, bool):
            raise FieldError("must be a whole number")
        if not lowest <= value <= highest:
            raise FieldError(f"must be from {lowest} to {highest}")
        return value

    return check


def flag(value: object) -> object:
    """Check for true or false."""
    if not isinstance(value, bool):
        raise FieldError("must be true or false")
    return value


def number(lowest: float, highest: float) -> Check:
    """Check for a number within limits, whole or not."""

    def check(value: object) -> object:
        # Asked this way round, NaN is not within.
        if not isinstance(value, int | float) or isinstance(value, bool) or not lowest <= value <= highest:
            raise FieldError(f"must be a number from {lowest} to {highest}")
        return value

    return check


def either(first: Check, second: Check) -> Check:
    """Check for what passes one of two checks."""

    def check(value: object) -> object:
        try:
            return first(value)
        except FieldError:
            return second(value)

    return check


def list_of(check_item: Check, longest: int | None = None) -> Check:
    """Check for a list, each item by itself."""

    def check(value: object) -> object:
        if not isinstance(value, list):
            raise FieldError("must be an array")
        if longest is not None and len(value) > longest:
            raise FieldError(f"must have at most {longest} items")
        return [check_item(item) for item in value]

    return check


def object_of(fields: Sequence[Field]) -> Check:
    """Check for an object with its own fields; those that are not given are left out."""

    def check(value: object) -> object:
        if not isinstance(value, dict):
            raise FieldError("must be an object")
        return {name: item for name, item in accept(fields, value).items() if item is not None}

    return check


def mapping_of(check_value: Check) -> Check:
    """Check for an object with names of the caller's choice."""

    def check(value: object) -> object:
        if not isinstance(value, dict):
            raise FieldError("must be an object")
        return {name: check_value(item) for name, item in value.items()}

    return check


class Query:
    """The arguments of a query. One that is empty counts as not given."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values = {name: value for name, value in reversed(pairs) if value != ""}

    def text(
        self, name: str, longest: int | None = None, choices: Sequence[str] | None = None, pattern: str | None = None
    ) -> str | None:
        value = self._values.get(name)
        if value is None:
            return None
        _field_value(Field(name, text(longest=longest, choices=choices, pattern=pattern)), value)
        return value

    def whole(self, name: str, lowest: int, highest: int = INT64_MAX) -> int | None:
        value = self._values.get(name)
        if value is None:
            return None
        if re.fullmatch(r"-?\d{1,19}", value) is None:
            raise FieldError(f"{name} must be a whole number")
        _field_value(Field(name, whole(lowest, highest)), int(value))
        return int(value)

    def flag(self, name: str) -> bool | None:
        """Give true or false, written in any letter case: one of the vendors' own clients writes `False`."""
        value = self._values.get(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise FieldError(f"{name} must be true or false")
        return value.lower() == "true"
