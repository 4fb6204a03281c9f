"""Laws of silence on the plugin: calls that the cloud leaves unanswered end at Cancel and at the user's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2

from mlworkbench.hosts.codec import decode, encode
from mlworkbench.lifecycle import waiting
from mlworkbench.model.values import Tree
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.serving import running

from .hosts import Existing, Loop, PluginHost, open_host

AT_ONCE_SECONDS = 2.0
LIMIT_SECONDS = 0.3
REQUEST_SECONDS = 1
FOR_EVER_SECONDS = 60.0
LATE_SECONDS = 0.6
STOPPED, RUNNING = {"desiredStatus": "Stopped"}, {"desiredStatus": "Running"}


@dataclass(frozen=True)
class Trial:
    """A call of the cloud that is not answered. `first` is how the resource is before that, `change` what is asked."""

    token: str
    operation: str
    first: Tree = field(default_factory=dict)
    change: Tree = field(default_factory=dict)
    done: bool = False

    @property
    def fault(self) -> Fault:
        return Fault(self.operation, delay_seconds=FOR_EVER_SECONDS, after_commit=self.done, times=99)

    @property
    def inputs(self) -> Tree:
        return {**registry()[self.token].example, **self.first}

    @property
    def news(self) -> Tree:
        return {**self.inputs, **(self.change or registry()[self.token].change)}


BOARD, JOB, IMAGE = "pai:Tensorboard", "modelarts:VisualizationJob", "modelarts:Image"
UPDATES = {
    "a board's change": Trial(BOARD, "UpdateTensorboard"),
    "a board's change that was made": Trial(BOARD, "UpdateTensorboard", done=True),
    "a board's start": Trial(BOARD, "StartTensorboard", STOPPED, RUNNING),
    "a board's stop that was made": Trial(BOARD, "StopTensorboard", RUNNING, STOPPED, done=True),
    "a job's change": Trial(JOB, "UpdateVisualizationJob"),
    "a job's change that was made": Trial(JOB, "UpdateVisualizationJob", done=True),
    "a job's stop": Trial(JOB, "StopVisualizationJob", RUNNING, STOPPED),
}
DELETIONS = {
    "a board's stop before its deletion": Trial(BOARD, "StopTensorboard"),
    "a board's deletion": Trial(BOARD, "DeleteTensorboard", STOPPED),
    "a board's deletion that was made": Trial(BOARD, "DeleteTensorboard", STOPPED, done=True),
    "a job's deletion": Trial(JOB, "DeleteVisualizationJob"),
    "an image's deletion": Trial(IMAGE, "DeleteImage"),
    "an image's deletion that was made": Trial(IMAGE, "DeleteImage", done=True),
}
CREATIONS = {BOARD: "CreateTensorboard", JOB: "CreateVisualizationJob", IMAGE: "RegisterImage"}
by_cancel_and_limit = pytest.mark.parametrize("by", ["Cancel", "limit"])
each_creation = pytest.mark.parametrize(("token", "operation"), CREATIONS.items(), ids=CREATIONS)


@pytest.fixture(autouse=True)
def _hardly_a_last_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LAST_LOOK_SECONDS", 0.1)


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


@pytest.fixture
def creator(emulator: Emulator, loop: Loop) -> Iterator[Any]:
    """A plugin that waits for no answer longer than a second, since what creates is waited for."""
    patience = {"requestTimeoutSeconds": REQUEST_SECONDS}
    with running(emulator) as url, open_host("plugin", environment(Settings(), url), loop, patience) as opened:
        yield opened


def begun(plugin: PluginHost, emulator: Emulator, fault: Fault, by: str, rpc: str, request: Any) -> Any:
    """Return a call for which, by Cancel or a limit in time, nobody waits, while the cloud does not answer."""
    emulator.faults.add(fault)
    request.timeout = LIMIT_SECONDS if by == "limit" else 0
    call = getattr(plugin._stub, rpc).future(request, timeout=30)
    if by == "Cancel":
        while fault in emulator.faults:
            assert not call.done(), call.exception()
        plugin.call("Cancel", Empty())
    return call


def ended(plugin: PluginHost, emulator: Emulator, fault: Fault, by: str, rpc: str, request: Any) -> grpc.RpcError:
    """Return the error that a call ends with soon after nobody waits for it any longer."""
    call = begun(plugin, emulator, fault, by, rpc, request)
    more = REQUEST_SECONDS if rpc == "Create" else 0.0
    error = call.exception(timeout=AT_ONCE_SECONDS + more + request.timeout)
    emulator.faults.clear()
    assert isinstance(error, grpc.RpcError), "it was answered as if nothing had happened"
    assert "a bug in mlworkbench" not in str(error)
    return error


def kept(error: Any) -> proto.ErrorResourceInitFailed | None:
    """Return what an error lets the engine keep."""
    packed = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
    detail = proto.ErrorResourceInitFailed()
    return next((detail for each in status_pb2.Status.FromString(packed).details if each.Unpack(detail)), None)


def recorded(error: Any) -> Existing:
    detail = kept(error)
    assert detail is not None, error.details()
    assert detail.id
    assert all(detail.reasons)
    assert detail.reasons
    return Existing(detail.id, decode(detail.properties).tree, decode(detail.inputs).tree)


@pytest.fixture
def again(emulator: Emulator, plugin: PluginHost, loop: Loop, request: pytest.FixtureRequest) -> Iterator[PluginHost]:
    """The plugin of the next `pulumi up`: the first one does nothing more once it was cancelled."""
    with running(emulator) as url, open_host("plugin", environment(Settings(), url), loop, {}) as opened:
        assert isinstance(opened, PluginHost)
        yield opened


@by_cancel_and_limit
@pytest.mark.parametrize("trial", UPDATES.values(), ids=UPDATES)
def test_an_update_ends_keeps_what_was_known_and_can_be_made_again(
    plugin: PluginHost, again: PluginHost, emulator: Emulator, trial: Trial, by: str
) -> None:
    existing = plugin.create(trial.token, trial.inputs)
    request = plugin._update_request(trial.token, existing, trial.news, preview=False)
    error: Any = ended(plugin, emulator, trial.fault, by, "Update", request)
    assert "has not answered whether it did" in error.details()
    record = recorded(error)
    assert record.id == existing.id
    assert existing.state.keys() <= record.state.keys()
    updated = again.update(trial.token, record, trial.news)
    assert not again.diff(trial.token, updated, trial.news).properties
    found = again.read(trial.token, existing.id, updated)
    assert found is not None
    assert not again.diff(trial.token, found, trial.news).properties


@by_cancel_and_limit
@pytest.mark.parametrize("trial", DELETIONS.values(), ids=DELETIONS)
def test_a_deletion_ends_and_can_be_made_again(
    plugin: PluginHost, again: PluginHost, emulator: Emulator, trial: Trial, by: str
) -> None:
    existing = plugin.create(trial.token, trial.inputs)
    known: Any = {"properties": encode(existing.state), "old_inputs": encode(existing.inputs)}
    request = proto.DeleteRequest(id=existing.id, **known, **plugin._who(trial.token))
    error: Any = ended(plugin, emulator, trial.fault, by, "Delete", request)
    assert kept(error) is None
    assert "has not answered whether it did" in error.details()
    assert trial.done or again.read(trial.token, existing.id, existing)
    again.delete(trial.token, existing)
    assert again.read(trial.token, existing.id, existing) is None


@by_cancel_and_limit
@each_creation
@pytest.mark.parametrize("seconds", [LATE_SECONDS, FOR_EVER_SECONDS], ids=["late", "never"])
def test_what_a_creation_has_made_is_waited_for_and_kept(
    creator: PluginHost, again: PluginHost, emulator: Emulator, token: str, operation: str, by: str, seconds: float
) -> None:
    """Only its answer tells the id; if that does not come, what was made is looked for."""
    fault = Fault(operation, delay_seconds=seconds, after_commit=True)
    call = begun(creator, emulator, fault, by, "Create", creation(creator, token))
    created = call.result(timeout=AT_ONCE_SECONDS + REQUEST_SECONDS + LIMIT_SECONDS)
    emulator.faults.clear()
    example = registry()[token].example
    assert made(emulator) == [created.id]
    assert not again.diff(token, Existing(created.id, decode(created.properties).tree, example), example).properties


@by_cancel_and_limit
@pytest.mark.parametrize(("token", "operation"), [each for each in CREATIONS.items() if each[0] != IMAGE])
def test_what_a_creation_has_made_and_nobody_waits_for_is_kept_as_it_is(
    creator: PluginHost, again: PluginHost, emulator: Emulator, token: str, operation: str, by: str
) -> None:
    emulator.progress = "reads:3"
    fault = Fault(operation, delay_seconds=LATE_SECONDS, after_commit=True)
    record = recorded(ended(creator, emulator, fault, by, "Create", creation(creator, token)))
    assert made(emulator) == [record.id]
    example = registry()[token].example
    updated = again.update(token, record, example)
    assert not again.diff(token, updated, example).properties


@by_cancel_and_limit
@each_creation
def test_a_creation_that_nothing_is_known_of_ends_and_says_so(
    creator: PluginHost, emulator: Emulator, token: str, operation: str, by: str
) -> None:
    fault = Fault(operation, delay_seconds=FOR_EVER_SECONDS)
    error: Any = ended(creator, emulator, fault, by, "Create", creation(creator, token))
    assert kept(error) is None
    assert "may have taken effect" in error.details()
    assert emulator.journal.operations().count(operation) <= 1


def creation(plugin: PluginHost, token: str) -> proto.CreateRequest:
    return proto.CreateRequest(properties=encode(registry()[token].example), **plugin._who(token))


def made(emulator: Emulator) -> list[str]:
    kinds = {"tensorboards": "TensorboardId", "visualization-jobs": "job_id", "images": "id"}
    return [str(record[name]) for kind, name in kinds.items() for record in emulator.resources.all(kind)]
