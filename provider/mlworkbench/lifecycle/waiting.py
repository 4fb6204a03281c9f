"""Know how to wait: look, pause a little longer each time, report, give up. Know not what is waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

__all__ = ["Interrupted", "OutOfPatience", "Patience", "Watch"]


class OutOfPatience(Exception):
    """The time is over."""


class Interrupted(Exception):
    """The user wants to stop."""


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

    async def pause(self) -> None:
        """Pause until the next look. Raises Interrupted at once when the user interrupts, OutOfPatience in the end."""
        left = self.patience.limit - self.seconds
        if left <= 0:
            raise OutOfPatience
        length = min(self.patience.first * self.patience.growth**self.pauses, self.patience.longest, left)
        self.pauses += 1
        try:
            async with asyncio.timeout(length):
                await self.watch.interrupted.wait()
        except TimeoutError:
            return
        raise Interrupted
