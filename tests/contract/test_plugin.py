"""Laws of the plugin's protocol: start and end of the process, what it promises, what it says when it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, status_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from mlworkbench import __version__
from mlworkbench.hosts.codec import decode, encode
from mlworkbench.model.values import UNKNOWN
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.outcomes import Outcome

from .hosts import NAME, Existing, Host, Loop, PluginHost, open_host

PROGRAM = Path(sys.executable).parent / "pulumi-resource-mlworkbench"


@pytest.fixture
def plugin(emulator: Emulator, world: tuple[Emulator, dict[str, str]], loop: Loop) -> Iterator[PluginHost]:
    with open_host("plugin", world[1], loop, {"maxRetries": 0}) as opened:
        assert isinstance(opened, PluginHost)
        yield opened


@contextmanager
def process(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """Start the plugin as the engine does."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), **(environment or {})}
    with subprocess.Popen(
        [PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as started:
        assert started.stdout is not None
        port = started.stdout.readline()
        with grpc.insecure_channel(f"127.0.0.1:{int(port)}") as channel:
            stub: Any = ResourceProviderStub(channel)
            try:
                yield started, stub
            finally:
                started.kill()


@pytest.mark.parametrize(
    "arguments",
    [
        ("127.0.0.1:1",),
        ("--logtostderr", "-v=9", "--tracing", "http://127.0.0.1:2", "127.0.0.1:1"),
        ("--new-flag", "x"),
    ],
)
def test_the_process_prints_its_port_first_and_serves(arguments: tuple[str, ...]) -> None:
    with process(*arguments) as (_, stub):
        assert stub.GetPluginInfo(Empty(), timeout=10).version == __version__


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_process_ends_at_once_and_silently_on_a_signal(number: int) -> None:
    with process("127.0.0.1:1") as (started, stub):
        stub.Cancel(Empty(), timeout=10)
        started.send_signal(number)
        output, errors = started.communicate(timeout=3)
        assert (started.returncode, output, errors) == (0, "", "")


def test_what_is_in_flight_when_a_signal_comes_still_answers_with_its_id(
    emulator: Emulator, world: tuple[Emulator, dict[str, str]]
) -> None:
    """Nothing but the answer tells the engine of what was made."""
    emulator.progress = "seconds:3600"
    kind = "mlworkbench:pai:Tensorboard"
    request = proto.CreateRequest(
        properties=encode(registry()["pai:Tensorboard"].example), urn=f"urn:pulumi:dev::p::{kind}::x", type=kind
    )
    with process("127.0.0.1:1", environment=world[1]) as (started, stub):
        stub.Configure(proto.ConfigureRequest(args=Struct()), timeout=10)
        call = stub.Create.future(request, timeout=20)
        while "GetTensorboard" not in emulator.journal.operations():
            pass
        started.send_signal(signal.SIGINT)
        error: Any = call.exception(timeout=4)
        packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
        kept = proto.ErrorResourceInitFailed()
        assert status_pb2.Status.FromString(packed).details[0].Unpack(kept)
        assert kept.id == emulator.resources.all("tensorboards")[0]["TensorboardId"]
        assert started.wait(timeout=3) == 0


def test_started_by_hand_it_says_what_it_is_for() -> None:
    done = subprocess.run([PROGRAM], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "pulumi up" in done.stderr
    assert "Traceback" not in done.stderr


def test_handshake_and_configure_promise_the_same(plugin: PluginHost) -> None:
    shake = plugin.call("Handshake", proto.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    configured = plugin.call("Configure", proto.ConfigureRequest(args=Struct()))
    assert shake.accept_secrets is configured.acceptSecrets is True
    assert shake.accept_resources is configured.acceptResources is True
    assert shake.accept_outputs is configured.acceptOutputs is True
    assert configured.supportsPreview is True
    assert shake.supports_autonaming_configuration is configured.supports_autonaming_configuration is True


def test_the_schema_that_is_served_is_the_one_in_the_repository(plugin: PluginHost) -> None:
    served = plugin.call("GetSchema", proto.GetSchemaRequest()).schema
    assert served == (Path(__file__).parents[2] / "schema.json").read_text("utf-8")
    assert json.loads(served)["version"] == __version__


def test_small_rpcs_answer(plugin: PluginHost) -> None:
    assert plugin.call("Attach", plugin_pb2.PluginAttach(address="127.0.0.1:1")) == Empty()
    assert plugin.call("GetMapping", proto.GetMappingRequest(key="terraform")).data == b""
    assert list(plugin.call("GetMappings", proto.GetMappingsRequest(key="terraform")).providers) == []
    assert plugin.call("Cancel", Empty()) == Empty()


def test_configuration_comes_back_as_it_came(plugin: PluginHost) -> None:
    news = encode(
        {"paiRegion": "cn-hangzhou", "version": "1.2.3", "paiAccessKeySecret": "x"}, [("paiAccessKeySecret",)]
    )
    answer = plugin.call("CheckConfig", proto.CheckRequest(news=news))
    assert list(answer.failures) == []
    assert answer.inputs == news


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"paiEndpoint": "http://pai.example.com"}, ["paiEndpoint"]),
        ({"paiEndpoint": "http://127.0.0.1:9", "modelartsEndpoint": "http://localhost:9"}, []),
        ({"paiEndpoint": "http://pai.example.com", "allowHttp": "true"}, []),
        ({"modelartsEndpoint": "modelarts.example.com", "modelartsIamEndpoint": "ftp://x"},
         ["modelartsEndpoint", "modelartsIamEndpoint"]),
        ({"maxRetries": "many", "paiNetwork": "lan", "modelartsCloud": "HuaweiCloud"}, ["maxRetries", "paiNetwork"]),
        ({"paiRegoin": "x"}, ["paiRegoin"]),
    ],
)  # fmt: skip
def test_configuration_is_checked(plugin: PluginHost, values: dict[str, Any], paths: list[str]) -> None:
    answer = plugin.call("CheckConfig", proto.CheckRequest(news=encode(values)))
    assert sorted(failure.property for failure in answer.failures) == sorted(paths)


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"paiRegion": "cn-hangzhou"}, {"paiRegion": "cn-shanghai"}, ["paiRegion"]),
        ({}, {"paiRegion": "cn-shanghai"}, []),
        ({"paiAccessKeySecret": "a"}, {"paiAccessKeySecret": "b"}, []),
        ({"version": "0.1.0"}, {"version": "0.2.0"}, []),
        ({"modelartsProjectId": "p1", "modelartsToken": "t"}, {"modelartsProjectId": "p2"}, ["modelartsProjectId"]),
    ],
)
def test_a_provider_is_replaced_only_if_its_resources_would_be_out_of_reach(
    plugin: PluginHost, old: dict[str, Any], new: dict[str, Any], replaces: list[str]
) -> None:
    request = proto.DiffRequest(old_inputs=encode(old), olds=encode(old), news=encode(new))
    assert list(plugin.call("DiffConfig", request).replaces) == replaces


