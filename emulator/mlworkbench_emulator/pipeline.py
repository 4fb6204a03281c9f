"""Take every vendor request on its way: match, verify, fault, carry out, record. Knows the order; no vendor's rules.

Below it all is a net: an error that no service foresaw is answered, told on stderr and recorded like any other call.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.types import Receive, Scope, Send

from .exchange import Answer, Call, Operation, Refusal, Service, find_operation
from .faults import Fault, Faults
from .fields import FieldError
from .journal import Entry, Journal, recorded_body, recorded_query
from .mishaps import report
from .world import World

__all__ = ["DROP_CONNECTION", "ConnectionDropped", "Pipeline"]

DROP_CONNECTION = "mlworkbench.drop-connection"
"""The ASGI extension through which the emulator's server lets a connection be cut."""


WITHOUT_BODY = (204, 304)
"""HTTP gives these answers no body, whatever a fault asks for."""


class ConnectionDropped(ConnectionError):
    """A fault dropped the connection of a call made in process, where there is no connection to cut."""


@dataclass
class _Way:
    """A call on its way: whom it is for, what it asks (None: nothing that is there), and what is known of it so far."""

    service: Service
    operation: Operation | None
    call: Call

    @property
    def name(self) -> str:
        return "" if self.operation is None else self.operation.name


@dataclass(frozen=True)
class _Written:
    """An answer as bytes."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Pipeline:
    """The ASGI application of the vendors' APIs. Each prefix has its services; the first speaks for unknown paths."""

    def __init__(
        self, world: World, services: Sequence[tuple[str, Sequence[Service]]], faults: Faults, journal: Journal
    ) -> None:
        self._world = world
        self._services = services
        self._faults = faults
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        written = await self._answer(await _read(scope, receive))
        if written is None:
            await _drop(scope, receive)
            return
        await send({"type": "http.response.start", "status": written.status, "headers": written.headers})
        await send({"type": "http.response.body", "body": written.body})

    async def _answer(self, call: Call) -> _Written | None:
        """Answer a call, whatever happens to it; None when its connection is to be dropped."""
        with self._world.lock:
            number = self._journal.next_number()
        way = self._match(call)
        try:
            answer = await self._taken(way)
            written = None if answer is None else self._written(answer)
        except Exception as error:
            answer = _broken(way, error)
            written = self._written(answer)
        self._record(number, way, answer)
        return written

    async def _taken(self, way: _Way) -> Answer | None:
        service, operation = way.service, way.operation
        if operation is None:
            return service.finish(service.refuse(service.unknown(way.call), way.call), way.call)
        try:
            with self._world.lock:
                way.call = replace(way.call, caller=service.authenticate(way.call, operation))
                fault = self._faults.take(operation.name)
        except Refusal as refusal:
            return service.finish(service.refuse(refusal, way.call), way.call)
        return await self._carried_out(service, operation, way.call, fault)

    async def _carried_out(
        self, service: Service, operation: Operation, call: Call, fault: Fault | None
    ) -> Answer | None:
        if fault is not None and fault.delay_seconds and not fault.after_commit:
            await asyncio.sleep(fault.delay_seconds)
        if fault is not None and fault.replaces_answer and not fault.after_commit:
            return _faulty(service, call, fault)
        answer = self._carry_out(service, operation, call)
        if fault is not None and fault.after_commit:
            await asyncio.sleep(fault.delay_seconds)
            return _faulty(service, call, fault) if fault.replaces_answer else answer
        return answer

    def _carry_out(self, service: Service, operation: Operation, call: Call) -> Answer:
        with self._world.lock:
            try:
                answer = operation.carry_out(call)
            except FieldError as error:
                answer = service.refuse(service.refuse_field(error), call)
            except Refusal as refusal:
                answer = service.refuse(refusal, call)
        return service.finish(answer, call)

    def _match(self, call: Call) -> _Way:
        services = next(services for prefix, services in self._services if call.raw_path.startswith(prefix))
        for service in services:
            found = find_operation(service, call)
            if found is not None:
                operation, values = found
                return _Way(service, operation, replace(call, path_values=values))
        return _Way(services[0], None, call)

    def _written(self, answer: Answer) -> _Written:
        """Turn an answer into bytes: what cannot be written is found out here, while it can still be replaced."""
        body = b"" if answer.status in WITHOUT_BODY else answer.body()
        headers = {
            "content-type": "application/json; charset=utf-8",
            **_dated(answer, self._world.clock.real()).headers,
            "content-length": str(len(body)),
        }
        # However a name is spelt, it is one header, and the last word on it counts.
        once = {name.lower(): value for name, value in headers.items()}
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in once.items()]
        return _Written(answer.status, pairs, body)

    def _record(self, number: int, way: _Way, answer: Answer | None) -> None:
        call = way.call
        status, code = (0, "ConnectionDropped") if answer is None else (answer.status, answer.code)
        entry = Entry(
            number=number,
            service=way.service.name,
            operation=way.name,
            method=call.method,
            path=call.path,
            query=recorded_query(call),
            body=recorded_body(call),
            status=status,
            code=code,
            credential=call.caller.credential,
        )
        with self._world.lock:
            self._journal.add(entry)


def _faulty(service: Service, call: Call, fault: Fault) -> Answer | None:
    if fault.drop_connection or fault.status is None:
        return None
    answer = service.finish(service.refuse(Refusal(fault.status, fault.code, fault.message), call), call)
    raw = answer.raw if fault.raw_body is None else fault.raw_body.encode()
    headers = {**answer.headers, **({"content-type": "text/plain"} if fault.raw_body is not None else {})}
    return replace(answer, status=fault.status, raw=raw, headers={**headers, **fault.headers})


def _broken(way: _Way, error: Exception) -> Answer:
    report(way.name or f"{way.call.method} {way.call.path}", error)
    refusal = way.service.broken()
    # Even a service that was set to report its own failures with HTTP 200 could not foresee this one.
    answer = replace(way.service.refuse(refusal, way.call), status=refusal.status)
    return way.service.finish(answer, way.call)


async def _read(scope: Scope, receive: Receive) -> Call:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return Call(
        method=scope["method"],
        raw_path=raw_path.decode("latin-1"),
        raw_query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]],
        body=body,
        scheme=scope["scheme"],
        request_id=str(uuid.uuid4()).upper(),
    )


def _dated(answer: Answer, at: float) -> Answer:
    """Date an answer by the time that signatures are judged by, unless a fault has dated it."""
    if any(name.lower() == "date" for name in answer.headers):
        return answer
    date = format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)
    return replace(answer, headers={**answer.headers, "date": date})


async def _drop(scope: Scope, receive: Receive) -> None:
    drop = scope.get("extensions", {}).get(DROP_CONNECTION)
    if drop is None:
        raise ConnectionDropped("a fault dropped the connection before any answer")
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass
