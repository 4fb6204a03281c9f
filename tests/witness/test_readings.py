"""Our models read what the official models read: of the same bytes, the same value in every field that both have.

What the emulator answers is read, and samples that fill every field (`samples`).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from huaweicloudsdkmodelarts.v1.model import ShowImageRequest  # type: ignore[import-untyped]
from pydantic import BaseModel

from mlworkbench.api.modelarts.images import Image
from mlworkbench.wire.operation import Nothing, Operation
from mlworkbench_emulator import Emulator, Fault

from .operations import only_call_of
from .readings import NAMED, Pair, pairs
from .rows import Place, Row, prepare
from .samples import FULL
from .table import ROWS
from .test_table import provider_operations
from .vendors import Vendors, plain
from .wiretap import Wiretap

OURS: dict[str, Operation[Any]] = {each.name: each for each in provider_operations() if each.answer is not Nothing}
READ = [
    row for row in ROWS if row.operation in OURS and row.reads and row.client in ("pai", "modelarts", "core", "otc")
]
# IAM's answers are read by a login and by a look-up, which have models of no resource.
ANSWERED = [row for row in READ if OURS[row.operation].answer.__module__ in NAMED]
SAMPLED = [row for row in ANSWERED if row.operation in FULL and not row.label]

# What an official client has no field for, or reads in a way of its own, and why.
JUSTIFIED = {
    ("otc", "JobPage.job_total_count"): "OTC's extensions keep the jobs of a page and throw its envelope away",
}


def ids(rows: list[Row]) -> list[str]:
    return [row.id for row in rows]


def differing(row: Row, read: list[Pair]) -> list[Pair]:
    return [pair for pair in read if not pair.agrees and (row.client, pair.field.split(":")[1]) not in JUSTIFIED]


def read_by_both(row: Row, place: Place, vendors: Vendors, tap: Wiretap) -> list[Pair]:
    """Let the official client make a call, and read the very bytes of the answer both ways."""
    tap.clear()
    held = plain(row.theirs(vendors[row.client], place))
    _, told = only_call_of(tap, row.operation)
    mine = OURS[row.operation].answer.model_validate_json(told.body)
    return list(pairs(mine, held))


@pytest.mark.parametrize("row", ANSWERED, ids=ids(ANSWERED))
def test_our_models_read_what_the_official_models_read(
    row: Row, vendors: Vendors, tap: Wiretap, emulator: Emulator
) -> None:
    place = prepare(row, vendors)
    emulator.advance(90)
    read = read_by_both(row, place, vendors, tap)
    assert read
    assert differing(row, read) == []


@pytest.mark.parametrize("row", SAMPLED, ids=ids(SAMPLED))
def test_our_models_read_every_field_of_a_full_answer_as_the_official_models_do(
    row: Row, vendors: Vendors, tap: Wiretap, emulator: Emulator
) -> None:
    place = prepare(row, vendors)
    told = json.dumps(FULL[row.operation])
    headers = {"content-type": "application/json; charset=utf-8"}
    emulator.faults.add(Fault(row.operation, 200, raw_body=told, headers=headers))
    read = read_by_both(row, place, vendors, tap)
    assert differing(row, read) == []
    assert [pair for pair in read if not pair.tells] == [], "what is empty proves nothing"


# A number comes bare, as text, as null or as an empty text; which fields are numbers, the pages say.
NUMBERS: dict[str, tuple[str, ...]] = {
    "GetTensorboard": ("Duration", "MaxRunningTimeMinutes", "Cpu", "Memory", "Priority"),
    "ShowVisualizationJob": ("duration", "remaining_duration"),
    "ShowImage": ("size",),
}
WRITTEN = ((7, 7), ("7", 7), (None, None), ("", None))


@pytest.mark.parametrize(("written", "meant"), WRITTEN, ids=["bare", "text", "null", "empty"])
@pytest.mark.parametrize(("operation", "name"), [(each, name) for each in NUMBERS for name in NUMBERS[each]])
def test_a_number_is_read_however_it_is_written(operation: str, name: str, written: object, meant: object) -> None:
    answer = OURS[operation].answer
    ours = next(field for field, named in NAMED[answer.__module__][answer.__name__].items() if named.name == name)
    assert getattr(answer.model_validate({**FULL[operation], name: written}), ours) == meant
    without = {key: value for key, value in FULL[operation].items() if key != name}
    assert getattr(answer.model_validate(without), ours) is None


@pytest.mark.parametrize("written", [1524189990635, "1524189990635"], ids=["bare", "text"])
@pytest.mark.parametrize(("operation", "name"), [("ShowVisualizationJob", "create_time"), ("ShowImage", "create_at")])
def test_a_moment_is_read_however_it_is_written(operation: str, name: str, written: object) -> None:
    read = OURS[operation].answer.model_validate({**FULL[operation], name: written})
    assert read.create_time == "2018-04-20T02:06:30.635Z"


@pytest.mark.parametrize("written", [8, "8"], ids=["bare", "text"])
def test_a_status_is_read_however_it_is_written(written: object) -> None:
    read = OURS["ShowVisualizationJob"].answer.model_validate({**FULL["ShowVisualizationJob"], "status": written})
    assert (read.status_code, read.status) == (8, "RUNNING")


@pytest.mark.parametrize("written", [197, "197"], ids=["bare", "text"])
@pytest.mark.parametrize("operation", ["CreateVisualizationJob", "ShowVisualizationJob"])
def test_the_id_of_a_job_is_a_text_however_it_is_written(operation: str, written: object) -> None:
    assert OURS[operation].answer.model_validate({**FULL[operation], "job_id": written}).job_id == "197"


def test_the_categories_of_an_image_are_read_from_the_other_field_that_the_official_model_has(
    vendors: Vendors, emulator: Emulator
) -> None:
    image = {"id": "1", "support_res_categories": ["CPU"]}
    headers = {"content-type": "application/json; charset=utf-8"}
    emulator.faults.add(Fault("ShowImage", 200, raw_body=json.dumps(image), headers=headers))
    held = plain(vendors["modelarts"].show_image(ShowImageRequest(id="1")))
    mine = Image.model_validate(image)
    assert mine.resource_categories == held["support_res_categories"] == ["CPU"]


def test_every_model_of_an_answer_is_read_from_a_full_answer() -> None:
    assert OURS.keys() - FULL.keys() == {"ListProjects", "CreateToken"} & OURS.keys()


def test_the_table_names_every_field_of_our_answers_and_no_other() -> None:
    named = {(module, model): set(fields) for module, models in NAMED.items() for model, fields in models.items()}
    seen: dict[tuple[str, str], set[str]] = {}
    for operation in OURS.values():
        _collect(operation.answer, seen)
    assert {key: fields for key, fields in seen.items() if key[0] in NAMED} == named


def _collect(model: type[BaseModel], seen: dict[tuple[str, str], set[str]]) -> None:
    seen[model.__module__, model.__name__] = set(model.model_fields)
    for field in model.model_fields.values():
        for kind in _models_in(field.annotation):
            _collect(kind, seen)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
