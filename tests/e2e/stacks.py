"""Drive one stack on either host, through one interface. Knows the engine's commands; no resource and no cloud."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pulumi import automation
from pulumi.automation import events

from .place import PROJECT, STACK, Place
from .programs import Declared, as_python, as_yaml
from .runs import Run, Step

__all__ = ["DynamicStack", "PluginStack", "Stack"]

_LONGEST_COMMAND_SECONDS = 60
_EXIT_CODE = re.compile(r"code: (\d+)")


class Stack(Protocol):
    """One stack. A command that the engine refuses is a Run like any other."""

    @property
    def place(self) -> Place: ...
    def declare(self, **program: Declared) -> None: ...
    def preview(self, *, refresh: bool = False, expect_no_changes: bool = False) -> Run: ...
    def up(self, *, refresh: bool = False, expect_no_changes: bool = False, replace: str = "") -> Run: ...
    def refresh(self, *, expect_no_changes: bool = False) -> Run: ...
    def destroy(self) -> Run: ...


class PluginStack:
    """A YAML program, the plugin, and the CLI as a process of its own: what a user types."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def declare(self, **program: Declared) -> None:
        (self.place.project / "Pulumi.yaml").write_text(as_yaml(PROJECT, program))

    def preview(self, *, refresh: bool = False, expect_no_changes: bool = False) -> Run:
        return self.run("preview", *_flags(refresh=refresh, expect_no_changes=expect_no_changes))

    def up(self, *, refresh: bool = False, expect_no_changes: bool = False, replace: str = "") -> Run:
        flags = _flags(refresh=refresh, expect_no_changes=expect_no_changes)
        targets = [f"--replace={replace}"] if replace else []
        return self.run("up", "--yes", "--skip-preview", *flags, *targets)

    def refresh(self, *, expect_no_changes: bool = False) -> Run:
        return self.run("refresh", "--yes", "--skip-preview", *_flags(expect_no_changes=expect_no_changes))

    def destroy(self) -> Run:
        return self.run("destroy", "--yes", "--skip-preview")

    def run(self, command: str, *arguments: str) -> Run:
        """Run a command that works on the stack, to its end."""
        process = self.start(command, *arguments)
        stdout, stderr = process.communicate(timeout=_LONGEST_COMMAND_SECONDS)
        return Run(process.returncode, f"{stdout}\n{stderr}", self._steps())

    def start(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a command, for somebody who interrupts it."""
        self._log.unlink(missing_ok=True)
        line = ["pulumi", command, "--stack", STACK, "--color", "never", "--non-interactive", *arguments]
        return subprocess.Popen(
            [*line, "--event-log", str(self._log)],
            cwd=self.place.project,
            env=self.place.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def _log(self) -> Any:
        return self.place.root / "events.json"

    def _steps(self) -> tuple[Step, ...]:
        logged = map(json.loads, self._log.read_text().splitlines()) if self._log.exists() else []
        begun = [_logged_step(event["resourcePreEvent"]["metadata"]) for event in logged if "resourcePreEvent" in event]
        return tuple(step for step in begun if step.is_ours)


class DynamicStack:
    """A Python program on the dynamic host, run in this process through Pulumi's Automation API."""

    def __init__(self, place: Place) -> None:
        self.place = place
        (place.project / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        workspace = automation.LocalWorkspace(work_dir=str(place.project), env_vars=place.environment)
        self._stack = automation.Stack.select(STACK, workspace)
        self.declare()

    def declare(self, **program: Declared) -> None:
        self.run_program(as_python(program))

    def run_program(self, program: Callable[[], None]) -> None:
        """Take any Python program for the stack's."""
        self._stack.workspace.program = program

    def preview(self, *, refresh: bool = False, expect_no_changes: bool = False) -> Run:
        return _watched(
            lambda watch: self._stack.preview(
                refresh=refresh, expect_no_changes=expect_no_changes, color="never", **watch
            )
        )

    def up(self, *, refresh: bool = False, expect_no_changes: bool = False, replace: str = "") -> Run:
        targets = [replace] if replace else None
        return _watched(
            lambda watch: self._stack.up(
                refresh=refresh, expect_no_changes=expect_no_changes, replace=targets, color="never", **watch
            )
        )

    def refresh(self, *, expect_no_changes: bool = False) -> Run:
        return _watched(lambda watch: self._stack.refresh(expect_no_changes=expect_no_changes, color="never", **watch))

    def destroy(self) -> Run:
        return _watched(lambda watch: self._stack.destroy(color="never", **watch))


def _watched(command: Callable[[dict[str, Any]], object]) -> Run:
    lines: list[str] = []
    begun: list[Step] = []

    def note(event: events.EngineEvent) -> None:
        if event.resource_pre_event is not None:
            begun.append(_told_step(event.resource_pre_event.metadata))

    exit_code = 0
    try:
        command({"on_output": lines.append, "on_error": lines.append, "on_event": note})
    except automation.CommandError as error:
        exit_code = int(_EXIT_CODE.findall(str(error))[0])
    return Run(exit_code, "\n".join(lines), tuple(step for step in begun if step.is_ours))


def _logged_step(metadata: Mapping[str, Any]) -> Step:
    detailed = metadata.get("detailedDiff") or {}
    return Step(
        op=metadata["op"],
        urn=metadata["urn"],
        kinds={path: change["diffKind"] for path, change in detailed.items()},
        differing=frozenset(metadata.get("diffs") or ()),
        replacing=frozenset(metadata.get("keys") or ()),
    )


def _told_step(metadata: events.StepEventMetadata) -> Step:
    detailed = metadata.detailed_diff or {}
    return Step(
        op=metadata.op.value,
        urn=metadata.urn,
        kinds={path: change.diff_kind.value for path, change in detailed.items()},
        differing=frozenset(metadata.diffs or ()),
        replacing=frozenset(metadata.keys or ()),
    )


def _flags(*, refresh: bool = False, expect_no_changes: bool = False) -> list[str]:
    wanted = {"--refresh": refresh, "--expect-no-changes": expect_no_changes}
    return [flag for flag, given in wanted.items() if given]
