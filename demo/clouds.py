"""Be the clouds of the demo, and what somebody else does to them. Knows the emulator; no engine and no provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from demo import colleague
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running

__all__ = ["KINDS", "FakeClouds", "fake_clouds"]

KINDS = BOARDS, JOBS, IMAGES = ("tensorboards", "visualization-jobs", "images")
WATCHABLE = "seconds:1"


class FakeClouds:
    """The emulator, seen from outside: what it holds, and what somebody who is not Pulumi changes in it."""

    def __init__(self, emulator: Emulator, url: str) -> None:
        self._emulator = emulator
        self.url = url
        self.variables = environment(emulator.settings, url)

    def holds(self, kind: str) -> list[Mapping[str, object]]:
        """Return what a cloud has of a kind."""
        return [dict(facts) for facts in self._emulator.resources.all(kind)]

    def loosen_tensorboard(self) -> str:
        """Change the TensorBoard; return the call that did it."""
        [board] = self.holds(BOARDS)
        colleague.loosen_tensorboard(self.url, str(board["TensorboardId"]))
        return self._last_call("Alibaba Cloud's client")

    def unregister_image(self) -> str:
        """Delete the image; return the call that did it."""
        [image] = self.holds(IMAGES)
        colleague.unregister_image(self.url, str(image["id"]))
        return self._last_call("Huawei Cloud's client")

    def describe_job_anew(self) -> str:
        """Overwrite the job's description, as if in the console: no client of the vendor knows these jobs."""
        [job] = self.holds(JOBS)
        self._emulator.resources.change(JOBS, str(job["job_id"]), {"job_desc": "Mine now, please do not touch"})
        return f"job {job['job_id']} is now described as 'Mine now, please do not touch'"

    def _last_call(self, client: str) -> str:
        [*_, entry] = self._emulator.journal
        query = "&".join(f"{name}={value}" for name, value in entry.query)
        return f"{client}: {entry.method} {entry.path}{'?' if query else ''}{query} → {entry.status}"


@contextmanager
def fake_clouds(progress: str = WATCHABLE) -> Iterator[FakeClouds]:
    """Run the clouds on a free port; their states take a second each, so that waiting can be watched."""
    emulator = Emulator(progress=progress)
    try:
        with running(emulator) as url:
            yield FakeClouds(emulator, url)
    finally:
        emulator.close()
