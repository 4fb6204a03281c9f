"""Laws of the plugin's archive: Pulumi installs it, and a bare Python runs it. Knows the engine; knows no resource."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import mlworkbench
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running
from tests.e2e.place import STACK, Place
from tests.e2e.stacks import PluginStack
from tools.plugin_archive import archive_name, pack
from tools.plugin_libraries import merge

from .conftest import Installed, run
from .kept import ROOT

VERSION = mlworkbench.__version__
PLUGIN = "pulumi-resource-mlworkbench"
ENGINE = ("pulumi", "pulumi-language-yaml")
SYSTEM_PATH = f"{os.sep}usr{os.sep}bin:{os.sep}bin"


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """A PATH with the engine, a Python that has no packages, and no plugin."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ENGINE:
        program = shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
        assert program
        (folder / name).symlink_to(Path(program).resolve())
    (folder / "python3").symlink_to(bare_python())
    path = os.pathsep.join((str(folder), SYSTEM_PATH))
    assert shutil.which(PLUGIN, path=path) is None
    return path


def bare_python() -> Path:
    """Return the Python that the environment of the tests was made from."""
    return Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


@pytest.fixture
def cloud() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.close()


@pytest.fixture
def stack(tmp_path: Path, bare_path: str, cloud: Emulator) -> Iterator[PluginStack]:
    """The YAML example, with a Pulumi home that has no plugin yet."""
    with running(cloud) as url:
        place = Place(tmp_path / "stack", bare_path, environment(cloud.settings, url))
        shutil.copytree(ROOT / "examples" / "yaml", place.project)
        place.backend.mkdir()
        pulumi(place, "stack", "init", STACK)
        yield PluginStack(place)
        assert place.processes() == {}


