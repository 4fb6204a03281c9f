"""Move records from state to state. Knows when a step is due (at once, after reads, after time); no vendor's states."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .clock import Clock
from .store import Record, Step, Store

__all__ = ["Course", "Progress", "ProgressError", "Timer", "Walker"]


class ProgressError(ValueError):
    """Text that is no way of progress."""


@dataclass(frozen=True)
class Progress:
    """How states advance: `immediate`, `reads:N` (each state is shown by N reads) or `seconds:S` (each lasts S)."""

    how: str = "immediate"
    amount: float = 0

    @classmethod
    def parse(cls, text: str) -> Progress:
        if text == "immediate":
            return cls()
        match = re.fullmatch(r"(?:(reads):(\d{1,9})|(seconds):(\d{1,9}(?:\.\d{1,9})?))", text)
        if match is None:
            raise ProgressError(f"'{text}' is no way of progress: give immediate, reads:N or seconds:S")
        reads, count, _, seconds = match.groups()
        return cls("reads", int(count)) if reads else cls("seconds", float(seconds))

    def __str__(self) -> str:
        return self.how if self.how == "immediate" else f"{self.how}:{self.amount:g}"


@dataclass(frozen=True)
class Timer:
    """A change that comes by itself at a moment, whatever the way of progress."""

    at: float
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Course:
    """What one kind of resource does on its way: which fact is its state, what arriving means, what its timer is."""

    kind: str
    state_fact: str
    arrived: Callable[[Record, object, float], None]
    timer: Callable[[Record], Timer | None]


class Walker:
    """Brings records up to date whenever someone looks at them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.progress = Progress()
        self._store = store
        self._clock = clock
        self._courses: dict[str, Course] = {}

    def follow(self, course: Course) -> None:
        """Learn the course of a kind; told once by the service that owns it."""
        self._courses[course.kind] = course

    def begin(self, record: Record, facts: Mapping[str, object], steps: Sequence[Step]) -> None:
        """Put a record into a new state, with the steps that follow it."""
        self._enter(record, facts, self._clock.now())
        record.walk = list(steps)
        self._store.save(record)

    def catch_up(self, record: Record, *, reading: bool = False) -> bool:
        """Bring a record up to date; False when it is gone. `reading` is for calls that show it to a client."""
        while (due := self._due(record, reading)) is not None:
            step, at = due
            if step.gone:
                self._store.remove(record)
                return False
            record.walk = record.walk[1:]
            self._enter(record, step.facts, at)
            self._store.save(record)
        if reading and record.walk and self.progress.how == "reads":
            record.reads += 1
            self._store.save(record)
        return True

    def amend(self, record: Record, facts: Mapping[str, object]) -> None:
        """Set facts from outside. A state that is set holds: what was to follow is forgotten."""
        if self._courses[record.kind].state_fact in facts:
            record.walk = []
        self._enter(record, facts, self._clock.now())
        self._store.save(record)

    def _due(self, record: Record, reading: bool) -> tuple[Step, float] | None:
        now = self._clock.now()
        if not record.walk:
            timer = self._courses[record.kind].timer(record)
            return (Step(timer.facts), timer.at) if timer is not None and timer.at <= now else None
        step = record.walk[0]
        if self.progress.how == "immediate":
            return step, now
        if self.progress.how == "reads":
            return (step, now) if reading and record.reads >= self.progress.amount else None
        at = record.since + self.progress.amount
        return (step, at) if at <= now else None

    def _enter(self, record: Record, facts: Mapping[str, object], at: float) -> None:
        course = self._courses[record.kind]
        before = record.facts.get(course.state_fact)
        record.facts.update(facts)
        if record.facts.get(course.state_fact) != before:
            record.since = at
            record.reads = 0
            course.arrived(record, before, at)
