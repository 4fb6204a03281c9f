"""Be PAI's TensorBoard calls. Knows their states, limits and oddities; leaves signatures and listing to its siblings.

The vendor leaves open how a missing TensorBoard is answered and what a refused change is called; here it is NotFound
with HTTP 404 and BadRequest with HTTP 400, as the same service does for its jobs.
"""

from __future__ import annotations

import base64
import hashlib
import uuid

from ..clock import iso_seconds
from ..exchange import Answer, Call, Operation, Refusal
from ..fields import FieldError, Query
from ..outcomes import Outcome
from ..progress import Course, Timer
from ..running_time import note_running, running_since
from ..store import Facts, Record, Step
from ..world import World
from .gateway import Gateway
from .listing import listed
from .shapes import ACCESSIBILITIES, KIND, PRIORITY, board_path, create_facts, shown

__all__ = ["Tensorboards"]

SETTLED = ("Stopped", "Succeeded", "Failed", "Creating_Failed")
STARTABLE = ("Stopped", "Succeeded")
LONGEST_TOKEN_SECONDS = 604800

_NO_REASON = {"ReasonCode": "", "ReasonMessage": ""}


class Tensorboards(Gateway):
    """The service. States walk Creating → Running, Running → Stopping → Stopped, … → Deleting → gone."""

    name = "pai-dlc"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.walker.follow(Course(KIND, "Status", self._arrived, self._timer))
        root, one = "/api/v1/tensorboards", "/api/v1/tensorboards/{id}"
        self.operations = (
            Operation("CreateTensorboard", "POST", root, self.create),
            Operation("ListTensorboards", "GET", root, self.list),
            Operation("GetTensorboard", "GET", one, self.get),
            Operation("UpdateTensorboard", "PUT", one, self.update),
            Operation("StartTensorboard", "PUT", f"{one}/start", self.start),
            Operation("StopTensorboard", "PUT", f"{one}/stop", self.stop),
            Operation("DeleteTensorboard", "DELETE", one, self.delete),
            Operation("GetTensorboardSharedUrl", "GET", f"{one}/sharedurl", self.shared_url),
            Operation("GetToken", "GET", "/api/v1/tokens", self.token),
        )

    def create(self, call: Call) -> Answer:
        now = self._world.clock.now()
        tensorboard_id = f"tb{uuid.uuid4().hex[:14]}"
        facts = create_facts(call.json_object(), call.caller, tensorboard_id, now)
        self._check_cap(call)
        number = self._world.store.next_number(KIND)
        facts |= {"Status": "", "Token": _share_token(tensorboard_id, self._expiry(None))}
        record = Record(KIND, tensorboard_id, call.caller.owner, number, facts, now)
        self._begin(record, "Creating", "Running", "CreateTensorboard")
        shown_names = ("JobId", "DataSourceId", "TensorboardId")
        return Answer(200, {**{name: facts[name] for name in shown_names}, "RequestId": call.request_id})

    def get(self, call: Call) -> Answer:
        record = self._find(call, reading=True)
        return Answer(200, {**shown(record, call, self._world.clock.now()), "RequestId": call.request_id})

    def list(self, call: Call) -> Answer:
        records = self._world.all(KIND, call.caller.owner, reading=True)
        records = [record for record in records if record.facts["Status"] != "Deleted"]
        now = self._world.clock.now()
        page, total = listed(records, Query(call.query), call.caller, now)
        items = [shown(record, call, now) for record in page]
        return Answer(200, {"Tensorboards": items, "TotalCount": total, "RequestId": call.request_id})

    def update(self, call: Call) -> Answer:
        """Change what the query says. A body is not even looked at."""
        record = self._find(call)
        query = Query(call.query)
        changes: Facts = {
            "MaxRunningTimeMinutes": query.whole("MaxRunningTimeMinutes", 0),
            "Accessibility": query.text("Accessibility", choices=ACCESSIBILITIES),
            "Priority": query.text("Priority", pattern=PRIORITY),
        }
        if self._world.settings.priority_needs_quota and not record.facts["QuotaId"]:
            changes["Priority"] = None
        given = {name: value for name, value in changes.items() if value is not None}
        self._world.walker.amend(record, {**given, "GmtModifyTime": iso_seconds(self._world.clock.now())})
        return self._done(record, call)

    def start(self, call: Call) -> Answer:
        record = self._find(call)
        self._check_status(record, STARTABLE, "started")
        self._check_cap(call)
        self._begin(record, "Creating", "Running", "StartTensorboard")
        return self._done(record, call)

    def stop(self, call: Call) -> Answer:
        record = self._find(call)
        self._check_status(record, ("Running",), "stopped")
        self._begin(record, "Stopping", "Stopped", "StopTensorboard")
        return self._done(record, call)

    def delete(self, call: Call) -> Answer:
        record = self._find(call)
        also = ("Creating", "Running") if self._world.settings.delete_running_tensorboards else ()
        self._check_status(record, (*SETTLED, *also), "deleted")
        self._begin(record, "Deleting", "Deleted", "DeleteTensorboard")
        return self._done(record, call)

    def shared_url(self, call: Call) -> Answer:
        record = self._find(call, reading=True)
        seconds = Query(call.query).whole("ExpireTimeSeconds", 1, LONGEST_TOKEN_SECONDS)
        token = _share_token(record.id, self._expiry(seconds))
        url = f"{call.base_url}{board_path(record.id)}?token={token}"
        return Answer(200, {"TensorboardSharedUrl": url, "RequestId": call.request_id})

    def token(self, call: Call) -> Answer:
        query = Query(call.query)
        target = query.text("TargetId")
        seconds = query.whole("ExpireTime", 1, LONGEST_TOKEN_SECONDS)
        if query.text("TargetType", choices=("job", "tensorboard")) is None or target is None:
            raise FieldError("TargetType and TargetId are required")
        return Answer(200, {"Token": _share_token(target, self._expiry(seconds)), "RequestId": call.request_id})

    def _find(self, call: Call, *, reading: bool = False) -> Record:
        tensorboard_id = call.path_values["id"]
        record = self._world.find(KIND, tensorboard_id, call.caller.owner, reading=reading)
        if record is None:
            raise Refusal(404, "NotFound", f"Tensorboard {tensorboard_id} is not found.")
        if not reading and record.facts["Status"] == "Deleted":
            raise Refusal(404, "NotFound", f"Tensorboard {tensorboard_id} is deleted.")
        return record

    def _check_status(self, record: Record, allowed: tuple[str, ...], done: str) -> None:
        status = record.facts["Status"]
        if status not in allowed:
            message = f"Tensorboard {record.id} can not be {done}, its status is {status}."
            raise Refusal(400, "BadRequest", message)

    def _check_cap(self, call: Call) -> None:
        # The documented way out is to stop or delete others, so what is settled does not count.
        cap = self._world.settings.tensorboard_cap
        mine = self._world.all(KIND, call.caller.owner)
        others = [record for record in mine if record.facts["Status"] not in (*SETTLED, "Deleted")]
        if len(others) >= cap:
            message = f"The account has {len(others)} tensorboards of at most {cap}, stop or delete others first."
            raise Refusal(400, "TensorboardLimitExceeded", message)

    def _begin(self, record: Record, first: str, last: str, operation: str) -> None:
        outcome = self._world.outcomes.take(operation)
        facts = {"Status": first, **_NO_REASON, "GmtModifyTime": iso_seconds(self._world.clock.now())}
        self._world.walker.begin(record, facts, [self._last_step(last, outcome)])

    def _last_step(self, last: str, outcome: Outcome | None) -> Step:
        if outcome is not None:
            reasons = {"ReasonCode": outcome.reason_code, "ReasonMessage": outcome.reason_message}
            return Step({"Status": str(outcome.state), **reasons})
        if last != "Deleted":
            return Step({"Status": last})
        if not self._world.settings.keep_deleted_tensorboards:
            return Step(gone=True)
        return Step({"Status": last, "ReasonCode": "Delete by user", "ReasonMessage": "Tensorboard is deleted"})

    def _done(self, record: Record, call: Call) -> Answer:
        return Answer(200, {"TensorboardId": record.id, "RequestId": call.request_id})

    def _expiry(self, seconds: int | None) -> int:
        return int(self._world.clock.now()) + (seconds or LONGEST_TOKEN_SECONDS)

    def _arrived(self, record: Record, before: object, at: float) -> None:
        status = record.facts["Status"]
        note_running(record, at, up=status == "Running")
        if status == "Running":
            record.facts |= {"TensorboardUrl": board_path(record.id), "GmtFinishTime": None}
        if status in SETTLED:
            record.facts["GmtFinishTime"] = iso_seconds(at)
        record.facts["GmtModifyTime"] = iso_seconds(at)

    def _timer(self, record: Record) -> Timer | None:
        minutes = record.facts["MaxRunningTimeMinutes"]
        since = running_since(record)
        if since is None or not isinstance(minutes, int) or minutes == 0:
            return None
        reason = {"ReasonCode": "MaxRunningTimeReached", "ReasonMessage": f"Stopped after {minutes} minutes"}
        return Timer(since + minutes * 60, {"Status": self._world.settings.tensorboard_timer_status, **reason})


def _share_token(target: str, expiry: int) -> str:
    # A token that no one needs to verify: whoever has it may look, until then.
    stamp = hashlib.sha256(f"{target}:{expiry}".encode()).digest()
    return f"{base64.urlsafe_b64encode(f'{target}:{expiry}'.encode()).decode().rstrip('=')}.{stamp.hex()[:32]}"
