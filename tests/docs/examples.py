"""Read the examples of the registry's pages as readers copy them. Knows the short codes; no language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from demo.stage import ROOT

__all__ = ["PAGES", "RESOURCE_PAGES", "examples", "in_language"]

RESOURCE_PAGES = sorted((ROOT / "docs" / "resources").glob("*.md"))
PAGES = [ROOT / "docs" / "_index.md", ROOT / "docs" / "installation-configuration.md", *RESOURCE_PAGES]
_CHOOSABLE = re.compile(
    r"^\{\{% choosable language (\w+) %\}\}\n\n```\1\n(.*?)^```\n\n\{\{% /choosable %\}\}$", re.M | re.S
)


def examples(page: Path) -> Mapping[str, str]:
    """Return the programs of a resource's page by language."""
    return dict(_CHOOSABLE.findall(page.read_text("utf-8")))


def in_language(language: str) -> Mapping[str, str]:
    """Return the programs of all resources in one language, by names that are identifiers."""
    return {page.stem.replace("-", "_"): examples(page)[language] for page in RESOURCE_PAGES}
