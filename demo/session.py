"""Run a command in a session of its own and end it with all that it has started. Knows nothing of what it does.

Plugins of the engine are process groups of their own and survive it when it is killed, but they stay in its session.
A session of its own has no terminal either: Ctrl-C reaches the command through `end` alone, and once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["Session", "members"]

GRACE_SECONDS = 5.0
TICK_SECONDS = 0.05
CHUNK = 65536


class Session:
    """A running command and its descendants. What they print goes to the file descriptor `out`."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        out: int,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._out = out
        self._grace_seconds = grace_seconds
        self._muted = False
        self._unheard = False
        self._passing = threading.Thread(target=self._pass_on)
        self._passing.start()

    @property
    def leader(self) -> int:
        """The id of the session, which is that of the command's process."""
        return self._process.pid

    def wait(self, given_up: Callable[[], bool]) -> int:
        """Return the exit code once all is printed; 1 as soon as waiting is given up or nobody listens any more."""
        while not given_up() and not self._unheard:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(TICK_SECONDS)
                self._passing.join(self._grace_seconds)
                return code
        return 1

    def end(self) -> None:
        """Ask for an end, as Ctrl-C would; kill what is there after some seconds. Nothing is shown of it."""
        self._muted = True
        if not self._gone():
            self._interrupt()
        deadline = time.monotonic() + self._grace_seconds
        while not self._gone() and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS)
        for pid in members(self.leader):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._passing.join()

    def _gone(self) -> bool:
        self._process.poll()
        return not members(self.leader)

    def _interrupt(self) -> None:
        # The group: the command and the CLI. Plugins are not in it, the CLI ends them in its own way.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.leader, signal.SIGINT)

    def _pass_on(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as printed:
            # Read to the end even when it is not shown: who prints must not hang or die of it.
            while chunk := os.read(printed.fileno(), CHUNK):
                if not self._muted:
                    self._show(chunk)

    def _show(self, chunk: bytes) -> None:
        try:
            while chunk:
                chunk = chunk[os.write(self._out, chunk) :]
        except BrokenPipeError:
            self._muted = self._unheard = True


def members(session: int) -> list[int]:
    """Return the ids of the living processes of a session."""
    return [pid for pid, state in _processes() if not state.startswith("Z") and _session_of(pid) == session]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:  # it has ended meanwhile, or is somebody else's
        return None


def _processes() -> list[tuple[int, str]]:
    if not Path("/proc/self/stat").exists():
        listing = subprocess.run(["ps", "-A", "-o", "pid=,stat="], capture_output=True, text=True, check=True).stdout
        return [(int(pid), state) for pid, state in (line.split() for line in listing.splitlines())]
    return [(int(entry.name), _state(entry)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _state(entry: Path) -> str:
    try:
        # The name of the program, in parentheses, may hold anything.
        return (entry / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # it has ended meanwhile
        return "Z"
