"""Laws of what users are told to type: it works as written, in a fresh shell, on the real engine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.stage import ROOT, Folder
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.serving import running
from tests.demo.documents import blocks
from tests.demo.leftovers import processes_of


class Shell:
    """A fresh shell in a copy of what a checkout holds, with an emulator on a port of its own."""

    def __init__(self, folder: Folder, url: str) -> None:
        self.root = folder.path / "checkout"
        self._port = url.rpartition(":")[2]
        self._stacks = folder.path / "stacks"
        self._environment = folder.environment(coloured=False)
        shutil.copytree(ROOT / "examples", self.root / "examples")
        (self.root / ".venv").symlink_to(sys.prefix)

    def run(self, lines: str, place: str = ".") -> str:
        """Run lines as they are written, but for the port and the folder, which others may be using."""
        script = lines.replace("8765", self._port).replace("/tmp/mlworkbench-stacks", str(self._stacks))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.root / place,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    fresh = Emulator()
    yield fresh
    fresh.close()


@pytest.fixture
def shell(emulator: Emulator) -> Iterator[Shell]:
    with Folder() as folder:
        with running(emulator) as url:
            yield Shell(folder, url)
        assert processes_of(folder.path) == []


def left_in(emulator: Emulator) -> list[object]:
    kinds = ("tensorboards", "visualization-jobs", "images")
    return [facts for kind in kinds for facts in emulator.resources.all(kind)]


def test_the_walk_of_the_readme_works_as_written(shell: Shell, emulator: Emulator) -> None:
    shown = shell.run("".join(blocks(ROOT / "README.md", "sh walk")))
    assert "PAI (Alibaba Cloud): ok" in shown
    assert "+ 4 created" in shown
    assert "~ maxRunningTimeMinutes: 30 => 240" in shown
    assert "exit code 7" in shown
    assert "= 1 imported" in shown
    assert left_in(emulator) == []


def test_the_configuration_commands_work_as_written(shell: Shell) -> None:
    secrets = "KEY_ID=1 KEY_SECRET=2 ACCESS_KEY=3 SECRET_KEY=4 USER_NAME=5 PASSWORD=6 DOMAIN_NAME=7\n"
    commands = "".join(blocks(ROOT / "README.md", "sh config"))
    shown = shell.run(f"{secrets}pulumi stack init dev\n{commands}pulumi config", "examples/yaml")
    assert "otc" in shown


def test_the_wheel_is_built_as_written_and_holds_both_packages(tmp_path: Path) -> None:
    for name in ("provider", "emulator", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "schema.json"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    [command] = blocks(ROOT / "README.md", "sh wheel")
    subprocess.run(["bash", "-euc", command], cwd=tmp_path, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as packed:
        assert {"mlworkbench", "mlworkbench_emulator"} <= {name.partition("/")[0] for name in packed.namelist()}
