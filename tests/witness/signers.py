"""Sign a request with each of the three: the provider, the vendors' own signer, and what the emulator expects.

Knows where each keeps its signer and what it wants to be fed; compares nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
from alibabacloud_tea_openapi.utils import (  # type: ignore[import-untyped]
    Utils,
    get_canonical_query_string,
    get_canonicalized_headers,
)
from darabonba.request import DaraRequest  # type: ignore[import-untyped]
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
from huaweicloudsdkcore.sdk_request import SdkRequest  # type: ignore[import-untyped]
from huaweicloudsdkcore.signer.signer import Signer  # type: ignore[import-untyped]

from mlworkbench_emulator.exchange import Call

__all__ = [
    "MOMENT",
    "NONCE",
    "Drawn",
    "Keyring",
    "acs3_theirs",
    "call_of",
    "raw_path",
    "sdk_theirs",
    "signed",
    "signed_headers",
]

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NONCE = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Keyring:
    """A key as all three take it; without a token it is a permanent one."""

    id: str
    secret: str
    token: str


@dataclass(frozen=True)
class Drawn:
    """A request before it is signed: what a path is made of, arguments in their order, a body."""

    method: str
    segments: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def url(self) -> str:
        path = "/".join(quote(segment, safe="") for segment in self.segments)
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.pairs)
        return f"https://host.example.com/{path}" + (f"?{query}" if query else "")

    def request(self, headers: Mapping[str, str]) -> httpx.Request:
        return httpx.Request(self.method, self.url, content=self.body, headers=headers)


def signed(auth: httpx.Auth, request: httpx.Request) -> httpx.Request:
    """Let the provider sign a request."""
    return next(auth.sync_auth_flow(request))


def raw_path(request: httpx.Request) -> str:
    return request.url.raw_path.decode().partition("?")[0]


def signed_headers(request: httpx.Request) -> dict[str, str]:
    """Give the headers that a signature says it covers."""
    names = request.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    return {name: request.headers[name] for name in names}


def call_of(request: httpx.Request) -> Call:
    """Give a request as the emulator gets it."""
    headers = [(name.lower(), value) for name, value in request.headers.items()]
    return Call(request.method, raw_path(request), request.url.query.decode(), headers, request.content)


def acs3_theirs(request: httpx.Request, keys: Keyring) -> tuple[str, str]:
    """Sign with Alibaba Cloud's signer, given the same headers: the canonical request and the Authorization."""
    theirs = DaraRequest()
    theirs.method, theirs.pathname = request.method, raw_path(request)
    theirs.query = dict(parse_qsl(request.url.query.decode(), keep_blank_values=True))
    theirs.headers = signed_headers(request)
    payload = hashlib.sha256(request.content).hexdigest()
    lines, names = get_canonicalized_headers(theirs.headers)
    query = get_canonical_query_string(theirs.query)
    canonical = "\n".join((theirs.method, theirs.pathname, query, lines, names, payload))
    return canonical, Utils.get_authorization(theirs, "ACS3-HMAC-SHA256", payload, keys.id, keys.secret)


def sdk_theirs(request: httpx.Request, keys: Keyring) -> tuple[str, str, str]:
    """Sign with Huawei Cloud's signer, given the same headers: canonical request, Authorization, target as sent."""
    signer: Any = Signer(BasicCredentials(keys.id, keys.secret))
    theirs = SdkRequest(
        method=request.method,
        schema="https",
        host=request.headers["Host"],
        resource_path=raw_path(request),
        query_params=parse_qsl(request.url.query.decode(), keep_blank_values=True),
        header_params=signed_headers(request),
        body=request.content,
    )
    names = signer._process_signed_headers(theirs)
    canonical = signer._process_canonical_request(theirs, names)
    done = signer.sign(theirs)
    return canonical, done.header_params["Authorization"], done.uri
