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
from .store import Record, Store

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

    def find(self, kind: str, record_id: str, owner: str, *, reading: bool = False) -> Record | None:
        """Find an owner's record and bring it up to date; None when there is none, or none any more."""
        record = self.store.find(kind, record_id)
        if record is None or record.owner != owner or not self.walker.catch_up(record, reading=reading):
            return None
        return record

    def all(self, kind: str, owner: str, *, reading: bool = False) -> list[Record]:
        """Give an owner's records, up to date."""
        return [record for record in self.store.all(kind, owner) if self.walker.catch_up(record, reading=reading)]

    def clear(self) -> None:
        """Forget every record and ending, and go back to real time."""
        self.store.clear()
        self.outcomes.clear()
        self.clock.offset_seconds = 0.0
