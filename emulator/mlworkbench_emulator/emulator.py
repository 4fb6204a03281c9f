"""Put the fake clouds together: one world, four services, one application. Knows the parts; not what they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from .admin import admin_routes
from .boards import board
from .exchange import Service
from .faults import Faults
from .iam import Iam
from .journal import Journal
from .modelarts.gateway import KeyLock
from .modelarts.images import Images
from .modelarts.jobs import VisualizationJobs
from .modelarts.swr import SwrContents
from .outcomes import Outcomes
from .pai.tensorboards import Tensorboards
from .pipeline import Pipeline
from .progress import Progress
from .resources import Resources
from .settings import Settings
from .world import World

__all__ = ["Emulator"]


class Emulator:
    """The fake clouds. `app` is the ASGI application; everything else is what its admin path offers, typed.

    `real_time` tells the time by which signatures are judged; `advance` moves the time that resources live by.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        progress: Progress | str = "immediate",
        state_file: Path | None = None,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self._world = World(settings or Settings(), state_file, real_time)
        self._start_settings = self._world.settings
        self.progress = progress
        self._start_progress = self.progress
        self.faults = Faults()
        self.journal = Journal()
        self.resources = Resources(self._world)
        self.swr = SwrContents(self._world.store)
        self._lock = KeyLock(self._world)
        self._tensorboards = Tensorboards(self._world)
        self.app = self._application()

    @property
    def outcomes(self) -> Outcomes:
        return self._world.outcomes

    @property
    def progress(self) -> Progress:
        return self._world.walker.progress

    @progress.setter
    def progress(self, progress: Progress | str) -> None:
        self._world.walker.progress = Progress.parse(progress) if isinstance(progress, str) else progress

    @property
    def settings(self) -> Settings:
        return self._world.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._world.settings = settings

    @property
    def now(self) -> float:
        """The time that resources, timers and tokens live by."""
        return self._world.clock.now()

    def advance(self, seconds: float) -> None:
        """Let time pass at once: transitions of `seconds:S`, timers and tokens fall due."""
        with self._world.lock:
            self._world.advance(seconds)

    def reset(self) -> None:
        """Go back to the start: no records, faults or journal; real time; the settings and progress of the start."""
        with self._world.lock:
            self._world.clear()
            self.faults.clear()
            self.journal.clear()
            self._lock.clear()
            self._tensorboards.forget()
            self.settings = self._start_settings
            self.progress = self._start_progress

    def close(self) -> None:
        """Close the state file, if there is one."""
        with self._world.lock:
            self._world.store.close()

    def _application(self) -> Starlette:
        jobs = VisualizationJobs(self._world, self._lock)
        images = Images(self._world, self._lock, self.swr)
        services: tuple[tuple[str, tuple[Service, ...]], ...] = (
            ("/api/v1/", (self._tensorboards,)),
            ("/v3", (Iam(self._world, self._lock),)),
            ("/", (jobs, images)),
        )
        pipeline = Pipeline(self._world, services, self.faults, self.journal)
        return Starlette(
            routes=[
                Mount("/_emulator", routes=admin_routes(self)),
                Route("/boards/{kind}/{place:path}", board(self._world)),
                Mount("/", app=pipeline),
            ]
        )
