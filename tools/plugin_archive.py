"""Pack the archive that `pulumi plugin install` takes: the plugin and its libraries, with an executable at the root.
Knows how Pulumi names such archives; knows no library. The machine it goes to needs a Python and nothing else.
"""

from __future__ import annotations

import compileall
import gzip
import platform
import py_compile
import shutil
import sys
import tarfile
from pathlib import Path

from tools.plugin_libraries import pip

__all__ = ["archive_name", "build_archive"]

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "tools" / "plugin"
NAME = "pulumi-resource-mlworkbench"
MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}


def archive_name(version: str) -> str:
    """Return the name that Pulumi expects for this machine."""
    machine = platform.machine()
    return f"{NAME}-v{version}-{platform.system().lower()}-{MACHINES.get(machine, machine)}.tar.gz"


def build_archive(wheel: Path, libraries: Path, work: Path, out: Path) -> Path:
    """Build the archive from the provider's wheel and its libraries. `work` is an empty folder."""
    folder = work / "plugin"
    shutil.copytree(libraries, folder / "lib")
    shutil.copy(LAUNCHER / NAME, folder)
    shutil.copy(LAUNCHER / "boot.py", folder / "lib")
    add_provider(wheel, folder / "lib" / "any")
    compile_ahead(folder / "lib")
    version = wheel.name.split("-")[1]
    return pack(folder, out / archive_name(version))


def add_provider(wheel: Path, folder: Path) -> None:
    """Install the provider beside its libraries. What pip notes about where it came from is of this machine only."""
    pip("install", "--no-deps", "--no-compile", "--upgrade", "--target", str(folder), str(wheel))
    shutil.rmtree(folder / "bin")
    shutil.rmtree(folder / "mlworkbench_emulator")
    (facts,) = folder.glob("mlworkbench-*.dist-info")
    for name in ("RECORD", "direct_url.json"):
        (facts / name).unlink(missing_ok=True)


def compile_ahead(libraries: Path) -> None:
    """Compile for this Python; another one compiles when it first starts.

    The compiled files do not ask for the time of their sources, because unpacking changes it.
    """
    for folder in (libraries / "any", libraries / f"cp3{sys.version_info.minor}"):
        compileall.compile_dir(
            folder,
            quiet=2,
            stripdir=str(libraries),
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def pack(folder: Path, archive: Path) -> Path:
    """Pack a folder, the same bytes for the same content."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for path in sorted(folder.rglob("*")):
            tar.add(path, path.relative_to(folder).as_posix(), recursive=False, filter=anonymous)
    return archive


def anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Take out who packed it and when."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = 0
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry
