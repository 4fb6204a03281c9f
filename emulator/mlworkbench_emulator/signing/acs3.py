"""Verify ACS3-HMAC-SHA256, Alibaba Cloud's V3 signature. Knows headers and hashes; not how a refusal is worded.

Rules: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ..exchange import Call

__all__ = ["ALGORITHM", "Authorization", "canonical_query", "canonical_request", "parse", "signature"]

ALGORITHM = "ACS3-HMAC-SHA256"

# Without these in the signature a request could be replayed, redirected or given another body.
REQUIRED_HEADERS = (
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
)

_FORM = re.compile(rf"{ALGORITHM} Credential=([^,\s]+),SignedHeaders=([^,\s]+),Signature=([0-9a-f]{{64}})")


@dataclass(frozen=True)
class Authorization:
    """The parts of an Authorization header."""

    access_key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def parse(header: str) -> Authorization | None:
    """Take an Authorization header apart; None when it is not of the documented form."""
    match = _FORM.fullmatch(header)
    if match is None:
        return None
    access_key_id, names, signed = match.groups()
    return Authorization(access_key_id, tuple(names.split(";")), signed)


def canonical_query(pairs: Sequence[tuple[str, str]]) -> str:
    """Write the decoded query the one way that both sides agree on, whatever way it was sent."""
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(pairs))


def canonical_request(call: Call, signed_headers: Sequence[str]) -> str:
    headers = "".join(f"{name}:{','.join(sorted(call.header_values(name)))}\n" for name in signed_headers)
    body_hash = hashlib.sha256(call.body).hexdigest()
    parts = (
        call.method,
        call.raw_path or "/",
        canonical_query(call.query),
        headers,
        ";".join(signed_headers),
        body_hash,
    )
    return "\n".join(parts)


def signature(call: Call, signed_headers: Sequence[str], secret: str) -> str:
    """Compute the signature that the holder of `secret` would give to a request."""
    hashed = hashlib.sha256(canonical_request(call, signed_headers).encode()).hexdigest()
    return hmac.new(secret.encode(), f"{ALGORITHM}\n{hashed}".encode(), hashlib.sha256).hexdigest()


def _encoded(value: str) -> str:
    return quote(value, safe="-_.~")
