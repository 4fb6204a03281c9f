"""Hold what all programs share: emulated clouds whose time stands still, and plugin processes. Knows no engine."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme

from mlworkbench.hosts import clouds, core, servicer
from mlworkbench.lifecycle import engine, waiting
from mlworkbench.lifecycle.waiting import Patience, Watch
from mlworkbench.model.values import Tree
from mlworkbench.wire.retry import Retry
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import serving

from .gate import Cut, Gate
from .plugin import Plugin, plugin

__all__ = ["LONGEST", "World", "opened"]

LONGEST = 780
"""Seconds that a program may push time on: signatures are good for 15 minutes."""

_QUICK = Patience(limit=2000, first=0.0005, longest=0.001)


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
    """The clouds and the way to them. `tally` counts what has happened in all programs."""

    emulator: Emulator
    clock: Clock
    url: str
    variables: Mapping[str, str]
    loop: asyncio.AbstractEventLoop
    config: Tree
    gate: Gate
    tally: Counter[str] = field(default_factory=Counter)

    def restart(self) -> None:
        """Forget everything."""
        self.clock.restart()
        self.emulator.reset()

    def process(self, cut: Cut | None = None) -> AbstractContextManager[Plugin]:
        """Start a plugin."""
        return plugin(self.loop, self.variables, self.config, self.gate, cut)


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    """Open a world. In it plugins wait without pauses."""
    # Plugins start faster with a small file of certificates than with all of this machine.
    authority = folder / "ca.pem"
    trustme.CA().cert_pem.write_to_path(authority)
    settings = Settings(tensorboard_cap=1000, bad_signature_limit=0)
    clock, gate = Clock(), Gate()
    emulator = Emulator(settings, real_time=clock)
    emulator.app.add_middleware(gate.before)
    config: Tree = {"maxRetries": 2, "caBundle": str(authority)}
    # Clouds and plugins share a thread: what happens first never depends on the machine.
    loop, server = asyncio.new_event_loop(), serving(emulator)
    with _haste():
        url = loop.run_until_complete(server.__aenter__())
        yield World(emulator, clock, url, environment(settings, url), loop, config, gate)
        loop.run_until_complete(server.__aexit__(None, None, None))
    emulator.close()
    loop.close()


@contextmanager
def _haste() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "PATIENCE", dict.fromkeys(engine.PATIENCE, _QUICK))
        patch.setattr(clouds, "Retry", partial(Retry, first=0.0005))
        patch.setattr(waiting, "_LAST_LOOK_SECONDS", 0.02)
        patch.setattr(servicer, "Watch", _watch)
        # It is the same sound configuration each time, and to look at its certificates takes long.
        patch.setattr(core, "failures_of", lambda config: [])
        # The HTTP client looks for this library at every turn; to find out that it is not there takes long.
        patch.setitem(sys.modules, "sniffio", None)
        yield


def _watch(**facts: Any) -> Watch:
    """Watch by a clock that goes on a second at each look: how long a wait lasts must not depend on the machine."""
    return Watch(**facts, clock=partial(next, itertools.count(0.0)))
