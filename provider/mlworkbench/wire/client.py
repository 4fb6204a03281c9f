"""Know how one call is made: build, sign, send, read the answer, try again. Know no service and no resource."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from .clock import ServerClock
from .errors import Answer, CloudError, Unauthenticated, Unreachable, Unreadable, Untrusted, WrongClock
from .gate import Gate
from .operation import Dialect, Operation, Wire, encode_query
from .pauses import NotWanted, rest
from .proxies import Sparing, proxies
from .redaction import redacted
from .retry import Retry

__all__ = ["Client", "Service", "connect"]

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True)
class Service:
    """A vendor's service: how it spells errors and which headers its calls carry.

    `headers` are those that an operation's name decides, `id_headers` those that repeat an id of the path. `cloud`
    tells apart the clouds that offer the same service with small differences.
    """

    name: str
    dialect: Dialect
    headers: Callable[[str], Mapping[str, str]] = field(default=lambda operation: {})
    id_headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    bodiless_content_type: str | None = None
    cloud: str = ""


def connect(*, timeout_seconds: float, verify: object, user_agent: str, proxy: str = "") -> httpx.AsyncClient:
    """Open the pool of connections that all clients share. Without a proxy, that of the environment is used.

    Calls to this machine never go through a proxy.
    """
    trusted: Any = verify  # an SSLContext or True: httpx's own union is not exported
    direct = httpx.AsyncHTTPTransport(verify=trusted)
    ways = {
        pattern: Sparing(httpx.AsyncHTTPTransport(verify=trusted, proxy=address), direct)
        for pattern, address in proxies(proxy).items()
    }
    return httpx.AsyncClient(
        proxy=proxy or None,
        # The same patterns as those of httpx's own, which these replace; its exceptions (NO_PROXY) stay.
        mounts=ways,
        timeout=timeout_seconds,
        verify=trusted,
        headers={"User-Agent": user_agent, "Accept": "application/json"},
    )


# Some refusals repeat the whole request.
_LONGEST_MESSAGE = 400
_LONGEST_CODE = 100
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.LocalProtocolError,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def _no_headers(record: logging.LogRecord) -> bool:
    # At its most talkative httpcore writes the headers of answers, an IAM token among them.
    return record.levelno >= logging.INFO


# A level could be set back by anybody who wants to see more.
for _name in ("connection", "http11", "http2", "proxy", "socks"):
    logging.getLogger(f"httpcore.{_name}").addFilter(_no_headers)


def _silence(error: httpx.RequestError) -> Answer:
    reason = str(error) or type(error).__name__
    return Answer(message=f"no answer from {error.request.url.netloc.decode()} ({reason})")


def _distrust(error: httpx.RequestError) -> Answer | None:
    """Return why TLS failed, if it did because of a certificate."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return None
    host = error.request.url.netloc.decode()
    return Answer(message=f"TLS failed: the certificate of {host} was refused ({cause.verify_message})")


