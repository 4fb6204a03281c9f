"""Laws of what the waiting person sees."""

from __future__ import annotations

import io
import threading

import pytest

from tools.progress import Progress, duration


class Watched(io.StringIO):
    """A stream that tells when a text has been written to it."""

    def __init__(self, awaited: str = "", terminal: bool = False) -> None:
        super().__init__()
        self._awaited = awaited
        self._terminal = terminal
        self.seen = threading.Event()

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        if self._awaited and self._awaited in text:
            self.seen.set()
        return super().write(text)


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "0s"), (59.4, "59s"), (60, "1m00s"), (314.2, "5m14s")])
def test_a_duration_is_told_in_minutes_and_seconds(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_log_repeats_the_activity_in_lines_without_control_characters() -> None:
    out = Watched("compiling")
    with Progress(out, log_tick_seconds=0.001) as progress:
        progress.say("started")
        progress.doing("compiling")
        assert out.seen.wait(10)
    lines = out.getvalue().splitlines()
    assert lines[0] == "started"
    assert lines[1].split() == ["0s", "compiling"]
    assert all(line.isprintable() for line in lines)


def test_nothing_is_repeated_while_nothing_is_being_done() -> None:
    out = Watched()
    with Progress(out, log_tick_seconds=0.001) as progress:
        progress.say("one line")
    assert out.getvalue() == "one line\n"


def test_a_terminal_is_left_with_a_clean_line() -> None:
    out = Watched(terminal=True)
    with Progress(out) as progress:
        progress.say("one line")
    assert out.getvalue().endswith("one line\n\r\x1b[K")
