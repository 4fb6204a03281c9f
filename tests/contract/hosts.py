"""Drive the core, the plugin over real gRPC, and the dynamic provider through one interface. Knows no resource."""

from __future__ import annotations

import asyncio
import base64
import pickle
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import grpc
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.config import Config
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub, add_ResourceProviderServicer_to_server

from mlworkbench.hosts import dynamic
from mlworkbench.hosts.codec import decode, encode
from mlworkbench.hosts.core import Provider
from mlworkbench.hosts.document import schema_text
from mlworkbench.hosts.dynamic import DynamicProvider, OperationFailed
from mlworkbench.hosts.servicer import Servicer
from mlworkbench.lifecycle.engine import Request
from mlworkbench.lifecycle.outcome import InitFailed, NotDone
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.model.autoname import Naming
from mlworkbench.model.diff import Kind
from mlworkbench.model.values import Tree, render
from mlworkbench.wire.errors import CloudError

NAME = "law"


class Refused(Exception):
    """A host said no; the text is what the user would read."""


@dataclass(frozen=True)
class Seen:
    """What a diff says: each path with its kind, which properties replace, and in which order."""

    paths: Mapping[str, str] | None
    properties: frozenset[str]
    replaces: frozenset[str]
    stables: frozenset[str] = frozenset()
    delete_before_replace: bool = False


@dataclass(frozen=True)
class Existing:
    """What a host answers about something that exists."""

    id: str
    state: Tree
    inputs: Tree = field(default_factory=dict)


class Host(Protocol):
    """What the laws need. A host without previews answers None."""

    name: str

    def check(self, token: str, news: Tree, olds: Tree | None = None) -> tuple[Tree, list[tuple[str, str]]]: ...
    def diff(self, token: str, existing: Existing, news: Tree) -> Seen: ...
    def preview(self, token: str, news: Tree, existing: Existing | None = None) -> Tree | None: ...
    def create(self, token: str, inputs: Tree) -> Existing: ...
    def read(self, token: str, id: str, existing: Existing | None) -> Existing | None: ...
    def update(self, token: str, existing: Existing, news: Tree) -> Existing: ...
    def delete(self, token: str, existing: Existing) -> None: ...


