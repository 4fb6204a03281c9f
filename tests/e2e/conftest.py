"""Give each end-to-end test an emulated cloud and an empty stack on each host. Knows the fixtures; no resource."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import pytest

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running

from .place import STACK, Place
from .stacks import PROJECT, DynamicStack, PluginStack, Stack

# The engine, the provider and the right python3 lie beside the interpreter that runs the tests.
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty stack, made once: to copy it is quicker than to make another."""
    place = Place(tmp_path_factory.mktemp("blank"), PATH, {})
    for folder in (place.project, place.backend):
        folder.mkdir()
    (place.project / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: yaml\n")
    subprocess.run(
        ["pulumi", "stack", "init", STACK], cwd=place.project, env=place.environment, check=True, capture_output=True
    )
    return place.root


@pytest.fixture(scope="session")
def worker() -> Iterator[Executor]:
    """The process that Python programs run in."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@pytest.fixture
def cloud() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.close()


@pytest.fixture
def url(cloud: Emulator) -> Iterator[str]:
    with running(cloud) as url:
        yield url


@pytest.fixture
def place(tmp_path: Path, blank: Path, cloud: Emulator, url: str) -> Iterator[Place]:
    """The folders of an empty stack whose environment leads to the emulated cloud. It leaves no process behind."""
    root = tmp_path / "stack"
    shutil.copytree(blank, root)
    made = Place(root, PATH, environment(cloud.settings, url))
    yield made
    assert made.processes() == {}


@pytest.fixture
def plugin(place: Place) -> PluginStack:
    return PluginStack(place)


@pytest.fixture
def dynamic(place: Place, worker: Executor) -> DynamicStack:
    return DynamicStack(place, worker)


@pytest.fixture(params=["plugin", "dynamic"])
def stack(request: pytest.FixtureRequest) -> Stack:
    """A stack on each of the hosts: what is written with it holds for both."""
    made: Stack = request.getfixturevalue(request.param)
    return made
