"""Laws of keys that are lent for a time: when they are asked for, and through whom. Serves the lender itself."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from mlworkbench.wire.lent import CredentialsUri
from mlworkbench.wire.signing import Keys

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = {
    "Code": "Success",
    "AccessKeyId": "ak",
    "AccessKeySecret": "s3cr3t",
    "SecurityToken": "t0k3n",
    "Expiration": "2026-01-01T01:00:00Z",
}


class Lender:
    """Whoever lends keys, or a proxy: it takes any request and says the same."""

    def __init__(self) -> None:
        self.status, self.answer = 200, json.dumps(GOOD)
        self.asked: list[str] = []

    def handler(self) -> type[BaseHTTPRequestHandler]:
        lender = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                lender.asked.append(self.path)
                self.send_response(lender.status)
                self.send_header("Content-Length", str(len(lender.answer)))
                self.end_headers()
                self.wfile.write(lender.answer.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def serving(lender: Lender) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), lender.handler())
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def lender() -> Lender:
    return Lender()


@pytest.fixture
def address(lender: Lender) -> Iterator[str]:
    with serving(lender) as found:
        yield found


@pytest.fixture
def proxy() -> Lender:
    return Lender()


@pytest.fixture
def proxy_address(proxy: Lender) -> Iterator[str]:
    with serving(proxy) as found:
        yield found


def at(moment: datetime = NEW_YEAR) -> Any:
    return lambda: moment


def test_keys_are_what_the_address_says(lender: Lender, address: str) -> None:
    assert CredentialsUri(f"http://{address}/keys?a=b", now=at()).load() == Keys("ak", "s3cr3t", "t0k3n")
    assert lender.asked == ["/keys?a=b"]


@pytest.mark.parametrize("variable", ["", "http_proxy", "HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_this_machine_is_not_asked_through_a_proxy(
    host: str,
    variable: str,
    lender: Lender,
    address: str,
    proxy: Lender,
    proxy_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if variable:
        monkeypatch.setenv(variable, f"http://{proxy_address}")
    configured = "" if variable else f"http://{proxy_address}"
    there = address.replace("127.0.0.1", host)
    assert CredentialsUri(f"http://{there}/keys", configured, now=at()).load().access_key == "ak"
    assert (len(lender.asked), proxy.asked) == (1, [])


@pytest.mark.parametrize("variable", ["", "http_proxy", "ALL_PROXY"])
def test_another_machine_is_asked_through_the_proxy(
    variable: str, proxy: Lender, proxy_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv(variable, f"http://{proxy_address}")
    configured = "" if variable else f"http://{proxy_address}"
    uri = CredentialsUri("http://keys.invalid/keys", configured, now=at(), allow_http=True)
    assert uri.load().access_key == "ak"
    assert proxy.asked == ["http://keys.invalid/keys"]


@pytest.mark.parametrize(
    "address", ["http://keys.invalid/keys?pass=s3cr3t", "HTTP://10.0.0.1/", "http://localhost.e.com"]
)
def test_another_machine_is_not_asked_in_the_clear(address: str, proxy: Lender, proxy_address: str) -> None:
    with pytest.raises(LookupError, match="in the clear") as caught:
        CredentialsUri(address, f"http://{proxy_address}", now=at()).load()
    assert "s3cr3t" not in str(caught.value)
    assert proxy.asked == []


def test_keys_are_kept_until_a_quarter_of_an_hour_before_they_expire(lender: Lender, address: str) -> None:
    now = NEW_YEAR
    uri = CredentialsUri(f"http://{address}/keys", now=lambda: now)
    for minutes, asked in ((0, 1), (44, 1), (45, 2), (46, 3)):
        now = NEW_YEAR + timedelta(minutes=minutes)
        uri.load()
        assert len(lender.asked) == asked


def test_keys_that_cannot_be_renewed_are_used_until_they_expire(lender: Lender, address: str) -> None:
    now = NEW_YEAR
    uri = CredentialsUri(f"http://{address}/keys", now=lambda: now)
    uri.load()
    lender.status = 500
    now = NEW_YEAR + timedelta(minutes=50)
    assert [uri.load().access_key for _ in range(3)] == ["ak"] * 3
    assert len(lender.asked) == 2, "a lender that just failed is left alone for a while"
    now = NEW_YEAR + timedelta(minutes=60)
    with pytest.raises(LookupError):
        uri.load()


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (404, "", "HTTP 404"),
        (200, json.dumps({**GOOD, "Code": "Failed"}), "it answers Failed"),
        (200, json.dumps({**GOOD, "Expiration": "2025-12-31T23:59:59Z"}), "have expired"),
        (200, json.dumps({**GOOD, "SecurityToken": None}), "SecurityToken"),
        (200, "[]", "_Said"),
        (200, "s3cr3t", "JSON"),
    ],
)
def test_what_is_wrong_is_said_without_any_key(
    status: int, answer: str, said: str, lender: Lender, address: str
) -> None:
    lender.status, lender.answer = status, answer
    with pytest.raises((LookupError, ValueError), match=said) as caught:
        CredentialsUri(f"http://{address}/keys", now=at()).load()
    assert "s3cr3t" not in str(caught.value)


def test_the_address_is_not_logged_and_that_of_others_is(
    lender: Lender, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    CredentialsUri(f"http://{address}/keys?pass=s3cr3t", now=at()).load()
    assert caplog.text == ""
    httpx.get(f"http://{address}/other")
    assert "/other" in caplog.text
