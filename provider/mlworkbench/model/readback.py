"""Know how what the cloud answers is told to the user: in the user's spelling, and only what is theirs. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .policy import Keyed, Many, Nested, Policy, ServerDefault, Shape, Virtual, WriteOnly
from .sameness import same
from .values import Tree, Value, empty

__all__ = ["adopt", "echo", "is_told", "readback"]


def readback(spec: Mapping[str, Policy], inputs: Tree, live: Tree, state: Tree) -> Tree:
    """Return the inputs as they now are in the cloud.

    What the user set comes back, in the user's spelling where it means the same. What the user left out comes back
    only if somebody else changed it since `state` was recorded. What the cloud never returns is carried over.
    """
    changed = {
        name: live[name]
        for name, policy in spec.items()
        if name not in inputs and is_told(policy) and not empty(live.get(name))
        if ServerDefault not in policy and not same(policy, state.get(name), live[name])
    }
    return _spelled(spec, inputs, live, state) | changed


def adopt(spec: Mapping[str, Policy], live: Tree) -> Tree:
    """Return inputs for a resource that nobody declared yet: all that the cloud tells about it."""
    told = {name: live[name] for name, policy in spec.items() if is_told(policy) and not empty(live.get(name))}
    return {name: _without_blanks(spec[name].shape, value) for name, value in told.items()}


def _without_blanks(shape: Shape, value: Value) -> Value:
    """Drop the properties of objects that a cloud answers although nobody set them."""
    match shape, value:
        case Nested(), dict():
            kept = {name: each for name, each in value.items() if name in shape.children and not _is_blank(each)}
            return {name: _without_blanks(shape.children[name].shape, each) for name, each in kept.items()}
        case Many(item), list():
            return [_without_blanks(item, each) for each in value]
        case Keyed(item), dict():
            return {key: _without_blanks(item, each) for key, each in value.items()}
    return value


def _is_blank(value: Value) -> bool:
    return value is None or value == "" or (isinstance(value, dict) and empty(value))


def echo(spec: Mapping[str, Policy], inputs: Tree, live: Tree, state: Tree) -> Tree:
    """Return the new state: what the cloud answers, with the inputs as the user spells them.

    What the user has left out stays spelled as it was in the old `state`, as a preview foretells.
    """
    unasked = {name for name, policy in spec.items() if Virtual in policy and name not in inputs}
    told = {name: value for name, value in live.items() if name not in unasked}
    kept = {
        name: state[name] if same(spec[name], state.get(name), value) else _without_blanks(spec[name].shape, value)
        for name, value in told.items()
        if name in spec and not empty(value)
    }
    return told | kept | _spelled(spec, inputs, live, {})


def is_told(policy: Policy) -> bool:
    """Tell whether the cloud answers a property at all."""
    return WriteOnly not in policy and Virtual not in policy


def _spelled(spec: Mapping[str, Policy], inputs: Tree, live: Tree, state: Tree) -> Tree:
    found = {
        name: mine if _stays(spec[name], mine) else _respelled(spec[name], mine, live.get(name), state.get(name))
        for name, mine in inputs.items()
        if name in spec
    }
    return {name: value for name, value in found.items() if value is not None}


def _stays(policy: Policy, mine: Value) -> bool:
    """Tell whether a value stays whatever the cloud says: it is not told, or was left to the cloud by being empty."""
    return WriteOnly in policy or (ServerDefault in policy and empty(mine))


def _respelled(policy: Policy, mine: Value, now: Value, before: Value) -> Value:
    if same(policy, mine, now):
        return mine
    if isinstance(policy.shape, Nested) and isinstance(mine, dict) and isinstance(now, dict):
        return readback(policy.shape.children, mine, now, before if isinstance(before, dict) else {})
    if isinstance(policy.shape, Many) and isinstance(mine, list) and isinstance(now, list):
        return _items(policy.shape, mine, now, before if isinstance(before, list) else [])
    return now


def _items(shape: Many, mine: list[Value], now: list[Value], before: list[Value]) -> list[Value]:
    item = Policy(name="", attribute="", shape=shape.item, required=False, description="")
    return [
        _respelled(item, mine[index], each, before[index] if index < len(before) else None)
        if index < len(mine)
        else each
        for index, each in enumerate(now)
    ]
