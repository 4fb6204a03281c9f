"""Know which properties differ and whether that updates or replaces. Pure: old and new inputs in, changes out."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .policy import Computed, Keyed, Many, Nested, Policy, Replace, ServerDefault, Shape, Unique, Unordered
from .sameness import meaning, same
from .values import UNKNOWN, Path, Tree, Value, empty, render

__all__ = ["Change", "Kind", "diff", "stays_unique"]


class Kind(StrEnum):
    """What happens to the value at a path."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Change:
    """One difference, at the innermost path that tells it apart; of the state only, if it is not `of_input`."""

    path: Path
    kind: Kind
    replace: bool
    of_input: bool = True

    @property
    def property(self) -> str:
        """The top-level property that the change is in."""
        return str(self.path[0])

    def __str__(self) -> str:
        return f"{self.kind}{'-replace' if self.replace else ''} {render(self.path)}"


def diff(spec: Mapping[str, Policy], old: Tree, new: Tree) -> list[Change]:
    """Compare two sets of inputs. An unknown new value counts as a change; what was left to the cloud does not."""
    return list(_objects(spec, old, new, (), replace=False))


def stays_unique(spec: Mapping[str, Policy], old: Tree, new: Tree, renamed: Container[str] = ()) -> bool:
    """Tell whether a replacement would hold a unique value that the old resource still holds.

    `renamed` are properties that have another value in a replacement than in `new`.
    """
    unique = [(name, policy) for name, policy in spec.items() if Unique in policy and name not in renamed]
    return any(not empty(old.get(name)) and same(policy, old.get(name), new.get(name)) for name, policy in unique)


def _objects(spec: Mapping[str, Policy], old: Tree, new: Tree, at: Path, *, replace: bool) -> Iterator[Change]:
    for name, policy in spec.items():
        before, after = old.get(name), new.get(name)
        left_to_the_cloud = empty(after) and ServerDefault in policy
        if Computed in policy or left_to_the_cloud or same(policy, before, after):
            continue
        yield from _values(policy, before, after, (*at, name), replace=replace or Replace in policy)


def _values(policy: Policy, old: Value, new: Value, at: Path, *, replace: bool) -> Iterator[Change]:
    if Unordered in policy and isinstance(old, list) and isinstance(new, list) and UNKNOWN not in new:
        yield from _sets(policy, old, new, at, replace=replace)
    else:
        yield from _shaped(policy.shape, old, new, at, replace=replace)


def _shaped(shape: Shape, old: Value, new: Value, at: Path, *, replace: bool) -> Iterator[Change]:
    match shape, old, new:
        case Nested(), dict(), dict():
            yield from _objects(shape.children, old, new, at, replace=replace)
        case Many(item), list(), list():
            yield from _lists(item, old, new, at, replace=replace)
        case Keyed(item), dict(), dict():
            yield from _maps(item, old, new, at, replace=replace)
        case _ if _differ(shape, old, new):
            yield Change(at, _kind(old, new), replace or _holds_fixed(shape, old) or _holds_fixed(shape, new))


def _lists(item: Shape, old: Sequence[Value], new: Sequence[Value], at: Path, *, replace: bool) -> Iterator[Change]:
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else None
        after = new[index] if index < len(new) else None
        yield from _shaped(item, before, after, (*at, index), replace=replace)


def _maps(item: Shape, old: Tree, new: Tree, at: Path, *, replace: bool) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        yield from _shaped(item, old.get(key), new.get(key), (*at, key), replace=replace)


def _sets(policy: Policy, old: Sequence[Value], new: Sequence[Value], at: Path, *, replace: bool) -> Iterator[Change]:
    gone, come = _missing_from(policy, old, new), _missing_from(policy, new, old)
    for index in sorted(gone | come):
        kind = Kind.UPDATE if index in gone and index in come else Kind.ADD if index in come else Kind.DELETE
        yield Change((*at, index), kind, replace)


def _missing_from(policy: Policy, these: Sequence[Value], those: Sequence[Value]) -> set[int]:
    """Return the places of the items of these that those lack, each of those counted once."""
    left = [meaning(policy, [item]) for item in those]
    missing = set()
    for index, item in enumerate(these):
        found = meaning(policy, [item])
        if found in left:
            left.remove(found)
        else:
            missing.add(index)
    return missing


def _differ(shape: Shape, old: Value, new: Value) -> bool:
    bare = Policy(name="", attribute="", shape=shape, required=False, description="")
    # Inside of lists and maps, nothing and an empty value differ: the length says so.
    return (old is None) != (new is None) or not same(bare, old, new)


def _holds_fixed(shape: Shape, value: Value) -> bool:
    """Tell whether an object that comes or goes as a whole holds something that is fixed at creation."""
    match shape, value:
        case Nested(), dict():
            children = [(child, value.get(name)) for name, child in shape.children.items()]
            return any(
                not empty(each) and (Replace in child or _holds_fixed(child.shape, each)) for child, each in children
            )
        case (Many(item), list(items)):
            return any(_holds_fixed(item, each) for each in items)
        case (Keyed(item), dict(items)):
            return any(_holds_fixed(item, each) for each in items.values())
    return False


def _kind(old: Value, new: Value) -> Kind:
    if old is None:
        return Kind.ADD
    return Kind.DELETE if new is None else Kind.UPDATE
