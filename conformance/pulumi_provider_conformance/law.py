"""Say what a law is and what can come of it. Know no protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from .stage import Stage
    from .subject import Subject

__all__ = [
    "Broken",
    "Law",
    "NotApplicable",
    "Outcome",
    "Result",
    "Scope",
    "Severity",
    "broken",
    "chapter",
    "present",
    "require",
    "skip",
]

T = TypeVar("T")


class Severity(StrEnum):
    """What it costs to break a law: `must` costs users data or a run, `should` costs them comfort."""

    MUST = "must"
    SHOULD = "should"


class Scope(StrEnum):
    """What a law is about."""

    PROVIDER = "provider"
    RESOURCE = "resource"


class Outcome(StrEnum):
    """What came of a law."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


class Broken(Exception):
    """A law does not hold; the message is what was seen."""


class NotApplicable(Exception):
    """A law cannot be judged here; the message is the reason."""


@dataclass(frozen=True)
class Law:
    """One thing that a provider promises to the engine or to its users."""

    name: str
    group: str
    promise: str
    advice: str
    reference: str
    judge: Callable[[Stage], None] | Callable[[Subject], None]
    scope: Scope = Scope.RESOURCE
    severity: Severity = Severity.MUST


@dataclass(frozen=True)
class Result:
    """What came of one law for one subject."""

    law: Law
    subject: str
    outcome: Outcome
    seen: str = ""
    seconds: float = 0


def chapter(title: str, scope: Scope) -> Callable[..., Callable[[Callable[..., None]], Law]]:
    """Return what turns the functions of a chapter into laws: the name and the docstring say what must hold."""

    def law(reference: str, advice: str, severity: Severity = Severity.MUST) -> Callable[[Callable[..., None]], Law]:
        def named(judge: Callable[..., None]) -> Law:
            name = judge.__name__.replace("_", "-")
            promise = " ".join((judge.__doc__ or "").split())
            return Law(name, title, promise, advice, reference, judge, scope, severity)

        return named

    return law


def require(holds: object, seen: str) -> None:
    """Go on only if something holds."""
    if not holds:
        raise Broken(seen)


def present(value: T | None, seen: str) -> T:
    """Return a value that must be there."""
    if value is None:
        raise Broken(seen)
    return value


def broken(seen: str) -> NoReturn:
    """Say that the law does not hold."""
    raise Broken(seen)


def skip(reason: str) -> NoReturn:
    """Say that the law cannot be judged."""
    raise NotApplicable(reason)
