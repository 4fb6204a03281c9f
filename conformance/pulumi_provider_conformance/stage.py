"""Hold what all laws share: a configured plugin, its schema, an engine. Knows the protocol; no resource and no law."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as proto

from .engine import Engine
from .hooks import perform
from .law import NotApplicable
from .package import Package
from .plugin import Exchange, Plugin, Refused, launch
from .spec import Spec, filled
from .values import Secret, Tree, encode

__all__ = ["Stage"]


@dataclass
class Stage:
    """Where the laws meet the provider. `variables` fill the placeholders of the spec."""

    spec: Spec
    command: Sequence[str]
    engine: Engine
    variables: dict[str, str]
    leftovers: list[str] = field(default_factory=list)
    _past: list[Exchange] = field(default_factory=list)
    _output: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)
    _plugin: Plugin | None = None
    _bare: Plugin | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _run: str = field(default_factory=lambda: secrets.token_hex(2))

    @cached_property
    def environment(self) -> dict[str, str]:
        """What a plugin finds in its environment, as the engine sets it."""
        configured = {f"{self.spec.name}:{name}": _text(value) for name, value in self.configuration.items()}
        return {
            **filled(self.spec.environment, self.variables),
            "PULUMI_PROJECT": "conformance",
            "PULUMI_CONFIG": json.dumps(configured),
        }

    @cached_property
    def configuration(self) -> Tree:
        """The provider's configuration, plain."""
        values: Tree = filled(self.spec.configuration.values, self.variables)
        return values

    @property
    def plugin(self) -> Plugin:
        """The plugin that all laws share, configured; a new one if the last one has died."""
        if self._plugin is None or not self._plugin.process.alive:
            self.retire()
            self._plugin = self.launch()
            self.introduce(self._plugin)
        return self._plugin

    @property
    def bare(self) -> Plugin:
        """A plugin that was greeted and not configured, for questions that change nothing in it."""
        if self._bare is None or not self._bare.process.alive:
            self._part_from_bare()
            self._bare = self.launch()
            self.shake(self._bare)
        return self._bare

    @property
    def died(self) -> bool:
        """Whether the shared plugin has ended by itself."""
        return any(each is not None and not each.process.alive for each in (self._plugin, self._bare))

    def launch(self, flags: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Plugin:
        """Start another plugin."""
        variables = {**self.environment, **(environment or {})}
        return launch(self.command, [*flags, self.engine.address], variables, self.spec.timeout_seconds)

    @contextmanager
    def another(self, flags: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Iterator[Plugin]:
        """Lend a plugin that nobody else uses, not configured."""
        plugin = self.launch(flags, environment)
        try:
            yield plugin
        finally:
            self._part_from(plugin)

    def introduce(self, plugin: Plugin) -> proto.ConfigureResponse:
        """Do what the engine does before it asks about resources."""
        self.shake(plugin)
        configured = self.checked_configuration(plugin)
        answer: proto.ConfigureResponse = plugin.call("Configure", self.configure_request(configured))
        return answer

    def shake(self, plugin: Plugin) -> proto.ProviderHandshakeResponse | None:
        """Shake hands; gives None if the plugin does not know how."""
        try:
            answer: proto.ProviderHandshakeResponse = plugin.call("Handshake", self.handshake_request())
        except Refused as refusal:
            if refusal.code.name == "UNIMPLEMENTED":
                return None
            raise
        return answer

    def handshake_request(self) -> proto.ProviderHandshakeRequest:
        """Say hello as a new engine does."""
        return proto.ProviderHandshakeRequest(
            engine_address=self.engine.address,
            configure_with_urn=True,
            supports_views=True,
            supports_refresh_before_update=True,
            invoke_with_preview=True,
        )

    def check_config_request(self, news: Tree, olds: Tree | None = None) -> proto.CheckRequest:
        return proto.CheckRequest(urn=self.provider_urn, olds=encode(olds or {}), news=encode(news), **self._who)

    def checked_configuration(self, plugin: Plugin) -> Tree:
        """Check the configuration, and give what the engine would go on with."""
        news = {**self.configuration, "version": self.version}
        try:
            plugin.call("CheckConfig", self.check_config_request(news))
        except Refused as refusal:
            if refusal.code.name != "UNIMPLEMENTED":
                raise
        return self.configuration

    def configure_request(self, values: Tree) -> proto.ConfigureRequest:
        """Configure as a new engine does: plain variables, marked args."""
        marked = {name: Secret(value) if name in self.secret_settings else value for name, value in values.items()}
        return proto.ConfigureRequest(
            variables={f"{self.spec.name}:config:{name}": _text(value) for name, value in values.items()},
            args=encode(marked),
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
            urn=self.provider_urn,
            **self._who,
        )

    @property
    def provider_urn(self) -> str:
        return f"urn:pulumi:dev::conformance::pulumi:providers:{self.spec.name}::default"

    @property
    def _who(self) -> dict[str, Any]:
        return {"name": "default", "type": f"pulumi:providers:{self.spec.name}"}

    @cached_property
    def secret_settings(self) -> frozenset[str]:
        """The settings that are secret."""
        return frozenset(self.spec.configuration.secrets) | self.package.secret_settings

    @cached_property
    def package(self) -> Package:
        """The provider's schema; an empty one if it has none that can be read."""
        return _package(self._plugin or self.bare)

    @cached_property
    def version(self) -> str:
        """The version that the plugin says it has."""
        version: str = self.bare.call("GetPluginInfo", Empty()).version
        return version

    def unique(self) -> str:
        """Return a short text that no other resource of any run has."""
        return f"{self._run}{next(self._numbers):x}"

    def fill(self, value: Any, **more: str) -> Any:
        """Fill placeholders."""
        return filled(value, {**self.variables, **more})

    def effects(self) -> str:
        """Return what the cloud has been asked so far."""
        if self.spec.effects is None:
            raise NotApplicable("the spec names no 'effects' hook that tells what the cloud was asked")
        return perform(self.spec.effects, self.variables)

    def tick(self) -> None:
        """Let time pass, where the spec says how: what tells the time must be seen to change."""
        if self.spec.tick is not None:
            perform(self.spec.tick, self.variables)

    def exchanges(self) -> list[Exchange]:
        """Return all that was said so far, to any plugin."""
        return [*self._past, *(each for plugin in self._running() for each in plugin.exchanges)]

    def output(self) -> list[str]:
        """Return what came on stdout after the port, from any plugin."""
        return [*self._output, *(line for plugin in self._running() for line in plugin.process.output())]

    def errors(self) -> list[str]:
        """Return what came on stderr, from any plugin."""
        return [*self._errors, *(line for plugin in self._running() for line in plugin.process.errors)]

    def _running(self) -> list[Plugin]:
        return [each for each in (self._plugin, self._bare) if each is not None]

    def retire(self) -> None:
        """End the shared plugins."""
        if self._plugin is not None:
            self._part_from(self._plugin)
            self._plugin = None

        self._part_from_bare()

    def _part_from_bare(self) -> None:
        if self._bare is not None:
            self._part_from(self._bare)
            self._bare = None

    def _part_from(self, plugin: Plugin) -> None:
        plugin.close()
        self._past += plugin.exchanges
        self._output += plugin.process.output()
        self._errors += plugin.process.errors


def _package(plugin: Plugin) -> Package:
    try:
        text = plugin.call("GetSchema", proto.GetSchemaRequest()).schema
    except Refused:
        return Package({})
    return Package.parse(text)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def cancel(plugin: Plugin, timeout: float = 5) -> None:
    """Ask a plugin to end what it does."""
    plugin.call("Cancel", Empty(), timeout)
