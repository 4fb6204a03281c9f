"""Make what a user may write: slots, inputs for them, names, secrets. Knows the declarations; no engine, no cloud."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hypothesis import strategies as st

from mlworkbench.model.values import Path, Tree
from mlworkbench.resources import registry
from tests.contract.cases import changes, variants

__all__ = ["HUSH", "SLOTS", "TOKENS", "Declared", "Slot", "declarations", "templates"]

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
    return tuple(
        {name: value for name, value in each.items() if name != kind.name_input}
        for each in found
        if each.get("dataSourceType") != "NAS" or not str(each.get("uri")).startswith("oss:")
    )


@st.composite
def declarations(draw: st.DrawFn, stack: str, slot: Slot) -> Declared:
    """Make up what a program asks for at a slot."""
    kind = registry()[slot.token]
    inputs = copy.deepcopy(draw(st.sampled_from(templates(slot.token))))
    letter = draw(st.sampled_from(("x", "y", "")))
    if slot.token == IMAGE:
        inputs["swrPath"] = f"swr.cn-north-4.myhuaweicloud.com/team/{stack}-{slot.name}:{letter or 'z'}"
        if draw(st.booleans()):
            inputs["deleteSwrContent"] = True
    elif letter:
        # The names of TensorBoards are not unique: all stacks use the same.
        inputs[kind.name_input] = f"{stack}-{slot.name}-{letter}" if slot.token == JOB else f"curves-{letter}"
    if slot.token != IMAGE and (desired := draw(st.sampled_from((None, None, "Running", "Stopped", "stopped")))):
        inputs["desiredStatus"] = desired
    secrets = draw(st.booleans()) and _hidden(slot.token, inputs)
    return Declared(inputs, frozenset(secrets or ()))


def _hidden(token: str, inputs: Tree) -> list[Path]:
    """Put secrets into what can hold them, and tell where."""
    hidden: list[Path] = []
    for path, value in _SECRETS[token].items():
        node: Any = inputs
        for step in path[:-1]:
            node = node.get(step) if isinstance(node, dict) else node[step] if node else None
        if node and (isinstance(node, list) or path[-1] in node):
            node[path[-1]] = value
            hidden.append(path)
    return hidden
