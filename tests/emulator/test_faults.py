"""Laws of faults: which calls they hit, what is answered, and whether the call took effect."""

from __future__ import annotations

import time

import httpx
import pytest

from mlworkbench_emulator import Emulator, Fault
from mlworkbench_emulator.accounts import HUAWEI_PROJECT
from mlworkbench_emulator.pipeline import ConnectionDropped
from mlworkbench_emulator.serving import running

JOB = {"job_name": "a", "train_url": "/b/"}


async def test_a_fault_is_answered_in_pais_form(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.faults.add(
        Fault("CreateTensorboard", 400, "Throttling.User", "slow down", headers={"x-acs-retry-after": "20"})
    )
    answer = await pai.post("tensorboards", json={})
    assert (answer.status_code, answer.json()["Code"], answer.json()["Message"]) == (
        400,
        "Throttling.User",
        "slow down",
    )
    assert answer.headers["x-acs-retry-after"] == "20"
    assert emulator.resources.all("tensorboards") == []
    assert (await pai.post("tensorboards", json={})).status_code == 200


async def test_a_fault_is_answered_in_modelarts_two_forms(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("CreateVisualizationJob", 429, "APIGW.0308", "too fast"))
    emulator.faults.add(Fault("CreateVisualizationJob", 429, "ModelArts.0114", "too often"))
    emulator.faults.add(Fault("RegisterImage", 500, "ModelArts.0010", "broken"))
    gateway = (await huawei.post("visualization-jobs", json=JOB)).json()
    assert (gateway["error_code"], gateway["error_msg"]) == ("APIGW.0308", "too fast")
    assert "request_id" in gateway
    service = (await huawei.post("visualization-jobs", json=JOB)).json()
    assert service == {"is_success": False, "error_code": "ModelArts.0114", "error_message": "too often"}
    image = (await huawei.post("images", json={})).json()
    assert image == {"error_code": "ModelArts.0010", "error_msg": "broken"}


async def test_a_fault_hits_as_many_calls_as_asked_after_the_skipped(
    emulator: Emulator, huawei: httpx.AsyncClient
) -> None:
    emulator.faults.add(Fault("ListImage", 503, times=2, skip=1))
    assert [(await huawei.get("images")).status_code for _ in range(4)] == [200, 503, 503, 200]


async def test_a_fault_hits_only_its_operation_or_any(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("ShowImage", 503))
    assert (await huawei.get("images")).status_code == 200
    emulator.faults.clear()
    emulator.faults.add(Fault("*", 503))
    assert (await huawei.get("images")).status_code == 503


async def test_a_badly_signed_call_uses_no_fault_up(
    emulator: Emulator, huawei: httpx.AsyncClient, huawei_wrong_secret: httpx.AsyncClient
) -> None:
    emulator.faults.add(Fault("ListImage", 503))
    assert (await huawei_wrong_secret.get("images")).status_code == 401
    assert (await huawei.get("images")).status_code == 503


async def test_an_answer_can_be_lost_after_the_call_took_effect(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("CreateTensorboard", 503, "ServiceUnavailable", after_commit=True))
    assert (await pai.post("tensorboards", json={"DisplayName": "made"})).status_code == 503
    assert [record["DisplayName"] for record in emulator.resources.all("tensorboards")] == ["made"]


async def test_an_answer_can_be_no_json_at_all(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("ListTensorboards", 502, raw_body="<html>Bad Gateway</html>"))
    answer = await pai.get("tensorboards")
    assert (answer.status_code, answer.text) == (502, "<html>Bad Gateway</html>")
    assert answer.headers["content-type"] == "text/plain"


async def test_iam_can_fail_too(emulator: Emulator, anyone: httpx.AsyncClient, login: dict[str, object]) -> None:
    emulator.faults.add(Fault("CreateToken", 503, "Unavailable", "later"))
    answer = await anyone.post("/v3/auth/tokens", json=login)
    assert answer.json() == {"error": {"code": 503, "message": "later", "title": "Unavailable"}}


@pytest.mark.parametrize("after_commit", [True, False])
async def test_a_delayed_call_is_answered_late(
    emulator: Emulator, huawei: httpx.AsyncClient, after_commit: bool
) -> None:
    emulator.faults.add(Fault("ListImage", delay_seconds=0.05, after_commit=after_commit))
    begin = time.monotonic()
    assert (await huawei.get("images")).status_code == 200
    assert time.monotonic() - begin >= 0.05


async def test_a_connection_dropped_in_process_is_an_error(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("CreateTensorboard", drop_connection=True))
    with pytest.raises(ConnectionDropped):
        await pai.post("tensorboards", json={})
    assert emulator.resources.all("tensorboards") == []
    assert [(entry.status, entry.code) for entry in emulator.journal] == [(0, "ConnectionDropped")]


@pytest.mark.parametrize("after_commit", [True, False])
async def test_a_served_connection_is_cut_before_or_after_the_effect(
    emulator: Emulator, otc: httpx.AsyncClient, after_commit: bool
) -> None:
    emulator.faults.add(Fault("CreateVisualizationJob", drop_connection=True, after_commit=after_commit))
    with running(emulator) as url:
        async with httpx.AsyncClient(base_url=f"{url}{otc.base_url.path}", headers=otc.headers) as client:
            with pytest.raises(httpx.TransportError):
                await client.post("visualization-jobs", json=JOB)
            assert (await client.get("visualization-jobs")).json()["job_total_count"] == int(after_commit)


async def test_a_server_stops_at_once_while_a_call_is_delayed(emulator: Emulator, otc: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("ListImage", delay_seconds=60))
    with running(emulator) as url:
        async with httpx.AsyncClient(base_url=f"{url}{otc.base_url.path}", headers=otc.headers) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("images", timeout=0.1)
            begin = time.monotonic()
    assert time.monotonic() - begin < 1


def test_a_project_of_another_is_still_refused_when_served(emulator: Emulator) -> None:
    with running(emulator) as url:
        assert httpx.get(f"{url}/v1/{HUAWEI_PROJECT.id}/images").json()["error_code"] == "ModelArts.0201"


@pytest.mark.parametrize("name", ["x-request-id", "X-Request-Id", "X-REQUEST-ID", "Content-Type", "DATE"])
async def test_a_header_of_a_fault_replaces_the_emulators_own_however_it_is_spelt(
    name: str, emulator: Emulator, huawei: httpx.AsyncClient
) -> None:
    emulator.faults.add(Fault("ListImage", 200, raw_body="{}", headers={name: "mine"}))
    assert (await huawei.get("images")).headers.get_list(name) == ["mine"]
