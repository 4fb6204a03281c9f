"""Hold what the vendors' pages say of answers, refusals and defaults, each fact once. Knows no client and no call.

Only what the pages confirm is here; `page` names the one it is from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .statuses import BOARD_STATUSES, IMAGE_STATUSES

__all__ = [
    "BOARD_CAP",
    "CHOICES",
    "CREATED",
    "DEFAULTS",
    "ERRORS",
    "FILTERS",
    "FORMS",
    "JOB_QUOTA",
    "LONGEST_LOCK_SECONDS",
    "LONGEST_SKEW_SECONDS",
    "REFUSALS",
    "THROTTLED",
    "TOKEN_SECONDS",
    "TOLERATED_BAD_SIGNATURES",
    "Default",
    "ErrorForm",
    "Filter",
    "Form",
    "Refusal",
]

TENSORBOARDS = "PAI-DLC 2020-12-03, GetTensorboard and ListTensorboards"
ROA_ERROR = "help.aliyun.com/document_detail/149360, sample of an error"
ROA_CODES = "Alibaba Cloud's public error table"
JOBS = "ModelArts API, modelarts_03_0064 to modelarts_03_0070"
JOB_STATUSES = "ModelArts API, modelarts_03_0074"
CODES = "ModelArts API, modelarts_03_0095"
GATEWAY = "API Gateway, table of error codes; devg-apisign, FAQ"
IMAGES = "ModelArts API, RegisterImage and ListImage"
TOKENS = "IAM API, iam_30_0001"

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
SECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
MICROSECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


@dataclass(frozen=True)
class Form:
    """How one service writes some fields, wherever they stand in its answers: a pattern of the JSON text."""

    service: str
    fields: tuple[str, ...]
    pattern: str
    page: str


def _one_of(words: str) -> str:
    return f'"(?:{"|".join(words.split())})"'


FORMS = (
    Form("pai", ("GmtCreateTime", "GmtModifyTime"), f'"{SECONDS}"', TENSORBOARDS),
    Form("pai", ("GmtFinishTime",), f'"{SECONDS}"|null', TENSORBOARDS),
    Form("pai", ("Duration",), r'"\d+"', TENSORBOARDS),
    Form("pai", ("Status",), _one_of(BOARD_STATUSES), TENSORBOARDS),
    Form("pai", ("Priority",), '"[1-9]"', "PAI-DLC 2020-12-03, CreateTensorboard"),
    Form("pai", ("Accessibility",), _one_of("PUBLIC PRIVATE"), TENSORBOARDS),
    Form("pai", ("RequestId",), f'"{UUID}"', "PAI-DLC 2020-12-03, CreateTensorboard"),
    # Milliseconds: 1524189990635 in the sample. Text in the answer to a create, a bare number in all others.
    Form("jobs", ("create_time",), r'"\d{13}"|\d{13}', JOBS),
    Form("jobs", ("status",), r'"?(?:1?\d|2[0-2])"?', JOB_STATUSES),
    Form("jobs", ("service_url",), r'""|"https?://\S+/[0-9a-f]+/\d+/"', JOBS),
    Form("jobs", ("resource_id",), f'"{UUID}"', JOBS),
    Form("images", ("create_at", "update_at"), r"\d{13}", IMAGES),
    Form("images", ("arch",), _one_of("x86_64 aarch64"), IMAGES),
    Form("images", ("dev_services",), _one_of("NOTEBOOK SSH AI_FLOW"), IMAGES),
    Form("images", ("resource_categories",), _one_of("CPU GPU ASCEND"), IMAGES),
    Form("images", ("service_type",), _one_of("COMMON INFERENCE TRAIN DEV UNKNOWN"), IMAGES),
    Form("images", ("status",), _one_of(IMAGE_STATUSES), IMAGES),
    Form("images", ("type",), _one_of("BUILD_IN DEDICATED"), IMAGES),
    Form("images", ("visibility",), _one_of("PRIVATE PUBLIC"), IMAGES),
    Form("iam", ("issued_at", "expires_at"), f'"{MICROSECONDS}"', TOKENS),
)


@dataclass(frozen=True)
class ErrorForm:
    """An error as a service writes it: the names of all its fields, and a whole sample."""

    fields: frozenset[str]
    sample: dict[str, Any]
    page: str


def _error(page: str, **sample: Any) -> ErrorForm:
    return ErrorForm(frozenset(sample), sample, page)


ERRORS = {
    "pai": _error(
        ROA_ERROR,
        RequestId="473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E",
        Message="Request was denied due to user flow control.",
        Recommend="https://next.api.aliyun.com/troubleshoot?q=Throttling.User&product=sae",
        HostId="sae.cn-hangzhou.aliyuncs.com",
        Code="Throttling.User",
    ),
    "gateway": _error(
        GATEWAY,
        error_msg="The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute",
        error_code="APIGW.0308",
        request_id="0c2b3f2e6d8f4b0f9a8d1f6a5e1f4a11",
    ),
    "images": _error(IMAGES, error_code="ModelArts.6404", error_msg="The image does not exist."),
    "jobs": _error(JOBS, is_success=False, error_message="error message", error_code="ModelArts.0103"),
}


@dataclass(frozen=True)
class Refusal:
    """How a call is refused."""

    status: int
    code: str
    page: str


REFUSALS = {
    "pai: a request of another hour": Refusal(400, "InvalidTimeStamp.Expired", ROA_CODES),
    "pai: a call that does not exist": Refusal(404, "InvalidApi.NotFound", ROA_CODES),
    "pai: one too many": Refusal(400, "TensorboardLimitExceeded", "pai-python-sdk, user guide"),
    "modelarts: a request of another hour": Refusal(401, "APIGW.0301", GATEWAY),
    "modelarts: a locked key": Refusal(401, "APIGW.0301", GATEWAY),
    "modelarts: no token": Refusal(401, "ModelArts.0201", CODES),
    "modelarts: an expired token": Refusal(401, "ModelArts.0202", CODES),
    "modelarts: a token that nobody issued": Refusal(401, "ModelArts.0203", CODES),
    "modelarts: a token of no project": Refusal(401, "ModelArts.0212", CODES),
    "modelarts: another project than the token's": Refusal(403, "ModelArts.0210", CODES),
    "jobs: a value that is not allowed": Refusal(400, "ModelArts.0104", JOBS),
    "images: a value that is not allowed": Refusal(400, "ModelArts.6400", CODES),
    "images: a group's value that is not allowed": Refusal(400, "ModelArts.6400", CODES),
    "images: a field that does not sort": Refusal(400, "ModelArts.6303", CODES),
}

# The public table has HTTP 400 for PAI; the gateway may answer 429 and 503. ModelArts' tables have 429, or no status.
THROTTLED: dict[str, tuple[Refusal, ...]] = {
    "pai": tuple(
        Refusal(status, code, ROA_CODES)
        for code in ("Throttling.User", "Throttling", "Throttling.Api", "Rejected.Throttling")
        for status in (400, 429, 503)
    ),
    "modelarts": (
        *(Refusal(status, f"{gate}.0308", GATEWAY) for gate in ("APIGW", "APIG") for status in (429, 400)),
        *(Refusal(status, f"ModelArts.{code}", CODES) for code in ("2799", "4206", "6101") for status in (429, 400)),
        *(Refusal(status, "ModelArts.0114", CODES) for status in (400, 429)),
    ),
}

LONGEST_SKEW_SECONDS = 15 * 60
LONGEST_LOCK_SECONDS = 5 * 60
TOKEN_SECONDS = 24 * 3600
TOLERATED_BAD_SIGNATURES = 5
# TensorBoards of one account that may be up, of pai-python-sdk's user guide; jobs of a project, of the list's sample.
BOARD_CAP = 5
JOB_QUOTA = 100


@dataclass(frozen=True)
class Default:
    """What a list takes an argument to be that is left out, and another value, with which it answers otherwise.

    `beside` is given with both.
    """

    operation: str
    argument: str
    value: Any
    other: Any
    page: str
    beside: tuple[tuple[str, Any], ...] = ()


DEDICATED = (("type", "DEDICATED"),)

DEFAULTS = (
    Default("ListTensorboards", "show_own", True, False, TENSORBOARDS),
    Default("ListTensorboards", "page_number", 1, 2, TENSORBOARDS),
    Default("ListTensorboards", "page_size", 10, 11, TENSORBOARDS),
    # Relative to the emulator's time: seven days ago, and now.
    Default("ListTensorboards", "start_time", -7 * 86400, -9 * 86400, TENSORBOARDS),
    Default("ListTensorboards", "end_time", 0, -3600, TENSORBOARDS),
    Default("ListVisualizationJobs", "per_page", 10, 11, JOBS),
    Default("ListVisualizationJobs", "page", 1, 2, JOBS),
    Default("ListVisualizationJobs", "sortBy", "job_id", "job_name", JOBS),
    Default("ListVisualizationJobs", "order", "asc", "desc", JOBS),
    Default("ListVisualizationJobs", "search_content", "", "7", JOBS),
    Default("ListVisualizationJobs", "workspace_id", "0", "1", JOBS),
    Default("ListImage", "type", "BUILD_IN", "DEDICATED", IMAGES),
    Default("ListImage", "limit", 200, 201, IMAGES, DEDICATED),
    Default("ListImage", "offset", 0, 1, IMAGES, DEDICATED),
    Default("ListImage", "sort_dir", "DESC", "ASC", IMAGES, DEDICATED),
    Default("ListImage", "workspace_id", "0", "0" * 32, IMAGES, DEDICATED),
    Default("ListImage", "name_fuzzy_match", True, False, IMAGES, (*DEDICATED, ("name", "ima"))),
    Default("ListImageGroup", "name_fuzzy_match", True, False, IMAGES, (("name", "ima"),)),
    Default("ListImageGroup", "workspace_id", "0", "0" * 32, IMAGES),
)


@dataclass(frozen=True)
class Filter:
    """An argument that narrows a list: a value that keeps a thing (None: the thing's own), and one that drops it."""

    operation: str
    argument: str
    keeps: Any
    drops: Any
    beside: tuple[tuple[str, Any], ...] = ()


FILTERS = (
    Filter("ListTensorboards", "accessibility", "PUBLIC", "PRIVATE"),
    Filter("ListTensorboards", "display_name", None, "another name"),
    Filter("ListTensorboards", "job_id", "dlc-1", "dlc-9"),
    Filter("ListTensorboards", "payment_type", "Postpaid", "Free"),
    Filter("ListTensorboards", "quota_id", "quota-1", "quota-9"),
    Filter("ListTensorboards", "source_id", "dlc-2", "dlc-9"),
    Filter("ListTensorboards", "source_type", "job", "experiment"),
    Filter("ListTensorboards", "status", "Running", "Stopped"),
    Filter("ListTensorboards", "user_id", "2000000000000001", "2000000000000002"),
    Filter("ListTensorboards", "username", "emulator-owner", "emulator-colleague"),
    Filter("ListTensorboards", "workspace_id", "20002", "20003"),
    Filter("ListTensorboards", "tensorboard_id", None, "tb-9"),
    Filter("ListVisualizationJobs", "status", 8, 12),
    Filter("ListVisualizationJobs", "search_content", "curves", "another"),
    Filter("ListImage", "name", "pytorch", "tensorflow", DEDICATED),
    Filter("ListImage", "namespace", "my-team", "others", DEDICATED),
    Filter("ListImage", "service_type", "TRAIN", "DEV", DEDICATED),
    Filter("ListImage", "type", "DEDICATED", "BUILD_IN"),
    Filter("ListImageGroup", "name", "pytorch", "tensorflow", DEDICATED),
    Filter("ListImageGroup", "namespace", "my-team", "others", DEDICATED),
    Filter("ListImageGroup", "type", "DEDICATED", "BUILD_IN", (("namespace", "my-team"),)),
)

# The values that a page lets a caller choose from, by the names that the properties have with us.
CHOICES: dict[str, dict[str, str]] = {
    "pai:Tensorboard": {"dataSourceType": "OSS NAS", "accessibility": "PUBLIC PRIVATE"},
    "modelarts:VisualizationJob": {"jobType": "tensorboard mindinsight"},
    "modelarts:Image": {
        "arch": "X86_64 AARCH64",
        "origin": "CUSTOMIZE IMAGE_SAVE",
        "resourceCategories": "CPU GPU ASCEND",
        "serviceType": "COMMON INFERENCE TRAIN DEV UNKNOWN",
        "services": "NOTEBOOK SSH AI_FLOW MA_STUDIO TENSOR_BOARD WEB_IDE",
        "visibility": "PRIVATE PUBLIC HIDDEN",
        "flavorType": "ASCEND_SNT9 ASCEND_SNT9B ASCEND_SNT3",
    },
}

# What a thing has that was made with as little as may be given; lists in alphabetical order.
CREATED: dict[str, dict[str, Any]] = {
    "CreateTensorboard": {"Priority": "1"},
    "CreateVisualizationJob": {"job_desc": ""},
    "RegisterImage": {
        "arch": "x86_64",
        "description": "",
        "dev_services": ["NOTEBOOK", "SSH"],
        "origin": "CUSTOMIZE",
        "resource_categories": ["CPU", "GPU"],
        "service_type": "UNKNOWN",
        "visibility": "PRIVATE",
        "workspace_id": "0",
        "type": "DEDICATED",
        "status": "ACTIVE",
    },
}
