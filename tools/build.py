"""Build the engine's programs from the Go modules pinned beside this file. Knows Go; knows nothing of where they go."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tools.progress import Progress

__all__ = ["OLDEST_GO", "BuildError", "build", "find_go"]

# The first Go that fetches by itself the newer toolchain that go.mod asks for.
OLDEST_GO = (1, 21)

CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
YAML_HOST = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
DYNAMIC_HOST = "python/dist/pulumi-resource-pulumi-python"
DOWNLOADING = "go: downloading "
LAST_LINES = 15


class BuildError(Exception):
    """A Go command failed; the message holds the last lines that it printed."""


def find_go(path: str) -> Path | None:
    """Return the first `go` on `path`, if it is new enough."""
    found = shutil.which("go", path=path)
    if found is None:
        return None
    # Outside of any module and without switching: what is asked here is the version of this very program.
    answer = subprocess.run(
        [found, "version"],
        env={**os.environ, "GOTOOLCHAIN": "local", "GO111MODULE": "off"},
        capture_output=True,
        text=True,
        check=False,
    )
    version = re.match(r"go version go(\d+)\.(\d+)", answer.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_GO:
        return None
    return Path(found)


def build(go: Path, modules: Path, folder: Path, progress: Progress) -> None:
    """Fill `folder` with the CLI, the YAML language host and the host of Python's dynamic providers."""
    tool = GoTool(go, modules, progress)
    version = tool.fact("{{.Version}}", CLI_MODULE)
    needed = tool.count_packages((CLI, YAML_HOST))
    folder.mkdir(parents=True, exist_ok=True)
    tool.compile((CLI, YAML_HOST), version, needed, folder)
    script = folder / Path(DYNAMIC_HOST).name
    shutil.copyfile(Path(tool.fact("{{.Dir}}", SDK_MODULE)) / DYNAMIC_HOST, script)
    script.chmod(0o755)


class GoTool:
    """The go command, run in one module folder."""

    def __init__(self, go: Path, modules: Path, progress: Progress) -> None:
        self._go = go
        self._modules = modules
        self._progress = progress
        # Pure Go programs run wherever they are copied to; a go.work above the checkout must not change the pins.
        self._env: Mapping[str, str] = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}

    def fact(self, form: str, module: str) -> str:
        lines = deque(self._lines(["list", "-mod=readonly", "-m", "-f", form, module]), maxlen=1)
        if not lines or not lines[0]:
            raise BuildError(f"go list says nothing about {module}")
        return lines[0]

    def count_packages(self, programs: Sequence[str]) -> int:
        """Return how many packages the programs are made of, downloading the modules that are not here yet."""
        self._progress.doing("looking through the modules")
        packages = downloads = 0
        for line in self._lines(["list", "-mod=readonly", "-deps", *programs]):
            if line.startswith(DOWNLOADING):
                downloads += 1
                self._progress.doing(f"downloading modules: {downloads}")
            else:
                packages += 1
        return packages

    def compile(self, programs: Sequence[str], version: str, needed: int, folder: Path) -> None:
        self._progress.doing(f"compiling {needed} packages")
        flags = f"-s -w -X {VERSION_VARIABLE}={version}"
        compiled = 0
        command = ["build", "-mod=readonly", "-v", "-ldflags", flags, "-o", f"{folder}{os.sep}", *programs]
        for line in self._lines(command):
            if line.startswith(DOWNLOADING):
                continue
            compiled += 1
            # The programs themselves come last; after them go only links, which takes a while and prints nothing.
            activity = "linking" if line in programs else f"compiled {compiled} packages of at most {needed}"
            self._progress.doing(activity)

    def _lines(self, arguments: list[str]) -> Iterator[str]:
        last: deque[str] = deque(maxlen=LAST_LINES)
        with subprocess.Popen(
            [str(self._go), *arguments],
            cwd=self._modules,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:
                last.append(line.rstrip())
                yield last[-1]
        if running.returncode != 0:
            raise BuildError("\n".join([f"go {arguments[0]} failed:", *last]))
