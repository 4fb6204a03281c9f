"""Record what a reader of the README types: real commands, in a real shell, on a pseudo terminal, as a moving picture.
Knows the commands; knows nothing of terminals' codes or of SVG.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from demo.stage import PROGRAMS, ROOT, Folder
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.serving import running
from tools.record_screen import COLUMNS, ROWS, Chunk, frames
from tools.record_svg import picture

__all__ = ["COMMANDS", "PICTURE", "Terminal", "main"]

PICTURE = ROOT / "docs" / "recording.svg"
PORT = 8765
COMMANDS = (
    'eval "$(mlworkbench-emulator env --port 8765)"',
    "pulumi up --yes",
    'board=$(basename "$(pulumi stack output tensorboardUrl)")',
    'curl -s -o /dev/null -X PATCH "http://127.0.0.1:8765/_emulator/resources/tensorboards/$board" '
    "-d '{\"MaxRunningTimeMinutes\": 30}'  # behind Pulumi's back",
    "pulumi preview --refresh --diff --expect-no-changes",
    "pulumi up --refresh --yes",
    "pulumi destroy --yes",
)
_TICK_SECONDS = 0.02
_KEY_SECONDS = 0.02
_PAUSE_SECONDS = 0.8
_LONGEST_SECONDS = 120.0


class Stalled(Exception):
    """A command did not end."""


@dataclass
class Terminal:
    """A shell on a pseudo terminal: what is typed into it, and all that it shows, each with its moment."""

    environment: Mapping[str, str]
    place: Path
    chunks: list[Chunk] = field(default_factory=list)
    _prompts: int = 0

    def type(self, commands: Sequence[str]) -> None:
        """Type commands one after the other, each when the one before has ended, and end the shell."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        process = self._shell(slave)
        os.close(slave)
        self._start = time.monotonic()
        try:
            self._until_prompt(master)
            for command in commands:
                self._keys(master, command)
                self._until_prompt(master)
            self._listen(master, _PAUSE_SECONDS)
        finally:
            os.killpg(process.pid, signal.SIGHUP)
            os.close(master)
            process.wait()

    def _shell(self, slave: int) -> subprocess.Popen[bytes]:
        # A prompt that is shown leaves a mark in a file: that tells, better than its look, that a command has ended.
        marks = self.place / "prompts"
        marks.touch()
        shown = {"PS1": r"\[\e[1;32m\]$\[\e[0m\] ", "PS2": "", "PROMPT_COMMAND": f"printf x >> '{marks}'"}
        environment = {**self.environment, **shown, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
        shell = ["bash", "--norc", "--noprofile", "-i"]
        return subprocess.Popen(
            shell,
            cwd=self.place,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def _keys(self, master: int, command: str) -> None:
        self._listen(master, _PAUSE_SECONDS)
        for letter in command:
            os.write(master, letter.encode())
            self._listen(master, _KEY_SECONDS)
        self._listen(master, _PAUSE_SECONDS / 2)
        os.write(master, b"\r")

    def _until_prompt(self, master: int) -> None:
        deadline = time.monotonic() + _LONGEST_SECONDS
        while (self.place / "prompts").stat().st_size <= self._prompts:
            if time.monotonic() > deadline:
                raise Stalled("a command took too long; what it showed is lost")
            self._listen(master, _TICK_SECONDS)
        self._prompts += 1
        self._listen(master, _TICK_SECONDS)

    def _listen(self, master: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([master], [], [], left)
            if ready:
                self.chunks.append(Chunk(time.monotonic() - self._start, os.read(master, 65536)))


@contextmanager
def _stage() -> Iterator[Terminal]:
    """Prepare what the README's reader has by then: an emulator, a plugin, a stack, and nothing of this machine."""
    with Folder() as folder:
        emulator = Emulator(progress="seconds:0.7")
        environment = folder.environment(coloured=True) | {"PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}
        # A path of this machine would be shown in a warning: the plugin is installed as its archive would be.
        place = folder.path / "yaml"
        shutil.copytree(ROOT / "examples" / "yaml", place)
        plugin = str(PROGRAMS / "pulumi-resource-mlworkbench")
        for words in (
            ["plugin", "install", "resource", "mlworkbench", "0.1.0", "--file", plugin],
            ["stack", "init", "dev"],
        ):
            subprocess.run(["pulumi", *words], cwd=place, env=environment, check=True, capture_output=True)
        try:
            with running(emulator, PORT):
                yield Terminal(environment, place)
        finally:
            emulator.close()


def main() -> int:
    """Record, and write the picture."""
    try:
        with _stage() as terminal:
            terminal.type(COMMANDS)
    except OSError as error:
        print(f"Port {PORT} has to be free for the recording: {error}", file=sys.stderr)
        return 1
    PICTURE.write_text(picture(frames(terminal.chunks)), "utf-8")
    size = PICTURE.stat().st_size // 1000
    print(f"{PICTURE.relative_to(ROOT)}: {size} kB, {terminal.chunks[-1].at:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
