"""Know how to wait: look, pause a little longer each time, report, give up. Know not what is waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..wire.pauses import NotWanted, rests

__all__ = ["Interrupted", "OutOfPatience", "Patience", "Unanswered", "Wait", "Watch"]

T = TypeVar("T")

_LAST_LOOK_SECONDS = 1.0


class OutOfPatience(NotWanted):
    """The time is over."""

    def __str__(self) -> str:
        return "the time for it was over"


class Interrupted(NotWanted):
    """The user wants to stop."""

    def __str__(self) -> str:
        return "it was interrupted"


class Unanswered(Exception):
    """A call that changes something was given up before the cloud had answered it. `end` says why."""

    def __init__(self, end: NotWanted) -> None:
        super().__init__(end)
        self.end = end


@dataclass(frozen=True)
class Patience:
    """How long to wait in all, and how often to look. Seconds."""

    limit: float
    first: float = 0.5
    growth: float = 1.5
    longest: float = 10.0

    def within(self, limit: float | None) -> Patience:
        """Return the same with the user's limit, if there is one."""
        return replace(self, limit=limit) if limit else self


@dataclass
class Watch:
    """What an operation in flight knows of the outside: the user may interrupt it, and reads what it says."""

    report: Callable[[str], None] = field(default=lambda text: None)
    warn: Callable[[str], None] = field(default=lambda text: None)
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    clock: Callable[[], float] = time.monotonic

    def begin(self, patience: Patience) -> Wait:
        """Start to wait."""
        return Wait(self, patience, self.clock())


@dataclass
class Wait:
    """One wait in progress."""

    watch: Watch
    patience: Patience
    started: float
    pauses: int = 0

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return self.watch.clock() - self.started

    @contextmanager
    def leads(self) -> Iterator[None]:
        """Let the calls that are made in this context wait as this wait allows."""
        before = rests.set(self.rest)
        try:
            yield
        finally:
            rests.reset(before)

    async def pause(self) -> None:
        """Pause until the next look. Raises Interrupted at once when the user interrupts, OutOfPatience in the end."""
        left = self._left()
        if left <= 0:
            raise OutOfPatience
        length = min(self.patience.first * self.patience.growth**self.pauses, self.patience.longest, left)
        self.pauses += 1
        await self._nothing(length)

    async def rest(self, seconds: float) -> None:
        """Wait before a call is sent. Raises as `pause` does, and if the time will be over before it is sent."""
        left = self._left()
        await self._nothing(min(seconds, left))
        if seconds >= left:
            raise OutOfPatience

    async def look(self, call: Coroutine[Any, Any, T]) -> T:
        """Await a call that changes nothing, and give it up when nobody waits any longer.

        It may take a moment more than there is: what it tells belongs into the state.
        """
        context = copy_context()
        context.run(rests.set, self._rest_of_look)
        return await self._answer(asyncio.create_task(call, context=context))

    async def change(self, call: Coroutine[Any, Any, T]) -> T:
        """Await a call that changes something. Raises NotWanted if it was not sent, Unanswered if nobody waits longer.

        Not for a creation, whose answer alone tells the id.
        """
        work = asyncio.create_task(call)
        try:
            return await self._answer(work)
        except NotWanted as end:
            if not work.cancelled() and work.exception() is end:
                raise
            raise Unanswered(end) from None

    async def _rest_of_look(self, seconds: float) -> None:
        """Wait before a look is made again. Raises OutOfPatience at once if nobody will wait for that."""
        if seconds > max(self._left(), _LAST_LOOK_SECONDS):
            raise OutOfPatience
        await asyncio.sleep(seconds)

    async def _answer(self, work: asyncio.Task[T]) -> T:
        interruption = asyncio.create_task(self.watch.interrupted.wait())
        try:
            await asyncio.wait((work, interruption), timeout=self._left(), return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait((work,), timeout=_LAST_LOOK_SECONDS)
            if work.done():
                return work.result()
            raise Interrupted if self.watch.interrupted.is_set() else OutOfPatience
        finally:
            interruption.cancel()
            work.cancel()
            await asyncio.gather(work, interruption, return_exceptions=True)

    async def _nothing(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.watch.interrupted.wait()
        except TimeoutError:
            return
        raise Interrupted

    def _left(self) -> float:
        return max(0.0, self.patience.limit - self.seconds)
