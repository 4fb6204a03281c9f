"""Laws of secrets: what came wrapped leaves wrapped, and no key is ever told."""

from __future__ import annotations

import base64
import logging
import pickle
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2

from mlworkbench.hosts.codec import encode
from mlworkbench.hosts.dynamic import DynamicProvider
from mlworkbench.model.policy import Computed, Virtual, WriteOnly, policies
from mlworkbench.model.values import Path, Tree, leaves
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.outcomes import Outcome

from .cases import Kind, variants
from .hosts import Existing, Host, Loop, PluginHost, Refused, open_host

SIGNATURE = "4dabf18193072939515e22adb298388d"


@pytest.fixture
def plugin(emulator: Emulator, world: tuple[Emulator, dict[str, str]], loop: Loop) -> Iterator[PluginHost]:
    with open_host("plugin", world[1], loop, {}) as opened:
        assert isinstance(opened, PluginHost)
        yield opened


def plain_texts(struct: Struct) -> set[str]:
    """Return every text of a Struct that is not below a secret."""
    if SIGNATURE in struct.fields:
        return set()
    found: set[str] = set()
    for value in struct.fields.values():
        found |= _texts(value)
    return found


def _texts(value: Any) -> set[str]:
    match value.WhichOneof("kind"):
        case "string_value":
            return {value.string_value}
        case "struct_value":
            return plain_texts(value.struct_value)
        case "list_value":
            return set().union(*(_texts(each) for each in value.list_value.values))
    return set()


def every_struct(answer: Any) -> Iterator[Struct]:
    for descriptor, value in answer.ListFields():
        if descriptor.message_type is not None and descriptor.message_type.full_name == "google.protobuf.Struct":
            yield value


def secret_leaves(inputs: Tree) -> list[Path]:
    """Return the places of texts that no choice or name restricts to well-known words."""
    return [path for path, value in leaves(inputs) if isinstance(value, str) and value.startswith("text-of-")]


def test_every_text_that_came_as_a_secret_leaves_as_one(plugin: PluginHost, kind: Kind, emulator: Emulator) -> None:
    for inputs in variants(kind):
        emulator.reset()
        places = secret_leaves(inputs)
        secrets = {value for path, value in leaves(inputs) if path in places}
        wrapped = encode(inputs, [_whole(path) for path in places])
        who = plugin._who(kind.token)
        plugin.answers.clear()
        checked = plugin.call("Check", proto.CheckRequest(news=wrapped, olds=Struct(), **who))
        plugin.call("Create", proto.CreateRequest(properties=checked.inputs, preview=True, **who))
        created = plugin.call("Create", proto.CreateRequest(properties=checked.inputs, **who))
        state = {"properties": created.properties, "inputs": checked.inputs}
        plugin.call("Read", proto.ReadRequest(id=created.id, **state, **who))
        update = {"olds": created.properties, "old_inputs": checked.inputs, "news": checked.inputs}
        plugin.call("Update", proto.UpdateRequest(id=created.id, preview=True, **update, **who))
        plugin.call("Update", proto.UpdateRequest(id=created.id, **update, **who))
        structs = [_without_computed(kind, each) for answer in plugin.answers for each in every_struct(answer)]
        told = set().union(*(plain_texts(each) for each in structs))
        assert secrets & told == set()
        # The way back to the plain value is open all the same: the answers are not merely empty.
        assert all(secret in str(checked.inputs) for secret in secrets)


def test_what_is_a_part_of_a_secret_is_one_and_no_message_tells_it(plugin: PluginHost, emulator: Emulator) -> None:
    inputs = {**registry()["modelarts:Image"].example, "swrPath": "swr.example.com/hidden-team/hidden-image:hidden-tag"}
    wrapped, who = encode(inputs, [("swrPath",)]), plugin._who("modelarts:Image")
    created = plugin.call("Create", proto.CreateRequest(properties=wrapped, **who))
    assert "hidden" not in " ".join(plain_texts(created.properties))
    with pytest.raises(Refused) as refused:
        plugin.call("Create", proto.CreateRequest(properties=wrapped, **who))
    assert "hidden" not in str(refused.value)


