"""Know how requests are signed: ACS3-HMAC-SHA256 (Alibaba Cloud) and SDK-HMAC-SHA256 (Huawei Cloud, OTC).

The canonical strings are pure functions; the httpx.Auth classes around them keep no state, so any number of requests
may be signed at once, and each attempt gets a date and a nonce of its own. Know no service and no operation.

Sources: Alibaba Cloud "V3 request structure and signature"; Huawei Cloud "API signing guide" (devg-apisign).
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

import httpx

__all__ = [
    "Acs3",
    "CanonicalRequest",
    "Keys",
    "ScopedSdkHmac",
    "SdkHmac",
    "acs3_request",
    "canonical_query",
    "sdk_request",
    "signature",
]

_ACS3 = "ACS3-HMAC-SHA256"
_SDK = "SDK-HMAC-SHA256"
_SHORTEST_ACCESS_KEY = 8


@dataclass(frozen=True)
class Keys:
    """An access key, its secret and, for temporary keys, the security token."""

    access_key: str
    secret_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown. A shorter access key than any cloud gives is found by chance elsewhere."""
        access_key = self.access_key if len(self.access_key) >= _SHORTEST_ACCESS_KEY else ""
        return tuple(secret for secret in (self.secret_key, self.security_token, access_key) if secret)


@dataclass(frozen=True)
class CanonicalRequest:
    """A request in the one form that both sides hash: its text and the names of the headers in it."""

    text: str
    signed_headers: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hex."""
        return sha256(self.text.encode())


def sha256(content: bytes) -> str:
    """Return a SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def signature(secret_key: str, string_to_sign: str) -> str:
    """Return the HMAC-SHA256 in hex. Both schemes take the secret key as it is."""
    return hmac.new(secret_key.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()


def canonical_query(query: bytes) -> str:
    """Decode a query, sort it by name then value, and encode it by RFC 3986; an empty value keeps its `=`."""
    pairs = sorted(parse_qsl(query.decode(), keep_blank_values=True))
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def _encode(text: str) -> str:
    return quote(text, safe="~")


def acs3_request(
    method: str, path: str, query: bytes, headers: Mapping[str, str], content_hash: str
) -> CanonicalRequest:
    """Build the canonical request of ACS3-HMAC-SHA256: the path as sent; host, content-type and all x-acs-* signed."""
    chosen = {name: value for name, value in _lower(headers).items() if _is_signed_by_acs3(name)}
    return _canonical(method, path or "/", canonical_query(query), chosen, content_hash)


def _is_signed_by_acs3(name: str) -> bool:
    return name in ("host", "content-type") or name.startswith("x-acs-")


def sdk_request(
    method: str, path: str, query: bytes, headers: Mapping[str, str], content_hash: str
) -> CanonicalRequest:
    """Build the canonical request of SDK-HMAC-SHA256: each path segment encoded anew, a slash at the end."""
    segments = "/".join(_encode(segment) for segment in unquote(path).split("/"))
    closed = segments if segments.endswith("/") else f"{segments}/"
    return _canonical(method, closed, canonical_query(query), _lower(headers), content_hash)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in headers.items()}


def _canonical(method: str, path: str, query: str, headers: Mapping[str, str], content_hash: str) -> CanonicalRequest:
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    signed = ";".join(sorted(headers))
    return CanonicalRequest("\n".join((method, path, query, lines, signed, content_hash)), signed)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _path(request: httpx.Request) -> str:
    return request.url.raw_path.decode().partition("?")[0]


@dataclass(frozen=True)
class Acs3(httpx.Auth):
    """Sign requests to Alibaba Cloud. The caller has set `x-acs-action` and `x-acs-version`."""

    requires_request_body = True

    keys: Keys
    now: Callable[[], datetime] = _utc_now
    nonce: Callable[[], str] = secrets.token_hex

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add date, nonce, content hash and signature."""
        request.headers["x-acs-date"] = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        request.headers["x-acs-signature-nonce"] = self.nonce()
        request.headers["x-acs-content-sha256"] = content_hash = sha256(request.content)
        if self.keys.security_token:
            request.headers["x-acs-accesskey-id"] = self.keys.access_key
            request.headers["x-acs-security-token"] = self.keys.security_token
        canonical = acs3_request(request.method, _path(request), request.url.query, request.headers, content_hash)
        signed = signature(self.keys.secret_key, f"{_ACS3}\n{canonical.digest}")
        request.headers["Authorization"] = (
            f"{_ACS3} Credential={self.keys.access_key},SignedHeaders={canonical.signed_headers},Signature={signed}"
        )
        yield request


@dataclass(frozen=True)
class SdkHmac(httpx.Auth):
    """Sign requests to Huawei Cloud and OTC with host, content-type and all x-* headers signed."""

    requires_request_body = True

    keys: Keys
    now: Callable[[], datetime] = _utc_now

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add date and signature."""
        request.headers["X-Sdk-Date"] = date = self.now().strftime("%Y%m%dT%H%M%SZ")
        if self.keys.security_token:
            request.headers["X-Security-Token"] = self.keys.security_token
        # What a proxy may change (user-agent, accept, connection) must not be signed.
        chosen = {name: value for name, value in request.headers.items() if _is_signed_by_sdk(name)}
        content_hash = sha256(request.content)
        canonical = sdk_request(request.method, _path(request), request.url.query, chosen, content_hash)
        request.headers["Authorization"] = self._authorization(date, canonical)
        yield request

    def _authorization(self, date: str, canonical: CanonicalRequest) -> str:
        signed = signature(self.keys.secret_key, f"{_SDK}\n{date}\n{canonical.digest}")
        return f"{_SDK} Access={self.keys.access_key}, SignedHeaders={canonical.signed_headers}, Signature={signed}"


@dataclass(frozen=True)
class ScopedSdkHmac(SdkHmac):
    """Sign requests in the older form of OTC: with a key derived for a day, a region and a service.

    Region and service may be empty, as in the vendor's Terraform provider.
    """

    region: str = ""
    service: str = ""

    def _authorization(self, date: str, canonical: CanonicalRequest) -> str:
        steps = (date[:8], self.region, self.service, "sdk_request")
        scope = "/".join(steps)
        key = functools.reduce(_derived, steps, f"SDK{self.keys.secret_key}".encode())
        string_to_sign = f"{_SDK}\n{date}\n{scope}\n{canonical.digest}"
        signed = hmac.new(key, string_to_sign.encode(), hashlib.sha256).hexdigest()
        credential = f"{self.keys.access_key}/{scope}"
        return f"{_SDK} Credential={credential}, SignedHeaders={canonical.signed_headers}, Signature={signed}"


def _derived(key: bytes, step: str) -> bytes:
    return hmac.new(key, step.encode(), hashlib.sha256).digest()


def _is_signed_by_sdk(name: str) -> bool:
    return name.lower() in ("host", "content-type") or name.lower().startswith("x-")
