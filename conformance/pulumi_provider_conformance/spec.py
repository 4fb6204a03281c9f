"""Hold what the kit is told about a provider. Knows what can be told; reads and starts nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .values import Tree

__all__ = [
    "Autoname",
    "Change",
    "Configuration",
    "Drift",
    "Hook",
    "Invalid",
    "Resource",
    "Scene",
    "Service",
    "Spec",
    "SpecError",
    "filled",
    "variables",
]


class SpecError(Exception):
    """The file cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Hook:
    """Something to do outside of the provider: a shell command or an HTTP request."""

    shell: str = ""
    method: str = ""
    url: str = ""
    json: object = None


@dataclass(frozen=True)
class Scene:
    """How to bring the cloud into a state and out of it again."""

    before: tuple[Hook, ...]
    after: tuple[Hook, ...] = ()


@dataclass(frozen=True)
class Change:
    """A change of some inputs, and what the provider must make of it."""

    set: Tree
    replaces: bool = False
    delete_before_replace: bool | None = None


@dataclass(frozen=True)
class Invalid:
    """Inputs that must not be accepted, and the property that must be named as the reason."""

    set: Tree
    property: str


@dataclass(frozen=True)
class Autoname:
    """A property that is named by the provider if the user does not."""

    property: str
    max_length: int | None = None


@dataclass(frozen=True)
class Drift:
    """How to change a property behind the provider's back."""

    hook: Hook
    property: str


@dataclass(frozen=True)
class Resource:
    """One resource type with an example of it."""

    type: str
    inputs: Tree
    changes: tuple[Change, ...] = ()
    same: tuple[Tree, ...] = ()
    invalid: tuple[Invalid, ...] = ()
    unknowns: tuple[str, ...] | None = None
    secrets: tuple[str, ...] | None = None
    autoname: Autoname | None = None
    missing_id: str = ""
    not_imported: tuple[str, ...] = ()
    failing: Scene | None = None
    slow: Scene | None = None
    refused: Scene | None = None
    denied: Scene | None = None
    undeletable: Scene | None = None
    failing_update: Scene | None = None
    silent: Scene | None = None
    unanswered: Scene | None = None
    late: Scene | None = None
    echoing: Scene | None = None
    vanish: Hook | None = None
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """The provider's own configuration, and variations of it."""

    values: Tree = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    invalid: tuple[Invalid, ...] = ()
    missing: Tree | None = None
    missing_keys: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Service:
    """A program that must run beside the provider, such as an emulated cloud."""

    command: tuple[str, ...]
    ready: str
    environment: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spec:
    """All that the kit knows about a provider."""

    name: str
    command: tuple[str, ...] = ()
    service: Service | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    configuration: Configuration = field(default_factory=Configuration)
    resources: tuple[Resource, ...] = ()
    effects: Hook | None = None
    tick: Hook | None = None
    timeout_seconds: float = 60
    in_flight: int = 64


_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """Replace every ${NAME} that there is a variable for, in texts at any depth."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: variables.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {name: filled(each, variables) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(filled(each, variables) for each in value)
    return value


def variables() -> dict[str, str]:
    """Return what placeholders can name from the start: the environment."""
    return dict(os.environ)
