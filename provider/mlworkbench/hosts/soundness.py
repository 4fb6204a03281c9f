"""Tell what is wrong with settings, wherever they come from: in the declaration's view and in use. Make no call."""

from __future__ import annotations

from collections.abc import Iterator

from ..api.modelarts.service import cloud_at
from ..model.check import Failure, check
from ..wire.proxies import environment_flaws, host_of, is_this_machine
from .access import modelarts_cloud
from .config import ProviderConfig, credential_rule
from .families import MODELARTS, PAI_KEYS
from .settings import Config, Found, Profile

__all__ = ["failures_of"]


def failures_of(config: Config) -> list[Failure]:
    """Return all that is wrong with the settings of the configuration, the environment and the profiles."""
    found = check(ProviderConfig, config.effective())
    astray = () if found else _astray(config)
    return [*found, *astray, *_flawed_credentials(config), *_flawed_proxies(config)]


def _astray(config: Config) -> Iterator[Failure]:
    """Tell of credentials that come with the address of one cloud and would be shown to another."""
    found = config.found(*MODELARTS)
    if found is None or found.is_stated:
        return
    theirs, called = cloud_at(_beside(found, config)), modelarts_cloud(config)
    if theirs and theirs != called:
        told = f"(or what it is derived from) is of {called}, but the credentials come with an address of {theirs}"
        yield Failure("modelartsIamEndpoint", f"{told}, from {found.source}: state the address that they are for")
    if _is_foreign(found, config):
        told = f"is not set, but the credentials of {found.source} are for another OpenStack"
        yield Failure("modelartsEndpoint", f"{told}: state it, or modelartsCloud if they are for that cloud")


def _is_foreign(found: Found, config: Config) -> bool:
    """Tell whether credentials are those of an OpenStack that is none of the clouds, and nobody said where else."""
    if config.text("modelartsEndpoint") or config.text("modelartsCloud"):
        return False
    is_openstacks = found.address_variable == "OS_AUTH_URL" or found.source.startswith("cloud ")
    address = _beside(found, config)
    return is_openstacks and address != "" and not cloud_at(address) and not is_this_machine(host_of(address))


def _beside(found: Found, config: Config) -> str:
    profile = config.profiles.get("modelarts", Profile())
    if found.source == profile.name:
        return profile.values.get("modelartsIamEndpoint", "")
    return config.environment.get(found.address_variable, "")


def _flawed_proxies(config: Config) -> list[Failure]:
    if config.text("proxy"):
        return []
    return [Failure("proxy", f"is not set, and the environment variable {flaw}") for flaw in environment_flaws()]


def _flawed_credentials(config: Config) -> Iterator[Failure]:
    """Tell of credentials outside of the configuration, whose own are held to the declaration's rules."""
    profile = config.profiles.get("modelarts", Profile())
    offers = (
        # Where a profile is named, or one could not be read, the environment's are not used.
        None if config.explicit.get("paiProfile") else config.found(PAI_KEYS),
        None if profile.stated and profile.problem else config.found(*MODELARTS),
    )
    for found in offers:
        if found and not found.is_stated:
            yield from _flaws(found)


def _flaws(found: Found) -> Iterator[Failure]:
    for key, value, place in zip(found.family.keys, found.values, found.places, strict=True):
        if reason := credential_rule(key)(value):
            yield Failure(key, f"{reason}; its value comes from {place}")
