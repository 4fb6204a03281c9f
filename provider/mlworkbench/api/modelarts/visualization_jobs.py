"""State the visualization jobs of ModelArts v1, in the vendor's words.

Source: the pages "Creating a Visualization Job", "Querying a Visualization Job List", "Querying the Details of a
Visualization Job", "Modifying the Description", "Deleting", "Stopping", "Restarting a Visualization Job" and "Job
Statuses" of the ModelArts API reference.
"""

from __future__ import annotations

from pydantic import Field

from ...wire.operation import Fraction, Nothing, Number, Operation, Wire
from ...wire.states import States
from .service import Moment

__all__ = ["CREATE", "DELETE", "LIST", "RESTART", "SHOW", "STATES", "STATUS_NAMES", "STOP", "UPDATE"]


STATUS_NAMES = {
    0: "UNKNOWN",
    1: "INIT",
    2: "IMAGE_CREATING",
    3: "IMAGE_FAILED",
    4: "SUBMIT_TRYING",
    5: "SUBMIT_FAILED",
    6: "DELETE_FAILED",
    7: "WAITING",
    8: "RUNNING",
    9: "KILLING",
    10: "COMPLETED",
    11: "FAILED",
    12: "KILLED",
    13: "CANCELED",
    14: "LOST",
    15: "SCALING",
    16: "SUBMIT_MODEL_FAILED",
    17: "DEPLOY_SERVICE_FAILED",
    18: "CHECK_INIT",
    19: "CHECK_RUNNING",
    20: "CHECK_RUNNING_COMPLETED",
    21: "CHECK_FAILED",
    22: "MOUNT_FAILED",
}


class Flavor(Wire):
    code: str


class Schedule(Wire):
    type: str
    time_unit: str
    duration: int


class UpdateBody(Wire):
    """The one field that can be changed; an empty text clears it."""

    job_desc: str = ""


class CreateBody(Wire):
    job_name: str
    job_desc: str | None = None
    train_url: str
    job_type: str | None = None
    flavor: Flavor | None = None
    # Every sample of the reference sends an array of one, although its table says Object.
    schedule: list[Schedule] | None = None


class Created(Wire):
    job_id: str


class Job(Wire):
    """The answers show no job_type, flavor or schedule; the list shows `schedule` in samples only."""

    job_id: str
    job_name: str
    job_desc: str | None = None
    train_url: str | None = None
    status_code: int = Field(0, alias="status")
    create_time: Moment = None
    duration_ms: Number = Field(None, alias="duration")
    remaining_duration: Fraction = None
    service_url: str | None = None
    resource_id: str | None = None

    @property
    def status(self) -> str:
        """The name of the status; the number itself if it is not a documented one."""
        return STATUS_NAMES.get(self.status_code, str(self.status_code))


class ListQuery(Wire):
    per_page: int = 100
    page: int = 1
    sort_by: str = Field("job_id", alias="sortBy")
    order: str = "asc"
    search_content: str | None = None


class JobPage(Wire):
    jobs: list[Job] = []
    job_total_count: int


_JOBS = "/v1/{project_id}/visualization-jobs"
_JOB = f"{_JOBS}/{{id}}"

CREATE = Operation("CreateVisualizationJob", "POST", _JOBS, Created, body=CreateBody)
SHOW = Operation("ShowVisualizationJob", "GET", _JOB, Job)
LIST = Operation("ListVisualizationJobs", "GET", _JOBS, JobPage, query=ListQuery)
UPDATE = Operation("UpdateVisualizationJob", "PUT", _JOB, Nothing, body=UpdateBody)
STOP = Operation("StopVisualizationJob", "POST", f"{_JOB}/stop", Nothing)
RESTART = Operation("RestartVisualizationJob", "POST", f"{_JOB}/restart", Nothing)
DELETE = Operation("DeleteVisualizationJob", "DELETE", _JOB, Nothing)

_CHECKS = frozenset({"CHECK_INIT", "CHECK_RUNNING", "CHECK_RUNNING_COMPLETED"})

# CANCELED (13) appears among the failures in one list filter, yet it is how a stop may end: a settled stop. What has
# COMPLETED is stopped as well, but only what was stopped by hand or by a timer runs again.
STATES = States(
    ready=frozenset({"RUNNING"}),
    stopped=frozenset({"COMPLETED", "KILLED", "CANCELED"}),
    failed=frozenset({name for name in STATUS_NAMES.values() if name.endswith("FAILED")} | {"LOST"}),
    stopping=frozenset({"KILLING"}),
    ended=frozenset({"COMPLETED"}),
    busy=frozenset({"INIT", "IMAGE_CREATING", "SUBMIT_TRYING", "WAITING", "SCALING"} | _CHECKS),
)
