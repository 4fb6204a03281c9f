"""Look at the records and change them behind every client's back. Knows kinds and vendors' field names; no HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from .modelarts.image_shapes import KIND as IMAGES
from .modelarts.job_shapes import KIND as VISUALIZATION_JOBS
from .pai.shapes import KIND as TENSORBOARDS
from .store import Facts, Record
from .world import World

__all__ = ["KINDS", "NoSuchResource", "Resources"]

KINDS = (TENSORBOARDS, VISUALIZATION_JOBS, IMAGES)


class NoSuchResource(LookupError):
    """A kind, a resource or a field that is not there."""


class Resources:
    """All records as the clouds hold them, with the fields that no answer shows."""

    def __init__(self, world: World) -> None:
        self._world = world

    def all(self, kind: str) -> list[Facts]:
        """Give the facts of every resource of a kind, oldest first. Looking is no read: it moves no `reads:N` on."""
        with self._world.lock:
            records = self._world.store.all(_known(kind))
            return [dict(record.facts) for record in records if self._world.walker.catch_up(record)]

    def get(self, kind: str, resource_id: str) -> Facts:
        with self._world.lock:
            return dict(self._find(kind, resource_id).facts)

    def change(self, kind: str, resource_id: str, facts: Mapping[str, object]) -> Facts:
        """Set facts behind the clients' backs. A status that is set this way holds."""
        with self._world.lock:
            record = self._find(kind, resource_id)
            unknown = sorted(set(facts) - set(record.facts))
            if unknown:
                raise NoSuchResource(
                    f"{kind} have no {', '.join(unknown)}; they have {', '.join(sorted(record.facts))}"
                )
            self._world.walker.amend(record, facts)
            return dict(record.facts)

    def remove(self, kind: str, resource_id: str) -> None:
        """Let a resource vanish at once, as if someone had deleted it long ago."""
        with self._world.lock:
            self._world.store.remove(self._find(kind, resource_id))

    def _find(self, kind: str, resource_id: str) -> Record:
        record = self._world.store.find(_known(kind), resource_id)
        if record is None or not self._world.walker.catch_up(record):
            raise NoSuchResource(f"there is no {resource_id} among the {kind}")
        return record


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise NoSuchResource(f"there are no {kind}; there are {', '.join(KINDS)}")
    return kind
