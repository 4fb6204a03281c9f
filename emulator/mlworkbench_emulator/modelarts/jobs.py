"""Be ModelArts' visualization jobs. Knows their statuses, limits and oddities; leaves signatures to the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..exchange import Answer, Call, Operation, Refusal
from ..fields import FieldError, Query, accept
from ..outcomes import Outcome
from ..progress import Course, Timer
from ..running_time import note_running, running_since
from ..store import Record, Step
from ..world import World
from .gateway import Gateway, KeyLock, of_gateway
from .job_shapes import KIND, UPDATE, Status, board_path, create_facts, in_detail, in_list

__all__ = ["VisualizationJobs"]

FIRST_JOB_ID = 10
DEFAULT_PER_PAGE = 10
LARGEST_PER_PAGE = 1000
LONGEST_SEARCH = 64
LARGEST_STATUS = 22

STARTING = (Status.SUBMIT_TRYING, Status.WAITING)
# What a job passes on its way to an early failure; any other ending comes after the whole way.
EARLY_FAILURES: Mapping[int, tuple[int, ...]] = {
    Status.IMAGE_FAILED: (Status.IMAGE_CREATING,),
    Status.SUBMIT_FAILED: (Status.SUBMIT_TRYING,),
}


class VisualizationJobs(Gateway):
    """The service. Statuses walk 1→4→7→8 (create, restart), 8→9→12 (stop), …→9→gone (delete)."""

    name = "modelarts-jobs"

    def __init__(self, world: World, lock: KeyLock) -> None:
        super().__init__(world, lock)
        world.walker.follow(Course(KIND, "status", self._arrived, self._timer))
        root = "/v1/{project_id}/visualization-jobs"
        one = f"{root}/{{job_id}}"
        self.operations = (
            Operation("CreateVisualizationJob", "POST", root, self.create),
            Operation("ListVisualizationJobs", "GET", root, self.list),
            Operation("ShowVisualizationJob", "GET", one, self.show),
            Operation("UpdateVisualizationJob", "PUT", one, self.update),
            Operation("DeleteVisualizationJob", "DELETE", one, self.delete),
            Operation("StopVisualizationJob", "POST", f"{one}/stop", self.stop),
            Operation("RestartVisualizationJob", "POST", f"{one}/restart", self.restart),
        )

    def create(self, call: Call) -> Answer:
        """Make a job. This answer alone writes its numbers as text."""
        now = self._world.clock.now()
        facts = create_facts(call.json_object(), 0, now)
        mine = self._world.all(KIND, call.caller.owner)
        if any(job.facts["job_name"] == facts["job_name"] for job in mine):
            raise Refusal(400, "ModelArts.0103", f"Job name:{facts['job_name']} is existed.")
        if len(mine) >= self._world.settings.job_limit:
            raise Refusal(400, "ModelArts.0106", f"The project has {len(mine)} visualization jobs, the limit.")
        job_id = self._world.store.next_number(KIND, FIRST_JOB_ID)
        record = Record(KIND, str(job_id), call.caller.owner, job_id, {**facts, "job_id": job_id}, now)
        self._start(record, "CreateVisualizationJob")
        content = {
            "is_success": True,
            "job_id": record.id,
            "job_name": facts["job_name"],
            "status": str(int(Status.INIT)),
            "create_time": str(facts["create_time"]),
        }
        return Answer(200, content)

    def list(self, call: Call) -> Answer:
        mine = self._world.all(KIND, call.caller.owner, reading=True)
        query = Query(call.query)
        matching = _matching(mine, query)
        per_page = query.whole("per_page", 1, LARGEST_PER_PAGE) or DEFAULT_PER_PAGE
        first = ((query.whole("page", 1) or 1) - 1) * per_page
        now = self._world.clock.now()
        limit = self._world.settings.job_limit
        content = {
            "is_success": True,
            "job_total_count": len(matching),
            "job_count_limit": max(0, limit - len(mine)),
            "quotas": limit,
            "jobs": [in_list(job, call, now) for job in matching[first : first + per_page]],
        }
        return Answer(200, content)

    def show(self, call: Call) -> Answer:
        job = self._find(call, reading=True)
        return Answer(200, {"is_success": True, **in_detail(job, call, self._world.clock.now())})

    def update(self, call: Call) -> Answer:
        job = self._find(call)
        self._world.walker.amend(job, accept(UPDATE, call.json_object()))
        return _done()

    def delete(self, call: Call) -> Answer:
        job = self._find(call)
        self._check_status(job, job.facts["status"] not in self._world.settings.job_delete_refused_in, "delete")
        outcome = self._world.outcomes.take("DeleteVisualizationJob")
        self._world.walker.begin(job, {"status": int(Status.KILLING)}, [_last(outcome) or Step(gone=True)])
        return _done()

    def stop(self, call: Call) -> Answer:
        job = self._find(call)
        self._check_status(job, job.facts["status"] == Status.RUNNING, "stop")
        outcome = self._world.outcomes.take("StopVisualizationJob")
        last = _last(outcome) or _step(Status.KILLED)
        self._world.walker.begin(job, {"status": int(Status.KILLING)}, [last])
        return _done()

    def restart(self, call: Call) -> Answer:
        job = self._find(call)
        self._check_status(job, job.facts["status"] in (Status.KILLED, Status.CANCELED), "resubmit")
        self._start(job, "RestartVisualizationJob")
        return _done()

    def refuse(self, refusal: Refusal, call: Call) -> Answer:
        """Write a failure of the service itself with is_success and error_message; the gateway's has neither."""
        if of_gateway(refusal):
            return super().refuse(refusal, call)
        content = {"is_success": False, "error_message": refusal.message, "error_code": refusal.code}
        return Answer(200 if self._world.settings.job_errors_as_200 else refusal.status, content, code=refusal.code)

    def refuse_field(self, error: FieldError) -> Refusal:
        return Refusal(400, "ModelArts.0104", f"Illegal parameter: {error}.")

    def _find(self, call: Call, *, reading: bool = False) -> Record:
        job = self._world.find(KIND, call.path_values["job_id"], call.caller.owner, reading=reading)
        if job is None:
            raise Refusal(404, "ModelArts.0102", f"The job {call.path_values['job_id']} does not exist.")
        return job

    def _check_status(self, job: Record, allowed: bool, verb: str) -> None:
        if not allowed:
            raise Refusal(400, "ModelArts.0105", f"This job can't be {verb}. job status: {job.facts['status']}")

    def _start(self, job: Record, operation: str) -> None:
        outcome = self._world.outcomes.take(operation)
        ending = Status.RUNNING if outcome is None else _ending(outcome)
        steps = [_step(status) for status in (*EARLY_FAILURES.get(ending, STARTING), ending)]
        self._world.walker.begin(job, {"status": int(Status.INIT)}, steps)

    def _arrived(self, job: Record, before: object, at: float) -> None:
        status = job.facts["status"]
        # The documents show a URL already while a job waits: it is no sign that the board is up.
        if status in (Status.WAITING, Status.RUNNING):
            job.facts["service_url"] = board_path(job.facts["job_id"])
        note_running(job, at, up=status == Status.RUNNING)

    def _timer(self, job: Record) -> Timer | None:
        schedule, since = job.facts["schedule"], running_since(job)
        # What a duration of 0 means is not documented; here it stops nothing.
        if since is None or not isinstance(schedule, list) or not schedule or not schedule[0]["duration"]:
            return None
        return Timer(since + schedule[0]["duration"] * 3600, {"status": self._world.settings.job_timer_status})


