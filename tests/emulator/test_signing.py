"""Laws of the signature verifiers: published vectors are accepted, one changed byte is not."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import httpx
import pytest

from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.accounts import AccessKey, AlibabaUser, HuaweiUser, Project
from mlworkbench_emulator.exchange import Call
from mlworkbench_emulator.signing import acs3, sdk_hmac

# The vendors' published sample keys, and made-up ones.
PUBLISHED_ALIBABA_SECRET = "YourAccessKeySecret"
PUBLISHED_HUAWEI_KEY = AccessKey("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc")
HUAWEI_PROJECT_ID = "77b6a44cba5143ab91d13ab9a8ff44fd"

PAI_DATE = "2026-01-02T03:04:05Z"
PAI_CREATE_BODY = b'{"DisplayName":"tb","WorkspaceId":"123"}'
PAI_CREATE = "42d88326c75d7a2d137443a21bf21902dc0af628472b8b79272f4c10348640a8"
PAI_LIST = "8fd11663c993ffc51b734f8bbe4a59005b3abdc64ba738832c19e7c5d7448913"
PAI_UPDATE = "803350bce243c4851c642a37ae24fc21e8d2a47100adca30a3bc1962460b86c7"

HUAWEI_BODY = b'{"swr_path":"swr.region.example.com/org/repo:tag"}'
HUAWEI_REGISTER = "5b70472cd18e5080e24dba4546db5b65fa9cbb1c0e56a86acc42454e548d85ff"


def test_published_acs3_vector_is_reproduced() -> None:
    headers = [
        ("host", "ecs.cn-shanghai.aliyuncs.com"),
        ("x-acs-action", "RunInstances"),
        ("x-acs-content-sha256", hashlib.sha256(b"").hexdigest()),
        ("x-acs-date", "2023-10-26T10:22:32Z"),
        ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
        ("x-acs-version", "2014-05-26"),
    ]
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    names = [name for name, _ in headers]
    call = Call("POST", "/", query, headers, b"")
    canonical = hashlib.sha256(acs3.canonical_request(call, names).encode()).hexdigest()
    assert canonical == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    signature = acs3.signature(call, names, PUBLISHED_ALIBABA_SECRET)
    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


@pytest.mark.parametrize(
    ("who", "signature"),
    [
        ("Access=AK", "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"),
        ("Credential=AK/20191115///sdk_request", "a0f03b56828e2195f3f9f980a128ed757130504ee958dc210add06e9df89f227"),
        (
            "Credential=AK/20191115/eu-de/modelarts/sdk_request",
            "1cb628f80c88d85babe4d47e0b93eb507f58e523091b11ef1583cd23308c9195",
        ),
    ],
)
def test_published_sdk_hmac_vector_is_reproduced_in_every_form(who: str, signature: str) -> None:
    headers = [
        ("content-type", "application/json"),
        ("host", "service.region.example.com"),
        ("x-sdk-date", "20191115T033655Z"),
    ]
    query = "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    call = Call("GET", f"/v1/{HUAWEI_PROJECT_ID}/vpcs", query, headers, b"")
    names = ";".join(name for name, _ in headers)
    authorization = sdk_hmac.parse(f"SDK-HMAC-SHA256 {who}, SignedHeaders={names}, Signature={signature}")
    assert authorization is not None
    assert sdk_hmac.signature(call, authorization, PUBLISHED_HUAWEI_KEY.secret) == signature


@pytest.mark.parametrize("wire", ["a%20b%2A", "a+b*", "a+b%2a"])
def test_a_query_is_verified_decoded_however_it_was_written(wire: str) -> None:
    call = Call("GET", "/", f"Name={wire}&Empty=", [], b"")
    assert acs3.canonical_query(call.query) == "Empty=&Name=a%20b%2A"


def pai_emulator(token: str | None) -> Emulator:
    user = AlibabaUser("1", "2", "vector", (AccessKey("testAK", "testSK", token),), "10001")
    moment = datetime.strptime(PAI_DATE, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    return Emulator(Settings(alibaba_users=(user,)), real_time=lambda: moment)


def pai_headers(action: str, body: bytes, signature: str, token: str | None = None) -> dict[str, str]:
    signed = {
        "host": "pai-dlc.cn-hangzhou.aliyuncs.com",
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": PAI_DATE,
        "x-acs-signature-nonce": "0123456789abcdef0123456789abcdef",
        "x-acs-version": "2020-12-03",
    }
    if body:
        signed["content-type"] = "application/json; charset=utf-8"
    if token is not None:
        signed |= {"x-acs-security-token": token, "x-acs-accesskey-id": "testAK"}
    names = ";".join(sorted(signed))
    authorization = f"ACS3-HMAC-SHA256 Credential=testAK,SignedHeaders={names},Signature={signature}"
    return {**signed, "authorization": authorization}


async def send(emulator: Emulator, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(emulator.app), base_url="http://x") as client:
        return await client.request(method, url, headers=headers, content=body or None)


async def test_acs3_vector_of_a_create_is_accepted() -> None:
    headers = pai_headers("CreateTensorboard", PAI_CREATE_BODY, PAI_CREATE)
    answer = await send(pai_emulator(None), "POST", "/api/v1/tensorboards", headers, PAI_CREATE_BODY)
    assert answer.status_code == 200, answer.text


async def test_acs3_vector_of_a_list_is_accepted() -> None:
    url = "/api/v1/tensorboards?DisplayName=a+b*c~d/e%2Bf&PageNumber=1&ShowOwn=false&Status="
    answer = await send(pai_emulator(None), "GET", url, pai_headers("ListTensorboards", b"", PAI_LIST))
    assert answer.status_code == 200, answer.text


async def test_acs3_vector_with_a_security_token_is_accepted() -> None:
    url = "/api/v1/tensorboards/tb-1?Accessibility=PUBLIC&MaxRunningTimeMinutes=60"
    headers = pai_headers("UpdateTensorboard", b"", PAI_UPDATE, "sts+token/==")
    answer = await send(pai_emulator("sts+token/=="), "PUT", url, headers)
    assert answer.json()["Code"] == "NotFound", answer.text


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("x-acs-signature-nonce", "1123456789abcdef0123456789abcdef"),
        ("x-acs-date", "2026-01-02T03:04:06Z"),
        ("content-type", "application/json; charset=utf-9"),
        ("host", "pai-dlc.cn-hangzhou.aliyuncs.con"),
        ("x-acs-content-sha256", "0" * 64),
    ],
)
async def test_acs3_refuses_one_changed_header(changed: str, value: str) -> None:
    headers = {**pai_headers("CreateTensorboard", PAI_CREATE_BODY, PAI_CREATE), changed: value}
    answer = await send(pai_emulator(None), "POST", "/api/v1/tensorboards", headers, PAI_CREATE_BODY)
    assert (answer.status_code, answer.json()["Code"]) == (400, "SignatureDoesNotMatch")


async def test_acs3_refuses_one_changed_byte_of_the_body() -> None:
    headers = pai_headers("CreateTensorboard", PAI_CREATE_BODY, PAI_CREATE)
    body = PAI_CREATE_BODY.replace(b"123", b"124")
    answer = await send(pai_emulator(None), "POST", "/api/v1/tensorboards", headers, body)
    assert (answer.status_code, answer.json()["Code"]) == (400, "SignatureDoesNotMatch")


async def test_acs3_refuses_one_changed_byte_of_the_query() -> None:
    url = "/api/v1/tensorboards?DisplayName=a+b*c~d/e%2Bf&PageNumber=2&ShowOwn=false&Status="
    answer = await send(pai_emulator(None), "GET", url, pai_headers("ListTensorboards", b"", PAI_LIST))
    assert (answer.status_code, answer.json()["Code"]) == (400, "SignatureDoesNotMatch")


def huawei_emulator() -> Emulator:
    key = AccessKey(PUBLISHED_HUAWEI_KEY.id, PUBLISHED_HUAWEI_KEY.secret, "ST")
    user = HuaweiUser("d", "domain", "u", "user", "password", (key,), (Project(HUAWEI_PROJECT_ID, "region"),))
    moment = datetime(2019, 11, 15, 3, 36, 55, tzinfo=UTC).timestamp()
    return Emulator(Settings(huawei_users=(user,)), real_time=lambda: moment)


def huawei_headers(signature: str) -> dict[str, str]:
    names = "content-type;host;x-project-id;x-sdk-date;x-security-token"
    return {
        "content-type": "application/json",
        "host": "modelarts.region.example.com",
        "x-project-id": HUAWEI_PROJECT_ID,
        "x-sdk-date": "20191115T033655Z",
        "x-security-token": "ST",
        "authorization": f"SDK-HMAC-SHA256 Access={PUBLISHED_HUAWEI_KEY.id}, SignedHeaders={names}, "
        f"Signature={signature}",
    }


async def test_sdk_hmac_vector_of_a_register_is_accepted() -> None:
    url = f"/v1/{HUAWEI_PROJECT_ID}/images"
    answer = await send(huawei_emulator(), "POST", url, huawei_headers(HUAWEI_REGISTER), HUAWEI_BODY)
    assert answer.status_code == 200, answer.text


async def test_sdk_hmac_refuses_one_changed_byte() -> None:
    url = f"/v1/{HUAWEI_PROJECT_ID}/images"
    good = huawei_headers(HUAWEI_REGISTER)
    tries = [
        (url, good, HUAWEI_BODY.replace(b":tag", b":tab")),
        (f"{url}?a=", good, HUAWEI_BODY),
        (url, huawei_headers("0" + HUAWEI_REGISTER[1:]), HUAWEI_BODY),
        (url, {**good, "host": "modelarts.region.example.con"}, HUAWEI_BODY),
    ]
    for address, headers, body in tries:
        answer = await send(huawei_emulator(), "POST", address, headers, body)
        assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")


async def test_acs3_refuses_a_body_hash_that_is_a_lie_though_signed() -> None:
    headers = {**pai_headers("CreateTensorboard", PAI_CREATE_BODY, ""), "x-acs-content-sha256": "0" * 64}
    names = sorted(name for name in headers if name != "authorization")
    call = Call("POST", "/api/v1/tensorboards", "", list(headers.items()), PAI_CREATE_BODY)
    signature = acs3.signature(call, names, "testSK")
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential=testAK,SignedHeaders={';'.join(names)},Signature={signature}"
    )
    answer = await send(pai_emulator(None), "POST", "/api/v1/tensorboards", headers, PAI_CREATE_BODY)
    assert (answer.status_code, answer.json()["Code"]) == (400, "SignatureDoesNotMatch")


@pytest.mark.parametrize(("told", "status"), [("0" * 64, 401), ("UNSIGNED-PAYLOAD", 200), ("", 200)])
async def test_sdk_hmac_takes_an_unsigned_payload_but_no_lie_about_it(told: str, status: int) -> None:
    path = f"/v1/{HUAWEI_PROJECT_ID}/images"
    headers = huawei_headers("0" * 64)
    if told:
        headers["x-sdk-content-sha256"] = told
    authorization = sdk_hmac.parse(headers["authorization"])
    assert authorization is not None
    call = Call("POST", path, "", list(headers.items()), HUAWEI_BODY)
    signature = sdk_hmac.signature(call, authorization, PUBLISHED_HUAWEI_KEY.secret)
    headers["authorization"] = headers["authorization"].replace("0" * 64, signature)
    answer = await send(huawei_emulator(), "POST", path, headers, HUAWEI_BODY)
    assert answer.status_code == status
