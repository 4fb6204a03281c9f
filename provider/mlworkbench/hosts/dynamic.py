"""Serve the provider to Python programs, as a dynamic provider. Knows that protocol's limits and no resource.

What the engine hands to a dynamic provider: plain values, no old inputs, no previews, no time limits, no cancellation.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Mapping
from functools import cache
from typing import Any, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown
from pulumi.runtime import rpc

from ..lifecycle.engine import Request
from ..lifecycle.outcome import InitFailed, Live
from ..lifecycle.waiting import Watch
from ..model.autoname import Naming
from ..model.policy import policies
from ..model.upgrade import upgrade
from ..model.values import UNKNOWN, Tree, Value, leaves
from ..resources import registry
from .codec import AUTONAMED_KEY
from .config import PACKAGE, ProviderConfig
from .core import Provider, WrongConfiguration
from .refusals import refusal

__all__ = ["NAME_KEY", "DynamicProvider", "OperationFailed"]

# The engine neither shows nor compares what starts with two underscores.
_INTERNAL = "__"
NAME_KEY = "__name"
"""The Pulumi name, which this protocol does not tell otherwise."""
_INPUTS_KEY = "__inputs"
"""The properties that the user set, which this protocol does not tell when it hands out a state."""

T = TypeVar("T")


class OperationFailed(Exception):
    """An operation on a dynamic resource failed. The message is for the user."""


class DynamicProvider(ResourceProvider):
    """The provider of one resource type. Pickled into the state, it holds the type's name and nothing else."""

    serialize_as_secret_always = False

    def __init__(self, token: str) -> None:
        self.token = token

    def __getstate__(self) -> dict[str, str]:
        return {"token": self.token}

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's configuration, the same keys as the plugin's."""
        found = {key: req.config.get(f"{PACKAGE}:{key}") for key in policies(ProviderConfig)}
        self._core = _core(tuple((key, value) for key, value in found.items() if value is not None))

    def check(self, _olds: Tree, news: Tree) -> CheckResult:
        """Check the inputs and fill in names."""
        old, new = self._recorded(_olds), _ours(news)
        naming = Naming(logical_name=str(news.get(NAME_KEY, "")), seed=os.urandom(32))
        checked = self._provider.check(self.token, old, new, naming)
        found = checked.failures + self._run(self._provider.unconfigured(self.token))
        # The engine shows the value of a property that a failure names, and here secrets are not told apart.
        failures = [CheckFailure("", f"{failure.path} {failure.reason}".strip()) for failure in found]
        return CheckResult({**_theirs(checked.inputs, news), AUTONAMED_KEY: sorted(checked.autonamed)}, failures)

    def diff(self, _id: str, _olds: Tree, _news: Tree) -> DiffResult:
        """Compare the state, which echoes the inputs, with the new inputs."""
        self._provider.know(_id)
        old = self._inputs_in(_olds)
        autonamed = _news.get(AUTONAMED_KEY, ())
        difference = self._provider.diff(self.token, old, _ours(_news), self._recorded(_olds), autonamed)
        return DiffResult(
            changes=bool(difference.changes),
            replaces=difference.replaces,
            stables=difference.stables,
            delete_before_replace=difference.delete_before_replace,
        )

    def create(self, props: Tree) -> CreateResult:
        """Create it. One that fails half-way is deleted again, since this protocol cannot keep it."""
        try:
            live = self._run(self._provider.create(self.token, _ours(props), Request(Watch())))
        except InitFailed as failed:
            raise OperationFailed(self._undone(failed)) from None
        return CreateResult(live.id, _state(live, props))

    def read(self, id_: str, props: Tree) -> ReadResult:
        """Read it; one that is gone has no id. Without a state it is being looked up."""
        inputs = self._inputs_in(props)
        live = self._run(self._provider.read(self.token, id_, inputs or None, self._recorded(props), Request(Watch())))
        if live is None and not inputs:
            # The SDK would answer for a look-up as if something had been found.
            raise OperationFailed(f"{self.token.partition(':')[2]} {id_!r} does not exist")
        if live is None:
            return ReadResult("", {})
        return ReadResult(live.id, _state(live, props), _theirs(live.inputs, props))

    def update(self, _id: str, _olds: Tree, _news: Tree) -> UpdateResult:
        """Update it in place."""
        old, new, state = self._inputs_in(_olds), _ours(_news), self._recorded(_olds)
        try:
            live = self._run(self._provider.update(self.token, _id, old, new, state, Request(Watch())))
        except InitFailed as failed:
            raise OperationFailed(f"{failed.reason} Run `pulumi refresh` to see what is true now.") from None
        return UpdateResult(_state(live, _news))

    def delete(self, _id: str, _props: Tree) -> None:
        """Delete it and wait until it is gone."""
        inputs = self._inputs_in(_props)
        self._run(self._provider.delete(self.token, _id, inputs, Request(Watch())))

    def _inputs_in(self, state: Tree) -> Tree:
        """Return what the user set, out of a state."""
        names = state.get(_INPUTS_KEY)
        if names is None:
            return self._provider.old_inputs(self.token, {}, self._recorded(state))
        return self._recorded({name: value for name, value in state.items() if name in names})

    def _recorded(self, state: Tree) -> Tree:
        """Read what may be recorded by an older version of ours."""
        return upgrade(registry()[self.token].output_policies(), _ours(state))

    @property
    def _provider(self) -> Provider:
        if "_core" not in self.__dict__:
            # An SDK older than 3.139 does not hand out configuration: the environment has to do.
            self._core = _core(())
        return self._core

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return _loop().run(work)
        except InitFailed:
            raise
        except Exception as error:
            raise OperationFailed(refusal(error).message) from None

    def _undone(self, failed: InitFailed) -> str:
        """Delete what a failed create has left, and say what became of it."""
        id = failed.live.id
        try:
            self._run(self._provider.delete(self.token, id, {}, Request(Watch())))
        except OperationFailed as error:
            return f"{failed.reason} It could not be deleted again: {error} It still exists, with the id {id}."
        return f"{failed.reason} It was deleted again."


# The dynamic host calls from several threads; `cache` alone would let two of them make two of a kind.
_making = threading.RLock()


def _core(settings: tuple[tuple[str, str], ...]) -> Provider:
    """Return the one provider of this process for a configuration: all resource types share it."""
    with _making:
        return _configured(settings)


@cache
def _configured(settings: tuple[tuple[str, str], ...]) -> Provider:
    provider = Provider()
    try:
        _loop().run(provider.configure(dict(settings)))
    except WrongConfiguration as error:
        raise OperationFailed(f"the configuration cannot be used: {error}") from None
    return provider


class _Loop:
    """An event loop in a thread of its own: the dynamic host calls from several threads, the core is asynchronous."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name=PACKAGE, daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _loop() -> _Loop:
    with _making:
        return _the_loop()


@cache
def _the_loop() -> _Loop:
    return _Loop()


def _ours(properties: Mapping[str, Value]) -> Tree:
    """Return the properties as the core knows them: without the engine's own, unknowns marked."""
    return {name: _marked(value) for name, value in properties.items() if not name.startswith(_INTERNAL)}


def _marked(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    # What is not known yet comes as a text from the engine, as an object from the SDK.
    return UNKNOWN if isinstance(value, Unknown) or value == rpc.UNKNOWN else value


def _state(live: Live, properties: Mapping[str, Value]) -> Tree:
    """Return the state as the engine keeps it, with a note of what the user set."""
    return {**_theirs(live.state, properties), _INPUTS_KEY: sorted(live.inputs)}


def _theirs(tree: Tree, properties: Mapping[str, Value]) -> Tree:
    """Return a tree as the engine wants it back: with the resource's name, unknowns in its own spelling."""
    name = {NAME_KEY: properties[NAME_KEY]} if NAME_KEY in properties else {}
    return {**_unmarked(tree), **name}


def _unmarked(value: Value) -> Value:
    if not any(leaf is UNKNOWN for _, leaf in leaves(value)):
        return value
    if isinstance(value, dict):
        return {key: _unmarked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    return rpc.UNKNOWN
