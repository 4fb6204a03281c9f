"""Laws of desiredStatus: set, it is brought about and its loss is drift; unset, a stop is nobody's business."""

from __future__ import annotations

from mlworkbench_emulator import Emulator

from .programs import Declared, job, tensorboard
from .stacks import PluginStack, Stack

KILLED, RUNNING = 12, 8


def program(desired: str) -> dict[str, Declared]:
    return {
        "board": tensorboard(desiredStatus=desired),
        "curves": job(desiredStatus=desired),
        "free": tensorboard(),
        "loose": job(),
    }


def statuses(stack: Stack, cloud: Emulator) -> dict[str, object]:
    """Return how each one is in the cloud."""
    boards = {facts["TensorboardId"]: facts["Status"] for facts in cloud.resources.all("tensorboards")}
    jobs = {str(facts["job_id"]): facts["status"] for facts in cloud.resources.all("visualization-jobs")}
    return {kept.name: (boards | jobs)[kept.id] for kept in stack.place.all_kept()}


def stop_all_by_hand(stack: Stack, cloud: Emulator) -> None:
    for name in ("board", "free"):
        cloud.resources.change("tensorboards", stack.place.kept(name).id, {"Status": "Stopped"})
    for name in ("curves", "loose"):
        cloud.resources.change("visualization-jobs", stack.place.kept(name).id, {"status": KILLED})


def test_a_desired_status_is_brought_about_and_kept(stack: Stack, cloud: Emulator) -> None:
    stack.declare(**program("Stopped"))
    stack.up().succeeded()
    assert statuses(stack, cloud) == {"board": "Stopped", "curves": KILLED, "free": "Running", "loose": RUNNING}
    assert stack.place.kept("board").outputs["desiredStatus"] == "Stopped"

    stack.declare(**program("Running"))
    cloud.journal.clear()
    assert sorted(stack.up().succeeded().changes) == [("update", "board"), ("update", "curves")]
    assert len(cloud.journal.of("StartTensorboard")) == len(cloud.journal.of("RestartVisualizationJob")) == 1
    assert statuses(stack, cloud) == {"board": "Running", "curves": RUNNING, "free": "Running", "loose": RUNNING}

    stop_all_by_hand(stack, cloud)
    seen = stack.preview(refresh=True, expect_no_changes=True).refused()
    assert sorted(seen.changes) == [("update", "board"), ("update", "curves")]
    if isinstance(stack, PluginStack):
        assert {step.differing for step in seen.steps if step.op == "update"} == {frozenset({"desiredStatus"})}

    stack.up(refresh=True).succeeded()
    assert statuses(stack, cloud) == {"board": "Running", "curves": RUNNING, "free": "Stopped", "loose": KILLED}
    assert stack.preview(refresh=True, expect_no_changes=True).succeeded().changes == []
