"""Laws of updates: what reaches the cloud, and how they end. Knows a cloud in memory."""

from __future__ import annotations

import pytest

from mlworkbench.lifecycle.outcome import InitFailed, NotDone
from mlworkbench.model.values import Tree
from mlworkbench.wire.errors import (
    Answer,
    CloudError,
    InvalidRequest,
    PermissionDenied,
    Unavailable,
    Unreachable,
    Unreadable,
    WrongState,
)
from tests.unit.lifecycle.cloud import ID, Cloud, Turn, life, missing, refused, request, there

OLD = {"name": "curves", "note": "a note"}
STATE = {**OLD, "size": 7, "thingId": ID, "status": "Running"}


async def update(cloud: Cloud, new: Tree, old: Tree = OLD) -> Tree:
    live = await life(cloud).update(ID, old, new, STATE, request())
    assert (live.id, live.inputs) == (ID, new)
    return live.state


async def test_an_update_tells_the_cloud_what_differs_and_nothing_else() -> None:
    cloud = there("Running")
    state = await update(cloud, {"name": "curves", "note": "another"})
    assert cloud.calls == ["update"]
    assert [str(change) for change in cloud.updates[0].changes] == ["update note"]
    assert cloud.updates[0].differing() == {"note": "another"}
    assert state["note"] == "another"


async def test_a_property_that_is_taken_away_is_told_as_absent() -> None:
    cloud = there("Running")
    state = await update(cloud, {"name": "curves"})
    assert cloud.updates[0].differing() == {"note": None}
    assert "note" not in state


async def test_what_somebody_else_has_set_meanwhile_is_left_for_the_next_refresh_to_tell() -> None:
    cloud = there("Running", on={"stop": ["Stopped"]})
    cloud.kept["note"] = "drifted"
    bare = {"name": "curves"}
    wish = bare | {"desiredStatus": "Stopped"}
    live = await life(cloud).update(ID, bare, wish, {**bare, "thingId": ID, "status": "Running"}, request())
    assert "note" not in live.state
    seen = await life(cloud).read(ID, wish, live.state, request())
    assert seen is not None
    assert seen.inputs == wish | {"note": "drifted"}


async def test_an_update_waits_until_the_thing_has_settled_before_and_after() -> None:
    cloud = there("Creating", "Running", on={"update": ["Changing", "Running"]})
    state = await update(cloud, {"name": "curves", "note": "another"})
    assert state["status"] == "Running"


async def test_a_wish_alone_changes_nothing_in_the_cloud_but_the_wish() -> None:
    cloud = there("Running", on={"stop": ["Stopping", "Stopped"]})
    state = await update(cloud, {**OLD, "desiredStatus": "Stopped"})
    assert cloud.calls == ["stop"]
    assert (state["status"], state["desiredStatus"]) == ("Stopped", "Stopped")


async def test_a_wish_and_a_change_are_both_done() -> None:
    cloud = there("Stopped", on={"start": ["Creating", "Running"]})
    state = await update(cloud, {"name": "curves", "note": "another", "desiredStatus": "Running"})
    assert cloud.calls == ["update", "start"]
    assert state["status"] == "Running"


async def test_a_wish_that_is_fulfilled_makes_no_call() -> None:
    for desired, status in (("Running", "Running"), ("Stopped", "Stopped")):
        cloud = there(status)
        await update(cloud, {**OLD, "desiredStatus": desired})
        assert cloud.calls == []


async def test_a_wish_that_is_taken_back_leaves_the_thing_as_it_is() -> None:
    cloud = there("Stopped")
    state = await update(cloud, OLD, {**OLD, "desiredStatus": "Stopped"})
    assert cloud.calls == []
    assert (state["status"], "desiredStatus" in state) == ("Stopped", False)


async def test_a_refusal_to_start_right_now_is_waited_out() -> None:
    cloud = there("Stopped", on={"start": ["Running"]}, refusals={"start": [refused()]})
    await update(cloud, {**OLD, "desiredStatus": "Running"})
    assert cloud.calls == ["start", "start"]


async def test_a_stopped_thing_is_updated_as_it_is() -> None:
    cloud = there("Stopped")
    state = await update(cloud, {"name": "curves", "note": "another"})
    assert (cloud.calls, state["status"]) == (["update"], "Stopped")


async def test_nothing_to_change_makes_no_call() -> None:
    cloud = there("Running")
    await update(cloud, OLD)
    assert cloud.calls == []


async def test_an_update_of_something_that_is_gone_says_so_and_changes_nothing() -> None:
    for cloud in (there(missing()), there("Deleted")):
        with pytest.raises(NotDone, match="vanished: somebody else deleted it"):
            await life(cloud).update(ID, OLD, {"name": "curves", "note": "x"}, STATE, request())
        assert cloud.calls == []


