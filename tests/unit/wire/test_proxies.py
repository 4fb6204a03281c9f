"""Laws of the way that calls take: what is on this machine is never asked through a proxy. Leaves no machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from mlworkbench.wire.client import connect
from mlworkbench.wire.proxies import is_this_machine

NOBODY = 1
"""A port that nothing listens on: whoever goes there directly is refused."""

HERE = (
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "127.1",
    "0.0.0.0",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "localhost",
    "LocalHost",
    "localhost.",
    "cloud.localhost",
    "a.b.localhost",
)
ELSEWHERE = ("cloud.example.com", "localhost.example.com", "notlocalhost", "128.0.0.1", "127.0.0.1.example.com")
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "NO_PROXY", "no_proxy")


# No call gets as far as to trust anybody.
NOBODY_TRUSTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Proxy:
    """A proxy that remembers which host it was asked for, and leads nowhere."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[str] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode("latin-1").split(" ")[1])
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    found = Proxy()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield found


async def call(url: str, proxy: str = "") -> None:
    """Make a call that either the proxy or nobody answers."""
    async with connect(timeout_seconds=5, verify=NOBODY_TRUSTED, user_agent="test", proxy=proxy) as http:
        try:
            await http.get(url)
        except (httpx.ConnectError, httpx.ProxyError):
            return


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HERE)
async def test_what_is_on_this_machine_is_not_asked_through_the_configured_proxy(
    host: str, scheme: str, proxy: Proxy
) -> None:
    await call(f"{scheme}://{host}:{NOBODY}/", proxy.address)
    assert proxy.asked == []


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("host", HERE)
async def test_what_is_on_this_machine_is_not_asked_through_the_proxy_of_the_environment(
    host: str, variable: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, proxy.address)
    await call(f"http://{host}:{NOBODY}/")
    assert proxy.asked == []


@pytest.mark.parametrize("host", ELSEWHERE)
async def test_what_is_elsewhere_is_asked_through_the_configured_proxy(host: str, proxy: Proxy) -> None:
    await call(f"http://{host}:{NOBODY}/", proxy.address)
    await call(f"https://{host}:{NOBODY}/", proxy.address)
    assert proxy.asked == [f"http://{host}:{NOBODY}/", f"{host}:{NOBODY}"]


async def test_the_configured_proxy_goes_before_that_of_the_environment(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, "http://proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", "*")
    await call("http://cloud.invalid/", proxy.address)
    await call("https://cloud.invalid/", proxy.address)
    assert proxy.asked == ["http://cloud.invalid/", "cloud.invalid:443"]


@pytest.mark.parametrize(("variable", "schemes"), [("http_proxy", 1), ("https_proxy", 1), ("all_proxy", 2)])
async def test_a_proxy_of_the_environment_gets_the_calls_of_its_scheme(
    variable: str, schemes: int, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, proxy.address.removeprefix("http://"))
    await call("http://cloud.invalid/")
    await call("https://cloud.invalid/")
    assert len(proxy.asked) == schemes


@pytest.mark.parametrize("exceptions", ["cloud.invalid", "other.example.com, .invalid", "a.example.com,*"])
async def test_the_exceptions_of_the_environment_are_kept(
    exceptions: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", proxy.address)
    monkeypatch.setenv("no_proxy", exceptions)
    await call("http://cloud.invalid/")
    assert proxy.asked == []


async def test_each_address_of_this_machine_is_reached_beside_a_proxy(proxy: Proxy) -> None:
    direct = Proxy()
    server = await asyncio.start_server(direct.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with (
        server,
        connect(timeout_seconds=5, verify=NOBODY_TRUSTED, user_agent="test", proxy=proxy.address) as http,
    ):
        for host in ("127.0.0.1", "localhost", "127.1"):
            assert (await http.get(f"http://{host}:{port}/")).status_code == 502
    assert direct.asked == ["/", "/", "/"]
    assert proxy.asked == []


def test_a_host_is_this_machine_whatever_it_is_called() -> None:
    assert [host for host in HERE if not is_this_machine(host.strip("[]"))] == []
    assert [host for host in ELSEWHERE if is_this_machine(host)] == []
