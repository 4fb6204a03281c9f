"""Turn what a terminal was sent into the pictures that it showed. Knows a terminal's codes, by pyte; no command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyte

__all__ = ["COLUMNS", "ROWS", "Chunk", "Frame", "Row", "Run", "frames"]

COLUMNS, ROWS = 108, 26
# Changes that come closer than this are shown at once; a pause is never shown longer than that.
_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.15, 2.5


@dataclass(frozen=True)
class Chunk:
    """What a terminal was sent at a moment, in seconds from the start."""

    at: float
    text: bytes


@dataclass(frozen=True)
class Run:
    """Letters of one look, and the column where they begin."""

    column: int
    text: str
    colour: str
    bold: bool

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return len(self.text)


Row = tuple[Run, ...]


@dataclass(frozen=True)
class Frame:
    """What is on the screen from a moment on."""

    at: float
    rows: tuple[Row, ...]


def frames(chunks: Sequence[Chunk]) -> list[Frame]:
    """Return every picture that differs from the one before, with pauses cut short."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    found: list[Frame] = []
    now, last = 0.0, 0.0
    for number, chunk in enumerate(chunks):
        now += min(chunk.at - last, _LONGEST_SECONDS)
        last = chunk.at
        stream.feed(chunk.text)
        following = chunks[number + 1].at if number + 1 < len(chunks) else chunk.at + 1
        if following - chunk.at >= _SHORTEST_SECONDS or not found or now - found[-1].at >= _SHORTEST_SECONDS:
            rows = _rows(screen)
            if not found or rows != found[-1].rows:
                found.append(Frame(now, rows))
    return found


def _rows(screen: pyte.Screen) -> tuple[Row, ...]:
    return tuple(_row([screen.buffer[line][column] for column in range(screen.columns)]) for line in range(ROWS))


def _row(cells: Sequence[pyte.screens.Char]) -> Row:
    runs, column = list[Run](), 0
    for (colour, bold), group in groupby(cells, key=lambda cell: (cell.fg, cell.bold)):
        text = "".join(cell.data for cell in group)
        if text.strip():
            runs.append(Run(column + len(text) - len(text.lstrip()), text.strip(), colour, bold))
        column += len(text)
    return tuple(_joined(runs))


def _joined(runs: Iterable[Run]) -> Iterable[Run]:
    """Join what looks the same and has but blanks between."""
    last: Run | None = None
    for run in runs:
        if last and (last.colour, last.bold) == (run.colour, run.bold):
            gap = run.column - last.column - last.width
            last = Run(last.column, last.text + " " * gap + run.text, last.colour, last.bold)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last
