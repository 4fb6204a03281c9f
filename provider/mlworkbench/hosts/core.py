"""Answer what Pulumi asks, in trees: the part that both hosts share. Know no protocol and no Pulumi class."""

from __future__ import annotations

import os
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..lifecycle.engine import Lifecycle, Request
from ..lifecycle.known import Known
from ..lifecycle.outcome import Live
from ..lifecycle.resource import Resource
from ..model.autoname import Naming, autoname
from ..model.check import Failure, check, nearest
from ..model.diff import Change, Kind, diff, stays_unique
from ..model.policy import Policy, Replace, Secret, Unique, Virtual, policies
from ..model.preview import preview
from ..model.sameness import meaning
from ..model.values import UNKNOWN, Tree, empty, has_unknown, without_nulls
from ..resources import registry
from .claims import Claims
from .clouds import SERVICES, Clouds, configured
from .config import PACKAGE, ProviderConfig
from .settings import Missing
from .soundness import failures_of

__all__ = ["Checked", "Difference", "Provider", "UnknownToken", "WrongConfiguration", "secrets_of", "token_of"]


class UnknownToken(Exception):
    """A resource type that this version does not have."""


class WrongConfiguration(Exception):
    """Settings that cannot be used, wherever they come from."""

    def __init__(self, failures: list[Failure]) -> None:
        super().__init__(failures)
        self.failures = failures

    def __str__(self) -> str:
        return "; ".join(f"{PACKAGE}:{failure.path} {failure.reason}" for failure in self.failures)


class NotConfigured(Exception):
    """Something was asked for that needs a cloud, before the provider was configured."""


@dataclass(frozen=True)
class Checked:
    """Inputs with names filled in, all that is wrong with them, and the properties that were named automatically."""

    inputs: Tree
    failures: list[Failure]
    autonamed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Difference:
    """What differs, and what that means for the resource."""

    changes: list[Change]
    stables: list[str] = field(default_factory=list)
    delete_before_replace: bool = False

    @property
    def replaces(self) -> list[str]:
        """The top-level properties whose change makes a new resource."""
        return list(dict.fromkeys(change.property for change in self.changes if change.replace))

    @property
    def properties(self) -> list[str]:
        """The top-level properties that differ."""
        return list(dict.fromkeys(change.property for change in self.changes))


def token_of(type_token: str) -> str:
    """Turn a type token of Pulumi, `mlworkbench:pai:Tensorboard` or `mlworkbench:pai/x:Tensorboard`, into ours."""
    package, _, rest = type_token.partition(":")
    module, _, name = rest.partition(":")
    token = f"{module.partition('/')[0]}:{name}"
    if package != PACKAGE or token not in registry():
        known = [f"{PACKAGE}:{each}" for each in registry()]
        raise UnknownToken(f"there is no resource type {type_token!r}{nearest(type_token, known)}")
    return token


def secrets_of(spec: Mapping[str, Policy]) -> frozenset[str]:
    """Return the properties that are always secret."""
    return frozenset(name for name, policy in spec.items() if Secret in policy)


