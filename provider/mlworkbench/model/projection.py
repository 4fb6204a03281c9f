"""Know how an answer becomes a tree in the user's words: by attribute names, without judging. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .policy import Choice, Keyed, Many, Nested, Policy, Shape
from .values import Tree, Value

__all__ = ["project"]


def project(spec: Mapping[str, Policy], answer: object) -> Tree:
    """Read the declared properties off an object's attributes. Nothing is validated: the cloud is always right."""
    found = {name: _project(policy.shape, getattr(answer, policy.attribute, None)) for name, policy in spec.items()}
    return {name: value for name, value in found.items() if value is not None}


def _project(shape: Shape, value: Value) -> Value:
    if value is None:
        return None
    match shape:
        case Nested():
            return project(shape.children, value)
        case Many(item):
            return [_project(item, each) for each in value]
        case Keyed(item):
            return {key: _project(item, each) for key, each in value.items()}
        case Choice(enum):
            # The vendor's documented spelling, whatever letter case this answer is in.
            return next((member.value for member in enum if member.value.casefold() == str(value).casefold()), value)
    return value
