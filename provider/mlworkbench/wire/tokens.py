"""Know how to get and use an IAM token, and to look a project up. Know no service that is called with it.

Sources: Huawei Cloud IAM "Obtaining a user token through password authentication", "Querying project information".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from pydantic import ValidationError

from .client import Client, Service
from .errors import Answer, CloudError, InvalidRequest, Throttled, Unauthenticated, Unavailable, Unreadable
from .operation import Dialect, Operation, Sign, Wire

__all__ = ["IAM", "Login", "PasswordToken", "Project", "ReadyToken"]

_MARGIN = timedelta(minutes=30)
_PAUSE = timedelta(minutes=1)

IAM = Service(
    name="iam",
    dialect=Dialect(
        codes=("error_code", "code"),
        messages=("error_msg", "message"),
        request_ids=("request_id",),
        request_id_header="x-request-id",
        signs=(
            Sign(Throttled, code="APIG*.0308"),
            Sign(Throttled, status=429),
            Sign(Unavailable, status=408),
            Sign(Unauthenticated, status=400),
        ),
        waits={"retry-after": 1.0},
    ),
    bodiless_content_type="application/json",
)


@dataclass(frozen=True)
class ReadyToken(httpx.Auth):
    """Send a token that the user got elsewhere."""

    shown: ClassVar[str] = "token"
    token: str = field(repr=False)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token."""
        request.headers["X-Auth-Token"] = self.token
        yield request


@dataclass(frozen=True)
class Login:
    """Who logs in, and for which project; ids and names as the console shows them.

    `domain_by` tells whether the domain is told by its `name` or by its `id`.
    """

    user: str
    password: str = field(repr=False)
    domain: str
    project: Mapping[str, str]
    domain_by: str = "name"

    def body(self) -> dict[str, Any]:
        """Return the body of POST /v3/auth/tokens."""
        user = {"name": self.user, "password": self.password, "domain": {self.domain_by: self.domain}}
        return {
            "auth": {
                "identity": {"methods": ["password"], "password": {"user": user}},
                "scope": {"project": dict(self.project)},
            }
        }


class _Lifetime(Wire):
    expires_at: datetime


class _LoggedIn(Wire):
    token: _Lifetime


class PasswordToken(httpx.Auth):
    """Log in once, keep the token until shortly before it expires, and log in again once if it is refused."""

    shown = "token"

    def __init__(
        self, iam_endpoint: str, login: Login, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._url = f"{iam_endpoint.rstrip('/')}/v3/auth/tokens"
        self.login, self._now = login, now
        self._token = ""
        self._renewal = self._expiry = self._now()
        self._refusal: Unauthenticated | None = None
        self._turn = asyncio.Lock()
        self.secrets = {login.password}

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Add the token, after logging in if there is none."""
        async with self._turn:
            self._recall()
            if self._now() >= self._renewal:
                await self._keep((yield self._question(request)))
        request.headers["X-Auth-Token"] = used = self._token
        response = yield request
        if response.status_code != 401:
            return
        async with self._turn:
            self._recall()
            if self._token == used:
                await self._keep((yield self._question(request)))
        request.headers["X-Auth-Token"] = self._token
        yield request

    def _recall(self) -> None:
        """Raise what IAM said if it has refused the login: shown again and again, it locks the account."""
        if self._refusal:
            raise self._refusal.but(sent=False)

    def _question(self, request: httpx.Request) -> httpx.Request:
        headers = {name: request.headers[name] for name in ("Accept", "User-Agent") if name in request.headers}
        body, query = self.login.body(), {"nocatalog": "true"}
        return httpx.Request("POST", self._url, json=body, params=query, headers=headers)

    async def _keep(self, response: httpx.Response) -> None:
        await response.aread()
        refusal = IAM.dialect.error("CreateToken", response.status_code, response.content, response.headers)
        if isinstance(refusal, Unauthenticated):
            refusal = refusal.of("login")
            # Told again later, it tells no time.
            self._refusal = refusal.but(answer=replace(refusal.answer, date=""))
        if refusal and not (isinstance(refusal, Unavailable | Throttled) and self._now() < self._expiry):
            raise refusal
        if refusal:
            # The old token is still good: ask again a little later.
            self._renewal = self._now() + _PAUSE
            return
        try:
            answer = _LoggedIn.model_validate_json(response.content)
            token = response.headers["X-Subject-Token"]
        except (ValidationError, KeyError):
            raise _unreadable(response) from None
        self._token, self._expiry = token, answer.token.expires_at
        self._renewal = self._expiry - _MARGIN
        self.secrets.add(token)


def _unreadable(response: httpx.Response) -> CloudError:
    return Unreadable("CreateToken", Answer(response.status_code, message="IAM did not answer as documented"))


class _ProjectQuery(Wire):
    name: str


class _ProjectFact(Wire):
    id: str
    name: str


class _Projects(Wire):
    projects: list[_ProjectFact]


_LIST = Operation("ListProjects", "GET", "/v3/projects", _Projects, query=_ProjectQuery)


class Project:
    """Knows the id of a project; looks it up at IAM by its name, once, when it is first needed."""

    def __init__(self, iam: Client, name: str, id: str = "") -> None:
        self._iam, self._name, self._id = iam, name, id
        self._turn = asyncio.Lock()

    async def ids(self) -> dict[str, str]:
        """Return what every path of ModelArts needs."""
        async with self._turn:
            self._id = self._id or await self._look_up()
        return {"project_id": self._id}

    async def _look_up(self) -> str:
        answer = await self._iam(_LIST, query=_ProjectQuery(name=self._name))
        found = [project.id for project in answer.projects if project.name == self._name]
        if len(found) == 1:
            return found[0]
        count = f"there are {len(found)} projects" if found else "there is no project"
        message = f"{count} named {self._name!r}: set mlworkbench:modelartsProjectId"
        raise InvalidRequest(_LIST.name, Answer(status=200, message=message))
