"""Hold what one engine command did: its exit, its texts, its steps. Knows what a user can see; starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Run", "Step"]

_IDLE = ("same", "read", "refresh")


@dataclass(frozen=True)
class Step:
    """One thing that the engine began, or would begin: `kinds` are the kinds of change by property path.

    `differing` are the properties that differ, `replacing` those that make a new resource of it.
    """

    op: str
    urn: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    differing: frozenset[str] = frozenset()
    replacing: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def is_ours(self) -> bool:
        """Tell it from a step on the stack itself or on a provider."""
        return not self.urn.split("::")[2].startswith("pulumi:")


@dataclass(frozen=True)
class Run:
    """What one command did. `text` is all that the user saw."""

    exit_code: int
    text: str
    steps: tuple[Step, ...]

    @property
    def changes(self) -> list[tuple[str, str]]:
        """The steps that change something, as operation and name, in the order in which they began."""
        return [(step.op, step.name) for step in self.steps if step.op not in _IDLE]

    def step(self, op: str, name: str) -> Step:
        """Return the one step that does this to that resource."""
        found = [step for step in self.steps if (step.op, step.name) == (op, name)]
        assert len(found) == 1, f"{op} {name} is not one of {self.changes}\n{self.text}"
        return found[0]

    def succeeded(self) -> Run:
        assert self.exit_code == 0, self.text
        return self

    def refused(self) -> Run:
        assert self.exit_code != 0, self.text
        return self
