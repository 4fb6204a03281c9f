"""Show the demo's own lines between those of the engine. Knows colours; nothing of what is being shown."""

from __future__ import annotations

import os
from typing import TextIO

__all__ = ["Screen", "takes_colours"]

_BOLD, _DIM, _RED, _GREEN = "1;36", "2", "31", "32"


class Screen:
    """Where the demo writes."""

    def __init__(self, out: TextIO, *, coloured: bool) -> None:
        self._out = out
        self._coloured = coloured

    @property
    def engine_colour(self) -> str:
        """The engine's own word for whether it may use colours."""
        return "always" if self._coloured else "never"

    def announce(self, number: int, total: int, text: str) -> None:
        """Say what is about to happen."""
        self._line(_BOLD, f"\n[{number}/{total}] {text}")

    def command(self, text: str) -> None:
        """Show a command as the user would type it."""
        self._line(_DIM, f"$ {text}")

    def note(self, text: str) -> None:
        """Say what was seen."""
        self._line(_GREEN, f"→ {text}")

    def fail(self, text: str) -> None:
        """Say what went wrong."""
        self._line(_RED, f"\nThe demo failed: {text}")

    def engine(self, line: str) -> None:
        """Pass on a line of the engine's."""
        self._out.write(f"{line}\n")
        self._out.flush()

    def _line(self, colour: str, text: str) -> None:
        self.engine(f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text)


def takes_colours(out: TextIO) -> bool:
    """Return whether a stream is a terminal whose user wants colours."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
