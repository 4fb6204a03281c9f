"""Build what is published: the provider, the SDKs, the plugin's archive. Knows each ecosystem's own builder; publishes
nothing.

Run as `.venv/bin/python -m tools.distribution` from the root of the checkout: fills dist/.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools import plugin_libraries
from tools.engine import only_one, surroundings
from tools.plugin_archive import build_archive
from tools.progress import Progress

__all__ = ["build_npm", "build_plugin", "build_provider", "build_python_sdk"]

ROOT = Path(__file__).resolve().parent.parent
BUILD_LEFTOVERS = shutil.ignore_patterns("__pycache__", "node_modules", "bin", "build", "dist", "*.egg-info")


def build_provider(out: Path) -> list[Path]:
    """Build the provider's wheel and source distribution."""
    return build_python(ROOT, out)


def build_python_sdk(sdk: Path, work: Path, out: Path) -> list[Path]:
    """Build the wheel and the source distribution of the SDK for Python, in a copy: generated files stay so."""
    copy = work / "python"
    shutil.copytree(sdk, copy, ignore=BUILD_LEFTOVERS)
    (package,) = copy.glob("*/pulumi-plugin.json")
    # The generator writes the page beside the modules, and refers to it here.
    shutil.copy(package.with_name("README.md"), copy)
    shutil.copy(ROOT / "LICENSE", copy)
    return build_python(copy, out)


def build_python(source: Path, out: Path) -> list[Path]:
    before = set(out.glob("*"))
    # The builders are pinned like all other tools, so there is nothing to fetch.
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)], source)
    return sorted(set(out.glob("*")) - before)


def build_npm(sdk: Path, modules: Path, work: Path, out: Path) -> Path:
    """Compile the SDK for Node.js against `modules`, a node_modules folder, and pack it."""
    copy = work / "nodejs"
    shutil.copytree(sdk, copy, ignore=BUILD_LEFTOVERS)
    (copy / "node_modules").symlink_to(modules)
    run([str(modules / ".bin" / "tsc"), "--strict"], copy)
    # The compiled modules read the package's name and version from beside them.
    for name in ("package.json", "README.md"):
        shutil.copy(copy / name, copy / "bin")
    shutil.copy(ROOT / "LICENSE", copy / "bin")
    before = set(out.glob("*"))
    run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(out)], copy / "bin")
    (package,) = set(out.glob("*")) - before
    return package


def build_plugin(wheel: Path, pythons: Sequence[int], work: Path, out: Path, progress: Progress) -> Path:
    """Build the plugin's archive. Its libraries are kept in the engine's cache."""
    libraries = surroundings(ROOT).cache / f"plugin-libraries-{plugin_libraries.key(pythons)}"
    with only_one(libraries, progress):
        if not libraries.exists():
            progress.doing("gathering the libraries of the plugin")
            plugin_libraries.gather(pythons, libraries)
    progress.doing("packing the plugin")
    return build_archive(wheel, libraries, work, out)


def run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def npm_modules(work: Path) -> Path:
    """Install what the SDK for Node.js asks for, and return the folder."""
    folder = work / "npm"
    folder.mkdir()
    shutil.copy(ROOT / "sdk" / "nodejs" / "package.json", folder)
    run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], folder)
    return folder / "node_modules"


def build_all(work: Path, out: Path, progress: Progress) -> None:
    progress.doing("building the provider and the SDK for Python")
    wheel = next(path for path in build_provider(out) if path.suffix == ".whl")
    build_python_sdk(ROOT / "sdk" / "python", work, out)
    build_plugin(wheel, plugin_libraries.PYTHONS, work, out, progress)
    if shutil.which("npm") is None:
        progress.say("There is no npm: the package for Node.js is not built.")
        return
    progress.doing("building the SDK for Node.js")
    build_npm(ROOT / "sdk" / "nodejs", npm_modules(work), work, out)


def main() -> int:
    out = ROOT / "dist"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    try:
        with tempfile.TemporaryDirectory() as work, Progress(sys.stderr) as progress:
            build_all(Path(work), out, progress)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in sorted(out.iterdir()):
        print(f"{path.stat().st_size / 1e6:8.2f} MB  dist/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
