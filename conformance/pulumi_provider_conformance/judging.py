"""Judge the shape of answers: diffs, and values against the schema. Knows the protocol's messages; no law by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi.runtime.proto import provider_pb2 as proto

from .law import require
from .package import Package
from .values import UNKNOWN, Secret, Value

__all__ = ["REPLACING", "check_difference", "mismatches", "roots"]

REPLACING = frozenset(
    {proto.PropertyDiff.ADD_REPLACE, proto.PropertyDiff.DELETE_REPLACE, proto.PropertyDiff.UPDATE_REPLACE}
)
_STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def steps(path: str) -> list[str]:
    """Read a property path; an empty list if it is none."""
    found, place = [], 0
    while place < len(path):
        match = _STEP.match(path, place)
        if match is None:
            return []
        found.append(next(group for group in match.groups() if group is not None))
        place = match.end()
    return found


def roots(paths: Sequence[str]) -> set[str]:
    """Return the top-level properties of some paths."""
    return {found[0] for path in paths if (found := steps(path))}


def check_difference(answer: proto.DiffResponse) -> None:
    """Hold a diff to what its parts must say about each other. Raises Broken."""
    diffs, replaces, detailed = list(answer.diffs), list(answer.replaces), dict(answer.detailedDiff.items())
    if answer.changes == proto.DiffResponse.DIFF_NONE:
        told = {"diffs": diffs, "replaces": replaces, "detailedDiff": sorted(detailed)}
        require(not any(told.values()), f"DIFF_NONE comes with {told}")
    require(len(set(diffs)) == len(diffs), f"diffs hold duplicates: {diffs}")
    require(len(set(replaces)) == len(replaces), f"replaces hold duplicates: {replaces}")
    require(set(replaces) <= set(diffs) or not diffs, f"replaces {replaces} are not all in diffs {diffs}")
    if answer.hasDetailedDiff:
        _check_details(diffs, replaces, detailed)


def _check_details(diffs: list[str], replaces: list[str], detailed: Mapping[str, proto.PropertyDiff]) -> None:
    broken_paths = [path for path in detailed if not steps(path)]
    require(not broken_paths, f"detailedDiff holds what is no property path: {broken_paths}")
    found = roots(list(detailed))
    require(found == set(diffs), f"diffs are {sorted(diffs)}, and detailedDiff is about {sorted(found)}")
    replacing = roots([path for path, each in detailed.items() if each.kind in REPLACING])
    require(replacing == set(replaces), f"replaces are {sorted(replaces)}, and detailedDiff says {sorted(replacing)}")


def mismatches(package: Package, properties: Mapping[str, Any], values: Mapping[str, Value]) -> list[str]:
    """Return what does not fit the properties of a schema; unknown values fit everywhere."""
    return [told for name, value in values.items() for told in _property(package, properties, name, value)]


def _property(package: Package, properties: Mapping[str, Any], name: str, value: Value) -> Iterator[str]:
    if name.startswith("__"):
        return
    if name not in properties:
        yield f"{name} is not in the schema"
        return
    yield from _value(package, properties[name], value, name)


def _value(package: Package, of: Mapping[str, Any], value: Value, where: str) -> Iterator[str]:
    if isinstance(value, Secret):
        value = value.value
    if value is UNKNOWN or value is None or "oneOf" in of:
        return
    kind = package.kind(of)
    if not _fits(kind, value) and of.get("$ref", "#/types/").startswith("#/types/"):
        yield f"{where} should be of type {kind} and is {type(value).__name__}"
        return
    referenced = package.referenced(of)
    if isinstance(value, list) and "items" in of:
        for index, each in enumerate(value):
            yield from _value(package, of["items"], each, f"{where}[{index}]")
    elif isinstance(value, dict) and referenced is not None and "properties" in referenced:
        for name, each in value.items():
            if name not in referenced["properties"]:
                yield f"{where}.{name} is not in the schema"
            else:
                yield from _value(package, referenced["properties"][name], each, f"{where}.{name}")
    elif isinstance(value, dict) and "additionalProperties" in of:
        for name, each in value.items():
            yield from _value(package, of["additionalProperties"], each, f"{where}.{name}")


def _fits(kind: str, value: Value) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    return True
