"""Know how to get and use an IAM token, and to look a project up. Know no service that is called with it.

Sources: Huawei Cloud IAM "Obtaining a user token through password authentication", "Querying project information".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from .errors import Answer, Unauthenticated

__all__ = ["Login", "PasswordToken", "ReadyToken"]

_MARGIN = timedelta(minutes=30)


@dataclass(frozen=True)
class ReadyToken(httpx.Auth):
    """Send a token that the user got elsewhere."""

    token: str = field(repr=False)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token."""
        request.headers["X-Auth-Token"] = self.token
        yield request


@dataclass(frozen=True)
class Login:
    """Who logs in, and for which project; ids and names as the console shows them."""

    user: str
    password: str = field(repr=False)
    domain: str
    project: dict[str, str]

    def body(self) -> dict[str, Any]:
        """Return the body of POST /v3/auth/tokens."""
        user = {"name": self.user, "password": self.password, "domain": {"name": self.domain}}
        return {
            "auth": {
                "identity": {"methods": ["password"], "password": {"user": user}},
                "scope": {"project": self.project},
            }
        }


class PasswordToken(httpx.Auth):
    """Log in once, keep the token until shortly before it expires, and log in again once if it is refused."""

    requires_response_body = True

    def __init__(
        self, iam_endpoint: str, login: Login, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._url = f"{iam_endpoint.rstrip('/')}/v3/auth/tokens"
        self._login, self._now = login, now
        self._token, self._expires = "", datetime.min.replace(tzinfo=UTC)
        self._turn = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Add the token, after logging in if there is none."""
        async with self._turn:
            if self._now() >= self._expires - _MARGIN:
                self._keep((yield self._question()))
        request.headers["X-Auth-Token"] = used = self._token
        response = yield request
        if response.status_code != 401:
            return
        async with self._turn:
            if self._token == used:
                self._keep((yield self._question()))
        request.headers["X-Auth-Token"] = self._token
        yield request

    def _question(self) -> httpx.Request:
        return httpx.Request("POST", self._url, json=self._login.body(), params={"nocatalog": "true"})

    def _keep(self, response: httpx.Response) -> None:
        token = response.headers.get("X-Subject-Token", "")
        if response.status_code != 201 or not token:
            raise Unauthenticated("CreateToken", _refusal(response))
        self._token = token
        self._expires = datetime.fromisoformat(response.json()["token"]["expires_at"])


def _refusal(response: httpx.Response) -> Answer:
    try:
        told = response.json()
    except ValueError:
        told = {}
    inner = told.get("error", told) if isinstance(told, dict) else {}
    return Answer(
        status=response.status_code,
        code=str(inner.get("error_code") or inner.get("code") or ""),
        message=str(inner.get("error_msg") or inner.get("message") or "the user was not logged in"),
        request_id=response.headers.get("X-Request-Id", ""),
    )
