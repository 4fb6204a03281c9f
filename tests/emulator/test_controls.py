"""Laws of the emulator's own controls: the journal keeps no secrets, the admin path does what the methods do."""

from __future__ import annotations

import httpx
import pytest

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER

PATH = "swr.region.example.com/org/repo:1.0"


async def test_the_journal_tells_what_was_asked_and_answered(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    await pai.post("tensorboards", json={"DisplayName": "a b"})
    await pai.get("tensorboards", params={"DisplayName": "a b", "Status": ""})
    await pai.get("tensorboards/none")
    made, listed, missed = emulator.journal
    assert (made.number, made.service, made.operation, made.method) == (1, "pai-dlc", "CreateTensorboard", "POST")
    assert (made.path, made.body, made.status) == ("/api/v1/tensorboards", {"DisplayName": "a b"}, 200)
    assert listed.query == (("DisplayName", "a b"), ("Status", ""))
    assert (missed.operation, missed.status, missed.code) == ("GetTensorboard", 404, "NotFound")
    assert {entry.credential for entry in emulator.journal} == {"ACS3-HMAC-SHA256"}


async def test_the_journal_never_keeps_a_secret(
    emulator: Emulator, otc: httpx.AsyncClient, pai_sts: httpx.AsyncClient
) -> None:
    await otc.get("images")
    await pai_sts.get("tensorboards/none", params={"Token": "share-token"})
    text = repr(list(emulator.journal))
    secrets = [
        HUAWEI_USER.password,
        otc.headers["X-Auth-Token"],
        "share-token",
        "Signature=",
        "EmulatorAlibabaStsToken",
    ]
    assert [secret for secret in secrets if secret in text] == []
    assert emulator.journal.operations() == ["CreateToken", "ListImage", "GetTensorboard"]


async def test_the_journal_tells_of_refused_and_unknown_calls(emulator: Emulator, anyone: httpx.AsyncClient) -> None:
    await anyone.get(f"/v1/{HUAWEI_PROJECT.id}/images")
    await anyone.post("/api/v1/nothing", content=b"plain text")
    refused, unknown = emulator.journal
    assert (refused.operation, refused.status, refused.credential) == ("ListImage", 401, "none")
    assert (unknown.operation, unknown.code, unknown.body) == ("", "InvalidApi.NotFound", "plain text")


async def test_the_journal_can_be_read_and_cleared_over_the_admin_path(
    admin: httpx.AsyncClient, huawei: httpx.AsyncClient
) -> None:
    await huawei.get("images")
    await huawei.get("visualization-jobs")
    entries = (await admin.get("journal")).json()
    assert [entry["operation"] for entry in entries] == ["ListImage", "ListVisualizationJobs"]
    assert len((await admin.get("journal", params={"operation": "ListImage"})).json()) == 1
    await admin.delete("journal")
    assert (await admin.get("journal")).json() == []


async def test_health_needs_no_credentials(admin: httpx.AsyncClient) -> None:
    assert (await admin.get("health")).json() == {"status": "ok", "progress": "immediate", "calls": 0}


async def test_progress_clock_and_settings_are_set_over_the_admin_path(
    emulator: Emulator, admin: httpx.AsyncClient
) -> None:
    await admin.put("progress", json={"progress": "reads:2"})
    assert str(emulator.progress) == "reads:2"
    before = emulator.now
    await admin.put("clock", json={"advance_seconds": 3600})
    assert 3600 <= emulator.now - before < 3700
    changed = {"tensorboard_cap": 9, "job_delete_refused_in": [8, 9], "job_errors_as_200": True}
    assert (await admin.put("settings", json=changed)).json()["tensorboard_cap"] == 9
    assert emulator.settings.job_delete_refused_in == (8, 9)
    assert (await admin.get("settings")).json()["job_errors_as_200"] is True


@pytest.mark.parametrize(
    ("method", "path", "body", "word"),
    [
        ("PUT", "progress", {"progress": "soon"}, "reads:N"),
        ("PUT", "progress", {}, "reads:N"),
        ("PUT", "settings", {"colour": "red"}, "colour"),
        ("PUT", "settings", {"tensorboard_cap": "many"}, "tensorboard_cap"),
        ("PUT", "settings", {"alibaba_users": []}, "alibaba_users"),
        ("PUT", "clock", {"advance_seconds": -1}, "forward"),
        ("POST", "faults", {"status": 503}, "operation"),
        ("POST", "faults", {"operation": "ListImage", "colour": "red"}, "colour"),
        ("POST", "faults", {"operation": "ListImage", "status": "503"}, "status"),
        ("POST", "faults", {"operation": "ListImage", "delay_seconds": "1"}, "delay_seconds"),
        ("POST", "faults", {"operation": "ListImage", "headers": {"a": 1}}, "headers"),
        ("POST", "outcomes", {"operation": "ListImage"}, "state"),
        ("PUT", "settings", {"deleted_images": "perhaps"}, "http-404"),
        ("PUT", "swr", {"swr_path": PATH}, "present"),
    ],
)
async def test_a_control_that_makes_no_sense_is_refused_with_a_word_of_help(
    admin: httpx.AsyncClient, method: str, path: str, body: dict[str, object], word: str
) -> None:
    answer = await admin.request(method, path, json=body)
    assert answer.status_code == 400
    assert word in answer.json()["error"]


async def test_a_control_wants_a_json_object(admin: httpx.AsyncClient) -> None:
    for content in (b"{", b"[]"):
        assert (await admin.put("progress", content=content)).status_code == 400


async def test_faults_and_endings_are_set_over_the_admin_path(admin: httpx.AsyncClient, pai: httpx.AsyncClient) -> None:
    fault = {"operation": "CreateTensorboard", "status": 503, "code": "ServiceUnavailable", "times": 1}
    assert (await admin.post("faults", json=fault)).json()["after_commit"] is False
    assert len((await admin.get("faults")).json()) == 1
    assert (await pai.post("tensorboards", json={})).status_code == 503
    assert (await admin.get("faults")).json() == []
    await admin.post("faults", json=fault)
    await admin.delete("faults")
    ending = {"operation": "CreateTensorboard", "state": "Failed", "reason_code": "Broken"}
    await admin.post("outcomes", json=ending)
    assert len((await admin.get("outcomes")).json()) == 1
    made = (await pai.post("tensorboards", json={})).json()["TensorboardId"]
    assert (await pai.get(f"tensorboards/{made}")).json()["ReasonCode"] == "Broken"
    await admin.post("outcomes", json=ending)
    await admin.delete("outcomes")
    assert (await admin.get("outcomes")).json() == []


async def test_resources_are_seen_changed_and_removed_behind_the_clients_back(
    admin: httpx.AsyncClient, huawei: httpx.AsyncClient
) -> None:
    image = (await huawei.post("images", json={"swr_path": PATH, "read_me": "hidden"})).json()
    everything = (await admin.get("resources")).json()
    assert sorted(everything) == ["images", "tensorboards", "visualization-jobs"]
    assert everything["images"][0]["read_me"] == "hidden"
    assert len((await admin.get("resources/images")).json()) == 1
    path = f"resources/images/{image['id']}"
    assert (await admin.get(path)).json()["description"] == ""
    await admin.patch(path, json={"description": "drifted"})
    assert (await huawei.get(f"images/{image['id']}")).json()["description"] == "drifted"
    assert (await admin.patch(path, json={"colour": "red"})).status_code == 404
    await admin.delete(path)
    assert (await huawei.get(f"images/{image['id']}")).status_code == 400
    for missing in (path, "resources/images/none", "resources/cars", "resources/cars/1"):
        assert (await admin.get(missing)).status_code == 404


async def test_swr_contents_are_set_over_the_admin_path(admin: httpx.AsyncClient, huawei: httpx.AsyncClient) -> None:
    await admin.put("swr", json={"swr_path": PATH, "present": False})
    assert (await admin.get("swr")).json() == {"removed": [PATH]}
    assert (await huawei.post("images", json={"swr_path": PATH})).status_code == 400
    await admin.put("swr", json={"swr_path": PATH, "present": True})
    assert (await huawei.post("images", json={"swr_path": PATH})).status_code == 200


async def test_a_reset_forgets_nonces_and_bad_signatures(
    emulator: Emulator, pai: httpx.AsyncClient, huawei: httpx.AsyncClient, huawei_wrong_secret: httpx.AsyncClient
) -> None:
    signed = (await pai.get("tensorboards")).request.headers
    for _ in range(6):
        await huawei_wrong_secret.get("images")
    assert (await huawei.get("images")).status_code == 401
    emulator.reset()
    assert (await huawei.get("images")).status_code == 200
    assert (await pai.get("tensorboards", headers=signed, auth=httpx.Auth())).status_code == 200


async def test_a_reset_goes_back_to_the_start(
    emulator: Emulator, admin: httpx.AsyncClient, pai: httpx.AsyncClient
) -> None:
    await pai.post("tensorboards", json={})
    await admin.put("progress", json={"progress": "reads:2"})
    await admin.put("settings", json={"tensorboard_cap": 0})
    await admin.put("clock", json={"advance_seconds": 1e6})
    await admin.put("swr", json={"swr_path": PATH, "present": False})
    await admin.post("faults", json={"operation": "*", "status": 503})
    await admin.post("reset")
    assert emulator.resources.all("tensorboards") == []
    assert (str(emulator.progress), emulator.settings.tensorboard_cap) == ("immediate", 5)
    assert (len(emulator.faults), len(emulator.journal), emulator.swr.removed()) == (0, 0, [])
    assert (await pai.post("tensorboards", json={})).status_code == 200