def rejected(stub: Any, rpc: str, request: Any) -> tuple[grpc.StatusCode, str, list[Any]]:
    with pytest.raises(grpc.RpcError) as raised:
        getattr(stub, rpc)(request, timeout=20)
    error: Any = raised.value
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    return error.code(), error.details(), list(status_pb2.Status.FromString(packed).details)


def test_what_is_missing_for_a_cloud_that_is_named_is_told_with_full_keys() -> None:
    with process("127.0.0.1:1") as (_, stub):
        request = proto.ConfigureRequest(args=encode({"paiNetwork": "vpc"}), acceptSecrets=True)
        code, message, details = rejected(stub, "Configure", request)
    missing = proto.ConfigureErrorMissingKeys()
    assert details[0].Unpack(missing)
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    names = [each.name for each in missing.missingKeys]
    assert names == ["mlworkbench:paiRegion", "mlworkbench:paiAccessKeyId", "mlworkbench:paiAccessKeySecret"]
    assert all(name in message for name in names)
    assert "MLWORKBENCH_PAI_REGION" in message
    assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET" in message


def test_what_is_missing_for_a_resource_is_a_failure_of_its_check() -> None:
    with process("127.0.0.1:1") as (_, stub):
        stub.Configure(proto.ConfigureRequest(args=Struct()), timeout=10)
        kind = "mlworkbench:modelarts:Image"
        urn = f"urn:pulumi:dev::p::{kind}::x"
        news = encode(registry()["modelarts:Image"].example)
        answer = stub.Check(proto.CheckRequest(news=news, urn=urn, type=kind, name="x"), timeout=10)
    reasons = [failure.reason for failure in answer.failures]
    assert [failure.property for failure in answer.failures] == ["", "", ""]
    for key in ("modelartsRegion", "modelartsAccessKey", "modelartsSecretKey"):
        assert any(f"mlworkbench:{key}" in reason for reason in reasons)


