"""Laws of two stacks on one account: each knows what is its own, at the same time too."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlworkbench_emulator import Emulator

from .place import Place
from .programs import Program, image, job, tensorboard
from .stacks import PluginStack

PATH = "swr.cn-north-4.myhuaweicloud.com/team/torch:{}"


def program(tag: str) -> Program:
    return {
        "board": tensorboard(summaryPath=f"/{tag}/"),
        "curves": job(jobDesc=tag),
        "torch": image(swrPath=PATH.format(tag)),
    }


@pytest.fixture
def stacks(place: Place, blank: Path, tmp_path: Path) -> list[PluginStack]:
    other = tmp_path / "other"
    shutil.copytree(blank, other)
    return [PluginStack(place), PluginStack(Place(other, place.path, place.cloud))]


def held(cloud: Emulator) -> set[str]:
    kinds = {"tensorboards": "TensorboardId", "visualization-jobs": "job_id", "images": "id"}
    return {str(facts[key]) for kind, key in kinds.items() for facts in cloud.resources.all(kind)}


def ids(stack: PluginStack) -> set[str]:
    return {kept.id for kept in stack.place.all_kept()}


def test_the_same_program_comes_up_and_goes_twice_without_a_mix_up(stacks: list[PluginStack], cloud: Emulator) -> None:
    cloud.progress = "seconds:1"
    for stack, tag in zip(stacks, ("one", "two"), strict=True):
        stack.declare(**program(tag))
    with ThreadPoolExecutor(len(stacks)) as both:
        for run in both.map(lambda stack: stack.up(), stacks):
            run.succeeded()
    first, second = map(ids, stacks)
    assert len(first) == len(second) == len(program(""))
    assert not first & second
    assert held(cloud) == first | second
    for stack in stacks:
        assert stack.preview(refresh=True, expect_no_changes=True).succeeded().changes == []
    stacks[0].destroy().succeeded()
    assert held(cloud) == second
    assert stacks[1].preview(refresh=True, expect_no_changes=True).succeeded().changes == []


def test_what_one_stack_holds_by_name_the_other_neither_takes_nor_makes_again(
    stacks: list[PluginStack], cloud: Emulator
) -> None:
    named = {"board": tensorboard(displayName="curves"), "curves": job(jobName="curves"), "torch": image()}
    for stack in stacks:
        stack.declare(**named)
    stacks[0].up().succeeded()
    refused = stacks[1].up(continue_on_error=True).refused()
    assert refused.text.count("take it over with `pulumi import ") >= len(named)
    assert ids(stacks[1]) == set()
    assert held(cloud) == ids(stacks[0])
