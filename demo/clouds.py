"""Be the clouds of the demo, and a colleague who changes them. Knows the emulator and vendors' calls; no engine."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.api.pai import tensorboards
from mlworkbench.hosts.clouds import Clouds
from mlworkbench.hosts.config import Config
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running

__all__ = ["KINDS", "FakeClouds", "fake_clouds"]

KINDS = ("tensorboards", "visualization-jobs", "images")
SECONDS_PER_STATE = 1


class FakeClouds:
    """The emulator, seen from outside: what it holds, and signed calls of somebody who is not Pulumi."""

    def __init__(self, emulator: Emulator, url: str) -> None:
        self._emulator = emulator
        self.url = url
        self.variables = environment(emulator.settings, url)

    def holds(self, kind: str) -> list[Mapping[str, object]]:
        """Return what a cloud has of a kind."""
        return [dict(facts) for facts in self._emulator.resources.all(kind)]

    def last_change(self) -> str:
        """Return the last call that changed something, as method, path and query."""
        entry = [entry for entry in self._emulator.journal if entry.method != "GET"][-1]
        query = "&".join(f"{name}={value}" for name, value in entry.query)
        return f"{entry.method} {entry.path}{'?' if query else ''}{query}"

    def loosen_tensorboard(self) -> None:
        """Let everyone see the TensorBoard and shorten its life, as a click in PAI's console would."""
        [board] = self.holds("tensorboards")
        query = tensorboards.UpdateQuery(max_running_time_minutes=30, accessibility="PUBLIC")
        self._as_colleague("pai", lambda call: call(tensorboards.UPDATE, {"id": board["TensorboardId"]}, query=query))

    def unregister_image(self) -> None:
        """Delete the image's registration."""
        [image] = self.holds("images")
        self._as_colleague("modelarts", lambda call: call(images.DELETE, {"id": image["id"]}))

    def describe_job_anew(self) -> None:
        """Overwrite the description of the visualization job."""
        [job] = self.holds("visualization-jobs")
        body = visualization_jobs.UpdateBody(job_desc="Mine now, please do not touch")
        update = visualization_jobs.UPDATE
        self._as_colleague("modelarts", lambda call: call(update, {"id": str(job["job_id"])}, body=body))

    def _as_colleague(self, service: str, call: Callable[[Any], Coroutine[Any, Any, object]]) -> None:
        async def make() -> None:
            clouds = Clouds(Config({}, os.environ))
            try:
                await call(clouds.client(service))
            finally:
                await clouds.close()

        asyncio.run(make())


@contextmanager
def fake_clouds() -> Iterator[FakeClouds]:
    """Run the clouds on a free port; their states take about a second each, so that waiting can be watched."""
    emulator = Emulator(Settings(), progress=f"seconds:{SECONDS_PER_STATE}")
    try:
        with running(emulator) as url:
            yield FakeClouds(emulator, url)
    finally:
        emulator.close()
