"""Know when a failed call is worth another try, and after how long. Know no service."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .errors import CloudError, Throttled, Unavailable, Unreachable

__all__ = ["Retry"]


@dataclass(frozen=True)
class Retry:
    """Wait for a random part of a time that doubles (full jitter), or as long as the cloud asks for.

    `tries` counts all attempts, the first one too; times are in seconds.
    """

    tries: int = 5
    first: float = 0.5
    ceiling: float = 30.0
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def delay(self, error: CloudError, tried: int, *, repeatable: bool) -> float | None:
        """Return how long to wait before the next try, or None if there shall be none."""
        if tried >= self.tries or not _worth_it(error, repeatable=repeatable):
            return None
        if error.answer.retry_after is not None:
            return min(error.answer.retry_after, self.ceiling)
        return self.chance() * min(self.ceiling, self.first * 2.0**tried)


def _worth_it(error: CloudError, *, repeatable: bool) -> bool:
    if isinstance(error, Throttled):
        return True
    if isinstance(error, Unreachable):
        return repeatable or not error.sent
    return repeatable and isinstance(error, Unavailable)
