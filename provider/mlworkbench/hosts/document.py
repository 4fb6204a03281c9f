"""Know the package's own schema: which declarations go into it. Know not how a schema is made."""

from __future__ import annotations

import json
from typing import Any

from .. import __version__
from ..resources import registry
from ..schema.package import PackageFacts, package_schema
from .config import PACKAGE, ProviderConfig

__all__ = ["schema", "schema_text"]

_FACTS = PackageFacts(PACKAGE, __version__, "https://github.com/mlworkbench/pulumi-mlworkbench")


def schema() -> dict[str, Any]:
    """Return the schema of the package."""
    return package_schema(_FACTS, ProviderConfig, registry().values())


def schema_text() -> str:
    """Return the schema as the text of schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
