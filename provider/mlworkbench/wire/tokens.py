"""Know how to get and use an IAM token, and to look a project up. Know no service that is called with it.

Sources: Huawei Cloud IAM "Obtaining a user token through password authentication", "Querying project information".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from .errors import Answer, InvalidRequest, Unauthenticated, Unreachable

__all__ = ["Login", "PasswordToken", "Project", "ReadyToken"]

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
    project: Mapping[str, str]

    def body(self) -> dict[str, Any]:
        """Return the body of POST /v3/auth/tokens."""
        user = {"name": self.user, "password": self.password, "domain": {"name": self.domain}}
        return {
            "auth": {
                "identity": {"methods": ["password"], "password": {"user": user}},
                "scope": {"project": dict(self.project)},
            }
        }


class PasswordToken(httpx.Auth):
    """Log in once, keep the token until shortly before it expires, and log in again once if it is refused."""

    def __init__(
        self, iam_endpoint: str, login: Login, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._url = f"{iam_endpoint.rstrip('/')}/v3/auth/tokens"
        self._login, self._now = login, now
        self._token = ""
        self._renewal = self._now()
        self._turn = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Add the token, after logging in if there is none."""
        async with self._turn:
            if self._now() >= self._renewal:
                await self._keep((yield self._question()))
        request.headers["X-Auth-Token"] = used = self._token
        response = yield request
        if response.status_code != 401:
            return
        async with self._turn:
            if self._token == used:
                await self._keep((yield self._question()))
        request.headers["X-Auth-Token"] = self._token
        yield request

    def _question(self) -> httpx.Request:
        return httpx.Request("POST", self._url, json=self._login.body(), params={"nocatalog": "true"})

    async def _keep(self, response: httpx.Response) -> None:
        await response.aread()
        token = response.headers.get("X-Subject-Token", "")
        if response.status_code != 201 or not token:
            raise Unauthenticated("CreateToken", _refusal(response))
        self._token = token
        self._renewal = datetime.fromisoformat(response.json()["token"]["expires_at"]) - _MARGIN


class Project:
    """Knows the id of a project; looks it up by name once, when it is first needed."""

    def __init__(self, http: httpx.AsyncClient, auth: httpx.Auth, iam_endpoint: str, name: str, id: str = "") -> None:
        self._http, self._auth = http, auth
        self._url, self._name, self._id = f"{iam_endpoint.rstrip('/')}/v3/projects", name, id
        self._turn = asyncio.Lock()

    async def ids(self) -> dict[str, str]:
        """Return what every path of ModelArts needs."""
        async with self._turn:
            if not self._id:
                self._id = await self._look_up()
        return {"project_id": self._id}

    async def _look_up(self) -> str:
        request = self._http.build_request("GET", self._url, params={"name": self._name})
        request.headers["Content-Type"] = "application/json"
        try:
            response = await self._http.send(request, auth=self._auth)
        except httpx.TransportError as error:
            silence = Answer(message=f"no answer from {request.url.host} ({str(error) or type(error).__name__})")
            raise Unreachable("ListProjects", silence, sent=True) from None
        if response.status_code != 200:
            raise Unauthenticated("ListProjects", _refusal(response))
        found = [each["id"] for each in response.json()["projects"] if each["name"] == self._name]
        if len(found) != 1:
            count = f"there are {len(found)} projects" if found else "there is no project"
            message = f"{count} named {self._name!r}: set mlworkbench:modelartsProjectId"
            raise InvalidRequest("ListProjects", Answer(status=200, message=message))
        return str(found[0])


def _refusal(response: httpx.Response) -> Answer:
    try:
        told = response.json()
    except ValueError:
        told = {}
    inner = told.get("error", told) if isinstance(told, dict) else {}
    return Answer(
        status=response.status_code,
        code=str(inner.get("error_code") or inner.get("code") or ""),
        message=str(inner.get("error_msg") or inner.get("message") or "IAM refused the call"),
        request_id=response.headers.get("X-Request-Id", ""),
    )