ERRORS = [
    (404, "InvalidAccessKeyId.NotFound", grpc.StatusCode.UNAUTHENTICATED),
    (400, "Throttling.User", grpc.StatusCode.RESOURCE_EXHAUSTED),
    (403, "NoPermission", grpc.StatusCode.PERMISSION_DENIED),
    (400, "TensorboardLimitExceeded", grpc.StatusCode.RESOURCE_EXHAUSTED),
    (404, "InvalidApi.NotFound", grpc.StatusCode.FAILED_PRECONDITION),
    (400, "InvalidParameter", grpc.StatusCode.INVALID_ARGUMENT),
    (400, "InvalidTimeStamp.Expired", grpc.StatusCode.UNAUTHENTICATED),
]


@pytest.mark.parametrize(("status", "code", "expected"), ERRORS)
def test_a_refusal_of_the_cloud_has_a_status_its_code_and_request_id(
    plugin: PluginHost, emulator: Emulator, status: int, code: str, expected: grpc.StatusCode
) -> None:
    emulator.faults.add(Fault(operation="CreateTensorboard", status=status, code=code, message="It was refused."))
    example = registry()["pai:Tensorboard"].example
    request = proto.CreateRequest(properties=encode(example), **plugin._who("pai:Tensorboard"))
    found, message, _ = rejected(plugin._stub, "Create", request)
    assert found is expected
    assert code in message
    assert f"HTTP {status}" in message
    assert "request id" in message
    assert "Traceback" not in message


def test_a_create_that_ends_failed_is_kept_with_its_id(plugin: PluginHost, emulator: Emulator) -> None:
    emulator.outcomes.add(Outcome(operation="CreateTensorboard", state="Failed", reason_message="no machine left"))
    example = registry()["pai:Tensorboard"].example
    request = proto.CreateRequest(properties=encode(example), **plugin._who("pai:Tensorboard"))
    code, message, details = rejected(plugin._stub, "Create", request)
    kept = proto.ErrorResourceInitFailed()
    assert details[0].Unpack(kept)
    assert code is grpc.StatusCode.UNKNOWN
    assert kept.id == emulator.resources.all("tensorboards")[0]["TensorboardId"]
    assert decode(kept.properties).tree["status"] == "Failed"
    assert decode(kept.inputs).tree == example
    assert "no machine left" in message
    assert list(kept.reasons) == [message]


def test_a_resource_type_that_does_not_exist_is_refused(plugin: PluginHost) -> None:
    kind = "mlworkbench:pai:Tensorbord"
    request = proto.CheckRequest(news=Struct(), urn=f"urn:pulumi:dev::p::{kind}::{NAME}", type=kind)
    code, message, _ = rejected(plugin._stub, "Check", request)
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert 'did you mean "mlworkbench:pai:Tensorboard"' in message


