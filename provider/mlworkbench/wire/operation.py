"""Know how a vendor's API is written down: shapes, operations, and how a service spells its errors. Make no call."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import quote
from xml.etree import ElementTree

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_pascal

from .errors import Answer, CloudError, InvalidRequest, PermissionDenied, Unauthenticated, Unavailable, WrongEndpoint

__all__ = [
    "BY_STATUS",
    "Dialect",
    "Fraction",
    "Nothing",
    "Number",
    "Operation",
    "PascalWire",
    "Sign",
    "Wire",
    "encode_query",
]

A = TypeVar("A", bound=BaseModel)

# The clouds answer the same number bare, quoted, null or as an empty text.
_BLANK_IS_NONE = BeforeValidator(lambda value: None if value == "" else value)
Number = Annotated[int | None, _BLANK_IS_NONE]
Fraction = Annotated[float | None, _BLANK_IS_NONE]


class Wire(BaseModel):
    """A JSON shape of a vendor. Fields are named as the vendor names them; what is not declared is ignored."""

    model_config = ConfigDict(
        validate_by_name=True,
        validate_by_alias=True,
        from_attributes=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        use_enum_values=True,
    )

    def tree(self) -> dict[str, Any]:
        """Return the shape as the vendor spells it, without what is absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class PascalWire(Wire):
    """A JSON shape of a vendor that writes PascalCase."""

    model_config = ConfigDict(alias_generator=to_pascal)


class Nothing(Wire):
    """An answer that tells nothing but success."""


@dataclass(frozen=True)
class Operation(Generic[A]):
    """One call of a vendor's API, as its reference page states it.

    `path` holds `{names}` for the ids. `body` and `query` are the shapes that it takes. `repeatable`: making the call
    twice does no more than making it once, so it may be made again when its outcome is unknown.
    """

    name: str
    verb: str
    path: str
    answer: type[A]
    body: type[Wire] | None = None
    query: type[Wire] | None = None

    @property
    def repeatable(self) -> bool:
        """Tell whether the call may be made again when its outcome is unknown."""
        return self.verb in ("GET", "PUT", "DELETE")

    def url(self, ids: Mapping[str, str]) -> str:
        """Return the path with the ids in it, percent-encoded."""
        return self.path.format_map({name: _segment(value) for name, value in ids.items()})


def _segment(value: str) -> str:
    """Encode an id as one segment of a path; one or two dots alone would lead to another path."""
    return value.replace(".", "%2E") if value in (".", "..") else quote(value, safe="")


def encode_query(values: Mapping[str, Any]) -> str:
    """Encode query arguments by RFC 3986: a space is %20, a truth value is lower-case."""
    return "&".join(f"{quote(name, safe='')}={quote(_text(value), safe='')}" for name, value in values.items())


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Sign:
    """What an error means: the first sign that fits decides. `code`, `message` and `call` are patterns, None is any
    status.

    `call` is the operation that was tried: one code may mean one thing in one and another in the next. `traced`: only
    an answer with a request id counts, for any gateway on the way may say the same.
    """

    kind: type[CloudError]
    code: str = "*"
    status: int | None = None
    message: str = "*"
    traced: bool = False
    call: str = "*"

    def fits(self, answer: Answer, attempt: str = "") -> bool:
        """Tell whether an answer carries this sign; if it is not said to which call, it may be any."""
        return (
            not (attempt and not fnmatchcase(attempt, self.call))
            and self.status in (None, answer.status)
            and not (self.traced and not answer.request_id)
            and fnmatchcase(answer.code.casefold(), self.code.casefold())
            and fnmatchcase(answer.message.casefold(), self.message.casefold())
        )


_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")

# What the statuses mean when the code says nothing. No 404 here: absence needs the vendor's own sign.
BY_STATUS = (
    Sign(Unauthenticated, status=401),
    Sign(PermissionDenied, status=403),
    Sign(WrongEndpoint, status=404),
)


@dataclass(frozen=True)
class Dialect:
    """How a service spells its errors: the names of the fields, the request-id header, and what its codes mean.

    `waits` names the headers that tell how long to wait, with the seconds that one unit of theirs lasts. `refused`
    tells from a body whether a call failed although the HTTP status says success.
    """

    codes: tuple[str, ...]
    messages: tuple[str, ...]
    request_ids: tuple[str, ...]
    request_id_header: str
    signs: tuple[Sign, ...]
    waits: Mapping[str, float]
    refused: Callable[[Mapping[str, Any]], bool] = field(default=lambda body: False)

    def error(self, attempt: str, status: int, body: bytes, headers: Mapping[str, str]) -> CloudError | None:
        """Return what an answer says went wrong, or None if it is a success."""
        told = _object(body)
        if 200 <= status < 300 and not self.refused(told):
            return None
        answer = Answer(
            status=status,
            code=_first(told, self.codes),
            message=self._message(told) or ("" if self._is_form(told) else _snippet(body)),
            request_id=_first(told, self.request_ids) or headers.get(self.request_id_header, ""),
            retry_after=self._wait(headers),
            date=headers.get("date", ""),
        )
        return self.kind(answer, attempt)(attempt, answer)

    def _message(self, told: Mapping[str, Any]) -> str:
        return _first(told, self.messages).strip()

    def _is_form(self, told: Mapping[str, Any]) -> bool:
        """Tell whether an answer is an error as the vendor writes them; what is not is best shown as it came."""
        return any(name in told for name in (*self.messages, *self.codes))

    def _wait(self, headers: Mapping[str, str]) -> float | None:
        told = ((headers.get(name, ""), unit) for name, unit in self.waits.items())
        return next((float(text) * unit for text, unit in told if _WHOLE_NUMBER.fullmatch(text.strip())), None)

    def kind(self, answer: Answer, attempt: str = "") -> type[CloudError]:
        """Classify an answer that is an error: by the vendor's code first, then by its HTTP status."""
        for sign in (*self.signs, *BY_STATUS):
            if sign.fits(answer, attempt):
                return sign.kind
        status = answer.status or 0
        if 300 <= status < 400:
            return WrongEndpoint
        return Unavailable if status >= 500 else InvalidRequest


def _object(body: bytes) -> dict[str, Any]:
    """Read the fields of an error: of JSON, of XML, or of an object that is wrapped in another one."""
    try:
        told = json.loads(body or b"null")
    except (ValueError, RecursionError):
        return _xml(body)
    if not isinstance(told, dict):
        return {}
    inner = told.get("error")
    return inner if isinstance(inner, dict) else told


def _xml(body: bytes) -> dict[str, Any]:
    if not body.lstrip().startswith(b"<"):
        return {}
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return {}
    fault = root if _tag(root) == "error" else next((child for child in root if _tag(child) == "error"), None)
    # What stands around an error, such as the request id, is told of it.
    around = () if fault is root else root
    return {} if fault is None else {**_leaves(around), **_leaves(fault)}


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].casefold()


def _leaves(elements: Iterable[ElementTree.Element]) -> dict[str, str]:
    return {child.tag.rpartition("}")[2]: child.text or "" for child in elements if len(child) == 0}


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(told[name]) for name in names if told.get(name)), "")


def _snippet(body: bytes) -> str:
    # As it came, blanks and all: whoever takes secrets out of it must find them.
    return body.decode("utf-8", "replace")
