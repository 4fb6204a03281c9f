"""Say in words what a property promises: its type, unit, default, limits, and what a change does. Know no resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel

from ..model.policy import (
    AutoName,
    Choice,
    Keyed,
    Many,
    Nested,
    Policy,
    Primitive,
    Replace,
    ServerDefault,
    Shape,
    Unique,
    Virtual,
    WriteOnly,
)

__all__ = ["change", "default", "drift", "limits", "type_name", "unit"]

NONE = "–"
_UNITS = {"Minutes": "minutes", "Seconds": "seconds", "Ms": "milliseconds"}
_STATED_UNIT = re.compile(r"\bin (GB|bytes)\b")
_STATED_DEFAULTS = (
    re.compile(r"\b[Dd]efault(?: is|:) (.+?)\.(?:\s|$)"),
    re.compile(r"(`\w+`) \(the default\)"),
    re.compile(r"\bIf unset, (?:and [^,]+, )?(.+?)\.(?:\s|$)"),
    re.compile(r"(?:^|[;,.] )([\w' ]+?) (?:if unset|by default)\b"),
)


def type_name(shape: Shape) -> str:
    """Return what kind of value it is; objects and choices lead to their section of the page."""
    match shape:
        case Primitive(kind):
            return kind
        case Choice(enum):
            return f"[{enum.__name__}](#{enum.__name__.lower()})"
        case Nested(model):
            return f"[{model.__name__}](#{model.__name__.lower()})"
        case Many(item):
            return f"list of {type_name(item)}"
        case Keyed(item):
            return f"map of {type_name(item)}"


def unit(policy: Policy) -> str:
    """Return what a number counts, from its name or its description."""
    last = re.split(r"(?=[A-Z])", policy.name)[-1]
    stated = _STATED_UNIT.search(policy.description)
    return _UNITS.get(last, stated[1] if stated else "")


def default(policy: Policy) -> str:
    """Return what holds if the property is left out."""
    if policy.required:
        return "required"
    if AutoName in policy:
        return "made from the name in the program"
    text = " ".join(policy.description.split())
    stated = next((found[1] for pattern in _STATED_DEFAULTS if (found := pattern.search(text))), "")
    return stated or ("the service decides" if ServerDefault in policy else NONE)


def limits(model: type[BaseModel], policy: Policy) -> str:
    """Return what a value must be, as the check before every call holds it."""
    found = model.model_fields[policy.attribute].metadata
    return ", ".join([*_bounds(found, policy.shape), *_patterns(found)]) or NONE


def _bounds(metadata: list[Any], shape: Shape) -> Iterator[str]:
    what = "entries" if isinstance(shape, Many) else "characters"
    lowest = next((mark.ge for mark in metadata if isinstance(mark, Ge)), None)
    highest = next((mark.le for mark in metadata if isinstance(mark, Le)), None)
    shortest = next((mark.min_length for mark in metadata if isinstance(mark, MinLen)), None)
    longest = next((mark.max_length for mark in metadata if isinstance(mark, MaxLen)), None)
    if lowest is not None or highest is not None:
        yield _span(lowest, highest, "")
    if shortest == 1 and longest is None:
        yield "not empty"
    elif shortest is not None or longest is not None:
        yield _span(shortest, longest, f" {what}")


def _span(lowest: Any, highest: Any, what: str) -> str:
    if highest is None:
        return f"at least {lowest}{what}"
    return f"up to {highest}{what}" if lowest is None else f"{lowest} to {highest}{what}"


def _patterns(metadata: list[Any]) -> Iterator[str]:
    for mark in metadata:
        if pattern := getattr(mark, "pattern", None):
            yield f"`{pattern}`"


def change(policy: Policy) -> str:
    """Return what a change of the property does."""
    if Replace not in policy:
        return "in place"
    return "replaces; the old one goes first if the value stays" if Unique in policy else "replaces"


def drift(policy: Policy) -> str:
    """Return whether a refresh sees what others have changed."""
    if WriteOnly in policy:
        return "not seen, not imported"
    return "seen if set" if Virtual in policy or ServerDefault in policy else "seen"
