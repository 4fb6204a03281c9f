"""Hold faults that were asked for. Knows which call they hit and what they do to it; not how an answer is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from .fields import Field, flag, mapping_of, number, text, whole

__all__ = ["ANY_OPERATION", "FAULT_FIELDS", "Fault", "Faults"]

ANY_OPERATION = "*"
LONGEST_DELAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next `times` calls of an operation, after the first `skip` of them.

    Only well-signed calls are hit. With `after_commit` the call takes effect and only its answer is lost. Without
    `status` and `drop_connection` the call is merely delayed.
    """

    operation: str
    status: int | None = None
    code: str = ""
    message: str = ""
    delay_seconds: float = 0
    after_commit: bool = False
    drop_connection: bool = False
    raw_body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    skip: int = 0

    @property
    def replaces_answer(self) -> bool:
        return self.drop_connection or self.status is not None


def _headers(value: object) -> object:
    """Check for headers that HTTP can carry."""
    headers = mapping_of(text(pattern=r"[\t -~\xa0-\xff]*"))(value)
    accept_name = text(pattern=r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
    for name in headers if isinstance(headers, dict) else ():
        accept_name(name)
    return headers


FAULT_FIELDS = [
    Field("operation", text(shortest=1), required=True),
    Field("status", whole(200, 599)),
    Field("code", text()),
    Field("message", text()),
    Field("delay_seconds", number(0, LONGEST_DELAY_SECONDS)),
    Field("after_commit", flag),
    Field("drop_connection", flag),
    Field("raw_body", text()),
    Field("headers", _headers),
    Field("times", whole(1)),
    Field("skip", whole(0)),
]


class Faults:
    """The faults still to come, first asked first served."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._coming.append(fault)
        return fault

    def take(self, operation: str) -> Fault | None:
        """Use up one fault for a call of an operation, if one is due."""
        for place, fault in enumerate(self._coming):
            if fault.operation not in (operation, ANY_OPERATION):
                continue
            if fault.skip > 0:
                self._coming[place] = replace(fault, skip=fault.skip - 1)
                continue
            if fault.times <= 1:
                del self._coming[place]
            else:
                self._coming[place] = replace(fault, times=fault.times - 1)
            return fault
        return None

    def clear(self) -> None:
        self._coming.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._coming))

    def __len__(self) -> int:
        return len(self._coming)
