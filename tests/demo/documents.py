"""Read the documents that users read: blocks, tables, links. Knows Markdown; nothing of what they say."""

from __future__ import annotations

import re
from pathlib import Path

from demo.stage import ROOT

__all__ = ["DOCUMENTS", "blocks", "links", "names", "rows"]

DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "examples/yaml/README.md",
    ROOT / "examples/python-dynamic/README.md",
    ROOT / "docs/errors.md",
    ROOT / "docs/hosts.md",
    ROOT / "docs/troubleshooting.md",
    *sorted((ROOT / "docs/resources").glob("*.md")),
)


def blocks(document: Path, kind: str) -> list[str]:
    """Return the fenced blocks of a kind, such as `sh walk`."""
    found = re.findall(r"^```(.*?)\n(.*?)^```$", document.read_text(), re.MULTILINE | re.DOTALL)
    return [text for opening, text in found if opening == kind]


def rows(document: Path, first_heading: str) -> list[list[str]]:
    """Return the cells of a table, found by the heading of its first column."""
    lines = iter(document.read_text().splitlines())
    next(line for line in lines if line.startswith(f"| {first_heading} |"))
    next(lines)
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line[1:-1].split("|")])
    return found


def names(cell: str) -> list[str]:
    """Return what a cell holds in code spans."""
    return re.findall(r"`([^`]+)`", cell)


def links(document: Path) -> list[str]:
    """Return the targets of links to other files, without anchors."""
    found = re.findall(r"\]\(([^)\s]+)\)", document.read_text())
    return [target.partition("#")[0] for target in found if not target.startswith(("http", "#"))]
