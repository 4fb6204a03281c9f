"""List TensorBoards as PAI does: filters, order, pages. Knows the documented defaults that hide things; no states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ..clock import iso_seconds
from ..exchange import Caller
from ..fields import FieldError, Query
from ..store import Record
from .shapes import ACCESSIBILITIES, payment_type

__all__ = ["listed"]

DEFAULT_DAYS = 7
DEFAULT_PAGE_SIZE = 10
LARGEST_PAGE_SIZE = 100
LARGEST_PAGE_NUMBER = 1000

STATUSES = ("Creating", "Running", "Stopped", "Succeeded", "Failed")
_EQUAL = ("QuotaId", "WorkspaceId", "TensorboardId", "JobId", "SourceType", "SourceId", "UserId", "Username")


def listed(records: Sequence[Record], query: Query, caller: Caller, now: float) -> tuple[list[Record], int]:
    """Give one page of the records that match, and how many match in all."""
    matching = _filtered(records, query, caller, now)
    sort_by = query.text("SortBy", choices=("DisplayName", "GmtCreateTime")) or "GmtCreateTime"
    order = query.text("Order", choices=("asc", "desc")) or "desc"
    # Times have whole seconds: the number keeps the order of those made within one.
    matching.sort(key=lambda record: (str(record.facts[sort_by]), record.number), reverse=order == "desc")
    size = query.whole("PageSize", 1, LARGEST_PAGE_SIZE) or DEFAULT_PAGE_SIZE
    first = ((query.whole("PageNumber", 1, LARGEST_PAGE_NUMBER) or 1) - 1) * size
    return matching[first : first + size], len(matching)


def _filtered(records: Sequence[Record], query: Query, caller: Caller, now: float) -> list[Record]:
    start = _time(query, "StartTime", now - DEFAULT_DAYS * 86400)
    end = _time(query, "EndTime", now)
    wanted = {name: query.text(name) for name in _EQUAL}
    wanted["Status"] = query.text("Status", choices=STATUSES)
    wanted["Accessibility"] = query.text("Accessibility", choices=ACCESSIBILITIES)
    own_only = query.flag("ShowOwn") is not False
    payment = query.text("PaymentType", choices=("Free", "Postpaid"))
    # Whether the name is compared in part or in full is not documented: a part is what a client has to cope with.
    name_part = query.text("DisplayName") or ""
    query.flag("Verbose")
    return [
        record
        for record in records
        if (not own_only or record.facts["UserId"] == caller.user_id)
        and start <= str(record.facts["GmtCreateTime"]) <= end
        and all(value is None or record.facts[name] == value for name, value in wanted.items())
        and payment in (None, payment_type(record))
        and name_part in str(record.facts["DisplayName"])
    ]


def _time(query: Query, name: str, default: float) -> str:
    value = query.text(name)
    if value is None:
        return iso_seconds(default)
    try:
        return iso_seconds(datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise FieldError(f"{name} must be a time like 2020-11-08T16:00:00Z") from None
