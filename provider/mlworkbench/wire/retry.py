"""Know when a failed call is worth another try, and after how long. Know no service."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .errors import CloudError, Throttled, Unavailable, Unreachable
from .pauses import rest

__all__ = ["Retry"]


@dataclass(frozen=True)
class Retry:
    """Wait for a random part of a time that doubles up to a ceiling (full jitter), or as long as the cloud asks for.

    `tries` counts all attempts, the first one too; times are in seconds. If the cloud asks for more than the `longest`
    time, the user is told instead.
    """

    tries: int = 5
    first: float = 1.0
    ceiling: float = 30.0
    longest: float = 300.0
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = rest

    def delay(self, error: CloudError, tried: int, *, repeatable: bool) -> float | None:
        """Return how long to wait before the next try, or None if there shall be none."""
        if tried >= self.tries or not _worth_it(error, repeatable=repeatable):
            return None
        asked = error.answer.retry_after
        if asked is not None:
            return asked if asked <= self.longest else None
        return self.chance() * min(self.ceiling, self.first * 2.0 ** (tried - 1))


def _worth_it(error: CloudError, *, repeatable: bool) -> bool:
    if isinstance(error, Throttled):
        return True
    return isinstance(error, Unreachable | Unavailable) and (repeatable or not error.sent)
