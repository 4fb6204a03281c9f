"""Start a plugin as the engine does, and end it so. Knows the process contract; no RPC but through a stub.

Source: sdk/go/common/resource/plugin/plugin.go of github.com/pulumi/pulumi: the port is the first line of stdout, the
engine's address the last argument; the end is Cancel, SIGINT, five seconds, and then a kill.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

__all__ = ["Ended", "NotStarted", "PluginProcess", "start"]

START_SECONDS = 60
END_SECONDS = 5


class NotStarted(Exception):
    """The command did not become a plugin; the message says what came instead of a port."""


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int | None
    seconds: float
    killed: bool


class PluginProcess:
    """A running plugin. `first_line` is what it printed first, as it came."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.later_output: list[str] = []
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._listen, args=(running.stdout, self._lines.put), daemon=True),
            threading.Thread(target=self._listen, args=(running.stderr, self._note_error), daemon=True),
        ]
        began = time.monotonic()
        for thread in self._threads:
            thread.start()
        self.first_line = self._first_line()
        self.seconds_to_start = time.monotonic() - began

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def alive(self) -> bool:
        return self._running.poll() is None

    @property
    def port(self) -> int:
        """The port that it serves on. Raises NotStarted if it named none."""
        text = self.first_line.strip()
        if not text.isdigit() or not 0 < int(text) < 65536:
            told = f"{self.first_line!r}" if text else "nothing"
            raise NotStarted(f"the first line of stdout is {told}, not a port. {self._last_errors()}".strip())
        return int(text)

    def output(self) -> list[str]:
        """Return all lines that came on stdout after the first."""
        while not self._lines.empty():
            line = self._lines.get()
            if line is not None:
                self.later_output.append(line)
        return self.later_output

    def signal(self, number: signal.Signals = signal.SIGINT) -> Ended:
        """Send a signal, and kill what does not end."""
        began = time.monotonic()
        if self.alive:
            self._running.send_signal(number)
        return self._awaited(began)

    def kill(self) -> None:
        """End it at once."""
        self._running.kill()
        self._awaited(time.monotonic())

    def _awaited(self, began: float) -> Ended:
        killed = False
        try:
            self._running.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            killed = True
            self._running.kill()
            self._running.wait()
        seconds = time.monotonic() - began
        for thread in self._threads:
            thread.join(END_SECONDS)
        for stream in (self._running.stdout, self._running.stderr):
            if stream is not None:
                stream.close()
        return Ended(self._running.returncode, seconds, killed)

    def _first_line(self) -> str:
        try:
            line = self._lines.get(timeout=START_SECONDS)
        except queue.Empty:
            line = None
        return line or ""

    def _note_error(self, line: str | None) -> None:
        if line is not None:
            self.errors.append(line)

    def _last_errors(self) -> str:
        told = "".join(self.errors[-5:]).strip()
        return f"stderr ends with: {told}" if told else ""

    @staticmethod
    def _listen(stream: IO[str] | None, heard: object) -> None:
        if stream is None or not callable(heard):
            return
        for line in stream:
            heard(line)
        heard(None)


def start(command: Sequence[str], arguments: Sequence[str], environment: Mapping[str, str]) -> PluginProcess:
    """Start a plugin and wait for its first line."""
    try:
        running = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **environment},
            # Ctrl-C in the kit's terminal must not reach the plugin before the kit has ended it.
            start_new_session=True,
        )
    except OSError as error:
        raise NotStarted(f"{command[0]} cannot be started: {error.strerror}") from error
    return PluginProcess(running)
