"""Declare the resources, one per file. Every module below that defines a Resource is found by listing the package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from ..lifecycle.resource import Resource

__all__ = ["registry"]


@cache
def registry() -> Mapping[str, type[Resource[Any, Any]]]:
    """Return the resource classes by token (`pai:Tensorboard`), in the order of their tokens."""
    found = {kind.token: kind for module in _modules() for kind in _kinds(module)}
    return dict(sorted(found.items()))


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not info.ispkg:
            yield importlib.import_module(info.name)


def _kinds(module: ModuleType) -> Iterator[type[Resource[Any, Any]]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Resource) and value.__module__ == module.__name__:
            yield value
