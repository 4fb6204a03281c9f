"""Read JSON as its standard has it, and no deeper than anyone nests it. Knows texts and numbers; no fields, no vendor.

Python's own reader takes more: NaN, numbers beyond every float, halves of surrogate pairs. What was let in with one of
these could never be written into an answer again.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

__all__ = ["JsonError", "read_json"]

DEEPEST = 100
"""How many arrays and objects may stand in each other."""

_HALF_PAIR = re.compile("[\ud800-\udfff]")


class JsonError(ValueError):
    """What is no JSON, or cannot be used as such."""


def read_json(text: str | bytes) -> object:
    """Give the value that a text stands for, or raise JsonError."""
    try:
        value: object = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except JsonError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise JsonError("it does not have JSON's form") from None
    _check(value)
    return value


def _no_constant(word: str) -> object:
    raise JsonError(f"{word} is no number of JSON's")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonError("it holds a number that is too large")
    return number


def _check(value: object) -> None:
    """Look into every text and at the depth, level by level: what is deep must not be looked at by calls in calls."""
    level: list[object] = [value]
    for _ in range(DEEPEST + 1):
        if any(isinstance(item, str) and _HALF_PAIR.search(item) for item in level):
            raise JsonError("it holds half of a surrogate pair, which is no character")
        level = [part for item in level for part in _parts(item)]
        if not level:
            return
    raise _too_deep()


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()


def _too_deep() -> JsonError:
    return JsonError(f"it is nested more than {DEEPEST} deep")
