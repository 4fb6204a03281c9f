"""Hold what all programs share: emulated clouds whose time stands still, and plugin processes. Knows no engine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlworkbench.model.values import Tree
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running
from tests.contract.hosts import Loop

from .gate import Cut, Gate
from .plugin import Door, Plugin, plugin

__all__ = ["LONGEST", "World", "opened"]

LONGEST = 780
"""Seconds that a program may push time on: signatures are good for 15 minutes."""


class Clock:
    """The clouds' time: stands still until it is pushed, so that nothing depends on how fast a machine is."""

    def __init__(self) -> None:
        self.start = float(int(time.time()))
        self.pushed = 0

    def __call__(self) -> float:
        return self.start + self.pushed

    def restart(self) -> None:
        """Go back to the real time."""
        self.start, self.pushed = float(int(time.time())), 0


@dataclass(frozen=True)
class World:
    """The clouds and the way to them."""

    emulator: Emulator
    clock: Clock
    url: str
    variables: Mapping[str, str]
    door: Door
    config: Tree
    gate: Gate

    def restart(self) -> None:
        """Forget everything."""
        self.clock.restart()
        self.emulator.reset()

    def process(self, cut: Cut | None = None) -> AbstractContextManager[Plugin]:
        """Start a plugin."""
        return plugin(self.door, self.variables, self.config, self.gate, cut)


@contextmanager
def opened(authority: Path) -> Iterator[World]:
    """Open a world. `authority` is a small file of certificates: plugins start faster than with all of this machine."""
    settings = Settings(tensorboard_cap=1000, bad_signature_limit=0)
    clock, loop = Clock(), Loop()
    emulator = Emulator(settings, real_time=clock)
    gate = Gate()
    emulator.app.add_middleware(gate.before)
    config: Tree = {"maxRetries": 2, "caBundle": str(authority)}
    with running(emulator) as url:
        door = Door(loop)
        yield World(emulator, clock, url, environment(settings, url), door, config, gate)
        door.close()
    emulator.close()
    loop.close()
