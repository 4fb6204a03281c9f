"""Laws of the wheel that users install."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import mlworkbench

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return ZipFile(built)


def metadata(wheel: ZipFile, name: str) -> str:
    (path,) = (entry for entry in wheel.namelist() if entry.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode()


def test_the_wheel_holds_both_packages_and_says_that_they_are_typed(wheel: ZipFile) -> None:
    names = set(wheel.namelist())
    assert {"mlworkbench/__init__.py", "mlworkbench/py.typed"} <= names
    assert {"mlworkbench_emulator/__init__.py", "mlworkbench_emulator/py.typed"} <= names


def test_the_wheel_holds_every_module_and_nothing_else(wheel: ZipFile) -> None:
    expected = {
        path.relative_to(ROOT / folder).as_posix()
        for folder in ("provider", "emulator")
        for path in (ROOT / folder).rglob("*.py")
    }
    held = {name for name in wheel.namelist() if name.endswith(".py")}
    assert held == expected
    assert not [name for name in wheel.namelist() if name.startswith(("tests/", "tools/"))]


def test_the_wheel_brings_both_programs(wheel: ZipFile) -> None:
    scripts = configparser.ConfigParser()
    scripts.read_string(metadata(wheel, "entry_points.txt"))
    assert dict(scripts["console_scripts"]) == {
        "mlworkbench": "mlworkbench.hosts.command:main",
        "pulumi-resource-mlworkbench": "mlworkbench.hosts.plugin:main",
        "mlworkbench-emulator": "mlworkbench_emulator.cli:main",
    }


def test_the_wheel_has_the_version_of_the_package_and_its_licence(wheel: ZipFile) -> None:
    lines = metadata(wheel, "METADATA").splitlines()
    assert f"Version: {mlworkbench.__version__}" in lines
    assert "License-Expression: Apache-2.0" in lines
    assert "License-File: LICENSE" in lines
