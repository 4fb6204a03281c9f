"""Be one plugin process and the wire to it: answers, partial failures, Cancel, kill. Knows the protocol, no engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderServicer,
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from mlworkbench.hosts.codec import encode
from mlworkbench.hosts.core import Provider
from mlworkbench.hosts.document import schema_text
from mlworkbench.hosts.servicer import Servicer
from mlworkbench.model.values import Tree
from tests.contract.hosts import Loop

from .gate import Cut, Gate
from .programs import HUSH

__all__ = ["Door", "InitFailed", "Killed", "No", "Plugin", "plugin"]

PATIENCE_AFTER_CANCEL = 2.0
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


class No(Exception):
    """The plugin said no, and nothing is to be kept."""


class Killed(Exception):
    """The plugin's process is gone: there is no answer."""


class InitFailed(Exception):
    """The plugin said that something exists which is not as it should be."""

    def __init__(self, message: str, detail: proto.ErrorResourceInitFailed) -> None:
        super().__init__(message)
        self.detail = detail


class Door(ResourceProviderServicer):
    """One gRPC server for all processes: to whoever calls, a new process is a new servicer behind it."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.servicer: Servicer | None = None
        # Set when no call is being answered; the engine makes one at a time, and Cancel.
        self.is_idle = threading.Event()
        self._server, port = loop.run(self._serve())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub: Any = ResourceProviderStub(self._channel)

    async def _serve(self) -> tuple[grpc.aio.Server, int]:
        server = grpc.aio.server()
        add_ResourceProviderServicer_to_server(self, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, port

    def __getattribute__(self, name: str) -> Any:
        """Hand an RPC to the process that runs when it comes."""
        if not hasattr(ResourceProviderServicer, name) or name.startswith("__"):
            return super().__getattribute__(name)

        async def answer(request: Any, context: Any) -> Any:
            self.is_idle.clear()
            try:
                return await getattr(self.servicer, name)(request, context)
            finally:
                self.is_idle.set()

        return answer

    def close(self) -> None:
        """Stop to serve."""
        self._channel.close()
        self.loop.run(self._server.stop(None))


class Plugin:
    """A process that the engine started for one command. With a cut, it ends before the command does."""

    def __init__(self, door: Door, environment: Mapping[str, str], config: Tree, gate: Gate, cut: Cut | None) -> None:
        self._door, self._gate, self._cut = door, gate, cut
        self._core = Provider(environment)
        door.servicer = Servicer(self._core, schema_text)
        self.ended = False
        self.ask("Handshake", proto.ProviderHandshakeRequest())
        self.ask("Configure", proto.ConfigureRequest(args=encode(config), acceptSecrets=True))
        gate.arm(cut)

    def ask(self, rpc: str, request: Any) -> Any:
        """Make a call as the engine does. Raises No, InitFailed or Killed."""
        call = getattr(self._door.stub, rpc)
        try:
            if self._cut is None or self.ended:
                answer = call(request, timeout=60)
            else:
                self._gate.moment = threading.Event()
                future = call.future(request, timeout=60)
                self._watch(future, self._cut)
                answer = future.result()
        except grpc.FutureCancelledError:
            raise Killed from None
        except grpc.RpcError as error:
            raise _refusal(error) from None
        forbid_plain_secrets(answer)
        return answer

    def close(self) -> None:
        """End the process."""
        self._door.loop.run(self._core.close())

    def _watch(self, future: Any, cut: Cut) -> None:
        """Wait until the call ends, or until it has made the call to the cloud at which it shall be cut short."""
        moment = self._gate.moment
        future.add_done_callback(lambda _: moment.set())
        assert moment.wait(60), "a call neither ends nor calls a cloud"
        if not self._gate.is_holding:
            return
        self.ended = True
        if cut.kill:
            future.cancel()
            assert self._door.is_idle.wait(60), "a call that nobody waits for does not end"
            self._gate.release()
            return
        self._door.stub.Cancel(Empty(), timeout=60)
        self._gate.release()
        assert _is_done(future, PATIENCE_AFTER_CANCEL), "Cancel did not end the waiting within 2 s"


def _is_done(future: Any, seconds: float) -> bool:
    try:
        future.exception(timeout=seconds)
    except grpc.FutureTimeoutError:
        return False
    except grpc.FutureCancelledError:
        return True
    return True


def _refusal(error: Any) -> Exception:
    message = str(error.details())
    assert HUSH not in message, f"a message tells a secret: {message}"
    assert "bug in mlworkbench" not in message, message
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if packed is None:
        return No(message)
    detail = proto.ErrorResourceInitFailed()
    if not status_pb2.Status.FromString(packed).details[0].Unpack(detail):
        return No(message)
    assert detail.id, "it exists, but its id is not told"
    forbid_plain_secrets(detail)
    assert not any(HUSH in reason for reason in detail.reasons), f"a reason tells a secret: {list(detail.reasons)}"
    return InitFailed(message, detail)


def forbid_plain_secrets(answer: Any) -> None:
    """Fail if a Struct of an answer holds a secret that is not wrapped."""
    for name in ("properties", "inputs"):
        if name in answer.DESCRIPTOR.fields_by_name:
            _forbid(getattr(answer, name), name)


def _forbid(struct: Struct, at: str) -> None:
    if _SIGNATURE in struct.fields and struct.fields[_SIGNATURE].string_value == _SECRET:
        return
    for key, value in struct.fields.items():
        _forbid_value(value, f"{at}.{key}")


def _forbid_value(value: Value, at: str) -> None:
    match value.WhichOneof("kind"):
        case "string_value":
            assert HUSH not in value.string_value, f"a secret is plain at {at}"
        case "struct_value":
            _forbid(value.struct_value, at)
        case "list_value":
            for index, each in enumerate(value.list_value.values):
                _forbid_value(each, f"{at}[{index}]")


@contextmanager
def plugin(door: Door, environment: Mapping[str, str], config: Tree, gate: Gate, cut: Cut | None) -> Iterator[Plugin]:
    """Start a process, end it as the engine does."""
    process = Plugin(door, environment, config, gate, cut)
    try:
        yield process
    finally:
        process.close()
