"""Serve an emulator on a port, in this thread or in one of its own. Knows sockets and uvicorn; no vendor."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .emulator import Emulator
from .pipeline import DROP_CONNECTION

__all__ = ["listening_socket", "running", "serve", "serving", "url_of"]

STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM)
START_SECONDS = 10


class _Protocol(H11Protocol):
    """HTTP whose connections can be cut before any answer, which ASGI itself has no way to say."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _cuttable(self.app, transport)


def _cuttable(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def cuttable(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[DROP_CONNECTION] = transport.abort
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            # The server stops while this call is being delayed: nobody waits for its answer any more.
            transport.abort()
            while (await receive())["type"] != "http.disconnect":
                pass

    return cuttable


class _Server(uvicorn.Server):
    """A server that tells when it is ready, and that stops without raising the signal again that stopped it."""

    def __init__(self, emulator: Emulator) -> None:
        config = uvicorn.Config(
            emulator.app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            # The emulator dates its answers itself: its clock may be set wrong on purpose.
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self.server_state.tasks:
            task.cancel()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in STOPPING_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listening_socket(host: str, port: int) -> socket.socket:
    """Take a port (0: any free one). Raises OSError when it is taken already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay (40 ms an answer) off only where the protocol is named.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def url_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(emulator: Emulator, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM."""
    _Server(emulator).run([listening])


@contextmanager
def running(emulator: Emulator, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve in a thread of its own; yields the base URL, stops at the end."""
    listening = listening_socket(host, port)
    server = _Server(emulator)
    thread = threading.Thread(target=server.run, args=([listening],), name="mlworkbench-emulator", daemon=True)
    url = url_of(listening)
    thread.start()
    try:
        if not server.ready.wait(START_SECONDS):
            raise RuntimeError(f"the emulator did not start within {START_SECONDS} seconds")
        yield url
    finally:
        server.should_exit = True
        thread.join()


@asynccontextmanager
async def serving(emulator: Emulator, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve on the event loop that runs now, and only while it runs; yields the base URL, stops at the end."""
    listening = listening_socket(host, port)
    server = _Server(emulator)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listening])
    try:
        yield url_of(listening)
    finally:
        await server.shutdown([listening])
