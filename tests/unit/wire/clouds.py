"""Stand in for a cloud on the other side of httpx. Knows HTTP; nothing of the provider's own code but its types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from mlworkbench.wire.client import Client, Service
from mlworkbench.wire.errors import NotFound, Throttled
from mlworkbench.wire.operation import Dialect, Operation, Sign, Wire
from mlworkbench.wire.retry import Retry

ENDPOINT = "https://cloud.example.com"


class Thing(Wire):
    """What the cloud answers."""

    id: str
    size: int = 0


class Wish(Wire):
    """What the cloud is sent."""

    name: str | None = None
    big: bool | None = None


GET = Operation("GetThing", "GET", "/v1/things/{id}", Thing, query=Wish)
MAKE = Operation("MakeThing", "POST", "/v1/things", Thing, body=Wish)
DROP = Operation("DropThing", "DELETE", "/v1/things/{id}", Wire)

DIALECT = Dialect(
    codes=("code",),
    messages=("message",),
    request_ids=("id",),
    request_id_header="x-id",
    signs=(Sign(Throttled, status=429), Sign(NotFound, code="Gone")),
    waits={"retry-after": 1.0, "x-acs-retry-after": 0.001},
    refused=lambda body: body.get("ok") is False,
)
SERVICE = Service("things", DIALECT, headers=lambda operation: {"x-acs-action": operation})

Turn = httpx.Response | Exception
Answerer = Callable[[httpx.Request], Turn]


def ok(**fields: Any) -> httpx.Response:
    return httpx.Response(200, json={"id": "t-1", **fields})


def no(status: int, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
    return httpx.Response(status, json=fields, headers=headers)


@dataclass
class Cloud:
    """Answers one turn after the other; the last one for ever. Keeps what it was asked, and how long was waited."""

    turns: Iterable[Turn | Answerer]
    asked: list[httpx.Request] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = list(self.turns)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        turn = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if callable(turn) and not isinstance(turn, httpx.Response):
            turn = turn(request)
        if isinstance(turn, Exception):
            raise turn
        return httpx.Response(turn.status_code, headers=turn.headers, content=turn.content)

    def connect(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def client(self, *, auth: httpx.Auth | None = None, tries: int = 4, **facts: Any) -> Client:
        retry = Retry(tries=tries, chance=lambda: 1.0, sleep=self.wait)
        given = {"service": SERVICE, "endpoint": ENDPOINT, **facts}
        return Client(http=self.connect(), auth=auth or httpx.Auth(), retry=retry, **given)
