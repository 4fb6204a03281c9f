"""Declare a made-up resource that uses every marker and every shape. Knows the model; no cloud."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field

from mlworkbench.model.base import Inputs, Model, Option, Outputs, rule
from mlworkbench.model.policy import (
    AutoName,
    Computed,
    Normalised,
    Replace,
    Secret,
    ServerDefault,
    Unique,
    Unordered,
    Virtual,
    WriteOnly,
    policies,
)
from mlworkbench.model.values import Value, empty


class Colour(Option):
    """A colour."""

    DARK_RED = "DARK_RED"
    """Dark red."""

    BLUE = "BLUE"
    """Blue."""


class Disk(Model):
    """A disk."""

    size_gb: Annotated[int, Field(ge=1, le=100)]
    """Size."""

    kind: Colour | None = None
    """Kind."""

    full_path: Annotated[str | None, ServerDefault()] = None
    """Path that the cloud fills in."""


class Mount(Model):
    """A mount."""

    path: str | None = None
    """Path."""

    key: Annotated[str | None, WriteOnly()] = None
    """Key that is never returned."""


class Box(Model):
    """A box, with fixed and changeable parts."""

    mount: Mount | None = None
    """A mount in it."""

    label: str | None = None
    """A label."""

    serial: Annotated[str | None, Replace()] = None
    """A serial number."""


def parsed(text: Value) -> Value:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def one_of(path: Value, relative: Value) -> str | None:
    return None if empty(path) or empty(relative) else "cannot be given together with relativePath"


@rule("path", "relativePath", test=one_of)
class ThingInputs(Inputs):
    """What a thing is made from."""

    size: int
    """Size; required."""

    name: Annotated[
        str | None, Replace(), Unique(), AutoName(20), Field(max_length=20, pattern=r"^[A-Za-z0-9_-]+$")
    ] = None
    """Name."""

    note: Annotated[str | None, Field(max_length=10)] = None
    """Note."""

    region: Annotated[str | None, Replace()] = None
    """Region."""

    ratio: float | None = None
    """Ratio."""

    enabled: bool | None = None
    """Whether it is enabled."""

    colour: Colour | None = None
    """Colour."""

    colours: Annotated[list[Colour] | None, Unordered()] = None
    """Colours in any order."""

    zones: Annotated[list[str] | None, Replace(), ServerDefault(), Unordered()] = None
    """Zones in any order."""

    words: Annotated[list[str] | None, Field(max_length=3)] = None
    """Words in order."""

    disks: list[Disk] | None = None
    """Disks."""

    fixed_disks: Annotated[list[Disk] | None, Replace()] = None
    """Disks that are fixed at creation."""

    disk: Annotated[Disk | None, ServerDefault()] = None
    """A disk."""

    box: Box | None = None
    """A box."""

    fixed_box: Annotated[Box | None, Replace()] = None
    """A box that is fixed at creation."""

    labels: dict[str, str] | None = None
    """Labels."""

    boxes: dict[str, Box] | None = None
    """Boxes by name."""

    options: Annotated[str | None, Normalised(parsed)] = None
    """JSON text."""

    path: Annotated[str | None, ServerDefault()] = None
    """Path."""

    relative_path: Annotated[str | None, ServerDefault()] = None
    """Relative path."""

    password: Annotated[str | None, Secret(), WriteOnly()] = None
    """Password."""

    desired: Annotated[str | None, Virtual()] = None
    """A wish."""


class ThingOutputs(ThingInputs, Outputs):
    """What the cloud tells about a thing."""

    thing_id: Annotated[str, Computed(stable=True)]
    """ID."""

    status: Annotated[str, Computed()]
    """Status."""


ASKED = policies(ThingInputs)
TOLD = policies(ThingOutputs)
