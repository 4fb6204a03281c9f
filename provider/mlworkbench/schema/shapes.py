"""Turn one property's shape into a schema type, and collect the types that it names. Know no resource."""

from __future__ import annotations

import ast
import inspect
import textwrap
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from ..model.policy import Choice, Env, Keyed, Many, Nested, Policy, Primitive, Replace, Secret, Shape, policies

__all__ = ["Types", "enum_docs", "member_name", "module_of", "sentence"]

_RESOURCES = "mlworkbench.resources."


def module_of(kind: type) -> str:
    """Return the Pulumi module of a type: that of the resource that declares it, or `index` if several share it."""
    name = kind.__module__
    return name.removeprefix(_RESOURCES).partition(".")[0] if name.startswith(_RESOURCES) else "index"


def sentence(text: str) -> str:
    """Return a docstring as one paragraph per blank line, without the line breaks of the source."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def enum_docs(enum: type[StrEnum]) -> dict[str, str]:
    """Return what the source says below each value of an enumeration."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(enum))).body[0]
    docs: dict[str, str] = {}
    last = ""
    for node in getattr(tree, "body", []):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                last = name
            case ast.Expr(value=ast.Constant(value=str(text))) if last:
                docs[last] = sentence(text)
    return docs


class Types:
    """The named types of a package, filled in while properties are turned into schema."""

    def __init__(self, package: str) -> None:
        self._package = package
        self.found: dict[str, dict[str, Any]] = {}

    def properties(self, model: type[BaseModel]) -> dict[str, Any]:
        """Return the properties of a model."""
        return {name: self.property(policy) for name, policy in policies(model).items()}

    def property(self, policy: Policy) -> dict[str, Any]:
        """Return one property."""
        schema = self._shape(policy.shape)
        schema["description"] = sentence(policy.description) + _variables(policy)
        if Secret in policy:
            schema["secret"] = True
        if Replace in policy:
            schema["willReplaceOnChanges"] = True
        return schema

    def _shape(self, shape: Shape) -> dict[str, Any]:
        match shape:
            case Primitive(kind):
                return {"type": kind}
            case Many(item):
                return {"type": "array", "items": self._shape(item)}
            case Keyed(item):
                return {"type": "object", "additionalProperties": self._shape(item)}
            case Choice(enum):
                return self._reference(enum, lambda: _enum(enum))
            case Nested(model):
                return self._reference(model, lambda: self._object(model))
        raise TypeError(f"{shape!r} has no schema")

    def _reference(self, kind: type, describe: Any) -> dict[str, Any]:
        token = f"{self._package}:{module_of(kind)}:{kind.__name__}"
        if token not in self.found:
            self.found[token] = {}
            self.found[token] = describe()
        return {"$ref": f"#/types/{token}"}

    def _object(self, model: type[BaseModel]) -> dict[str, Any]:
        return {
            "type": "object",
            "description": sentence(model.__doc__ or ""),
            "properties": self.properties(model),
            "required": sorted(name for name, policy in policies(model).items() if policy.required),
        }


def _enum(enum: type[StrEnum]) -> dict[str, Any]:
    docs = enum_docs(enum)
    values = [{"name": member_name(each), "value": each.value, "description": docs[each.name]} for each in enum]
    return {"type": "string", "description": sentence(enum.__doc__ or ""), "enum": values}


def member_name(member: StrEnum) -> str:
    """Return what the schema calls a value of an enumeration."""
    return "".join(part.capitalize() for part in member.name.split("_"))


def _variables(policy: Policy) -> str:
    env = policy.mark(Env)
    if env is None:
        return ""
    names = (f"MLWORKBENCH_{policy.attribute.upper()}", *env.names)
    return f" Environment: {', '.join(f'`{name}`' for name in names)}."
