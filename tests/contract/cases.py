"""Make inputs for any resource from its declaration: two values for every property, sets that cover all properties.

Knows no resource: a new one is covered as soon as it is declared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlworkbench.lifecycle.resource import Resource
from mlworkbench.model.check import check
from mlworkbench.model.policy import Choice, Keyed, Many, Nested, Policy, Primitive, Shape, Virtual, policies
from mlworkbench.model.values import Path, Tree, Value, leaves

Kind = type[Resource[Any, Any]]


@dataclass(frozen=True)
class Changed:
    """One leaf of some inputs, changed."""

    path: Path
    before: Tree
    after: Tree


def variants(kind: Kind) -> list[Tree]:
    """Return sets of inputs that check clean and together hold every property that the cloud knows."""
    names = [name for name, policy in policies(kind.inputs).items() if Virtual not in policy]
    sets: list[Tree] = []
    while missing := [name for name in names if not any(name in each for each in sets)]:
        required = {name: value for name, value in kind.example.items() if policies(kind.inputs)[name].required}
        grown = required if sets else dict(kind.example)
        for name in [*missing, *names]:
            grown = _with(kind, grown, name)
        assert any(name in grown for name in missing), f"{kind.token}: no valid value was found for {missing}"
        sets.append(grown)
    return sets


def _with(kind: Kind, inputs: Tree, name: str) -> Tree:
    if name in inputs:
        return inputs
    for value in _candidates(policies(kind.inputs)[name], name):
        grown = {**inputs, name: value}
        if not check(kind.inputs, grown):
            return grown
    return inputs


def changes(kind: Kind) -> Iterator[Changed]:
    """Yield every leaf of the variants once, changed to another value that checks clean."""
    seen = set()
    for before in variants(kind):
        for path, value in leaves(before):
            if path in seen:
                continue
            found = _changed(kind, before, path, value)
            if found:
                seen.add(path)
                yield Changed(path, before, found)


def _changed(kind: Kind, before: Tree, path: Path, value: Value) -> Tree | None:
    for other in _others(kind, path, value):
        after: Tree = json.loads(json.dumps(before))
        node: Any = after
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = other
        if after != before and not check(kind.inputs, after):
            return after
    return None


def _others(kind: Kind, path: Path, value: Value) -> list[Value]:
    shape = _shape_at(kind, path)
    if isinstance(shape, Choice):
        return [member.value for member in shape.enum if member.value.casefold() != str(value).casefold()]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    return ['{"other": 2}', f"{value}x", f"{value}other/", value[:-1] + "z", "a" * 32]


def _shape_at(kind: Kind, path: Path) -> Shape:
    known, shape = policies(kind.inputs), None
    for step in path:
        if isinstance(step, str) and not isinstance(shape, Keyed):
            shape = known[step].shape
        elif isinstance(shape, Many | Keyed):
            shape = shape.item
        if isinstance(shape, Nested):
            known = shape.children
    assert shape is not None
    return shape


def _candidates(policy: Policy, name: str) -> list[Value]:
    return _of_shape(policy.shape, name)


def _of_shape(shape: Shape, name: str) -> list[Value]:
    """Return values to try. A text names its property, so that it can be told apart wherever it arrives."""
    match shape:
        case Primitive("integer"):
            return [3 + len(name) % 5]
        case Primitive("number"):
            return [1.5]
        case Primitive("boolean"):
            return [True]
        case Choice(enum):
            return [member.value for member in enum]
        case Many(item):
            return [[value] for value in _of_shape(item, name)]
        case Keyed(item):
            return [{"key": value} for value in _of_shape(item, name)]
        case Nested():
            whole = {child: _of_shape(policy.shape, f"{name}.{child}")[0] for child, policy in shape.children.items()}
            return [whole]
    return [f"text-of-{name}", json.dumps({"text": name}), (name.lower() * 32)[:32], f"/{name}/"]


def token_kinds() -> list[Kind]:
    """Return all resources."""
    from mlworkbench.resources import registry

    return list(registry().values())
