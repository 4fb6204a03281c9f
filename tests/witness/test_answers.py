"""The emulator answers as the clouds do: the vendors' own clients read every answer into their models, nothing lost.

What differs all the same stands in one table with the reason (`losses`).
"""

from __future__ import annotations

from typing import Any

import pytest

from mlworkbench_emulator import Emulator

from .losses import LOST, UNANSWERED, Known, lost, unanswered
from .operations import OUT_OF_REACH, Documented, only_call_of
from .rows import Row, prepare
from .rows_images import OUT_OF_REACH_CALLS
from .table import ROWS
from .vendors import Refused, Vendors, mistyped, plain, refusal_of
from .wiretap import Told, Wiretap

READING = [row for row in ROWS if row.reads]
# One class of OTC's extensions stands for every request and every answer of a job: most of it is empty in each.
MODELLED = [row for row in READING if not (row.client == "otc" and "VisualizationJob" in row.operation)]

# Huawei's core makes the declared type of whatever comes: there a wrong one is lost.
BY_ALIBABA = [row for row in READING if row.client == "pai"]


def ids(rows: list[Row]) -> list[str]:
    return [row.id for row in rows]


def answered(row: Row, vendors: Vendors, tap: Wiretap) -> tuple[Told, Any]:
    """Make a row's call with the official client: what was answered, and what its model holds."""
    place = prepare(row, vendors)
    client = vendors[row.client]
    tap.clear()
    held = plain(row.theirs(client, place))
    _, told = only_call_of(tap, row.operation)
    return told, held


def unknown(row: Row, fields: list[str], table: tuple[Known, ...]) -> list[str]:
    return [field for field in fields if not any(known.covers(row.client, row.operation, field) for known in table)]


@pytest.mark.parametrize("row", READING, ids=ids(READING))
def test_an_official_client_reads_all_of_an_answer(row: Row, vendors: Vendors, tap: Wiretap) -> None:
    told, held = answered(row, vendors, tap)
    assert told.status == (201 if row.operation == "CreateToken" else 200)
    assert told.json, "an empty answer proves nothing"
    assert unknown(row, list(lost(told.json, held)), LOST) == []


@pytest.mark.parametrize("row", MODELLED, ids=ids(MODELLED))
def test_an_answer_has_every_field_of_the_official_model(row: Row, vendors: Vendors, tap: Wiretap) -> None:
    told, held = answered(row, vendors, tap)
    assert unknown(row, list(unanswered(told.json, held)), UNANSWERED) == []


@pytest.mark.parametrize("row", BY_ALIBABA, ids=ids(BY_ALIBABA))
def test_an_answer_is_of_the_types_that_the_official_model_declares(row: Row, vendors: Vendors, tap: Wiretap) -> None:
    place = prepare(row, vendors)
    assert mistyped(row.theirs(vendors["pai"], place).body) == []


def test_every_known_difference_still_exists(vendors: Vendors, tap: Wiretap, emulator: Emulator) -> None:
    seen: dict[str, set[tuple[str, str, str]]] = {"lost": set(), "unanswered": set()}
    for row in READING:
        emulator.reset()
        told, held = answered(row, vendors, tap)
        seen["lost"] |= {(row.client, row.operation, field) for field in lost(told.json, held)}
        seen["unanswered"] |= {(row.client, row.operation, field) for field in unanswered(told.json, held)}
    stale = [
        (known, field)
        for table, found in ((LOST, seen["lost"]), (UNANSWERED, seen["unanswered"]))
        for known in table
        for field in known.fields
        if not any(known.covers(client, operation, field) and field == place for client, operation, place in found)
    ]
    assert stale == []


@pytest.mark.parametrize("operation", OUT_OF_REACH, ids=[operation.name for operation in OUT_OF_REACH])
def test_the_emulator_says_that_it_has_no_call_for_notebooks_and_training(
    operation: Documented, vendors: Vendors, tap: Wiretap
) -> None:
    told_so = refusal_of(lambda: OUT_OF_REACH_CALLS[operation.name](vendors["modelarts"]))
    asked, told = tap.last()
    assert operation.is_asked(asked)
    assert told_so == Refused(404, "APIGW.0101", told.json["error_msg"], told.json["request_id"])
