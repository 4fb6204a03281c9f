"""Tell what is wrong with settings, wherever they come from: in the declaration's view and in use. Make no call."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.check import Failure, check
from ..wire.proxies import environment_flaws
from .config import ProviderConfig, credential_rule
from .settings import MODELARTS_KEYS, MODELARTS_LOGIN, MODELARTS_TOKEN, PAI_KEYS, Config, Found, Profile

__all__ = ["failures_of"]


def failures_of(config: Config) -> list[Failure]:
    """Return all that is wrong with the settings of the configuration, the environment and the profiles."""
    found = check(ProviderConfig, config.effective())
    return [*found, *_flawed_credentials(config), *_flawed_proxies(config)]


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
        None if profile.stated and profile.problem else config.found(MODELARTS_TOKEN, MODELARTS_KEYS, MODELARTS_LOGIN),
    )
    for found in offers:
        if found and not found.is_stated:
            yield from _flaws(found)


def _flaws(found: Found) -> Iterator[Failure]:
    for key, value, place in zip(found.family.keys, found.values, found.places, strict=True):
        if reason := credential_rule(key)(value):
            yield Failure(key, f"{reason}; its value comes from {place}")
