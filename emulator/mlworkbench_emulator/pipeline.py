"""Take every vendor request on its way: match, verify, fault, carry out, record. Knows the order; no vendor's rules."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.types import Receive, Scope, Send

from .exchange import Answer, Call, Operation, Refusal, Service, find_operation
from .faults import Fault, Faults
from .fields import FieldError
from .journal import Entry, Journal, recorded_body, recorded_query
from .world import World

__all__ = ["DROP_CONNECTION", "ConnectionDropped", "Pipeline"]

DROP_CONNECTION = "mlworkbench.drop-connection"
"""The ASGI extension through which the emulator's server lets a connection be cut."""


class ConnectionDropped(ConnectionError):
    """A fault dropped the connection of a call made in process, where there is no connection to cut."""


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
        call = await _read(scope, receive)
        answer = await self._answer(call)
        if answer is None:
            await _drop(scope, receive)
            return
        await _write(_dated(answer, self._world.clock.real()), send)

    async def _answer(self, call: Call) -> Answer | None:
        """Answer a call; None when its connection is to be dropped."""
        with self._world.lock:
            number = self._journal.next_number()
        service, operation, call = self._match(call)
        if operation is None:
            answer: Answer | None = service.finish(service.refuse(service.unknown(call), call), call)
            self._record(number, service, "", call, answer)
            return answer
        try:
            with self._world.lock:
                call = replace(call, caller=service.authenticate(call, operation))
                fault = self._faults.take(operation.name)
        except Refusal as refusal:
            answer = service.finish(service.refuse(refusal, call), call)
        else:
            answer = await self._carried_out(service, operation, call, fault)
        self._record(number, service, operation.name, call, answer)
        return answer

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

    def _match(self, call: Call) -> tuple[Service, Operation | None, Call]:
        services = next(services for prefix, services in self._services if call.raw_path.startswith(prefix))
        for service in services:
            found = find_operation(service, call)
            if found is not None:
                operation, values = found
                return service, operation, replace(call, path_values=values)
        return services[0], None, call

    def _record(self, number: int, service: Service, operation: str, call: Call, answer: Answer | None) -> None:
        status, code = (0, "ConnectionDropped") if answer is None else (answer.status, answer.code)
        entry = Entry(
            number=number,
            service=service.name,
            operation=operation,
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


async def _write(answer: Answer, send: Send) -> None:
    body = answer.body()
    headers = {"content-type": "application/json; charset=utf-8", **answer.headers, "content-length": str(len(body))}
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def _drop(scope: Scope, receive: Receive) -> None:
    drop = scope.get("extensions", {}).get(DROP_CONNECTION)
    if drop is None:
        raise ConnectionDropped("a fault dropped the connection before any answer")
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass
