"""Know how to keep keys that are lent for a time, and how a credentials URI lends them. Know no other place of keys.

Source: Alibaba Cloud "Use the Credentials URI" (its SDKs' default chain).
"""

from __future__ import annotations

import logging
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal

from .proxies import is_this_machine
from .signing import Keys

__all__ = ["CredentialsUri", "Lent", "now_utc"]

# The address may hold a password or a token, and httpx logs every address that it calls.
_unlogged = ContextVar("unlogged", default=False)
logging.getLogger("httpx").addFilter(lambda record: not _unlogged.get())

# Who just failed to answer is left alone for a while, or every call would wait for it.
_PAUSE = timedelta(minutes=1)


def now_utc() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Lent(ABC):
    """Keys that expire: asked for when they are first needed and again some time before their end.

    If renewing fails, they are used until they do expire.
    """

    def __init__(self, margin: timedelta, now: Callable[[], datetime]) -> None:
        self._margin, self._now = margin, now
        self._keys: Keys | None = None
        self._renewal = self._end = now()

    @abstractmethod
    def ask(self) -> tuple[Keys, datetime]:
        """Ask for keys; returns them with the moment at which they expire."""

    def load(self) -> Keys:
        """Return keys that are valid now."""
        kept = self._keys
        if kept is not None and self._now() < self._renewal:
            return kept
        try:
            return self._keep(*self.ask())
        except (httpx.HTTPError, httpx.InvalidURL, LookupError, ValueError):
            # Whatever ails the lender: keys that have not expired sign as well as new ones.
            if kept is None or self._now() >= self._end:
                raise
        self._renewal = min(self._now() + _PAUSE, self._end)
        return kept

    def _keep(self, keys: Keys, end: datetime) -> Keys:
        if end <= self._now():
            raise LookupError("the keys that it gives have expired")
        self._keys, self._end, self._renewal = keys, end, end - self._margin
        return keys


class _Said(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, hide_input_in_errors=True)

    code: str


class _Told(_Said):
    access_key_id: str
    access_key_secret: str
    security_token: str
    expiration: datetime


class CredentialsUri(Lent):
    """The temporary keys that whatever is at an address gives; renewed a quarter of an hour before they expire.

    The vendor's SDK would ask even this machine through the proxy of the environment, and so show it the keys.
    """

    _TIMEOUT_SECONDS = 10.0

    def __init__(
        self,
        address: str,
        proxy: str = "",
        ca_bundle: str = "",
        now: Callable[[], datetime] = now_utc,
        allow_http: bool = False,
    ) -> None:
        super().__init__(timedelta(minutes=15), now)
        self._address, self._proxy, self._ca_bundle, self._allow_http = address, proxy, ca_bundle, allow_http

    def ask(self) -> tuple[Keys, datetime]:
        """Ask the address."""
        parts = urlsplit(self._address)
        if parts.scheme == "http" and not self._allow_http and not is_this_machine(parts.hostname or ""):
            raise LookupError(
                "must be an https URL: keys would travel in the clear (set mlworkbench:allowHttp to allow that)"
            )
        mark = _unlogged.set(True)
        try:
            answer = self._answer()
        finally:
            _unlogged.reset(mark)
        if not answer.is_success:
            raise LookupError(f"it answers HTTP {answer.status_code}")
        if (said := _Said.model_validate_json(answer.content).code) != "Success":
            raise LookupError(f"it answers {said}")
        told = _Told.model_validate_json(answer.content)
        return Keys(told.access_key_id, told.access_key_secret, told.security_token), told.expiration

    def _answer(self) -> httpx.Response:
        here = is_this_machine(urlsplit(self._address).hostname or "")
        trusted = ssl.create_default_context(cafile=self._ca_bundle or None)
        proxy = None if here else self._proxy or None
        with httpx.Client(proxy=proxy, verify=trusted, trust_env=not here, timeout=self._TIMEOUT_SECONDS) as http:
            return http.get(self._address)
