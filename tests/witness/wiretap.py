"""Listen on the line between a client and an ASGI application. Knows requests and answers as bytes; no vendor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Asked", "Told", "Wiretap", "sink", "submit"]


@dataclass(frozen=True)
class Asked:
    """A request as it came over the line."""

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The arguments, decoded, by name: their order has no meaning."""
        return tuple(sorted(parse_qsl(self.raw_query, keep_blank_values=True)))

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def header(self) -> Mapping[str, str]:
        return dict(self.headers)


@dataclass(frozen=True)
class Told:
    """An answer as it went over the line."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def header(self) -> Mapping[str, str]:
        return dict(self.headers)


class Wiretap:
    """An application that hands everything on to another one and remembers it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.calls: list[tuple[Asked, Told]] = []

    @property
    def asked(self) -> list[Asked]:
        return [asked for asked, _ in self.calls]

    def last(self) -> tuple[Asked, Told]:
        return self.calls[-1]

    def clear(self) -> None:
        self.calls.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken: list[bytes] = []
        sent: list[Message] = []

        async def take() -> Message:
            message = await receive()
            taken.append(message.get("body", b""))
            return message

        async def give(message: Message) -> None:
            sent.append(message)
            if not message.get("more_body") and message["type"] == "http.response.body":
                self.calls.append((_asked(scope, b"".join(taken)), _told(sent)))
            await send(message)

        await self._app(scope, take, give)


def _asked(scope: Scope, body: bytes) -> Asked:
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return Asked(
        scope["method"],
        raw_path.decode("latin-1"),
        scope["query_string"].decode("latin-1"),
        tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body,
    )


def _told(sent: list[Message]) -> Told:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0].get("headers", ()))
    return Told(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


# What lets every client believe that it was answered.
_LISTS = b'"data": [], "total": 0, "jobs": [], "job_total_count": 0, "Tensorboards": [], "TotalCount": 0'
_YES = b'{"TensorboardId": "tb-1", "id": "image-1", "job_id": "1", ' + _LISTS + b"}"


async def sink(scope: Scope, receive: Receive, send: Send) -> None:
    """Take any request, say yes to it, and do nothing."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": _YES})


async def submit(app: ASGIApp, asked: Asked) -> Told:
    """Put a request on the line to an application byte by byte, as no client would let one."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.raw_path.encode("latin-1"),
        "root_path": "",
        "query_string": asked.raw_query.encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in asked.headers],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return _told(sent)
