"""Put doors before the emulated clouds: TLS with a certificate of one's own, and a proxy. Knows no vendor."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
import uvicorn

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_USER
from mlworkbench_emulator.serving import listening_socket

from .cases import Kind
from .hosts import Loop, Refused, open_host

__all__ = ["CLOUD", "KEYS", "LOGIN", "Certificates", "Proxy", "at", "made", "refused", "secured"]

Facts = dict[str, Any]

CLOUD = "cloud.example.test"
"""A host that no name server knows: only the proxy finds it."""

KEYS: Facts = {
    "paiRegion": "cn-hangzhou",
    "paiAccessKeyId": ALIBABA_OWNER.keys[0].id,
    "paiAccessKeySecret": ALIBABA_OWNER.keys[0].secret,
    "modelartsRegion": "cn-north-4",
    "modelartsAccessKey": HUAWEI_USER.keys[0].id,
    "modelartsSecretKey": HUAWEI_USER.keys[0].secret,
    "maxRetries": 3,
}
LOGIN: Facts = {
    "modelartsRegion": "cn-north-4",
    "modelartsUserName": HUAWEI_USER.name,
    "modelartsPassword": HUAWEI_USER.password,
    "modelartsDomainName": HUAWEI_USER.domain_name,
    "maxRetries": 3,
}


def at(address: str) -> Facts:
    """Return the settings that lead all services to one address."""
    return {"paiEndpoint": address, "modelartsEndpoint": address, "modelartsIamEndpoint": address}


def made(kind: Kind, config: Facts, loop: Loop, around: Mapping[str, str] | None = None) -> str:
    """Create an example through the core host, with nothing of this machine's around it."""
    with open_host("core", {"HOME": "/nowhere", **(around or {})}, loop, config) as host:
        return host.create(kind.token, kind.example).id


def refused(kind: Kind, config: Facts, loop: Loop) -> str:
    """Return why an example cannot be created."""
    with pytest.raises(Refused) as caught:
        made(kind, config, loop)
    return str(caught.value)


@dataclass(frozen=True)
class Certificates:
    """An authority that nobody knows, in a folder; `bundle` is the file that makes it known."""

    folder: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    @property
    def bundle(self) -> Path:
        path = self.folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(path))
        return path

    def issue(self, *hosts: str, until: datetime | None = None) -> Path:
        """Return a file with a certificate for some hosts, and its key."""
        path = self.folder / f"{hosts[0]}.pem"
        dates: dict[str, Any] = {"not_after": until, "not_before": until - timedelta(days=9)} if until else {}
        issued = self.authority.issue_cert(*hosts, **dates)
        issued.private_key_and_cert_chain_pem.write_to_path(str(path))
        return path

    def expired(self, *hosts: str) -> Path:
        """Return a file with a certificate that was good until yesterday."""
        return self.issue(*hosts, until=datetime.now(UTC) - timedelta(days=1))


class _Server(uvicorn.Server):
    """A server that tells when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def secured(emulator: Emulator, certificate: Path) -> Iterator[int]:
    """Serve an emulator over TLS; yields the port on this machine."""
    listening = listening_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        emulator.app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, date_header=False
    )
    config.ssl_certfile = str(certificate)
    config.timeout_graceful_shutdown = 1
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        assert server.ready.wait(10)
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


class Proxy:
    """A forward proxy that leads every host to one port of this machine, and remembers what it was asked for."""

    def __init__(self, port: int, *, password: str = "") -> None:
        self._port, self._password = port, password
        self.asked: list[str] = []
        self._calls: set[asyncio.Task[None]] = set()

    @contextmanager
    def running(self, loop: Loop) -> Iterator[str]:
        """Serve; yields the proxy's address."""
        server = loop.run(asyncio.start_server(self._take, "127.0.0.1", 0))
        try:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            loop.run(self._stop(server))

    async def _stop(self, server: asyncio.Server) -> None:
        server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        try:
            await self._lead(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            # The client has gone: a proxy has nobody to tell.
            return
        finally:
            writer.close()
            self._calls.discard(call)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        request, *headers = head.decode("latin-1").split("\r\n")
        verb, target, version = request.split(" ")
        self.asked.append(f"{verb} {target.partition('?')[0]}")
        if self._password and not any(self._password in header for header in headers):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        upstream, onward = await asyncio.open_connection("127.0.0.1", self._port)
        if verb == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        else:
            onward.write(_for_origin(f"{verb} {_path(target)} {version}", headers))
        try:
            await asyncio.gather(_pour(reader, onward), _pour(upstream, writer))
        finally:
            onward.close()


def _path(target: str) -> str:
    return "/" + target.partition("://")[2].partition("/")[2]


def _for_origin(request: str, headers: list[str]) -> bytes:
    """Write the head of a request as the cloud gets it; one call a connection, so that its end is the answer's."""
    kept = [header for header in headers if header and not header.lower().startswith(("connection", "proxy-"))]
    return "\r\n".join([request, *kept, "Connection: close", "", ""]).encode("latin-1")


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65536):
        sink.write(chunk)
        await sink.drain()
    sink.close()
