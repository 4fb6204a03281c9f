"""Gather the libraries that the plugin needs, for several Pythons. Knows pip; knows no library by name, but for those
that are left out.

`any` holds what is alike for all Pythons; `cp311`, … hold what is not, and say which Pythons there are libraries for.
"""

from __future__ import annotations

import filecmp
import hashlib
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

__all__ = ["PYTHONS", "gather", "key", "pip"]

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
# The minor versions of Python 3 that all libraries have wheels for.
PYTHONS = (11, 12, 13, 14)

# Scripts name the Python of this machine. debugpy, a seventh of the whole, serves programs under a debugger alone.
LEFT_OUT = ("bin", "debugpy", "debugpy-*.dist-info")


def wanted() -> list[str]:
    """Return what the provider asks for, with clouds.yaml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["openstack"]]


def key(pythons: Sequence[int]) -> str:
    """Name the libraries by all that decides about them."""
    facts = (CONSTRAINTS.read_text("utf-8"), Path(__file__).read_text("utf-8"), wanted(), tuple(pythons))
    return hashlib.sha256(repr((facts, platform.platform(), sys.version_info[:2])).encode()).hexdigest()[:16]


def gather(pythons: Sequence[int], folder: Path) -> None:
    """Fill a folder that is not there yet."""
    half = folder.with_suffix(".building")
    shutil.rmtree(half, ignore_errors=True)
    wheels = half / "wheels"
    # Some libraries are published as source only: they become wheels here, and the rest gets into pip's cache.
    pip("wheel", "--wheel-dir", str(wheels), *wanted())
    for minor in pythons:
        install(minor, wheels, half / f"cp3{minor}")
    shutil.rmtree(wheels)
    merge([half / f"cp3{minor}" for minor in pythons], half / "any")
    half.rename(folder)


def install(minor: int, wheels: Path, folder: Path) -> None:
    """Install the libraries for one Python, which need not be on this machine."""
    pip(
        "install",
        *("--python-version", f"3.{minor}", "--only-binary", ":all:", "--find-links", str(wheels)),
        *("--no-compile", "--target", str(folder)),
        *wanted(),
    )
    for pattern in LEFT_OUT:
        for path in folder.glob(pattern):
            shutil.rmtree(path)
    # It lists the scripts and where they were.
    for record in folder.glob("*.dist-info/RECORD"):
        record.unlink()


def pip(command: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", "-c", CONSTRAINTS, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def merge(folders: Sequence[Path], common: Path) -> None:
    """Move what is alike in all folders to a common one. A package is moved whole or not at all."""
    common.mkdir()
    first, *others = folders
    for entry in sorted(first.iterdir()):
        twins = [other / entry.name for other in others]
        if not all(alike(entry, twin) for twin in twins):
            continue
        entry.rename(common / entry.name)
        for twin in twins:
            shutil.rmtree(twin) if twin.is_dir() else twin.unlink()


def alike(one: Path, other: Path) -> bool:
    """Tell whether two files or folders hold the same."""
    if not one.is_dir():
        return other.is_file() and filecmp.cmp(one, other, shallow=False)
    if not other.is_dir() or names(one) != names(other):
        return False
    return all(alike(one / name, other / name) for name in names(one))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
