"""Laws of creation: how it ends, and that nothing that exists is ever lost. Knows a cloud in memory."""

from __future__ import annotations

import pytest

from mlworkbench.lifecycle.outcome import InitFailed, NotDone
from mlworkbench.model.values import Tree
from mlworkbench.wire.errors import (
    Answer,
    CloudError,
    InvalidRequest,
    PermissionDenied,
    QuotaExceeded,
    Throttled,
    Unavailable,
    Unreachable,
    Unreadable,
)
from tests.unit.lifecycle.cloud import ID, Cloud, Turn, life, missing, refused, request

INPUTS = {"name": "curves", "note": "a note"}


async def failing(
    cloud: Cloud, inputs: Tree | None = None, *, limit: float | None = None, step: float = 0.0
) -> InitFailed:
    with pytest.raises(InitFailed) as caught:
        await life(cloud).create(inputs or INPUTS, request(timeout=limit, step=step))
    return caught.value


async def test_a_thing_is_created_once_it_is_ready() -> None:
    reports: list[str] = []
    live = await life(Cloud(["Creating", "Creating", "Running"])).create(INPUTS, request(reports=reports))
    assert live.id == ID
    assert live.inputs == INPUTS
    assert live.state == {**INPUTS, "size": 7, "thingId": ID, "status": "Running"}
    assert [report.partition(",")[0] for report in reports] == ["Creating", "Creating", "Creating → Running"]


async def test_a_thing_is_created_by_one_call() -> None:
    cloud = Cloud(["Creating", "Running"])
    await life(cloud).create(INPUTS, request())
    assert cloud.calls == ["create"]


async def test_what_the_cloud_never_returns_is_in_the_state_as_it_was_given() -> None:
    live = await life(Cloud(["Running"])).create({**INPUTS, "hint": "h"}, request())
    assert live.state["hint"] == "h"


async def test_a_status_that_nobody_has_heard_of_is_waited_for() -> None:
    live = await life(Cloud(["Warming_Up", "running"])).create(INPUTS, request())
    assert live.state["status"] == "running"


async def test_a_thing_that_does_not_show_at_once_is_waited_for() -> None:
    live = await life(Cloud([missing(), missing(), "Running"])).create(INPUTS, request())
    assert live.state["status"] == "Running"


async def test_a_thing_that_stays_away_has_vanished_and_its_id_is_kept() -> None:
    failure = await failing(Cloud([missing()]))
    assert failure.live.id == ID
    assert failure.live.inputs == INPUTS
    assert failure.live.state["thingId"] == ID
    assert "vanished" in failure.reason


async def test_a_thing_that_is_deleted_meanwhile_has_vanished() -> None:
    failure = await failing(Cloud(["Creating", "Deleted"]))
    assert failure.live.id == ID
    assert "vanished" in failure.reason


async def test_a_thing_that_failed_is_kept_with_the_clouds_reason() -> None:
    failure = await failing(Cloud(["Creating", "Failed"], reason="no machine is left"))
    assert (failure.live.id, failure.live.state["status"]) == (ID, "Failed")
    assert failure.live.inputs["name"] == "curves"
    assert failure.live.state["thingId"] == ID
    assert "Thing t-1 is Failed (no machine is left)" in failure.reason
    assert str(failure) == failure.reason


async def test_a_thing_that_is_not_ready_in_time_is_kept() -> None:
    failure = await failing(Cloud(["Creating"]), limit=60, step=10)
    assert (failure.live.id, failure.live.state["status"]) == (ID, "Creating")
    assert "still Creating after" in failure.reason
    assert "pulumi up" in failure.reason


async def test_the_users_time_limit_is_the_one_that_counts() -> None:
    short, long = Cloud(["Creating"]), Cloud(["Creating"])
    looks = {"short": 0, "long": 0}

    def count(name: str) -> None:
        looks[name] += 1

    short.before_reading = lambda: count("short")
    long.before_reading = lambda: count("long")
    await failing(short, limit=20, step=1)
    await failing(long, limit=200, step=1)
    assert looks["short"] < looks["long"]


async def test_an_interruption_ends_the_wait_at_once_and_keeps_the_thing() -> None:
    asked = request()
    cloud = Cloud(["Creating"])
    cloud.before_reading = asked.watch.interrupted.set
    with pytest.raises(InitFailed, match="interrupted") as caught:
        await life(cloud).create(INPUTS, asked)
    assert (caught.value.live.id, caught.value.live.state["status"]) == (ID, "Creating")


