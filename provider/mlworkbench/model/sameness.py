"""Know when two values of a property mean the same. Know nothing of what follows from a difference."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .policy import Choice, Keyed, Many, Nested, Normalised, Policy, Shape, Unordered
from .values import UNKNOWN, Tree, Value, empty

__all__ = ["meaning", "same"]


def same(policy: Policy, one: Value, other: Value) -> bool:
    """Tell whether two values mean the same; an unknown one is never the same as any other."""
    if one is UNKNOWN or other is UNKNOWN:
        return False
    if empty(one) or empty(other):
        return empty(one) and empty(other)
    return bool(meaning(policy, one) == meaning(policy, other))


def meaning(policy: Policy, value: Value) -> Value:
    """Reduce a value to what it means: letter case, order, formatting and empty properties taken away."""
    if value is UNKNOWN:
        return UNKNOWN
    normalised = policy.mark(Normalised)
    if normalised:
        return normalised.by(value)
    reduced = _meaning(policy.shape, value)
    if Unordered in policy and isinstance(reduced, list):
        return sorted(reduced, key=_rank)
    return reduced


def _rank(value: Value) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _meaning(shape: Shape, value: Value) -> Value:
    match shape, value:
        case Choice(), str():
            return value.casefold()
        case Nested(), dict():
            return _object(shape.children, value)
        case Many(item), list():
            return [_meaning(item, each) for each in value]
        case Keyed(item), dict():
            return {key: _meaning(item, each) for key, each in value.items()}
    return value


def _object(children: Mapping[str, Policy], value: Tree) -> Tree:
    return {name: meaning(child, value[name]) for name, child in children.items() if not empty(value.get(name))}
