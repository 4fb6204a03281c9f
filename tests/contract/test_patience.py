"""Laws of time on the plugin: whatever the cloud lets it wait for, Cancel and the user's limits end it at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as proto

from mlworkbench.hosts.codec import encode
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.serving import running

from .hosts import Existing, Loop, PluginHost, open_host

TOKEN = "pai:Tensorboard"
KIND = registry()[TOKEN]
AT_ONCE_SECONDS = 2.0
THROTTLED = {"status": 429, "code": "Throttling.User", "headers": {"retry-after": "250"}, "times": 99}
SILENT = {"delay_seconds": 20.0, "times": 99}
TRIALS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a create that is throttled": ("Create", "CreateTensorboard", THROTTLED),
    "a read that is throttled": ("Read", "GetTensorboard", THROTTLED),
    "a read that is not answered": ("Read", "GetTensorboard", SILENT),
    "an update that is throttled": ("Update", "UpdateTensorboard", THROTTLED),
    "a look before an update that is not answered": ("Update", "GetTensorboard", SILENT),
    "a deletion that is throttled": ("Delete", "DeleteTensorboard", THROTTLED),
    "a look before a deletion that is throttled": ("Delete", "GetTensorboard", THROTTLED),
}
trials = pytest.mark.parametrize(("rpc", "operation", "fault"), TRIALS.values(), ids=TRIALS)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A cloud of its own: what it is still silent about must not be answered into another test."""
    own = Emulator(Settings())
    yield own
    own.close()


@pytest.fixture
def plugin(emulator: Emulator, loop: Loop) -> Iterator[Any]:
    with running(emulator) as url, open_host("plugin", environment(Settings(), url), loop, {}) as opened:
        yield opened


def begun(plugin: PluginHost, emulator: Emulator, rpc: str, fault: Fault, timeout: float = 0) -> Any:
    """Return a call in flight which the fault holds up."""
    existing = plugin.create(TOKEN, KIND.example)
    emulator.faults.add(fault)
    emulator.journal.clear()
    who: dict[str, Any] = {"timeout": timeout, **plugin._who(TOKEN)}
    return getattr(plugin._stub, rpc).future(_requests(existing, who)[rpc](), timeout=30)


def _requests(existing: Existing, who: dict[str, Any]) -> dict[str, Any]:
    olds, known = encode(existing.state), encode(existing.inputs)
    news = encode({**KIND.example, **KIND.change})
    another = encode({**KIND.example, "displayName": "another"})
    id = existing.id
    return {
        "Create": lambda: proto.CreateRequest(properties=another, **who),
        "Read": lambda: proto.ReadRequest(id=id, properties=olds, inputs=known, **who),
        "Update": lambda: proto.UpdateRequest(id=id, olds=olds, old_inputs=known, news=news, **who),
        "Delete": lambda: proto.DeleteRequest(id=id, properties=olds, old_inputs=known, **who),
    }


@trials
def test_cancel_ends_it(
    plugin: PluginHost, emulator: Emulator, rpc: str, operation: str, fault: dict[str, Any]
) -> None:
    call = begun(plugin, emulator, rpc, Fault(operation, **fault))
    while operation not in emulator.journal.operations() and "delay_seconds" not in fault:
        pass
    plugin.call("Cancel", Empty())
    error = call.exception(timeout=AT_ONCE_SECONDS)
    assert isinstance(error, grpc.RpcError), "it was done all the same"
    assert "a bug in mlworkbench" not in str(error)


@trials
def test_the_users_limit_ends_it(
    plugin: PluginHost, emulator: Emulator, rpc: str, operation: str, fault: dict[str, Any]
) -> None:
    call = begun(plugin, emulator, rpc, Fault(operation, **fault), timeout=0.2)
    error = call.exception(timeout=0.2 + AT_ONCE_SECONDS)
    assert isinstance(error, grpc.RpcError), "it was done all the same"
    assert "a bug in mlworkbench" not in str(error)
