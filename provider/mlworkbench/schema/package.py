"""Turn the declarations into Pulumi's package schema. Know no cloud; the configuration's declaration is handed in.

Source: pkg/codegen/schema/pulumi.json of github.com/pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ..lifecycle.resource import Resource
from ..model.policy import policies
from .languages import Package, language_blocks
from .shapes import Types, sentence

__all__ = ["PackageFacts", "package_schema"]

_DESCRIPTION = (
    "PAI TensorBoards (Alibaba Cloud), ModelArts visualization jobs and custom images (Huawei Cloud, Open Telekom "
    "Cloud)."
)
# .NET spells words as people do; the other languages take the modules' names as they are.
_MODULES = {"pai": "Pai", "modelarts": "ModelArts"}


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
        "description": _DESCRIPTION,
        "keywords": ["category/cloud", "kind/native", "pai", "modelarts", "tensorboard", "machine-learning"],
        "homepage": facts.repository,
        "license": "Apache-2.0",
        "repository": facts.repository,
        "publisher": "mlworkbench",
        # What the generators need for an SDK that can be built as it is, with a go.mod in it.
        "meta": {"supportPack": True},
        "config": {"variables": settings, "defaults": []},
        "provider": {"description": sentence(config.__doc__ or ""), "inputProperties": settings},
        "types": dict(sorted(types.found.items())),
        "resources": kinds,
        "language": language_blocks(_package(facts, kinds)),
    }


def _package(facts: PackageFacts, kinds: Mapping[str, Mapping[str, Any]]) -> Package:
    return Package(
        name=facts.name,
        version=facts.version,
        description=_DESCRIPTION,
        repository=facts.repository,
        modules=_MODULES,
        resources={token: kind["description"].partition("\n\n")[0] for token, kind in kinds.items()},
    )


def _resource(types: Types, kind: type[Resource[Any, Any]]) -> dict[str, Any]:
    asked, told = policies(kind.inputs), policies(kind.outputs)
    return {
        "description": sentence(kind.__doc__ or ""),
        "inputProperties": types.properties(kind.inputs),
        "requiredInputs": sorted(name for name, policy in asked.items() if policy.required),
        "properties": types.properties(kind.outputs),
        "required": sorted(name for name, policy in told.items() if policy.required),
    }
