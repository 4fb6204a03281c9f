"""Run one engine command on a Python program through Pulumi's Automation API. Knows that API; no resource, no test.

It runs in a process of its own, because the API takes this process's environment for a base, and leaves an event loop
open when a program is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import automation
from pulumi.automation import events

from .place import STACK, Place
from .programs import Program, as_python
from .runs import Run, Step

__all__ = ["Command", "execute"]

_EXIT_CODE = re.compile(r"code: (\d+)")


@dataclass(frozen=True)
class Command:
    """What the engine shall do: a method of the API's Stack, and its options."""

    verb: str
    program: Program
    options: Mapping[str, object] = field(default_factory=dict)


def execute(place: Place, command: Command) -> Run:
    """Run a command to its end. One that the engine refuses is a Run like any other."""
    os.environ.clear()
    os.environ.update(place.environment)
    workspace = automation.LocalWorkspace(work_dir=str(place.project), program=as_python(command.program))
    stack = automation.Stack.select(STACK, workspace)
    lines: list[str] = []
    begun: list[Step] = []

    def note(event: events.EngineEvent) -> None:
        if event.resource_pre_event is not None:
            begun.append(_step(event.resource_pre_event.metadata))

    exit_code = 0
    run: Callable[..., object] = getattr(stack, command.verb)
    try:
        run(**command.options, color="never", on_output=lines.append, on_error=lines.append, on_event=note)
    except automation.CommandError as error:
        exit_code = int(_EXIT_CODE.findall(str(error))[0])
    return Run(exit_code, "\n".join(lines), tuple(step for step in begun if step.is_ours))


def _step(metadata: events.StepEventMetadata) -> Step:
    detailed: Mapping[str, Any] = metadata.detailed_diff or {}
    return Step(
        op=metadata.op.value,
        urn=metadata.urn,
        kinds={path: change.diff_kind.value for path, change in detailed.items()},
        differing=frozenset(metadata.diffs or ()),
        replacing=frozenset(metadata.keys or ()),
    )
