"""Our client reads an error as the official clients do: of the same bytes, the same status, code, text and request id.

The errors are the pages' samples and what the emulator refuses; what they mean to us is held against the pages' codes.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203.models import GetTensorboardRequest  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1.model import ShowImageRequest  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.api.modelarts.service import SERVICE as MODELARTS
from mlworkbench.api.pai import tensorboards
from mlworkbench.api.pai.service import SERVICE as PAI
from mlworkbench.wire.errors import (
    AlreadyExists,
    Answer,
    CloudError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExceeded,
    Throttled,
    Unauthenticated,
    Unavailable,
    WrongClock,
    WrongEndpoint,
    WrongState,
)
from mlworkbench_emulator import Emulator, Fault

from .facts import ERRORS, REFUSALS, THROTTLED
from .ours import Ours
from .vendors import Vendors, refusal_of
from .wiretap import Wiretap

Tree = dict[str, Any]

GATES = ("APIG", "APIGW")
JSON = {"content-type": "application/json; charset=utf-8"}

# What the refusals of the pages are called by us.
MEANING: dict[str, type[CloudError]] = {
    "pai: a request of another hour": WrongClock,
    "pai: a call that does not exist": WrongEndpoint,
    "pai: one too many": QuotaExceeded,
    "modelarts: a request of another hour": Unauthenticated,
    "modelarts: a locked key": Unauthenticated,
    "modelarts: no token": Unauthenticated,
    "modelarts: an expired token": Unauthenticated,
    "modelarts: a token that nobody issued": Unauthenticated,
    "modelarts: a token of no project": Unauthenticated,
    "modelarts: another project than the token's": PermissionDenied,
    "jobs: a value that is not allowed": InvalidRequest,
    "images: a value that is not allowed": InvalidRequest,
    "images: a group's value that is not allowed": InvalidRequest,
    "images: a field that does not sort": InvalidRequest,
}


# What the pages' tables of codes say, in our words.
CODES: tuple[tuple[str, type[CloudError], tuple[tuple[int, str], ...]], ...] = (
    *((service, Throttled, tuple((told.status, told.code) for told in tolds)) for service, tolds in THROTTLED.items()),
    ("pai", Unauthenticated, ((404, "InvalidAccessKeyId.NotFound"), (403, "InvalidAccessKeyId.Inactive"))),
    ("pai", Unauthenticated, ((400, "SignatureDoesNotMatch"), (403, "SignatureDoesNotMatch"))),
    ("pai", Unauthenticated, ((400, "IncompleteSignature"), (400, "SignatureNonceUsed"))),
    ("pai", PermissionDenied, ((403, "Forbidden.RAM"), (403, "NoPermission"), (403, "Forbidden.AccessDenied"))),
    ("pai", Unavailable, ((503, "ServiceUnavailable"), (500, "InternalError"))),
    ("pai", InvalidRequest, ((400, "InvalidParameter"), (400, "BadRequest"))),
    ("pai", NotFound, ((404, "NotFound"),)),
    ("modelarts", Unauthenticated, tuple((401, f"ModelArts.020{digit}") for digit in range(1, 6))),
    (
        "modelarts",
        Unauthenticated,
        tuple((401, f"{gate}.{code}") for gate in GATES for code in ("0301", "0305", "0307")),
    ),
    ("modelarts", PermissionDenied, tuple((403, f"{gate}.{code}") for gate in GATES for code in ("0302", "0306"))),
    ("modelarts", PermissionDenied, ((403, "ModelArts.0108"), (403, "ModelArts.0112"), (403, "ModelArts.2785"))),
    ("modelarts", WrongEndpoint, ((404, "APIGW.0101"), (404, "ModelArts.0015"), (404, "ModelArts.4204"))),
    ("modelarts", NotFound, ((400, "ModelArts.6404"), (404, "ModelArts.0102"), (400, "ModelArts.0102"))),
    ("modelarts", AlreadyExists, ((400, "ModelArts.0103"), (400, "ModelArts.6737"))),
    ("modelarts", WrongState, ((400, "ModelArts.0105"),)),
    ("modelarts", QuotaExceeded, tuple((400, f"ModelArts.{code}") for code in ("0106", "0113", "0116", "0118"))),
    ("modelarts", Unauthenticated, ((401, "ModelArts.0206"), (403, "ModelArts.0206"), (403, "ModelArts.0203"))),
    ("modelarts", Unauthenticated, tuple((401, f"ModelArts.{code}") for code in ("0208", "0209", "0211", "0212"))),
    ("modelarts", PermissionDenied, ((403, "ModelArts.0210"), (400, "ModelArts.0210"), (401, "ModelArts.0207"))),
    ("modelarts", PermissionDenied, ((500, "ModelArts.0109"), (400, "ModelArts.0111"), (401, "ModelArts.0112"))),
    ("modelarts", PermissionDenied, ((403, "APIGW.0310"), (403, "APIG.0310"))),
    ("modelarts", WrongEndpoint, ((404, "ModelArts.2786"), (404, "APIG.0101"))),
    ("modelarts", WrongState, ((400, "ModelArts.6357"),)),
    ("modelarts", QuotaExceeded, ((400, "ModelArts.6771"),)),
    ("modelarts", Unavailable, ((400, "ModelArts.0012"), (408, ""), (500, ""), (503, ""))),
    ("modelarts", NotFound, ((404, "ModelArts.6404"),)),
    ("pai", Unauthenticated, ((400, "InvalidAccessKeyId.NotFound"), (400, "InvalidSecurityToken.Expired"))),
    ("pai", WrongEndpoint, ((404, "InvalidApi.NotFound"), (404, "InvalidVersion"), (404, "InvalidAction.NotFound"))),
    ("pai", WrongClock, ((400, "InvalidTimeStamp.Expired"),)),
    ("pai", Unavailable, ((408, ""), (500, ""), (503, ""))),
    ("pai", Throttled, ((429, ""),)),
    ("pai", InvalidRequest, ((404, "100400027"),)),
    *((service, Unauthenticated, ((401, ""),)) for service in ("pai", "modelarts")),
    *((service, PermissionDenied, ((403, ""),)) for service in ("pai", "modelarts")),
    *((service, InvalidRequest, ((400, ""), (413, ""), (499, ""))) for service in ("pai", "modelarts")),
    (
        "modelarts",
        InvalidRequest,
        tuple((400, f"ModelArts.{code}") for code in ("0101", "0104", "0107", "6400", "6303")),
    ),
    (
        "modelarts",
        Unavailable,
        (
            (500, "ModelArts.0010"),
            (400, "ModelArts.0010"),
            (400, "ModelArts.0013"),
            (503, "APIGW.0613"),
            (500, "APIGW.0601"),
        ),
    ),
)


async def told_to_us(ours: Ours, form: str) -> Answer:
    """Let our client be refused, and give what it understood."""
    client, operation = {
        "pai": (ours.pai, tensorboards.GET),
        "gateway": (ours.huawei, images.SHOW),
        "images": (ours.huawei, images.SHOW),
        "jobs": (ours.huawei, visualization_jobs.SHOW),
    }[form]
    with pytest.raises(CloudError) as caught:
        await client()(operation, {"id": "1"})  # type: ignore[arg-type]  # each answers in a shape of its own
    return caught.value.answer


def tell_them(vendors: Vendors, form: str) -> Any:
    """Let the official client make the same call."""
    if form == "pai":
        return vendors["pai"].get_tensorboard("1", GetTensorboardRequest())
    if form == "jobs":
        return vendors["core"].show_job("1")
    return vendors["modelarts"].show_image(ShowImageRequest(id="1"))


def spread(emulator: Emulator, status: int, sample: Tree, **headers: str) -> None:
    """Answer every call with an error."""
    raw = json.dumps(sample)
    emulator.faults.add(Fault("*", status, raw_body=raw, headers={**JSON, **headers}, times=9))


@pytest.mark.parametrize("form", ERRORS)
async def test_we_read_the_pages_sample_of_an_error(form: str, ours: Ours, emulator: Emulator) -> None:
    sample = ERRORS[form].sample
    spread(emulator, 400, sample)
    told = await told_to_us(ours, form)
    message = sample.get("Message") or sample.get("error_msg") or sample.get("error_message")
    code = sample.get("Code") or sample.get("error_code")
    assert (told.status, told.code, told.message) == (400, code, message)
    assert told.request_id == (sample.get("RequestId") or sample.get("request_id") or told.request_id) != ""


@pytest.mark.parametrize("form", ["pai", "gateway", "images"])
async def test_we_read_an_error_as_the_official_client_does(
    form: str, ours: Ours, vendors: Vendors, emulator: Emulator
) -> None:
    spread(emulator, 400, ERRORS[form].sample, **{"x-request-id": "R-1", "x-acs-request-id": "R-1"})
    seen, told = refusal_of(lambda: tell_them(vendors, form)), await told_to_us(ours, form)
    assert (told.status, told.code) == (seen.status, seen.code)
    # Alibaba Cloud's client puts the code before the text; Huawei's takes the id of the header, we that of the body.
    assert told.message in seen.message
    assert told.request_id == (seen.request_id if form != "gateway" else ERRORS[form].sample["request_id"])


XML = "<?xml version='1.0'?><Error><RequestId>R-2</RequestId><Code>Some.Code</Code><Message>some text</Message></Error>"
SPELLINGS: tuple[tuple[str, str, str], ...] = (
    ("pai", '{"code": "Some.Code", "message": "some text", "requestId": "R-2"}', "application/json"),
    ("pai", XML, "text/xml;charset=utf-8"),
    ("images", '{"errorCode": "Some.Code", "errorMsg": "some text"}', "application/json"),
    ("images", '{"code": "Some.Code", "message": "some text"}', "application/json"),
    ("images", '{"error": {"code": "Some.Code", "message": "some text"}}', "application/json"),
    ("images", '{"error": {"error_code": "Some.Code", "error_msg": "some text"}}', "application/json"),
)


@pytest.mark.parametrize(("form", "raw", "kind"), SPELLINGS, ids=[raw[:24] for _, raw, _ in SPELLINGS])
async def test_we_read_each_spelling_that_the_official_client_reads(
    form: str, raw: str, kind: str, ours: Ours, vendors: Vendors, emulator: Emulator
) -> None:
    headers = {"content-type": kind, "x-request-id": "R-2", "x-acs-request-id": "R-2"}
    emulator.faults.add(Fault("*", 400, raw_body=raw, headers=headers, times=2))
    seen, told = refusal_of(lambda: tell_them(vendors, form)), await told_to_us(ours, form)
    assert (told.status, told.code, told.request_id) == (seen.status, seen.code, seen.request_id)
    assert (told.code, told.message, told.request_id) == ("Some.Code", "some text", "R-2")
    assert told.message in seen.message


@pytest.mark.parametrize("form", ["pai", "images", "jobs"])
async def test_we_read_what_the_emulator_refuses_as_it_goes_over_the_line(form: str, ours: Ours, tap: Wiretap) -> None:
    told = await told_to_us(ours, form)
    _, line = tap.last()
    body = line.json
    assert told.status == line.status
    assert told.code == (body.get("Code") or body["error_code"])
    assert told.message == (body.get("Message") or body.get("error_msg") or body["error_message"])
    assert told.request_id == (line.header.get("x-acs-request-id") or line.header["x-request-id"])


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_pages_refuse_means_to_us_what_they_say(name: str) -> None:
    refusal = REFUSALS[name]
    dialect = PAI.dialect if name.startswith("pai") else MODELARTS.dialect
    assert dialect.kind(Answer(refusal.status, refusal.code, "any", "R-1")) is MEANING[name]


@pytest.mark.parametrize(
    ("service", "kind", "status", "code"),
    [(service, kind, *told) for service, kind, tolds in CODES for told in tolds],
)
def test_a_code_means_to_us_what_its_page_says(service: str, kind: type[CloudError], status: int, code: str) -> None:
    dialect = PAI.dialect if service == "pai" else MODELARTS.dialect
    assert dialect.kind(Answer(status, code, "any", "R-1")) is kind


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize(
    ("service", "code", "message", "kind"),
    [
        ("pai", "NotFound", "Tensorboard tb-1 is not found.", NotFound),
        ("pai", "TensorboardNotFound", "no", NotFound),
        ("pai", "201300009", "tensorboard not exists", NotFound),
        ("pai", "100400027", "Workspace not exists", InvalidRequest),
        ("modelarts", "ModelArts.0102", "The workspace does not exist.", InvalidRequest),
        ("modelarts", "ModelArts.0102", "The job does not exist.", NotFound),
    ],
)
def test_absence_is_told_by_code_or_words_and_of_the_thing_itself(
    status: int, service: str, code: str, message: str, kind: type[CloudError]
) -> None:
    dialect = PAI.dialect if service == "pai" else MODELARTS.dialect
    assert dialect.kind(Answer(status, code, message, "R-1")) is kind


@pytest.mark.parametrize("service", ["pai", "modelarts"])
@pytest.mark.parametrize(
    "told", [Answer(404), Answer(404, message="<html>404 Not Found</html>"), Answer(404, "", "x", "R-1")]
)
def test_a_404_alone_is_no_proof_of_absence(service: str, told: Answer) -> None:
    dialect = PAI.dialect if service == "pai" else MODELARTS.dialect
    assert dialect.kind(told) is WrongEndpoint


async def test_we_wait_as_long_as_the_official_client_is_told(ours: Ours, vendors: Vendors, emulator: Emulator) -> None:
    spread(emulator, 400, ERRORS["pai"].sample, **{"x-acs-retry-after": "1500"})
    told = await told_to_us(ours, "pai")
    with pytest.raises(Exception) as seen:  # noqa: PT011  # an exception of a package without types
        tell_them(vendors, "pai")
    assert told.retry_after is not None
    # Theirs is in milliseconds.
    assert told.retry_after * 1000 == seen.value.retry_after == 1500  # type: ignore[attr-defined]


async def test_we_wait_the_seconds_that_the_status_page_speaks_of(ours: Ours, emulator: Emulator) -> None:
    spread(emulator, 429, ERRORS["gateway"].sample, **{"Retry-After": "7"})
    assert (await told_to_us(ours, "gateway")).retry_after == 7
