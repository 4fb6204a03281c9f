"""Lend the tests of documents what the tests of the SDKs build. Knows where it is built; nothing of how."""

from __future__ import annotations

from tests.sdk.conftest import node_modules, node_project

__all__ = ["node_modules", "node_project"]
