"""Drive the real engine over the examples, on either host. Knows Pulumi's Automation API; nothing of the clouds."""

from __future__ import annotations

import json
import runpy
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation as auto

from demo.screen import Screen
from demo.stage import PROGRAMS, ROOT

__all__ = ["Engine", "open_python", "open_yaml"]

STACK = "dev"


@dataclass(frozen=True)
class Engine:
    """A stack, and the engine that works on it. Every call streams the engine's own output.

    What the commands on the screen leave out: `--yes`, colours, and that periodic dots are suppressed.
    """

    stack: auto.Stack
    screen: Screen

    def up(self) -> Mapping[str, int]:
        """Create what the program says; return how many resources met which fate."""
        self.screen.command("pulumi up")
        return _fates(self.stack.up(**self._display()).summary.resource_changes)

    def heal(self) -> Mapping[str, int]:
        """Look at the clouds, then make them as the program says."""
        self.screen.command("pulumi up --refresh")
        return _fates(self.stack.up(refresh=True, **self._display()).summary.resource_changes)

    def compare(self) -> Mapping[str, int]:
        """Look at the clouds and show how they differ from the program; change nothing."""
        self.screen.command("pulumi preview --refresh --diff")
        return _fates(self.stack.preview(refresh=True, diff=True, **self._display()).change_summary)

    def expect_no_changes(self) -> None:
        """Fail if the clouds differ from the program."""
        self.screen.command("pulumi preview --refresh --expect-no-changes")
        self.stack.preview(refresh=True, expect_no_changes=True, **self._display())

    def destroy(self) -> None:
        """Delete everything."""
        self.screen.command("pulumi destroy")
        self.stack.destroy(**self._display())

    def outputs(self) -> Mapping[str, object]:
        """Return the stack's outputs."""
        return {name: output.value for name, output in self.stack.outputs().items()}

    def _display(self) -> dict[str, Any]:
        return {
            "on_output": self.screen.engine,
            "on_error": self.screen.engine,
            "color": self.screen.engine_colour,
            "suppress_progress": True,
        }


def open_yaml(folder: Path, screen: Screen) -> Engine:
    """Open a stack of a copy of examples/yaml, which runs on the plugin host."""
    project = folder / "yaml"
    shutil.copytree(ROOT / "examples" / "yaml", project)
    description = project / "Pulumi.yaml"
    # The engine warns of a plugin that it finds on PATH; one that the project names is what was asked for.
    plugins = {"providers": [{"name": "mlworkbench", "path": str(PROGRAMS)}]}
    description.write_text(f"{description.read_text().rstrip()}\nplugins: {json.dumps(plugins)}\n")
    return Engine(auto.create_stack(STACK, work_dir=str(project)), screen)


def open_python(folder: Path, screen: Screen) -> Engine:
    """Open a stack of examples/python-dynamic, which runs on the dynamic host.

    The program runs in this process: so it needs no language host, which `pulumi up` in its folder would.
    """
    work = folder / "python-dynamic"
    work.mkdir()
    screen.note("the program runs inside the demo, through Pulumi's Automation API: no Python language host is needed")
    stack = auto.create_stack(
        STACK,
        project_name="mlworkbench-python-dynamic",
        program=_program(ROOT / "examples" / "python-dynamic" / "__main__.py"),
        opts=auto.LocalWorkspaceOptions(work_dir=str(work)),
    )
    return Engine(stack, screen)


def _program(path: Path) -> Callable[[], None]:
    def program() -> None:
        runpy.run_path(str(path), run_name="__main__")

    return program


def _fates(changes: Mapping[Any, int] | None) -> dict[str, int]:
    return {str(getattr(fate, "value", fate)): count for fate, count in (changes or {}).items()}
