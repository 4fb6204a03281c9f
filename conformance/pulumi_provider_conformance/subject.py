"""Lead resources of one type through their lives, call by call. Knows the protocol's requests; judges nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi.runtime.proto import provider_pb2 as proto

from .hooks import HookFailed
from .law import NotApplicable
from .plugin import Plugin, Refused
from .spec import Change, Resource
from .stage import Stage
from .values import Tree, Value, decode, encode, merged

__all__ = ["Checked", "Existing", "Subject"]

NAME = "subject"


@dataclass(frozen=True)
class Checked:
    """Inputs as the provider wants them, and what is wrong with them."""

    inputs: Tree
    failures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Existing:
    """A resource as the engine would record it."""

    id: str
    inputs: Tree
    state: Tree


@dataclass
class Subject:
    """One resource type of the spec on a stage."""

    stage: Stage
    resource: Resource
    _standing: Existing | None = None
    _in_the_way: str = ""
    _own: Plugin | None = field(default=None, kw_only=True)

    @property
    def type(self) -> str:
        return self.resource.type

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::conformance::{self.type}::{NAME}"

    @property
    def plugin(self) -> Plugin:
        return self._own or self.stage.plugin

    def through(self, plugin: Plugin) -> Subject:
        """Return the same, seen through another plugin."""
        return replace(self, _own=plugin)

    def changes_in_place(self) -> list[Change]:
        """Return the spec's changes that update, at least one. Raises NotApplicable if there is none."""
        changes = [change for change in self.resource.changes if not change.replaces]
        if not changes:
            raise NotApplicable("the spec names no change that updates in place")
        return changes

    def example(self) -> Tree:
        """Return the example's inputs, with names that nobody else has."""
        filled: Tree = self.stage.fill(self.resource.inputs, unique=self.stage.unique())
        # Programs mark what the schema calls secret.
        return self.stage.package.marked(self.stage.package.inputs(self.type), filled)

    def fill(self, values: Mapping[str, Value]) -> Tree:
        """Fill the placeholders of inputs."""
        filled: Tree = self.stage.fill(dict(values), unique=self.stage.unique())
        return filled

    def check_request(self, news: Tree, olds: Tree | None = None, *, seed: str = "seed", **more: Any) -> Any:
        request = proto.CheckRequest(
            news=encode(news), olds=encode(olds or {}), randomSeed=hashlib.sha256(seed.encode()).digest(), **self._who
        )
        if more:
            request.autonaming.CopyFrom(proto.CheckRequest.AutonamingOptions(**more))
        return request

    def check(self, news: Tree, olds: Tree | None = None, *, seed: str = "seed", **autonaming: Any) -> Checked:
        """Check inputs; `autonaming` are the options of a stack that is configured to name things."""
        answer = self.plugin.call("Check", self.check_request(news, olds, seed=seed, **autonaming))
        failures = tuple((failure.property, failure.reason) for failure in answer.failures)
        return Checked(decode(answer.inputs), failures)

    def diff(self, existing: Existing, news: Tree) -> proto.DiffResponse:
        request = proto.DiffRequest(
            id=existing.id,
            olds=encode(existing.state),
            old_inputs=encode(existing.inputs),
            news=encode(news),
            **self._who,
        )
        answer: proto.DiffResponse = self.plugin.call("Diff", request)
        return answer

    def create_request(self, inputs: Tree, *, preview: bool = False, timeout: float = 0) -> proto.CreateRequest:
        return proto.CreateRequest(properties=encode(inputs), preview=preview, timeout=timeout, **self._who)

    def foretell(self, inputs: Tree) -> Tree:
        """Preview a creation."""
        return decode(self.plugin.call("Create", self.create_request(inputs, preview=True)).properties)

    def create(self, inputs: Tree, timeout: float = 0) -> Existing:
        answer = self.plugin.call("Create", self.create_request(inputs, timeout=timeout))
        return Existing(answer.id, inputs, decode(answer.properties))

    def read(
        self, id: str, inputs: Tree | None = None, state: Tree | None = None, timeout: float = 0
    ) -> proto.ReadResponse:
        """Read; without inputs and state as an import does."""
        request = proto.ReadRequest(id=id, timeout=timeout, **self._who)
        if inputs is not None:
            request.inputs.CopyFrom(encode(inputs))
        if state is not None:
            request.properties.CopyFrom(encode(state))
        answer: proto.ReadResponse = self.plugin.call("Read", request)
        return answer

    def refresh(self, existing: Existing, timeout: float = 0) -> Existing | None:
        """Read as a refresh does, and give what the engine would record; None if it is gone."""
        answer = self.read(existing.id, existing.inputs, existing.state, timeout)
        if not answer.id:
            return None
        inputs = decode(answer.inputs) if answer.HasField("inputs") else existing.inputs
        return Existing(answer.id, inputs, decode(answer.properties))

    def update_request(
        self, existing: Existing, news: Tree, *, preview: bool = False, timeout: float = 0
    ) -> proto.UpdateRequest:
        return proto.UpdateRequest(
            id=existing.id,
            olds=encode(existing.state),
            old_inputs=encode(existing.inputs),
            news=encode(news),
            preview=preview,
            timeout=timeout,
            **self._who,
        )

    def foretell_update(self, existing: Existing, news: Tree) -> Tree:
        """Preview an update."""
        return decode(self.plugin.call("Update", self.update_request(existing, news, preview=True)).properties)

    def update(self, existing: Existing, news: Tree, timeout: float = 0) -> Existing:
        answer = self.plugin.call("Update", self.update_request(existing, news, timeout=timeout))
        return Existing(existing.id, news, decode(answer.properties))

    def delete(self, existing: Existing, timeout: float = 0) -> None:
        request = proto.DeleteRequest(
            id=existing.id,
            properties=encode(existing.state),
            old_inputs=encode(existing.inputs),
            timeout=timeout,
            **self._who,
        )
        self.plugin.call("Delete", request)

    def prepared(self, inputs: Tree | None = None) -> Existing:
        """Check and create something that a law needs before it can look at what it is about."""
        try:
            checked = self.check(self.example() if inputs is None else inputs)
            if checked.failures:
                raise NotApplicable(f"it needs a resource, but the example's inputs are refused: {checked.failures}")
            return self.create(checked.inputs)
        except Refused as refusal:
            raise NotApplicable(f"it needs a resource, but there is none: {refusal}") from refusal

    @contextmanager
    def fresh(self, inputs: Tree | None = None) -> Iterator[Existing]:
        """Lend a resource that nobody else uses, and delete it afterwards."""
        existing = self.prepared(inputs)
        try:
            yield existing
        finally:
            self.clear(existing)

    def standing(self) -> Existing:
        """Lend the resource that all laws share which only look at it."""
        if self._in_the_way:
            raise NotApplicable(self._in_the_way)
        if self._standing is None:
            try:
                self._standing = self.prepared()
            except NotApplicable as reason:
                self._in_the_way = str(reason)
                raise
        return self._standing

    def clear(self, existing: Existing) -> None:
        """Delete what a law has left, or note that it is still there."""
        try:
            self.delete(existing)
        except (Refused, HookFailed) as refusal:
            self.stage.leftovers.append(f"{self.type} {existing.id}: {refusal}")

    def leave(self) -> None:
        """Delete the shared resource."""
        if self._standing is not None:
            self.clear(self._standing)
            self._standing = None

    def changed(self, existing: Existing, changes: Mapping[str, Value]) -> Tree:
        """Return inputs with changes, checked as the engine does before a diff."""
        checked = self.check(merged(existing.inputs, self.fill(changes)), existing.inputs)
        if checked.failures:
            raise NotApplicable(f"the spec's change {dict(changes)} is refused by Check: {checked.failures}")
        return checked.inputs

    @property
    def _who(self) -> dict[str, Any]:
        return {"urn": self.urn, "name": NAME, "type": self.type}
