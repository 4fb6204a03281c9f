"""Write a program once, as YAML and as Python. Knows how each language spells it; runs no engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import yaml

from mlworkbench.dynamic import modelarts, pai

__all__ = ["Declared", "Program", "Ref", "Sealed", "as_python", "as_yaml", "image", "job", "snake", "tensorboard"]

CLASSES: Mapping[str, type[Any]] = {
    "pai:Tensorboard": pai.Tensorboard,
    "modelarts:VisualizationJob": modelarts.VisualizationJob,
    "modelarts:Image": modelarts.Image,
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Ref:
    """The output of another resource of the program."""

    resource: str
    output: str


@dataclass(frozen=True)
class Sealed:
    """A text that the program marks as secret."""

    text: str


@dataclass(frozen=True)
class Declared:
    """One resource of a program. `looked_up` is the id of one that exists and is only read."""

    token: str
    properties: Mapping[str, object] = field(default_factory=dict)
    imported: str = ""
    looked_up: str = ""

    def but(self, **changes: object) -> Declared:
        """Return the same resource with other values; a None takes a property away."""
        merged = {**self.properties, **changes}
        return Declared(self.token, {name: value for name, value in merged.items() if value is not None})


Program = Mapping[str, Declared]


def tensorboard(**properties: object) -> Declared:
    return Declared("pai:Tensorboard", properties)


def job(**properties: object) -> Declared:
    return Declared("modelarts:VisualizationJob", {"trainUrl": "/bucket/runs/", **properties})


def image(**properties: object) -> Declared:
    return Declared("modelarts:Image", {"swrPath": "swr.cn-north-4.myhuaweicloud.com/team/torch:1", **properties})


def as_yaml(project: str, program: Program) -> str:
    """Write the program as the Pulumi.yaml of a project."""
    resources = {name: _yaml_resource(declared) for name, declared in program.items()}
    return yaml.safe_dump({"name": project, "runtime": "yaml", "resources": resources}, sort_keys=False)


def _yaml_resource(declared: Declared) -> Mapping[str, object]:
    resource: dict[str, object] = {"type": f"mlworkbench:{declared.token}"}
    if declared.looked_up:
        return {**resource, "get": {"id": declared.looked_up}}
    if declared.properties:
        resource["properties"] = {name: _yaml_value(value) for name, value in declared.properties.items()}
    if declared.imported:
        resource["options"] = {"import": declared.imported}
    return resource


def _yaml_value(value: object) -> object:
    match value:
        case Ref():
            return f"${{{value.resource}.{value.output}}}"
        case Sealed():
            return {"fn::secret": value.text}
        case dict():
            return {name: _yaml_value(item) for name, item in value.items()}
        case list():
            return [_yaml_value(item) for item in value]
    return value


def as_python(program: Program) -> Callable[[], None]:
    """Give the program as a function that declares its resources on the dynamic host."""

    def run() -> None:
        made: dict[str, Any] = {}
        for name, declared in program.items():
            kind = CLASSES[declared.token]
            if declared.looked_up:
                made[name] = kind.get(name, declared.looked_up)
                continue
            properties = {snake(key): _python_value(value, made) for key, value in declared.properties.items()}
            options = pulumi.ResourceOptions(import_=declared.imported or None)
            made[name] = kind(name, **properties, opts=options)

    return run


def _python_value(value: object, made: Mapping[str, Any]) -> object:
    match value:
        case Ref():
            return getattr(made[value.resource], snake(value.output))
        case Sealed():
            return pulumi.Output.secret(value.text)
        case dict():
            return {snake(name): _python_value(item, made) for name, item in value.items()}
        case list():
            return [_python_value(item, made) for item in value]
    return value


def snake(name: str) -> str:
    return _HUMP.sub("_", name).lower()