class Provider:
    """One configured provider: every answer is made of a declaration and, where a cloud is needed, its lifecycle."""

    def __init__(self, environment: Mapping[str, str] | None = None, claims: Claims | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._clouds: Clouds | None = None
        self._unusable: dict[str, list[Failure]] = {}
        self._lifecycles: dict[str, Lifecycle] = {}
        self._known = Known()
        # What the program that runs now registers or replaces: never destroyed for the sake of a replacement.
        self._claims = claims or Claims()

    def check_config(self, inputs: Tree) -> list[Failure]:
        """Return what is wrong with the configuration."""
        return check(ProviderConfig, {name: value for name, value in inputs.items() if name != "version"})

    def diff_config(self, old: Tree, new: Tree) -> Difference:
        """Replace the provider, and so all its resources, only if it would look for them elsewhere."""
        spec = policies(ProviderConfig)
        changes = [
            Change(change.path, change.kind, replace=change.replace and _both_set(change, old, new))
            for change in diff(spec, old, new)
        ]
        return Difference(changes)

    async def configure(self, inputs: Tree) -> list[Missing]:
        """Take the configuration. Answers what is missing for a cloud that the configuration names; calls nobody."""
        explicit = {name: value for name, value in inputs.items() if name in policies(ProviderConfig)}
        config = configured(explicit, self._environment)
        failures = failures_of(config)
        named = [service for service in SERVICES if any(key.startswith(service) for key in explicit)]
        # A variable that was set for other tools must not keep those from working who do not use its cloud.
        self._unusable = {service: _failures_of(service, failures) for service in SERVICES}
        unused = [failure for service in SERVICES if service not in named for failure in self._unusable[service]]
        if wrong := [failure for failure in failures if failure not in unused]:
            raise WrongConfiguration(wrong)
        self._clouds, self._lifecycles = Clouds(config), {}
        return [missing for service in named for missing in await self._clouds.missing(service)]

    def check(self, token: str, old: Tree, inputs: Tree, naming: Naming) -> Checked:
        """Fill in names, and return all that is wrong with the inputs."""
        kind = registry()[token]
        given = without_nulls(inputs)
        named = autoname(kind.inputs, given, old, naming)
        self._claims.add(_claimed(kind, named.inputs))
        return Checked(named.inputs, named.failures + check(kind.inputs, named.inputs), named.made)

    async def unconfigured(self, token: str) -> list[Failure]:
        """Return what the configuration of a resource's cloud lacks; nothing, as long as there is no configuration."""
        if self._clouds is None:
            return []
        service = registry()[token].service
        if self._unusable[service]:
            return [Failure("", str(WrongConfiguration(self._unusable[service])))]
        return [Failure("", str(each)) for each in await self._clouds.missing(service)]

    def expect(self, urn: str, token: str, old: Tree) -> None:
        """Take note that the engine has a resource with these inputs; its id may be told later, or never."""
        if name := registry()[token].name_in(old):
            self._known.expect(urn, token, name)

    def know(self, id: str, urn: str = "") -> None:
        """Take note that the engine has a resource with this id."""
        self._known.add(id, urn)

    def diff(
        self, token: str, old: Tree, new: Tree, state: Tree | None = None, autonamed: Container[str] = ()
    ) -> Difference:
        """Compare old with new inputs. What was named automatically is named anew in a replacement.

        What has failed for good is to be replaced, and what has run to its end, unless it shall not run anyway. What
        was last seen on its way is to be updated: that waits for its end.
        """
        kind = registry()[token]
        spec = kind.input_policies()
        changes = diff(spec, old, new)
        if kind.is_beyond_help(state or {}, new):
            changes.append(Change(("status",), Kind.UPDATE, replace=True, of_input=False))
        if kind.is_on_its_way(state or {}):
            changes.append(Change(("status",), Kind.UPDATE, replace=False, of_input=False))
        replaced = any(change.replace for change in changes)
        clashes = replaced and stays_unique(spec, old, new, autonamed)
        if clashes or (replaced and _may_claim(spec, new)):
            # The engine may delete the old one before it checks the new one's inputs.
            self._claims.add(_claimed(kind, old))
        stable = [name for name, policy in kind.output_policies().items() if _never_changes(policy)]
        return Difference(
            changes,
            stables=[] if replaced else stable,
            delete_before_replace=clashes,
        )

    def preview(self, token: str, inputs: Tree, state: Tree | None = None) -> Tree:
        """Foretell the outputs."""
        return preview(registry()[token].output_policies(), inputs, state)

    async def create(self, token: str, inputs: Tree, request: Request) -> Live:
        """Create a resource."""
        return await self._lifecycle(token).create(inputs, request)

    async def read(self, token: str, id: str, inputs: Tree | None, state: Tree, request: Request) -> Live | None:
        """Read a resource; without inputs it is being imported."""
        self.know(id)
        return await self._lifecycle(token).read(id, inputs, state, request)

    async def update(self, token: str, id: str, old: Tree, inputs: Tree, state: Tree, request: Request) -> Live:
        """Update a resource in place."""
        self.know(id)
        return await self._lifecycle(token).update(id, old, inputs, state, request)

    async def delete(self, token: str, id: str, inputs: Tree, request: Request) -> None:
        """Delete a resource."""
        self.know(id)
        kind = registry()[token]
        if self._claims.overlap(_claimed(kind, inputs)):
            kept = _without_destruction(kind.input_policies(), inputs)
            if kept != inputs:
                left_out = ", ".join(sorted(inputs.keys() - kept.keys()))
                request.watch.warn(f"{left_out} was not done: the program still needs what it would destroy.")
            inputs = kept
        await self._lifecycle(token).delete(id, inputs, request)

    def old_inputs(self, token: str, old: Tree, state: Tree) -> Tree:
        """Return the old inputs; an engine that does not send them sends a state that echoes them."""
        if old:
            return old
        return {name: state[name] for name in registry()[token].input_policies() if name in state}

    async def close(self) -> None:
        """Close all connections."""
        self._claims.close()
        if self._clouds:
            await self._clouds.close()

    def _lifecycle(self, token: str) -> Lifecycle:
        if self._clouds is None:
            raise NotConfigured("the provider was used before it was configured")
        if token not in self._lifecycles:
            kind = registry()[token]
            if self._unusable[kind.service]:
                raise WrongConfiguration(self._unusable[kind.service])
            self._lifecycles[token] = Lifecycle(kind(self._clouds.client(kind.service)), self._known)
        return self._lifecycles[token]


def _failures_of(service: str, failures: list[Failure]) -> list[Failure]:
    return [failure for failure in failures if failure.path.startswith(service)]


def _both_set(change: Change, old: Tree, new: Tree) -> bool:
    before, after = old.get(change.property), new.get(change.property)
    return not empty(before) and not empty(after) and after is not UNKNOWN


def _never_changes(policy: Policy) -> bool:
    return Replace in policy or policy.is_stable


def _claimed(kind: type[Resource[Any, Any]], inputs: Tree) -> set[str]:
    """Return the unique values that the inputs hold, if a deletion could destroy what they name."""
    spec = kind.input_policies()
    if not _destructive(spec):
        return set()
    return {
        f"{kind.token}.{name}={meaning(policy, inputs[name])}"
        for name, policy in spec.items()
        if Unique in policy and name in inputs and inputs[name] is not UNKNOWN
    }


def _may_claim(spec: Mapping[str, Policy], inputs: Tree) -> bool:
    """Tell whether a unique value is not known yet: it may turn out to be any."""
    return any(Unique in policy and has_unknown(inputs.get(name)) for name, policy in spec.items())


def _without_destruction(spec: Mapping[str, Policy], inputs: Tree) -> Tree:
    destructive = _destructive(spec)
    return {name: value for name, value in inputs.items() if name not in destructive}


def _destructive(spec: Mapping[str, Policy]) -> set[str]:
    return {name for name, policy in spec.items() if (mark := policy.mark(Virtual)) and mark.destructive}
