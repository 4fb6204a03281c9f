"""Choose what is shown to a cloud: keys, a token or a login, from the first source that has one. Make no API call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..api.modelarts import service as modelarts
from ..wire.credentials import OIDC, Agency, Chain, RenewedKeys, Source, alibaba_sources
from ..wire.errors import NoCredentials
from ..wire.redaction import redacted
from ..wire.signing import Acs3, Keys, ScopedSdkHmac, SdkHmac
from ..wire.tea import Route
from ..wire.tokens import Login, PasswordToken, ReadyToken
from .families import LOGINS, MODELARTS, MODELARTS_KEYS, MODELARTS_LOGIN_BY_ID, MODELARTS_TOKEN, PAI_KEYS, Family
from .settings import Config, Found, Missing, Profile, missing_family

__all__ = ["Access", "iam_address", "modelarts_access", "modelarts_cloud", "pai_access"]


@dataclass(frozen=True)
class Access:
    """How calls are signed, what of it must never be told, and where it comes from.

    `chain` is set if the keys come from elsewhere than the settings; `unset` are the settings that would do instead.
    `user` is who calls, as far as the settings tell.
    """

    auth: Any = field(repr=False)
    secrets: Iterable[str] = field(repr=False)
    settings: str = ""
    chain: Chain | None = None
    unset: tuple[Missing, ...] = ()
    user: str = ""

    @property
    def source(self) -> str:
        """Where the credentials come from, as far as that is known."""
        return self.settings or (self.chain.chosen if self.chain else "")

    @property
    def identity(self) -> str:
        """Who calls: a user's name, or an access key of which too little is shown to be of use."""
        return self.user or (_shortened(self.chain.access_key) if self.chain else "")

    async def missing(self) -> list[Missing]:
        """Return what has to be set if there are no credentials at all."""
        if self.chain is None:
            return list(self.unset)
        try:
            await self.chain.keys()
        except NoCredentials as error:
            told = redacted(error.answer.message, self.secrets)
            return [each.with_note(f"Looked for: {told}") for each in self.unset]
        return []


def modelarts_cloud(config: Config) -> str:
    """Return the cloud that offers ModelArts: the one that is named, or the one whose address or region is."""
    addresses = (config.text("modelartsIamEndpoint"), config.text("modelartsEndpoint"))
    told = next((cloud for address in addresses if (cloud := modelarts.cloud_at(address))), "")
    return config.text("modelartsCloud").casefold() or told or modelarts.cloud_in(config.text("modelartsRegion"))


def iam_address(config: Config) -> str:
    """Return the address of IAM: the one that is set, or the region's own."""
    # OpenStack's tools write the version of the API into the address, Huawei Cloud's documents the whole path.
    stated = _IAM_PATH.sub("", config.text("modelartsIamEndpoint"))
    return stated or modelarts.iam_endpoint(modelarts_cloud(config), config.text("modelartsRegion"))


_IAM_PATH = re.compile(r"(/+v3(/+auth(/+tokens)?)?)?/*$")


def pai_access(config: Config) -> Access:
    """Choose the keys for PAI."""
    stated = Config(config.explicit, {}).found(PAI_KEYS)
    if stated or any(config.explicit.get(key) for key in PAI_KEYS.keys):
        return _keys(stated, Acs3, config, PAI_KEYS)
    profile = str(config.explicit.get("paiProfile") or "")
    around = None if profile else config.found(PAI_KEYS)
    if around:
        return _keys(around, Acs3, config, PAI_KEYS)
    home = Path(config.environment.get("HOME") or Path.home())
    route = Route(config.text("proxy"), config.text("caBundle"), config.flag("allowHttp"))
    named = config.text("paiProfile")
    sources = alibaba_sources(config.environment, home, named, route)
    if not named:
        return _chain(sources, Acs3, config, PAI_KEYS)
    # Whoever names a profile does not mean the machine; nor, if the configuration names it, the environment.
    known = [each for each in sources if each.name.startswith(f"profile {named} of ")]
    oidc = [] if profile else [each for each in sources if each.name == OIDC]
    settings = replace(config, environment={}) if profile else config
    return _chain([*oidc, *(known or [_unknown(named)])], Acs3, settings, PAI_KEYS)


