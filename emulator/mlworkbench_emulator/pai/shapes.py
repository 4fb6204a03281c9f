"""Shape TensorBoards as PAI documents them: what a create body may hold, what an answer shows. Knows no state changes.

Page: https://www.alibabacloud.com/help/en/pai/developer-reference/api-pai-dlc-2020-12-03-createtensorboard
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from ..clock import iso_seconds
from ..exchange import Call, Caller
from ..fields import Field, FieldError, accept, json_text, list_of, object_of, text, whole
from ..running_time import ran_seconds
from ..store import Facts, Record

__all__ = ["ACCESSIBILITIES", "KIND", "PRIORITY", "board_path", "create_facts", "payment_type", "shown"]

KIND = "tensorboards"

# The vendor documents no defaults for these; the values are the emulator's choice, within the documented samples.
DEFAULT_CPU = 2
DEFAULT_MEMORY_GB = 4
DEFAULT_MAX_RUNNING_TIME_MINUTES = 240
DEFAULT_ACCESSIBILITY = "PRIVATE"
DEFAULT_PRIORITY = "1"

ACCESSIBILITIES = ("PUBLIC", "PRIVATE")
PRIORITY = r"[1-9]"

_OSS_URI = r"oss://[^./]+\.[^/]+(/.*)?"
_NAS_URI = r"nas://[^./]+\.[^/]+(/.*)?"

_STRING = text()
_SPEC = object_of([Field(name, _STRING) for name in ("EcsType", "VpcId", "SwitchId", "SecurityGroupId")])
_SOURCE = object_of(
    [
        *(Field(name, _STRING) for name in ("Id", "Name", "DirectoryName", "Uri", "SummaryPath", "FullSummaryPath")),
        # The page of the call says "dlc", the type's own page "dlcjob".
        Field("SourceType", text(choices=("datasource", "dlcjob", "dlc"))),
        Field("DataSourceType", text(choices=("OSS", "NAS"))),
    ]
)
_LEGACY_SOURCE_NAMES = (
    "DataSourceId",
    "DataSourceType",
    "DisplayName",
    "Description",
    "FileSystemId",
    "Path",
    "Endpoint",
    "Options",
    "MountPath",
    "UserId",
    "GmtCreateTime",
    "GmtModifyTime",
)
_LEGACY_SOURCE = object_of([Field(name, _STRING) for name in _LEGACY_SOURCE_NAMES])

_PLAIN_NAMES = (
    "DisplayName",
    "JobId",
    "SourceType",
    "SourceId",
    "DataSourceId",
    "Uri",
    "SummaryPath",
    "SummaryRelativePath",
    "QuotaId",
)
_CREATE = [
    *(Field(name, _STRING, default="") for name in _PLAIN_NAMES),
    Field("WorkspaceId", _STRING),
    Field("DataSourceType", text(choices=("", "OSS", "NAS")), default=""),
    Field("Options", json_text, default=""),
    Field("MaxRunningTimeMinutes", whole(0), default=DEFAULT_MAX_RUNNING_TIME_MINUTES),
    Field("Cpu", whole(1), default=DEFAULT_CPU),
    Field("Memory", whole(1), default=DEFAULT_MEMORY_GB),
    Field("DataSources", list_of(_LEGACY_SOURCE), default=()),
    Field("TensorboardDataSources", list_of(_SOURCE), default=()),
    Field("TensorboardSpec", _SPEC, default=None),
    Field("Priority", text(pattern=PRIORITY), default=DEFAULT_PRIORITY),
    Field("Accessibility", text(choices=ACCESSIBILITIES), default=DEFAULT_ACCESSIBILITY),
]

# What no answer shows: a client has to remember it.
_HIDDEN = ("Uri", "SourceType", "SourceId", "DataSources")
_EMPTY_SPEC = {"EcsType": "", "VpcId": "", "SwitchId": "", "SecurityGroupId": ""}


def create_facts(body: Mapping[str, object], caller: Caller, tensorboard_id: str, now: float) -> Facts:
    """Check a create body and give the facts of the new TensorBoard."""
    facts = accept(_CREATE, _without_ignored(body))
    if facts["SummaryPath"] and facts["SummaryRelativePath"]:
        raise FieldError("SummaryPath and SummaryRelativePath exclude each other")
    _check_uri(str(facts["Uri"]), str(facts["DataSourceType"]))
    facts["WorkspaceId"] = facts["WorkspaceId"] or caller.default_workspace_id
    facts["DataSources"] = _list_items(facts["DataSources"])
    facts["TensorboardDataSources"] = [_full_source(source) for source in _list_items(facts["TensorboardDataSources"])]
    facts["TensorboardSpec"] = {**_EMPTY_SPEC, **_mapping(facts["TensorboardSpec"])}
    created = iso_seconds(now)
    return {
        **facts,
        "TensorboardId": tensorboard_id,
        "TensorboardUrl": "",
        "QuotaName": facts["QuotaId"],
        "UserId": caller.user_id,
        "Username": caller.username,
        "GmtCreateTime": created,
        "GmtModifyTime": created,
        "GmtFinishTime": None,
        "ReasonCode": "",
        "ReasonMessage": "",
    }


def shown(record: Record, call: Call, now: float) -> Facts:
    """Give a TensorBoard as answers show it: empty values stay, the hidden ones go, numbers of seconds are text."""
    facts = {name: value for name, value in record.facts.items() if name not in _HIDDEN}
    if facts["TensorboardUrl"]:
        facts["TensorboardUrl"] = f"{call.base_url}{facts['TensorboardUrl']}"
    return {**facts, "Duration": str(int(ran_seconds(record, now)))}


def board_path(tensorboard_id: str) -> str:
    return f"/boards/{KIND}/{quote(tensorboard_id)}/"


def payment_type(record: Record) -> str:
    """Tell who pays: a specification is billed as it is used, a quota was paid before."""
    if any(_mapping(record.facts["TensorboardSpec"]).values()):
        return "Postpaid"
    return "Quota" if record.facts["QuotaId"] else "Free"


def _list_items(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _mapping(value: object) -> Facts:
    return dict(value) if isinstance(value, dict) else {}


def _without_ignored(body: Mapping[str, object]) -> Mapping[str, object]:
    # Documented: with TensorboardDataSources these have no effect, so they are not even looked at.
    if not body.get("TensorboardDataSources"):
        return body
    return {name: value for name, value in body.items() if name not in ("DataSourceId", "Uri", "DataSourceType")}


def _check_uri(uri: str, source_type: str) -> None:
    if not uri:
        return
    kind = source_type or ("NAS" if uri.startswith("nas:") else "OSS")
    accept([Field("Uri", text(pattern=_NAS_URI if kind == "NAS" else _OSS_URI))], {"Uri": uri})


def _full_source(source: object) -> object:
    facts = _mapping(source)
    path, uri = str(facts.get("SummaryPath", "")), str(facts.get("Uri", ""))
    full = f"{uri.rstrip('/')}/{path.lstrip('/')}" if uri else path
    return {"FullSummaryPath": full, **facts}
