"""The emulator refuses as the clouds do: an official client's exception says what the answer said.

Knows what the official clients make of an error; the known oddities of theirs are spelt out where they matter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203.models import GetTensorboardRequest, ListTensorboardsRequest  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.exceptions import ThrottlingException  # type: ignore[import-untyped]
from keystoneauth1.exceptions.http import HttpError
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session
from openstack.exceptions import SDKException

from mlworkbench_emulator import Emulator, Fault
from mlworkbench_emulator.accounts import HUAWEI_USER, OTC_PROJECT

from . import vendors as official
from .facts import ERRORS
from .operations import DOCUMENTED, only_call_of
from .rows import Place, Row, prepare
from .table import ROWS
from .vendors import Refused, Vendors, refusal_of
from .wiretap import Told, Wiretap

FORGED = "not the secret"
ABOUT_ONE = {operation.name for operation in DOCUMENTED if "{id}" in operation.path}

THROTTLED = {
    "pai": Fault("*", 400, "Throttling.User", "Request was denied due to user flow control."),
    "core": Fault("*", 429, "APIGW.0308", "policy user over ratelimit,limit:200,time:5 minute"),
}


def ids(rows: list[Row]) -> list[str]:
    return [row.id for row in rows]


CALLS = [row for row in ROWS if row.reads and row.operation != "CreateToken"]
SIGNED = [row for row in CALLS if row.client != "otc"]
WITH_ID = [row for row in CALLS if row.operation in ABOUT_ONE]


def code_of(told: Told) -> str:
    found = told.json.get("Code") or told.json.get("error_code")
    return str(found)


def message_of(told: Told) -> str:
    found = told.json.get("Message") or told.json.get("error_msg") or told.json.get("error_message")
    return str(found)


def form_of(row: Row, told: Told) -> str:
    """Name the form that an error has to be in: the gateway words its own codes and what it says of callers."""
    if row.client == "pai":
        return "pai"
    if code_of(told).startswith(("APIG", "ModelArts.02")):
        return "gateway"
    return "images" if row.client == "modelarts" else "jobs"


def agree(row: Row, seen: Refused, told: Told) -> None:
    """Hold an exception against the answer that it was made of, and that against the form of the pages."""
    assert seen.status == told.status
    assert told.json.keys() == ERRORS[form_of(row, told)].fields
    assert told.json.get("is_success", False) is False
    if row.client == "otc":
        # OTC's extensions look for another request-id header, and know `error_msg` but not `error_message`.
        assert (message_of(told) if "error_msg" in told.json else code_of(told)) in seen.message
        return
    assert seen.request_id in (told.header.get("x-request-id"), told.header.get("x-acs-request-id"))
    if row.client == "core" and "error_message" in told.json:
        # The core does not know the spelling of the job service: it shows the body as it came.
        assert (seen.code, seen.message) == (str(told.status), told.body.decode())
        return
    assert seen.code == code_of(told)
    assert message_of(told) in seen.message


@pytest.mark.parametrize("row", SIGNED, ids=ids(SIGNED))
def test_a_wrong_secret_is_refused(row: Row, vendors: Vendors, tap: Wiretap, url: str) -> None:
    place = prepare(row, vendors)
    tap.clear()
    forger = official.forger(row.client, url)
    seen = refusal_of(lambda: row.theirs(forger, place))
    _, told = only_call_of(tap, row.operation)
    agree(row, seen, told)
    expected = (400, "SignatureDoesNotMatch") if row.client == "pai" else (401, "APIGW.0301")
    assert (seen.status, seen.code) == expected


@pytest.mark.parametrize("row", SIGNED, ids=ids(SIGNED))
def test_a_key_that_nobody_has_is_refused(row: Row, vendors: Vendors, tap: Wiretap, url: str) -> None:
    place = prepare(row, vendors)
    tap.clear()
    stranger = official.stranger(row.client, url)
    seen = refusal_of(lambda: row.theirs(stranger, place))
    _, told = only_call_of(tap, row.operation)
    agree(row, seen, told)
    expected = (404, "InvalidAccessKeyId.NotFound") if row.client == "pai" else (401, "APIGW.0301")
    assert (seen.status, seen.code) == expected


def test_a_wrong_password_is_refused(url: str, tap: Wiretap) -> None:
    with pytest.raises(SDKException) as seen:
        official.otc(url, FORGED)
    _, told = only_call_of(tap, "CreateToken")
    assert told.status == told.json["error"]["code"] == 401
    assert told.json["error"]["message"] in str(seen.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "nobody"},
        {"user_domain_name": "no-domain"},
        {"project_name": "no-project"},
        {"project_name": None, "project_id": "0" * 32},
        {"password": ""},
    ],
    ids=str,
)
def test_a_login_for_what_does_not_exist_is_refused(wrong: dict[str, str | None], url: str, tap: Wiretap) -> None:
    login: dict[str, Any] = {
        "username": HUAWEI_USER.name,
        "password": HUAWEI_USER.password,
        "user_domain_name": HUAWEI_USER.domain_name,
        "project_name": OTC_PROJECT.name,
    }
    for project in ({}, {"project_domain_name": HUAWEI_USER.domain_name}):
        with pytest.raises(HttpError) as seen:
            Password(f"{url}/v3", **{**login, **project, **wrong}).get_token(Session())
        _, told = tap.last()
        assert seen.value.http_status == told.status == told.json["error"]["code"] == 401
        assert "x-subject-token" not in told.header


@pytest.mark.parametrize("row", CALLS, ids=ids(CALLS))
def test_throttling_is_told_by_code_and_by_headers(
    row: Row, vendors: Vendors, tap: Wiretap, emulator: Emulator
) -> None:
    place = prepare(row, vendors)
    client = vendors[row.client]
    tap.clear()
    fault = THROTTLED["pai" if row.client == "pai" else "core"]
    emulator.faults.add(replace(fault, operation=row.operation))
    seen = refusal_of(lambda: row.theirs(client, place))
    asked, told = only_call_of(tap, row.operation)
    assert (told.status, code_of(told), message_of(told)) == (fault.status, fault.code, fault.message)
    assert seen.status == fault.status
    # The core drops the body of a 429 to all but POST, and OTC's extensions have no word for a code.
    if row.client == "pai" or (row.client != "otc" and asked.method == "POST"):
        agree(row, seen, told)


def test_an_error_of_pai_names_the_host_that_was_asked_and_where_to_read_on(vendors: Vendors, tap: Wiretap) -> None:
    refusal_of(lambda: vendors["pai"].get_tensorboard("tb-9", GetTensorboardRequest()))
    asked, told = tap.last()
    sample = ERRORS["pai"].sample
    assert told.json["HostId"] == asked.header["host"]
    assert told.json["RequestId"] == told.header["x-acs-request-id"]
    place = sample["Recommend"].partition("?q=")[0]
    assert told.json["Recommend"].startswith(f"{place}?q={told.json['Code']}&product=")


def test_a_throttled_caller_learns_how_long_to_wait(vendors: Vendors, emulator: Emulator) -> None:
    emulator.faults.add(replace(THROTTLED["pai"], operation="ListTensorboards", headers={"x-acs-retry-after": "200"}))
    with pytest.raises(ThrottlingException) as seen:
        vendors["pai"].list_tensorboards(ListTensorboardsRequest())
    assert (seen.value.code, seen.value.retry_after) == ("Throttling.User", 200)


@pytest.mark.parametrize("row", WITH_ID, ids=ids(WITH_ID))
def test_what_does_not_exist_is_refused(row: Row, vendors: Vendors, tap: Wiretap) -> None:
    client = vendors[row.client]
    tap.clear()
    seen = refusal_of(lambda: row.theirs(client, Place("4711", "4711")))
    _, told = only_call_of(tap, row.operation)
    agree(row, seen, told)
    expected = {"modelarts": (400, "ModelArts.6404"), "pai": (404, "NotFound")}.get(row.client, (404, "ModelArts.0102"))
    assert (told.status, code_of(told)) == expected


@pytest.mark.parametrize("row", SIGNED, ids=ids(SIGNED))
def test_a_temporary_key_is_as_good_with_its_token(row: Row, vendors: Vendors, tap: Wiretap, url: str) -> None:
    place = prepare(row, vendors)
    tap.clear()
    row.theirs(official.temporary(row.client, url), place)
    asked, told = only_call_of(tap, row.operation)
    assert told.status == 200
    assert asked.header.get("x-acs-security-token") or asked.header.get("x-security-token")


@pytest.mark.parametrize("name", ["pai", "modelarts", "core"])
def test_a_temporary_key_is_refused_without_its_token(name: str, tap: Wiretap, url: str) -> None:
    row = next(row for row in SIGNED if row.client == name and not row.thing)
    seen = refusal_of(lambda: row.theirs(official.without_token(name, url), Place()))
    _, told = tap.last()
    agree(row, seen, told)
    expected = (400, "InvalidSecurityToken.MismatchWithAccessKey") if name == "pai" else (401, "APIGW.0301")
    assert (seen.status, seen.code) == expected


@pytest.mark.parametrize("name", ["core", "otc"])
def test_a_second_job_of_the_same_name_is_refused(name: str, vendors: Vendors, tap: Wiretap) -> None:
    row = next(row for row in CALLS if row.client == name and row.operation == "CreateVisualizationJob")
    row.theirs(vendors[name], Place())
    tap.clear()
    seen = refusal_of(lambda: row.theirs(vendors[name], Place()))
    _, told = only_call_of(tap, row.operation)
    agree(row, seen, told)
    assert (told.status, code_of(told)) == (400, "ModelArts.0103")


def test_a_second_image_of_the_same_path_is_refused(vendors: Vendors, tap: Wiretap) -> None:
    row = next(row for row in CALLS if row.operation == "RegisterImage")
    row.theirs(vendors["modelarts"], Place())
    tap.clear()
    seen = refusal_of(lambda: row.theirs(vendors["modelarts"], Place()))
    _, told = only_call_of(tap, row.operation)
    agree(row, seen, told)
    assert (seen.status, seen.code) == (400, "ModelArts.6737")


def test_two_tensorboards_may_have_the_same_name(vendors: Vendors) -> None:
    row = next(row for row in CALLS if row.operation == "CreateTensorboard")
    first, second = (row.theirs(vendors["pai"], Place()).body.tensorboard_id for _ in range(2))
    assert first != second
