"""Be one plugin process and the line to it: answers, partial failures, Cancel, kill. Knows the protocol, no engine."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop as Loop
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2

from mlworkbench.hosts.codec import encode
from mlworkbench.hosts.core import Provider
from mlworkbench.hosts.document import schema_text
from mlworkbench.hosts.servicer import Servicer
from mlworkbench.model.values import Tree

from .gate import Cut, Gate
from .programs import HUSH

__all__ = ["InitFailed", "Killed", "No", "Plugin", "plugin"]

PATIENCE_AFTER_CANCEL = 2.0
DEAF_SECONDS = 0.03
LAST_LOOKS = 9
"""So many calls must be enough to tell what is true, after a Cancel."""

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


class _Line:
    """The end of a call at which the plugin speaks: what it aborts with goes to whoever has called."""

    def __init__(self) -> None:
        self.metadata: dict[str, str | bytes] = {}

    def set_trailing_metadata(self, metadata: Iterable[tuple[str, str | bytes]]) -> None:
        """Take what goes beside the status."""
        self.metadata.update(metadata)

    async def abort(self, code: grpc.StatusCode, message: str) -> None:
        """End the call with a status."""
        raise _refusal(message, self.metadata)


class Plugin:
    """A process that the engine started for one command. With a cut, it ends before the command does.

    Calls go to the servicer as messages of the protocol, but not through a socket: that takes more time than all else.
    """

    def __init__(self, loop: Loop, environment: Mapping[str, str], config: Tree, gate: Gate, cut: Cut | None) -> None:
        self._loop, self._gate, self._cut = loop, gate, cut
        self._core = Provider(environment)
        self._servicer = Servicer(self._core, schema_text)
        self.ended = False
        self.ask("Handshake", proto.ProviderHandshakeRequest())
        self.ask("Configure", proto.ConfigureRequest(args=encode(config), acceptSecrets=True))
        gate.arm(cut)

    def ask(self, rpc: str, request: Any) -> Any:
        """Make a call as the engine does. Raises No, InitFailed or Killed."""
        call = self._call(rpc, request)
        if self._cut is not None and not self.ended:
            call = self._watched(call, self._cut)
        answer = self._loop.run_until_complete(call)
        forbid_plain_secrets(answer)
        return answer

    def close(self) -> None:
        """End the process."""
        self._loop.run_until_complete(self._core.close())

    async def _call(self, rpc: str, request: Any) -> Any:
        answer = await getattr(self._servicer, rpc)(_sent(request), _Line())
        return _sent(answer)

    async def _watched(self, call: Coroutine[Any, Any, Any], cut: Cut) -> Any:
        """Wait until the call ends, or until it has made the call to the cloud at which it shall be cut short."""
        moment = self._gate.moment = asyncio.Event()
        work = asyncio.create_task(call)
        work.add_done_callback(lambda _: moment.set())
        await moment.wait()
        if not self._gate.is_holding:
            return await work
        self.ended = True
        if cut.kill:
            work.cancel()
            await asyncio.wait((work,))
            self._gate.release()
            raise Killed
        await self._call("Cancel", Empty())
        if cut.deaf:
            await asyncio.wait((work,), timeout=DEAF_SECONDS)
        self._gate.release()
        done, _ = await asyncio.wait((work,), timeout=PATIENCE_AFTER_CANCEL)
        assert done, "Cancel did not end the waiting within 2 s"
        assert self._gate.calls - cut.at < LAST_LOOKS, "Cancel did not end the waiting"
        return await work


def _sent(message: Any) -> Any:
    """Return a message as it is at the other end of a wire."""
    return type(message).FromString(message.SerializeToString())


def _refusal(message: str, metadata: Mapping[str, str | bytes]) -> Exception:
    assert HUSH not in message, f"a message tells a secret: {message}"
    assert "bug in mlworkbench" not in message, message
    packed = metadata.get("grpc-status-details-bin")
    if not isinstance(packed, bytes):
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
            for key, value in getattr(answer, name).fields.items():
                _forbid_value(value, f"{name}.{key}")


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
def plugin(loop: Loop, environment: Mapping[str, str], config: Tree, gate: Gate, cut: Cut | None) -> Iterator[Plugin]:
    """Start a process, end it as the engine does."""
    process = Plugin(loop, environment, config, gate, cut)
    try:
        yield process
    finally:
        process.close()
