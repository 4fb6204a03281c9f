"""Call the visualization jobs three ways: on Huawei's core client, with OTC's extensions and with the provider."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from otcextensions.sdk.modelartsv1.v1.visualization_job import VisualizationJob  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import visualization_jobs as api
from mlworkbench.model.values import Tree
from mlworkbench.resources.modelarts.visualization_job import VisualizationJobInputs
from mlworkbench.wire.client import Client

from .arguments import CREATE_JOB, ODD_TEXT, camel
from .ours import Ours, change
from .rows import Place, Row

__all__ = ["ROWS"]

TOKEN = "modelarts:VisualizationJob"
OURS: Tree = {**CREATE_JOB, "schedule": [CREATE_JOB["schedule"]]}

Asking = Callable[[Client, Place], Awaitable[object]]
Declared = Callable[[Ours, Client, Place], Awaitable[object]]


def _resource(call: Callable[[Any, Place], Awaitable[object]]) -> Declared:
    return lambda ours, client, place: call(ours.resource(TOKEN, client), place)


def _inputs() -> Any:
    return VisualizationJobInputs.model_validate(camel(CREATE_JOB))


def _described(text: str) -> Any:
    old = camel(CREATE_JOB)
    return change(TOKEN, {**old, "jobDesc": "before"}, {**old, "jobDesc": text})


async def _listed(resource: Any) -> list[object]:
    return [found async for found in resource.list()]


def _held(place: Place) -> Any:
    """Name a job to OTC's extensions so that they need not look it up, and keep what an answer leaves in it."""
    return VisualizationJob.new(id=place.id)


def _acted(act: Callable[[Any], object], place: Place) -> Any:
    job = _held(place)
    act(job)
    return job


def _pair(
    operation: str,
    core: Callable[[Any, Place], Any],
    otc: Callable[[Any, Place], Any],
    ours: Asking,
    resource: Declared | None,
    **more: Any,
) -> tuple[Row, Row]:
    """The same operation of both clouds."""
    return (
        Row(operation, "core", core, ours, resource, **more),
        Row(operation, "otc", lambda client, place: otc(client.modelartsv1, place), ours, resource, **more),
    )


ROWS = (
    *_pair(
        "CreateVisualizationJob",
        lambda client, place: client.create_job(**OURS),
        lambda jobs, place: jobs.create_visualization_job(**CREATE_JOB),
        lambda client, place: client(api.CREATE, body=api.CreateBody.model_validate(OURS)),
        _resource(lambda resource, place: resource.create(_inputs())),
    ),
    *_pair(
        "ShowVisualizationJob",
        lambda client, place: client.show_job(place.id),
        lambda jobs, place: jobs.get_visualization_job(place.id),
        lambda client, place: client(api.SHOW, {"id": place.id}),
        _resource(lambda resource, place: resource.read(place.id)),
        thing="job",
    ),
    *_pair(
        "ListVisualizationJobs",
        lambda client, place: client.list_jobs(per_page=100, page=1, sortBy="job_id", order="asc"),
        lambda jobs, place: {"jobs": list(jobs.visualization_jobs(limit=100, offset=1, sort_by="job_id", order="asc"))},
        lambda client, place: client(api.LIST, query=api.ListQuery()),
        _resource(lambda resource, place: _listed(resource)),
        thing="job",
    ),
    *_pair(
        "ListVisualizationJobs",
        lambda client, place: client.list_jobs(
            per_page=7, page=2, sortBy="create_time", order="desc", search_content=ODD_TEXT
        ),
        lambda jobs, place: {
            "jobs": list(
                jobs.visualization_jobs(limit=7, offset=2, sort_by="create_time", order="desc", search_content=ODD_TEXT)
            )
        },
        lambda client, place: client(
            api.LIST,
            query=api.ListQuery(per_page=7, page=2, sort_by="create_time", order="desc", search_content=ODD_TEXT),
        ),
        None,
        label="searched",
    ),
    *_pair(
        "UpdateVisualizationJob",
        lambda client, place: client.update_job(place.id, job_desc=ODD_TEXT),
        lambda jobs, place: jobs.update_visualization_job(_held(place), ODD_TEXT),
        lambda client, place: client(api.UPDATE, {"id": place.id}, body=api.UpdateBody(job_desc=ODD_TEXT)),
        _resource(lambda resource, place: resource.update(place.id, _described(ODD_TEXT))),
        thing="job",
    ),
    *_pair(
        "UpdateVisualizationJob",
        lambda client, place: client.update_job(place.id, job_desc=""),
        lambda jobs, place: jobs.update_visualization_job(_held(place), ""),
        lambda client, place: client(api.UPDATE, {"id": place.id}, body=api.UpdateBody(job_desc="")),
        _resource(lambda resource, place: resource.update(place.id, _described(""))),
        label="cleared",
        thing="job",
    ),
    *_pair(
        "StopVisualizationJob",
        lambda client, place: client.stop_job(place.id),
        lambda jobs, place: _acted(jobs.stop_visualization_job, place),
        lambda client, place: client(api.STOP, {"id": place.id}),
        _resource(lambda resource, place: resource.stop(place.id)),
        thing="job",
    ),
    *_pair(
        "RestartVisualizationJob",
        lambda client, place: client.restart_job(place.id),
        lambda jobs, place: _acted(jobs.restart_visualization_job, place),
        lambda client, place: client(api.RESTART, {"id": place.id}),
        _resource(lambda resource, place: resource.start(place.id)),
        thing="job",
        stopped=True,
    ),
    *_pair(
        "DeleteVisualizationJob",
        lambda client, place: client.delete_job(place.id),
        lambda jobs, place: jobs.delete_visualization_job(_held(place)),
        lambda client, place: client(api.DELETE, {"id": place.id}),
        _resource(lambda resource, place: resource.delete(place.id, _inputs())),
        thing="job",
    ),
)
