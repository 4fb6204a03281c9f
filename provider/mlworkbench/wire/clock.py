"""Know how far this machine's clock is from the cloud's. Know no service and no signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["TOLERANCE", "ServerClock", "moment"]

TOLERANCE = timedelta(minutes=15)
"""How far apart the clocks may be before the clouds refuse a signature."""


class ServerClock:
    """Learns the cloud's time from the `Date` of its answers.

    Until the first one both clocks are taken as equal, and `is_known` is false.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self.ahead = timedelta(0)
        self.is_known = False

    def observe(self, headers: Mapping[str, str]) -> None:
        """Take note of an answer."""
        try:
            self.ahead = parsedate_to_datetime(headers.get("date", "")) - self._now()
        except (TypeError, ValueError):
            return
        self.is_known = True

    def theirs(self, ours: datetime) -> datetime:
        """Return what the cloud's clock showed when ours showed this; whole seconds, rounded down."""
        return (ours + self.ahead - timedelta(seconds=1)).replace(microsecond=0)

    @property
    def is_off(self) -> bool:
        """Tell whether signatures made by this machine's clock are refused."""
        return abs(self.ahead) > TOLERANCE

    def describe(self) -> str:
        """Say how far this machine's clock is off."""
        seconds = round(abs(self.ahead).total_seconds())
        return f"this machine's clock is {seconds} s {'behind' if self.ahead > timedelta(0) else 'ahead'}"


def moment(text: str | None) -> datetime | None:
    """Read a moment that a cloud told, or None if it told none that makes sense."""
    try:
        told = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
