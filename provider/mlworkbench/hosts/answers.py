"""Turn what the core answers into messages of provider.proto. Knows no RPC and no resource."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi.runtime.proto import provider_pb2 as proto

from ..model.check import Failure
from ..model.diff import Change, Kind
from ..model.values import Path, render
from .core import Difference

__all__ = ["difference", "failures_of"]

_KINDS = {
    (Kind.ADD, False): proto.PropertyDiff.ADD,
    (Kind.ADD, True): proto.PropertyDiff.ADD_REPLACE,
    (Kind.DELETE, False): proto.PropertyDiff.DELETE,
    (Kind.DELETE, True): proto.PropertyDiff.DELETE_REPLACE,
    (Kind.UPDATE, False): proto.PropertyDiff.UPDATE,
    (Kind.UPDATE, True): proto.PropertyDiff.UPDATE_REPLACE,
}


def failures_of(found: Iterable[Failure], secrets: Iterable[Path] = ()) -> list[proto.CheckFailure]:
    """Return failures for the engine, which shows the value of the property that one names: not if that is secret."""
    hidden = {str(path[0]) for path in secrets}
    return [
        proto.CheckFailure(reason=f"{failure.path} {failure.reason}")
        if failure.property in hidden
        else proto.CheckFailure(property=failure.path, reason=failure.reason)
        for failure in found
    ]


def difference(found: Difference) -> proto.DiffResponse:
    """Return the answer to Diff; every top-level property in it has its details."""
    return proto.DiffResponse(
        changes=proto.DiffResponse.DIFF_SOME if found.changes else proto.DiffResponse.DIFF_NONE,
        diffs=found.properties,
        replaces=found.replaces,
        stables=found.stables,
        deleteBeforeReplace=found.delete_before_replace,
        detailedDiff={render(change.path): _property_diff(change) for change in found.changes},
        hasDetailedDiff=bool(found.changes),
    )


def _property_diff(change: Change) -> proto.PropertyDiff:
    return proto.PropertyDiff(kind=_KINDS[change.kind, change.replace], inputDiff=change.of_input)
