"""Laws of what PAI's errors mean. Knows the vendor's codes and statuses; makes no call."""

from __future__ import annotations

import json

import pytest

from mlworkbench.api.pai.service import SERVICE, endpoint
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
    WrongClock,
    WrongEndpoint,
    WrongState,
)


def error(status: int, body: bytes, headers: dict[str, str] | None = None) -> CloudError:
    found = SERVICE.dialect.error("GetTensorboard", status, body, headers or {})
    assert found is not None
    return found


def coded(code: str, message: str = "text") -> bytes:
    return json.dumps({"RequestId": "R-1", "Message": message, "Code": code, "HostId": "pai"}).encode()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "Throttling", Throttled),
        (400, "Throttling.User", Throttled),
        (400, "Throttling.Api", Throttled),
        (400, "Rejected.Throttling", Throttled),
        (429, "Throttling.User", Throttled),
        (503, "Throttling.User", Throttled),
        (429, "Anything", Throttled),
        (503, "ServiceUnavailable", Unavailable),
        (400, "ServiceUnavailable", Unavailable),
        (500, "InternalError", Unavailable),
        (502, "BadGateway", Unavailable),
        (400, "SignatureDoesNotMatch", Unauthenticated),
        (403, "SignatureDoesNotMatch", Unauthenticated),
        (400, "IncompleteSignature", Unauthenticated),
        (400, "SignatureNonceUsed", Unauthenticated),
        (400, "InvalidTimeStamp.Expired", WrongClock),
        (404, "InvalidAccessKeyId.NotFound", Unauthenticated),
        (400, "InvalidAccessKeyId.NotFound", Unauthenticated),
        (403, "InvalidAccessKeyId.Inactive", Unauthenticated),
        (400, "InvalidSecurityToken.Expired", Unauthenticated),
        (404, "InvalidApi.NotFound", WrongEndpoint),
        (404, "InvalidAction.NotFound", WrongEndpoint),
        (404, "InvalidProduct.NotFound", WrongEndpoint),
        (404, "InvalidVersion", WrongEndpoint),
        (403, "Forbidden.RAM", PermissionDenied),
        (403, "NoPermission", PermissionDenied),
        (403, "Forbidden.AccessDenied", PermissionDenied),
        (403, "Anything", PermissionDenied),
        (400, "TensorboardLimitExceeded", QuotaExceeded),
        (403, "TensorboardLimitExceeded", QuotaExceeded),
        (400, "InvalidParameter", InvalidRequest),
        (400, "BadRequest", InvalidRequest),
        (409, "TensorboardAlreadyExists", AlreadyExists),
        (409, "Conflict", WrongState),
        (404, "NotFound", NotFound),
        (404, "TensorboardNotFound", NotFound),
        (400, "Tensorboard.NotFound", NotFound),
        (400, "TensorboardNotExist", NotFound),
        (404, "100400027", InvalidRequest),
        (404, "WorkspaceNotFound", InvalidRequest),
        (404, "Anything", WrongEndpoint),
    ],
)
def test_a_code_of_pai_means(status: int, code: str, kind: type[CloudError]) -> None:
    assert type(error(status, coded(code))) is kind


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (400, "BadRequest", "The status of the tensorboard is Stopped", WrongState),
        (400, "201300003", "Tensorboard not exists", NotFound),
        (400, "201300003", "tensorboard tb-1 is not found", NotFound),
        (404, "201300003", "Tensorboard not exists", NotFound),
        (404, "100400027", "Workspace of the tensorboard not exists", InvalidRequest),
        (404, "InvalidAccessKeyId.NotFound", "no such key for the tensorboard", Unauthenticated),
    ],
)
def test_where_a_code_of_pai_is_not_enough_the_message_decides(
    status: int, code: str, message: str, kind: type[CloudError]
) -> None:
    assert type(error(status, coded(code, message))) is kind


def test_absence_is_never_concluded_from_http_404_alone() -> None:
    for body in (b"", b"<html>404 page not found</html>", b"{}", b"null", b"[]", b'"text"'):
        assert not isinstance(error(404, body), NotFound)


