"""Examine what is configured: credentials, address, clock, and one harmless call. Print nothing, know no resource."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from ..lifecycle.resource import Resource
from ..model.check import Failure
from ..model.policy import policies
from ..model.values import Value
from ..resources import registry
from ..wire.client import Client
from ..wire.errors import (
    CloudError,
    NoCredentials,
    Unauthenticated,
    Unreachable,
    Unreadable,
    Untrusted,
    WrongClock,
    WrongEndpoint,
)
from .clouds import SERVICES, Clouds, configured
from .config import PACKAGE, ProviderConfig
from .families import MODELARTS, PAI_KEYS, Family
from .settings import Config, Missing, variables
from .soundness import failures_of

__all__ = ["TITLES", "Check", "Finding", "State", "examine"]

TITLES = {"pai": "PAI (Alibaba Cloud)", "modelarts": "ModelArts (Huawei Cloud, Open Telekom Cloud)"}

_FAMILIES: dict[str, tuple[Family, ...]] = {
    "pai": (PAI_KEYS,),
    "modelarts": MODELARTS,
}
_FIRST = {
    "pai": ("paiRegion", "paiAccessKeyId", "paiAccessKeySecret"),
    "modelarts": ("modelartsRegion", "modelartsAccessKey", "modelartsSecretKey"),
}
# A person waits for the answer: a cloud that is silent is given up sooner than in an `up`.
_IMPATIENCE: Mapping[str, int] = {"maxRetries": 1, "requestTimeoutSeconds": 10}
_PAGE = 100
# The clouds tell whole seconds, and an answer takes its time.
_SAME = timedelta(seconds=5)


class State(StrEnum):
    """How something stands."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_CONFIGURED = "not configured"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, what was seen, and what to do if it is not well."""

    subject: str
    state: State
    told: str
    advice: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found out about one cloud."""

    service: str
    checks: tuple[Check, ...]
    configured: bool = True

    @property
    def state(self) -> State:
        """How the cloud stands as a whole."""
        if not self.configured:
            return State.NOT_CONFIGURED
        return State.FAILED if any(each.state is State.FAILED for each in self.checks) else State.OK


async def examine(
    explicit: Mapping[str, Value], environment: Mapping[str, str], wanted: Collection[str] = ()
) -> list[Finding]:
    """Examine the wanted clouds or, if none is named, those that are configured. Changes nothing in any of them."""
    config = configured({**_impatience(explicit, environment), **explicit}, environment)
    failures = failures_of(config)
    clouds = Clouds(config)
    services = [service for service in SERVICES if not wanted or service in wanted]
    examined = [service for service in services if service in wanted or _is_configured(service, config)]
    try:
        found = await asyncio.gather(*(_finding(service, config, clouds, failures) for service in examined))
    finally:
        await clouds.close()
    known = dict(zip(examined, found, strict=True))
    return [known.get(service) or _absence(service) for service in services]


def _impatience(explicit: Mapping[str, Value], environment: Mapping[str, str]) -> dict[str, Value]:
    bare = Config(explicit, environment)
    return {key: value for key, value in _IMPATIENCE.items() if not bare.text(key)}


def _is_configured(service: str, config: Config) -> bool:
    """Tell whether anything at all names this cloud: the configuration, a variable or a profile."""
    families = _FAMILIES[service]
    named = {name for family in families for names in family.sources for name in names}
    return (
        any(key.startswith(service) and value not in (None, "") for key, value in config.explicit.items())
        or any(config.environment.get(name) for name in named)
        or any(config.text(key) for key in policies(ProviderConfig) if key.startswith(service) and variables(key))
        or config.found(*families) is not None
    )


def _absence(service: str) -> Finding:
    told = "no setting, variable or profile names this cloud"
    names = ", ".join(f"{PACKAGE}:{key}" for key in _FIRST[service])
    return Finding(
        service, (Check("configuration", State.UNKNOWN, told, f"To use it, set {names}."),), configured=False
    )


async def _finding(service: str, config: Config, clouds: Clouds, failures: list[Failure]) -> Finding:
    wrong = [each for each in failures if not _is_others(each.path, service)]
    if wrong:
        return Finding(service, tuple(_wrong(each) for each in wrong))
    missing = await clouds.missing(service)
    if missing:
        return Finding(service, tuple(_lacking(missing)))
    return Finding(service, await _checks(service, config, clouds))


def _lacking(missing: list[Missing]) -> Iterator[Check]:
    """Tell what is not set; where else it was looked for once only."""
    told = set[str]()
    for each in missing:
        note = "" if each.note in told else each.note
        told.add(each.note)
        what = f"{each.name} is not set: {each.description}"
        yield Check(_subject(each.key), State.FAILED, what, f"{each.remedy} {note}".rstrip())


def _is_others(path: str, service: str) -> bool:
    return any(path.startswith(other) for other in SERVICES if other != service)


def _wrong(failure: Failure) -> Check:
    name = f"{PACKAGE}:{failure.path}"
    told = f"{name} {failure.reason}" if failure.path else failure.reason
    return Check("configuration", State.FAILED, told, "Correct the setting, or the variable that sets it.")


def _subject(key: str) -> str:
    return "address" if key.endswith(("Region", "Endpoint", "ProjectId")) else "credentials"


async def _checks(service: str, config: Config, clouds: Clouds) -> tuple[Check, ...]:
    client, access = clouds.client(service), clouds.access(service)
    kind = next(each for each in registry().values() if each.service == service)
    refusal, seen = await _call(kind, client)
    where = await _where(service, config, client, refusal)
    who = ", ".join(each for each in (access.source, access.identity) if each)
    return (
        Check("credentials", _unless(refusal, Unauthenticated, NoCredentials), who),
        Check("endpoint", _unless(refusal, Unreachable, WrongEndpoint, Untrusted, Unreadable), where),
        _clock(client, refusal),
        _told(kind, refusal, seen),
    )


async def _call(kind: type[Resource[Any, Any]], client: Client) -> tuple[CloudError | None, int]:
    """List the first page of what is there. Returns why that failed, or how many were seen."""
    seen = 0
    try:
        async for _ in kind(client).list():
            seen += 1
            if seen == _PAGE:
                break
    except CloudError as error:
        return error, seen
    return None, seen


async def _where(service: str, config: Config, client: Client, refusal: CloudError | None) -> str:
    region, proxy = config.text(f"{service}Region"), config.text("proxy")
    ids = {} if refusal else await client.ids()
    facts = [
        client.endpoint,
        f"region {region}" if region else "",
        *(f"{name.replace('_', ' ')} {value}" for name, value in (ids or client.defaults).items()),
        "through the configured proxy" if proxy else "",
    ]
    return ", ".join(fact for fact in facts if fact)


def _unless(refusal: CloudError | None, *kinds: type[CloudError]) -> State:
    if refusal is None:
        return State.OK
    if isinstance(refusal, kinds):
        return State.FAILED
    # Whoever answers what no document describes may be anybody, and has looked at nothing.
    return State.UNKNOWN if isinstance(refusal, Unreachable | Untrusted | Unreadable) else State.OK


def _clock(client: Client, refusal: CloudError | None) -> Check:
    clock = client.clock
    if not clock.is_known:
        return Check("clock", State.UNKNOWN, "no answer told the cloud's time")
    if clock.is_off or isinstance(refusal, WrongClock):
        return Check("clock", State.FAILED, clock.describe(), WrongClock.advice)
    return Check("clock", State.OK, clock.describe() if abs(clock.ahead) > _SAME else "in step with the cloud's")


def _told(kind: type[Resource[Any, Any]], refusal: CloudError | None, seen: int) -> Check:
    if refusal is not None:
        # What to do about a clock stands with the clock.
        advice = "" if isinstance(refusal, WrongClock) else refusal.advice
        return Check("call", State.FAILED, f"{refusal.attempt} failed: {refusal.answer}", advice)
    count = f"{seen} or more" if seen == _PAGE else str(seen)
    return Check("call", State.OK, f"a list of {PACKAGE}:{kind.token} shows {count}")
