"""Hold endings that were asked for. Knows operations and states by name; not how a service walks to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .fields import Field, either, text, whole

__all__ = ["OUTCOME_FIELDS", "Outcome", "Outcomes"]


@dataclass(frozen=True)
class Outcome:
    """Where the next `times` calls of an operation end, instead of where they would."""

    operation: str
    state: str | int
    reason_code: str = ""
    reason_message: str = ""
    times: int = 1


OUTCOME_FIELDS = [
    Field("operation", text(shortest=1), required=True),
    Field("state", either(whole(0), text(shortest=1)), required=True),
    Field("reason_code", text()),
    Field("reason_message", text()),
    Field("times", whole(1)),
]


class Outcomes:
    """The endings still to come, first asked first served."""

    def __init__(self) -> None:
        self._coming: list[Outcome] = []

    def add(self, outcome: Outcome) -> Outcome:
        self._coming.append(outcome)
        return outcome

    def take(self, operation: str) -> Outcome | None:
        """Use up one ending of an operation, if there is one."""
        for place, outcome in enumerate(self._coming):
            if outcome.operation != operation:
                continue
            if outcome.times <= 1:
                del self._coming[place]
            else:
                self._coming[place] = replace(outcome, times=outcome.times - 1)
            return outcome
        return None

    def clear(self) -> None:
        self._coming.clear()

    def __iter__(self) -> Iterator[Outcome]:
        return iter(tuple(self._coming))
