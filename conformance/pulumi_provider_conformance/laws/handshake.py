"""Laws of the acquaintance: handshake, versions, small RPCs. Know no resource."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as proto

from ..law import Scope, Severity, broken, chapter, require, skip
from ..plugin import Plugin, Refused
from ..stage import Stage

law = chapter("Acquaintance", Scope.PROVIDER)

_SEMVER = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


@law(
    "provider.proto, Handshake: an engine that shakes hands sends the context of the plugin",
    "Implement Handshake and return the same features as in Configure.",
    Severity.SHOULD,
)
def it_shakes_hands(stage: Stage) -> None:
    """Handshake is answered."""
    plugin = stage.bare
    require(stage.shake(plugin) is not None, "Handshake is UNIMPLEMENTED")


@law(
    "provider.proto, ProviderHandshakeResponse.accept_secrets",
    "Return accept_secrets from Handshake and acceptSecrets from Configure, decode wrapped secrets, and wrap them in "
    "answers. Otherwise secrets come unmarked, and the engine has to guess which outputs are secret.",
    Severity.SHOULD,
)
def it_accepts_secrets(stage: Stage) -> None:
    """The provider takes values that are marked as secret."""
    with stage.another() as plugin:
        shaken = stage.shake(plugin)
        configured = stage.introduce(plugin)
    require(configured.acceptSecrets, "Configure does not return acceptSecrets")
    require(shaken is None or shaken.accept_secrets, "Handshake does not return accept_secrets")


@law(
    "provider.proto, ProviderHandshakeResponse: the engine assumes supportsPreview; Configure is asked as well",
    "Return the same features from Handshake and from Configure: engines take either.",
)
def handshake_and_configure_promise_the_same(stage: Stage) -> None:
    """What Handshake promises, Configure promises too, and the other way round."""
    with stage.another() as plugin:
        shaken = stage.shake(plugin)
        configured = stage.introduce(plugin)
    if shaken is None:
        skip("Handshake is UNIMPLEMENTED")
    pairs = {
        "acceptSecrets": (shaken.accept_secrets, configured.acceptSecrets),
        "acceptResources": (shaken.accept_resources, configured.acceptResources),
        "acceptOutputs": (shaken.accept_outputs, configured.acceptOutputs),
        "supports_autonaming_configuration": (
            shaken.supports_autonaming_configuration,
            configured.supports_autonaming_configuration,
        ),
        "supportsPreview": (True, configured.supportsPreview),
    }
    differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    require(not differing, f"Handshake and Configure differ (in this order): {differing}")


@law(
    "plugin.proto, PluginInfo.version; schema: version",
    "Take the version of the plugin, of the schema and of the package from one place.",
)
def one_version_everywhere(stage: Stage) -> None:
    """GetPluginInfo gives a semantic version, the same as the schema's if it has one."""
    plugin = stage.bare
    told = plugin.call("GetPluginInfo", Empty()).version
    schema = plugin.call("GetSchema", proto.GetSchemaRequest()).schema
    require(_SEMVER.fullmatch(told), f"GetPluginInfo says {told!r}, which is no semantic version")
    version = _parsed(schema).get("version")
    same = version is None or str(version).removeprefix("v") == told.removeprefix("v")
    require(same, f"GetPluginInfo says {told!r} and the schema {version!r}")


@law(
    "plugin.proto, Attach: asked of a plugin that PULUMI_DEBUG_PROVIDERS names; UNIMPLEMENTED is not tolerated there",
    "Implement Attach: keep the address as the engine's and return Empty.",
    Severity.SHOULD,
)
def it_can_be_attached_to(stage: Stage) -> None:
    """Attach is answered, so that the provider can run in a debugger."""
    plugin = stage.bare
    _answers(plugin, "Attach", plugin_pb2.PluginAttach(address=stage.engine.address))


@law(
    "provider.proto, GetMapping and GetMappings: asked by `pulumi convert`",
    "Answer with an empty message if the provider stands for no provider of another tool.",
    Severity.SHOULD,
)
def questions_about_mappings_are_answered(stage: Stage) -> None:
    """GetMapping and GetMappings are answered, with nothing if there is none."""
    with stage.another() as plugin:
        stage.introduce(plugin)
        _answers(plugin, "GetMapping", proto.GetMappingRequest(key="terraform"))
        _answers(plugin, "GetMappings", proto.GetMappingsRequest(key="terraform"))


@law(
    "gRPC: UNIMPLEMENTED tells the engine that something is not offered",
    "Leave out Parameterize, Construct, Call and Invoke that you do not offer, so that they are UNIMPLEMENTED, or "
    "refuse them with INVALID_ARGUMENT or NOT_FOUND; do not let them crash.",
    Severity.SHOULD,
)
def what_is_not_offered_is_said_to_be_so(stage: Stage) -> None:
    """An RPC that the provider does not offer is refused with a status that says so."""
    requests: Mapping[str, Message] = {
        "Parameterize": proto.ParameterizeRequest(args=proto.ParameterizeRequest.ParametersArgs(args=["nonsense"])),
        "Invoke": proto.InvokeRequest(tok=f"{stage.spec.name}:conformance:noSuchFunction"),
        "Call": proto.CallRequest(
            tok=f"{stage.spec.name}:conformance:NoSuch/method",
            args=Struct(),
            project="conformance",
            stack="dev",
            monitorEndpoint=stage.engine.address,
            accepts_output_values=True,
        ),
    }
    with stage.another() as plugin:
        stage.introduce(plugin)
        wrong = [told for rpc, request in requests.items() if (told := _misrefused(plugin, rpc, request))]
    require(not wrong, "; ".join(wrong))


def _misrefused(plugin: Plugin, rpc: str, request: Message) -> str:
    try:
        answer: Any = plugin.call(rpc, request)
    except Refused as refusal:
        return str(refusal)[:200] if refusal.code.name in ("UNKNOWN", "INTERNAL", "UNAVAILABLE") else ""
    return "" if getattr(answer, "failures", None) else f"{rpc} of what does not exist was answered with success"


def _answers(plugin: Plugin, rpc: str, request: Message) -> None:
    try:
        plugin.call(rpc, request)
    except Refused as refusal:
        broken(str(refusal))


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


LAWS = (
    it_shakes_hands,
    it_accepts_secrets,
    handshake_and_configure_promise_the_same,
    one_version_everywhere,
    it_can_be_attached_to,
    questions_about_mappings_are_answered,
    what_is_not_offered_is_said_to_be_so,
)
