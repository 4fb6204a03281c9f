"""Sign requests by the vendors' pages, with one thing done otherwise. Knows the algorithms; nothing of any client.

The vendors' own signers cannot be made to leave out or to misstate what these do.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT, HUAWEI_USER, AccessKey

from .wiretap import Asked

__all__ = ["Letter", "acs3", "sdk_hmac", "sha256"]


@dataclass(frozen=True)
class Letter:
    """What is asked, before it is signed: `path` ends without a slash, `query` is in its canonical form."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def asked(self, headers: Mapping[str, str]) -> Asked:
        return Asked(self.method, self.path, self.query, tuple(headers.items()), self.body)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _canonical(letter: Letter, path: str, headers: Mapping[str, str], names: list[str], payload: str) -> str:
    lines = "".join(f"{name}:{headers[name]}\n" for name in names)
    text = "\n".join((letter.method, path, letter.query, lines, ";".join(names), payload))
    return sha256(text.encode())


def acs3(
    letter: Letter,
    *,
    unsigned: Iterable[str] = (),
    told_hash: str | None = None,
    signed_hash: str | None = None,
    key: AccessKey = ALIBABA_OWNER.keys[0],
) -> Asked:
    """Sign by ACS3-HMAC-SHA256, without some headers, or with a hash told or signed that is not the body's."""
    headers = {
        "host": "pai-dlc.example.com",
        "x-acs-version": "2020-12-03",
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": told_hash or sha256(letter.body),
        **({"content-type": "application/json; charset=utf-8"} if letter.body else {}),
        **letter.headers,
    }
    names = sorted(headers.keys() - set(unsigned))
    digest = _canonical(letter, letter.path, headers, names, signed_hash or sha256(letter.body))
    signature = _hmac(key.secret.encode(), f"ACS3-HMAC-SHA256\n{digest}").hex()
    told = f"ACS3-HMAC-SHA256 Credential={key.id},SignedHeaders={';'.join(names)},Signature={signature}"
    return letter.asked({**headers, "authorization": told})


def sdk_hmac(
    letter: Letter,
    *,
    signed: Iterable[str] | None = None,
    scope: str | None = None,
    payload: str = "",
    key: AccessKey = HUAWEI_USER.keys[0],
) -> Asked:
    """Sign by SDK-HMAC-SHA256, with only some headers if they are named, and in OTC's form if there is a scope."""
    headers = {
        "host": "modelarts.example.com",
        "content-type": "application/json",
        "x-project-id": HUAWEI_PROJECT.id,
        "x-sdk-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
        **letter.headers,
    }
    names = sorted(headers if signed is None else signed)
    digest = _canonical(letter, f"{letter.path}/", headers, names, payload or sha256(letter.body))
    secret, lines, who = key.secret.encode(), ["SDK-HMAC-SHA256", headers["x-sdk-date"]], f"Access={key.id}"
    if scope is not None:
        secret = f"SDK{key.secret}".encode()
        for step in scope.split("/"):
            secret = _hmac(secret, step)
        lines, who = [*lines, scope], f"Credential={key.id}/{scope}"
    signature = _hmac(secret, "\n".join([*lines, digest])).hex()
    told = f"SDK-HMAC-SHA256 {who}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return letter.asked({**headers, "authorization": told})
