"""Know where keys can come from besides configuration: profiles, roles, a machine's metadata. Know no service.

Sources: the default chain of Alibaba Cloud's credentials SDK; Huawei Cloud "Obtaining temporary credentials of an ECS
agency". The SDK is imported when its chain is needed, never before.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict

from .errors import Answer, NoCredentials
from .lent import CredentialsUri, Lent, now_utc
from .signing import Keys
from .tea import Route, quietly, tamed

__all__ = ["OIDC", "Agency", "Chain", "RenewedKeys", "Route", "Source", "alibaba_sources", "text_flaw"]


OIDC = "an OIDC token"
"""The name of the place that exchanges a token of one's own issuer."""


@dataclass(frozen=True)
class Source:
    """A place that may have keys. `load` blocks, renews what is about to expire, and raises if it has none."""

    name: str
    load: Callable[[], Keys]


class Chain:
    """Asks sources in their order, stays with the first that has keys, and asks it again before every call."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = list(sources)
        self._turn = asyncio.Lock()
        self.secrets: set[str] = set()
        self.chosen = self.access_key = ""

    async def keys(self) -> Keys:
        """Return keys that are valid now. Raises NoCredentials with what every source said."""
        async with self._turn:
            keys = await asyncio.to_thread(self._load)
        self.secrets.update(keys.secrets)
        self.access_key = keys.access_key
        return keys

    def _load(self) -> Keys:
        said = []
        for source in self._sources:
            try:
                keys = _sendable(source.load())
            except Exception as error:
                said.append(f"{source.name}: {_short(error)}")
                continue
            self._sources, self.chosen = [source], source.name
            return keys
        raise NoCredentials("Looking for credentials", Answer(message="; ".join(said) or "there is nowhere to look"))


# An address may hold a password or a token; what follows `result:` in the SDK's messages is an answer with keys in it.
_ADDRESS = re.compile(r"(https?://)(?:[^\s/@]*@)?([^\s?]*)(?:\?[^\s,]*)?")
# urllib3 tells the path that it called, with all arguments.
_ARGUMENTS = re.compile(r"(/[^\s?]*)\?\S*")


def _short(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    text = _ARGUMENTS.sub(r"\1", _ADDRESS.sub(r"\1\2", text.partition("result:")[0])).rstrip(" ,")
    return text if len(text) <= 160 else f"{text[:160]}…"


def text_flaw(text: str, *, ascii_only: bool = True) -> str | None:
    """Return why a key, token or password cannot be sent, never with the text itself."""
    if text != text.strip():
        return "begins or ends with a blank or a line break"
    if any(unicodedata.category(character) == "Cc" for character in text):
        return "holds a line break or another control character"
    if ascii_only and not text.isascii():
        return "holds letters or signs that no key has (beyond ASCII)"
    return None


def _sendable(keys: Keys) -> Keys:
    parts = {"access key": keys.access_key, "secret": keys.secret_key, "security token": keys.security_token}
    for name, text in parts.items():
        if flaw := text_flaw(text):
            raise ValueError(f"the {name} {flaw}")
    return keys


class RenewedKeys(httpx.Auth):
    """Sign every request with keys that are valid when it is made."""

    def __init__(self, chain: Chain, sign: Callable[[Keys], httpx.Auth]) -> None:
        self._chain, self._sign = chain, sign

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Sign the request."""
        for signed in self._sign(await self._chain.keys()).auth_flow(request):
            yield signed


def alibaba_sources(
    environment: Mapping[str, str], home: Path, profile: str, route: Route | None = None
) -> list[Source]:
    """Return the places where Alibaba Cloud's own tools look for keys, beyond the plain variables, in their order."""
    via = route or Route()
    oidc = ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")
    cli, ini = home / ".aliyun" / "config.json", home / ".alibabacloud" / "credentials.ini"
    file = Path(environment.get("ALIBABA_CLOUD_CREDENTIALS_FILE") or ini)
    uri = environment.get("ALIBABA_CLOUD_CREDENTIALS_URI", "")
    named = f"profile {profile} of " if profile else ""
    sources, facts = [], dict[str, Any]()
    if all(environment.get(name) for name in oidc):
        role, issuer, token = (environment[name] for name in oidc)
        facts = {"role_arn": role, "oidc_provider_arn": issuer, "oidc_token_file_path": token}
        sources.append(_alibaba(via, OIDC, "OIDCRoleArnCredentialsProvider", **facts))
    if cli.is_file() and not _is_on(environment, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"):
        facts = {"profile_name": profile or None, "profile_file": str(cli)}
        sources.append(_alibaba(via, f"{named}{_shown(cli, home)}", "CLIProfileCredentialsProvider", **facts))
    if file.is_file():
        facts = {"profile_name": profile or None, "profile_file": str(file)}
        sources.append(_alibaba(via, f"{named}{_shown(file, home)}", "ProfileCredentialsProvider", **facts))
    if not _is_on(environment, "ALIBABA_CLOUD_ECS_METADATA_DISABLED"):
        # Left to itself the SDK renews in threads of its own; the chain asks before every call anyway.
        machine = {"role_name": environment.get("ALIBABA_CLOUD_ECS_METADATA") or None, "async_update_enabled": False}
        kind = "EcsRamRoleCredentialsProvider"
        sources.append(_alibaba(via, "the RAM role of this ECS instance", kind, **machine))
    if uri:
        lender = CredentialsUri(uri, via.proxy, via.ca_bundle, allow_http=via.allow_http)
        sources.append(Source("the credentials URI", lender.load))
    return sources


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").casefold() == "true"


def _shown(path: Path, home: Path) -> str:
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _alibaba(route: Route, name: str, kind: str, **facts: Any) -> Source:
    made: list[Any] = []

    def load() -> Keys:
        with quietly():
            if not made:
                made.append(tamed(kind, facts, route))
            found = made[0].get_credentials()
        return Keys(found.get_access_key_id(), found.get_access_key_secret(), found.get_security_token() or "")

    return Source(name, load)


class _Credential(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    access: str
    secret: str
    securitytoken: str
    expires_at: datetime


class _SecurityKey(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    credential: _Credential


class Agency(Lent):
    """The temporary keys that Huawei Cloud gives to a machine with an agency; renewed 40 minutes before they expire."""

    _TIMEOUT_SECONDS = 3.0

    def __init__(self, metadata: str = "http://169.254.169.254", now: Callable[[], datetime] = now_utc) -> None:
        super().__init__(timedelta(minutes=40), now)
        self._metadata = metadata

    def source(self) -> Source:
        """Return the agency as a source of keys."""
        return Source("the agency of this ECS instance", self.load)

    def ask(self) -> tuple[Keys, datetime]:
        """Ask the machine's metadata."""
        with httpx.Client(base_url=self._metadata, timeout=self._TIMEOUT_SECONDS, trust_env=False) as http:
            ticket = http.put("/meta-data/latest/api/token", headers={"X-Metadata-Token-Ttl-Seconds": "21600"})
            # Machines without this protection answer an error, and take the second call without a token.
            headers = {"X-Metadata-Token": ticket.text} if ticket.is_success else {}
            answer = http.get("/openstack/latest/securitykey", headers=headers)
        if not answer.is_success:
            raise LookupError(f"the metadata service answers HTTP {answer.status_code}")
        found = _SecurityKey.model_validate_json(answer.content).credential
        return Keys(found.access, found.secret, found.securitytoken), found.expires_at
