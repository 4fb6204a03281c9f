"""Count how long a record has been up. Knows moments and sums; no vendor's states and no units but seconds."""

from __future__ import annotations

from .store import Record

__all__ = ["note_running", "ran_seconds", "running_since"]

SINCE = "running_since"
BEFORE = "ran_seconds"


def note_running(record: Record, at: float, *, up: bool) -> None:
    """Note a change of state at a moment: whether the record is up from then on."""
    since = record.marks.pop(SINCE, None)
    if since is not None:
        record.marks[BEFORE] = record.marks.get(BEFORE, 0.0) + at - since
    if up:
        record.marks[SINCE] = at


def running_since(record: Record) -> float | None:
    return record.marks.get(SINCE)


def ran_seconds(record: Record, now: float) -> float:
    """Give the sum of all times that the record was up."""
    since = record.marks.get(SINCE)
    return record.marks.get(BEFORE, 0.0) + (now - since if since is not None else 0.0)
