"""Call the RPCs of a running plugin and keep every exchange. Knows the protocol's messages; no resource and no law."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from pulumi.runtime.proto import status_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from . import process
from .process import Ended, PluginProcess

__all__ = ["MESSAGE_BYTES", "Exchange", "Plugin", "Refused", "launch"]

# What the engine takes and sends.
MESSAGE_BYTES = 400 * 1024 * 1024
_OPTIONS = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)]

M = TypeVar("M", bound=Message)


class Refused(Exception):
    """An RPC was answered with an error."""

    def __init__(self, rpc: str, code: grpc.StatusCode, message: str, packed: bytes = b"") -> None:
        super().__init__(f"{rpc} was answered with {code.name}: {message}")
        self.rpc, self.code, self.message = rpc, code, message
        self.details = list(status_pb2.Status.FromString(packed).details)

    def detail(self, kind: type[M]) -> M | None:
        """Return the detail of one kind, if there is one."""
        found = kind()
        return next((found for each in self.details if each.Unpack(found)), None)


@dataclass(frozen=True)
class Exchange:
    """One call and what came of it."""

    rpc: str
    request: Message
    answer: Message | None
    refusal: Refused | None
    seconds: float


@dataclass
class Plugin:
    """A plugin that runs."""

    process: PluginProcess
    channel: grpc.Channel
    timeout_seconds: float
    exchanges: list[Exchange] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, rpc: str, request: Message, timeout: float | None = None) -> Any:
        """Make a call. Raises Refused if it is answered with an error."""
        began = time.monotonic()
        try:
            answer = getattr(self._stub, rpc)(request, timeout=timeout or self.timeout_seconds)
        except grpc.RpcError as error:
            refusal = _refusal(rpc, error)
            self._keep(Exchange(rpc, request, None, refusal, time.monotonic() - began))
            raise refusal from error
        self._keep(Exchange(rpc, request, answer, None, time.monotonic() - began))
        return answer

    def stream(self, rpc: str, request: Message) -> list[Any]:
        """Make a call that is answered with a stream."""
        try:
            return list(getattr(self._stub, rpc)(request, timeout=self.timeout_seconds))
        except grpc.RpcError as error:
            raise _refusal(rpc, error) from error

    def close(self) -> Ended:
        """End it as the engine does, without the Cancel."""
        self.channel.close()
        return self.process.signal()

    def _keep(self, exchange: Exchange) -> None:
        with self._lock:
            self.exchanges.append(exchange)

    def __post_init__(self) -> None:
        self._stub: Any = ResourceProviderStub(self.channel)


def _refusal(rpc: str, error: Any) -> Refused:
    trailing = error.trailing_metadata() or ()
    packed = next((value for key, value in trailing if key == "grpc-status-details-bin"), b"")
    return Refused(rpc, error.code(), error.details() or "", packed)


def launch(
    command: Sequence[str], arguments: Sequence[str], environment: Mapping[str, str], timeout_seconds: float
) -> Plugin:
    """Start a plugin and open a channel to it. Raises NotStarted."""
    running = process.start(command, arguments, environment)
    try:
        port = running.port
    except process.NotStarted:
        running.kill()
        raise
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_OPTIONS)
    return Plugin(running, channel, timeout_seconds)
