"""Build and install what users install, once for all tests. Knows each language's tools; knows no resource."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools import plugin_libraries
from tools.distribution import build_npm, build_plugin, build_provider, build_python_sdk
from tools.progress import Progress

from .kept import ROOT, files, kept

SDK = ROOT / "sdk"
PROJECT = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
SOURCES = [ROOT / "provider", ROOT / "emulator", ROOT / "README.md", *PROJECT]
NPM = Path(__file__).parent / "nodejs"


@dataclass(frozen=True)
class Installed:
    """Distributions, and a new virtual environment that has the wheels, the emulator and nothing of the checkout."""

    folder: Path

    @property
    def distributions(self) -> Path:
        return self.folder / "dist"

    @property
    def python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    def wheel(self, name: str) -> Path:
        (found,) = self.distributions.glob(f"{name}-*.whl")
        return found

    def source(self, name: str) -> Path:
        (found,) = self.distributions.glob(f"{name}-*.tar.gz")
        return found


def run(command: Sequence[str | Path], folder: Path | None = None) -> str:
    """Run a command that must succeed, and return what it printed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pip(python: Path, *arguments: str) -> None:
    run([sys.executable, "-m", "pip", "--python", python, *arguments])


@pytest.fixture(scope="session")
def installed() -> Installed:
    def make(folder: Path) -> None:
        made = Installed(folder)
        made.distributions.mkdir()
        build_provider(made.distributions)
        build_python_sdk(SDK / "python", folder, made.distributions)
        venv.create(folder / "venv", with_pip=False)
        provider = f"mlworkbench[emulator] @ {made.wheel('mlworkbench').as_uri()}"
        constraints = str(ROOT / "constraints.txt")
        pip(made.python, "install", "-q", "-c", constraints, provider, str(made.wheel("pulumi_mlworkbench")))

    return Installed(kept("python", files(*SOURCES, SDK / "python"), make))


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The Node.js tools, as the lock file pins them."""

    def make(folder: Path) -> None:
        assert shutil.which("npm"), (
            "the SDK for Node.js is tested with Node.js 20 or newer, and there is no npm on PATH"
        )
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(NPM / name, folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    return kept("npm", files(NPM), make) / "node_modules"


@pytest.fixture(scope="session")
def node_project(node_modules: Path) -> Path:
    """A project that has installed the npm package of the SDK, and beside it the package itself."""

    def make(folder: Path) -> None:
        package = build_npm(SDK / "nodejs", node_modules, folder, folder)
        ours = folder / "project" / "node_modules" / "@mlworkbench" / "pulumi-mlworkbench"
        ours.mkdir(parents=True)
        run(["tar", "-xzf", package, "--strip-components", "1", "-C", ours])
        for name in ("@pulumi", "@types"):
            (ours.parents[1] / name).symlink_to(node_modules / name)
        (ours / "node_modules").symlink_to(node_modules)

    return kept("nodejs", files(NPM, SDK / "nodejs", ROOT / "tools" / "distribution.py"), make) / "project"


@pytest.fixture(scope="session")
def archive(installed: Installed) -> Path:
    """The plugin's archive, for the Python that runs the tests."""
    pythons = (sys.version_info.minor,)

    def make(folder: Path) -> None:
        with Progress(io.StringIO()) as progress:
            build_plugin(installed.wheel("mlworkbench"), pythons, folder / "work", folder, progress)
        shutil.rmtree(folder / "work")

    sources = [ROOT / "tools" / "plugin", ROOT / "tools" / "plugin_archive.py"]
    made_from = [plugin_libraries.key(pythons).encode(), *files(*SOURCES, *sources)]
    (found,) = kept("plugin", made_from, make).glob("*.tar.gz")
    return found