def _unknown(profile: str) -> Source:
    """Return a profile of which no file can be read as a place without keys, so that it is told."""

    def load() -> Keys:
        raise LookupError("there is no file of profiles")

    return Source(f"profile {profile}", load)


def modelarts_access(config: Config) -> Access:
    """Choose a token, keys or a login for ModelArts; a token before keys before a login, all from one source."""
    sign = ScopedSdkHmac if config.text("modelartsSigning").casefold() == "scoped" else SdkHmac
    profile = config.profiles.get("modelarts", Profile())
    if profile.stated and profile.problem:
        # Nothing in the environment is a substitute for a profile that the configuration names.
        config = replace(config, environment={})
    found = config.found(*MODELARTS)
    if found is None:
        if any(config.explicit.get(key) for family in MODELARTS for key in family.keys):
            return _nothing(config, _meant(config), profile.problem)
        # Whoever names a profile, or begins one, does not mean the machine.
        if config.text("modelartsProfile") or profile.has_a_part_of(MODELARTS):
            alone = replace(config, environment={})
            return _nothing(alone, _meant(config), profile.problem or _incomplete(profile))
        return _chain([*_broken(profile), Agency().source()], sign, config, MODELARTS_KEYS)
    if found.family is MODELARTS_TOKEN:
        return Access(ReadyToken(found.values[0]), found.values, found.source)
    if found.family is MODELARTS_KEYS:
        return _keys(found, sign, config, MODELARTS_KEYS)
    return _login(found, config)


def _broken(profile: Profile) -> list[Source]:
    """Return a profile that nobody named and nobody can read as a place without keys, so that it is told."""

    def load() -> Keys:
        raise LookupError(profile.problem.rstrip("."))

    return [Source("the usual profile", load)] if profile.problem else []


def _incomplete(profile: Profile) -> str:
    return (
        f"{profile.name} has no complete credentials: a token, an access key with its secret key, or a user name with "
        "its password and domain."
    )


def _meant(config: Config) -> Family:
    """Return the family that the configuration states a part of."""
    stated = [family for family in LOGINS if any(config.explicit.get(key) for key in family.keys)]
    return stated[0] if stated else MODELARTS_KEYS


def _login(found: Found, config: Config) -> Access:
    user, password, domain = found.values[:3]
    by = "id" if found.family is MODELARTS_LOGIN_BY_ID else "name"
    project_id, project_name = config.project()
    scope = {"id": project_id} if project_id else {"name": project_name or config.text("modelartsRegion")}
    login = PasswordToken(iam_address(config), Login(user, password, domain, scope, by))
    of = domain if by == "name" else f"domain {domain}"
    return Access(login, login.secrets, found.source, user=f"user {user} of {of}")


def _keys(found: Found | None, sign: Callable[[Keys], Any], config: Config, family: Family) -> Access:
    if found is None:
        return _nothing(config, family)
    access_key, secret_key, security_token = found.values
    keys = Keys(access_key, secret_key, security_token)
    return Access(sign(keys), keys.secrets, found.source, user=_shortened(access_key))


def _shortened(access_key: str) -> str:
    shown = f"{access_key[:4]}…{access_key[-4:]}" if len(access_key) >= 12 else f"{access_key[:2]}…"
    return f"access key {shown}" if access_key else ""


def _nothing(config: Config, family: Family, problem: str = "") -> Access:
    unset = tuple(each.with_note(problem) for each in missing_family(config, family))
    return Access(None, (), unset=unset)


def _chain(sources: list[Source], sign: Callable[[Keys], Any], config: Config, family: Family) -> Access:
    chain = Chain(sources)
    unset = tuple(missing_family(config, family))
    return Access(RenewedKeys(chain, sign), chain.secrets, chain=chain, unset=unset)
