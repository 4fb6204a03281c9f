"""Look things up in a provider's schema. Knows the schema's form; judges nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .values import Secret, Tree, Value

__all__ = ["Package"]

_TYPES = "#/types/"


@dataclass(frozen=True)
class Package:
    """A schema as it came."""

    document: Mapping[str, Any]

    @classmethod
    def parse(cls, text: str) -> Package:
        """Read a schema; one that cannot be read is empty."""
        try:
            document = json.loads(text)
        except ValueError:
            document = {}
        return cls(document if isinstance(document, dict) else {})

    @property
    def secret_settings(self) -> frozenset[str]:
        """The provider's settings that are secret."""
        settings = {
            **self.document.get("config", {}).get("variables", {}),
            **self.document.get("provider", {}).get("inputProperties", {}),
        }
        return frozenset(name for name, each in settings.items() if each.get("secret"))

    def resource(self, token: str) -> Mapping[str, Any]:
        """Return a resource; an empty one if there is none."""
        found: Mapping[str, Any] = self.document.get("resources", {}).get(token, {})
        return found

    def inputs(self, token: str) -> Mapping[str, Any]:
        """Return the input properties of a resource."""
        found: Mapping[str, Any] = self.resource(token).get("inputProperties", {})
        return found

    def outputs(self, token: str) -> Mapping[str, Any]:
        """Return the output properties of a resource."""
        found: Mapping[str, Any] = self.resource(token).get("properties", {})
        return found

    def referenced(self, of: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the type that a property refers to, if it is one of this package."""
        reference = str(of.get("$ref", ""))
        if not reference.startswith(_TYPES):
            return None
        found: Mapping[str, Any] | None = self.document.get("types", {}).get(reference.removeprefix(_TYPES))
        return found

    def marked(self, properties: Mapping[str, Any], values: Mapping[str, Value]) -> Tree:
        """Return values with those wrapped that the schema calls secret."""
        found = {name: self._marked(properties.get(name, {}), value) for name, value in values.items()}
        return {name: Secret(each) if properties.get(name, {}).get("secret") else each for name, each in found.items()}

    def _marked(self, of: Mapping[str, Any], value: Value) -> Value:
        if isinstance(value, list):
            return [self._marked(of.get("items", {}), each) for each in value]
        if not isinstance(value, dict):
            return value
        referenced = self.referenced(of)
        if referenced is not None:
            return self.marked(referenced.get("properties", {}), value)
        return {name: self._marked(of.get("additionalProperties", {}), each) for name, each in value.items()}

    def kind(self, of: Mapping[str, Any]) -> str:
        """Return the kind of a property: string, boolean, number, integer, array or object."""
        referenced = self.referenced(of)
        if referenced is not None:
            return str(referenced.get("type", "object"))
        return str(of.get("type", "string" if "$ref" not in of else "object"))
