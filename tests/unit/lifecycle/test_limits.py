"""Laws of limits: a cloud that is slow, busy or silent holds nobody longer than agreed, and nothing is lost by it."""

from __future__ import annotations

import asyncio

import pytest

from mlworkbench.lifecycle import waiting
from mlworkbench.lifecycle.engine import Lifecycle, Request
from mlworkbench.lifecycle.outcome import InitFailed, NotDone
from mlworkbench.lifecycle.resource import Update
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.model.values import Tree
from mlworkbench.wire.errors import AlreadyExists, Answer, Unreachable
from mlworkbench.wire.pauses import rest
from tests.unit.lifecycle.cloud import ID, Cloud, Thing, ThingInputs, Told, there

INPUTS: Tree = {"name": "curves", "note": "a note"}


class Late(Thing):
    """A thing whose calls are sent when the one that leads them still wants them; its reads may never answer."""

    token = "index:Late"
    silent = False

    async def create(self, inputs: ThingInputs) -> str:
        await rest()
        return await super().create(inputs)

    async def read(self, id: str) -> Told:
        if self.silent:
            await asyncio.Event().wait()
        return await super().read(id)

    async def update(self, id: str, update: Update[ThingInputs]) -> None:
        await rest()
        await super().update(id, update)

    async def delete(self, id: str, inputs: ThingInputs) -> None:
        await rest()
        await super().delete(id, inputs)


class Deaf(Thing):
    """A thing whose changes are never answered."""

    token = "index:Deaf"

    async def update(self, id: str, update: Update[ThingInputs]) -> None:
        await super().update(id, update)
        await asyncio.Event().wait()

    async def stop(self, id: str) -> None:
        await super().stop(id)
        await asyncio.Event().wait()

    async def delete(self, id: str, inputs: ThingInputs) -> None:
        await super().delete(id, inputs)
        await asyncio.Event().wait()


class Silent(Late):
    """A thing that is never told about."""

    token = "index:Silent"
    silent = True


@pytest.fixture(autouse=True)
def _no_last_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LAST_LOOK_SECONDS", 0)


def interrupted() -> Request:
    watch = Watch()
    watch.interrupted.set()
    return Request(watch)


async def test_what_has_not_been_sent_when_the_user_interrupts_is_not_sent() -> None:
    cloud = there("Running")
    with pytest.raises(NotDone, match="Late was not created"):
        await Lifecycle(Late(cloud)).create(INPUTS, interrupted())
    with pytest.raises(NotDone, match="Nothing was changed"):
        await Lifecycle(Late(cloud)).update(ID, INPUTS, INPUTS | {"note": "new"}, {}, interrupted())
    with pytest.raises(NotDone, match="stays in the state"):
        await Lifecycle(Late(cloud)).delete(ID, INPUTS, interrupted())
    assert cloud.calls == []


async def test_a_read_ends_at_the_users_limit_or_word_and_says_that_nothing_is_known() -> None:
    cloud = there("Running")
    for request in (Request(Watch(), timeout=1e-9), interrupted()):
        with pytest.raises(NotDone, match=f"Silent {ID} was not read: .* Nothing is known"):
            await Lifecycle(Silent(cloud)).read(ID, INPUTS, {}, request)


async def test_the_id_of_what_is_never_told_about_is_kept() -> None:
    cloud = Cloud(["Running"])
    with pytest.raises(InitFailed) as failed:
        await Lifecycle(Silent(cloud)).create(INPUTS, Request(Watch(), timeout=0.001))
    assert failed.value.live.id == ID
    assert failed.value.live.inputs == INPUTS


async def test_a_lost_answer_is_looked_for_even_after_an_interruption() -> None:
    request = interrupted()
    cloud = there("Running", refusals={"create": [Unreachable("CreateThing", Answer(), sent=True)]})
    with pytest.raises(NotDone, match="It may have taken effect all the same"):
        await Lifecycle(Thing(cloud)).create(INPUTS, request)
    assert cloud.calls == ["create", "list"]


async def test_a_name_that_is_taken_is_told_even_after_an_interruption() -> None:
    taken = AlreadyExists("CreateThing", Answer(400, "Taken", "the name is taken"))
    cloud = there("Running", refusals={"create": [taken]})
    with pytest.raises(AlreadyExists, match="the name is taken"):
        await Lifecycle(Thing(cloud)).create(INPUTS, interrupted())


def soon(interrupts: bool) -> Request:
    """Return a request that ends while a call is on its way: by the user's word, or by the time."""
    watch = Watch()
    if interrupts:
        asyncio.get_running_loop().call_later(0.01, watch.interrupted.set)
    return Request(watch, timeout=None if interrupts else 0.01)


@pytest.mark.parametrize("interrupts", [True, False], ids=["interrupted", "out of time"])
async def test_a_change_that_is_not_answered_holds_nobody_and_is_told_as_not_known(interrupts: bool) -> None:
    cloud = there("Running")
    with pytest.raises(InitFailed, match="has not answered whether it did") as failed:
        await Lifecycle(Deaf(cloud)).update(ID, INPUTS, INPUTS | {"note": "new"}, {}, soon(interrupts))
    assert (failed.value.live.id, failed.value.live.inputs["note"]) == (ID, "a note")
    assert cloud.calls.count("update") == 1


@pytest.mark.parametrize("interrupts", [True, False], ids=["interrupted", "out of time"])
async def test_a_stop_that_is_not_answered_holds_nobody(interrupts: bool) -> None:
    stopped = INPUTS | {"desiredStatus": "Stopped"}
    with pytest.raises(InitFailed, match="has not answered whether it did"):
        await Lifecycle(Deaf(there("Running"))).update(ID, INPUTS, stopped, {}, soon(interrupts))


@pytest.mark.parametrize("interrupts", [True, False], ids=["interrupted", "out of time"])
async def test_a_deletion_that_is_not_answered_holds_nobody_and_stays_in_the_state(interrupts: bool) -> None:
    cloud = there("Running")
    with pytest.raises(NotDone, match=r"has not answered whether it did.*stays in the state"):
        await Lifecycle(Deaf(cloud)).delete(ID, INPUTS, soon(interrupts))
    assert cloud.calls.count("delete") == 1


async def test_who_waits_in_vain_for_a_deletion_is_told_that_it_was_asked_for() -> None:
    with pytest.raises(NotDone, match=r"still Running after .* has been told to delete it\."):
        await Lifecycle(Thing(there("Running"))).delete(ID, INPUTS, Request(Watch(), timeout=0.001))


@pytest.mark.parametrize("interrupts", [True, False], ids=["interrupted", "out of time"])
async def test_who_waits_for_the_creation_of_another_of_the_same_name_waits_no_longer_than_agreed(
    interrupts: bool,
) -> None:
    cloud = there("Running")
    thing = Lifecycle(Thing(cloud))
    async with thing.turns["curves"]:
        with pytest.raises(NotDone, match="before it was its turn"):
            await thing.create(INPUTS, soon(interrupts))
    assert cloud.calls == []
    await thing.create(INPUTS, Request(Watch()))
