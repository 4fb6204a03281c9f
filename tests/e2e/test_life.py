"""Laws of a whole life: up, up again, refresh, change, destroy. Knows all three resources and both hosts."""

from __future__ import annotations

from mlworkbench_emulator import Emulator

from .programs import image, job, tensorboard
from .stacks import Stack

READS = {"GetTensorboard", "ShowVisualizationJob", "ShowImage"}


def test_a_life_from_nothing_to_nothing(stack: Stack, cloud: Emulator) -> None:
    stack.declare(board=tensorboard(), curves=job(), torch=image())
    assert sorted(stack.up().succeeded().changes) == [("create", "board"), ("create", "curves"), ("create", "torch")]

    cloud.journal.clear()
    assert stack.up(expect_no_changes=True).succeeded().changes == []
    assert cloud.journal.operations() == []

    assert stack.refresh(expect_no_changes=True).succeeded().changes == []
    assert set(cloud.journal.operations()) == READS

    stack.destroy().succeeded()
    assert all(cloud.resources.all(kind) == [] for kind in ("tensorboards", "visualization-jobs", "images"))
    assert stack.place.all_kept() == []
