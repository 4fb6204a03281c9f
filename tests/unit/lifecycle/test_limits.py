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
    with pytest.raises(NotDone, match="still in the state"):
        await Lifecycle(Late(cloud)).delete(ID, INPUTS, interrupted())
    assert cloud.calls == []


async def test_a_read_ends_at_the_users_limit_or_word_and_says_that_nothing_is_known() -> None:
    cloud = there("Running")
    for request in (Request(Watch(), timeout=1e-9), interrupted()):
        with pytest.raises(NotDone, match=f"Silent {ID} was not read .* Nothing is known"):
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