HUSH = "hush-hush"
PLACE = f"oss://{HUSH}.oss-cn-hangzhou.aliyuncs.com/runs/"
SPEC = {"ecsType": HUSH, "vpcId": "vpc-1", "switchId": "vsw-1", "securityGroupId": "sg-1"}
TAKEN_OUT = [
    ("pai:Tensorboard", {"tensorboardSpec": SPEC}, ("tensorboardSpec", "ecsType")),
    ("modelarts:VisualizationJob", {"jobDesc": HUSH}, ("jobDesc",)),
]


@pytest.mark.parametrize("outcome", ["done", "preview", "half done"])
@pytest.mark.parametrize(("token", "more", "place"), TAKEN_OUT, ids=[token for token, _, _ in TAKEN_OUT])
def test_a_secret_stays_one_when_its_property_is_taken_out(
    plugin: PluginHost, emulator: Emulator, token: str, more: Tree, place: Path, outcome: str
) -> None:
    """The cloud may still have it, so it is still in the answer."""
    example, who = registry()[token].example, plugin._who(token)
    inputs, news = encode({**example, **more}, [place]), encode({**example, "desiredStatus": "Stopped"})
    created = plugin.call("Create", proto.CreateRequest(properties=inputs, **who))
    update = {"id": created.id, "olds": created.properties, "old_inputs": inputs, "news": news, **who}
    if outcome == "half done":
        emulator.progress = "seconds:3600"
        answer = init_failed(plugin, "Update", proto.UpdateRequest(timeout=0.05, **update))
    else:
        answer = plugin.call("Update", proto.UpdateRequest(preview=outcome == "preview", **update))
    assert len(list(every_struct(answer))) == (2 if outcome == "half done" else 1)
    assert HUSH not in set().union(*(plain_texts(each) for each in every_struct(answer)))


def test_a_program_may_give_a_secret_away(plugin: PluginHost, emulator: Emulator) -> None:
    token = "modelarts:VisualizationJob"
    who, inputs = plugin._who(token), {**registry()[token].example, "jobDesc": HUSH}
    created = plugin.call("Create", proto.CreateRequest(properties=encode(inputs, [("jobDesc",)]), **who))
    update = {"olds": created.properties, "old_inputs": encode(inputs, [("jobDesc",)]), "news": encode(inputs)}
    updated = plugin.call("Update", proto.UpdateRequest(id=created.id, **update, **who))
    assert HUSH in plain_texts(updated.properties)


def init_failed(plugin: PluginHost, rpc: str, request: Any) -> proto.ErrorResourceInitFailed:
    """Make a call that must end half-way, and return what is kept."""
    with pytest.raises(grpc.RpcError) as raised:
        getattr(plugin._stub, rpc)(request, timeout=20)
    error: Any = raised.value
    packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
    kept = proto.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(packed).details[0].Unpack(kept)
    return kept


@pytest.mark.parametrize(
    ("token", "secret", "ending"),
    [
        ("pai:Tensorboard", "uri", Outcome("CreateTensorboard", "Failed", reason_message=f"cannot read {PLACE}")),
        ("modelarts:Image", "readMe", Outcome("RegisterImage", "ERROR", reason_message=f"cannot read {PLACE}")),
    ],
)
def test_a_secret_that_the_cloud_repeats_in_a_reason_is_one_there(
    plugin: PluginHost, emulator: Emulator, token: str, secret: str, ending: Outcome
) -> None:
    emulator.outcomes.add(ending)
    inputs, who = encode({**registry()[token].example, secret: PLACE}, [(secret,)]), plugin._who(token)
    kept = init_failed(plugin, "Create", proto.CreateRequest(properties=inputs, **who))
    assert HUSH not in " ".join(set().union(*map(plain_texts, every_struct(kept))))
    assert f"cannot read {PLACE}" in str(kept.properties)
    known: Any = {"inputs": kept.inputs, "properties": kept.properties}
    found = plugin.call("Read", proto.ReadRequest(id=kept.id, **known, **who))
    assert HUSH not in " ".join(set().union(*map(plain_texts, every_struct(found))))


