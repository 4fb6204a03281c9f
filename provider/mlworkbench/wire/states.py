"""Know how a vendor's status names map to what a caller may do. Know no resource and no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["Phase", "States"]


class Phase(Enum):
    """Where something is in its life."""

    BUSY = "busy"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class States:
    """The vendor's status names by phase. A name that is in none is a transition: wait on.

    `stopping` are the transitions that lead to a stop, all others lead to running; `busy` are the documented ones.
    `deleting` are those that lead to being gone. `ended` are those of the stopped from which nothing can be started
    again.
    """

    ready: frozenset[str]
    stopped: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    stopping: frozenset[str] = frozenset()
    deleting: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()

    def phase(self, status: str | None) -> Phase:
        """Return the phase of a status, in any letter case."""
        for names, phase in (
            (self.ready, Phase.READY),
            (self.stopped, Phase.STOPPED),
            (self.failed, Phase.FAILED),
            (self.gone, Phase.GONE),
        ):
            if _is_among(status, names):
                return phase
        return Phase.BUSY

    def is_on_its_way(self, status: str | None) -> bool:
        """Tell whether it is in a documented transition."""
        return _is_among(status, self.busy | self.stopping | self.deleting)

    def has_ended(self, status: str | None) -> bool:
        """Tell whether it has stopped and cannot be started again."""
        return _is_among(status, self.ended)

    def is_leaving(self, status: str | None) -> bool:
        """Tell whether it is gone, or will be."""
        return _is_among(status, self.gone | self.deleting)

    def runs(self, status: str | None) -> bool:
        """Tell whether it runs, or is about to."""
        phase = self.phase(status)
        return phase is Phase.READY or (phase is Phase.BUSY and not _is_among(status, self.stopping | self.deleting))


def _is_among(status: str | None, names: frozenset[str]) -> bool:
    return (status or "").casefold() in {name.casefold() for name in names}
