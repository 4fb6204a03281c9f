"""Know what the engine has told that it has: ids, and names whose ids it has not told. Know no cloud."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Known"]


class Known:
    """What this process has created or is told of: nobody's orphans.

    The engine checks every resource of a program with its old inputs, but does not tell the id of one that it replaces
    unasked (`--replace`, a taint).
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids = set(ids)
        self._names: dict[str, tuple[str, str]] = {}

    def __contains__(self, id: str) -> bool:
        return id in self.ids

    def add(self, id: str, urn: str = "") -> None:
        """Take note of an id, and of the resource that has it."""
        self.ids.add(id)
        self._names.pop(urn, None)

    def expect(self, urn: str, token: str, name: str) -> None:
        """Take note of a resource that exists under a name, with an id that may never be told."""
        self._names[urn] = (token, name)

    def namesakes(self, token: str, name: str) -> int:
        """Return how many resources have this name whose ids have not been told."""
        return list(self._names.values()).count((token, name))
