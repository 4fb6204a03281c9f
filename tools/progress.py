"""Tell the person who waits what is going on and for how long. Knows nothing of what is being done."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self, TextIO

TERMINAL_TICK_SECONDS = 1.0
LOG_TICK_SECONDS = 20.0  # in a log every line stays, so there are few of them
CLEAR_LINE = "\r\x1b[K"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"


class Progress:
    """Repeat the current activity and the time since the start: one line rewritten on a terminal, few in a log."""

    def __init__(self, out: TextIO, log_tick_seconds: float = LOG_TICK_SECONDS) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._tick_seconds = TERMINAL_TICK_SECONDS if self._terminal else log_tick_seconds
        self._started = time.monotonic()
        self._activity = ""
        self._stopped = threading.Event()
        self._writing = threading.Lock()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._ticker.join()
        if self._terminal:
            self._write(CLEAR_LINE)

    @property
    def elapsed(self) -> str:
        return duration(time.monotonic() - self._started)

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self._write(f"{CLEAR_LINE if self._terminal else ''}{text}\n")

    def doing(self, activity: str) -> None:
        """Set what the next tick shows."""
        self._activity = activity

    def _tick(self) -> None:
        while not self._stopped.wait(self._tick_seconds):
            if not self._activity:
                continue
            line = f"  {self.elapsed:>6}  {self._activity}"
            self._write(f"{CLEAR_LINE}{line}" if self._terminal else f"{line}\n")

    def _write(self, text: str) -> None:
        with self._writing:
            self._out.write(text)
            self._out.flush()
