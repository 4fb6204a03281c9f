"""Know what the classes of the dynamic host share. Know no particular resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from inspect import signature
from typing import Any, ClassVar, Self

import pulumi

from ..hosts.core import secrets_of
from ..hosts.dynamic import NAME_KEY, DynamicProvider
from ..model.check import nearest
from ..model.policy import Keyed, Many, Nested, Policy, Shape
from ..resources import registry

__all__ = ["DynamicResource"]


class DynamicResource(pulumi.dynamic.Resource):
    """A resource of the dynamic host: snake_case in the program, the user's camelCase in the state."""

    _token: ClassVar[str]

    def __new__(cls, *positional: object, **arguments: object) -> Self:
        """Refuse an argument that does not exist, and name the one that was probably meant."""
        known = list(signature(cls.__init__).parameters)
        for name in arguments:
            if name not in known:
                raise TypeError(f"{cls.__name__} has no argument {name!r}{nearest(name, known)}")
        return super().__new__(cls)

    def __init__(self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        spec = registry()[self._token].output_policies()
        outputs = {policy.attribute: None for policy in spec.values()}
        secret = [spec[name].attribute for name in secrets_of(spec)]
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(additional_secret_outputs=secret))
        properties = {**outputs, **inputs, NAME_KEY: resource_name}
        super().__init__(DynamicProvider(self._token), resource_name, properties, options)

    def translate_input_property(self, prop: str) -> str:
        """Return the user's spelling of an attribute."""
        return _aliases(self._token).get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Return the attribute for the user's spelling."""
        return _attributes(self._token).get(prop, prop)


@cache
def _aliases(token: str) -> Mapping[str, str]:
    return dict(_spellings(registry()[token].output_policies()))


@cache
def _attributes(token: str) -> Mapping[str, str]:
    return {name: attribute for attribute, name in _aliases(token).items()}


def _spellings(spec: Mapping[str, Policy]) -> Iterator[tuple[str, str]]:
    for policy in spec.values():
        yield policy.attribute, policy.name
        yield from _nested_spellings(policy.shape)


def _nested_spellings(shape: Shape) -> Iterator[tuple[str, str]]:
    match shape:
        case Nested():
            yield from _spellings(shape.children)
        case Many(item) | Keyed(item):
            yield from _nested_spellings(item)