def _done() -> Answer:
    return Answer(200, {"is_success": True})


def _step(status: int) -> Step:
    return Step({"status": int(status)})


def _last(outcome: Outcome | None) -> Step | None:
    return None if outcome is None else _step(_ending(outcome))


def _ending(outcome: Outcome) -> int:
    if not isinstance(outcome.state, int):
        raise Refusal(500, "ModelArts.0010", f"The ending that was asked for is no status number: {outcome.state!r}.")
    return outcome.state


def _matching(jobs: Sequence[Record], query: Query) -> Sequence[Record]:
    sort_by = query.text("sortBy", choices=("job_id", "job_name", "job_desc", "create_time", "status")) or "job_id"
    order = query.text("order", choices=("asc", "desc")) or "asc"
    status = query.whole("status", 0, LARGEST_STATUS)
    # Not only names are searched, so a client has to compare what it finds.
    part = query.text("search_content", longest=LONGEST_SEARCH) or ""
    workspace = query.text("workspace_id") or "0"
    found = [
        job
        for job in jobs
        if status in (None, job.facts["status"])
        and (part in str(job.facts["job_name"]) or part in str(job.facts["job_desc"]))
        and job.facts["workspace_id"] == workspace
    ]
    return sorted(found, key=lambda job: _rank(job, sort_by), reverse=order == "desc")


def _rank(job: Record, sort_by: str) -> tuple[int, str, int]:
    value = job.facts[sort_by]
    return (value, "", job.number) if isinstance(value, int) else (0, str(value), job.number)
