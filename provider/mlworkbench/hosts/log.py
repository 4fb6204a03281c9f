"""Tell the user what is going on, through the engine's log. Know no resource."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

__all__ = ["EngineLog"]


_TIMEOUT_SECONDS = 2.0


class EngineLog:
    """The engine's log: lasting messages, and status lines that the next one overwrites."""

    def __init__(self, address: str = "") -> None:
        self._address = address
        self._channel: grpc.aio.Channel | None = None
        self._turn = asyncio.Lock()
        self._pending: set[asyncio.Task[None]] = set()

    async def attach(self, address: str) -> None:
        """Log to another engine from now on."""
        if address and address != self._address:
            await self.close()
            self._address, self._channel = address, None

    def status(self, urn: str) -> Callable[[str], None]:
        """Return what shows a status line for a resource; it does not wait until the line is shown."""
        return lambda text: self._soon(engine_pb2.LogSeverity.INFO, urn, text, ephemeral=True)

    def warning(self, urn: str) -> Callable[[str], None]:
        """Return what shows a lasting warning for a resource; it does not wait until the warning is shown."""
        return lambda text: self._soon(engine_pb2.LogSeverity.WARNING, urn, text, ephemeral=False)

    def _soon(self, severity: engine_pb2.LogSeverity.ValueType, urn: str, text: str, *, ephemeral: bool) -> None:
        task = asyncio.create_task(self._send(severity, urn, text, ephemeral=ephemeral))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def debug(self, urn: str, text: str) -> None:
        """Log a message that is only shown when debugging."""
        await self._send(engine_pb2.LogSeverity.DEBUG, urn, text, ephemeral=False)

    async def settled(self) -> None:
        """Wait until every status line so far has been sent."""
        await asyncio.gather(*self._pending)

    async def close(self) -> None:
        """Close the connection to the engine."""
        await self.settled()
        if self._channel is not None:
            await self._channel.close()

    def _stub(self) -> Any:
        # The generated stub is typed for synchronous channels only.
        if self._channel is None:
            self._channel = grpc.aio.insecure_channel(self._address)
        return engine_pb2_grpc.EngineStub(self._channel)

    async def _send(self, severity: engine_pb2.LogSeverity.ValueType, urn: str, text: str, *, ephemeral: bool) -> None:
        if not self._address:
            return
        message = engine_pb2.LogRequest(severity=severity, message=text, urn=urn, ephemeral=ephemeral)
        try:
            # One after the other: a status line must not overtake the next one.
            async with self._turn:
                await self._stub().Log(message, timeout=_TIMEOUT_SECONDS)
        except grpc.aio.AioRpcError:
            # An engine that is going down takes no more messages, and the operation matters more than its log.
            return
