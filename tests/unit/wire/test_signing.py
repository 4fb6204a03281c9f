"""Laws of the two signatures. Knows the vendors' published vectors; no service and no operation of the provider."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from mlworkbench.wire.signing import (
    Acs3,
    Keys,
    ScopedSdkHmac,
    SdkHmac,
    acs3_request,
    canonical_query,
    sdk_request,
    sha256,
    signature,
)

EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

# Alibaba Cloud: the published example, and three requests of PAI-DLC checked against the vendor's own signer.
ACS_KEYS = Keys("testAK", "testSK")
ACS_STS_KEYS = Keys("testAK", "testSK", "sts+token/==")
ACS_MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ACS_NONCE = "0123456789abcdef0123456789abcdef"
PAI = "https://pai-dlc.cn-hangzhou.aliyuncs.com"
CREATE_BODY = b'{"DisplayName":"tb","WorkspaceId":"123"}'

RUN_INSTANCES = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
CREATE_TENSORBOARD = "42d88326c75d7a2d137443a21bf21902dc0af628472b8b79272f4c10348640a8"
LIST_TENSORBOARDS = "8fd11663c993ffc51b734f8bbe4a59005b3abdc64ba738832c19e7c5d7448913"
UPDATE_TENSORBOARD = "803350bce243c4851c642a37ae24fc21e8d2a47100adca30a3bc1962460b86c7"

# Huawei Cloud: the published example (its sample keys are public), and a request of ModelArts.
SDK_KEYS = Keys("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc")
SDK_MOMENT = datetime(2019, 11, 15, 3, 36, 55, tzinfo=UTC)
PROJECT = "77b6a44cba5143ab91d13ab9a8ff44fd"
REGISTER_BODY = b'{"swr_path":"swr.region.example.com/org/repo:tag"}'

LIST_VPCS = "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
REGISTER_IMAGE = "5b70472cd18e5080e24dba4546db5b65fa9cbb1c0e56a86acc42454e548d85ff"


def acs_headers(action: str, content_hash: str, **more: str) -> dict[str, str]:
    return {
        "Host": "pai-dlc.cn-hangzhou.aliyuncs.com",
        "x-acs-action": action,
        "x-acs-version": "2020-12-03",
        "x-acs-date": "2026-01-02T03:04:05Z",
        "x-acs-signature-nonce": ACS_NONCE,
        "x-acs-content-sha256": content_hash,
        "Accept": "application/json",
        "User-Agent": "anything",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def acs_signature(digest: str, secret: str = "testSK") -> str:
    return signature(secret, f"ACS3-HMAC-SHA256\n{digest}")


def test_acs3_agrees_with_the_published_example() -> None:
    canonical = acs3_request(
        "POST",
        "/",
        b"RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        {
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-version": "2014-05-26",
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "x-acs-content-sha256": EMPTY_HASH,
        },
        EMPTY_HASH,
    )
    assert canonical.digest == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    assert acs_signature(canonical.digest, "YourAccessKeySecret") == RUN_INSTANCES


def test_acs3_agrees_with_the_vendor_on_a_body() -> None:
    content_hash = sha256(CREATE_BODY)
    assert content_hash.startswith("0301e009")
    assert content_hash.endswith("836f")
    headers = acs_headers("CreateTensorboard", content_hash, content_type="application/json; charset=utf-8")
    canonical = acs3_request("POST", "/api/v1/tensorboards", b"", headers, content_hash)
    assert acs_signature(canonical.digest) == CREATE_TENSORBOARD


def test_acs3_agrees_with_the_vendor_on_a_query() -> None:
    query = b"Status=&ShowOwn=false&DisplayName=a%20b*c~d%2Fe%2Bf&PageNumber=1"
    assert canonical_query(query) == "DisplayName=a%20b%2Ac~d%2Fe%2Bf&PageNumber=1&ShowOwn=false&Status="
    headers = acs_headers("ListTensorboards", EMPTY_HASH)
    canonical = acs3_request("GET", "/api/v1/tensorboards", query, headers, EMPTY_HASH)
    assert acs_signature(canonical.digest) == LIST_TENSORBOARDS


def test_acs3_agrees_with_the_vendor_on_temporary_keys() -> None:
    more = {"x_acs_security_token": "sts+token/==", "x_acs_accesskey_id": "testAK"}
    headers = acs_headers("UpdateTensorboard", EMPTY_HASH, **more)
    query = b"Accessibility=PUBLIC&MaxRunningTimeMinutes=60"
    canonical = acs3_request("PUT", "/api/v1/tensorboards/tb-1", query, headers, EMPTY_HASH)
    assert acs_signature(canonical.digest) == UPDATE_TENSORBOARD


@pytest.mark.parametrize(
    ("keys", "method", "url", "action", "body", "expected"),
    [
        (ACS_KEYS, "POST", f"{PAI}/api/v1/tensorboards", "CreateTensorboard", CREATE_BODY, CREATE_TENSORBOARD),
        (
            ACS_KEYS,
            "GET",
            f"{PAI}/api/v1/tensorboards?PageNumber=1&DisplayName=a%20b%2Ac~d%2Fe%2Bf&Status=&ShowOwn=false",
            "ListTensorboards",
            b"",
            LIST_TENSORBOARDS,
        ),
        (
            ACS_STS_KEYS,
            "PUT",
            f"{PAI}/api/v1/tensorboards/tb-1?MaxRunningTimeMinutes=60&Accessibility=PUBLIC",
            "UpdateTensorboard",
            b"",
            UPDATE_TENSORBOARD,
        ),
    ],
    ids=["body", "query", "temporary keys"],
)
def test_requests_carry_the_acs3_signature_that_the_vendor_computes(
    keys: Keys, method: str, url: str, action: str, body: bytes, expected: str
) -> None:
    auth = Acs3(keys, now=lambda: ACS_MOMENT, nonce=lambda: ACS_NONCE)
    typed = {"Content-Type": "application/json; charset=utf-8"} if body else {}
    headers = {"x-acs-action": action, "x-acs-version": "2020-12-03", **typed}
    signed = sign(auth, httpx.Request(method, url, content=body, headers=headers))
    assert signed.headers["Authorization"].endswith(f",Signature={expected}")


def test_an_acs3_authorization_is_written_without_spaces_after_its_commas() -> None:
    auth = Acs3(ACS_STS_KEYS, now=lambda: ACS_MOMENT, nonce=lambda: ACS_NONCE)
    signed = sign(auth, httpx.Request("GET", f"{PAI}/api/v1/tensorboards", headers={"x-acs-action": "X"}))
    names = (
        "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-security-token;x-acs-signature-nonce"
    )
    start = f"ACS3-HMAC-SHA256 Credential=testAK,SignedHeaders={names},Signature="
    assert signed.headers["Authorization"].startswith(start)


def test_an_acs3_request_without_temporary_keys_carries_no_token() -> None:
    signed = sign(Acs3(ACS_KEYS), httpx.Request("GET", f"{PAI}/api/v1/tensorboards"))
    assert "x-acs-security-token" not in signed.headers
    assert "x-acs-accesskey-id" not in signed.headers


def test_sdk_hmac_agrees_with_the_published_example() -> None:
    canonical = sdk_request(
        "GET",
        f"/v1/{PROJECT}/vpcs",
        b"marker=13551d6b-755d-4757-b956-536f674975c0&limit=2",
        {
            "X-Sdk-Date": "20191115T033655Z",
            "Host": "service.region.example.com",
            "Content-Type": "application/json",
        },
        EMPTY_HASH,
    )
    assert canonical.digest == "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
    assert canonical.signed_headers == "content-type;host;x-sdk-date"
    signed = signature(SDK_KEYS.secret_key, f"SDK-HMAC-SHA256\n20191115T033655Z\n{canonical.digest}")
    assert signed == LIST_VPCS


def test_sdk_hmac_agrees_with_the_vendor_on_a_body_and_temporary_keys() -> None:
    content_hash = sha256(REGISTER_BODY)
    assert content_hash == "f73ee7e122fb6cb2ec004566394cc176a3d241c633e6b717a2e2ecee8351be48"
    canonical = sdk_request(
        "POST",
        f"/v1/{PROJECT}/images",
        b"",
        {
            "host": "modelarts.region.example.com",
            "content-type": "application/json",
            "x-project-id": PROJECT,
            "x-security-token": "ST",
            "x-sdk-date": "20191115T033655Z",
        },
        content_hash,
    )
    assert canonical.signed_headers == "content-type;host;x-project-id;x-sdk-date;x-security-token"
    signed = signature(SDK_KEYS.secret_key, f"SDK-HMAC-SHA256\n20191115T033655Z\n{canonical.digest}")
    assert signed == REGISTER_IMAGE


def test_requests_carry_the_sdk_signature_of_the_published_example() -> None:
    url = f"https://service.region.example.com/v1/{PROJECT}/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    request = httpx.Request("GET", url, headers={"content-type": "application/json"})
    signed = sign(SdkHmac(SDK_KEYS, now=lambda: SDK_MOMENT), request)
    assert signed.headers["X-Sdk-Date"] == "20191115T033655Z"
    assert signed.headers["Authorization"] == (
        "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, "
        f"Signature={LIST_VPCS}"
    )


def test_requests_carry_the_sdk_signature_of_a_body_and_temporary_keys() -> None:
    keys = Keys(SDK_KEYS.access_key, SDK_KEYS.secret_key, "ST")
    auth = SdkHmac(keys, now=lambda: SDK_MOMENT)
    url = f"https://modelarts.region.example.com/v1/{PROJECT}/images"
    headers = {"content-type": "application/json", "X-Project-Id": PROJECT}
    request = httpx.Request("POST", url, content=REGISTER_BODY, headers=headers)
    assert sign(auth, request).headers["Authorization"].endswith(f"Signature={REGISTER_IMAGE}")


@pytest.mark.parametrize(
    ("region", "service", "scope", "expected"),
    [
        ("", "", "20191115///sdk_request", "a0f03b56828e2195f3f9f980a128ed757130504ee958dc210add06e9df89f227"),
        (
            "eu-de",
            "modelarts",
            "20191115/eu-de/modelarts/sdk_request",
            "1cb628f80c88d85babe4d47e0b93eb507f58e523091b11ef1583cd23308c9195",
        ),
    ],
)
def test_the_scoped_form_signs_with_a_key_of_the_day(region: str, service: str, scope: str, expected: str) -> None:
    url = f"https://service.region.example.com/v1/{PROJECT}/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    request = httpx.Request("GET", url, headers={"content-type": "application/json"})
    auth = ScopedSdkHmac(SDK_KEYS, now=lambda: SDK_MOMENT, region=region, service=service)
    assert sign(auth, request).headers["Authorization"] == (
        f"SDK-HMAC-SHA256 Credential=QTWAOYTTINDUT2QVKYUC/{scope}, SignedHeaders=content-type;host;x-sdk-date, "
        f"Signature={expected}"
    )


@pytest.mark.parametrize("header", ["User-Agent", "Accept", "Connection", "Accept-Encoding"])
def test_headers_that_a_proxy_may_change_are_never_signed(header: str) -> None:
    plain = httpx.Request("GET", PAI, headers={"Content-Type": "application/json"})
    changed = httpx.Request("GET", PAI, headers={"Content-Type": "application/json", header: "changed"})
    for auth in (Acs3(ACS_KEYS, lambda: ACS_MOMENT, lambda: ACS_NONCE), SdkHmac(SDK_KEYS, lambda: SDK_MOMENT)):
        assert sign(auth, plain).headers["Authorization"] == sign(auth, changed).headers["Authorization"]


def test_the_sdk_signs_a_path_that_ends_in_a_slash_and_sends_it_without() -> None:
    with_slash = sdk_request("GET", "/v1/x/", b"", {}, EMPTY_HASH)
    assert sdk_request("GET", "/v1/x", b"", {}, EMPTY_HASH) == with_slash
    request = httpx.Request("GET", "https://modelarts.example.com/v1/x")
    assert sign(SdkHmac(SDK_KEYS), request).url.path == "/v1/x"


def test_the_sdk_signs_an_encoded_path_as_it_is_sent() -> None:
    canonical = sdk_request("GET", "/v1/a%20b%2Bc~d", b"", {}, EMPTY_HASH)
    assert canonical.text.splitlines()[1] == "/v1/a%20b%2Bc~d/"


def test_the_port_is_part_of_the_signed_host() -> None:
    url = "http://127.0.0.1:4666/v1/x"
    signed = sign(SdkHmac(SDK_KEYS, now=lambda: SDK_MOMENT), httpx.Request("GET", url))
    expected = sdk_request(
        "GET", "/v1/x", b"", {"host": "127.0.0.1:4666", "x-sdk-date": "20191115T033655Z"}, EMPTY_HASH
    )
    string_to_sign = f"SDK-HMAC-SHA256\n20191115T033655Z\n{expected.digest}"
    assert signed.headers["Authorization"].endswith(signature(SDK_KEYS.secret_key, string_to_sign))


def test_secrets_are_absent_from_the_text_form_of_what_holds_them() -> None:
    keys = Keys("AK", "very-secret", "token-secret")
    for shown in (repr(keys), repr(Acs3(keys)), repr(SdkHmac(keys))):
        assert "very-secret" not in shown
        assert "token-secret" not in shown
    assert keys.secrets == ("very-secret", "token-secret")
    assert Keys("AK", "very-secret").secrets == ("very-secret",)


@pytest.mark.parametrize(
    "auth", [Acs3(ACS_KEYS, lambda: ACS_MOMENT, lambda: ACS_NONCE), SdkHmac(SDK_KEYS, lambda: SDK_MOMENT)]
)
async def test_one_signer_signs_any_number_of_requests_at_once(auth: httpx.Auth) -> None:
    urls = [f"https://cloud.example.com/{number}?n={number}" for number in range(40)]
    alone = [sign(auth, httpx.Request("GET", url)).headers["Authorization"] for url in urls]

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return httpx.Response(200, text=request.headers["Authorization"])

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        together = await asyncio.gather(*(http.get(url, auth=auth) for url in urls))
    assert [response.text for response in together] == alone
    assert len(set(alone)) == len(urls)


def sign(auth: httpx.Auth, request: httpx.Request) -> httpx.Request:
    flow: Iterator[httpx.Request] = auth.sync_auth_flow(request)
    return next(flow)
