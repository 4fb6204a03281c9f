"""Know how an operation on a resource can end. Know not how it got there."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.values import Tree

__all__ = ["InitFailed", "Live", "NotDone"]


@dataclass(frozen=True)
class Live:
    """A resource as it is in the cloud: its id, the inputs in the user's spelling, and the state."""

    id: str
    inputs: Tree
    state: Tree


class InitFailed(Exception):
    """It exists, but is not as it was asked for. Whoever catches this must not lose `live`."""

    def __init__(self, live: Live, reason: str) -> None:
        super().__init__(live, reason)
        self.live, self.reason = live, reason

    def __str__(self) -> str:
        return self.reason


class NotDone(Exception):
    """The operation did not reach its end, and nothing new exists. The message says why and what to do."""
