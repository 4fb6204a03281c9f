"""Run the steps of both stories, one after the other. Knows how a run ends early; not what a step does.

Run as `python -m demo.run` by the demo, with the environment of demo.stage.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType

from pulumi.automation.errors import CommandError

from demo.clouds import fake_clouds
from demo.hosts import open_python, open_yaml
from demo.screen import Screen
from demo.stage import COLOUR_VARIABLE, FOLDER_VARIABLE
from demo.story import IN_ONE_JOB, IN_TWO_CLOUDS, DemoFailed, Life, Step

__all__ = ["INTERRUPTED", "Telling", "main", "run"]

INTERRUPTED = 128 + signal.SIGINT


class Telling:
    """All steps, from an empty machine to an empty machine."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        self._screen = screen
        self._lives = {
            "YAML program, plugin host": Life(screen, partial(open_yaml, folder, screen), IN_TWO_CLOUDS),
            "Python program, dynamic host": Life(screen, partial(open_python, folder, screen), IN_ONE_JOB),
        }
        self._open = ExitStack()

    def steps(self) -> Sequence[Step]:
        start = Step(
            "Start emulated clouds (PAI, ModelArts, IAM) on a free port, their states a second long.", self._start
        )
        stop = Step("Stop the emulated clouds and remove the temporary folder.", self._open.close)
        return [start, *(step for host, life in self._lives.items() for step in life.steps(host)), stop]

    def _start(self) -> None:
        clouds = self._open.enter_context(fake_clouds())
        os.environ.update(clouds.variables)
        for life in self._lives.values():
            life.clouds = clouds
        self._screen.note(f"{clouds.url}, as `mlworkbench-emulator --port 0 --progress seconds:1` would")


class Interruption:
    """Whether an end was asked for. The engine, asked at the same time, ends by itself what it is doing."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGINT, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def run(steps: Sequence[Step], screen: Screen, interrupted: Callable[[], bool]) -> int:
    """Run the steps until one fails or an end is asked for; return the exit code."""
    for number, step in enumerate(steps, start=1):
        if interrupted():
            return INTERRUPTED
        screen.announce(number, len(steps), step.announcement)
        try:
            step.act()
        except (CommandError, DemoFailed) as error:
            if interrupted():
                return INTERRUPTED
            # What the engine had to say has been shown already, line by line.
            screen.fail("the engine gave up; see above." if isinstance(error, CommandError) else str(error))
            return 1
    return 0


def main() -> int:
    interruption = Interruption()
    screen = Screen(sys.stdout, coloured=bool(os.environ[COLOUR_VARIABLE]))
    telling = Telling(screen, Path(os.environ[FOLDER_VARIABLE]))
    return run(telling.steps(), screen, lambda: interruption.asked)


if __name__ == "__main__":
    sys.exit(main())
