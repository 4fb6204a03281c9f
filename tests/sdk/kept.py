"""Keep what takes long to build outside of the checkout, so that a second run is quick. Knows no language."""

from __future__ import annotations

import hashlib
import io
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.engine import only_one, surroundings
from tools.progress import Progress

__all__ = ["ROOT", "files", "kept"]

ROOT = Path(__file__).resolve().parents[2]
_FORGOTTEN_AFTER_SECONDS = 3600
_COMPLETE = ".complete"


def kept(name: str, made_from: Iterable[bytes], make: Callable[[Path], None]) -> Path:
    """Return the folder that `make` fills, as it was kept if it was made from the same before."""
    key = hashlib.sha256(b"\0".join(made_from)).hexdigest()[:16]
    folder = surroundings(ROOT).cache / f"tests-{name}-{key}"
    with only_one(folder, Progress(io.StringIO())):
        mark = folder / _COMPLETE
        if not mark.exists():
            # It is made where it stays: environments know where they are.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            make(folder)
        mark.touch()
    _forget_older_ones(folder, name)
    return folder


def files(*paths: Path) -> Iterable[bytes]:
    """Yield names and contents of these files, and of all that is in these folders."""
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        for file in inside:
            if "__pycache__" not in file.parts:
                yield file.relative_to(path.parent).as_posix().encode()
                yield file.read_bytes()


def _forget_older_ones(folder: Path, name: str) -> None:
    """Remove what nobody has used for a while: every change of a source makes another one."""
    for other in folder.parent.glob(f"tests-{name}-*/{_COMPLETE}"):
        if time.time() - other.stat().st_mtime > _FORGOTTEN_AFTER_SECONDS:
            shutil.rmtree(other.parent)
            other.parent.with_suffix(".lock").unlink(missing_ok=True)
