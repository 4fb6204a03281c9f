"""The emulator keeps to what the vendors' pages say of forms and defaults (`facts`), as official clients see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images as image_calls
from mlworkbench.api.modelarts import visualization_jobs
from mlworkbench.api.modelarts.visualization_jobs import STATUS_NAMES
from mlworkbench.api.pai import tensorboards
from mlworkbench.resources import registry
from mlworkbench.wire.operation import Wire
from mlworkbench.wire.states import States
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_COLLEAGUE
from mlworkbench_emulator.modelarts.job_shapes import Status

from . import vendors as official
from .arguments import CREATE_JOB, CREATE_TENSORBOARD, REGISTER_IMAGE
from .facts import (
    CHOICES,
    CREATED,
    DEFAULTS,
    FILTERS,
    FORMS,
    TOKEN_SECONDS,
    Default,
    Filter,
)
from .operations import only_call_of
from .rows import Row, prepare
from .statuses import BOARD_STATUSES, IMAGE_STATUSES, STATUSES
from .table import ROWS
from .vendors import Vendors
from .wiretap import Wiretap

Tree = dict[str, Any]

SERVICES = ("pai", "jobs", "images", "iam")
# A little more than the list looks back.
OLD_SECONDS = 7 * 86400 + 3


def service_of(row: Row) -> str:
    """Name the service that answers an operation, as the table of facts does."""
    if row.operation in ("CreateToken", "ListProjects"):
        return "iam"
    return "pai" if row.client == "pai" else "images" if row.client == "modelarts" else "jobs"


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every plain value of an answer as JSON text, with the name of the field that it stands in."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, name)
    else:
        yield name, json.dumps(value)


@pytest.mark.parametrize("service", SERVICES)
def test_values_are_written_as_the_pages_write_them(
    service: str, vendors: Vendors, tap: Wiretap, emulator: Emulator
) -> None:
    forms = {field: form for form in FORMS if form.service == service for field in form.fields}
    seen: set[str] = set()
    wrong: list[tuple[str, str, str]] = []
    for row in (row for row in ROWS if row.reads and service_of(row) == service):
        emulator.reset()
        place, client = prepare(row, vendors), vendors[row.client]
        tap.clear()
        row.theirs(client, place)
        found = [leaf for leaf in leaves(only_call_of(tap, row.operation)[1].json) if leaf[0] in forms]
        seen |= {name for name, _ in found}
        wrong += [(row.id, *leaf) for leaf in found if not re.fullmatch(forms[leaf[0]].pattern, leaf[1])]
    assert wrong == []
    assert forms.keys() - seen == set(), "a form that nothing is held against proves nothing"


def test_the_numbers_of_a_jobs_status_are_those_of_the_page() -> None:
    assert tuple(STATUS_NAMES[number] for number in range(23)) == STATUSES
    assert {status.name: int(status) for status in Status}.items() <= {n: i for i, n in enumerate(STATUSES)}.items()


@pytest.mark.parametrize(
    ("states", "documented", "ready"),
    [
        (tensorboards.STATES, BOARD_STATUSES.split(), "Running"),
        (visualization_jobs.STATES, set(STATUSES) - {"UNKNOWN"}, "RUNNING"),
        (image_calls.STATES, IMAGE_STATUSES.split(), "ACTIVE"),
    ],
)
def test_we_know_every_documented_status_and_no_other(states: States, documented: list[str], ready: str) -> None:
    leaving = (states.stopping, states.deleting, states.gone)
    known = (states.ready, states.stopped, states.failed, states.busy, *leaving)
    assert frozenset().union(*known) == set(documented)
    assert states.ready == {ready}


CHOOSABLE = [
    (token, name, value) for token, names in CHOICES.items() for name in names for value in names[name].split()
]


@pytest.mark.parametrize(("token", "name", "value"), CHOOSABLE, ids=[" ".join(each) for each in CHOOSABLE])
def test_every_documented_value_can_be_chosen_and_is_sent_as_it_is(token: str, name: str, value: str) -> None:
    kind = registry()[token]
    several = name in ("services", "resourceCategories")
    inputs = kind.inputs.model_validate({**kind.example, name: [value] if several else value})
    bodies: dict[str, type[Wire]] = {
        "pai:Tensorboard": tensorboards.CreateBody,
        "modelarts:VisualizationJob": visualization_jobs.CreateBody,
        "modelarts:Image": image_calls.RegisterBody,
    }
    sent = bodies[token].model_fields.keys() & inputs.model_dump(exclude_unset=True).keys()
    body = bodies[token].model_validate({field: getattr(inputs, field) for field in sent - {"schedule"}})
    assert f'"{value}"' in json.dumps(body.tree())


def test_a_token_lasts_as_long_as_its_page_says(vendors: Vendors) -> None:
    access = vendors["otc"].session.auth.get_access(vendors["otc"].session)
    assert (access.expires - access.issued).total_seconds() == TOKEN_SECONDS


def test_what_is_made_with_little_has_the_documented_defaults(vendors: Vendors, tap: Wiretap) -> None:
    board = vendors["pai"].create_tensorboard(pai.CreateTensorboardRequest()).body.tensorboard_id
    vendors["pai"].get_tensorboard(board, pai.GetTensorboardRequest())
    job = vendors["core"].create_job(job_name="a", train_url="/b/d/").job_id
    vendors["core"].show_job(job)
    body = images.ImageRegRequest(swr_path="swr.example.com/team/image:1")
    vendors["modelarts"].register_image(images.RegisterImageRequest(body=body))
    shown = {"CreateTensorboard": "GetTensorboard", "CreateVisualizationJob": "ShowVisualizationJob"}
    for operation, expected in CREATED.items():
        answer = only_call_of(tap, shown.get(operation, operation))[1].json
        sorted_lists = {name: sorted(value) if isinstance(value, list) else value for name, value in answer.items()}
        assert {name: sorted_lists[name] for name in expected} == expected


def listed(operation: str, vendors: Vendors, arguments: Tree) -> tuple[int, list[str]]:
    """Let an official client list: how many there are in all, and the ids of the first page in their order."""
    if operation == "ListTensorboards":
        boards = vendors["pai"].list_tensorboards(pai.ListTensorboardsRequest(**arguments)).body
        return boards.total_count, [each.tensorboard_id for each in boards.tensorboards]
    if operation == "ListVisualizationJobs":
        jobs = vendors["core"].list_jobs(**arguments)
        return jobs.job_total_count, [str(each.job_id) for each in jobs.jobs]
    client = vendors["modelarts"]
    if operation == "ListImage":
        page = client.list_image(images.ListImageRequest(**arguments))
    else:
        page = client.list_image_group(images.ListImageGroupRequest(**arguments))
    return page.total, [each.id for each in page.data]


def fill_tensorboards(vendors: Vendors, emulator: Emulator, url: str) -> None:
    """Make one that is old, one of a colleague and eleven own ones of today."""
    emulator.settings = emulator.settings.changed({"tensorboard_cap": 99})
    colleague = official.pai(url, ALIBABA_COLLEAGUE.keys[0])
    vendors["pai"].create_tensorboard(pai.CreateTensorboardRequest())
    emulator.advance(OLD_SECONDS)
    for client in (colleague, *[vendors["pai"]] * 11):
        client.create_tensorboard(pai.CreateTensorboardRequest())


def fill_jobs(vendors: Vendors, emulator: Emulator, url: str) -> None:
    """Make eleven, whose names are in another order than their ids."""
    for number in range(11):
        vendors["core"].create_job(job_name=f"n{number * 7 % 11}", train_url="/b/d/")


def fill_images(vendors: Vendors, emulator: Emulator, url: str) -> None:
    """Make one more than a page of the documented size holds."""
    for number in range(201):
        body = images.ImageRegRequest(swr_path=f"swr.example.com/team/image:{number}")
        vendors["modelarts"].register_image(images.RegisterImageRequest(body=body))


def fill_groups(vendors: Vendors, emulator: Emulator, url: str) -> None:
    """Make one of a group."""
    body = images.ImageRegRequest(swr_path="swr.example.com/team/image:1")
    vendors["modelarts"].register_image(images.RegisterImageRequest(body=body))


FILLED = {
    "ListTensorboards": fill_tensorboards,
    "ListVisualizationJobs": fill_jobs,
    "ListImage": fill_images,
    "ListImageGroup": fill_groups,
}


def moment(emulator: Emulator, argument: str, value: Any) -> Any:
    """Write what the table says in seconds from now as the vendor writes a moment."""
    if not argument.endswith("_time"):
        return value
    return datetime.fromtimestamp(emulator.now + value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("operation", FILLED)
def test_an_argument_that_is_left_out_has_its_documented_default(
    operation: str, vendors: Vendors, emulator: Emulator, url: str
) -> None:
    FILLED[operation](vendors, emulator, url)
    wrong: list[tuple[str, Default]] = []
    for default in (each for each in DEFAULTS if each.operation == operation):
        beside = dict(default.beside)
        without, same, other = (
            listed(operation, vendors, {**beside, **given})
            for given in (
                {},
                {default.argument: moment(emulator, default.argument, default.value)},
                {default.argument: moment(emulator, default.argument, default.other)},
            )
        )
        wrong += [("another default", default)] if without != same else []
        wrong += [("no difference", default)] if without == other else []
    assert wrong == []


def made(operation: str, vendors: Vendors) -> Tree:
    """Make one thing with every argument, and give what an argument of a list may name of it."""
    if operation == "ListTensorboards":
        request = pai.CreateTensorboardRequest().from_map(CREATE_TENSORBOARD)
        id = vendors["pai"].create_tensorboard(request).body.tensorboard_id
        return {"tensorboard_id": id, "display_name": CREATE_TENSORBOARD["DisplayName"], "id": id}
    if operation == "ListVisualizationJobs":
        return {"id": vendors["core"].create_job(**CREATE_JOB).job_id}
    body = images.ImageRegRequest(**REGISTER_IMAGE)
    image = vendors["modelarts"].register_image(images.RegisterImageRequest(body=body)).id
    groups = vendors["modelarts"].list_image_group(images.ListImageGroupRequest(namespace="my-team")).data
    return {"id": image if operation == "ListImage" else groups[0].id}


@pytest.mark.parametrize("filter", FILTERS, ids=[f"{each.operation} {each.argument}" for each in FILTERS])
def test_a_list_is_narrowed_by_each_documented_argument(filter: Filter, vendors: Vendors) -> None:
    operation = filter.operation
    thing = made(operation, vendors)
    keeps = thing[filter.argument] if filter.keeps is None else filter.keeps
    beside = dict(filter.beside)
    assert thing["id"] in listed(operation, vendors, {**beside, filter.argument: keeps})[1]
    assert thing["id"] not in listed(operation, vendors, {**beside, filter.argument: filter.drops})[1]
