"""Find what a run has left. Knows processes by a folder in their environment; nothing of what they did."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["processes_of"]


def processes_of(folder: Path) -> list[str]:
    """Return the processes whose environment names the folder."""
    if Path("/proc/self/environ").exists():
        return [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit() and _names(entry, folder)]
    listing = subprocess.run(["ps", "-A", "-E", "-ww", "-o", "command="], capture_output=True, text=True, check=True)
    return [line for line in listing.stdout.splitlines() if str(folder) in line]


def _names(entry: Path, folder: Path) -> bool:
    try:
        return str(folder).encode() in (entry / "environ").read_bytes()
    except OSError:  # it has ended meanwhile, or is somebody else's
        return False
