"""Name the fields of our answers as the official models do, and say how a value differs where it does. Knows no client.

Written from the vendors' pages and not from our own models, whose names it is there to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

__all__ = ["NAMED", "Pair", "pairs"]

Tree = Mapping[str, Any]


def same(value: Any) -> Any:
    return value


def moment(value: Any) -> Any:
    """Milliseconds since 1970, as RFC 3339."""
    if value is None:
        return None
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(value))
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def whole(value: Any) -> Any:
    """A number that the vendor writes as text."""
    return None if value in (None, "") else int(value)


def written(value: Any) -> Any:
    """An id that the vendor writes as a number: to us it is a text."""
    return None if value is None else str(value)


@dataclass(frozen=True)
class Named:
    """What a vendor calls a field of ours, and what its value has to be turned into to be ours."""

    name: str
    turned: Callable[[Any], Any] = same


def _plain(names: str) -> dict[str, Named]:
    return {name: Named(name) for name in names.split()}


def _pascal(names: str) -> dict[str, Named]:
    return {name: Named("".join(word.capitalize() for word in name.split("_"))) for name in names.split()}


_SPEC = _pascal("ecs_type vpc_id switch_id security_group_id")
_SOURCE = _pascal("id name directory_name source_type data_source_type uri summary_path full_summary_path")
_BOARD = {
    **_pascal(
        "max_running_time_minutes accessibility workspace_id display_name job_id data_source_id data_source_type"
        " options summary_path summary_relative_path"
        " tensorboard_data_sources cpu memory tensorboard_spec quota_id quota_name"
        " tensorboard_id tensorboard_url status reason_code reason_message user_id username"
    ),
    "priority": Named("Priority", whole),
    "duration_seconds": Named("Duration", whole),
    "create_time": Named("GmtCreateTime"),
    "modify_time": Named("GmtModifyTime"),
    "finish_time": Named("GmtFinishTime"),
}
_JOB = {
    **_plain("job_name job_desc train_url remaining_duration service_url resource_id"),
    "job_id": Named("job_id", written),
    "status_code": Named("status"),
    "create_time": Named("create_time", moment),
    "duration_ms": Named("duration"),
}
_IMAGE = {
    **_plain(
        "name namespace tag swr_path arch description origin resource_categories service_type visibility workspace_id"
        " flavor_type swr_instance_id size status status_message type"
    ),
    "image_id": Named("id"),
    "services": Named("dev_services"),
    "create_time": Named("create_at", moment),
    "update_time": Named("update_at", moment),
}

# By the names of our models: those of PAI, of the jobs, of the images. Alike names have alike fields.
NAMED: Mapping[str, Mapping[str, Mapping[str, Named]]] = {
    "mlworkbench.api.pai.tensorboards": {
        "Created": _pascal("tensorboard_id"),
        "Tensorboard": _BOARD,
        "TensorboardSpec": _SPEC,
        "TensorboardDataSourceSpec": _SOURCE,
        "TensorboardPage": _pascal("tensorboards total_count"),
    },
    "mlworkbench.api.modelarts.visualization_jobs": {
        "Created": {"job_id": Named("job_id", written)},
        "Job": _JOB,
        "JobPage": _plain("jobs job_total_count"),
    },
    "mlworkbench.api.modelarts.images": {"Image": _IMAGE, "ImagePage": _plain("data total")},
}


@dataclass(frozen=True)
class Pair:
    """One field as both sides read it; `theirs` is None where the official model has no such field."""

    field: str
    ours: Any
    theirs: Any
    held: bool

    @property
    def agrees(self) -> bool:
        return self.held and type(self.ours) is type(self.theirs) and self.ours == self.theirs

    @property
    def tells(self) -> bool:
        """Whether the value is one that nobody would read by chance."""
        return self.ours not in (None, "", 0, [])


def pairs(ours: BaseModel, theirs: Tree) -> Iterator[Pair]:
    """Yield every field of an answer of ours beside that of the official model."""
    model = type(ours)
    names = NAMED[model.__module__][model.__name__]
    for field in model.model_fields:
        named, value = names[field], getattr(ours, field)
        held = theirs.get(named.name)
        yield from _beside(f"{model.__module__}:{model.__name__}.{field}", named, value, held, named.name in theirs)


def _beside(field: str, named: Named, value: Any, held: Any, known: bool) -> Iterator[Pair]:
    if isinstance(value, BaseModel) and isinstance(held, Mapping):
        yield from pairs(value, held)
    elif _models(value) and isinstance(held, list) and len(value) == len(held):
        for item, kept in zip(value, held, strict=True):
            yield from pairs(item, kept)
    else:
        yield Pair(field, value, named.turned(held), known)


def _models(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, BaseModel) for item in value)
