"""Write the generated files: the schema, the classes of the dynamic host, pages. Know not what is in them."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from ..resources import registry
from ..schema.pages import overview, page_name, resource_page
from ..schema.python import python_module
from .configuration_page import configuration_page
from .document import schema, schema_text
from .error_page import error_page

__all__ = ["generated", "main"]

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    kinds = sorted(registry().values(), key=lambda kind: kind.token)
    modules = {
        _PACKAGE / "dynamic" / f"{module}.py": python_module(module, list(group))
        for module, group in groupby(kinds, key=lambda kind: kind.token.partition(":")[0])
    }
    return {_CHECKOUT / "schema.json": schema_text(), **modules, **_pages()}


def _pages() -> dict[Path, str]:
    docs, described, kinds = _CHECKOUT / "docs", schema(), list(registry().values())
    resources = {docs / "resources" / f"{page_name(kind)}.md": resource_page(described, kind) for kind in kinds}
    return {
        docs / "errors.md": error_page(),
        docs / "_index.md": overview(described, kinds),
        docs / "installation-configuration.md": configuration_page(described),
        **resources,
    }


def main() -> None:
    """Write what is stale, and say so."""
    for path, text in generated().items():
        fresh = path.exists() and path.read_text("utf-8") == text
        if not fresh:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        print(f"{'fresh' if fresh else 'written'}  {path.relative_to(_CHECKOUT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
