"""Laws of what ModelArts' errors mean. Knows the vendors' codes and statuses; makes no call."""

from __future__ import annotations

import json

import pytest

from mlworkbench.api.modelarts.service import SERVICE, endpoint, iam_endpoint
from mlworkbench.wire.errors import (
    AlreadyExists,
    CloudError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExceeded,
    Throttled,
    Unauthenticated,
    Unavailable,
    WrongEndpoint,
    WrongState,
)


def error(
    status: int, body: bytes, headers: dict[str, str] | None = None, call: str = "ShowVisualizationJob"
) -> CloudError:
    found = SERVICE.dialect.error("ShowImage" if b"6404" in body else call, status, body, headers or {})
    assert found is not None
    return found


def coded(code: str, message: str = "text") -> bytes:
    return json.dumps({"error_code": code, "error_msg": message}).encode()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        # Visualization jobs, and what all of ModelArts shares.
        (500, "ModelArts.0010", Unavailable),
        (400, "ModelArts.0012", Unavailable),
        (200, "ModelArts.0013", Unavailable),
        (400, "ModelArts.0101", InvalidRequest),
        (400, "ModelArts.0102", NotFound),
        (404, "ModelArts.0102", NotFound),
        (400, "ModelArts.0103", AlreadyExists),
        (400, "ModelArts.0104", InvalidRequest),
        (400, "ModelArts.0105", WrongState),
        (400, "ModelArts.0106", QuotaExceeded),
        (400, "ModelArts.0107", InvalidRequest),
        (403, "ModelArts.0108", PermissionDenied),
        (500, "ModelArts.0109", PermissionDenied),
        (400, "ModelArts.0111", PermissionDenied),
        (403, "ModelArts.0112", PermissionDenied),
        (401, "ModelArts.0112", PermissionDenied),
        (401, "ModelArts.6201", PermissionDenied),
        (401, "ModelArts.6203", PermissionDenied),
        (400, "ModelArts.0113", QuotaExceeded),
        (400, "ModelArts.0114", Throttled),
        (400, "ModelArts.0116", QuotaExceeded),
        (400, "ModelArts.0118", QuotaExceeded),
        (401, "ModelArts.0201", Unauthenticated),
        (401, "ModelArts.0202", Unauthenticated),
        (403, "ModelArts.0203", Unauthenticated),
        (400, "ModelArts.0204", Unauthenticated),
        (401, "ModelArts.0205", Unauthenticated),
        (403, "ModelArts.0206", Unauthenticated),
        (401, "ModelArts.0207", PermissionDenied),
        (401, "ModelArts.0208", Unauthenticated),
        (400, "ModelArts.0209", Unauthenticated),
        (403, "ModelArts.0210", PermissionDenied),
        (401, "ModelArts.0211", Unauthenticated),
        (401, "ModelArts.0212", Unauthenticated),
        (400, "ModelArts.0404", InvalidRequest),
        (400, "ModelArts.0413", InvalidRequest),
        (429, "ModelArts.2799", Throttled),
        (429, "ModelArts.4206", Throttled),
        (429, "ModelArts.6101", Throttled),
        (400, "ModelArts.6357", WrongState),
        # Images.
        (400, "ModelArts.6404", NotFound),
        (404, "ModelArts.6404", NotFound),
        (400, "ModelArts.6737", AlreadyExists),
        (400, "ModelArts.6771", QuotaExceeded),
        (400, "ModelArts.6797", InvalidRequest),
        (400, "ModelArts.6400", InvalidRequest),
        (400, "ModelArts.6303", InvalidRequest),
        (400, "ModelArts.7005", InvalidRequest),
        (403, "ModelArts.2785", PermissionDenied),
        (404, "ModelArts.2786", WrongEndpoint),
        (404, "ModelArts.4204", WrongEndpoint),
        (404, "ModelArts.9999", InvalidRequest),
        (404, "ModelArts.0010", Unavailable),
        # The gateway, in both spellings of its prefix.
        (404, "APIGW.0101", WrongEndpoint),
        (404, "APIG.0101", WrongEndpoint),
        (502, "APIGW.0201", Unavailable),
        (401, "APIGW.0301", Unauthenticated),
        (401, "APIG.0301", Unauthenticated),
        (403, "APIGW.0302", PermissionDenied),
        (401, "APIGW.0305", Unauthenticated),
        (403, "APIGW.0306", PermissionDenied),
        (401, "APIG.0307", Unauthenticated),
        (429, "APIGW.0308", Throttled),
        (429, "APIG.0308", Throttled),
        (403, "APIGW.0310", PermissionDenied),
        (500, "APIGW.0601", Unavailable),
        (503, "APIGW.0613", Unavailable),
        # What the status says when the code is not known.
        (400, "Else.1", InvalidRequest),
        (401, "Else.1", Unauthenticated),
        (403, "Else.1", PermissionDenied),
        (404, "Else.1", WrongEndpoint),
        (429, "Else.1", Throttled),
        (503, "Else.1", Unavailable),
    ],
)
def test_a_code_of_modelarts_means(status: int, code: str, kind: type[CloudError]) -> None:
    body = coded(code) if status != 200 else json.dumps({"is_success": False, "error_code": code}).encode()
    assert type(error(status, body)) is kind


