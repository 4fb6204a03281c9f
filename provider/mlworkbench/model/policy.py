"""Know what a property promises: its markers and its shape, parsed once per model. Know no value and no cloud."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal, TypeAlias, TypeVar, get_args, get_origin

from pydantic import BaseModel

from .values import Value

__all__ = [
    "AutoName",
    "Choice",
    "Computed",
    "Env",
    "Formerly",
    "Keyed",
    "Many",
    "Nested",
    "Normalised",
    "Policy",
    "Primitive",
    "Replace",
    "Secret",
    "ServerDefault",
    "Shape",
    "Unique",
    "Unordered",
    "Virtual",
    "WriteOnly",
    "policies",
]


@dataclass(frozen=True)
class Replace:
    """Fixed at creation: a change makes a new resource."""


@dataclass(frozen=True)
class Computed:
    """Set by the cloud alone. `stable`: no update changes it. `of`: the input that it is a part of, secret with it."""

    stable: bool = False
    of: str = ""


@dataclass(frozen=True)
class ServerDefault:
    """Filled in by the cloud when left out; what it filled in is never a difference."""


@dataclass(frozen=True)
class WriteOnly:
    """Never returned by the cloud: carried over from the state, not seen by refresh, not imported."""


@dataclass(frozen=True)
class Secret:
    """Must not be seen in plain text."""


@dataclass(frozen=True)
class Virtual:
    """A wish to the provider, not a property in the cloud: read back only if the user set it, never imported.

    `destructive`: at deletion it destroys what a resource with the same unique value would need, so it is not done
    while the program registers one.
    """

    destructive: bool = False


@dataclass(frozen=True)
class Unique:
    """No two resources may hold the same value at once: if it stays in a replacement, the old one is deleted first."""


@dataclass(frozen=True)
class Unordered:
    """A list whose order means nothing."""


@dataclass(frozen=True)
class Normalised:
    """Equal if `by` maps both values to the same; the user's spelling is kept. `by` must accept any value."""

    by: Callable[[Value], Value]


_SHORTEST_NAME = 12


@dataclass(frozen=True)
class AutoName:
    """Named after the Pulumi resource when left out, within `max_length` characters."""

    max_length: int

    def __post_init__(self) -> None:
        """Refuse a limit that leaves no room for a name besides the part that makes it unique."""
        if self.max_length < _SHORTEST_NAME:
            raise TypeError(f"a name of at most {self.max_length} characters cannot be made unique")


@dataclass(frozen=True)
class Formerly:
    """Recorded differently by older versions: under another `name`, or as a value that `convert` turns into today's.

    `convert` must leave today's values as they are. What older versions recorded is no difference; the outputs in the
    state follow with the next refresh or update.
    """

    name: str = ""
    convert: Callable[[Value], Value] | None = None


@dataclass(frozen=True)
class Env:
    """Configuration only: environment variables that set it, the first that is set wins."""

    names: tuple[str, ...]


Marker: TypeAlias = (
    Replace
    | Computed
    | ServerDefault
    | WriteOnly
    | Secret
    | Virtual
    | Unique
    | Unordered
    | Normalised
    | AutoName
    | Formerly
    | Env
)
M = TypeVar("M", bound=Marker)


@dataclass(frozen=True)
class Primitive:
    """A text, a number or a truth value."""

    kind: Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Choice:
    """One of the vendor's values, in any letter case."""

    enum: type[StrEnum]


@dataclass(frozen=True)
class Nested:
    """An object with declared properties."""

    model: type[BaseModel]

    @property
    def children(self) -> Mapping[str, Policy]:
        """What each property of the object promises."""
        return policies(self.model)


@dataclass(frozen=True)
class Many:
    """A list."""

    item: Shape


@dataclass(frozen=True)
class Keyed:
    """A map from text."""

    item: Shape


Shape: TypeAlias = Primitive | Choice | Nested | Many | Keyed

_PRIMITIVES: dict[object, Primitive] = {
    str: Primitive("string"),
    int: Primitive("integer"),
    float: Primitive("number"),
    bool: Primitive("boolean"),
}
_MARKERS = get_args(Marker)


@dataclass(frozen=True)
class Policy:
    """What one property promises. `name` is the user's spelling, `attribute` Python's."""

    name: str
    attribute: str
    shape: Shape
    required: bool
    description: str
    marks: Mapping[type, Marker] = field(default_factory=dict)

    def __contains__(self, mark: type[Marker]) -> bool:
        return mark in self.marks

    @property
    def is_stable(self) -> bool:
        """Whether the cloud alone sets it, and no update changes it."""
        computed = self.mark(Computed)
        return computed is not None and computed.stable

    def mark(self, kind: type[M]) -> M | None:
        """Return the marker of a kind, if the property carries it."""
        found = self.marks.get(kind)
        return found if isinstance(found, kind) else None


@cache
def policies(model: type[BaseModel]) -> Mapping[str, Policy]:
    """Parse a model into its policies, by the user's spelling. Raises TypeError for a declaration that cannot hold."""
    return {policy.name: policy for policy in (_policy(model, name) for name in model.model_fields)}


def _policy(model: type[BaseModel], attribute: str) -> Policy:
    declared = model.model_fields[attribute]
    where = f"{model.__name__}.{attribute}"
    marks: dict[type, Marker] = {type(mark): mark for mark in declared.metadata if isinstance(mark, _MARKERS)}
    if Replace in marks and Computed in marks:
        raise TypeError(f"{where}: what only the cloud sets cannot be replaced by the user")
    if not declared.description:
        raise TypeError(f"{where}: has no description")
    return Policy(
        name=declared.alias or attribute,
        attribute=attribute,
        shape=_shape(declared.annotation, where),
        required=declared.is_required(),
        description=declared.description,
        marks=marks,
    )


def _shape(annotation: object, where: str) -> Shape:
    if annotation in _PRIMITIVES:
        return _PRIMITIVES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Choice(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Nested(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        _refuse_hidden_marks(arguments[1:], where)
        return _shape(arguments[0], where)
    if origin in (types.UnionType, typing.Union):
        rest = [argument for argument in arguments if argument is not type(None)]
        if len(rest) == 1:
            return _shape(rest[0], where)
    if origin is list:
        return Many(_shape(arguments[0], where))
    if origin is dict and arguments[0] is str:
        return Keyed(_shape(arguments[1], where))
    raise TypeError(f"{where}: {annotation!r} has no counterpart in Pulumi")


def _refuse_hidden_marks(metadata: tuple[object, ...], where: str) -> None:
    """Refuse a marker below the top: pydantic would drop it without a word."""
    hidden = [mark for mark in metadata if isinstance(mark, _MARKERS)]
    if hidden:
        raise TypeError(f"{where}: {hidden[0]!r} belongs outside of the union, list or map")
