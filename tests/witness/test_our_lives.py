"""We lead a resource through its life as the vendors' pages say: stopped before it is deleted, made once, never twice.

The provider's own life of each resource runs against the emulator; official clients make what was there before.
"""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.api.pai import tensorboards
from mlworkbench.lifecycle import engine
from mlworkbench.lifecycle.engine import Lifecycle, Request
from mlworkbench.lifecycle.outcome import InitFailed, Live, NotDone
from mlworkbench.lifecycle.waiting import Patience, Watch
from mlworkbench.wire.errors import AlreadyExists
from mlworkbench.wire.states import States
from mlworkbench_emulator import Emulator, Fault, Outcome

from .ours import Ours
from .statuses import ROLES
from .vendors import Vendors

Tree = dict[str, Any]

BOARD, JOB, IMAGE = "pai:Tensorboard", "modelarts:VisualizationJob", "modelarts:Image"
INPUTS: dict[str, Tree] = {
    BOARD: {"displayName": "curves", "accessibility": "PUBLIC"},
    JOB: {"jobName": "curves", "trainUrl": "/b/d/"},
    IMAGE: {"swrPath": "swr.example.com/team/image:1"},
}
CREATES = {BOARD: "CreateTensorboard", JOB: "CreateVisualizationJob", IMAGE: "RegisterImage"}
STATES: dict[str, States] = {BOARD: tensorboards.STATES, JOB: visualization_jobs.STATES, IMAGE: images.STATES}


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clouds are on this machine: look as often as that allows."""
    quick = {verb: Patience(limit=20, first=0.001, longest=0.01) for verb in engine.PATIENCE}
    monkeypatch.setattr(engine, "PATIENCE", quick)


def life(token: str, ours: Ours) -> Lifecycle:
    client = ours.pai() if token == BOARD else ours.huawei()
    return Lifecycle(ours.resource(token, client))


def request() -> Request:
    return Request(Watch())


async def made(token: str, ours: Ours) -> tuple[Lifecycle, Live]:
    leader = life(token, ours)
    return leader, await leader.create(INPUTS[token], request())


@pytest.mark.parametrize("token", ROLES)
def test_every_status_has_the_part_that_its_page_gives_it(token: str) -> None:
    states = STATES[token]
    told = {
        "up": states.ready,
        "settled": states.stopped,
        "failed": states.failed,
        "gone": states.gone,
        "going down": states.stopping,
        "going away": states.deleting,
        "coming up": states.busy,
    }
    assert told == {part: frozenset(ROLES[token].get(part, "").split()) for part in told}


@pytest.mark.parametrize("token", INPUTS)
async def test_a_life_asks_for_no_more_than_it_needs(token: str, ours: Ours, emulator: Emulator) -> None:
    leader, live = await made(token, ours)
    assert emulator.journal.operations().count(CREATES[token]) == 1
    assert await leader.read(live.id, INPUTS[token], live.state, request())
    await leader.delete(live.id, INPUTS[token], request())
    assert await leader.read(live.id, INPUTS[token], live.state, request()) is None
    # What is gone already is fine.
    await leader.delete(live.id, INPUTS[token], request())


async def test_a_tensorboard_is_stopped_before_it_is_deleted(ours: Ours, emulator: Emulator) -> None:
    leader, live = await made(BOARD, ours)
    await leader.delete(live.id, INPUTS[BOARD], request())
    verbs = [entry.operation for entry in emulator.journal if entry.method in ("PUT", "DELETE")]
    assert verbs == ["StopTensorboard", "DeleteTensorboard"]
    assert {entry.status for entry in emulator.journal if entry.method != "GET"} == {200}


async def test_a_tensorboard_that_rests_is_deleted_without_a_stop(
    ours: Ours, vendors: Vendors, emulator: Emulator
) -> None:
    leader, live = await made(BOARD, ours)
    vendors["pai"].stop_tensorboard(live.id, pai.StopTensorboardRequest())
    emulator.journal.clear()
    await leader.delete(live.id, INPUTS[BOARD], request())
    assert "StopTensorboard" not in emulator.journal.operations()


@pytest.mark.parametrize("token", [BOARD, JOB])
async def test_a_thing_is_stopped_and_started_again_under_its_id(token: str, ours: Ours, emulator: Emulator) -> None:
    leader, live = await made(token, ours)
    for desired in ("Stopped", "Running"):
        inputs = {**INPUTS[token], "desiredStatus": desired}
        live = await leader.update(live.id, INPUTS[token], inputs, live.state, request())
        assert live.state["status"].casefold() in (("running",) if desired == "Running" else ("stopped", "killed"))
    assert len(emulator.resources.all("tensorboards" if token == BOARD else "visualization-jobs")) == 1


@pytest.mark.parametrize("token", INPUTS)
async def test_a_create_whose_answer_is_lost_is_found_and_not_made_twice(
    token: str, ours: Ours, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(CREATES[token], after_commit=True, drop_connection=True))
    _, live = await made(token, ours)
    (only,) = emulator.resources.all({BOARD: "tensorboards", JOB: "visualization-jobs", IMAGE: "images"}[token])
    assert live.id in {str(value) for value in only.values()}
    assert len(emulator.journal.of(CREATES[token])) == 1


async def test_a_second_tensorboard_of_the_same_name_is_no_answer_to_a_lost_create(
    ours: Ours, vendors: Vendors, emulator: Emulator
) -> None:
    # Names repeat: one that is otherwise is not what this create has made.
    vendors["pai"].create_tensorboard(pai.CreateTensorboardRequest(display_name="curves", accessibility="PRIVATE"))
    emulator.faults.add(Fault("CreateTensorboard", after_commit=True, drop_connection=True))
    _, live = await made(BOARD, ours)
    assert live.state["accessibility"] == "PUBLIC"


@pytest.mark.parametrize("token", [JOB, IMAGE])
async def test_what_holds_the_name_already_is_named(token: str, ours: Ours) -> None:
    _, live = await made(token, ours)
    with pytest.raises(AlreadyExists, match=live.id):
        await made(token, ours)


async def test_a_tensorboard_that_nobody_knows_is_not_made_again(ours: Ours, emulator: Emulator) -> None:
    _, live = await made(BOARD, ours)
    with pytest.raises(NotDone, match=live.id):
        await made(BOARD, ours)
    assert len(emulator.journal.of("CreateTensorboard")) == 1


@pytest.mark.parametrize(
    ("token", "state"),
    [(BOARD, "Failed"), (BOARD, "Creating_Failed"), (JOB, 3), (JOB, 5), (JOB, 11), (IMAGE, "CREATE_FAILED")],
)
async def test_what_fails_keeps_its_id_and_says_why(
    token: str, state: str | int, ours: Ours, emulator: Emulator
) -> None:
    emulator.outcomes.add(Outcome(CREATES[token], state, reason_message="no such bucket"))
    with pytest.raises(InitFailed) as failed:
        await made(token, ours)
    assert failed.value.live.id
    if token != JOB:
        assert "no such bucket" in failed.value.reason


@pytest.mark.parametrize("status", ["Stopped", "Succeeded"])
async def test_a_tensorboard_that_its_timer_ended_is_no_failure(status: str, ours: Ours, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"tensorboard_timer_status": status})
    leader = life(BOARD, ours)
    inputs = {**INPUTS[BOARD], "maxRunningTimeMinutes": 5}
    live = await leader.create(inputs, request())
    emulator.advance(6 * 60)
    seen = await leader.read(live.id, inputs, live.state, request())
    assert seen is not None
    assert seen.state["status"] == status


@pytest.mark.parametrize("status", [10, 12, 13])
async def test_a_job_that_its_schedule_ended_is_no_failure(status: int, ours: Ours, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"job_timer_status": status})
    leader = life(JOB, ours)
    inputs = {**INPUTS[JOB], "schedule": {"type": "stop", "timeUnit": "HOURS", "duration": 1}}
    live = await leader.create(inputs, request())
    emulator.advance(2 * 3600)
    seen = await leader.read(live.id, inputs, live.state, request())
    assert seen is not None
    assert seen.state["statusCode"] == status


@pytest.mark.parametrize("answer", ["not-found", "http-404", "deleted"])
async def test_an_image_is_gone_however_that_is_told(answer: str, ours: Ours, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"deleted_images": answer})
    leader, live = await made(IMAGE, ours)
    await leader.delete(live.id, INPUTS[IMAGE], request())
    assert await leader.read(live.id, INPUTS[IMAGE], live.state, request()) is None


async def test_a_tensorboard_that_is_shown_as_deleted_is_gone(ours: Ours, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"keep_deleted_tensorboards": True})
    leader, live = await made(BOARD, ours)
    await leader.delete(live.id, INPUTS[BOARD], request())
    assert await leader.read(live.id, INPUTS[BOARD], live.state, request()) is None
