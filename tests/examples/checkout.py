"""Lay out what a user's checkout holds after `make setup` and `make dist`, and run what an example says in it.

Knows folders and shells; knows no example, and nothing of this checkout gets in but what is copied.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.demo.documents import blocks
from tests.sdk.kept import ROOT, files, kept
from tools.engine import PROGRAMS, surroundings

__all__ = ["EXAMPLES", "Checkout", "Made", "installed_example", "shell_environment"]

EXAMPLES = ROOT / "examples"

# What commands of an example leave behind is not copied.
_LEFTOVERS = shutil.ignore_patterns(
    "node_modules", "venv", "bin", "__pycache__", "Pulumi.dev.yaml", "package-lock.json"
)
# What an example installs, in its own folder, and what decides what that is.
_INSTALLED = ("venv", "node_modules")
_DECIDING = ("requirements.txt", "package.json")
_THEIRS = re.compile(r"(PULUMI|MLWORKBENCH|ALIBABA_?CLOUD|ALICLOUD|HUAWEICLOUD|HW|OS)_|PYTHONPATH$|VIRTUAL_ENV")
_LONGEST_WALK_SECONDS = 180


@dataclass(frozen=True)
class Made:
    """What `make setup` and `make dist` have made: an environment without an engine, and distributions."""

    environment: Path
    distributions: tuple[Path, ...]

    def lay_out(self, folder: Path) -> None:
        """Fill a folder as a checkout is filled, without the examples."""
        (folder / ".venv").symlink_to(self.environment)
        (folder / "dist").mkdir()
        for path in self.distributions:
            (folder / "dist" / path.name).symlink_to(path)
        shutil.copytree(ROOT / "sdk" / "go", folder / "sdk" / "go")


@dataclass(frozen=True)
class Checkout:
    """A checkout of a user's, with the address of an emulator."""

    folder: Path
    url: str

    def add(self, example: str, installed: Path | None) -> Path:
        """Copy an example into it, with what it has installed before."""
        copy = self.folder / "examples" / example
        shutil.copytree(EXAMPLES / example, copy, ignore=_LEFTOVERS)
        for name in _INSTALLED:
            if installed is not None and (installed / name).exists():
                (copy / name).symlink_to(installed / name)
        return copy

    def walk(self, example: str) -> str:
        """Run all that an example's page tells to type, and return what was shown."""
        return self.run("".join(blocks(EXAMPLES / example / "README.md", "sh walk")), example)

    def run(self, lines: str, example: str, **variables: str) -> str:
        """Run lines that must succeed, but for the port and the folder of stacks, which others may be using."""
        script = lines.replace("8765", self.url.rpartition(":")[2])
        script = script.replace("/tmp/mlworkbench-stacks", str(self.folder / "stacks"))
        environment = {**shell_environment(self.folder), **variables}
        return shown(script, self.folder / "examples" / example, environment)


def shown(script: str, folder: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_LONGEST_WALK_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def shell_environment(folder: Path) -> dict[str, str]:
    """Return an environment with an engine, Node.js and Go on PATH, and nothing of the user's or of this checkout."""
    engine = folder / "engine"
    if not engine.exists():
        engine.mkdir()
        for name in PROGRAMS:
            program = shutil.which(name)
            assert program, f"make setup has made no {name}"
            (engine / name).symlink_to(Path(program).resolve())
    return {
        **{name: value for name, value in os.environ.items() if not _THEIRS.match(name)},
        **go_folders(),
        "PATH": os.pathsep.join((str(engine), surroundings(ROOT).path)),
        "HOME": str(folder / "home"),
        "PULUMI_HOME": str(folder / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # A preview before each command doubles the time, and the pages promise nothing of it.
        "PULUMI_OPTION_SKIP_PREVIEW": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def go_folders() -> dict[str, str]:
    """Return where Go keeps what it has downloaded and compiled, which another home would hide."""
    names = ("GOENV", "GOPATH", "GOMODCACHE", "GOCACHE")
    done = subprocess.run(["go", "env", "-json", *names], capture_output=True, text=True, check=True)
    # As the engine is built, so that what has been compiled for it is not compiled again.
    return {**json.loads(done.stdout), "CGO_ENABLED": "0", "GOWORK": "off"}


def installed_example(example: str, made: Made) -> Path | None:
    """Run what an example's page tells to type once, and return the folder that holds what was installed."""
    source = EXAMPLES / example
    script = "".join(blocks(source / "README.md", "sh install"))
    if not script:
        return None
    deciding = [source / name for name in _DECIDING if (source / name).exists()]

    def make(folder: Path) -> None:
        made.lay_out(folder)
        place = folder / "examples" / "installed"
        place.mkdir(parents=True)
        for path in deciding:
            shutil.copy(path, place)
        # The user's own home is there: it may say how registries are reached.
        home = {"HOME": os.environ.get("HOME", str(folder))}
        shown(script, place, {**shell_environment(folder), **home})

    return kept("example", [script.encode(), *files(ROOT / "sdk"), *_texts(deciding)], make) / "examples" / "installed"


def _texts(paths: Iterable[Path]) -> Iterable[bytes]:
    return (path.read_bytes() for path in paths)
