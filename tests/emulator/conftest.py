"""Give the emulator's tests an emulator and signing clients. Knows the vendors' signatures; nothing of the provider."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import (
    ALIBABA_COLLEAGUE,
    ALIBABA_OWNER,
    HUAWEI_PROJECT,
    HUAWEI_USER,
    OTC_PROJECT,
    AccessKey,
)
from mlworkbench_emulator.exchange import Call
from mlworkbench_emulator.signing import acs3, sdk_hmac

HOST = "http://emulator.test"


def call_of(request: httpx.Request) -> Call:
    headers = [(name.lower(), value) for name, value in request.headers.items()]
    raw_path = request.url.raw_path.split(b"?")[0].decode()
    return Call(request.method, raw_path, request.url.query.decode(), headers, request.content)


class Acs3(httpx.Auth):
    """Sign as Alibaba Cloud documents it. The action follows from the method and the path."""

    requires_request_body = True

    def __init__(self, key: AccessKey) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["x-acs-action"] = self._action(request)
        request.headers["x-acs-version"] = "2020-12-03"
        request.headers["x-acs-date"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        request.headers["x-acs-signature-nonce"] = uuid.uuid4().hex
        request.headers["x-acs-content-sha256"] = hashlib.sha256(request.content).hexdigest()
        names = [*acs3.REQUIRED_HEADERS]
        if request.content:
            names = sorted([*names, "content-type"])
        if self._key.security_token is not None:
            request.headers["x-acs-security-token"] = self._key.security_token
            names = sorted([*names, "x-acs-security-token"])
        signature = acs3.signature(call_of(request), names, self._key.secret)
        request.headers["authorization"] = (
            f"{acs3.ALGORITHM} Credential={self._key.id},SignedHeaders={';'.join(names)},Signature={signature}"
        )
        yield request

    def _action(self, request: httpx.Request) -> str:
        path = request.url.path.removeprefix("/api/v1/")
        if path == "tokens":
            return "GetToken"
        parts = path.split("/")
        if len(parts) == 1:
            return {"POST": "CreateTensorboard", "GET": "ListTensorboards"}[request.method]
        if len(parts) == 2:
            return {"GET": "GetTensorboard", "PUT": "UpdateTensorboard", "DELETE": "DeleteTensorboard"}[request.method]
        return {"start": "StartTensorboard", "stop": "StopTensorboard", "sharedurl": "GetTensorboardSharedUrl"}[
            parts[2]
        ]


class SdkHmac(httpx.Auth):
    """Sign as Huawei Cloud documents it (no scope), or as OTC does (with one)."""

    requires_request_body = True

    def __init__(self, key: AccessKey, *, scoped: bool = False) -> None:
        self._key = key
        self._scoped = scoped

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        date = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        request.headers["x-sdk-date"] = date
        if self._key.security_token is not None:
            request.headers["x-security-token"] = self._key.security_token
        scope = f"{date[:8]}///sdk_request" if self._scoped else ""
        who = f"Credential={self._key.id}/{scope}" if scope else f"Access={self._key.id}"
        names = ("host", "x-sdk-date")
        unsigned = sdk_hmac.Authorization(self._key.id, scope, names, "")
        signature = sdk_hmac.signature(call_of(request), unsigned, self._key.secret)
        request.headers["authorization"] = (
            f"{sdk_hmac.ALGORITHM} {who}, SignedHeaders={';'.join(names)}, Signature={signature}"
        )
        yield request


def client(emulator: Emulator, path: str = "/", auth: httpx.Auth | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(emulator.app), base_url=f"{HOST}{path}", auth=auth)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    fresh = Emulator()
    yield fresh
    fresh.close()


@pytest.fixture
async def anyone(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials."""
    async with client(emulator) as unsigned:
        yield unsigned


@pytest.fixture
async def admin(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    async with client(emulator, "/_emulator/") as unsigned:
        yield unsigned


@pytest.fixture
async def pai(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """The owner of the Alibaba Cloud account, at PAI-DLC."""
    async with client(emulator, "/api/v1/", Acs3(ALIBABA_OWNER.keys[0])) as signed:
        yield signed


@pytest.fixture
async def pai_sts(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """The owner with a temporary key."""
    async with client(emulator, "/api/v1/", Acs3(ALIBABA_OWNER.keys[1])) as signed:
        yield signed


@pytest.fixture
async def colleague(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """Another user of the same account."""
    async with client(emulator, "/api/v1/", Acs3(ALIBABA_COLLEAGUE.keys[0])) as signed:
        yield signed


@pytest.fixture
async def huawei(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """The Huawei user, signing, in the project of the Huawei region."""
    async with client(emulator, f"/v1/{HUAWEI_PROJECT.id}/", SdkHmac(HUAWEI_USER.keys[0])) as signed:
        yield signed


@pytest.fixture
async def huawei_temporary(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """The Huawei user with a temporary key."""
    async with client(emulator, f"/v1/{HUAWEI_PROJECT.id}/", SdkHmac(HUAWEI_USER.keys[1])) as signed:
        yield signed


@pytest.fixture
async def huawei_scoped(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    """The Huawei user, signing in OTC's form, in the project of the OTC region."""
    async with client(emulator, f"/v1/{OTC_PROJECT.id}/", SdkHmac(HUAWEI_USER.keys[0], scoped=True)) as signed:
        yield signed


@pytest.fixture
async def huawei_wrong_secret(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    key = replace(HUAWEI_USER.keys[0], secret="another secret")
    async with client(emulator, f"/v1/{HUAWEI_PROJECT.id}/", SdkHmac(key)) as signed:
        yield signed


def password_login(project: str | None) -> dict[str, object]:
    user = {
        "name": HUAWEI_USER.name,
        "password": HUAWEI_USER.password,
        "domain": {"name": HUAWEI_USER.domain_name},
    }
    auth: dict[str, object] = {"identity": {"methods": ["password"], "password": {"user": user}}}
    if project is not None:
        auth["scope"] = {"project": {"name": project}}
    return {"auth": auth}


@pytest.fixture
def login() -> dict[str, object]:
    """The body of a token request for the project of the OTC region."""
    return password_login(OTC_PROJECT.name)


@pytest.fixture
def login_without_project() -> dict[str, object]:
    return password_login(None)


@pytest.fixture
async def otc(emulator: Emulator, login: dict[str, object]) -> AsyncIterator[httpx.AsyncClient]:
    """The same user with a token, in the project of the OTC region."""
    async with client(emulator) as unsigned:
        answer = await unsigned.post("/v3/auth/tokens", json=login)
    async with client(emulator, f"/v1/{OTC_PROJECT.id}/") as with_token:
        with_token.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        yield with_token
