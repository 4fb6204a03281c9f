"""Know when inputs are acceptable: every failure at once, each with its path. Know no state and no cloud."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .base import Model, rules
from .policy import Formerly, Keyed, Many, Nested, Policy, Shape, Unordered, policies
from .sameness import meaning
from .values import UNKNOWN, Path, Tree, Value, has_unknown, render

__all__ = ["Failure", "check", "nearest"]


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong with the inputs: a property path, blank for the whole, and the reason."""

    path: str
    reason: str

    @property
    def property(self) -> str:
        """The top-level property that it is in."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


_SHOULD = re.compile(r"^\w+ should")
_REASONS = {
    "missing": "is required",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a map",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def check(model: type[Model], inputs: Tree) -> list[Failure]:
    """Return all that is wrong with the inputs. What is unknown is taken on trust."""
    found = [_failure(model, error) for error in _errors(model, inputs) if not _is_trusted(inputs, error)]
    found += _listed_twice(model, inputs)
    return found + list(_broken_rules(model, inputs, {failure.path for failure in found}))


def _errors(model: type[Model], inputs: Tree) -> list[ErrorDetails]:
    try:
        model.model_validate(inputs)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _is_trusted(inputs: Tree, error: ErrorDetails) -> bool:
    """Tell whether an error is only about a value that is not known yet. A name that does not exist stays wrong."""
    return error["type"] != "extra_forbidden" and _at(inputs, error["loc"]) is UNKNOWN


def _at(value: Value, path: Path) -> Value:
    """Return what stands at a place, or nothing if the place is missing."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _failure(model: type[Model], error: ErrorDetails) -> Failure:
    # Validated by alias, a location is in the user's spelling already.
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Failure(render(path), _unknown_property(model, path))
    return Failure(render(path), _REASONS.get(error["type"]) or _SHOULD.sub("must", error["msg"], count=1))


def _unknown_property(model: type[Model], path: Path) -> str:
    known = _known_at(policies(model), path[:-1])
    name = str(path[-1])
    for policy in known.values():
        if (former := policy.mark(Formerly)) and former.name == name:
            return f'is called "{policy.name}" now'
    return "is not a property here" + nearest(name, list(known))


def _known_at(known: Mapping[str, Policy], path: Path) -> Mapping[str, Policy]:
    shape: Shape | None = None
    for step in path:
        shape = shape.item if isinstance(shape, Many | Keyed) else known[str(step)].shape
        known = shape.children if isinstance(shape, Nested) else {}
    return known


def nearest(name: str, names: list[str]) -> str:
    """Suggest the name that was probably meant, as the end of a sentence."""
    by_folded = {known.casefold().replace("_", ""): known for known in names}
    close = difflib.get_close_matches(name.casefold().replace("_", ""), list(by_folded), n=1)
    return f'; did you mean "{by_folded[close[0]]}"?' if close else ""


def _listed_twice(model: type[Model], inputs: Tree) -> Iterator[Failure]:
    """Find what a list without order holds more than once: the clouds keep it once."""
    for name, policy in policies(model).items():
        listed = inputs.get(name)
        if Unordered not in policy or not isinstance(listed, list):
            continue
        meanings = [meaning(policy, [item]) for item in listed]
        for place, each in enumerate(meanings):
            if listed[place] is not UNKNOWN and each in meanings[:place]:
                yield Failure(render((name, place)), "is listed twice")


def _broken_rules(model: type[Model], inputs: Tree, failed: set[str]) -> Iterator[Failure]:
    for condition in rules(model):
        values = [inputs.get(name) for name in condition.names]
        if has_unknown(values) or failed & set(condition.names):
            continue
        reason = condition.test(*values)
        if reason:
            yield Failure(condition.names[0], reason)
