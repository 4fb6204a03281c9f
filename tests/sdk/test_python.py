"""Laws of the Python distributions: they build, install and say what is wrong in a program. Knows Python's tools."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

import mlworkbench

from .conftest import Installed, run
from .programs import PYTHON

NAMES = ["mlworkbench", "pulumi_mlworkbench"]
CHECKERS = ["mypy", "pyright"]
CHECKED = re.compile(r"^(?P<name>\w+)\.py:")

each_distribution = pytest.mark.parametrize("name", NAMES)


def test_the_index_would_take_every_distribution(installed: Installed) -> None:
    distributions = sorted(installed.distributions.iterdir())
    assert len(distributions) == 2 * len(NAMES)
    run([sys.executable, "-m", "twine", "check", "--strict", *distributions])


def test_the_wheels_hold_what_they_should_and_nothing_else(installed: Installed) -> None:
    # The provider's wheel brings the emulator as a package of its own.
    packages = "--toplevel=mlworkbench,mlworkbench_emulator"
    checker = Path(sys.executable).with_name("check-wheel-contents")
    run([checker, packages, installed.wheel("mlworkbench")])
    run([checker, "--toplevel=pulumi_mlworkbench", installed.wheel("pulumi_mlworkbench")])


@each_distribution
def test_a_source_distribution_installs_as_its_wheel_does(installed: Installed, name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-compile"]
    run([*command, "--target", tmp_path, installed.source(name)])
    installed_files = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.py*")}
    assert installed_files == modules(ZipFile(installed.wheel(name)))


def modules(wheel: ZipFile) -> Mapping[str, bytes]:
    return {name: wheel.read(name) for name in wheel.namelist() if Path(name).suffix in (".py", ".pyi")}


@each_distribution
def test_a_source_distribution_carries_licence_and_readme(installed: Installed, name: str) -> None:
    with tarfile.open(installed.source(name)) as archive:
        held = {Path(member).name for member in archive.getnames() if member.count("/") == 1}
    assert held >= {"LICENSE", "README.md", "pyproject.toml"}


@each_distribution
def test_what_is_installed_comes_from_the_new_environment(installed: Installed, name: str, tmp_path: Path) -> None:
    code = f"import importlib.metadata, {name}; print({name}.__file__); print(importlib.metadata.version('{name}'))"
    file, version = run([installed.python, "-I", "-c", code], tmp_path).split()
    assert Path(file).is_relative_to(installed.folder)
    assert version == mlworkbench.__version__


def test_the_sdk_is_typed_and_knows_its_plugin(installed: Installed) -> None:
    held = set(ZipFile(installed.wheel("pulumi_mlworkbench")).namelist())
    assert held >= {"pulumi_mlworkbench/py.typed", "pulumi_mlworkbench/pulumi-plugin.json"}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    for name, text in PYTHON.programs.items():
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.fixture(scope="module")
def said_by_mypy(installed: Installed, programs: Path) -> Mapping[str, str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", "--no-pretty"]
    cache = ["--cache-dir", str(installed.folder / "mypy"), "--config-file", ""]
    return said([*command, *cache, "--python-executable", str(installed.python), "."], programs)


@pytest.fixture(scope="module")
def said_by_pyright(installed: Installed, node_modules: Path, programs: Path) -> Mapping[str, str]:
    settings = {"typeCheckingMode": "strict", "reportUnusedVariable": False}
    (programs / "pyrightconfig.json").write_text(json.dumps(settings))
    command = ["node", str(node_modules / "pyright" / "index.js"), "--pythonpath", str(installed.python)]
    done = subprocess.run([*command, "--outputjson"], cwd=programs, capture_output=True, text=True, check=False)
    found: dict[str, str] = dict.fromkeys(PYTHON.programs, "")
    for finding in json.loads(done.stdout)["generalDiagnostics"]:
        if finding["severity"] == "error":
            found[Path(finding["file"]).stem] += finding["message"] + "\n"
    return found


def said(command: list[str], folder: Path) -> Mapping[str, str]:
    """Run a checker, and return what it says about each program."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, str] = dict.fromkeys(PYTHON.programs, "")
    for line in done.stdout.splitlines():
        place = CHECKED.match(line)
        assert place, done.stdout
        found[place["name"]] += line + "\n"
    return found


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_right_program_is_right(checker: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(f"said_by_{checker}")["right"] == ""


@pytest.mark.parametrize("mistake", PYTHON.wrong)
@pytest.mark.parametrize("checker", CHECKERS)
def test_a_mistake_is_told_before_the_program_runs(checker: str, mistake: str, request: pytest.FixtureRequest) -> None:
    *_, expected = PYTHON.wrong[mistake]
    assert expected in request.getfixturevalue(f"said_by_{checker}")[mistake]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [("max_running_minutes=60", "max_running_minutes"), ("train_url=None", "Missing required property 'train_url'")],
)
def test_a_mistake_is_told_when_the_program_runs_too(installed: Installed, arguments: str, told: str) -> None:
    kind = "modelarts.VisualizationJob" if "train_url" in arguments else "pai.Tensorboard"
    code = f"import pulumi_mlworkbench as mlworkbench; mlworkbench.{kind}('name', {arguments})"
    done = subprocess.run([installed.python, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert told in done.stderr.splitlines()[-1]
