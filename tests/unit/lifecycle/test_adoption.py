"""Laws of a creation whose answer was lost: what it made is found, nothing is made twice. Knows a cloud in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from mlworkbench.lifecycle.engine import Lifecycle
from mlworkbench.lifecycle.known import Known
from mlworkbench.lifecycle.outcome import NotDone
from mlworkbench.lifecycle.resource import Found
from mlworkbench.model.values import Tree
from mlworkbench.wire.errors import (
    AlreadyExists,
    Answer,
    CloudError,
    PermissionDenied,
    Unavailable,
    Unreachable,
    Unreadable,
)
from tests.unit.lifecycle.cloud import ID, Cloud, Thing, life, missing, request, there

INPUTS = {"name": "curves", "note": "a note"}
LOST = [
    Unreachable("MakeThing", Answer(message="silence"), sent=True),
    Unavailable("MakeThing", Answer(503, message="broken")),
    Unreadable("MakeThing", Answer(200, message="strange")),
]


def later(seconds: float = 3600) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def lost(*listed: Found, error: CloudError = LOST[0], **kept: object) -> Cloud:
    """Return a cloud that lost its answer to a create; `kept` is how the thing is that it shows."""
    cloud = Cloud(["Running"], refusals={"create": [error]}, listed=list(listed))
    cloud.kept = {"name": "curves", "note": "a note", "size": 7, **kept}
    return cloud


@pytest.mark.parametrize("error", LOST)
async def test_what_a_lost_answer_has_made_is_found_and_not_made_again(error: CloudError) -> None:
    cloud = lost(Found(ID, "curves", later()), error=error)
    live = await life(cloud).create(INPUTS, request())
    assert (live.id, live.inputs) == (ID, INPUTS)
    assert cloud.calls.count("create") == 1


@pytest.mark.parametrize("error", LOST)
async def test_if_nothing_was_made_the_user_is_told_what_to_look_for(error: CloudError) -> None:
    cloud = lost(error=error)
    with pytest.raises(NotDone, match="may have taken effect") as caught:
        await life(cloud).create(INPUTS, request())
    assert str(caught.value).startswith(str(error))
    assert "Thing named 'curves'" in str(caught.value)
    assert cloud.calls.count("create") == 1
    assert cloud.calls.count("list") > 1


@pytest.mark.parametrize(
    "other",
    [
        Found(ID, "curves", datetime(2020, 1, 1, tzinfo=UTC)),
        Found(ID, "curves-2", later()),
        Found(ID, "curves"),
    ],
    ids=["older", "of another name", "of unknown age"],
)
async def test_a_thing_that_the_call_cannot_have_made_is_left_alone(other: Found) -> None:
    with pytest.raises(NotDone, match="Nothing was found"):
        await life(lost(other)).create(INPUTS, request())


async def test_a_thing_that_is_otherwise_than_asked_for_is_left_alone() -> None:
    with pytest.raises(NotDone, match="Nothing was found"):
        await life(lost(Found(ID, "curves", later()), note="somebody else's")).create(INPUTS, request())


async def test_a_thing_that_this_process_made_before_is_left_alone() -> None:
    thing = Lifecycle(Thing(lost(Found(ID, "curves", later()))), known=Known({ID}))
    with pytest.raises(NotDone, match="Nothing was found"):
        await thing.create(INPUTS, request())


async def test_between_several_that_may_be_it_the_user_decides() -> None:
    cloud = lost(Found("t-1", "curves", later()), Found("t-2", "curves", later()))
    with pytest.raises(NotDone, match=r"t-1, t-2"):
        await life(cloud).create(INPUTS, request())


async def test_a_thing_that_has_gone_meanwhile_is_left_alone() -> None:
    cloud = lost(Found(ID, "curves", later()))
    cloud.statuses = [missing()]
    with pytest.raises(NotDone, match="Nothing was found"):
        await life(cloud).create(INPUTS, request())


async def test_a_search_that_fails_says_what_happened_first() -> None:
    cloud = lost()
    cloud.refusals["list"] = [PermissionDenied("ListThings", Answer(403))]
    with pytest.raises(NotDone, match=r"MakeThing failed: silence.*may have taken effect"):
        await life(cloud).create(INPUTS, request())


async def test_an_interrupted_search_says_what_to_look_for() -> None:
    asked = request()
    asked.watch.interrupted.set()
    with pytest.raises(NotDone, match="may have taken effect"):
        await life(lost()).create(INPUTS, asked)


async def test_the_clouds_clock_decides_what_is_new() -> None:
    cloud = lost(Found(ID, "curves", later(-3000)))
    cloud.clock.observe({"date": format_datetime(later(-3600), usegmt=True)})
    assert (await life(cloud).create(INPUTS, request())).id == ID


async def test_what_was_found_counts_as_made_by_this_process() -> None:
    thing = life(lost(Found(ID, "curves", later())))
    await thing.create(INPUTS, request())
    assert thing.known.ids == {ID}


class Repeated(Thing):
    """A thing whose name several may have."""

    token = "index:Repeated"
    names_repeat = True


async def test_what_a_killed_run_has_left_is_not_made_twice_but_told_with_its_id() -> None:
    cloud = there("Running", listed=[Found(ID, "curves")])
    with pytest.raises(NotDone, match=rf"tells: {ID}\. .*`pulumi import mlworkbench:index:Repeated NAME {ID}`"):
        await life(cloud, Repeated).create({"name": "curves", "note": "a note"}, request())
    assert cloud.calls == ["list"]


@pytest.mark.parametrize(
    ("listed", "inputs", "known"),
    [
        (Found(ID, "curves"), {"name": "curves", "note": "another"}, set()),
        (Found(ID, "curves"), {"name": "curves", "note": "a note"}, {ID}),
        (Found(ID, "other"), {"name": "curves", "note": "a note"}, set()),
    ],
)
async def test_what_differs_or_is_known_is_no_double(listed: Found, inputs: Tree, known: set[str]) -> None:
    cloud = there("Running", listed=[listed])
    await Lifecycle(Repeated(cloud), known=Known(known)).create(inputs, request())
    assert cloud.calls == ["list", "create"]


async def test_who_may_not_list_may_create() -> None:
    cloud = there("Running", refusals={"list": [PermissionDenied("ListThings", Answer(403))]})
    await life(cloud, Repeated).create({"name": "curves", "note": "a note"}, request())
    assert cloud.calls == ["list", "create"]


async def test_what_is_being_deleted_is_no_double() -> None:
    cloud = there("Deleting", listed=[Found(ID, "curves")])
    cloud.on = {"create": ["Running"]}
    await life(cloud, Repeated).create({"name": "curves", "note": "a note"}, request())
    assert cloud.calls == ["list", "create"]


async def test_what_the_engine_replaces_without_telling_its_id_is_no_double() -> None:
    known = Known()
    known.expect("urn", Repeated.token, "curves")
    cloud = there("Running", listed=[Found(ID, "curves")])
    await Lifecycle(Repeated(cloud), known=known).create({"name": "curves", "note": "a note"}, request())
    assert cloud.calls == ["list", "create"]


async def test_beside_what_the_engine_replaces_another_one_is_still_a_double() -> None:
    known = Known()
    known.expect("urn", Repeated.token, "curves")
    cloud = there("Running", listed=[Found(ID, "curves"), Found("t-2", "curves")])
    with pytest.raises(NotDone, match="t-1 or t-2"):
        await Lifecycle(Repeated(cloud), known=known).create({"name": "curves", "note": "a note"}, request())
    known.add(ID, "urn")
    with pytest.raises(NotDone, match="tells: t-2"):
        await Lifecycle(Repeated(cloud), known=known).create({"name": "curves", "note": "a note"}, request())


async def test_the_clocks_are_compared_by_the_first_answer_that_tells_the_time() -> None:
    class Ahead(Cloud):
        def call(self, name: str) -> None:
            super().call(name)
            if name == "list":
                self.clock.observe({"date": format_datetime(later(3600), usegmt=True)})

    older = Found(ID, "curves", later(1800))
    cloud = Ahead(
        ["Running"], refusals={"create": [LOST[0]]}, listed=[older], kept={"name": "curves", "note": "a note"}
    )
    with pytest.raises(NotDone, match="Nothing was found"):
        await life(cloud).create(INPUTS, request())


async def test_what_was_taken_for_a_lost_creation_is_told_for_good() -> None:
    told: list[str] = []
    asked = request()
    asked.watch.warn = told.append
    await life(lost(Found(ID, "curves", later()))).create(INPUTS, asked)
    assert [ID in each and "pulumi state delete" in each for each in told] == [True]


@pytest.mark.parametrize("by_id", [True, False])
async def test_who_holds_a_name_is_told_apart_from_what_the_stack_has_itself(by_id: bool) -> None:
    known = Known([ID] if by_id else [])
    if not by_id:
        known.expect("urn", Thing.token, "curves")
    cloud = there("Running", listed=[Found(ID, "curves")])
    cloud.refusals["create"] = [AlreadyExists("MakeThing", Answer(400, message="the name is taken."))]
    with pytest.raises(AlreadyExists, match=r"this stack has it already.*`deleteBeforeReplace`"):
        await Lifecycle(Thing(cloud), known=known).create(INPUTS, request())
