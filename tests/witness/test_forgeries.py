"""What the vendors' pages want signed has to be signed, and what a request says of itself has to be true.

Every request here has a good signature (`forgeries`): what is refused is what it leaves out or misstates.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT

from .facts import LONGEST_SKEW_SECONDS
from .forgeries import Letter, acs3, sdk_hmac, sha256
from .vendors import Vendors
from .wiretap import Asked, Told, Wiretap, submit

BOARDS = "/api/v1/tensorboards"
JOBS = f"/v1/{HUAWEI_PROJECT.id}/visualization-jobs"

CREATE = Letter("POST", BOARDS, body=b'{"DisplayName":"a"}', headers={"x-acs-action": "CreateTensorboard"})
LIST = Letter("GET", BOARDS, "PageSize=5&ShowOwn=false", headers={"x-acs-action": "ListTensorboards"})
CREATE_JOB = Letter("POST", JOBS, body=b'{"job_name":"a","train_url":"/b/d/"}')
LIST_JOBS = Letter("GET", JOBS, "page=1&per_page=5")

SIGNED_BY_ACS3 = (
    "host",
    "content-type",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
)
DAY = 86400
NOON = 1_767_355_200


@pytest.fixture
def judge() -> Iterator[Emulator]:
    emulator = Emulator(Settings(bad_signature_limit=0))
    yield emulator
    emulator.close()


def day(offset: float = 0) -> str:
    return time.strftime("%Y%m%d", time.gmtime(time.time() + offset))


async def refused(judge: Emulator, asked: Asked) -> Told:
    """Put a request to the emulator, which must not take it, nor do anything."""
    told = await submit(judge.app, asked)
    assert told.status >= 400
    assert [entry.credential for entry in judge.journal] == ["none"]
    assert not any(judge.resources.all(kind) for kind in ("tensorboards", "visualization-jobs"))
    return told


@pytest.mark.parametrize("letter", [CREATE, LIST], ids=["body", "query"])
async def test_a_request_that_is_signed_by_the_page_of_acs3_is_taken(letter: Letter, judge: Emulator) -> None:
    assert (await submit(judge.app, acs3(letter))).status == 200


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("x-acs-version", "2020-12-04", "InvalidVersion"),
        ("x-acs-action", "DeleteTensorboard", "InvalidApi.NotFound"),
        ("x-acs-action", "ListThings", "InvalidApi.NotFound"),
    ],
)
async def test_acs3_names_the_version_and_the_action_of_its_path(
    name: str, value: str, code: str, judge: Emulator
) -> None:
    letter = Letter(LIST.method, LIST.path, LIST.query, headers={**LIST.headers, name: value})
    told = await refused(judge, acs3(letter))
    assert (told.status, told.json["Code"]) == (404, code)


@pytest.mark.parametrize("authorization", [None, "", "acs key:signature", "ACS3-HMAC-SHA256 Credential=a"])
async def test_a_caller_of_pai_who_shows_no_signature_is_refused(authorization: str | None, judge: Emulator) -> None:
    asked = acs3(CREATE)
    others = tuple(pair for pair in asked.headers if pair[0] != "authorization")
    shown = () if authorization is None else (("authorization", authorization),)
    told = await refused(judge, replace(asked, headers=(*others, *shown)))
    assert (told.status, told.json["Code"]) == (400, "IncompleteSignature")


@pytest.mark.parametrize("authorization", ["", "Bearer token", "SDK-HMAC-SHA256 Access=a", "SDK-HMAC-SHA256"])
async def test_a_caller_of_modelarts_who_shows_no_signature_is_refused(authorization: str, judge: Emulator) -> None:
    asked = sdk_hmac(CREATE_JOB)
    others = tuple(pair for pair in asked.headers if pair[0] != "authorization")
    told = await refused(judge, replace(asked, headers=(*others, ("authorization", authorization))))
    assert (told.status, told.json["error_code"]) == (401, "APIGW.0301")


@pytest.mark.parametrize("late", [-LONGEST_SKEW_SECONDS, 0, LONGEST_SKEW_SECONDS])
async def test_a_quarter_of_an_hour_is_the_longest_that_a_request_may_be_off(late: int) -> None:
    made = NOON + late
    when = {
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(made)),
        "x-sdk-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(made)),
    }
    for beyond in (0, 1 if late > 0 else -1):
        judge = Emulator(Settings(bad_signature_limit=0), real_time=lambda beyond=beyond: NOON - beyond)  # type: ignore[misc]
        ours = Letter(LIST.method, LIST.path, LIST.query, headers={**LIST.headers, "x-acs-date": when["x-acs-date"]})
        theirs = Letter(LIST_JOBS.method, LIST_JOBS.path, LIST_JOBS.query, headers={"x-sdk-date": when["x-sdk-date"]})
        told = [await submit(judge.app, asked) for asked in (acs3(ours), sdk_hmac(theirs))]
        judge.close()
        assert [each.status for each in told] == ([400, 401] if late and beyond else [200, 200])


@pytest.mark.parametrize("name", SIGNED_BY_ACS3)
async def test_acs3_has_to_cover_every_header_of_its_page(name: str, judge: Emulator) -> None:
    told = await refused(judge, acs3(CREATE, unsigned=[name]))
    assert (told.status, told.json["Code"]) == (400, "IncompleteSignature")


async def test_acs3_has_to_cover_the_token_of_a_temporary_key(judge: Emulator) -> None:
    key = ALIBABA_OWNER.keys[1]
    token = {"x-acs-security-token": str(key.security_token), "x-acs-accesskey-id": key.id}
    letter = Letter(CREATE.method, CREATE.path, body=CREATE.body, headers={**CREATE.headers, **token})
    told = await refused(judge, acs3(letter, key=key, unsigned=["x-acs-security-token"]))
    assert (told.status, told.json["Code"]) == (400, "IncompleteSignature")
    assert (await submit(judge.app, acs3(letter, key=key))).status == 200


OTHER = sha256(b"another body")


@pytest.mark.parametrize(
    ("told_hash", "signed_hash"),
    [(OTHER, None), (OTHER, OTHER), (None, OTHER)],
    ids=["told", "told and signed", "signed"],
)
@pytest.mark.parametrize("letter", [CREATE, LIST], ids=["body", "no body"])
async def test_acs3_refuses_a_hash_that_is_not_that_of_the_body(
    letter: Letter, told_hash: str | None, signed_hash: str | None, judge: Emulator
) -> None:
    told = await refused(judge, acs3(letter, told_hash=told_hash, signed_hash=signed_hash))
    assert (told.status, told.json["Code"]) == (400, "SignatureDoesNotMatch")


@pytest.mark.parametrize("signed", [None, ["x-sdk-date"]], ids=["all", "the least"])
@pytest.mark.parametrize("letter", [CREATE_JOB, LIST_JOBS], ids=["body", "query"])
async def test_a_request_that_is_signed_by_the_page_of_sdk_hmac_is_taken(
    letter: Letter, signed: list[str] | None, judge: Emulator
) -> None:
    assert (await submit(judge.app, sdk_hmac(letter, signed=signed))).status == 200


@pytest.mark.parametrize("scope", [None, "{day}///sdk_request"])
@pytest.mark.parametrize("letter", [CREATE_JOB, LIST_JOBS], ids=["body", "query"])
async def test_sdk_hmac_has_to_cover_its_date(letter: Letter, scope: str | None, judge: Emulator) -> None:
    where = scope and scope.format(day=day())
    told = await refused(judge, sdk_hmac(letter, signed=["content-type", "host", "x-project-id"], scope=where))
    assert (told.status, told.json["error_code"]) == (401, "APIGW.0301")


@pytest.mark.parametrize("place", ["/", "eu-de/", "eu-de/modelarts"])
async def test_a_scope_of_the_day_is_taken(place: str, judge: Emulator) -> None:
    asked = sdk_hmac(LIST_JOBS, scope=f"{day()}/{place}/sdk_request")
    assert (await submit(judge.app, asked)).status == 200


@pytest.mark.parametrize("offset", [-DAY, DAY], ids=["yesterday", "tomorrow"])
@pytest.mark.parametrize("letter", [CREATE_JOB, LIST_JOBS], ids=["body", "query"])
async def test_a_scope_of_another_day_is_refused(letter: Letter, offset: int, judge: Emulator) -> None:
    told = await refused(judge, sdk_hmac(letter, scope=f"{day(offset)}///sdk_request"))
    assert (told.status, told.json["error_code"]) == (401, "APIGW.0301")


@pytest.mark.parametrize("scope", ["{day}///other_request", "{day}//sdk_request", "{day}", "sdk_request"])
async def test_a_scope_of_another_form_is_refused(scope: str, judge: Emulator) -> None:
    told = await refused(judge, sdk_hmac(LIST_JOBS, scope=scope.format(day=day())))
    assert (told.status, told.json["error_code"]) == (401, "APIGW.0301")


@pytest.mark.parametrize("date", ["2026-01-02T03:04:05Z", "20260102", "now", ""])
async def test_a_date_of_another_form_is_refused(date: str, judge: Emulator) -> None:
    letter = Letter(LIST_JOBS.method, LIST_JOBS.path, LIST_JOBS.query, headers={"x-sdk-date": date})
    told = await refused(judge, sdk_hmac(letter))
    assert (told.status, told.json["error_code"]) == (401, "APIGW.0301")
    alike = Letter(LIST.method, LIST.path, LIST.query, headers={**LIST.headers, "x-acs-date": date})
    assert (await submit(judge.app, acs3(alike))).status == 400


@pytest.mark.parametrize(("told", "taken"), [("UNSIGNED-PAYLOAD", True), ("0" * 64, False), ("unsigned", False)])
async def test_a_body_may_be_declared_unsigned_in_huaweis_word_and_in_no_other(
    told: str, taken: bool, judge: Emulator
) -> None:
    headers = {"x-sdk-content-sha256": told}
    letter = Letter(CREATE_JOB.method, CREATE_JOB.path, body=CREATE_JOB.body, headers=headers)
    asked = sdk_hmac(letter, payload=told)
    if taken:
        assert (await submit(judge.app, asked)).status == 200
    else:
        assert (await refused(judge, asked)).status == 401


@pytest.mark.parametrize(
    ("method", "body", "answer"),
    [("GET", None, "Page"), ("POST", json.loads(CREATE_JOB.body), "Created")],
    ids=["no body", "body"],
)
def test_the_core_leaves_unsigned_what_is_no_json(
    method: str, body: object, answer: str, vendors: Vendors, tap: Wiretap
) -> None:
    vendors["core"].do_http_request(
        method=method,
        resource_path="/v1/{project_id}/visualization-jobs",
        header_params={"Content-Type": "text/plain"},
        body=body,
        response_type=answer,
        response_headers=[],
        collection_formats={},
    )
    asked, told = tap.last()
    assert asked.header["x-sdk-content-sha256"] == "UNSIGNED-PAYLOAD"
    assert told.status == 200
