"""Declare the visualization job of ModelArts. Knows the API's calls, not when they are made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

from pydantic import Field

from ...api.modelarts import visualization_jobs as api
from ...lifecycle.resource import Found, Resource, StartableInputs, Update
from ...model.base import Model, Option, Outputs
from ...model.policy import AutoName, Computed, Replace, Unique, WriteOnly
from ...wire.client import Client
from ...wire.clock import moment
from ...wire.errors import NotFound, WrongState

__all__ = ["VisualizationJob"]


class JobType(Option):
    """The program that shows the logs."""

    TENSORBOARD = "tensorboard"
    """TensorBoard."""

    MINDINSIGHT = "mindinsight"
    """MindInsight, for logs of MindSpore."""


class ScheduleType(Option):
    """What happens when the time is over."""

    STOP = "stop"
    """The job stops."""


class TimeUnit(Option):
    """The unit of a duration."""

    HOURS = "HOURS"
    """Hours."""


class Flavor(Model):
    """The machine that a job runs on."""

    code: str
    """Code of the flavor."""


class Schedule(Model):
    """When a job stops by itself."""

    type: ScheduleType
    """What happens when the time is over; `stop` is the only choice."""

    time_unit: TimeUnit
    """Unit of `duration`; `HOURS` is the only choice."""

    duration: Annotated[int, Field(ge=0, le=24)]
    """How long it runs, 0 to 24. What 0 means is not documented: leave `schedule` out for a job that never stops."""


class VisualizationJobInputs(StartableInputs):
    """What a visualization job is made from."""

    job_name: Annotated[
        str | None, Replace(), Unique(), AutoName(max_length=20), Field(max_length=20, pattern=r"^[A-Za-z0-9_-]+$")
    ] = None
    """Name of the job, unique: 1 to 20 letters, digits, `_` and `-`. Named after the Pulumi resource if unset. If the
    job is replaced and the name stays, the old job is deleted first."""

    job_desc: Annotated[str | None, Field(max_length=256)] = None
    """Description, up to 256 characters; the only property that can be changed in place."""

    train_url: Annotated[str, Replace(), Field(min_length=1)]
    """OBS directory that holds the logs, such as `/bucket/dir/`. The bucket must be in the same region."""

    job_type: Annotated[JobType | None, Replace(), WriteOnly()] = None
    """The program that shows the logs; TensorBoard if unset. The API never returns it."""

    flavor: Annotated[Flavor | None, Replace(), WriteOnly()] = None
    """The machine that the job runs on; the service advises to leave it out. The API never returns it."""

    schedule: Annotated[Schedule | None, Replace(), WriteOnly()] = None
    """When the job stops by itself; never if unset. The API never returns it."""


class VisualizationJobOutputs(VisualizationJobInputs, Outputs):
    """What ModelArts tells about a visualization job."""

    job_id: Annotated[str, Computed(stable=True)]
    """ID of the job; the same as the resource's ID."""

    status: Annotated[str, Computed()]
    """Name of the status, such as `RUNNING`, `KILLED` (stopped) or `FAILED`; the number if it is not documented."""

    status_code: Annotated[int, Computed()]
    """Number of the status, 0 to 22."""

    create_time: Annotated[str | None, Computed(stable=True)] = None
    """When the job was created (RFC 3339)."""

    duration_ms: Annotated[int | None, Computed()] = None
    """Milliseconds that the job has run."""

    remaining_duration: Annotated[float | None, Computed()] = None
    """Time that is left until the job stops by itself, if the service tells; it does not document the unit."""

    service_url: Annotated[str | None, Computed()] = None
    """Address of the web page."""

    resource_id: Annotated[str | None, Computed(stable=True)] = None
    """ID of the job in the bills."""


class VisualizationJob(Resource[VisualizationJobInputs, VisualizationJobOutputs]):
    """TensorBoard or MindInsight over training logs, as a job of ModelArts (Huawei Cloud, Open Telekom Cloud).

    A job is billed while it runs: `schedule` and `desiredStatus` keep that in bounds. Creation ends when its status is
    `RUNNING`.
    """

    token: ClassVar = "modelarts:VisualizationJob"
    service: ClassVar = "modelarts"
    id_output: ClassVar = "jobId"
    name_input: ClassVar = "jobName"
    states: ClassVar = api.STATES
    example: ClassVar = {
        "jobName": "training-curves",
        "jobDesc": "Curves of the nightly training",
        "trainUrl": "/my-bucket/runs/",
        "jobType": "tensorboard",
        "schedule": {"type": "stop", "timeUnit": "HOURS", "duration": 4},
    }
    change: ClassVar = {"jobDesc": "Curves of the weekly training"}

    _cloud: Client

    async def create(self, inputs: VisualizationJobInputs) -> str:
        schedule = [api.Schedule.model_validate(inputs.schedule)] if inputs.schedule else None
        body = api.CreateBody(
            job_name=inputs.job_name or "",
            job_desc=inputs.job_desc,
            train_url=inputs.train_url,
            job_type=inputs.job_type,
            flavor=api.Flavor.model_validate(inputs.flavor) if inputs.flavor else None,
            schedule=schedule,
        )
        return (await self._cloud(api.CREATE, body=body)).job_id

    async def read(self, id: str) -> api.Job:
        try:
            return await self._cloud(api.SHOW, {"id": id})
        except NotFound as error:
            # No page documents how a missing job is answered: believe it only if the list lacks the job too.
            if id in [found.id async for found in self.list()]:
                raise WrongState(error.attempt, error.answer) from error
            raise

    async def update(self, id: str, update: Update[VisualizationJobInputs]) -> None:
        await self._cloud(api.UPDATE, {"id": id}, body=api.UpdateBody(job_desc=update.inputs.job_desc or ""))

    async def start(self, id: str) -> None:
        await self._cloud(api.RESTART, {"id": id})

    async def stop(self, id: str) -> None:
        await self._cloud(api.STOP, {"id": id})

    async def delete(self, id: str, inputs: VisualizationJobInputs) -> None:
        await self._cloud(api.DELETE, {"id": id})

    async def list(self, like: VisualizationJobInputs | None = None) -> AsyncIterator[Found]:
        name = like.job_name if like else None
        seen, page = 0, 1
        while True:
            answer = await self._cloud(api.LIST, query=api.ListQuery(page=page, search_content=name))
            for job in answer.jobs:
                yield Found(job.job_id, job.job_name, moment(job.create_time))
            seen, page = seen + len(answer.jobs), page + 1
            if not answer.jobs or seen >= answer.job_total_count:
                return