def pulumi(place: Place, *arguments: str) -> str:
    done = subprocess.run(
        ["pulumi", *arguments], cwd=place.project, env=place.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_installed_plugin_runs_a_stack_with_none_on_path(stack: PluginStack, archive: Path, cloud: Emulator) -> None:
    pulumi(stack.place, "plugin", "install", "resource", "mlworkbench", VERSION, "--file", str(archive))
    assert {op for op, _ in stack.up().succeeded().changes} == {"create"}
    assert len(stack.place.all_kept()) == 3
    assert stack.up(refresh=True, expect_no_changes=True).succeeded().changes == []
    stack.destroy().succeeded()
    assert [cloud.resources.all(kind) for kind in ("tensorboards", "visualization-jobs", "images")] == [[], [], []]


def test_without_the_plugin_the_message_names_it(stack: PluginStack) -> None:
    assert f"no resource plugin '{PLUGIN}' found" in stack.up().refused().text


def test_an_installed_plugin_that_is_too_old_is_not_taken(stack: PluginStack, archive: Path) -> None:
    pulumi(stack.place, "plugin", "install", "resource", "mlworkbench", VERSION, "--file", str(archive))
    ask_for(stack, "99.0.0")
    assert f"no resource plugin '{PLUGIN}' found in the workspace at version v99.0.0" in stack.up().refused().text


def test_a_plugin_on_path_that_is_too_old_is_told_with_both_versions(stack: PluginStack, installed: Installed) -> None:
    path = os.pathsep.join((str(installed.python.parent), stack.place.path))
    older = PluginStack(replace(stack.place, path=path))
    ask_for(older, "99.0.0")
    assert f"mlworkbench is expected to have version >=99.0.0, but has {VERSION}" in older.up().text
    older.destroy().succeeded()


def ask_for(stack: PluginStack, version: str) -> None:
    """Let every resource ask for a version of the plugin, as those of an SDK do."""
    file = stack.place.project / "Pulumi.yaml"
    program = yaml.safe_load(file.read_text())
    for resource in program["resources"].values():
        resource["options"] = {"version": version}
    file.write_text(yaml.safe_dump(program))


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    run(["tar", "-xzf", archive, "-C", folder])
    return folder


def started(plugin: Path, path: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the plugin by hand: it says what it is for, and ends."""
    env = {"PATH": path, "PYTHONPATH": str(ROOT / "tests"), **environment}
    return subprocess.run([plugin, "--help"], env=env, capture_output=True, text=True, check=False)


def test_the_archive_has_the_name_and_the_root_that_pulumi_expects(archive: Path, unpacked: Path) -> None:
    assert archive.name == archive_name(VERSION)
    assert {path.name for path in unpacked.iterdir()} == {PLUGIN, "lib"}
    assert os.access(unpacked / PLUGIN, os.X_OK)


def test_the_archive_says_nothing_of_the_machine_that_made_it(archive: Path, unpacked: Path) -> None:
    with tarfile.open(archive) as tar:
        assert {(entry.uid, entry.uname, entry.mtime) for entry in tar} == {(0, "", 0)}
    texts = [*unpacked.rglob("*.dist-info/*"), *unpacked.rglob("*.pyc")]
    telling = [path for path in texts if path.is_file() and str(ROOT).encode() in path.read_bytes()]
    assert telling == []
    assert list(unpacked.rglob("direct_url.json")) == []


def test_the_archive_holds_no_emulator(unpacked: Path) -> None:
    assert list(unpacked.rglob("mlworkbench_emulator")) == []


def test_the_plugin_starts_with_a_bare_python_wherever_it_is_called_from(unpacked: Path, bare_path: str) -> None:
    link = unpacked.parent / "link"
    link.symlink_to(unpacked / PLUGIN)
    for plugin in (unpacked / PLUGIN, link):
        done = started(plugin, bare_path)
        assert done.returncode == 0, done.stderr
        assert "started by Pulumi" in done.stderr
    link.unlink()


def test_a_python_that_is_too_old_hands_over_to_one_that_will_do(unpacked: Path, tmp_path: Path) -> None:
    minor = sys.version_info.minor
    fake_python(tmp_path / "python3", version=8)
    (tmp_path / f"python3.{minor}").symlink_to(bare_python())
    done = started(unpacked / PLUGIN, f"{tmp_path}{os.pathsep}{SYSTEM_PATH}")
    assert done.returncode == 0, done.stderr


def test_a_python_may_be_named(unpacked: Path, tmp_path: Path) -> None:
    fake_python(tmp_path / "python3", version=8)
    named = str(bare_python())
    done = started(unpacked / PLUGIN, f"{tmp_path}{os.pathsep}{SYSTEM_PATH}", MLWORKBENCH_PYTHON=named)
    assert done.returncode == 0, done.stderr


def test_without_a_python_that_will_do_the_message_says_which_ones_would(unpacked: Path, tmp_path: Path) -> None:
    fake_python(tmp_path / "python3", version=8)
    done = started(unpacked / PLUGIN, f"{tmp_path}")
    assert done.returncode == 1
    assert f"runs with Python 3.{sys.version_info.minor}, and " in done.stderr
    assert "is 3.8" in done.stderr
    assert "MLWORKBENCH_PYTHON" in done.stderr


def test_without_any_python_the_message_asks_for_one(unpacked: Path, tmp_path: Path) -> None:
    done = started(unpacked / PLUGIN, str(tmp_path))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


def fake_python(file: Path, version: int) -> None:
    """Write a Python that thinks it is an older one."""
    old = f"import sys; sys.version_info = (3, {version}, 0, 'final', 0); file = sys.argv[1]; sys.argv = sys.argv[1:]"
    code = f"{old}; exec(compile(open(file).read(), file, 'exec'), {{'__name__': '__main__', '__file__': file}})"
    file.write_text(f'#!/bin/sh\nshift 2\nexec {bare_python()} -I -S -c "{code}" "$@"\n')
    file.chmod(0o755)


def test_what_is_alike_for_all_pythons_is_there_once(tmp_path: Path) -> None:
    for python, machine_code in {"cp311": "one", "cp312": "two"}.items():
        for name, text in {
            "pure/a.py": "same",
            "mixed/b.py": "same",
            "mixed/c.so": machine_code,
            "d.py": "same",
        }.items():
            file = tmp_path / python / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    merge([tmp_path / "cp311", tmp_path / "cp312"], tmp_path / "any")
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == {
        "any/d.py",
        "any/pure/a.py",
        "cp311/mixed/b.py",
        "cp311/mixed/c.so",
        "cp312/mixed/b.py",
        "cp312/mixed/c.so",
    }


def test_the_same_content_is_packed_to_the_same_bytes(tmp_path: Path) -> None:
    for copy in ("one", "two"):
        (tmp_path / copy).mkdir()
        (tmp_path / copy / "program").write_text("text")
        os.utime(tmp_path / copy / "program", (len(copy), 0 if copy == "one" else 86400))
        pack(tmp_path / copy, tmp_path / f"{copy}.tar.gz")
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()
