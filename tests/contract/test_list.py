"""Laws of lists: all that exists is shown, over all pages, whoever made it and whenever; what is gone is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mlworkbench.lifecycle.resource import Found, Resource
from mlworkbench_emulator import Emulator, Settings

from .cases import Kind
from .hosts import CoreHost, Loop, open_host

MORE_THAN_A_PAGE = 103

# What is asked for although it is the default by one document: another one says otherwise, or shows less.
EXPLICIT = {
    "pai:Tensorboard": {"PageSize": "100", "StartTime": "2020-01-01T00:00:00Z", "ShowOwn": "false"},
    "modelarts:VisualizationJob": {"per_page": "100", "sortBy": "job_id", "order": "asc"},
    "modelarts:Image": {"limit": "100", "type": "DEDICATED", "name_fuzzy_match": "false"},
}


@pytest.fixture
def core(emulator: Emulator, world: tuple[Emulator, dict[str, str]], loop: Loop) -> Iterator[CoreHost]:
    emulator.settings = replace(Settings(), tensorboard_cap=500, job_limit=500)
    with open_host("core", world[1], loop, {}) as opened:
        assert isinstance(opened, CoreHost)
        yield opened


def listed(core: CoreHost, kind: Kind, loop: Loop, like: dict[str, Any] | None = None) -> list[Found]:
    resource: Resource[Any, Any] = core._core._lifecycle(kind.token).resource

    async def collect() -> list[Found]:
        inputs = kind.inputs.model_validate(like) if like else None
        return [found async for found in resource.list(inputs)]

    found: list[Found] = loop.run(collect())
    return found


def named(kind: Kind, number: int) -> dict[str, Any]:
    name = kind.example[kind.name_input]
    return {
        **kind.example,
        kind.name_input: f"{name[:14]}{number}" if kind.name_input == "jobName" else f"{name}{number}",
    }


def test_a_list_shows_all_over_all_pages(core: CoreHost, kind: Kind, loop: Loop, emulator: Emulator) -> None:
    made = {core.create(kind.token, named(kind, number)).id for number in range(MORE_THAN_A_PAGE)}
    emulator.journal.clear()
    found = listed(core, kind, loop)
    assert len(found) == len(made)
    assert {each.id for each in found} == made
    assert len(emulator.journal) == 2


def test_a_list_names_what_it_shows_and_when_it_was_made(core: CoreHost, kind: Kind, loop: Loop) -> None:
    created = core.create(kind.token, kind.example)
    (found,) = listed(core, kind, loop)
    assert (found.id, found.name) == (created.id, kind.example[kind.name_input])
    assert found.created is not None
    assert found.created.isoformat().replace("+00:00", "Z")[:19] == created.state["createTime"][:19]


def test_what_was_made_long_ago_is_listed(core: CoreHost, kind: Kind, loop: Loop, emulator: Emulator) -> None:
    created = core.create(kind.token, {**kind.example, **_never_ends(kind)})
    emulator.advance(30 * 24 * 3600)
    assert [found.id for found in listed(core, kind, loop)] == [created.id]


def _never_ends(kind: Kind) -> dict[str, Any]:
    return {"maxRunningTimeMinutes": 10_000_000} if kind.token == "pai:Tensorboard" else {}


def test_what_is_gone_is_not_listed(core: CoreHost, kind: Kind, loop: Loop) -> None:
    core.delete(kind.token, core.create(kind.token, kind.example))
    assert listed(core, kind, loop) == []


def test_what_the_documents_disagree_on_is_asked_for(
    core: CoreHost, kind: Kind, loop: Loop, emulator: Emulator
) -> None:
    listed(core, kind, loop)
    query = dict(next(iter(emulator.journal)).query)
    assert query.items() >= EXPLICIT[kind.token].items()


def test_a_name_narrows_a_list_down_in_the_cloud(core: CoreHost, kind: Kind, loop: Loop, emulator: Emulator) -> None:
    created = core.create(kind.token, kind.example)
    other = {**kind.example, kind.name_input: "swr.cn-north-4.myhuaweicloud.com/others/else:1"}
    core.create(kind.token, other if kind.token == "modelarts:Image" else {**kind.example, kind.name_input: "else"})
    emulator.journal.clear()
    assert [found.id for found in listed(core, kind, loop, kind.example)] == [created.id]
    assert len(next(iter(emulator.journal)).query) > len(EXPLICIT[kind.token])