class Loop:
    """An event loop in a thread, for hosts that live on one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return future.result(timeout=60)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class CoreHost:
    """The core, called directly."""

    name = "core"

    def __init__(self, environment: Mapping[str, str], loop: Loop, config: Tree) -> None:
        self._core, self._loop = Provider(environment), loop
        loop.run(self._core.configure(config))

    def check(self, token: str, news: Tree, olds: Tree | None = None) -> tuple[Tree, list[tuple[str, str]]]:
        checked = self._core.check(token, olds or {}, news, Naming(NAME, b"seed"))
        failures = checked.failures + self._loop.run(self._core.unconfigured(token))
        return checked.inputs, [(failure.path, failure.reason) for failure in failures]

    def diff(self, token: str, existing: Existing, news: Tree) -> Seen:
        seen = self._core.diff(token, existing.inputs, news, existing.state)
        return Seen(
            paths={render(change.path): change.kind for change in seen.changes},
            properties=frozenset(seen.properties),
            replaces=frozenset(seen.replaces),
            stables=frozenset(seen.stables),
            delete_before_replace=seen.delete_before_replace,
        )

    def preview(self, token: str, news: Tree, existing: Existing | None = None) -> Tree | None:
        return self._core.preview(token, news, existing.state if existing else None)

    def create(self, token: str, inputs: Tree) -> Existing:
        return self._live(self._core.create(token, inputs, Request(Watch())))

    def read(self, token: str, id: str, existing: Existing | None) -> Existing | None:
        inputs, state = (existing.inputs, existing.state) if existing else (None, {})
        live = self._run(self._core.read(token, id, inputs, state, Request(Watch())))
        return Existing(live.id, live.state, live.inputs) if live else None

    def update(self, token: str, existing: Existing, news: Tree) -> Existing:
        request = Request(Watch())
        return self._live(self._core.update(token, existing.id, existing.inputs, news, existing.state, request))

    def delete(self, token: str, existing: Existing) -> None:
        self._run(self._core.delete(token, existing.id, existing.inputs, Request(Watch())))

    def close(self) -> None:
        self._loop.run(self._core.close())

    def _live(self, work: Any) -> Existing:
        live = self._run(work)
        return Existing(live.id, live.state, live.inputs)

    def _run(self, work: Any) -> Any:
        try:
            return self._loop.run(work)
        except (CloudError, InitFailed, NotDone) as error:
            raise Refused(str(error)) from error


_KINDS = {
    proto.PropertyDiff.ADD: Kind.ADD,
    proto.PropertyDiff.ADD_REPLACE: Kind.ADD,
    proto.PropertyDiff.DELETE: Kind.DELETE,
    proto.PropertyDiff.DELETE_REPLACE: Kind.DELETE,
    proto.PropertyDiff.UPDATE: Kind.UPDATE,
    proto.PropertyDiff.UPDATE_REPLACE: Kind.UPDATE,
}


class PluginHost:
    """The plugin's servicer on a real gRPC server. `answers` keeps every answer as it was sent."""

    name = "plugin"

    def __init__(self, environment: Mapping[str, str], loop: Loop, config: Tree) -> None:
        self._loop = loop
        self._core = Provider(environment)
        self.answers: list[Any] = []
        self._server, port = loop.run(self._serve())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub: Any = ResourceProviderStub(self._channel)
        self.call("Handshake", proto.ProviderHandshakeRequest())
        self.call("Configure", proto.ConfigureRequest(args=encode(config), acceptSecrets=True))

    async def _serve(self) -> tuple[grpc.aio.Server, int]:
        server = grpc.aio.server()
        self.servicer = Servicer(self._core, schema_text)
        add_ResourceProviderServicer_to_server(self.servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, port

    def call(self, rpc: str, request: Any) -> Any:
        try:
            answer = getattr(self._stub, rpc)(request, timeout=60)
        except grpc.RpcError as error:
            raise Refused(error.details()) from error
        self.answers.append(answer)
        return answer

    def check(self, token: str, news: Tree, olds: Tree | None = None) -> tuple[Tree, list[tuple[str, str]]]:
        request = proto.CheckRequest(news=encode(news), olds=encode(olds or {}), randomSeed=b"seed", **self._who(token))
        answer = self.call("Check", request)
        return decode(answer.inputs).tree, [(failure.property, failure.reason) for failure in answer.failures]

    def diff(self, token: str, existing: Existing, news: Tree) -> Seen:
        request = proto.DiffRequest(
            id=existing.id,
            olds=encode(existing.state),
            old_inputs=encode(existing.inputs),
            news=encode(news),
            **self._who(token),
        )
        answer = self.call("Diff", request)
        return Seen(
            paths={path: _KINDS[each.kind] for path, each in answer.detailedDiff.items()},
            properties=frozenset(answer.diffs),
            replaces=frozenset(answer.replaces),
            stables=frozenset(answer.stables),
            delete_before_replace=answer.deleteBeforeReplace,
        )

    def preview(self, token: str, news: Tree, existing: Existing | None = None) -> Tree | None:
        if existing is None:
            answer = self.call("Create", proto.CreateRequest(properties=encode(news), preview=True, **self._who(token)))
        else:
            answer = self.call("Update", self._update_request(token, existing, news, preview=True))
        return decode(answer.properties).tree

    def create(self, token: str, inputs: Tree, secrets: Any = ()) -> Existing:
        answer = self.call("Create", proto.CreateRequest(properties=encode(inputs, secrets), **self._who(token)))
        return Existing(answer.id, decode(answer.properties).tree, inputs)

    def read(self, token: str, id: str, existing: Existing | None) -> Existing | None:
        known = {} if existing is None else self._known(existing)
        answer = self.call("Read", proto.ReadRequest(id=id, **known, **self._who(token)))
        if not answer.id:
            assert not answer.HasField("properties"), "an import of what is not there must not answer properties"
            return None
        return Existing(answer.id, decode(answer.properties).tree, decode(answer.inputs).tree)

    def update(self, token: str, existing: Existing, news: Tree) -> Existing:
        answer = self.call("Update", self._update_request(token, existing, news, preview=False))
        return Existing(existing.id, decode(answer.properties).tree, news)

    def delete(self, token: str, existing: Existing) -> None:
        request = proto.DeleteRequest(
            id=existing.id,
            properties=encode(existing.state),
            old_inputs=encode(existing.inputs),
            **self._who(token),
        )
        self.call("Delete", request)

    def close(self) -> None:
        self._channel.close()
        self._loop.run(self._server.stop(None))
        self._loop.run(self._core.close())

    def _update_request(self, token: str, existing: Existing, news: Tree, *, preview: bool) -> proto.UpdateRequest:
        return proto.UpdateRequest(
            id=existing.id,
            olds=encode(existing.state),
            old_inputs=encode(existing.inputs),
            news=encode(news),
            preview=preview,
            **self._who(token),
        )

    def _known(self, existing: Existing) -> dict[str, Any]:
        return {"inputs": encode(existing.inputs), "properties": encode(existing.state)}

    def _who(self, token: str) -> dict[str, Any]:
        kind = f"mlworkbench:{token}"
        return {"urn": f"urn:pulumi:dev::laws::{kind}::{NAME}", "type": kind, "name": NAME}


class DynamicHost:
    """The dynamic provider, pickled and unpickled as the engine does it."""

    name = "dynamic"

    def __init__(self, config: Tree) -> None:
        raw = {f"mlworkbench:{key}": value for key, value in config.items()}
        self._request = ConfigureRequest(Config(raw_config=raw, project_name="laws"))

    def check(self, token: str, news: Tree, olds: Tree | None = None) -> tuple[Tree, list[tuple[str, str]]]:
        result = self._provider(token).check(self._out(olds or {}), self._out(news))
        # This host names no property, for the engine would show its value: the path leads the reason.
        split = [failure.reason.partition(" ") for failure in result.failures]
        return self._in(result.inputs), [(path, reason) for path, _, reason in split]

    def diff(self, token: str, existing: Existing, news: Tree) -> Seen:
        result = self._provider(token).diff(existing.id, self._out(existing.state), self._out(news))
        return Seen(
            paths=None,
            properties=frozenset({"?"} if result.changes else ()),
            replaces=frozenset(result.replaces or ()),
            stables=frozenset(result.stables or ()),
            delete_before_replace=bool(result.delete_before_replace),
        )

    def preview(self, token: str, news: Tree, existing: Existing | None = None) -> Tree | None:
        return None

    def create(self, token: str, inputs: Tree) -> Existing:
        result = self._run(lambda: self._provider(token).create(self._out(inputs)))
        return Existing(result.id, self._in(result.outs), inputs)

    def read(self, token: str, id: str, existing: Existing | None) -> Existing | None:
        state = existing.state if existing else {}
        result = self._run(lambda: self._provider(token).read(id, self._out(state)))
        if not result.id:
            return None
        return Existing(result.id, self._in(result.outs), self._in(result.inputs))

    def update(self, token: str, existing: Existing, news: Tree) -> Existing:
        provider, state = self._provider(token), self._out(existing.state)
        result = self._run(lambda: provider.update(existing.id, state, self._out(news)))
        return Existing(existing.id, self._in(result.outs), news)

    def delete(self, token: str, existing: Existing) -> None:
        self._run(lambda: self._provider(token).delete(existing.id, self._out(existing.state)))

    def close(self) -> None:
        """Forget the provider of this configuration and close its connections."""
        core = self._provider("pai:Tensorboard")._provider
        dynamic._loop().run(core.close())
        dynamic._configured.cache_clear()

    def _provider(self, token: str) -> DynamicProvider:
        # The engine's dynamic host unpickles with dill, which reads what pickle reads by reference.
        provider = pickle.loads(base64.b64decode(serialize_provider(DynamicProvider(token))))
        assert isinstance(provider, DynamicProvider)
        provider.configure(self._request)
        return provider

    def _run(self, work: Any) -> Any:
        try:
            return work()
        except OperationFailed as error:
            raise Refused(str(error)) from error

    @staticmethod
    def _out(tree: Tree) -> Tree:
        """Spell a tree as the engine hands it out."""
        return {**dynamic._unmarked(tree), "__name": NAME, "__provider": "pickled"}

    @staticmethod
    def _in(tree: Tree | None) -> Tree:
        told = tree or {}
        kept = {name: told[name] for name in told if name == dynamic._INPUTS_KEY}
        return {**dynamic._ours(told), **kept}


@contextmanager
def open_host(name: str, environment: Mapping[str, str], loop: Loop, config: Tree) -> Iterator[Host]:
    """Open one of the three hosts."""
    host: Any
    if name == "dynamic":
        host = DynamicHost(config)
    else:
        host = (CoreHost if name == "core" else PluginHost)(environment, loop, config)
    try:
        yield host
    finally:
        host.close()
