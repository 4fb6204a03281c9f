"""Laws of sturdiness: what is no JSON never gets in, and no error ends a connection. Knows odd bodies; no provider."""

from __future__ import annotations

import json

import httpx
import pytest

from mlworkbench_emulator import Emulator, Fault, tokens
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER
from mlworkbench_emulator.clock import ClockError
from mlworkbench_emulator.resources import Resources
from mlworkbench_emulator.serving import running
from mlworkbench_emulator.strict_json import DEEPEST, JsonError, read_json
from mlworkbench_emulator.world import World

DEEP = b"[" * 5000
NO_JSON = {
    "half a pair": rb'{"DisplayName": "\ud800", "job_name": "q", "train_url": "/a/\ud800", "swr_path": "a/b/c:\ud800"}',
    "half a pair in bytes": b'{"DisplayName": "\xed\xa0\x80"}',
    "half a pair in a name": rb'{"\udfff": 1}',
    "half a pair far inside": rb'{"a": [{"b": ["\ud800"]}]}',
    "not closed and deep": DEEP,
    "closed and deep": DEEP + b"]" * 5000,
    "deeper than allowed": b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
    "NaN": b'{"Cpu": NaN}',
    "Infinity": b'{"a": [-Infinity]}',
    "beyond every float": b'{"a": 1e9999}',
    "more digits than Python reads": b'{"a": ' + b"9" * 5000 + b"}",
    "bytes of no encoding": b'{"a": "\xff"}',
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
async def test_what_is_no_json_is_refused_the_vendors_way(
    emulator: Emulator, pai: httpx.AsyncClient, huawei: httpx.AsyncClient, anyone: httpx.AsyncClient, body: bytes
) -> None:
    json_type = {"content-type": "application/json"}
    board = await pai.post("tensorboards", content=body, headers=json_type)
    job = await huawei.post("visualization-jobs", content=body, headers=json_type)
    image = await huawei.post("images", content=body, headers=json_type)
    login = await anyone.post("/v3/auth/tokens", content=body, headers=json_type)
    assert [answer.status_code for answer in (board, job, image, login)] == [400] * 4
    assert board.json()["Code"] == "InvalidParameter"
    assert (job.json()["error_code"], image.json()["error_code"]) == ("ModelArts.0104", "ModelArts.6400")
    assert login.json()["error"]["title"] == "Bad Request"
    assert [emulator.resources.all(kind) for kind in ("tensorboards", "visualization-jobs", "images")] == [[], [], []]
    assert (await pai.get("tensorboards")).json()["TotalCount"] == 0


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
@pytest.mark.parametrize(("method", "path"), [("PUT", "clock"), ("POST", "faults"), ("PATCH", "resources/images/1")])
async def test_what_is_no_json_is_refused_as_a_control(
    admin: httpx.AsyncClient, method: str, path: str, body: bytes
) -> None:
    answer = await admin.request(method, path, content=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("the body is no JSON")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "clock", b'{"advance_seconds": NaN}'),
        ("PUT", "clock", b'{"advance_seconds": 1e300}'),
        ("PUT", "clock", b'{"advance_seconds": 1' + b"0" * 400 + b"}"),
        ("PUT", "clock", b'{"advance_seconds": true}'),
        ("POST", "faults", b'{"operation": "*", "delay_seconds": 1e9999}'),
        ("POST", "faults", b'{"operation": "*", "delay_seconds": 1' + b"0" * 400 + b"}"),
        ("POST", "faults", rb'{"operation": "*", "status": 503, "headers": {"a": "\u4e2d"}}'),
        ("POST", "faults", rb'{"operation": "*", "status": 503, "headers": {"a": "b\r\nc: d"}}'),
        ("POST", "faults", rb'{"operation": "*", "status": 503, "headers": {"a b": "c"}}'),
        ("PUT", "progress", b'{"progress": "reads:' + b"9" * 5000 + b'"}'),
        ("PUT", "progress", b'{"progress": "seconds:' + b"9" * 400 + b'"}'),
    ],
)
async def test_a_control_beyond_measure_is_refused_and_changes_nothing(
    emulator: Emulator, admin: httpx.AsyncClient, pai: httpx.AsyncClient, method: str, path: str, body: bytes
) -> None:
    answer = await admin.request(method, path, content=body)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert (len(emulator.faults), str(emulator.progress)) == (0, "immediate")
    assert (await pai.post("tensorboards", json={})).status_code == 200


def test_time_goes_a_thousand_years_ahead_and_no_farther(emulator: Emulator) -> None:
    emulator.advance(1000 * 365 * 86400)
    for seconds in (1.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ClockError):
            emulator.advance(seconds)


def test_whole_pairs_and_what_is_nested_within_measure_are_read() -> None:
    value: object = "\U0001f600"
    for _ in range(DEEPEST):
        value = [value]
    assert read_json(json.dumps(value)) == value
    with pytest.raises(JsonError):
        read_json(json.dumps([value]))


async def test_a_text_that_has_to_hold_json_is_read_as_strictly(pai: httpx.AsyncClient) -> None:
    for options in (DEEP.decode(), "NaN", r'"\ud800"'):
        assert (await pai.post("tensorboards", json={"Options": options})).json()["Code"] == "InvalidParameter"


