"""Laws of the examples: each one comes up as it stands, twice the same, and goes. Knows no example by name."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mlworkbench_emulator import Emulator

from .place import STACK, Place
from .stacks import DynamicStack, PluginStack, Stack

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(params=sorted(EXAMPLES.glob("*/Pulumi.yaml")), ids=lambda path: path.parent.name)
def example(request: pytest.FixtureRequest, place: Place, plugin: PluginStack, dynamic: DynamicStack) -> Stack:
    """A copy of an example, with an empty stack, on its own host."""
    shutil.rmtree(place.project)
    shutil.copytree(request.param.parent, place.project)
    subprocess.run(
        ["pulumi", "stack", "init", STACK], cwd=place.project, env=place.environment, check=True, capture_output=True
    )
    hosts: dict[str, Callable[[], Stack]] = {"yaml": lambda: plugin, "python": lambda: on_file(dynamic)}
    runtime = yaml.safe_load(request.param.read_text())["runtime"]
    return hosts[runtime if isinstance(runtime, str) else runtime["name"]]()


def on_file(dynamic: DynamicStack) -> Stack:
    dynamic.declare_file(dynamic.place.project / "__main__.py")
    return dynamic


def test_an_example_comes_up_stays_and_goes(example: Stack, cloud: Emulator) -> None:
    assert {op for op, _ in example.up().succeeded().changes} == {"create"}
    kept = example.place.all_kept()
    assert kept
    assert all(each.id and not each.failures for each in kept)
    assert example.up(refresh=True, expect_no_changes=True).succeeded().changes == []
    example.destroy().succeeded()
    assert example.place.all_kept() == []
    assert [cloud.resources.all(kind) for kind in ("tensorboards", "visualization-jobs", "images")] == [[], [], []]
