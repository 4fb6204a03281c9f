"""Know how a resource is named when the user gives no name. Pure: the seed comes from the engine."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from .base import Inputs
from .check import Failure, check
from .policy import AutoName, Policy, policies
from .values import Tree

__all__ = ["Named", "Naming", "NamingMode", "autoname"]

_SUFFIX_LENGTH = 7
_OUTSIDE = re.compile(r"[^A-Za-z0-9_-]+")


class NamingMode(StrEnum):
    """How binding the engine's proposal is (AutonamingOptions of provider.proto)."""

    PROPOSE = "propose"
    ENFORCE = "enforce"
    DISABLE = "disable"


@dataclass(frozen=True)
class Naming:
    """What the engine says about names: the Pulumi name, a random seed, and a proposal in one of three modes."""

    logical_name: str
    seed: bytes = b""
    proposal: str = ""
    mode: NamingMode | None = None


@dataclass(frozen=True)
class Named:
    """Inputs with all names, and what stands in the way of a name. `made` are the properties that a replacement will
    find named anew."""

    inputs: Tree
    failures: list[Failure]
    made: frozenset[str]


def autoname(model: type[Inputs], inputs: Tree, old: Tree, naming: Naming) -> Named:
    """Fill in the names that the user left out. A name once given is kept: `old` holds it."""
    named, failures, made = dict(inputs), [], set()
    for name, policy in policies(model).items():
        limit = policy.mark(AutoName)
        if limit is None or name in inputs:
            continue
        if name in old:
            named[name] = old[name]
        elif naming.mode is NamingMode.DISABLE:
            failures.append(Failure(name, "is required, since automatic naming is switched off"))
        else:
            named[name] = _name(model, policy, limit.max_length, naming)
        if naming.seed and naming.mode is not NamingMode.DISABLE:
            made.add(name)
    return Named(named, failures, frozenset(made))


def _name(model: type[Inputs], policy: Policy, limit: int, naming: Naming) -> str:
    # An enforced name is what the user configured: if the cloud would refuse it, check says so.
    if naming.proposal and (naming.mode is NamingMode.ENFORCE or _fits(model, policy, naming.proposal)):
        return naming.proposal
    seed = naming.seed or naming.logical_name.encode()
    suffix = hashlib.sha256(seed + policy.name.encode()).hexdigest()[:_SUFFIX_LENGTH]
    stem = _OUTSIDE.sub("-", naming.logical_name).strip("-")[: limit - _SUFFIX_LENGTH - 1]
    return f"{stem}-{suffix}" if stem else suffix


def _fits(model: type[Inputs], policy: Policy, name: str) -> bool:
    return all(failure.path != policy.name for failure in check(model, {policy.name: name}))