async def test_an_update_that_cannot_begin_in_time_changes_nothing() -> None:
    cloud = there("Creating")
    with pytest.raises(NotDone, match=r"still Creating.*Nothing was changed"):
        await life(cloud).update(ID, OLD, {"name": "curves", "note": "x"}, STATE, request(timeout=60, step=10))
    assert cloud.calls == []


async def test_an_interruption_before_the_change_changes_nothing() -> None:
    asked, cloud = request(), there("Creating")
    cloud.before_reading = asked.watch.interrupted.set
    with pytest.raises(NotDone, match=r"interrupted.*Nothing was changed"):
        await life(cloud).update(ID, OLD, {"name": "curves", "note": "x"}, STATE, asked)
    assert cloud.calls == []


async def test_a_change_that_the_cloud_refuses_is_raised_as_it_is() -> None:
    refusal = InvalidRequest("ChangeThing", Answer(400, message="bad note"))
    cloud = there("Running", refusals={"update": [refusal]})
    with pytest.raises(InvalidRequest, match="bad note"):
        await life(cloud).update(ID, OLD, {"name": "curves", "note": "x"}, STATE, request())


async def test_an_update_that_got_a_part_of_the_way_keeps_what_is_true_now() -> None:
    cloud = there("Running", on={"stop": ["Stopping"]})
    new = {"name": "curves", "note": "another", "desiredStatus": "Stopped"}
    with pytest.raises(InitFailed, match="still Stopping") as caught:
        await life(cloud).update(ID, OLD, new, STATE, request(timeout=60, step=5))
    live = caught.value.live
    assert (live.id, live.state["note"], live.state["status"]) == (ID, "another", "Stopping")


async def test_a_thing_that_fails_after_an_update_is_kept_as_failed() -> None:
    cloud = there("Running", on={"update": ["Changing", "Failed"]}, reason="broken disk")
    with pytest.raises(InitFailed, match=r"Failed \(broken disk\)") as caught:
        await life(cloud).update(ID, OLD, {"name": "curves", "note": "another"}, STATE, request())
    assert caught.value.live.state["status"] == "Failed"


async def test_an_error_while_waiting_after_an_update_keeps_what_was_last_seen() -> None:
    cloud = there("Running", on={"update": ["Changing", PermissionDenied("ReadThing", Answer(403))]})
    with pytest.raises(InitFailed) as caught:
        await life(cloud).update(ID, OLD, {"name": "curves", "note": "another"}, STATE, request())
    assert (caught.value.live.id, caught.value.live.state["note"]) == (ID, "another")


async def test_what_the_cloud_never_returns_is_updated_like_anything_else() -> None:
    cloud = there("Running")
    state = await update(cloud, {**OLD, "hint": "new"}, {**OLD, "hint": "old"})
    assert cloud.updates[0].differing() == {"hint": "new"}
    assert state["hint"] == "new"


@pytest.mark.parametrize("kind", [Unreachable, Unavailable, Unreadable])
async def test_a_change_whose_answer_is_lost_is_reported_as_it_is_now(kind: type[CloudError]) -> None:
    lost = kind("ChangeThing", Answer(message="no answer"), sent=True)
    cloud = there("Running", refusals={"update": [lost]})
    cloud.kept["note"] = "another"
    with pytest.raises(InitFailed, match="no answer") as failed:
        await update(cloud, {"name": "curves", "note": "another", "hint": "h"})
    assert failed.value.live.state["note"] == "another"
    cloud = there("Running", missing(), refusals={"update": [lost]})
    with pytest.raises(kind):
        await update(cloud, {"name": "curves", "note": "another"})


@pytest.mark.parametrize(("wish", "end"), [({}, "Stopped"), ({"desiredStatus": "Running"}, "Running")])
async def test_a_change_that_a_stopped_thing_refuses_is_made_while_it_runs(wish: Tree, end: str) -> None:
    on: dict[str, list[Turn]] = {"start": ["Creating", "Running"], "stop": ["Stopping", "Stopped"]}
    cloud = there("Stopped", on=on, refusals={"update": [refused()]})
    state = await update(cloud, {"name": "curves", "note": "another", **wish})
    assert cloud.calls == ["update", "start", "update", *(["stop"] if end == "Stopped" else [])]
    assert (state["status"], state["note"]) == (end, "another")


async def test_a_change_that_a_running_thing_refuses_too_is_told_and_leaves_it_stopped() -> None:
    on: dict[str, list[Turn]] = {"start": ["Running"], "stop": ["Stopped"]}
    cloud = there("Stopped", on=on, refusals={"update": [refused(), refused()]})
    with pytest.raises(InitFailed, match="not now") as failed:
        await update(cloud, {"name": "curves", "note": "another"})
    assert failed.value.live.state["status"] == "Stopped"
    with pytest.raises(WrongState):
        await update(there("Running", refusals={"update": [refused()]}), {"name": "curves", "note": "another"})
