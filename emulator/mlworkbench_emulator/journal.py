"""Remember the calls that came in. Knows operations, queries and bodies; keeps no secret, token or signature."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from .exchange import Call
from .strict_json import JsonError

__all__ = ["Entry", "Journal", "recorded_body", "recorded_query"]

REDACTED = "[redacted]"
LONGEST = 10_000
"""How many calls are remembered; older ones are forgotten, numbers go on."""

_SECRET_NAMES = ("password", "secret", "token", "signature", "passcode")


@dataclass(frozen=True)
class Entry:
    """One call: what was asked, how it was answered (status 0 when the connection was dropped), who vouched for it."""

    number: int
    service: str
    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: object
    status: int
    code: str
    credential: str


class Journal:
    """The calls in the order of their arrival."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LONGEST)
        self._last_number = 0

    def next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)

    def of(self, operation: str) -> list[Entry]:
        """Give the calls of one operation."""
        return [entry for entry in self if entry.operation == operation]

    def operations(self) -> list[str]:
        """Give the names of the operations that were called, in order."""
        return [entry.operation for entry in self]

    def clear(self) -> None:
        self._entries.clear()
        self._last_number = 0

    def __iter__(self) -> Iterator[Entry]:
        # A delayed call is written after later ones, and still has its place.
        return iter(sorted(self._entries, key=lambda entry: entry.number))

    def __len__(self) -> int:
        return len(self._entries)


def recorded_query(call: Call) -> tuple[tuple[str, str], ...]:
    return tuple((name, REDACTED if _is_secret(name) else value) for name, value in call.query)


def recorded_body(call: Call) -> object:
    try:
        return _redacted(call.json())
    except JsonError:
        text = call.body.decode(errors="replace")
        # Where its parts cannot be told apart, one secret hides everything.
        return REDACTED if _is_secret(text) else text


def _redacted(value: object) -> object:
    if isinstance(value, dict):
        return {
            # `auth.identity.password` is an object that names the user: only plain values are secrets.
            name: REDACTED if _is_secret(name) and not isinstance(item, dict | list) else _redacted(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_redacted(item) for item in value]
    return value


def _is_secret(name: str) -> bool:
    return any(secret in name.lower() for secret in _SECRET_NAMES)
