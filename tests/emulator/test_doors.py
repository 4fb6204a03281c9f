"""Laws of the doors: who is let in, and with which of the vendors' words the others are sent away."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import httpx
import pytest

from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, OTC_PROJECT
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.serving import running


async def replayed(client: httpx.AsyncClient, path: str, **changes: str) -> httpx.Response:
    """Sign a request, and send it again with other headers."""
    answer = await client.get(path)
    headers = {**dict(answer.request.headers), **changes}
    return await client.get(path, headers=headers, auth=httpx.Auth())


def code(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body.get("Code") or body["error_code"]


async def test_pai_refuses_a_nonce_that_was_used(pai: httpx.AsyncClient) -> None:
    assert code(await replayed(pai, "tensorboards")) == (400, "SignatureNonceUsed")


async def test_pai_refuses_an_old_date(pai: httpx.AsyncClient) -> None:
    answer = await replayed(pai, "tensorboards", **{"x-acs-date": "2020-01-02T03:04:05Z"})
    assert code(answer) == (400, "InvalidTimeStamp.Expired")


async def test_pai_refuses_a_malformed_date(pai: httpx.AsyncClient) -> None:
    answer = await replayed(pai, "tensorboards", **{"x-acs-date": "yesterday"})
    assert code(answer) == (400, "InvalidTimeStamp.Format")


async def test_pai_refuses_an_unknown_key_with_404(pai: httpx.AsyncClient) -> None:
    authorization = f"ACS3-HMAC-SHA256 Credential=nobody,SignedHeaders=host,Signature={'0' * 64}"
    answer = await replayed(pai, "tensorboards", authorization=authorization)
    assert code(answer) == (404, "InvalidAccessKeyId.NotFound")


async def test_pai_refuses_a_signature_that_leaves_headers_out(pai: httpx.AsyncClient) -> None:
    authorization = f"ACS3-HMAC-SHA256 Credential=EmulatorAlibabaKeyId,SignedHeaders=host,Signature={'0' * 64}"
    answer = await replayed(pai, "tensorboards", authorization=authorization)
    assert code(answer) == (400, "IncompleteSignature")


@pytest.mark.parametrize("authorization", ["", "Basic abc", "acs AK:c2ln"])
async def test_pai_refuses_another_kind_of_authorization(pai: httpx.AsyncClient, authorization: str) -> None:
    answer = await replayed(pai, "tensorboards", authorization=authorization)
    assert code(answer) == (400, "IncompleteSignature")


async def test_pai_lets_a_temporary_key_in_with_its_token_only(pai_sts: httpx.AsyncClient) -> None:
    assert (await pai_sts.get("tensorboards")).status_code == 200
    answer = await replayed(pai_sts, "tensorboards", **{"x-acs-security-token": "another"})
    assert code(answer) == (400, "InvalidSecurityToken.MismatchWithAccessKey")


async def test_pai_has_no_other_paths(anyone: httpx.AsyncClient) -> None:
    assert code(await anyone.get("/api/v1/nothing")) == (404, "InvalidApi.NotFound")
    assert code(await anyone.patch("/api/v1/tensorboards")) == (404, "InvalidApi.NotFound")


async def test_pai_wants_the_action_of_the_path(pai: httpx.AsyncClient) -> None:
    answer = await replayed(pai, "tensorboards", **{"x-acs-action": "ListJobs"})
    assert code(answer) == (404, "InvalidApi.NotFound")


async def test_pai_refuses_in_the_vendors_form(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.get("/api/v1/tensorboards", headers={"x-acs-version": "2020-12-03"})
    body = answer.json()
    assert sorted(body) == ["Code", "HostId", "Message", "Recommend", "RequestId"]
    assert answer.headers["x-acs-request-id"] == body["RequestId"] == str(uuid.UUID(body["RequestId"])).upper()
    assert body["HostId"] == "emulator.test"


async def test_pai_judges_dates_by_the_real_time_whatever_its_clock_says(
    emulator: Emulator, pai: httpx.AsyncClient
) -> None:
    emulator.advance(30 * 86400)
    assert (await pai.get("tensorboards")).status_code == 200


async def test_answers_are_dated_by_the_time_that_signatures_are_judged_by(login: dict[str, object]) -> None:
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    emulator = Emulator(real_time=noon.timestamp)
    emulator.advance(86400)
    with running(emulator) as url:
        async with httpx.AsyncClient(base_url=url) as client:
            answer = await client.post("/v3/auth/tokens", json=login)
    emulator.close()
    assert answer.headers.get_list("date") == ["Fri, 02 Jan 2026 12:00:00 GMT"]


async def test_a_fault_may_date_its_answer_otherwise(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.faults.add(Fault("*", status=503, headers={"Date": "Thu, 01 Jan 2026 00:00:00 GMT"}))
    answer = await pai.get("tensorboards")
    assert answer.headers.get_list("date") == ["Thu, 01 Jan 2026 00:00:00 GMT"]


async def test_modelarts_lets_every_documented_credential_in(
    huawei: httpx.AsyncClient,
    huawei_temporary: httpx.AsyncClient,
    huawei_scoped: httpx.AsyncClient,
    otc: httpx.AsyncClient,
    emulator: Emulator,
) -> None:
    for client in (huawei, huawei_temporary, huawei_scoped, otc):
        assert (await client.get("images")).status_code == 200
    kinds = [entry.credential for entry in emulator.journal.of("ListImage")]
    assert kinds == ["SDK-HMAC-SHA256", "SDK-HMAC-SHA256", "SDK-HMAC-SHA256 scoped", "X-Auth-Token"]


async def test_modelarts_refuses_a_caller_without_credentials(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.get(f"/v1/{HUAWEI_PROJECT.id}/images")
    assert code(answer) == (401, "ModelArts.0201")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert "error_message" not in answer.json()


async def test_modelarts_refuses_a_token_that_it_did_not_issue(otc: httpx.AsyncClient) -> None:
    token = otc.headers["X-Auth-Token"]
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    assert code(await otc.get("images", headers={"X-Auth-Token": changed})) == (401, "ModelArts.0203")
    assert code(await otc.get("images", headers={"X-Auth-Token": "MIIFake"})) == (401, "ModelArts.0203")


async def test_modelarts_refuses_a_token_after_a_day(emulator: Emulator, otc: httpx.AsyncClient) -> None:
    emulator.advance(24 * 3600 - 60)
    assert (await otc.get("images")).status_code == 200
    emulator.advance(60)
    assert code(await otc.get("images")) == (401, "ModelArts.0202")


async def test_modelarts_refuses_a_token_without_a_project(
    anyone: httpx.AsyncClient, login_without_project: dict[str, object]
) -> None:
    login = await anyone.post("/v3/auth/tokens", json=login_without_project)
    headers = {"X-Auth-Token": login.headers["X-Subject-Token"]}
    assert code(await anyone.get(f"/v1/{OTC_PROJECT.id}/images", headers=headers)) == (401, "ModelArts.0212")


async def test_modelarts_refuses_another_project_than_the_credentials(
    otc: httpx.AsyncClient, huawei: httpx.AsyncClient
) -> None:
    for client in (otc, huawei):
        answer = await client.get("http://emulator.test/v1/0123456789abcdef0123456789abcdef/images")
        assert code(answer) == (403, "ModelArts.0210")
    assert code(await otc.get(f"http://emulator.test/v1/{HUAWEI_PROJECT.id}/images")) == (403, "ModelArts.0210")
    narrowed = await huawei.get("images", headers={"X-Project-Id": OTC_PROJECT.id})
    assert code(narrowed) == (403, "ModelArts.0210")


async def test_modelarts_refuses_an_old_date_and_a_wrong_secret(
    huawei: httpx.AsyncClient, huawei_wrong_secret: httpx.AsyncClient
) -> None:
    assert code(await replayed(huawei, "images", **{"x-sdk-date": "20200102T030405Z"})) == (401, "APIGW.0301")
    assert code(await huawei_wrong_secret.get("images")) == (401, "APIGW.0301")


async def test_modelarts_lets_a_temporary_key_in_with_its_token_only(huawei_temporary: httpx.AsyncClient) -> None:
    answer = await replayed(huawei_temporary, "images", **{"x-security-token": "another"})
    assert code(answer) == (401, "APIGW.0301")


async def test_modelarts_locks_a_key_after_more_than_five_bad_signatures(
    emulator: Emulator, huawei: httpx.AsyncClient, huawei_wrong_secret: httpx.AsyncClient
) -> None:
    for _ in range(5):
        await huawei_wrong_secret.get("images")
    assert (await huawei.get("images")).status_code == 200
    for _ in range(6):
        await huawei_wrong_secret.get("images")
    locked = await huawei.get("images")
    assert code(locked) == (401, "APIGW.0301")
    assert "reach the limit" in locked.json()["error_msg"]
    emulator.advance(301)
    assert (await huawei.get("images")).status_code == 200


async def test_modelarts_has_no_other_paths(huawei: httpx.AsyncClient) -> None:
    assert code(await huawei.get("nothing")) == (404, "APIGW.0101")
    assert code(await huawei.patch("images")) == (404, "APIGW.0101")


async def test_a_day_other_than_the_scopes_is_refused(huawei_scoped: httpx.AsyncClient) -> None:
    answer = await huawei_scoped.get("images")
    authorization = answer.request.headers["authorization"]
    day = authorization.partition("/")[2][:8]
    wrong = authorization.replace(day, "20200102")
    assert code(await replayed(huawei_scoped, "images", authorization=wrong)) == (401, "APIGW.0301")


async def test_a_token_lives_on_when_the_emulator_starts_again(login: dict[str, object]) -> None:
    tokens: list[str] = []
    for emulator in (Emulator(), Emulator(Settings())):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(emulator.app), base_url="http://x") as client:
            if not tokens:
                tokens.append((await client.post("/v3/auth/tokens", json=login)).headers["X-Subject-Token"])
            answer = await client.get(f"/v1/{OTC_PROJECT.id}/images", headers={"X-Auth-Token": tokens[0]})
            assert answer.status_code == 200
