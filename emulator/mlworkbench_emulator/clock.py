"""Tell the fake clouds' time. Knows real seconds and how far time was pushed ahead; nothing of what waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "ClockError", "iso_seconds"]

FARTHEST_SECONDS = 1000 * 365 * 86400
"""How far time may be pushed ahead in all: the year has to have four digits still."""


class ClockError(ValueError):
    """A time that the clock cannot be set to."""


def iso_seconds(at: float) -> str:
    """Write a moment as `2026-01-02T03:04:05Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """Real time plus an offset that only ever grows.

    Resources, timers and tokens live by `now`. Signatures are judged by `real`: clients date them by the real time,
    and must stay welcome after a test has moved the clock by a day.
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self.real = real
        self.offset_seconds = 0.0

    def now(self) -> float:
        return self.real() + self.offset_seconds

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        # Asked this way round, NaN is refused as well.
        if not 0 <= seconds <= FARTHEST_SECONDS - self.offset_seconds:
            raise ClockError("time only goes forward, by 0 seconds or more, and by 1000 years at most in all")
        self.offset_seconds += seconds
