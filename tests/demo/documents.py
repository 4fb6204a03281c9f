"""Read the documents that users read: blocks, tables, links. Knows Markdown; nothing of what they say."""

from __future__ import annotations

import re
from pathlib import Path

from demo.stage import ROOT

__all__ = ["DOCUMENTS", "anchors", "blocks", "links", "names", "rows"]

DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "conformance" / "README.md",
    *sorted((ROOT / "examples").glob("*/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)

_CODE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


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


def links(document: Path) -> list[tuple[Path, str]]:
    """Return the files that a document links to or shows, each with the anchor in it, blank for the whole file."""
    text = _CODE.sub("", document.read_text())
    found = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not target.startswith(("http:", "https:"))]
    parts = [target.partition("#") for target in found]
    return [((document.parent / file).resolve() if file else document, anchor) for file, _, anchor in parts]


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as repositories and the site make them."""
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
