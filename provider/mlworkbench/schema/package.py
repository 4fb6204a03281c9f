"""Turn the declarations into Pulumi's package schema. Know no cloud; the configuration's declaration is handed in.

Source: pkg/codegen/schema/pulumi.json of github.com/pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ..lifecycle.resource import Resource
from ..model.policy import policies
from .shapes import Types, sentence

__all__ = ["PackageFacts", "package_schema"]


@dataclass(frozen=True)
class PackageFacts:
    """What the schema says about the package itself."""

    name: str
    version: str
    repository: str


def package_schema(
    facts: PackageFacts, config: type[BaseModel], resources: Iterable[type[Resource[Any, Any]]]
) -> dict[str, Any]:
    """Return the schema of the package."""
    types = Types(facts.name)
    settings = types.properties(config)
    kinds = {f"{facts.name}:{kind.token}": _resource(types, kind) for kind in resources}
    return {
        "name": facts.name,
        "displayName": "ML Workbench",
        "version": facts.version,
        "description": (
            "PAI TensorBoards (Alibaba Cloud), ModelArts visualization jobs and custom images (Huawei Cloud, Open "
            "Telekom Cloud)."
        ),
        "keywords": ["category/cloud", "kind/native", "pai", "modelarts", "tensorboard", "machine-learning"],
        "homepage": facts.repository,
        "license": "Apache-2.0",
        "repository": facts.repository,
        "publisher": "mlworkbench",
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
        "config": {"variables": settings, "defaults": []},
        "provider": {"description": sentence(config.__doc__ or ""), "inputProperties": settings},
        "types": dict(sorted(types.found.items())),
        "resources": kinds,
        "language": {
            "nodejs": {"respectSchemaVersion": True},
            "python": {"respectSchemaVersion": True, "pyproject": {"enabled": True}},
            "go": {"respectSchemaVersion": True, "generateResourceContainerTypes": True},
            "csharp": {"respectSchemaVersion": True},
        },
    }


def _resource(types: Types, kind: type[Resource[Any, Any]]) -> dict[str, Any]:
    asked, told = policies(kind.inputs), policies(kind.outputs)
    return {
        "description": sentence(kind.__doc__ or ""),
        "inputProperties": types.properties(kind.inputs),
        "requiredInputs": sorted(name for name, policy in asked.items() if policy.required),
        "properties": types.properties(kind.outputs),
        "required": sorted(name for name, policy in told.items() if policy.required),
    }
