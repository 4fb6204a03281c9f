"""Drive one stack on either host, through one interface. Knows the engine's commands; no resource and no cloud."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Protocol

from .inline import Command, execute
from .place import STACK, Place
from .programs import Declared, Program, as_yaml
from .runs import Run, Step

__all__ = ["PROJECT", "DynamicStack", "PluginStack", "Stack"]

PROJECT = "e2e"

_LONGEST_COMMAND_SECONDS = 30


class Stack(Protocol):
    """One stack. A command that the engine refuses is a Run like any other."""

    place: Place

    def declare(self, **program: Declared) -> None: ...
    def preview(self, *, refresh: bool = False, expect_no_changes: bool = False) -> Run: ...
    def up(self, *, refresh: bool = False, expect_no_changes: bool = False, continue_on_error: bool = False) -> Run: ...
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

    def up(self, *, refresh: bool = False, expect_no_changes: bool = False, continue_on_error: bool = False) -> Run:
        flags = _flags(refresh=refresh, expect_no_changes=expect_no_changes, continue_on_error=continue_on_error)
        return self.run("up", "--yes", "--skip-preview", *flags)

    def refresh(self, *, expect_no_changes: bool = False) -> Run:
        return self.run("refresh", "--yes", "--skip-preview", *_flags(expect_no_changes=expect_no_changes))

    def destroy(self) -> Run:
        return self.run("destroy", "--yes", "--skip-preview")

    def import_file(self, resources: list[dict[str, str]]) -> Run:
        """Import what a file names by type, name and id."""
        file = self.place.root / "import.json"
        file.write_text(json.dumps({"resources": resources}))
        return self.run(
            "import", "--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--file", str(file)
        )

    def run(self, command: str, *arguments: str) -> Run:
        """Run a command that works on the stack, to its end."""
        process = self.start(command, *arguments)
        try:
            stdout, stderr = process.communicate(timeout=_LONGEST_COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            _end(self.place)
            raise
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
            # As a terminal does it: the command and what it starts are one group, which Ctrl-C reaches.
            process_group=0,
        )

    @property
    def _log(self) -> Path:
        return self.place.root / "events.json"

    def _steps(self) -> tuple[Step, ...]:
        logged = map(json.loads, self._log.read_text().splitlines()) if self._log.exists() else []
        begun = [_step(event["resourcePreEvent"]["metadata"]) for event in logged if "resourcePreEvent" in event]
        return tuple(step for step in begun if step.is_ours)


class DynamicStack:
    """A Python program on the dynamic host. `worker` is the process that the program runs in."""

    def __init__(self, place: Place, worker: Executor) -> None:
        self.place, self._worker = place, worker
        self._program: Program = {}

    def declare(self, **program: Declared) -> None:
        (self.place.project / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        self._program = program

    def preview(self, *, refresh: bool = False, expect_no_changes: bool = False) -> Run:
        return self._run("preview", refresh=refresh, expect_no_changes=expect_no_changes)

    def up(self, *, refresh: bool = False, expect_no_changes: bool = False, continue_on_error: bool = False) -> Run:
        return self._run(
            "up", refresh=refresh, expect_no_changes=expect_no_changes, continue_on_error=continue_on_error
        )

    def refresh(self, *, expect_no_changes: bool = False) -> Run:
        return self._run("refresh", expect_no_changes=expect_no_changes)

    def destroy(self) -> Run:
        return self._run("destroy")

    def _run(self, verb: str, **options: object) -> Run:
        command = Command(verb, self._program, options)
        try:
            return self._worker.submit(execute, self.place, command).result(_LONGEST_COMMAND_SECONDS)
        except TimeoutError:
            # The worker shall be free for the next test.
            _end(self.place)
            raise


def _end(place: Place) -> None:
    """End a command that hangs, with all that it has started."""
    for process_id in place.processes():
        os.kill(process_id, signal.SIGKILL)


def _step(metadata: Mapping[str, Any]) -> Step:
    detailed = metadata.get("detailedDiff") or {}
    return Step(
        op=metadata["op"],
        urn=metadata["urn"],
        kinds={path: change["diffKind"] for path, change in detailed.items()},
        differing=frozenset(metadata.get("diffs") or ()),
        replacing=frozenset(metadata.get("keys") or ()),
    )


def _flags(**wanted: bool) -> list[str]:
    return [f"--{name.replace('_', '-')}" for name, given in wanted.items() if given]
