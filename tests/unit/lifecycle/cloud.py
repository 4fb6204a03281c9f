"""Be a foreign cloud in memory, and the resource in it. Knows the five calls; makes none by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from mlworkbench.lifecycle.engine import Lifecycle, Request
from mlworkbench.lifecycle.resource import Found, Resource, StartableInputs, Update
from mlworkbench.lifecycle.waiting import Patience, Watch
from mlworkbench.model.base import Outputs
from mlworkbench.model.policy import Computed, Replace, ServerDefault, WriteOnly
from mlworkbench.model.values import Tree
from mlworkbench.wire.clock import ServerClock
from mlworkbench.wire.errors import Answer, CloudError, NotFound, WrongState
from mlworkbench.wire.states import States

# No test sleeps: the first pause is of no length, and so are all that grow from it.
AT_ONCE = Patience(limit=1000, first=0)
ID = "t-1"

Turn = str | Exception


class ThingInputs(StartableInputs):
    """What a thing is made from."""

    name: Annotated[str, Replace()]
    """Name."""

    note: str | None = None
    """Note."""

    size: Annotated[int | None, ServerDefault(), Field(ge=1)] = None
    """Size."""

    hint: Annotated[str | None, WriteOnly()] = None
    """Hint that is never returned."""


class ThingOutputs(ThingInputs, Outputs):
    """What the cloud tells about a thing."""

    thing_id: Annotated[str, Computed(stable=True)]
    """ID."""

    status: Annotated[str, Computed()]
    """Status."""


class Told(BaseModel):
    """What the cloud answers about a thing."""

    thing_id: str
    status: str
    name: str
    note: str | None = None
    size: int | None = None
    reason: str = ""


def missing() -> NotFound:
    return NotFound("ReadThing", Answer(404, "Thing.Gone", "there is no such thing"))


def refused() -> WrongState:
    return WrongState("ChangeThing", Answer(400, "Wrong.State", "not now"))


@dataclass
class Cloud:
    """Answers statuses one after the other, the last one for ever; an exception in their place is raised.

    `on` says which statuses follow a call, which a list of exceptions may precede: the call's refusals.
    """

    statuses: list[Turn]
    on: dict[str, list[Turn]] = field(default_factory=dict)
    refusals: dict[str, list[CloudError]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    updates: list[Update[ThingInputs]] = field(default_factory=list)
    listed: list[Found] = field(default_factory=list)
    clock: ServerClock = field(default_factory=ServerClock)
    reason: str = ""
    before_reading: Callable[[], None] = lambda: None

    def call(self, name: str) -> None:
        self.calls.append(name)
        if self.refusals.get(name):
            raise self.refusals[name].pop(0)
        if name in self.on:
            self.statuses = list(self.on[name])

    def look(self) -> Told:
        self.before_reading()
        turn = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if isinstance(turn, Exception):
            raise turn
        return Told(thing_id=ID, status=turn, reason=self.reason, **self.kept)


class Thing(Resource[ThingInputs, ThingOutputs]):
    """A thing that runs."""

    token: ClassVar = "index:Thing"
    service: ClassVar = "things"
    id_output: ClassVar = "thingId"
    name_input: ClassVar = "name"
    states: ClassVar = States(
        ready=frozenset({"Running"}),
        stopped=frozenset({"Stopped"}),
        failed=frozenset({"Failed", "DeleteFailed"}),
        gone=frozenset({"Deleted"}),
        stopping=frozenset({"Stopping"}),
        deleting=frozenset({"Deleting"}),
    )
    patience: ClassVar = {"create": AT_ONCE, "update": AT_ONCE, "delete": AT_ONCE}
    example: ClassVar = {"name": "curves", "note": "a note"}
    change: ClassVar = {"note": "another"}

    _cloud: Cloud

    async def create(self, inputs: ThingInputs) -> str:
        self._cloud.call("create")
        self._cloud.kept = {"name": inputs.name, "note": inputs.note, "size": inputs.size or 7}
        return ID

    async def read(self, id: str) -> Told:
        return self._cloud.look()

    async def update(self, id: str, update: Update[ThingInputs]) -> None:
        self._cloud.call("update")
        self._cloud.updates.append(update)
        self._cloud.kept |= update.differing()

    async def start(self, id: str) -> None:
        self._cloud.call("start")

    async def stop(self, id: str) -> None:
        self._cloud.call("stop")

    async def delete(self, id: str, inputs: ThingInputs) -> None:
        self._cloud.call("delete")

    async def list(self, like: ThingInputs | None = None) -> AsyncIterator[Found]:
        self._cloud.call("list")
        for found in self._cloud.listed:
            yield found

    def reason(self, answer: Told) -> str:
        return answer.reason


class StopFirst(Thing):
    """A thing that must be stopped before it is deleted."""

    token: ClassVar = "index:StopFirst"
    stop_before_delete: ClassVar = True


@dataclass
class Clock:
    """A clock that goes on by a step at each look at it."""

    step: float = 1.0
    time: float = 0.0

    def __call__(self) -> float:
        self.time += self.step
        return self.time


def life(cloud: Cloud, kind: type[Thing] = Thing) -> Lifecycle:
    return Lifecycle(kind(cloud))


def request(*, timeout: float | None = None, reports: list[str] | None = None, step: float = 0.0) -> Request:
    told = reports if reports is not None else []
    return Request(Watch(report=told.append, clock=Clock(step)), timeout)


def there(*statuses: Turn, **more: Any) -> Cloud:
    """Return a cloud in which the thing exists already."""
    kept: Tree = {"name": "curves", "note": "a note", "size": 7}
    return Cloud(list(statuses), kept=kept, **more)
