"""Know how what an older version recorded is read today: under which name, of which type. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .policy import Formerly, Keyed, Many, Nested, Policy, Shape
from .values import Path, Tree, Value

__all__ = ["renamed", "upgrade"]


def upgrade(spec: Mapping[str, Policy], recorded: Tree) -> Tree:
    """Return recorded properties as this version would have recorded them; what it does not know stays as it is."""
    now = _names(spec)
    tree: Tree = {}
    for name, value in recorded.items():
        policy = spec.get(now.get(name, name))
        if policy is None:
            tree[name] = value
        elif name == policy.name or policy.name not in recorded:
            tree[policy.name] = _upgraded(policy, value)
    return tree


def renamed(spec: Mapping[str, Policy], path: Path) -> Path:
    """Return what is today at a recorded path."""
    if not path:
        return path
    name = _names(spec).get(str(path[0]), path[0])
    policy = spec.get(str(name))
    return (name, *renamed(policy.shape.children if policy and isinstance(policy.shape, Nested) else {}, path[1:]))


def _names(spec: Mapping[str, Policy]) -> dict[str, str]:
    marked = [(policy.mark(Formerly), name) for name, policy in spec.items()]
    return {mark.name: name for mark, name in marked if mark and mark.name}


def _upgraded(policy: Policy, value: Value) -> Value:
    mark = policy.mark(Formerly)
    converted = mark.convert(value) if mark and mark.convert else value
    return _shaped(policy.shape, converted)


def _shaped(shape: Shape, value: Value) -> Value:
    match shape, value:
        case Nested(), dict():
            return upgrade(shape.children, value)
        case Many(item), list():
            return [_shaped(item, each) for each in value]
        case Keyed(item), dict():
            return {key: _shaped(item, each) for key, each in value.items()}
    return value