def test_no_message_of_a_read_or_a_delete_tells_a_secret(plugin: PluginHost, emulator: Emulator, kind: Kind) -> None:
    echo = Fault(operation="*", status=400, code="Strange.Code", message=f"this is wrong: {HUSH}", times=99)
    state, who = encode({"note": HUSH}, [("note",)]), plugin._who(kind.token)
    emulator.faults.add(echo)
    for rpc, request in (
        ("Read", proto.ReadRequest(id="some-id", properties=state, **who)),
        ("Delete", proto.DeleteRequest(id="some-id", properties=state, **who)),
    ):
        with pytest.raises(Refused, match="this is wrong: ") as refused:
            plugin.call(rpc, request)
        assert HUSH not in str(refused.value)


def _without_computed(kind: Kind, struct: Struct) -> Struct:
    """Leave out what the cloud made: the name of a quota, say, may well be the same text as its id."""
    computed = {name for name, each in policies(kind.outputs).items() if Computed in each}
    return Struct(fields={name: value for name, value in struct.fields.items() if name not in computed})


def _whole(path: Path) -> Path:
    """A program makes a whole list secret when it makes an item secret."""
    return path[: next((place for place, step in enumerate(path) if isinstance(step, int)), len(path))]


def test_no_key_is_told_when_it_is_refused(
    host: Host, kind: Kind, world: tuple[Emulator, dict[str, str]], loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = {
        "paiAccessKeyId": "EmulatorAlibabaKeyId",
        "paiAccessKeySecret": "wrong-secret-of-alibaba",
        "paiSecurityToken": "wrong-token-of-alibaba",
        "modelartsAccessKey": "EMULATORHUAWEIKEYID0",
        "modelartsSecretKey": "wrong-secret-of-huawei",
        "maxRetries": 0,
    }
    with open_host(host.name, world[1], loop, wrong) as opened, pytest.raises(Refused) as refused:
        opened.create(kind.token, kind.example)
    message = str(refused.value)
    assert "wrong-" not in message
    assert "wrong-" not in caplog.text
    assert "request id" in message
    assert "Traceback" not in message


def test_a_pickled_provider_holds_a_name_and_nothing_else(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-of-the-environment")
    provider = DynamicProvider(kind.token)
    _ = provider._provider
    pickled = base64.b64decode(serialize_provider(provider))
    assert len(pickled) < 130
    assert b"secret" not in pickled
    assert vars(pickle.loads(pickled)) == {"token": kind.token}


def test_a_pickled_provider_does_not_change_with_the_code(kind: Kind) -> None:
    # By reference: a module, a class name and the token, as text. No code, no path, no version of Python.
    pickled = base64.b64decode(serialize_provider(DynamicProvider(kind.token)))
    assert b"mlworkbench.hosts.dynamic" in pickled
    assert b"DynamicProvider" in pickled
    assert b"co_code" not in pickled


def test_what_the_api_never_returns_survives_a_refresh(host: Host, kind: Kind) -> None:
    for inputs in variants(kind)[:1]:
        created = host.create(kind.token, inputs)
        found = host.read(kind.token, created.id, Existing(created.id, created.state, inputs))
        assert found is not None
        hidden = {name for name, each in policies(kind.inputs).items() if WriteOnly in each and Virtual not in each}
        assert {name: found.state[name] for name in hidden & inputs.keys()} == {
            name: inputs[name] for name in hidden & inputs.keys()
        }