def test_a_missing_workspace_is_no_missing_job() -> None:
    assert type(error(400, coded("ModelArts.0102", "The workspace does not exist"))) is InvalidRequest


CALLS = {"ModelArts.6404": "Image", "ModelArts.0102": "VisualizationJob"}


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("verb", ["Show", "Delete"])
@pytest.mark.parametrize("thing", CALLS.values())
@pytest.mark.parametrize("code", [*CALLS, "ModelArts.0010", "ModelArts.0015", "ModelArts.4204", "ModelArts.7005"])
def test_a_thing_is_gone_only_by_its_own_code(code: str, thing: str, verb: str, status: int) -> None:
    found = SERVICE.dialect.error(f"{verb}{thing}", status, coded(code), {})
    assert isinstance(found, NotFound) is (CALLS.get(code) == thing)


def test_absence_is_never_concluded_from_http_404_alone() -> None:
    for body in (b"", b"<html>404</html>", b"{}", coded("APIGW.0101", "API not found"), coded("APIG.0101")):
        assert not isinstance(error(404, body), NotFound)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"is_success":false,"error_message":"error message","error_code":"ModelArts.0103"}', AlreadyExists),
        (
            b'{"is_success":false,"error_msg":"can\'t be stop. job status: 10","error_code":"ModelArts.0105"}',
            WrongState,
        ),
        (b'{"is_success":false,"error_code":"ModelArts.0102"}', NotFound),
        (b'{"is_success":"false","error_code":"ModelArts.0102"}', NotFound),
        (b'{"is_success":"False","error_code":"ModelArts.0103"}', AlreadyExists),
        (b'{"is_success":false}', InvalidRequest),
    ],
)
def test_http_200_is_a_failure_if_the_body_says_so(body: bytes, kind: type[CloudError]) -> None:
    assert type(error(200, body)) is kind


@pytest.mark.parametrize("body", [b'{"is_success":true}', b"{}", b"", b'{"is_success":null}', b'{"job_id":1}', b"[]"])
def test_an_answer_that_does_not_deny_success_is_one(body: bytes) -> None:
    assert SERVICE.dialect.error("ShowVisualizationJob", 200, body, {}) is None


@pytest.mark.parametrize("field", ["error_msg", "error_message", "errorMsg", "message"])
def test_a_message_of_modelarts_is_read_in_every_spelling(field: str) -> None:
    assert error(400, json.dumps({field: "the reason", "error_code": "X"}).encode()).answer.message == "the reason"


@pytest.mark.parametrize("field", ["error_code", "errorCode", "code"])
def test_a_code_of_modelarts_is_read_in_every_spelling(field: str) -> None:
    assert error(400, json.dumps({field: "ModelArts.6404"}).encode()).answer.code == "ModelArts.6404"


def test_a_numeric_code_is_read_as_text() -> None:
    assert error(400, b'{"error_code":1234,"error_msg":5}').answer.code == "1234"


def test_the_request_id_of_modelarts_is_in_the_body_or_in_the_header() -> None:
    assert error(401, b'{"error_code":"APIGW.0301","request_id":"R-1"}').answer.request_id == "R-1"
    assert error(401, b"", {"x-request-id": "R-2"}).answer.request_id == "R-2"


def test_modelarts_tells_how_many_seconds_to_wait() -> None:
    assert error(429, coded("ModelArts.6101"), {"retry-after": "7"}).answer.retry_after == 7.0


def test_each_cloud_has_addresses_of_its_own() -> None:
    assert endpoint("huaweicloud", "cn-north-4") == "https://modelarts.cn-north-4.myhuaweicloud.com"
    assert endpoint("huaweicloud", "eu-west-101") == "https://modelarts.eu-west-101.myhuaweicloud.eu"
    assert endpoint("otc", "eu-de") == "https://modelarts.eu-de.otc.t-systems.com"
    assert iam_endpoint("huaweicloud", "cn-north-4") == "https://iam.cn-north-4.myhuaweicloud.com"
    assert iam_endpoint("otc", "eu-de") == "https://iam.eu-de.otc.t-systems.com"
