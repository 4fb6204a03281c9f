"""Know what a program still needs, in all plugin processes of one engine run. Know no resource and no protocol.

The engine starts a process for each provider resource, and may ask one of them about a new resource and another one to
delete the old.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

__all__ = ["Claims"]


class Claims:
    """Values that must not be destroyed. With the name of a run, those of all its processes; they share them as hashes.

    The files are in the folder for temporary files, for this user only. One that cannot be written or is somebody
    else's shares nothing.
    """

    def __init__(self, run: str = "", folder: Path | None = None) -> None:
        self._mine: set[str] = set()
        self._folder = folder or Path(tempfile.gettempdir())
        self._stem = f"mlworkbench-{os.getuid()}-{run}-" if run else ""

    def add(self, values: Iterable[str]) -> None:
        """Claim values."""
        new = {_hash(value) for value in values} - self._mine
        self._mine |= new
        if new and self._stem:
            self._share(new)

    def overlap(self, values: Iterable[str]) -> bool:
        """Tell whether any of the values is claimed."""
        wanted = {_hash(value) for value in values}
        return bool(wanted) and not all(wanted.isdisjoint(each) for each in (self._mine, *self._of_others()))

    def close(self) -> None:
        """Give up what this process has shared."""
        if self._stem:
            self._own.unlink(missing_ok=True)

    @property
    def _own(self) -> Path:
        return self._folder / f"{self._stem}{os.getpid()}"

    def _share(self, hashes: Iterable[str]) -> None:
        try:
            file = os.open(self._own, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        except OSError:
            return
        with os.fdopen(file, "w") as shared:
            if os.fstat(shared.fileno()).st_uid == os.getuid():
                shared.writelines(f"{each}\n" for each in sorted(hashes))

    def _of_others(self) -> Iterable[set[str]]:
        for path in self._folder.glob(f"{self._stem}*") if self._stem else ():
            try:
                if path.lstat().st_uid == os.getuid():
                    yield set(path.read_text().split())
            except OSError:
                continue


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