async def test_the_journal_keeps_no_secret_of_a_body_that_is_no_json(
    emulator: Emulator, anyone: httpx.AsyncClient
) -> None:
    content = json.dumps({"password": HUAWEI_USER.password, "odd": "\ud800"}).encode()
    await anyone.post("/v3/auth/tokens", content=content)
    assert [entry.body for entry in emulator.journal] == ["[redacted]"]


async def test_pai_refuses_a_hash_that_is_no_ascii(pai: httpx.AsyncClient) -> None:
    signed = (await pai.get("tensorboards")).request.headers
    changed = {b"x-acs-signature-nonce": b"another", b"x-acs-content-sha256": b"\xe9"}
    headers = {**{name.lower(): value for name, value in signed.raw}, **changed}
    answer = await pai.get("tensorboards", headers=headers, auth=httpx.Auth())
    assert answer.json()["Code"] == "SignatureDoesNotMatch"


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break what every look for a record, and every token, goes through."""

    def fail(*_: object, **__: object) -> None:
        raise LookupError("one\ntwo \ud800")

    monkeypatch.setattr(World, "find", fail)
    monkeypatch.setattr(Resources, "all", fail)
    monkeypatch.setattr(tokens, "issue", fail)


@pytest.mark.usefixtures("breaking")
@pytest.mark.parametrize("errors_as_200", [False, True])
async def test_an_unforeseen_error_is_answered_in_the_vendors_form_told_and_recorded(
    emulator: Emulator,
    admin: httpx.AsyncClient,
    pai: httpx.AsyncClient,
    huawei: httpx.AsyncClient,
    capsys: pytest.CaptureFixture[str],
    errors_as_200: bool,
) -> None:
    await admin.put("settings", json={"job_errors_as_200": errors_as_200})
    answers = [await pai.get("tensorboards/a"), await huawei.get("visualization-jobs/1"), await huawei.get("images/a")]
    assert [answer.status_code for answer in answers] == [500] * 3
    board, job, image = (answer.json() for answer in answers)
    assert (board["Code"], board["RequestId"]) == ("InternalError", answers[0].headers["x-acs-request-id"])
    assert (job["is_success"], job["error_code"]) == (False, "ModelArts.0010")
    assert sorted(image) == ["error_code", "error_msg"]
    assert image["error_code"] == "ModelArts.0010"
    lines = capsys.readouterr().err.splitlines()
    names = ["GetTensorboard", "ShowVisualizationJob", "ShowImage"]
    assert [line.split(" failed: LookupError")[0] for line in lines] == [f"mlworkbench-emulator: {n}" for n in names]
    recorded = [(entry.operation, entry.status, entry.code) for entry in emulator.journal]
    codes = ("InternalError", "ModelArts.0010", "ModelArts.0010")
    assert recorded == [(name, 500, code) for name, code in zip(names, codes, strict=True)]
    assert {entry.credential for entry in emulator.journal} == {"ACS3-HMAC-SHA256", "SDK-HMAC-SHA256"}


@pytest.mark.usefixtures("breaking")
async def test_an_unforeseen_error_is_answered_in_iams_form(
    anyone: httpx.AsyncClient, login: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await anyone.post("/v3/auth/tokens", json=login)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, 500)
    assert capsys.readouterr().err.startswith("mlworkbench-emulator: CreateToken failed")


@pytest.mark.usefixtures("breaking")
async def test_an_unforeseen_error_of_a_control_is_answered_with_plain_json(
    admin: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await admin.get("resources")
    assert (answer.status_code, list(answer.json())) == (500, ["error"])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mlworkbench-emulator: GET /_emulator/resources failed")


@pytest.mark.usefixtures("breaking")
async def test_a_connection_outlives_an_unforeseen_error(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    limits = httpx.Limits(max_connections=1)
    with running(emulator) as url:
        async with httpx.AsyncClient(base_url=url, auth=huawei.auth, limits=limits) as client:
            ports = set()
            for path, status in (("images/a", 500), ("images", 200), ("visualization-jobs/1", 500), ("images", 200)):
                answer = await client.get(f"/v1/{HUAWEI_PROJECT.id}/{path}")
                assert answer.status_code == status
                ports.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
    assert len(ports) == 1


async def test_an_answer_that_cannot_be_written_is_an_unforeseen_error(
    emulator: Emulator, pai: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    made = (await pai.post("tensorboards", json={})).json()["TensorboardId"]
    for spoilt in ("\ud800", float("nan")):
        emulator.resources.change("tensorboards", made, {"DisplayName": spoilt})
        answer = await pai.get(f"tensorboards/{made}")
        assert (answer.status_code, answer.json()["Code"]) == (500, "InternalError")
    emulator.faults.add(Fault("ListTensorboards", 503, headers={"x-odd": "\u4e2d"}))
    assert (await pai.get("tensorboards")).json()["Code"] == "InternalError"
    assert len(capsys.readouterr().err.splitlines()) == 3


async def test_a_fault_without_a_body_leaves_the_connection_usable(
    emulator: Emulator, huawei: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(emulator) as url:
        async with httpx.AsyncClient(base_url=f"{url}/v1/{HUAWEI_PROJECT.id}/", auth=huawei.auth) as client:
            for status in (204, 304):
                emulator.faults.add(Fault("ListImage", status, raw_body="ignored"))
                answer = await client.get("images")
                assert (answer.status_code, answer.content) == (status, b"")
            assert (await client.get("images")).status_code == 200
    assert capsys.readouterr().err == ""
