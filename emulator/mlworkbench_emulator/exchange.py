"""Describe a request, its answer, and the operations that connect them. Knows HTTP's parts; no vendor, no server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, unquote

from .fields import FieldError
from .strict_json import JsonError, read_json

__all__ = ["Answer", "Call", "Caller", "Operation", "Refusal", "Service", "find_operation"]


@dataclass(frozen=True)
class Caller:
    """Who made a request: the kind of credential that proved it, the user, and the owner of what the user makes."""

    credential: str
    user_id: str
    username: str
    owner: str
    default_workspace_id: str = "0"


NOBODY = Caller(credential="none", user_id="", username="", owner="")


@dataclass(frozen=True)
class Call:
    """A request as it came in. `path_values` and `caller` are known once it was matched and verified."""

    method: str
    raw_path: str
    raw_query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    scheme: str = "http"
    path_values: Mapping[str, str] = field(default_factory=dict)
    caller: Caller = NOBODY
    request_id: str = ""

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def query(self) -> list[tuple[str, str]]:
        """Give the query decoded: `+` and `%20` both mean a space."""
        return parse_qsl(self.raw_query, keep_blank_values=True)

    @property
    def host(self) -> str:
        return self.header("host") or "localhost"

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://{self.host}"

    def header(self, name: str) -> str | None:
        """Give a header's values, comma-joined when it came more than once; None when it did not come."""
        values = self.header_values(name)
        return ",".join(values) if values else None

    def header_values(self, name: str) -> list[str]:
        return [value.strip() for key, value in self.headers if key == name.lower()]

    def json(self) -> object:
        """Give the decoded body; None for an empty one. Raises JsonError when it is no JSON."""
        return read_json(self.body) if self.body.strip() else None

    def json_object(self) -> dict[str, object]:
        """Give the body of an operation, which must be a JSON object; an empty one when there is none."""
        try:
            body = self.json()
        except JsonError as error:
            raise FieldError(f"the body is no JSON: {error}") from None
        if body is None:
            return {}
        if not isinstance(body, dict):
            raise FieldError("the body must be a JSON object")
        return body


@dataclass(frozen=True)
class Answer:
    """What goes back: JSON from `content`, or `raw` bytes as they are."""

    status: int
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    code: str = ""

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps(self.content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class Refusal(Exception):
    """A vendor's no: HTTP status, the vendor's code and message. `gateway` when it never reached the service."""

    def __init__(self, status: int, code: str, message: str, *, gateway: bool = False) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.gateway = gateway


@dataclass(frozen=True)
class Operation:
    """One vendor operation: its documented name, its method and path, and what carries it out."""

    name: str
    method: str
    path: str
    carry_out: Callable[[Call], Answer]

    def match(self, method: str, raw_path: str) -> dict[str, str] | None:
        if method != self.method:
            return None
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, raw_path)
        return None if found is None else {name: unquote(value) for name, value in found.groupdict().items()}


class Service(Protocol):
    """One vendor API: its operations, how it knows its callers, and how it says no."""

    @property
    def name(self) -> str: ...

    @property
    def operations(self) -> Sequence[Operation]: ...

    def authenticate(self, call: Call, operation: Operation) -> Caller:
        """Verify the caller, or raise Refusal."""

    def refuse(self, refusal: Refusal, call: Call) -> Answer:
        """Write a refusal in the vendor's form."""

    def refuse_field(self, error: FieldError) -> Refusal:
        """Word a field that is not as documented."""

    def broken(self) -> Refusal:
        """Word an error of the service's own that no one foresaw."""

    def finish(self, answer: Answer, call: Call) -> Answer:
        """Add what every answer of the vendor carries."""

    def unknown(self, call: Call) -> Refusal:
        """Say how the vendor refuses a path that it does not have."""


def find_operation(service: Service, call: Call) -> tuple[Operation, dict[str, str]] | None:
    """Find the operation that a request asks for. The first match counts, so literal paths come before patterns."""
    for operation in service.operations:
        values = operation.match(call.method, call.raw_path)
        if values is not None:
            return operation, values
    return None
