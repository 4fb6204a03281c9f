"""Laws of deletion: it ends when the thing is gone, however it got there. Knows a cloud in memory."""

from __future__ import annotations

import pytest

from mlworkbench.lifecycle.outcome import NotDone
from mlworkbench.wire.errors import Answer, NotFound, PermissionDenied, Unavailable
from tests.unit.lifecycle.cloud import ID, Cloud, StopFirst, Thing, life, missing, refused, request, there

INPUTS = {"name": "curves", "note": "a note"}


async def delete(cloud: Cloud, kind: type[Thing] = Thing) -> list[str]:
    await life(cloud, kind).delete(ID, INPUTS, request())
    return cloud.calls


async def test_a_thing_is_deleted_and_waited_for_until_it_is_missing() -> None:
    cloud = there("Running", on={"delete": ["Running", "Deleting", missing()]})
    assert await delete(cloud) == ["delete"]
    assert cloud.statuses == cloud.statuses[-1:]


async def test_a_thing_that_the_cloud_still_shows_as_deleted_is_gone() -> None:
    assert await delete(there("Running", on={"delete": ["Deleting", "Deleted"]})) == ["delete"]


async def test_a_thing_that_is_gone_already_is_fine() -> None:
    assert await delete(there(missing())) == []
    assert await delete(there("Deleted")) == []


async def test_a_thing_that_goes_while_it_is_being_deleted_is_fine() -> None:
    gone = NotFound("DropThing", Answer(404, "Thing.Gone"))
    assert await delete(there("Running", refusals={"delete": [gone]})) == ["delete"]


async def test_a_thing_that_must_be_stopped_first_is_stopped_first() -> None:
    cloud = there("Running", on={"stop": ["Stopping", "Stopped"], "delete": [missing()]}, refusals={"delete": []})
    cloud.refusals["delete"] = [refused()]
    calls = await delete(cloud, StopFirst)
    assert calls[0] == "stop"
    assert calls[-1] == "delete"


async def test_a_stopped_thing_is_not_stopped_again() -> None:
    assert await delete(there("Stopped", on={"delete": [missing()]}), StopFirst) == ["delete"]


async def test_a_failed_thing_is_deleted_without_a_stop() -> None:
    assert await delete(there("Failed", on={"delete": ["Failed", missing()]}), StopFirst) == ["delete"]


async def test_a_running_thing_that_refuses_to_be_deleted_is_stopped_and_deleted() -> None:
    cloud = there("Running", on={"stop": ["Stopped"], "delete": [missing()]}, refusals={"delete": [refused()]})
    assert await delete(cloud) == ["delete", "stop", "delete"]


async def test_a_thing_on_its_way_is_deleted_as_soon_as_the_cloud_allows_that() -> None:
    cloud = there("Stopping", "Stopping", "Stopped", on={"delete": [missing()]}, refusals={"delete": [refused()] * 2})
    assert await delete(cloud) == ["delete", "delete", "delete"]


async def test_a_refusal_to_stop_is_waited_out() -> None:
    cloud = there("Running", on={"stop": ["Stopped"], "delete": [missing()]}, refusals={"stop": [refused(), refused()]})
    assert await delete(cloud, StopFirst) == ["stop", "stop", "stop", "delete"]


async def test_a_deletion_that_fails_says_why_and_keeps_the_thing() -> None:
    cloud = there("Running", on={"delete": ["Deleting", "DeleteFailed"]}, reason="in use")
    with pytest.raises(NotDone, match=r"Thing t-1 was not deleted: DeleteFailed \(in use\)"):
        await life(cloud).delete(ID, INPUTS, request())


async def test_a_deletion_that_takes_too_long_says_what_to_do() -> None:
    cloud = there("Running", on={"delete": ["Deleting"]})
    with pytest.raises(NotDone, match=r"still Deleting after .* run the same command again"):
        await life(cloud).delete(ID, INPUTS, request(timeout=60, step=10))


async def test_a_deletion_that_is_never_allowed_tells_the_clouds_answer() -> None:
    cloud = there("Stopping", refusals={"delete": [refused() for _ in range(100)]})
    with pytest.raises(NotDone, match="not now"):
        await life(cloud).delete(ID, INPUTS, request(timeout=60, step=10))


async def test_an_interruption_ends_the_wait_at_once() -> None:
    asked, cloud = request(), there("Running", on={"delete": ["Deleting"]})
    cloud.before_reading = asked.watch.interrupted.set
    with pytest.raises(NotDone, match="interrupted"):
        await life(cloud).delete(ID, INPUTS, asked)
    assert cloud.calls == ["delete"]


@pytest.mark.parametrize("call", ["read", "delete"])
async def test_another_error_is_raised_as_it_is(call: str) -> None:
    error = PermissionDenied("X", Answer(403, message="not allowed"))
    cloud = there(error) if call == "read" else there("Running", refusals={"delete": [error]})
    with pytest.raises(PermissionDenied, match="not allowed"):
        await life(cloud).delete(ID, INPUTS, request())


async def test_an_error_while_waiting_for_the_end_is_raised_as_it_is() -> None:
    cloud = there("Running", on={"delete": ["Deleting", Unavailable("X", Answer(503))]})
    with pytest.raises(Unavailable):
        await life(cloud).delete(ID, INPUTS, request())


async def test_inputs_of_an_older_version_do_not_prevent_a_deletion() -> None:
    cloud = there("Stopped", on={"delete": [missing()]})
    await life(cloud).delete(ID, {"forgotten": 1, "size": "not a number any more"}, request())
    await life(there("Stopped", on={"delete": [missing()]})).delete(ID, {}, request())
    assert cloud.calls == ["delete"]
