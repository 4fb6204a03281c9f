"""Know how something that was set off comes to rest: as desired, failed, gone, or not in time. Know no inputs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from pydantic import BaseModel

from ..model.base import Inputs
from ..wire.errors import CloudError, NotFound, WrongState
from ..wire.pauses import NotWanted
from ..wire.states import Phase
from .outcome import NotDone
from .resource import DesiredStatus, Resource, Startable
from .waiting import Interrupted, Unanswered, Wait

__all__ = ["Settling", "Vanished"]


class Vanished(Exception):
    """It was there and is not any more."""


class Ended(Exception):
    """It has stopped and cannot be started again."""


class Settling:
    """One thing on its way: what was last seen of it, and how long it has taken.

    `forgiving`: how many reads in a row may miss it before it counts as gone; one just created may not show at once.
    """

    def __init__(self, resource: Resource[Any, Any], id: str, wait: Wait, forgiving: int = 0) -> None:
        self.resource, self.id, self.wait, self.forgiving = resource, id, wait, forgiving
        self.answer: BaseModel | None = None
        self._misses = 0
        self._refusal: CloudError | None = None
        self._is_leaving = False

    @property
    def status(self) -> str:
        """The vendor's name of the state that was last seen."""
        return str(getattr(self.answer, "status", "") or "in a state that is not known")

    @property
    def phase(self) -> Phase:
        """What the state that was last seen means."""
        return self.resource.states.phase(self.status)

    @property
    def can_start(self) -> bool:
        """Whether it is stopped and can be started."""
        return self.phase is Phase.STOPPED and isinstance(self.resource, Startable)

    async def until_settled(self) -> BaseModel:
        """Wait until it is on its way no longer."""
        return await self._until(lambda phase: phase is not Phase.BUSY)

    async def until_as_desired(self, desired: str | None) -> BaseModel:
        """Wait until it has settled, then start or stop it if it shall be otherwise."""
        answer = await self.until_settled()
        if desired is None or not isinstance(self.resource, Startable):
            return answer
        if desired.casefold() == DesiredStatus.RUNNING.casefold():
            return await self._reach(Phase.READY, self.resource.start)
        return await self._reach(Phase.STOPPED, self.resource.stop)

    async def until_gone(self, inputs: Inputs) -> None:
        """Delete it as soon as the cloud allows that, and wait until it is gone. Raises NotFound when it is."""
        await self._look()
        while not await self._deleted(inputs):
            await self.wait.pause()
            await self._look()
        status_before = self.status
        while self.phase is not Phase.GONE:
            await self.wait.pause()
            await self._look()
            if self.phase is Phase.FAILED and self.status != status_before:
                raise NotDone(f"{self._name()} was not deleted: {self._state()}.")

    async def _deleted(self, inputs: Inputs) -> bool:
        """Try to delete it; if it must be stopped first, do that instead."""
        if self.phase is Phase.GONE:
            return True
        if self.phase is Phase.READY and self.resource.stop_before_delete:
            return await self._stopped()
        try:
            await self.wait.change(self.resource.delete(self.id, inputs))
        except WrongState as refusal:
            self._refusal = refusal
            return self.phase is Phase.READY and await self._stopped()
        self._is_leaving = True
        return True

    async def _stopped(self) -> bool:
        """Ask it to stop; answers False, since it is not deleted by that."""
        if isinstance(self.resource, Startable):
            await self._tolerant(self.resource.stop)
        return False

    async def _reach(self, wanted: Phase, call: Callable[[str], Coroutine[Any, Any, None]]) -> BaseModel:
        ends = (wanted, Phase.FAILED)
        while self.phase not in ends:
            if await self._tolerant(call):
                return await self._until(lambda phase: phase in ends)
            if wanted is Phase.READY and self.resource.states.has_ended(self.status):
                raise Ended
            await self.wait.pause()
            await self.until_settled()
        return self._seen()

    def _seen(self) -> BaseModel:
        if self.answer is None:
            raise RuntimeError(f"{self._name()} was not looked at")
        return self.answer

    async def _tolerant(self, call: Callable[[str], Coroutine[Any, Any, None]]) -> bool:
        """Make a call that the cloud may refuse in the present state."""
        try:
            await self.wait.change(call(self.id))
        except WrongState as refusal:
            self._refusal = refusal
            return False
        return True

    async def _until(self, reached: Callable[[Phase], bool]) -> BaseModel:
        while True:
            try:
                answer = await self._look()
            except NotFound:
                self._misses += 1
                if self._misses > self.forgiving:
                    raise Vanished from None
            else:
                self._misses = 0
                if self.phase is Phase.GONE:
                    raise Vanished
                if reached(self.phase):
                    return answer
            await self.wait.pause()

    async def _look(self) -> BaseModel:
        before = self.status
        self.answer = await self.wait.look(self.resource.read(self.id))
        arrow = f"{before} → {self.status}" if self.wait.pauses and before != self.status else self.status
        self.wait.watch.report(f"{arrow}, {self.wait.seconds:.0f} s")
        return self.answer

    def describe(self, end: Exception) -> str:
        """Say in whole sentences how the waiting ended."""
        name, state = self._name(), self._state()
        if isinstance(end, NotWanted | Unanswered):
            return f"{self.unfinished(end)} Run `pulumi up` again to go on."
        if isinstance(end, Vanished):
            return f"{name} has vanished: somebody else deleted it. Run `pulumi refresh`, then `pulumi up`."
        if isinstance(end, Ended):
            return f"{name} is {state} and cannot be started again. Run `pulumi up` again: it will be replaced."
        if isinstance(end, CloudError):
            return f"{name}: {end}"
        # The message of an unforeseen error may hold values of the user; its kind does not.
        return f"{name} was not waited for, by a bug in mlworkbench ({type(end).__name__}): please report it."

    def unfinished(self, end: NotWanted | Unanswered) -> str:
        """Say in whole sentences how far it was when nobody waited any longer."""
        name, state, seconds = self._name(), self._state(), f"{self.wait.seconds:.0f} s"
        facts = [f"{name} is still {state} after {seconds}."]
        if isinstance(end.end if isinstance(end, Unanswered) else end, Interrupted):
            facts = [f"{name} was interrupted after {seconds} while it was {state}."]
        if self._refusal:
            facts.append(f"The cloud's last answer: {self._refusal}")
        if self._is_leaving:
            facts.append("The cloud has been told to delete it.")
        if isinstance(end, Unanswered):
            facts.append("The cloud has not answered whether it did what it was told last.")
        return " ".join(facts)

    def describe_failure(self) -> str:
        """Say in whole sentences that it failed, and what to do."""
        return f"{self._name()} is {self._state()}. Mend the cause, then run `pulumi up` again: it will be replaced."

    def _name(self) -> str:
        return f"{self.resource.title()} {self.id}"

    def _state(self) -> str:
        reason = self.resource.reason(self.answer) if self.answer is not None else ""
        return f"{self.status} ({reason})" if reason else self.status
