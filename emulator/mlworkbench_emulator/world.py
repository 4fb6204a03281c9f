"""Hold what the services share: settings, time, records, progress, endings. Knows no service and no HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from .clock import Clock
from .outcomes import Outcomes
from .progress import Walker
from .settings import Settings
from .store import Store

__all__ = ["World"]

CLOCK_OFFSET = "clock-offset-seconds"


class World:
    """One fake world. `lock` is held for every look and every change: the server answers from its own thread."""

    def __init__(
        self, settings: Settings, state_file: Path | None = None, real_time: Callable[[], float] = time.time
    ) -> None:
        self.lock = threading.RLock()
        self.settings = settings
        self.store = Store(state_file)
        self.clock = Clock(real_time)
        self.walker = Walker(self.store, self.clock)
        self.outcomes = Outcomes()
        offset = self.store.value(CLOCK_OFFSET)
        if isinstance(offset, int | float):
            self.clock.advance(offset)

    def advance(self, seconds: float) -> None:
        """Let time pass, and remember it over a restart, for the records hold moments of this time."""
        self.clock.advance(seconds)
        self.store.set_value(CLOCK_OFFSET, self.clock.offset_seconds)

    def clear(self) -> None:
        """Forget every record and ending, and go back to real time."""
        self.store.clear()
        self.outcomes.clear()
        self.clock.offset_seconds = 0.0
