"""Make what a user may write: slots, inputs for them, names, secrets. Knows the declarations; no engine, no cloud."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypothesis import strategies as st

from mlworkbench.model.values import Path, Tree, leaves
from mlworkbench.resources import registry
from tests.contract.cases import changes, variants

__all__ = ["HUSH", "SLOTS", "TOKENS", "Declared", "Slot", "declarations", "edited", "templates"]

HUSH = "hush"
"""What all secrets hold, and nothing else."""

TENSORBOARD, JOB, IMAGE = "pai:Tensorboard", "modelarts:VisualizationJob", "modelarts:Image"
TOKENS = (TENSORBOARD, JOB, IMAGE)

_SECRETS: dict[str, dict[Path, Any]] = {
    TENSORBOARD: {
        ("uri",): "oss://hush.oss-cn-hangzhou.aliyuncs.com/runs/",
        ("options",): '{"hush": 1}',
        ("sourceId",): "hush-source",
        ("jobId",): "hush-job",
        ("tensorboardSpec", "ecsType"): "ecs.hush",
        ("tensorboardDataSources", 0, "name"): "hush-logs",
    },
    JOB: {("jobDesc",): "hush about it", ("trainUrl",): "/hush/runs/", ("flavor", "code"): "hush.large"},
    IMAGE: {("description",): "hush about it", ("readMe",): "hush", ("tags", 0): "hush", ("swrInstanceId",): "hush"},
}


_STATES = ("Running", "Stopped", "stopped", None, None)
# What changes in place, and some of what replaces; None takes it out.
_EDITS: dict[str, tuple[tuple[str, tuple[Any, ...]], ...]] = {
    TENSORBOARD: (
        ("desiredStatus", _STATES),
        ("maxRunningTimeMinutes", (1, 60, 240, None)),
        ("accessibility", ("PUBLIC", "private", None)),
        ("priority", (2, 9, None)),
        ("options", ('{"a": 1}', '{ "a":1 }', None)),
        ("displayName", ("curves-x", "curves-y", None)),
        ("jobId", ("dlc-1", None)),
        ("cpu", (3, None)),
        ("tensorboardSpec", ({"ecsType": "ecs.g6.large"}, {"vpcId": "vpc-1"}, None)),
    ),
    JOB: (
        ("desiredStatus", _STATES),
        ("jobDesc", ("about it", "more about it", "", None)),
        ("jobName", ("x", "y", None)),
        ("trainUrl", ("/one/", "/two/")),
        ("schedule", ({"type": "stop", "timeUnit": "HOURS", "duration": 2}, None)),
    ),
    IMAGE: (
        ("deleteSwrContent", (True, False, None)),
        ("description", ("about it", "more about it", "", None)),
        ("swrPath", ("x", "y")),
        ("services", (["SSH", "NOTEBOOK"], ["notebook", "ssh"], ["SSH"], None)),
        ("visibility", ("PUBLIC", "PRIVATE", None)),
        ("readMe", ("read me", None)),
    ),
}


@dataclass(frozen=True, order=True)
class Slot:
    """A place in a program: a type and a Pulumi name."""

    token: str
    name: str


SLOTS = tuple(Slot(token, name) for token in TOKENS for name in ("a", "b"))


@dataclass(frozen=True)
class Declared:
    """What a program asks for."""

    inputs: Tree
    secrets: frozenset[Path] = field(default=frozenset())


@cache
def templates(token: str) -> tuple[Tree, ...]:
    """Return all sets of inputs of a resource that are worth trying, without names."""
    kind = registry()[token]
    required = {name: kind.example[name] for name, policy in kind.input_policies().items() if policy.required}
    found = [dict(kind.example), required, *variants(kind), *(each.after for each in changes(kind))]
    return tuple(_acceptable({name: each[name] for name in each if name != kind.name_input}) for each in found)


def _acceptable(inputs: Tree) -> Tree:
    """Give an address of logs the form that its cloud documents."""
    if "uri" not in inputs or (inputs["uri"].endswith("/runs/") and inputs.get("dataSourceType") != "NAS"):
        return inputs
    where = "nas://12345.cn-hangzhou/other/" if inputs.get("dataSourceType") == "NAS" else "oss://my.oss-cn/other/"
    return {**inputs, "uri": where}


@st.composite
def declarations(draw: st.DrawFn, stack: str, slot: Slot) -> Declared:
    """Make up what a program asks for at a slot."""
    kind = registry()[slot.token]
    inputs = copy.deepcopy(draw(st.sampled_from(templates(slot.token))))
    letter = draw(st.sampled_from(("x", "y", "")))
    if slot.token == IMAGE:
        inputs["swrPath"] = _named(stack, slot, letter or "z")
        if draw(st.booleans()):
            inputs["deleteSwrContent"] = True
    elif letter:
        # The names of TensorBoards are not unique: all stacks use the same.
        inputs[kind.name_input] = _named(stack, slot, letter) if slot.token == JOB else f"curves-{letter}"
    if slot.token != IMAGE and (desired := draw(st.sampled_from((None, None, "Running", "Stopped", "stopped")))):
        inputs["desiredStatus"] = desired
    secrets = draw(st.booleans()) and _hidden(slot.token, inputs)
    return Declared(inputs, frozenset(secrets or ()))


def edited(stack: str, slot: Slot, declared: Declared, which: int, value_at: int) -> Declared:
    """Make a small change of what a program asks for; any number stands for one."""
    name, values = _EDITS[slot.token][which % len(_EDITS[slot.token])]
    value = values[value_at % len(values)]
    if value in ("x", "y"):
        value = _named(stack, slot, value)
    inputs = {each: declared.inputs[each] for each in declared.inputs if each != name}
    if value is not None:
        inputs[name] = value
    return Declared(inputs, frozenset(path for path in declared.secrets if path[0] != name))


def _named(stack: str, slot: Slot, letter: str) -> str:
    """Return a name that no other slot uses: what is unique is not fought for within a program."""
    if slot.token == JOB:
        return f"{stack}-{slot.name}-{letter}"
    return f"swr.cn-north-4.myhuaweicloud.com/team/{stack}-{slot.name}:{letter}"


def _hidden(token: str, inputs: Tree) -> list[Path]:
    """Put secrets into what can hold them, and tell where."""
    hidden: list[Path] = []
    for path, value in _SECRETS[token].items():
        is_held = path in dict(leaves(inputs)) and (path != ("uri",) or inputs.get("dataSourceType") != "NAS")
        node: Any = inputs
        for step in path[:-1] if is_held else ():
            node = node[step]
        if is_held:
            node[path[-1]] = value
            hidden.append(path)
    return hidden
