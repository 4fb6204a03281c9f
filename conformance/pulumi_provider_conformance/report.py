"""Write a run as text: what is broken first, calmly. Knows results; no protocol."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from .law import Law, Outcome, Result, Severity
from .runner import Run

__all__ = ["catalogue", "line", "summary", "text"]

_MARKS = {Outcome.PASSED: "ok  ", Outcome.FAILED: "FAIL", Outcome.NOT_APPLICABLE: "  - "}
_WIDTH = 110


def line(result: Result) -> str:
    """Say one result in one line."""
    return f"{_mark(result.law, {result.outcome})}  {result.law.name}  ({result.subject})"


def text(run: Run) -> str:
    """Say the whole run: by chapter, then what is broken with advice."""
    parts = [*_chapters(run), *_failures(run), *_leftovers(run), summary(run)]
    return "\n".join(parts) + "\n"


def summary(run: Run) -> str:
    """Say the outcome in one sentence."""
    failed = run.of(Outcome.FAILED)
    must = [each for each in failed if each.law.severity is Severity.MUST]
    counts = f"{len(run.of(Outcome.PASSED))} passed, {len(run.of(Outcome.NOT_APPLICABLE))} not applicable"
    verdict = f"{len(must)} broken, {len(failed) - len(must)} weak" if failed else "nothing broken"
    return f"{run.spec.name}: {verdict}, {counts}, in {run.seconds:.0f} s"


def catalogue(laws: Sequence[Law]) -> str:
    """List the laws with what they promise."""
    lines: list[str] = []
    for title, group in groupby(laws, key=lambda law: law.group):
        lines.append(title)
        for law in group:
            lines.append(f"  {law.name} ({law.severity})")
            lines.append(textwrap.fill(law.promise, _WIDTH, initial_indent="      ", subsequent_indent="      "))
        lines.append("")
    return "\n".join(lines)


def _chapters(run: Run) -> Iterator[str]:
    for title, group in groupby(run.results, key=lambda result: result.law.group):
        yield title
        for law, results in groupby(group, key=lambda result: result.law):
            told = list(results)
            yield f"  {_mark(law, {each.outcome for each in told})}  {law.name}"
            reasons = {each.seen for each in told if each.outcome is Outcome.NOT_APPLICABLE}
            yield from (_indented(reason, 8) for reason in sorted(reasons))
        yield ""


def _mark(law: Law, outcomes: set[Outcome]) -> str:
    """Return the mark of the worst of some outcomes."""
    worst = next(each for each in (Outcome.FAILED, Outcome.PASSED, Outcome.NOT_APPLICABLE) if each in outcomes)
    return "weak" if worst is Outcome.FAILED and law.severity is Severity.SHOULD else _MARKS[worst]


def _failures(run: Run) -> Iterator[str]:
    failed = sorted(run.of(Outcome.FAILED), key=lambda each: each.law.severity)
    for result in failed:
        yield f"{'BROKEN' if result.law.severity is Severity.MUST else 'WEAK'}  {result.law.name}  ({result.subject})"
        yield _indented(result.law.promise, 2)
        yield _indented(f"seen: {result.seen}", 2)
        yield _indented(f"do:   {result.law.advice}", 2)
        yield _indented(f"see:  {result.law.reference}", 2)
        yield ""


def _leftovers(run: Run) -> Iterator[str]:
    if run.leftovers:
        yield "Left behind, to be deleted by hand:"
        yield from (_indented(each, 2) for each in run.leftovers)
        yield ""


def _indented(told: str, by: int) -> str:
    space = " " * by
    return textwrap.fill(told, _WIDTH, initial_indent=space, subsequent_indent=f"{space}  ", break_on_hyphens=False)
