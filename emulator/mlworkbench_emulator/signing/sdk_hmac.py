"""Verify SDK-HMAC-SHA256, the signature of Huawei Cloud and OTC. Knows its plain and its scoped form; no error codes.

Rules: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from ..exchange import Call

__all__ = ["ALGORITHM", "Authorization", "canonical_request", "parse", "payload_hash", "signature"]

ALGORITHM = "SDK-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
TERMINATOR = "sdk_request"

_FORM = re.compile(
    rf"{ALGORITHM} (?:Access=(?P<access>[^,\s]+)|Credential=(?P<credential>[^,/\s]+)/(?P<scope>[^,\s]+)),"
    r" ?SignedHeaders=(?P<headers>[^,\s]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
_SCOPE = re.compile(rf"\d{{8}}/[^/]*/[^/]*/{TERMINATOR}")


@dataclass(frozen=True)
class Authorization:
    """The parts of an Authorization header. `scope` is empty in Huawei's form, `date/region/service/…` in OTC's."""

    access_key_id: str
    scope: str
    signed_headers: tuple[str, ...]
    signature: str


def parse(header: str) -> Authorization | None:
    """Take an Authorization header apart; None when it is of neither form."""
    match = _FORM.fullmatch(header)
    if match is None:
        return None
    scope = match["scope"] or ""
    if scope and _SCOPE.fullmatch(scope) is None:
        return None
    return Authorization(
        match["access"] or match["credential"], scope, tuple(match["headers"].split(";")), match["signature"]
    )


def payload_hash(call: Call) -> str:
    """Give the body's hash, or what the caller says instead: CORE leaves bodies that are not JSON unsigned.

    Where there is no body, CORE signs the hash of nothing, whatever the header says.
    """
    if not call.body:
        return hashlib.sha256(b"").hexdigest()
    return call.header("x-sdk-content-sha256") or hashlib.sha256(call.body).hexdigest()


def canonical_request(call: Call, signed_headers: Sequence[str]) -> str:
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(call.query))
    headers = "".join(f"{name}:{call.header(name) or ''}\n" for name in signed_headers)
    parts = (call.method, _canonical_path(call.raw_path), query, headers, ";".join(signed_headers), payload_hash(call))
    return "\n".join(parts)


def signature(call: Call, authorization: Authorization, secret: str) -> str:
    """Compute the signature that the holder of `secret` would give to a request."""
    hashed = hashlib.sha256(canonical_request(call, authorization.signed_headers).encode()).hexdigest()
    lines = [ALGORITHM, call.header("x-sdk-date") or "", authorization.scope, hashed]
    text = "\n".join(line for line in lines if line)
    key = _scoped_key(secret, authorization.scope) if authorization.scope else secret.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _scoped_key(secret: str, scope: str) -> bytes:
    key = f"SDK{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _canonical_path(raw_path: str) -> str:
    # Signing sees every path with a slash at its end; the request itself has none.
    path = "/".join(_encoded(segment) for segment in unquote(raw_path).split("/"))
    return path if path.endswith("/") else path + "/"


def _encoded(value: str) -> str:
    return quote(value, safe="-_.~")
