"""Hand programs to a compiler and sort what it says by program. Knows no language."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["by_program", "output_of"]


def output_of(
    command: Sequence[str | Path], folder: Path, codes: Iterable[int], environment: Mapping[str, str] | None = None
) -> str:
    """Run a checker, which must end with one of these codes, and return all that it says."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode in codes, done.stdout
    return done.stdout


def by_program(output: str, files: dict[str, str]) -> dict[str, str]:
    """Return what was said about each program. Every message must be about one of them."""
    found = dict.fromkeys(files, "")
    current = ""
    for line in output.splitlines():
        named = next((name for name, file in files.items() if line.startswith(file)), None)
        # A message may go on with indented lines; a heading is of no program.
        current = named if named is not None else current if line[:1].isspace() else ""
        assert current or line.startswith("#") or not line.strip(), output
        if current:
            found[current] += line + "\n"
    return found
