"""Answer the RPCs of provider.proto: decode, ask the core, encode. Knows the protocol and no resource.

Source: proto/pulumi/provider.proto and its implementers' guide.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from .. import __version__
from ..lifecycle.engine import Request
from ..lifecycle.outcome import InitFailed, Live
from ..lifecycle.waiting import Watch
from ..model.autoname import Naming, NamingMode
from ..model.upgrade import renamed, upgrade
from ..resources import registry
from .answers import difference, failures_of
from .codec import NOTHING, Decoded, decode, encode
from .core import Provider, token_of
from .log import EngineLog
from .refusals import Refusal, missing_configuration, refusal
from .secrecy import discreet, sealed, secrets_in, wrapped

__all__ = ["Servicer"]

R = TypeVar("R")
Context = grpc.aio.ServicerContext[Any, Any]

_MODES = {
    proto.CheckRequest.AutonamingOptions.PROPOSE: NamingMode.PROPOSE,
    proto.CheckRequest.AutonamingOptions.ENFORCE: NamingMode.ENFORCE,
    proto.CheckRequest.AutonamingOptions.DISABLE: NamingMode.DISABLE,
}


def answered(
    rpc: Callable[[Servicer, Any, Context], Awaitable[R]],
) -> Callable[[Servicer, Any, Context], Awaitable[R]]:
    """Turn whatever an RPC raises into a status for the engine and a message for the user."""

    @functools.wraps(rpc)
    async def answer(self: Servicer, request: Any, context: Context) -> R:
        try:
            return await rpc(self, request, context)
        except Exception as error:
            refused = refusal(error)
        if refused.trace:
            await self.log.debug(getattr(request, "urn", ""), refused.trace)
        context.set_trailing_metadata(refused.metadata())
        await context.abort(refused.code, refused.message)
        raise AssertionError("abort does not return")

    return answer


class Servicer(ResourceProviderServicer):
    """One plugin process. The engine configures it once and then asks about many resources at a time."""

    def __init__(self, provider: Provider, schema: Callable[[], str], engine_address: str = "") -> None:
        self._provider, self._schema = provider, schema
        self._interrupted = asyncio.Event()
        self.log = EngineLog(engine_address)

    @answered
    async def Handshake(self, request: proto.ProviderHandshakeRequest, context: Context) -> Any:
        """Agree on features. The answer to Configure must say the same."""
        await self.log.attach(request.engine_address)
        return proto.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=True, supports_autonaming_configuration=True
        )

    @answered
    async def Attach(self, request: plugin_pb2.PluginAttach, context: Context) -> Empty:
        """Serve an engine that did not start this process (PULUMI_DEBUG_PROVIDERS)."""
        await self.log.attach(request.address)
        return Empty()

    @answered
    async def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        """Answer the version."""
        return plugin_pb2.PluginInfo(version=__version__)

    @answered
    async def GetSchema(self, request: proto.GetSchemaRequest, context: Context) -> proto.GetSchemaResponse:
        """Answer the schema, the same text as in schema.json."""
        if request.subpackage_name:
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "mlworkbench has no sub-packages")
        return proto.GetSchemaResponse(schema=self._schema())

    @answered
    async def CheckConfig(self, request: proto.CheckRequest, context: Context) -> proto.CheckResponse:
        """Check the configuration and hand it back as it came: what is returned is kept in the state."""
        failures = self._provider.check_config(decode(request.news).tree)
        return proto.CheckResponse(inputs=request.news, failures=failures_of(failures))

    @answered
    async def DiffConfig(self, request: proto.DiffRequest, context: Context) -> proto.DiffResponse:
        """Tell whether a changed configuration makes the old resources unreachable."""
        old = request.old_inputs if request.old_inputs.fields else request.olds
        return difference(self._provider.diff_config(decode(old).tree, decode(request.news).tree))

    @answered
    async def Configure(self, request: proto.ConfigureRequest, context: Context) -> proto.ConfigureResponse:
        """Take the configuration. Calls no cloud."""
        missing = await self._provider.configure(decode(request.args).tree)
        if missing:
            raise missing_configuration(missing)
        return proto.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=True,
            acceptOutputs=True,
            supports_autonaming_configuration=True,
        )

    @answered
    async def Check(self, request: proto.CheckRequest, context: Context) -> proto.CheckResponse:
        """Check a resource's inputs and fill in its names."""
        token = token_of(request.type or _type_in(request.urn))
        old, new = _recorded(token, request.olds), decode(request.news)
        options = request.autonaming
        naming = Naming(
            logical_name=request.name or request.urn.rpartition("::")[2],
            seed=request.randomSeed,
            proposal=options.proposed_name,
            mode=_MODES[options.mode] if request.HasField("autonaming") else None,
        )
        self._provider.expect(request.urn, token, old.tree)
        checked = self._provider.check(token, old.tree, new.tree, naming)
        failures = checked.failures + await self._provider.unconfigured(token)
        secrets = secrets_in(token, new)
        inputs = encode(checked.inputs, secrets, checked.autonamed)
        return proto.CheckResponse(inputs=inputs, failures=failures_of(failures, secrets))

    @answered
    async def Diff(self, request: proto.DiffRequest, context: Context) -> proto.DiffResponse:
        """Compare a resource's old inputs with its new ones."""
        self._provider.know(request.id, request.urn)
        token = token_of(request.type or _type_in(request.urn))
        state = _recorded(token, request.olds).tree
        old = self._provider.old_inputs(token, _recorded(token, request.old_inputs).tree, state)
        new = decode(request.news)
        return difference(self._provider.diff(token, old, new.tree, state, new.autonamed))

    @answered
    async def Create(self, request: proto.CreateRequest, context: Context) -> proto.CreateResponse:
        """Create a resource, or foretell it."""
        token = token_of(request.type or _type_in(request.urn))
        inputs = decode(request.properties)
        if request.preview:
            outputs = self._provider.preview(token, inputs.tree)
            return proto.CreateResponse(properties=wrapped(token, outputs, inputs))
        live = await _kept(self._provider.create(token, inputs.tree, self._watched(request)), token, inputs)
        return proto.CreateResponse(id=live.id, properties=wrapped(token, live.state, inputs))

    @answered
    async def Read(self, request: proto.ReadRequest, context: Context) -> proto.ReadResponse:
        """Read a resource for a refresh, an import or a look-up. An empty answer says that it is gone."""
        token = token_of(request.type or _type_in(request.urn))
        inputs, state = _recorded(token, request.inputs), _recorded(token, request.properties)
        known = inputs.tree if request.HasField("inputs") and inputs.tree else None
        work = self._provider.read(token, request.id, known, state.tree, self._watched(request))
        live = await _hushed(work, inputs, state)
        if live is None:
            return proto.ReadResponse()
        return proto.ReadResponse(
            id=live.id,
            properties=sealed(token, live.state, inputs, state),
            inputs=encode(live.inputs, secrets_in(token, inputs, state), inputs.autonamed),
        )

    @answered
    async def Update(self, request: proto.UpdateRequest, context: Context) -> proto.UpdateResponse:
        """Update a resource in place, or foretell that."""
        token = token_of(request.type or _type_in(request.urn))
        state, new = _recorded(token, request.olds), decode(request.news)
        if request.preview:
            outputs = self._provider.preview(token, new.tree, state.tree)
            return proto.UpdateResponse(properties=wrapped(token, outputs, new, state))
        old = self._provider.old_inputs(token, _recorded(token, request.old_inputs).tree, state.tree)
        update = self._provider.update(token, request.id, old, new.tree, state.tree, self._watched(request))
        live = await _kept(update, token, new, state)
        return proto.UpdateResponse(properties=wrapped(token, live.state, new, state))

    @answered
    async def Delete(self, request: proto.DeleteRequest, context: Context) -> Empty:
        """Delete a resource and wait until it is gone."""
        token = token_of(request.type or _type_in(request.urn))
        asked, state = _recorded(token, request.old_inputs), _recorded(token, request.properties)
        inputs = self._provider.old_inputs(token, asked.tree, state.tree)
        await _hushed(self._provider.delete(token, request.id, inputs, self._watched(request)), asked, state)
        return Empty()

    @answered
    async def Cancel(self, request: Empty, context: Context) -> Empty:
        """End all waiting. Operations in flight answer with what exists by then."""
        self.interrupt()
        return Empty()

    @answered
    async def Invoke(self, request: proto.InvokeRequest, context: Context) -> proto.InvokeResponse:
        """Refuse: there are no functions."""
        raise Refusal(grpc.StatusCode.UNIMPLEMENTED, f"mlworkbench has no function {request.tok!r}")

    @answered
    async def GetMapping(self, request: proto.GetMappingRequest, context: Context) -> proto.GetMappingResponse:
        """Answer that nothing is mapped from another tool."""
        return proto.GetMappingResponse()

    @answered
    async def GetMappings(self, request: proto.GetMappingsRequest, context: Context) -> proto.GetMappingsResponse:
        """Answer that nothing is mapped from another tool."""
        return proto.GetMappingsResponse()

    def interrupt(self) -> None:
        """End all waiting."""
        self._interrupted.set()

    def _watched(self, request: Any) -> Request:
        report, warn = self.log.status(request.urn), self.log.warning(request.urn)
        watch = Watch(report=report, warn=warn, interrupted=self._interrupted)
        return Request(watch, timeout=request.timeout or None)


