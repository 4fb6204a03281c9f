"""Laws of keys from elsewhere: which source is asked, how often, what if none has any. Stays on this machine."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from mlworkbench.wire.credentials import Agency, Chain, RenewedKeys, Source, alibaba_sources
from mlworkbench.wire.errors import NoCredentials
from mlworkbench.wire.signing import Acs3, Keys


class Place:
    """A place that may have keys, and counts how often it is asked."""

    def __init__(self, *turns: Keys | Exception, name: str = "a place") -> None:
        self.turns, self.asked, self.name = list(turns), 0, name

    def source(self) -> Source:
        return Source(self.name, self._load)

    def _load(self) -> Keys:
        self.asked += 1
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        if isinstance(turn, Exception):
            raise turn
        return turn


KEYS, NEWER = Keys("ak-1", "sk-1", "st-1"), Keys("ak-2", "sk-2", "st-2")


async def test_the_first_place_that_has_keys_is_stayed_with() -> None:
    empty, full, never = Place(OSError("no file"), name="one"), Place(KEYS, NEWER, name="two"), Place(KEYS)
    chain = Chain([empty.source(), full.source(), never.source()])
    assert (await chain.keys(), await chain.keys()) == (KEYS, NEWER)
    assert (empty.asked, full.asked, never.asked) == (1, 2, 0)
    assert chain.chosen == "two"


async def test_if_no_place_has_keys_every_place_is_told_with_its_reason() -> None:
    chain = Chain([Place(OSError("no file"), name="one").source(), Place(KeyError(), name="two").source()])
    with pytest.raises(NoCredentials, match=r"one: no file; two: KeyError"):
        await chain.keys()
    assert chain.chosen == ""


async def test_without_any_place_that_is_said() -> None:
    with pytest.raises(NoCredentials, match="nowhere to look"):
        await Chain([]).keys()


async def test_places_that_had_nothing_are_asked_again_until_one_has_keys() -> None:
    late = Place(OSError("not yet"), KEYS)
    chain = Chain([late.source()])
    with pytest.raises(NoCredentials):
        await chain.keys()
    assert await chain.keys() == KEYS


async def test_all_secrets_that_were_ever_used_are_kept_from_messages() -> None:
    chain = Chain([Place(KEYS, NEWER).source()])
    await chain.keys()
    await chain.keys()
    assert chain.secrets == {"sk-1", "st-1", "sk-2", "st-2"}


async def test_calls_at_once_ask_one_after_the_other() -> None:
    place = Place(KEYS)
    chain = Chain([place.source()])
    found = await asyncio.gather(*(chain.keys() for _ in range(5)))
    assert found == [KEYS] * 5


async def test_a_long_reason_is_cut() -> None:
    with pytest.raises(NoCredentials) as caught:
        await Chain([Place(OSError("x" * 10_000)).source()]).keys()
    assert len(str(caught.value)) < 500


async def test_every_request_is_signed_with_the_keys_of_its_moment() -> None:
    auth = RenewedKeys(Chain([Place(KEYS, NEWER).source()]), Acs3)
    tokens = []

    def answer(request: httpx.Request) -> httpx.Response:
        tokens.append(request.headers["x-acs-security-token"])
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        await http.post("https://cloud.example.com", auth=auth, content=b"{}")
        await http.post("https://cloud.example.com", auth=auth, content=b"{}")
    assert tokens == ["st-1", "st-2"]


def names(environment: dict[str, str], home: Path, profile: str = "") -> list[str]:
    return [source.name for source in alibaba_sources(environment, home, profile)]


OFF = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
OIDC = {
    "ALIBABA_CLOUD_ROLE_ARN": "arn",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "arn",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/token",
}


def file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    return path


def test_a_machine_with_nothing_on_it_is_asked_for_its_role_only(tmp_path: Path) -> None:
    assert names({}, tmp_path) == ["the RAM role of this ECS instance"]
    for on in ("true", "True", "TRUE"):
        assert names({"ALIBABA_CLOUD_ECS_METADATA_DISABLED": on}, tmp_path) == []


def test_places_are_asked_in_the_vendors_order(tmp_path: Path) -> None:
    file(tmp_path / ".aliyun" / "config.json")
    file(tmp_path / ".alibabacloud" / "credentials.ini")
    found = names({**OIDC, "ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1/"}, tmp_path)
    assert found == [
        "an OIDC token",
        "~/.aliyun/config.json",
        "~/.alibabacloud/credentials.ini",
        "the RAM role of this ECS instance",
        "the credentials URI",
    ]


@pytest.mark.parametrize("absent", OIDC)
def test_an_oidc_token_needs_all_its_variables(absent: str, tmp_path: Path) -> None:
    assert names({**OFF, **{name: value for name, value in OIDC.items() if name != absent}}, tmp_path) == []


def test_the_profile_of_the_command_line_can_be_switched_off(tmp_path: Path) -> None:
    file(tmp_path / ".aliyun" / "config.json")
    assert names({**OFF, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}, tmp_path) == []


def test_a_profile_is_named_together_with_its_file(tmp_path: Path) -> None:
    file(tmp_path / ".aliyun" / "config.json")
    elsewhere = file(tmp_path / "elsewhere")
    around = {**OFF, "ALIBABA_CLOUD_CREDENTIALS_FILE": str(elsewhere)}
    assert names(around, tmp_path, "dev") == ["profile dev of ~/.aliyun/config.json", "profile dev of ~/elsewhere"]


class Metadata(BaseHTTPRequestHandler):
    """The metadata of a machine with an agency; each answer has keys of its own."""

    asked: list[tuple[str, str]]
    ticket_status = 200
    key_status = 200

    def do_PUT(self) -> None:
        self.asked.append(("PUT", self.headers.get("X-Metadata-Token-Ttl-Seconds", "")))
        self._answer(self.ticket_status, b"ticket")

    def do_GET(self) -> None:
        self.asked.append(("GET", self.headers.get("X-Metadata-Token", "")))
        number = sum(verb == "GET" for verb, _ in self.asked)
        told = {"access": f"ak-{number}", "secret": "sk", "securitytoken": "st", "expires_at": "2026-01-02T00:00:00Z"}
        self._answer(self.key_status, json.dumps({"credential": told}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def metadata(kind: type[Metadata] = Metadata, **how: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Machine", (kind,), {"asked": asked, **how}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_machine_with_an_agency_gives_keys_for_a_ticket() -> None:
    with metadata() as (address, asked):
        keys = Agency(address, now=lambda: NEW_YEAR).source().load()
    assert (keys.access_key, keys.secret_key, keys.security_token) == ("ak-1", "sk", "st")
    assert asked == [("PUT", "21600"), ("GET", "ticket")]


@pytest.mark.parametrize("status", [404, 405, 503])
def test_a_machine_without_tickets_gives_keys_all_the_same(status: int) -> None:
    with metadata(ticket_status=status) as (address, asked):
        assert Agency(address, now=lambda: NEW_YEAR).source().load().access_key == "ak-1"
    assert asked[1] == ("GET", "")


def test_keys_of_an_agency_are_used_until_shortly_before_they_expire() -> None:
    now = NEW_YEAR
    with metadata() as (address, _):
        load = Agency(address, now=lambda: now).source().load
        assert load().access_key == "ak-1"
        now += timedelta(hours=23)
        assert load().access_key == "ak-1"
        now += timedelta(minutes=21)
        assert load().access_key == "ak-2"


async def test_a_machine_without_an_agency_has_no_keys() -> None:
    with metadata(key_status=404) as (address, _):
        chain = Chain([Agency(address, now=lambda: NEW_YEAR).source()])
        with pytest.raises(NoCredentials, match=r"the agency of this ECS instance: .*404"):
            await chain.keys()


def flaky(failing: list[bool]) -> type[Metadata]:
    class Flaky(Metadata):
        """Metadata that answers only while nothing fails."""

        @property
        def key_status(self) -> int:  # type: ignore[override]
            return 503 if failing[0] else 200

    return Flaky


@pytest.mark.parametrize("left", [timedelta(minutes=39), timedelta(seconds=1)])
def test_keys_that_cannot_be_renewed_are_used_until_they_expire(left: timedelta) -> None:
    now, failing = NEW_YEAR, [False]
    with metadata(flaky(failing)) as (address, asked):
        load = Agency(address, now=lambda: now).source().load
        first, failing[0] = load(), True
        now = NEW_YEAR + timedelta(days=1) - left
        before = len(asked)
        assert (load(), load()) == (first, first)
        assert sum(verb == "GET" for verb, _ in asked[before:]) == 1
        now = NEW_YEAR + timedelta(days=1)
        with pytest.raises(LookupError, match="503"):
            load()


def test_keys_are_renewed_when_the_metadata_answers_again() -> None:
    now, failing = NEW_YEAR, [False]
    with metadata(flaky(failing)) as (address, _):
        load = Agency(address, now=lambda: now).source().load
        first, failing[0] = load(), True
        now += timedelta(hours=23, minutes=21)
        assert load() == first
        failing[0], now = False, now + timedelta(minutes=2)
        assert load() != first


@pytest.mark.parametrize("keys", [Keys("é", "sk"), Keys("ak", "s3cret\n"), Keys("ak", "sk", " s3cret")])
async def test_keys_that_cannot_be_sent_are_passed_over_and_told_without_their_value(keys: Keys) -> None:
    chain = Chain([Place(keys, name="one").source()])
    with pytest.raises(NoCredentials, match=r"one: the (access key|secret|security token) (holds|begins)") as caught:
        await chain.keys()
    assert "s3cret" not in str(caught.value)
    full = Place(KEYS)
    assert await Chain([Place(keys).source(), full.source()]).keys() == KEYS
