"""Take the walk of an example's page from its first command to its last, and note what it leaves. Knows no example."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.serving import running
from tests.demo.leftovers import processes_of

from .checkout import Checkout, Made, installed_example

__all__ = ["Walk", "laid_out", "take"]

_KINDS = ("tensorboards", "visualization-jobs", "images")
_INSTALLED_OR_COMPILED = ("venv/", "node_modules/", "bin/", "__pycache__/")


@dataclass(frozen=True)
class Walk:
    """What a walk has shown, and what is left of it: in the clouds, in its folder, of stacks, of processes."""

    shown: str
    in_the_clouds: Sequence[object]
    changed_files: set[str]
    stacks: list[Path]
    processes: list[str]


@contextmanager
def laid_out(made: Made, folder: Path, emulator: Emulator) -> Iterator[Checkout]:
    """Give a checkout whose commands reach an emulator."""
    folder.mkdir()
    made.lay_out(folder)
    with running(emulator) as url:
        yield Checkout(folder, url)


def take(example: str, needed: tuple[str, ...], made: Made, folder: Path) -> Walk:
    """Take the walk of an example in a new checkout, with the other examples that it needs."""
    emulator = Emulator()
    with laid_out(made, folder, emulator) as checkout:
        for other in needed:
            checkout.add(other, None)
        copy = checkout.add(example, installed_example(example, made))
        before = _files(copy)
        shown = checkout.walk(example)
        after = _files(copy)
    left = [facts for kind in _KINDS for facts in emulator.resources.all(kind)]
    emulator.close()
    stacks = [*(folder / "stacks" / ".pulumi" / "stacks").rglob("*.json")]
    walk = Walk(shown, left, {name for name, _ in before.items() ^ after.items()}, stacks, processes_of(folder))
    shutil.rmtree(folder)
    return walk


def _files(folder: Path) -> dict[str, bytes]:
    """Return what an example consists of, without what is installed and compiled."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    inside = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    return {name: text for name, text in inside.items() if not name.startswith(_INSTALLED_OR_COMPILED)}