@pytest.mark.parametrize(
    "turn",
    [
        PermissionDenied("ReadThing", Answer(403, message="not allowed")),
        Throttled("ReadThing", Answer(429, message="slower")),
        Unavailable("ReadThing", Answer(503, message="broken")),
        Unreadable("ReadThing", Answer(200, message="strange")),
        Unreachable("ReadThing", Answer(message="silence"), sent=True),
    ],
)
async def test_whatever_happens_after_there_is_an_id_the_thing_is_kept(turn: Turn) -> None:
    failure = await failing(Cloud(["Creating", turn]))
    assert failure.live.id == ID
    assert failure.live.inputs["name"] == "curves"
    assert str(turn) in failure.reason


@pytest.mark.parametrize("bug", [KeyError("status"), TypeError("int()"), OverflowError("too large"), RuntimeError("x")])
async def test_even_a_bug_of_ours_after_there_is_an_id_does_not_lose_the_thing(bug: Exception) -> None:
    failure = await failing(Cloud(["Creating", bug]))
    assert failure.live.id == ID
    assert failure.live.state["thingId"] == ID


async def test_a_thing_that_could_never_be_read_is_kept_with_what_was_asked_for() -> None:
    failure = await failing(Cloud([PermissionDenied("ReadThing", Answer(403))]))
    assert failure.live.state == {**INPUTS, "thingId": ID}


@pytest.mark.parametrize(
    "refusal",
    [
        InvalidRequest("MakeThing", Answer(400, message="bad")),
        PermissionDenied("MakeThing", Answer(403)),
        QuotaExceeded("MakeThing", Answer(400)),
        Throttled("MakeThing", Answer(429)),
    ],
)
async def test_a_creation_that_the_cloud_refuses_leaves_nothing(refusal: CloudError) -> None:
    with pytest.raises(type(refusal)):
        await life(Cloud(["Running"], refusals={"create": [refusal]})).create(INPUTS, request())


async def test_a_creation_that_never_left_this_machine_asks_nobody_to_look_for_it() -> None:
    refusal = Unreachable("MakeThing", Answer(message="refused"), sent=False)
    cloud = Cloud(["Running"], refusals={"create": [refusal]})
    with pytest.raises((NotDone, Unreachable)) as caught:
        await life(cloud).create(INPUTS, request())
    assert "may have taken effect" not in str(caught.value)
    assert cloud.calls == ["create"]


async def test_a_thing_that_stopped_by_itself_meanwhile_is_no_failure() -> None:
    live = await life(Cloud(["Creating", "Stopped"])).create(INPUTS, request())
    assert live.state["status"] == "Stopped"
    assert "desiredStatus" not in live.state


async def test_a_thing_that_shall_not_run_is_stopped_after_its_creation() -> None:
    cloud = Cloud(["Creating", "Running"], on={"stop": ["Running", "Stopping", "Stopped"]})
    live = await life(cloud).create({**INPUTS, "desiredStatus": "Stopped"}, request())
    assert cloud.calls == ["create", "stop"]
    assert (live.state["status"], live.state["desiredStatus"]) == ("Stopped", "Stopped")


async def test_a_thing_that_shall_run_is_started_if_it_comes_up_stopped() -> None:
    cloud = Cloud(["Creating", "Stopped"], on={"start": ["Stopped", "Creating", "Running"]})
    live = await life(cloud).create({**INPUTS, "desiredStatus": "running"}, request())
    assert cloud.calls == ["create", "start"]
    assert live.state["status"] == "Running"
    assert live.inputs["desiredStatus"] == "running"


async def test_a_thing_that_already_is_as_desired_is_left_alone() -> None:
    for desired, status in (("Running", "Running"), ("Stopped", "Stopped")):
        cloud = Cloud([status])
        await life(cloud).create({**INPUTS, "desiredStatus": desired}, request())
        assert cloud.calls == ["create"]


async def test_a_refusal_to_stop_right_now_is_waited_out() -> None:
    cloud = Cloud(["Running"], on={"stop": ["Stopped"]}, refusals={"stop": [refused(), refused()]})
    live = await life(cloud).create({**INPUTS, "desiredStatus": "Stopped"}, request())
    assert cloud.calls == ["create", "stop", "stop", "stop"]
    assert live.state["status"] == "Stopped"


async def test_a_refusal_that_never_ends_is_told_in_the_end() -> None:
    cloud = Cloud(["Running"], refusals={"stop": [refused() for _ in range(1000)]})
    with pytest.raises(InitFailed, match="not now") as caught:
        await life(cloud).create({**INPUTS, "desiredStatus": "Stopped"}, request(timeout=60, step=5))
    assert caught.value.live.id == ID


async def test_a_thing_that_fails_while_it_is_started_is_a_failure() -> None:
    cloud = Cloud(["Stopped"], on={"start": ["Creating", "Failed"]})
    failure = await failing(cloud, {**INPUTS, "desiredStatus": "Running"})
    assert "is Failed" in failure.reason