def test_every_part_of_an_error_of_pai_is_kept() -> None:
    answer = error(400, coded("Throttling.User", "Request was denied."), {"x-acs-retry-after": "1500"}).answer
    assert (answer.status, answer.code, answer.message) == (400, "Throttling.User", "Request was denied.")
    assert (answer.request_id, answer.retry_after) == ("R-1", 1.5)


def test_pai_may_spell_its_fields_in_lower_case() -> None:
    body = b'{"code":"Throttling","message":"slow down","requestId":"R-2"}'
    found = error(400, body)
    assert isinstance(found, Throttled)
    assert (found.answer.message, found.answer.request_id) == ("slow down", "R-2")


def test_the_request_id_of_pai_is_taken_from_the_header_if_the_body_has_none() -> None:
    assert error(500, b"", {"x-acs-request-id": "R-3"}).answer.request_id == "R-3"


def test_pai_tells_milliseconds_and_the_standard_header_seconds() -> None:
    assert error(429, b"", {"x-acs-retry-after": "250"}).answer.retry_after == 0.25
    assert error(429, b"", {"retry-after": "3"}).answer.retry_after == 3.0


@pytest.mark.parametrize("told", ["", "soon", "-1", "1.5.2", "Wed, 21 Oct 2026 07:28:00 GMT", "²"])
def test_a_waiting_time_that_is_no_number_is_as_good_as_none(told: str) -> None:
    assert error(429, b"", {"retry-after": told}).answer.retry_after is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", ""),
        (b"<html>\n <b>Bad   Gateway</b>\n</html>", "<html>\n <b>Bad   Gateway</b>\n</html>"),
        (b"<Errors><Code>X</Code></Errors>", "<Errors><Code>X</Code></Errors>"),
        (b"\xff\xfe", "��"),
    ],
)
def test_a_body_that_is_not_json_is_told_as_it_is(body: bytes, message: str) -> None:
    found = error(502, body)
    assert isinstance(found, Unavailable)
    assert found.answer.message == message


def test_an_xml_error_without_a_message_is_told_by_its_code() -> None:
    found = error(502, b"<Error><Code>X</Code></Error>")
    assert (found.answer.code, found.answer.message) == ("X", "")


def test_an_answer_below_400_is_no_error() -> None:
    assert SERVICE.dialect.error("GetTensorboard", 200, b'{"Code":"Looks.Like.One"}', {}) is None


def test_a_call_of_pai_carries_its_action_and_version() -> None:
    assert SERVICE.headers("GetTensorboard") == {"x-acs-action": "GetTensorboard", "x-acs-version": "2020-12-03"}


def test_pai_has_an_address_in_every_region_and_one_inside_of_a_vpc() -> None:
    assert endpoint("cn-hangzhou") == "https://pai-dlc.cn-hangzhou.aliyuncs.com"
    assert endpoint("cn-hangzhou", "public") == "https://pai-dlc.cn-hangzhou.aliyuncs.com"
    assert endpoint("ap-southeast-1", "vpc") == "https://pai-dlc-vpc.ap-southeast-1.aliyuncs.com"


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":"404","message":"no route matched for GET /api/v1/tensorboards/tb1"}',
        b'{"code":"NotFound"}',
        b'{"Code":"NotFound","Message":"Tensorboard not found"}',
        b'{"RequestId":"R-1","Code":"404","Message":"no route matched for GET /api/v1/tensorboards/tb1"}',
    ],
)
def test_what_a_gateway_says_is_no_sign_of_absence(body: bytes) -> None:
    assert not isinstance(error(404, body), NotFound)


def test_a_request_that_took_too_long_may_have_taken_effect() -> None:
    assert isinstance(error(408, b""), Unavailable)


def test_xml_in_a_namespace_is_read_like_any_other() -> None:
    body = b'<?xml version="1.0"?><Error xmlns="urn:x"><Code>Throttling.User</Code><RequestId>R-1</RequestId></Error>'
    found = error(400, body)
    assert isinstance(found, Throttled)
    assert found.answer.request_id == "R-1"
