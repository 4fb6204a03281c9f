"""Know the values that a declaration describes: trees, unknowns, property paths. Know no declaration and no wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, TypeAlias

__all__ = [
    "UNKNOWN",
    "Path",
    "Tree",
    "Unknown",
    "Value",
    "empty",
    "has_unknown",
    "leaves",
    "render",
    "without_nulls",
]


class Unknown(Enum):
    """A value that is not known before the program has run."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN

# A tree may hold anything that JSON can, and UNKNOWN anywhere; a recursive alias would make every caller cast.
Value: TypeAlias = Any
Tree: TypeAlias = dict[str, Value]
Path: TypeAlias = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*")


def render(path: Path) -> str:
    """Spell a path as Pulumi does: `a.b[0]["c.d"]`."""
    return "".join(_step(step) for step in path).removeprefix(".")


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN_KEY.fullmatch(step):
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def empty(value: Value) -> bool:
    """Tell whether a value says nothing: the clouds answer "", 0, absent, and objects of these alike."""
    if isinstance(value, dict):
        return all(empty(item) for item in value.values())
    return value is None or (value is not UNKNOWN and value in ("", 0, []))


def leaves(value: Value, at: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Yield every value of a tree that holds no other, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    else:
        yield at, value


def has_unknown(value: Value) -> bool:
    """Tell whether any part of a value is unknown."""
    return any(leaf is UNKNOWN for _, leaf in leaves(value))


def without_nulls(value: Value) -> Value:
    """Drop null properties: in a program, null and absent are one thing."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
