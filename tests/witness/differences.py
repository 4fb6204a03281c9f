"""List how the provider's requests differ from those of the official clients, and why. Knows no request itself.

`python -m tests.witness.differences` prints the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlworkbench_emulator.accounts import OTC_PROJECT

__all__ = ["DIFFERENCES", "Difference", "Seen", "rendered", "seen_between"]

CORES = ("core", "modelarts", "by region")
SCHEDULE = {"type": "stop", "time_unit": "HOURS", "duration": 4}


@dataclass(frozen=True)
class Seen:
    """One part of one operation's request that both sides make differently; None where a side does not send it."""

    client: str
    operation: str
    part: str
    theirs: Any
    ours: Any


@dataclass(frozen=True)
class Difference:
    """A difference that is meant, of some official clients, in some operations (none named: in all), and why."""

    clients: tuple[str, ...]
    operations: tuple[str, ...]
    part: str
    theirs: Any
    ours: Any
    why: str

    def explains(self, seen: Seen) -> bool:
        return (
            seen.client in self.clients
            and (not self.operations or seen.operation in self.operations)
            and (seen.part, seen.theirs, seen.ours) == (self.part, self.theirs, self.ours)
        )


DIFFERENCES = (
    Difference(
        ("pai",),
        ("ListTensorboards",),
        "query ShowOwn",
        "False",
        "false",
        "a truth value as JSON writes it; the official client prints Python's own",
    ),
    Difference(
        ("pai",),
        ("ListTensorboards",),
        "query ShowOwn",
        "True",
        "true",
        "a truth value as JSON writes it; the official client prints Python's own",
    ),
    Difference(
        CORES,
        (),
        "header accept",
        "*/*",
        "application/json",
        "says what the client can read; the core leaves it to its HTTP library",
    ),
    Difference(
        ("modelarts",),
        ("RegisterImage", "DeleteImage", "UpdateImageGroup", "DeleteImageGroup"),
        "header content-type",
        "application/json;charset=utf-8",
        "application/json",
        "JSON is always UTF-8; the official client itself sends it without the charset in other calls",
    ),
    Difference(
        ("modelarts",),
        ("DeleteImage",),
        "query force",
        None,
        "true",
        "Huawei Cloud's pages ask for the query argument, its newest client sends the body: it gets both",
    ),
    Difference(
        ("by region",),
        ("ListProjects",),
        "header content-type",
        None,
        "application/json",
        "the reference asks for it in every call",
    ),
    Difference(
        ("otc",),
        ("CreateVisualizationJob",),
        "body schedule",
        SCHEDULE,
        [SCHEDULE],
        "every sample of the reference shows an array of one; its table and OTC's client have an object",
    ),
    *(
        Difference(
            ("otc",),
            ("ListVisualizationJobs",),
            f"query {part}",
            value if part == "sort_by" else None,
            value if part == "sortBy" else None,
            "the reference spells the argument sortBy",
        )
        for value in ("job_id", "create_time")
        for part in ("sort_by", "sortBy")
    ),
    Difference(
        ("otc",),
        (
            "CreateVisualizationJob",
            "DeleteVisualizationJob",
            "ListVisualizationJobs",
            "RestartVisualizationJob",
            "ShowVisualizationJob",
            "StopVisualizationJob",
            "UpdateVisualizationJob",
        ),
        "header x-project-id",
        None,
        OTC_PROJECT.id,
        "OTC's pages ask for it with keys and allow it with a token: one form for both",
    ),
    Difference(
        ("otc",),
        ("CreateToken",),
        "query nocatalog",
        None,
        "true",
        "the address is known, so the catalogue need not travel",
    ),
    Difference(
        ("otc",),
        ("CreateToken",),
        "body auth.scope.project.domain",
        {"name": "emulator-domain"},
        None,
        "a user's projects are in the user's domain; IAM's pages show no domain in the scope",
    ),
)


def seen_between(client: str, operation: str, theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[Seen]:
    """Yield every part that differs, of objects only the members that do."""
    for part in sorted({*theirs, *ours}):
        yield from _within(client, operation, part, theirs.get(part), ours.get(part))


def _within(client: str, operation: str, part: str, theirs: Any, ours: Any) -> Iterator[Seen]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        joint = " " if part == "body" else "."
        for name in sorted({*theirs, *ours}):
            yield from _within(client, operation, f"{part}{joint}{name}", theirs.get(name), ours.get(name))
    elif theirs != ours or type(theirs) is not type(ours):
        yield Seen(client, operation, part, theirs, ours)


def rendered() -> str:
    """Write the table in Markdown."""
    lines = ["| official client | operation | part | official | ours | why |", "|---|---|---|---|---|---|"]
    for each in DIFFERENCES:
        cells = (", ".join(each.clients), ", ".join(each.operations) or "all", each.part, each.theirs, each.ours)
        lines.append("| " + " | ".join([*("–" if cell is None else str(cell) for cell in cells), each.why]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(rendered())
