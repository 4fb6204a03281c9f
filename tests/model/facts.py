"""Know which fact of a cloud is which property, and what somebody may change by hand. Knows no provider and no engine.

Written from the vendors' pages, apart from the provider's own tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlworkbench.model.values import Tree
from mlworkbench_emulator import Emulator

from .programs import IMAGE, JOB, TENSORBOARD, TOKENS

__all__ = [
    "BY_HAND",
    "KIND",
    "NAMED",
    "Known",
    "bare",
    "everything",
    "is_hidden",
    "is_like",
    "is_unique",
    "told",
    "unlike",
]

KIND = {TENSORBOARD: "tensorboards", JOB: "visualization-jobs", IMAGE: "images"}
ID = {TENSORBOARD: "TensorboardId", JOB: "job_id", IMAGE: "id"}
STATUS = {TENSORBOARD: "Status", JOB: "status", IMAGE: "status"}
NAME = {TENSORBOARD: "DisplayName", JOB: "job_name", IMAGE: "swr_path"}
NAMED = {TENSORBOARD: "displayName", JOB: "jobName", IMAGE: "swrPath"}

_RUNNING: dict[str, tuple[object, ...]] = {TENSORBOARD: ("Pending", "Creating", "Running"), JOB: (0, 1, 2, 4, 7, 8, 15)}
_GONE: dict[str, tuple[object, ...]] = {TENSORBOARD: ("Deleted",), JOB: (), IMAGE: ("DELETED",)}
_RENAMED = {(IMAGE, "services"): "dev_services"}
# What no answer shows, so that nobody can see it change; and what a cloud fills in where nothing was asked for.
_HIDDEN = {
    TENSORBOARD: ("uri", "sourceType", "sourceId", "dataSources"),
    JOB: ("jobType", "flavor", "schedule"),
    IMAGE: ("tags", "readMe", "deleteSwrContent"),
}
_LEFT_TO_THE_USER = {TENSORBOARD: ("jobId", "options", "displayName"), JOB: ("jobDesc",), IMAGE: ("description",)}

BY_HAND: dict[str, tuple[tuple[str, Mapping[str, object]], ...]] = {
    TENSORBOARD: (
        ("displayName", {"DisplayName": "drifted"}),
        ("maxRunningTimeMinutes", {"MaxRunningTimeMinutes": 77}),
        ("accessibility", {"Accessibility": "PUBLIC"}),
        ("accessibility", {"Accessibility": "PRIVATE"}),
        ("priority", {"Priority": "9"}),
        ("cpu", {"Cpu": 31}),
        ("memory", {"Memory": 33}),
        ("options", {"Options": '{"drifted": true}'}),
        ("options", {"Options": ""}),
        ("summaryRelativePath", {"SummaryRelativePath": "/drifted"}),
        ("jobId", {"JobId": "dlc-drifted"}),
        ("workspaceId", {"WorkspaceId": "4711"}),
        ("quotaId", {"QuotaId": "quota-drifted"}),
        ("tensorboardSpec", {"TensorboardSpec": {"EcsType": "ecs.drifted", "VpcId": "", "SwitchId": "vsw-1"}}),
        ("tensorboardDataSources", {"TensorboardDataSources": [{"Id": "d-drifted", "SourceType": "datasource"}]}),
        ("tensorboardDataSources", {"TensorboardDataSources": []}),
        ("status", {"Status": "Stopped"}),
        ("status", {"Status": "Running"}),
        ("status", {"Status": "Succeeded"}),
        ("status", {"Status": "Failed", "ReasonMessage": "out of memory"}),
    ),
    JOB: (
        ("jobDesc", {"job_desc": "drifted"}),
        ("jobDesc", {"job_desc": ""}),
        ("jobName", {"job_name": "drifted"}),
        ("trainUrl", {"train_url": "/drifted/"}),
        ("status", {"status": 12}),
        ("status", {"status": 8}),
        ("status", {"status": 10}),
        ("status", {"status": 13}),
        ("status", {"status": 11}),
        ("status", {"status": 6}),
    ),
    IMAGE: (
        ("description", {"description": "drifted"}),
        ("description", {"description": ""}),
        ("arch", {"arch": "aarch64"}),
        ("visibility", {"visibility": "HIDDEN"}),
        ("serviceType", {"service_type": "TRAIN"}),
        ("resourceCategories", {"resource_categories": ["ASCEND"]}),
        ("services", {"dev_services": ["WEB_IDE", "SSH"]}),
        ("workspaceId", {"workspace_id": "0"}),
        ("status", {"status": "ERROR", "status_message": "content lost"}),
        ("status", {"status": "ACTIVE"}),
    ),
}


@dataclass(frozen=True)
class Known:
    """One thing in a cloud."""

    token: str
    id: str
    facts: Mapping[str, object]

    @property
    def name(self) -> str:
        """What a person knows it by."""
        return str(self.facts[NAME[self.token]])

    @property
    def runs(self) -> bool:
        """Tell whether it runs, or is about to."""
        return self.facts[STATUS[self.token]] in _RUNNING.get(self.token, ())


def everything(emulator: Emulator) -> dict[str, Known]:
    """Return all that is in the clouds, by id."""
    found = {}
    for token in TOKENS:
        for facts in emulator.resources.all(KIND[token]):
            if facts[STATUS[token]] not in _GONE[token]:
                found[str(facts[ID[token]])] = Known(token, str(facts[ID[token]]), facts)
    return found


def told(token: str, name: str) -> bool:
    """Tell whether the cloud tells a property."""
    return name not in _HIDDEN[token]


def is_unique(known: Known) -> bool:
    """Tell whether no other may have its name."""
    return known.token != TENSORBOARD


def is_like(known: Known, inputs: Tree) -> bool:
    """Tell whether it cannot be told from what is asked for, whether it runs or not."""
    return not [name for name in unlike(known, inputs) if told(known.token, name) and name != "desiredStatus"]


def is_hidden(known: Known, inputs: Tree) -> bool:
    """Tell whether it is where one that is asked for cannot look: images are listed by workspaces."""
    return known.token == IMAGE and known.facts["workspace_id"] not in (inputs.get("workspaceId"), "0")


def unlike(known: Known, inputs: Tree) -> dict[str, object]:
    """Return what is in a cloud otherwise than asked for, by property."""
    other = {}
    for name, asked in inputs.items():
        if name == "desiredStatus":
            now: object = "running" if known.runs else "stopped"
        elif name == "deleteSwrContent":
            continue
        else:
            now = _fact(known, name)
        if not _agree(name, asked, now) and not _is_left_to_the_cloud(known.token, name, asked):
            other[name] = now
    return other | {
        name: _fact(known, name)
        for name in _LEFT_TO_THE_USER[known.token]
        if name not in inputs and _fact(known, name) not in ("", None)
    }


def _is_left_to_the_cloud(token: str, name: str, asked: object) -> bool:
    """Tell whether a value says nothing, so that the cloud may decide; the user alone says what a description is."""
    return _is_nothing(asked) and name not in _LEFT_TO_THE_USER[token]


def _fact(known: Known, name: str) -> object:
    if known.token == TENSORBOARD:
        return known.facts[name[:1].upper() + name[1:]]
    renamed = _RENAMED.get((known.token, name)) or re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
    return known.facts[renamed]


def _agree(name: str, asked: Any, now: Any) -> bool:
    if _is_nothing(asked) and _is_nothing(now):
        return True
    if name == "options":
        return bool(asked and now) and json.loads(asked) == json.loads(now)
    if name in ("services", "resourceCategories"):
        return sorted(map(str.casefold, asked)) == sorted(map(str.casefold, now))
    if name == "tags":
        return sorted(asked) == sorted(each["key"] for each in now or [])
    if name == "schedule":
        now = now[0] if now else None
    return _covers(asked, now)


def bare(value: Any) -> Any:
    """Return a value without the properties that say nothing."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if not _is_nothing(each)}
    return [bare(each) for each in value] if isinstance(value, list) else value


def _is_nothing(value: Any) -> bool:
    """Tell whether a value says nothing: the vendors write nothing in many ways."""
    return all(map(_is_nothing, value.values())) if isinstance(value, dict) else value in ("", 0, None, [])


def _covers(asked: Any, now: Any) -> bool:
    """Tell whether all that was asked for is there; the vendors spell keys in other ways, and numbers as text."""
    if isinstance(asked, dict):
        plain = {_plain(key): value for key, value in (now or {}).items()}
        return all(_covers(value, plain.get(_plain(key))) for key, value in asked.items())
    if isinstance(asked, list):
        return len(asked) == len(now or []) and all(map(_covers, asked, now))
    return str(asked).casefold() == str(now).casefold()


def _plain(key: str) -> str:
    return key.replace("_", "").casefold()
