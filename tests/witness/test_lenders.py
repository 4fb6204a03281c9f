"""Keys that are lent for a time are asked for as the official SDKs ask, read as they read them, and renewed in time.

A lender at an address of this machine stands for a machine's metadata and for a credentials URI.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_credentials.provider import URLCredentialsProvider  # type: ignore[import-untyped]
from huaweicloudsdkcore.auth.internal import MetadataAccessor  # type: ignore[import-untyped]
from starlette.types import Receive, Scope, Send

from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.wire.credentials import Agency, alibaba_sources
from mlworkbench.wire.lent import CredentialsUri, Lent
from mlworkbench.wire.signing import Keys
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_USER, AccessKey
from mlworkbench_emulator.serving import running

from .wiretap import Asked, Wiretap

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ROUTES = {"PUT": "/meta-data/latest/api/token", "GET": "/openstack/latest/securitykey"}
URI_PATH = "/keys"
# How long before their end keys are renewed: by the core, and by Alibaba Cloud's SDK.
MARGINS = {"agency": timedelta(minutes=40), "uri": timedelta(minutes=15)}

TEMPORARY = {"agency": HUAWEI_USER.keys[1], "uri": ALIBABA_OWNER.keys[1]}


class Lender:
    """An application that lends keys for an hour; `ticket` is what it answers to the question for a ticket."""

    def __init__(self) -> None:
        self.ticket = 200
        self.end = datetime.now(UTC) + timedelta(hours=1)

    def answer(self, scope: Scope) -> tuple[int, bytes]:
        if scope["path"] == ROUTES["PUT"]:
            return self.ticket, b"ticket-1"
        kind = "uri" if scope["path"] == URI_PATH else "agency"
        return 200, json.dumps(self._told(kind, TEMPORARY[kind])).encode()

    def _told(self, kind: str, key: AccessKey) -> dict[str, Any]:
        end = self.end.strftime("%Y-%m-%dT%H:%M:%SZ")
        if kind == "uri":
            facts = {"AccessKeyId": key.id, "AccessKeySecret": key.secret, "SecurityToken": key.security_token}
            return {"Code": "Success", **facts, "Expiration": end}
        facts = {"access": key.id, "secret": key.secret, "securitytoken": key.security_token}
        return {"credential": {**facts, "expires_at": end.replace("Z", ".000000Z")}}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        status, body = self.answer(scope)
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [length]})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def lent() -> Iterator[tuple[Lender, Wiretap, str]]:
    host, lender = Emulator(), Lender()
    host.app = tap = Wiretap(lender)  # type: ignore[assignment]  # the server takes any application
    with running(host) as url:
        yield lender, tap, url
    host.close()


@pytest.fixture
def lender(lent: tuple[Lender, Wiretap, str]) -> Lender:
    lent[1].clear()
    lent[0].ticket, lent[0].end = 200, datetime.now(UTC) + timedelta(hours=1)
    return lent[0]


def telling(asked: Asked) -> tuple[str, str, dict[str, str]]:
    return asked.method, asked.path, {name: value for name, value in asked.headers if name.startswith("x-")}


def told(keys: Keys) -> tuple[str, str, str | None]:
    return keys.access_key, keys.secret_key, keys.security_token


def held(key: AccessKey) -> tuple[str, str, str | None]:
    return key.id, key.secret, key.security_token


@pytest.mark.parametrize("ticket", [200, 404, 405, 503])
def test_a_machines_metadata_is_asked_as_huaweis_core_asks(
    ticket: int, lender: Lender, lent: tuple[Lender, Wiretap, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, tap, url = lent
    lender.ticket = ticket
    assert Agency()._metadata == MetadataAccessor._METADATA_ENDPOINT
    monkeypatch.setattr(MetadataAccessor, "_METADATA_ENDPOINT", url)
    theirs = MetadataAccessor().get_credential()
    asked = [telling(each) for each in tap.asked]
    tap.clear()
    ours = Agency(url).source().load()
    assert [telling(each) for each in tap.asked] == asked
    assert told(ours) == (theirs.access, theirs.secret, theirs.security_token) == held(TEMPORARY["agency"])


def test_a_credentials_uri_is_read_as_alibabas_sdk_reads_it(
    lender: Lender, lent: tuple[Lender, Wiretap, str], tmp_path: Path
) -> None:
    _, tap, url = lent
    address = f"{url}{URI_PATH}?who=me"
    theirs = URLCredentialsProvider(uri=address).get_credentials()
    (asked,) = tap.asked
    environment = {"ALIBABA_CLOUD_CREDENTIALS_URI": address, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    (source,) = alibaba_sources(environment, tmp_path, "")
    ours = source.load()
    assert (tap.last()[0].method, tap.last()[0].path, tap.last()[0].query) == (asked.method, asked.path, asked.query)
    read = theirs.get_access_key_id(), theirs.get_access_key_secret(), theirs.get_security_token()
    assert told(ours) == read == held(TEMPORARY["uri"])


@pytest.mark.parametrize("kind", MARGINS)
def test_lent_keys_are_kept_until_the_sdks_margin_and_renewed_then(
    kind: str, lender: Lender, lent: tuple[Lender, Wiretap, str]
) -> None:
    _, tap, url = lent
    at = NEW_YEAR
    lender.end = NEW_YEAR + timedelta(hours=6)
    keys: Lent = Agency(url, now=lambda: at) if kind == "agency" else CredentialsUri(f"{url}{URI_PATH}", now=lambda: at)
    asked_for = URI_PATH if kind == "uri" else ROUTES["GET"]

    def times() -> int:
        keys.load()
        return sum(asked.path == asked_for for asked in tap.asked)

    minute = timedelta(minutes=1)
    assert (times(), times()) == (1, 1)
    at = lender.end - MARGINS[kind] - minute
    assert times() == 1
    at += 2 * minute
    lender.end += timedelta(hours=6)
    assert (times(), times()) == (2, 2)


def test_the_margins_are_those_of_the_sdks() -> None:
    from alibabacloud_credentials.provider import uri
    from huaweicloudsdkcore.auth.credentials import Credentials  # type: ignore[import-untyped]

    now = int(time.time())
    assert now - uri._get_stale_time(now) == MARGINS["uri"].total_seconds()
    assert MARGINS["agency"].total_seconds() == Credentials._DEFAULT_EXPIRATION_THRESHOLD_SECONDS


def test_lent_keys_that_have_expired_are_not_used(lender: Lender, lent: tuple[Lender, Wiretap, str]) -> None:
    lender.end = NEW_YEAR
    with pytest.raises(LookupError):
        Agency(lent[2], now=lambda: NEW_YEAR).load()


ROLE = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/nowhere/token",
}


@pytest.mark.parametrize("absent", ["", *ROLE])
async def test_what_has_no_keys_is_passed_over_for_what_has(
    absent: str, lender: Lender, lent: tuple[Lender, Wiretap, str], tmp_path: Path
) -> None:
    address = f"{lent[2]}{URI_PATH}"
    around = {name: value for name, value in ROLE.items() if name != absent}
    nowhere = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    clouds = Clouds(configured({"paiRegion": "cn-hangzhou"}, {**around, **nowhere}))
    # Only with all of its variables is a role tried for at all.
    (_, missing) = await clouds.missing("pai")
    assert ("OIDC" in missing.note) is (absent == "")
    assert ("/nowhere/token" in missing.note) is (absent == "")
    found = Clouds(configured({}, {**around, **nowhere, "ALIBABA_CLOUD_CREDENTIALS_URI": address})).access("pai")
    assert found.chain
    assert told(await found.chain.keys()) == held(TEMPORARY["uri"])
