"""Laws of all lives at once: whatever a cloud answers, no id is lost and every wait ends. Knows a cloud in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.lifecycle.outcome import InitFailed, Live, NotDone
from mlworkbench.model.values import Tree
from mlworkbench.wire.errors import Answer, CloudError, PermissionDenied, Unavailable, Unreachable
from tests.unit.lifecycle.cloud import ID, Cloud, Turn, life, missing, refused, request

STATUSES = ["Creating", "Running", "Stopping", "Stopped", "Failed", "Deleting", "Deleted", "New_Word", ""]
# Each example gets errors of its own: an exception that was raised once keeps its traceback.
ERRORS: list[Callable[[], CloudError]] = [
    missing,
    refused,
    lambda: PermissionDenied("X", Answer(403)),
    lambda: Unavailable("X", Answer(503)),
    lambda: Unreachable("X", Answer(), sent=True),
]

turns: st.SearchStrategy[Turn] = st.one_of(
    st.sampled_from(STATUSES), st.sampled_from(STATUSES), st.sampled_from(ERRORS).map(lambda make: make())
)
walks = st.lists(turns, min_size=1, max_size=6)
calls = st.sampled_from(["start", "stop", "update", "delete"])
refusals = st.dictionaries(calls, st.lists(st.builds(refused), max_size=3))
wishes: st.SearchStrategy[Tree] = st.sampled_from([{}, {"desiredStatus": "Running"}, {"desiredStatus": "stopped"}])
INPUTS = {"name": "curves", "note": "a note"}
STATE = {**INPUTS, "thingId": ID, "status": "Running"}


def cloud(walk: list[Turn], on: dict[str, list[Turn]], refused_calls: dict[str, list[CloudError]]) -> Cloud:
    kept: Tree = {"name": "curves", "note": "a note", "size": 7}
    return Cloud(walk, on=on, refusals=refused_calls, kept=kept)


@given(walks, st.dictionaries(calls, walks), refusals, wishes)
def test_after_a_create_the_id_is_never_lost(
    walk: list[Turn], on: dict[str, list[Turn]], refused_calls: dict[str, list[CloudError]], wish: Tree
) -> None:
    inputs = INPUTS | wish

    async def run() -> Live:
        try:
            return await life(cloud(walk, on, refused_calls)).create(inputs, request(timeout=40, step=1))
        except InitFailed as failed:
            return failed.live

    live = asyncio.run(run())
    assert (live.id, live.state["thingId"], live.state["name"]) == (ID, ID, "curves")
    assert live.inputs["name"] == "curves"


@given(walks, st.dictionaries(calls, walks), refusals, wishes)
def test_an_update_ends_as_asked_or_says_what_is_true_now(
    walk: list[Turn], on: dict[str, list[Turn]], refused_calls: dict[str, list[CloudError]], wish: Tree
) -> None:
    inputs = {"name": "curves", "note": "another"} | wish
    there = cloud(walk, on, refused_calls)

    async def run() -> Live | None:
        try:
            return await life(there).update(ID, INPUTS, inputs, STATE, request(timeout=40, step=1))
        except InitFailed as failed:
            return failed.live
        except (NotDone, CloudError):
            return None

    live = asyncio.run(run())
    if live is None:
        assert not there.updates
    else:
        assert live.id == ID
        assert there.calls.count("update") == 1


@given(walks, st.dictionaries(calls, walks), refusals)
def test_a_delete_ends_with_the_thing_gone_or_with_an_error(
    walk: list[Turn], on: dict[str, list[Turn]], refused_calls: dict[str, list[CloudError]]
) -> None:
    there = cloud(walk, on, refused_calls)

    async def run() -> Exception | None:
        try:
            await life(there).delete(ID, INPUTS, request(timeout=40, step=1))
        except (NotDone, CloudError) as error:
            return error
        return None

    error = asyncio.run(run())
    assert error is None or str(error)
    assert not there.updates


@given(turns, wishes)
def test_a_read_tells_the_thing_its_absence_or_an_error_and_changes_nothing(turn: Turn, wish: Tree) -> None:
    there = cloud([turn], {}, {})

    async def run() -> Live | Exception | None:
        try:
            return await life(there).read(ID, INPUTS | wish, STATE, request())
        except CloudError as error:
            return error

    found = asyncio.run(run())
    assert there.calls == []
    if isinstance(turn, str):
        assert (found is None) is (turn == "Deleted")
    else:
        assert found is None or found is turn