async def _kept(work: Awaitable[Live], token: str, inputs: Decoded, state: Decoded = NOTHING) -> Live:
    """Do some work; if something exists afterwards that is not as it should be, let the engine keep it."""
    try:
        return await _hushed(work, inputs, state)
    except InitFailed as failed:
        detail = proto.ErrorResourceInitFailed(
            id=failed.live.id,
            properties=wrapped(token, failed.live.state, inputs, state),
            inputs=wrapped(token, failed.live.inputs, inputs, state, inputs.autonamed),
            reasons=[failed.reason],
        )
        raise Refusal(grpc.StatusCode.UNKNOWN, failed.reason, detail) from failed


async def _hushed(work: Awaitable[R], *told: Decoded) -> R:
    """Do some work; no error that it ends with tells what the user keeps secret."""
    try:
        return await work
    except InitFailed as failed:
        raise InitFailed(failed.live, discreet(failed.reason, told)) from failed
    except Exception as error:
        refused = refusal(error)
        raise replace(refused, message=discreet(refused.message, told)) from error


def _recorded(token: str, struct: Struct) -> Decoded:
    """Read what may be recorded by an older version of ours."""
    spec, found = registry()[token].output_policies(), decode(struct)
    secrets = frozenset(renamed(spec, path) for path in found.secrets)
    return Decoded(upgrade(spec, found.tree), secrets, found.autonamed)


def _type_in(urn: str) -> str:
    """Return the type of a resource from its URN, for engines that do not send it on its own."""
    return urn.split("::")[2].rpartition("$")[2] if urn.count("::") >= 3 else ""
