"""Shape visualization jobs as ModelArts documents them: bodies, answers, statuses. Knows no changes of state.

Pages: modelarts_03_0064 to modelarts_03_0070 (calls) and modelarts_03_0074 (statuses) of the ModelArts API reference.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from enum import IntEnum

from ..exchange import Call
from ..fields import Field, FieldError, accept, list_of, object_of, text, whole
from ..running_time import ran_seconds
from ..store import Facts, Record

__all__ = ["KIND", "UPDATE", "Status", "board_path", "create_facts", "in_detail", "in_list"]

KIND = "visualization-jobs"

LONGEST_DESCRIPTION = 256


class Status(IntEnum):
    """The statuses that the emulator walks through; a test may ask for any other number."""

    INIT = 1
    IMAGE_CREATING = 2
    IMAGE_FAILED = 3
    SUBMIT_TRYING = 4
    SUBMIT_FAILED = 5
    WAITING = 7
    RUNNING = 8
    KILLING = 9
    KILLED = 12
    CANCELED = 13


_STRING = text()
_SCHEDULE = object_of(
    [
        Field("type", text(choices=("stop",)), required=True),
        Field("time_unit", text(choices=("HOURS",)), required=True),
        Field("duration", whole(0, 24), required=True),
    ]
)


def _schedule(value: object) -> object:
    """Accept what the tables say (an object) and what every sample shows (an array of one)."""
    one = value if isinstance(value, list) else [value]
    return list_of(_SCHEDULE, longest=1)(one)


_CREATE = [
    Field("job_name", text(pattern=r"[A-Za-z0-9_-]{1,20}"), required=True),
    Field("job_desc", text(longest=LONGEST_DESCRIPTION), default=""),
    Field("train_url", text(shortest=1), required=True),
    Field("job_type", _STRING, default="tensorboard"),
    Field("flavor", object_of([Field("code", text(shortest=1), required=True)])),
    Field("schedule", _schedule, default=()),
    Field("workspace_id", _STRING, default="0"),
]
UPDATE = [Field("job_desc", text(longest=LONGEST_DESCRIPTION), required=True)]

_DETAIL_NAMES = ("job_name", "job_desc", "train_url", "resource_id", "create_time", "status")


def create_facts(body: Mapping[str, object], job_id: int, now: float) -> Facts:
    """Check a create body and give the facts of the new job."""
    facts = accept(_CREATE, body)
    # The English pages print TensorBoard and MindInsight, the samples and the Chinese pages are lower-case.
    facts["job_type"] = str(facts["job_type"]).lower()
    if facts["job_type"] not in ("tensorboard", "mindinsight"):
        raise FieldError("job_type must be tensorboard or mindinsight")
    schedule = facts["schedule"]
    return {
        **facts,
        "schedule": list(schedule) if isinstance(schedule, list | tuple) else [],
        "job_id": job_id,
        "status": 0,
        "create_time": int(now * 1000),
        "service_url": "",
        "resource_id": str(uuid.uuid4()),
    }


def in_detail(record: Record, call: Call, now: float) -> Facts:
    """Give a job as its details show it: no type, flavor or schedule."""
    facts = {name: record.facts[name] for name in _DETAIL_NAMES}
    url = record.facts["service_url"]
    return {
        "job_id": record.facts["job_id"],
        **facts,
        "service_url": f"{call.base_url}{url}" if url else "",
        "duration": int(ran_seconds(record, now) * 1000),
        "remaining_duration": None,
    }


def in_list(record: Record, call: Call, now: float) -> Facts:
    """Give a job as the list shows it: with its schedule, whose unit is spelt another way than in the request."""
    schedule = record.facts["schedule"]
    items = schedule if isinstance(schedule, list) else []
    renamed = [{"type": item["type"], "timeUnit": item["time_unit"], "duration": item["duration"]} for item in items]
    return {**in_detail(record, call, now), "schedule": renamed}


def board_path(job_id: object) -> str:
    digest = hashlib.sha256(str(job_id).encode()).hexdigest()[:16]
    return f"/boards/{KIND}/{digest}/{job_id}/"