async def _no_ids() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class _Call:
    """What is sent; signed anew each time."""

    verb: str
    url: httpx.URL
    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Client:
    """Calls one service as one user.

    `secrets` are what must never be told; it may grow. `ids` yields what every path needs, such as a project id;
    `defaults` are values that the user configured for all resources, such as a workspace.
    """

    http: httpx.AsyncClient
    service: Service
    endpoint: str
    auth: httpx.Auth = field(repr=False)
    secrets: Iterable[str] = field(default=(), repr=False)
    ids: Callable[[], Awaitable[Mapping[str, str]]] = _no_ids
    defaults: Mapping[str, str] = field(default_factory=dict)
    retry: Retry = Retry()
    clock: ServerClock = field(default_factory=ServerClock)
    gate: Gate = field(default_factory=Gate)

    async def __call__(
        self,
        operation: Operation[A],
        ids: Mapping[str, str] | None = None,
        *,
        body: Wire | None = None,
        query: Wire | None = None,
    ) -> A:
        """Make a call and return its answer. Raises a CloudError if it fails."""
        call = await self._prepared(operation, ids or {}, body, query)
        tried = 0
        while True:
            tried += 1
            try:
                async with self.gate.passage(operation.name, self.secrets):
                    # Others may have held the gate for long: is the call still wanted?
                    await rest()
                    return await self._once(operation, call)
            except CloudError as error:
                delay = self.retry.delay(error, tried, repeatable=operation.repeatable)
                if delay is None or not await self._waited(delay):
                    raise

    async def _waited(self, delay: float) -> bool:
        """Wait before another try; answers False if there shall be none."""
        try:
            await self.retry.sleep(delay)
        except NotWanted:
            return False
        return True

    async def _prepared(
        self, operation: Operation[A], ids: Mapping[str, str], body: Wire | None, query: Wire | None
    ) -> _Call:
        try:
            known = {**await self.ids(), **ids}
        except CloudError as error:
            # Finding out where to send the call failed: the call itself has not been made.
            raise error.but(sent=False) from None
        arguments = encode_query(query.tree()) if query else ""
        url = self.endpoint.rstrip("/") + operation.url(known)
        content = json.dumps(body.tree(), ensure_ascii=False).encode() if body else b""
        content_type = self.service.content_type if content else self.service.bodiless_content_type
        repeated = {header: known[name] for name, header in self.service.id_headers.items() if name in known}
        typed = {"Content-Type": content_type} if content_type else {}
        headers = {**self.service.headers(operation.name), **repeated, **typed}
        return _Call(operation.verb, httpx.URL(f"{url}?{arguments}" if arguments else url), content, headers)

    async def _once(self, operation: Operation[A], call: _Call) -> A:
        response = await self._send(operation.name, call)
        self.clock.observe(response.headers)
        error = self.service.dialect.error(operation.name, response.status_code, response.content, response.headers)
        if isinstance(error, Unauthenticated):
            error = error.of(getattr(self.auth, "shown", "keys"))
        if error:
            raise self._clarified(error)
        try:
            return operation.answer.model_validate_json(response.content or b"{}")
        except ValidationError as invalid:
            raise Unreadable(operation.name, self._clean(self._unreadable(response, invalid))) from None

    async def _send(self, attempt: str, call: _Call) -> httpx.Response:
        request = self.http.build_request(call.verb, call.url, content=call.content, headers=call.headers)
        try:
            return await self.http.send(request, auth=self.auth)
        except CloudError as refused_login:
            raise self._clarified(refused_login.but(sent=False)) from None
        except httpx.DecodingError as error:
            raise Unreadable(attempt, self._clean(_silence(error))) from None
        except httpx.RequestError as error:
            if distrust := _distrust(error):
                raise Untrusted(attempt, distrust, sent=False) from None
            # A call that logs in goes before the call itself, which then has not been made.
            sent = error.request.url == call.url and not isinstance(error, _NEVER_SENT)
            raise Unreachable(attempt, self._clean(_silence(error)), sent=sent) from None

    def _unreadable(self, response: httpx.Response, invalid: ValidationError) -> Answer:
        where = "; ".join(
            ".".join(map(str, error["loc"])) + f" {error['msg']}" for error in invalid.errors(include_url=False)[:3]
        )
        return Answer(
            status=response.status_code,
            message=f"the answer does not read as documented: {where}",
            request_id=response.headers.get(self.service.dialect.request_id_header, ""),
        )

    def _clarified(self, error: CloudError) -> CloudError:
        """Take the secrets out of what the cloud said, and name a wrong clock as such."""
        clean = self._clean(error.answer)
        if not isinstance(error, Unauthenticated | WrongClock):
            return error.but(answer=clean)
        # A call that logs in has answers of its own.
        self.clock.observe({"date": error.answer.date})
        if not self.clock.is_off:
            return error.but(answer=clean)
        told = replace(clean, message=f"{clean.message} ({self.clock.describe()})")
        if isinstance(error, Unauthenticated) and error.shown != "keys":
            # Neither a password nor a token is refused for the time.
            return error.but(answer=told)
        return WrongClock(error.attempt, told, sent=error.sent)

    def _clean(self, answer: Answer) -> Answer:
        """Take secrets and control characters out of an answer that may repeat what was sent, and cut it."""
        return replace(
            answer,
            code=self._scrubbed(answer.code, _LONGEST_CODE),
            message=" ".join(self._scrubbed(answer.message, _LONGEST_MESSAGE).split()),
            request_id=self._scrubbed(answer.request_id, _LONGEST_CODE),
        )

    def _scrubbed(self, text: str, longest: int) -> str:
        # Only then may anything else be done to the text: what is altered is no longer found.
        clean = redacted(text, self.secrets)
        printable = "".join(character if character.isprintable() else " " for character in clean)
        return printable if len(printable) <= longest else f"{printable[:longest]}…"