def test_old_engines_that_send_no_type_and_no_old_inputs_are_understood(plugin: PluginHost) -> None:
    example = registry()["modelarts:VisualizationJob"].example
    urn = f"urn:pulumi:dev::p::mlworkbench:modelarts:VisualizationJob::{NAME}"
    checked = plugin.call("Check", proto.CheckRequest(news=encode(example), urn=urn))
    created = plugin.call("Create", proto.CreateRequest(properties=checked.inputs, urn=urn))
    news = encode({**example, "jobDesc": "other"})
    seen = plugin.call("Diff", proto.DiffRequest(id=created.id, urn=urn, olds=created.properties, news=news))
    assert dict(seen.detailedDiff.items()).keys() == {"jobDesc"}
    plugin.call("Delete", proto.DeleteRequest(id=created.id, urn=urn, properties=created.properties))
    assert plugin.call("Read", proto.ReadRequest(id=created.id, urn=urn)) == proto.ReadResponse()


def test_cancel_ends_waiting_and_keeps_what_exists(plugin: PluginHost, emulator: Emulator, loop: Loop) -> None:
    emulator.progress = "seconds:3600"
    example = registry()["pai:Tensorboard"].example
    request = proto.CreateRequest(properties=encode(example), **plugin._who("pai:Tensorboard"))
    call = plugin._stub.Create.future(request, timeout=20)
    while "GetTensorboard" not in emulator.journal.operations():
        pass
    plugin.call("Cancel", Empty())
    error: Any = call.exception(timeout=2)
    packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
    kept = proto.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(packed).details[0].Unpack(kept)
    assert kept.id
    assert "interrupted" in kept.reasons[0]


def test_a_time_limit_of_the_user_is_kept(plugin: PluginHost, emulator: Emulator) -> None:
    emulator.progress = "seconds:3600"
    example = registry()["pai:Tensorboard"].example
    request = proto.CreateRequest(properties=encode(example), timeout=0.05, **plugin._who("pai:Tensorboard"))
    _, message, details = rejected(plugin._stub, "Create", request)
    assert "is still" in message
    assert details


def test_the_same_swr_path_is_never_destroyed_for_its_own_replacement(host: Host, emulator: Emulator) -> None:
    token = "modelarts:Image"
    old = {**registry()[token].example, "deleteSwrContent": True}
    new = {**old, "description": "other"}
    created = host.create(token, old)
    host.check(token, new, old)
    host.delete(token, Existing(created.id, created.state, old))
    again = host.create(token, new)
    assert again.id != created.id
    assert "force" not in [name for entry in emulator.journal.of("DeleteImage") for name, _ in entry.query]


def test_swr_content_is_kept_when_a_replacement_has_only_been_foretold(host: Host, emulator: Emulator) -> None:
    """A dependent of what is deleted first is deleted before its new inputs are checked: only Diff was asked."""
    token = "modelarts:Image"
    inputs = {**registry()[token].example, "deleteSwrContent": True}
    created = host.create(token, inputs)
    with_unknown = {**inputs, "description": UNKNOWN}
    assert host.diff(token, Existing(created.id, created.state, inputs), with_unknown).delete_before_replace
    host.delete(token, Existing(created.id, created.state, inputs))
    assert "force" not in [name for entry in emulator.journal.of("DeleteImage") for name, _ in entry.query]


def test_swr_content_is_kept_when_the_path_of_a_replacement_is_not_known_yet(host: Host, emulator: Emulator) -> None:
    """As before, but the path itself comes from what is deleted first: it may well stay the same."""
    token = "modelarts:Image"
    inputs = {**registry()[token].example, "deleteSwrContent": True}
    created = host.create(token, inputs)
    assert host.diff(token, Existing(created.id, created.state, inputs), {**inputs, "swrPath": UNKNOWN}).replaces
    host.delete(token, Existing(created.id, created.state, inputs))
    assert "force" not in [name for entry in emulator.journal.of("DeleteImage") for name, _ in entry.query]


def test_swr_content_is_deleted_on_demand(host: Host, emulator: Emulator) -> None:
    token = "modelarts:Image"
    inputs = {**registry()[token].example, "swrPath": "swr.example.com/team/doomed:1", "deleteSwrContent": True}
    created = host.create(token, inputs)
    host.delete(token, created)
    (entry,) = emulator.journal.of("DeleteImage")
    assert ("force", "true") in entry.query
    assert entry.body == {"is_force": True}
