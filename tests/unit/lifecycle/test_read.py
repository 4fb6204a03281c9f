"""Laws of reading: refresh and import. Knows a cloud in memory."""

from __future__ import annotations

import pytest

from mlworkbench.wire.errors import Answer, CloudError, PermissionDenied, Unavailable, Unreachable, WrongEndpoint
from tests.unit.lifecycle.cloud import ID, life, missing, request, there

INPUTS = {"name": "curves", "note": "a note"}
STATE = {**INPUTS, "size": 7, "thingId": ID, "status": "Running"}


async def test_a_thing_is_read_as_it_is() -> None:
    live = await life(there("Running")).read(ID, INPUTS, STATE, request())
    assert live is not None
    assert (live.id, live.inputs, live.state) == (ID, INPUTS, STATE)


@pytest.mark.parametrize("status", ["Creating", "Stopping", "Failed", "Stopped", "Something_New"])
async def test_reading_waits_for_nothing_and_judges_nothing(status: str) -> None:
    live = await life(there(status)).read(ID, INPUTS, STATE, request())
    assert live is not None
    assert live.state["status"] == status
    assert live.inputs == INPUTS


async def test_a_missing_thing_is_gone() -> None:
    assert await life(there(missing())).read(ID, INPUTS, STATE, request()) is None


async def test_a_thing_that_the_cloud_calls_deleted_is_gone() -> None:
    assert await life(there("deleted")).read(ID, INPUTS, STATE, request()) is None


@pytest.mark.parametrize(
    "error",
    [
        PermissionDenied("ReadThing", Answer(403)),
        WrongEndpoint("ReadThing", Answer(404)),
        Unavailable("ReadThing", Answer(503)),
        Unreachable("ReadThing", Answer(), sent=True),
    ],
)
async def test_no_other_error_counts_as_absence(error: CloudError) -> None:
    with pytest.raises(type(error)):
        await life(there(error)).read(ID, INPUTS, STATE, request())


async def test_what_somebody_changed_is_read_into_the_inputs() -> None:
    cloud = there("Running")
    cloud.kept["note"] = "by hand"
    live = await life(cloud).read(ID, INPUTS, STATE, request())
    assert live is not None
    assert live.inputs == {"name": "curves", "note": "by hand"}
    assert live.state["note"] == "by hand"


async def test_what_the_cloud_filled_in_is_in_the_state_only() -> None:
    live = await life(there("Running")).read(ID, {"name": "curves", "note": "a note"}, STATE, request())
    assert live is not None
    assert "size" not in live.inputs
    assert live.state["size"] == 7


async def test_what_the_cloud_never_returns_stays() -> None:
    live = await life(there("Running")).read(ID, {**INPUTS, "hint": "h"}, {**STATE, "hint": "h"}, request())
    assert live is not None
    assert (live.inputs["hint"], live.state["hint"]) == ("h", "h")


@pytest.mark.parametrize(
    ("status", "desired"),
    [("Running", "Running"), ("Creating", "Running"), ("Stopping", "Stopped"), ("Stopped", "Stopped")],
)
async def test_whether_it_runs_is_told_to_whom_it_matters(status: str, desired: str) -> None:
    live = await life(there(status)).read(ID, {**INPUTS, "desiredStatus": "Running"}, STATE, request())
    assert live is not None
    assert live.inputs["desiredStatus"] == desired
    assert live.state["desiredStatus"] == desired


async def test_a_stop_is_no_difference_for_whom_it_does_not_matter() -> None:
    live = await life(there("Stopped")).read(ID, INPUTS, STATE, request())
    assert live is not None
    assert live.inputs == INPUTS
    assert "desiredStatus" not in live.state


async def test_an_import_takes_what_the_cloud_tells() -> None:
    live = await life(there("Running")).read(ID, None, {}, request())
    assert live is not None
    assert live.inputs == {"name": "curves", "note": "a note", "size": 7}
    assert live.state == STATE


async def test_an_import_of_a_missing_thing_finds_nothing() -> None:
    assert await life(there(missing())).read("t-9", None, {}, request()) is None
