"""List images and image groups as ModelArts does: filters, order, envelope. Knows the defaults that hide things."""

from __future__ import annotations

from collections.abc import Sequence

from ..exchange import Refusal
from ..fields import Query
from ..store import Facts, Record
from .image_shapes import groups, shown

__all__ = ["group_page", "image_page"]

DEFAULT_LIMIT = 200
DEFAULT_TYPE = "BUILD_IN"
DEFAULT_WORKSPACE = "0"

TYPES = ("BUILD_IN", "DEDICATED")
SERVICE_TYPES = ("COMMON", "INFERENCE", "TRAIN", "DEV", "UNKNOWN")
SORT_KEYS = {"createTime": "create_at", "updateTime": "update_at", "name": "name", "tag": "tag", "size": "size"}


def image_page(records: Sequence[Record], query: Query) -> Facts:
    """Give one page of images: preset ones, unless the query asks for the registered."""
    wanted_type = query.text("type", choices=TYPES) or DEFAULT_TYPE
    wanted_service = query.text("service_type", choices=SERVICE_TYPES)
    found = [
        record
        for record in _matching(records, query)
        if record.facts["type"] == wanted_type and wanted_service in (None, record.facts["service_type"])
    ]
    _sort(found, query)
    return _envelope([shown(record) for record in found], query)


def group_page(records: Sequence[Record], query: Query) -> Facts:
    """Give one page of groups, preset and registered ones alike unless the query names a type."""
    wanted_type = query.text("type", choices=TYPES)
    found = [record for record in _matching(records, query) if wanted_type in (None, record.facts["type"])]
    return _envelope(groups(found), query)


def _matching(records: Sequence[Record], query: Query) -> list[Record]:
    name = query.text("name", longest=512, pattern=r"[a-z0-9._-]*")
    exact = query.flag("name_fuzzy_match") is False
    namespace = query.text("namespace", longest=64)
    workspace = query.text("workspace_id", pattern=r"0|[0-9a-z]{32}") or DEFAULT_WORKSPACE
    return [
        record
        for record in records
        if _name_matches(str(record.facts["name"]), name, exact=exact)
        and namespace in (None, record.facts["namespace"])
        and record.facts["workspace_id"] == workspace
    ]


def _name_matches(name: str, wanted: str | None, *, exact: bool) -> bool:
    if wanted is None:
        return True
    return name == wanted if exact else wanted in name


def _sort(records: list[Record], query: Query) -> None:
    keys = (query.text("sort_key", longest=128) or "createTime").split(",")
    for key in keys:
        if key not in SORT_KEYS:
            raise Refusal(400, "ModelArts.6303", f"The field {key} does not support sorting.")
    descending = query.text("sort_dir", choices=("ASC", "DESC")) != "ASC"
    records.sort(key=lambda record: record.number, reverse=descending)
    # Each sort keeps the order of the one before, so the first key is sorted by last.
    for key in reversed(keys):
        records.sort(key=lambda record, name=SORT_KEYS[key]: _rank(record.facts[name]), reverse=descending)  # type: ignore[misc]


def _rank(value: object) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, str(value))


def _envelope(items: Sequence[Facts], query: Query) -> Facts:
    limit = query.whole("limit", 1) or DEFAULT_LIMIT
    offset = query.whole("offset", 0) or 0
    page = list(items[offset : offset + limit])
    return {
        "current": offset // limit + 1,
        "data": page,
        "pages": -(-len(items) // limit),
        "size": len(page),
        "total": len(items),
    }
