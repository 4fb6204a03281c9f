"""Laws of a whole life: foretell, up, up again, refresh, update, destroy. Knows what each step may ask of the cloud."""

from __future__ import annotations

from collections.abc import Mapping

from mlworkbench_emulator import Emulator

from .programs import Ref, image, job, tensorboard
from .stacks import Stack

READS = {"GetTensorboard", "ShowVisualizationJob", "ShowImage"}
KINDS = ("tensorboards", "visualization-jobs", "images")

BOARD = tensorboard(displayName="board", maxRunningTimeMinutes=240, accessibility="PRIVATE", priority=1)
CURVES = job(jobDesc="Curves of the nightly training")
TORCH = image(description="PyTorch")


def writes(cloud: Emulator) -> list[str]:
    return [operation for operation in cloud.journal.operations() if operation not in READS]


def sent(cloud: Emulator, operation: str) -> tuple[Mapping[str, str], object]:
    """Return what the one call of an operation carried: its query and its body."""
    [call] = cloud.journal.of(operation)
    return dict(call.query), call.body


def test_a_life_from_nothing_to_nothing(stack: Stack, cloud: Emulator) -> None:
    created = [("create", "board"), ("create", "curves"), ("create", "torch")]
    stack.declare(board=BOARD, curves=CURVES, torch=TORCH)

    assert sorted(stack.preview().succeeded().changes) == created
    assert cloud.journal.operations() == []

    assert sorted(stack.up().succeeded().changes) == created
    ids = {kept.name: kept.id for kept in stack.place.all_kept()}

    cloud.journal.clear()
    assert stack.up(expect_no_changes=True).succeeded().changes == []
    assert cloud.journal.operations() == []

    assert stack.refresh(expect_no_changes=True).succeeded().changes == []
    assert writes(cloud) == []
    assert set(cloud.journal.operations()) == READS

    all_that_can_change = BOARD.but(maxRunningTimeMinutes=60, accessibility="PUBLIC", priority=2)
    stack.declare(board=all_that_can_change, curves=CURVES.but(jobDesc="Weekly"), torch=TORCH)
    cloud.journal.clear()
    assert sorted(stack.up().succeeded().changes) == [("update", "board"), ("update", "curves")]
    changed = {"MaxRunningTimeMinutes": "60", "Accessibility": "PUBLIC", "Priority": "2"}
    assert sent(cloud, "UpdateTensorboard") == (changed, None)
    assert sent(cloud, "UpdateVisualizationJob") == ({}, {"job_desc": "Weekly"})

    stack.declare(board=all_that_can_change.but(priority=3), curves=CURVES.but(jobDesc=None), torch=TORCH)
    cloud.journal.clear()
    stack.up().succeeded()
    assert sent(cloud, "UpdateTensorboard") == ({"Priority": "3"}, None)
    assert sent(cloud, "UpdateVisualizationJob") == ({}, {"job_desc": ""})
    assert {kept.name: kept.id for kept in stack.place.all_kept()} == ids

    cloud.journal.clear()
    stack.destroy().succeeded()
    assert [name for name in writes(cloud) if "Tensorboard" in name] == ["StopTensorboard", "DeleteTensorboard"]
    assert all(cloud.resources.all(kind) == [] for kind in KINDS)
    assert stack.place.all_kept() == []


def test_a_value_that_is_not_known_yet_can_be_foretold_and_used(stack: Stack, cloud: Emulator) -> None:
    """It is text of a limited length, a text of a pattern, and an item of a list."""
    stack.declare(
        board=tensorboard(),
        torch=image(tags=[Ref("board", "tensorboardId")]),
        curves=job(jobDesc=Ref("board", "tensorboardId"), trainUrl=Ref("torch", "name")),
        deep=tensorboard(tensorboardSpec={"vpcId": Ref("torch", "imageId")}),
    )
    created = [("create", "board"), ("create", "curves"), ("create", "deep"), ("create", "torch")]
    assert sorted(stack.preview().succeeded().changes) == created
    assert cloud.journal.operations() == []

    assert sorted(stack.up().succeeded().changes) == created
    assert stack.place.kept("curves").outputs["jobDesc"] == stack.place.kept("board").id
    assert stack.place.kept("deep").outputs["tensorboardSpec"]["vpcId"] == stack.place.kept("torch").id


def test_what_the_cloud_takes_time_for_is_awaited(stack: Stack, cloud: Emulator) -> None:
    """Each state lasts a moment: creation ends when it runs, deletion when it is gone."""
    cloud.progress = "seconds:0.1"
    stack.declare(board=tensorboard(), curves=job())
    stack.up().succeeded()
    assert stack.place.kept("board").outputs["status"] == "Running"
    assert stack.place.kept("curves").outputs["status"] == "RUNNING"
    assert stack.place.kept("board").outputs["tensorboardUrl"]

    stack.destroy().succeeded()
    assert cloud.journal.operations()[-1] in READS | {"ListVisualizationJobs"}
    assert cloud.resources.all("tensorboards") == cloud.resources.all("visualization-jobs") == []
