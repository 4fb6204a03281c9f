"""Draw the pictures of a terminal as one SVG that moves by itself. Knows SVG and colours; no terminal and no command.

Each row is drawn once, each picture says which rows it shows, all pictures stand side by side, and a window passes over
them. It loads nothing, runs no script, and holds still for who has asked for less motion.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tools.record_screen import COLUMNS, ROWS, Frame, Row, Run

__all__ = ["picture"]

_CELL, _LINE, _MARGIN, _BAR = 8.4, 18, 16, 34
_WIDTH = round(COLUMNS * _CELL + 2 * _MARGIN)
_HEIGHT = ROWS * _LINE + _BAR + _MARGIN
_LAST_SECONDS = 4.0
_COLOURS = {
    "default": "#d5dbe5",
    "black": "#7d8796",
    "red": "#ff8080",
    "green": "#8bd17c",
    "brown": "#e5c07b",
    "yellow": "#e5c07b",
    "blue": "#82b1ff",
    "magenta": "#d7a0ef",
    "cyan": "#6cd0d8",
    "white": "#ffffff",
}

# The same colours where they are asked for by their numbers, as a terminal of 256 colours has them.
_NUMBERED = {
    "cd0000": "red",
    "ff0000": "red",
    "00cd00": "green",
    "00ff00": "green",
    "cdcd00": "yellow",
    "ffff00": "yellow",
    "0000ee": "blue",
    "5c5cff": "blue",
    "cd00cd": "magenta",
    "ff00ff": "magenta",
    "00cdcd": "cyan",
    "00ffff": "cyan",
    "7f7f7f": "black",
}


def picture(shown: Sequence[Frame]) -> str:
    """Return the text of the SVG."""
    names: dict[Row, str] = {}
    strip = "\n".join(_frame(number, frame, names) for number, frame in enumerate(shown))
    rows = "\n".join(f'<g id="{name}">{"".join(map(_run, row))}</g>' for row, name in names.items())
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img">
<title>A terminal: resources are created, drift is seen and healed, everything is destroyed</title>
<style>
text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }}
{_styles()}
.s {{ animation: s {_length(shown):.2f}s steps(1, end) infinite; }}
@keyframes s {{ {_steps(shown)} }}
@media (prefers-reduced-motion: reduce) {{
  .s {{ animation: none; transform: translateX({-_still(shown) * _WIDTH}px); }}
}}
</style>
<rect x=".5" y=".5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="9" fill="#161b26" stroke="#4a5363"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/>\
<circle cx="60" cy="18" r="6" fill="#28c840"/>
<defs>
{rows}
</defs>
<svg x="{_MARGIN}" y="{_BAR}" width="{_WIDTH - 2 * _MARGIN}" height="{ROWS * _LINE}"><g class="s">
{strip}
</g></svg>
</svg>
"""


def _styles() -> str:
    looks = [f".{_look(name)} {{ fill: {value}; }}" for name, value in _COLOURS.items()]
    return "\n".join([*looks, ".b { font-weight: bold; }"])


def _look(colour: str) -> str:
    """Return the class of a colour: the two first letters tell them apart."""
    return colour[:3] if colour in ("black", "blue") else colour[:2]


def _frame(number: int, frame: Frame, names: dict[Row, str]) -> str:
    used = [
        f'<use href="#{names.setdefault(row, _name(len(names)))}" y="{line * _LINE}"/>'
        for line, row in enumerate(frame.rows)
        if row
    ]
    return f'<g transform="translate({number * _WIDTH})">{"".join(used)}</g>'


def _name(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number % 26] + (str(number // 26) if number >= 26 else "")


def _run(run: Run) -> str:
    # The width is said too, so that columns stand under each other in whatever font there is.
    look = f"{_look(_colour(run))}{' b' if run.bold else ''}"
    place = f'x="{run.column * _CELL:g}" y="14" textLength="{run.width * _CELL:g}"'
    return f'<text class="{look}" {place}>{escape(run.text, quote=False)}</text>'


def _colour(run: Run) -> str:
    name = _NUMBERED.get(run.colour, run.colour.removeprefix("bright"))
    return name if name in _COLOURS else "default"


def _length(shown: Sequence[Frame]) -> float:
    return shown[-1].at + _LAST_SECONDS


def _steps(shown: Sequence[Frame]) -> str:
    whole = _length(shown)
    return " ".join(
        f"{100 * frame.at / whole if number else 0:.3f}% {{ transform: translateX({-number * _WIDTH}px) }}"
        for number, frame in enumerate(shown)
    )


def _still(shown: Sequence[Frame]) -> int:
    """Return the picture to hold still at: the fullest one."""
    return max(range(len(shown)), key=lambda number: sum(map(bool, shown[number].rows)))
