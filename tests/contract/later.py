"""Be a made-up later version of the visualization job: properties renamed, one of another type. Same calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from mlworkbench.lifecycle.resource import Found, Resource, StartableInputs, Update
from mlworkbench.model.base import Outputs
from mlworkbench.model.policy import AutoName, Computed, Formerly, Replace, Unique, WriteOnly
from mlworkbench.model.values import Value
from mlworkbench.resources.modelarts.visualization_job import VisualizationJob, VisualizationJobInputs

__all__ = ["LaterJob"]


def _hours(schedule: Value) -> Value:
    return schedule["duration"] if isinstance(schedule, dict) else schedule


class LaterInputs(StartableInputs):
    """What a later version asks for."""

    name: Annotated[str | None, Replace(), Unique(), AutoName(max_length=20), Formerly("jobName")] = None
    """Name."""

    description: Annotated[str | None, Formerly("jobDesc")] = None
    """Description."""

    train_url: Annotated[str, Replace()]
    """Logs."""

    hours: Annotated[int | None, Replace(), WriteOnly(), Formerly("schedule", _hours)] = None
    """Hours after which it stops by itself."""


class LaterOutputs(LaterInputs, Outputs):
    """What a later version tells."""

    job_id: Annotated[str, Computed(stable=True)]
    """ID."""

    status: Annotated[str, Computed()]
    """Status."""


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str = Field(validation_alias="job_name")
    description: str | None = Field(validation_alias="job_desc")
    train_url: str
    job_id: str
    status: str


class LaterJob(Resource[LaterInputs, LaterOutputs]):
    """The visualization job of a later version."""

    token: ClassVar = VisualizationJob.token
    service: ClassVar = VisualizationJob.service
    id_output: ClassVar = "jobId"
    name_input: ClassVar = "name"
    states: ClassVar = VisualizationJob.states
    example: ClassVar = {"name": "curves", "description": "Curves", "trainUrl": "/bucket/runs/", "hours": 4}
    change: ClassVar = {"description": "Other curves"}

    def __init__(self, cloud: Any) -> None:
        super().__init__(cloud)
        self._job = VisualizationJob(cloud)

    async def create(self, inputs: LaterInputs) -> str:
        return await self._job.create(
            VisualizationJobInputs.model_validate({"jobName": inputs.name, "trainUrl": inputs.train_url})
        )

    async def read(self, id: str) -> _Told:
        return _Told.model_validate(await self._job.read(id))

    async def update(self, id: str, update: Update[LaterInputs]) -> None:
        asked = VisualizationJobInputs.model_validate(
            {"jobDesc": update.inputs.description, "trainUrl": update.inputs.train_url}
        )
        await self._job.update(id, Update(asked, update.changes))

    async def start(self, id: str) -> None:
        await self._job.start(id)

    async def stop(self, id: str) -> None:
        await self._job.stop(id)

    async def delete(self, id: str, inputs: LaterInputs) -> None:
        await self._job.delete(id, VisualizationJobInputs.model_validate({"trainUrl": inputs.train_url}))

    async def list(self, like: LaterInputs | None = None) -> AsyncIterator[Found]:
        async for found in self._job.list():
            yield found
