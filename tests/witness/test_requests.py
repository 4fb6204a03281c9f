"""The provider asks as the official clients do: same method, path, query, body and telling headers.

Where it does not, one table says how and why (`differences`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
from alibabacloud_pai_dlc20201203.models import (  # type: ignore[import-untyped]
    CreateTensorboardRequest,
    ListTensorboardsRequest,
)
from huaweicloudsdkmodelarts.v1.model import ListImageRequest  # type: ignore[import-untyped]

from mlworkbench.resources import registry
from mlworkbench.resources.modelarts.image import ImageInputs
from mlworkbench.resources.pai.tensorboard import TensorboardInputs
from mlworkbench.wire.client import Client
from mlworkbench.wire.errors import Unreadable
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT

from . import rows_images, rows_jobs, rows_pai
from . import vendors as official
from .arguments import ODD_TEXT
from .differences import DIFFERENCES, Seen, rendered, seen_between
from .operations import DOCUMENTED, calls_of
from .ours import Ours, modelarts_keys, pai_keys
from .rows import Place, Row, prepare
from .table import ROWS
from .vendors import Vendors
from .wiretap import Asked, Wiretap

ASKING = [row for row in ROWS if row.ours]
DECLARED = [row for row in ROWS if row.resource]
KEYED = [row for row in ASKING if row.client in ("pai", "modelarts", "core")]
TELLING_HEADERS = (
    "content-type",
    "accept",
    "x-acs-action",
    "x-acs-version",
    "x-project-id",
    "x-acs-accesskey-id",
    "x-acs-security-token",
    "x-security-token",
)

Tree = dict[str, Any]
Way = Callable[[Row, Ours, Place], Awaitable[object]]


def ids(rows: list[Row]) -> list[str]:
    return [row.id for row in rows]


def client_of(row: Row, ours: Ours) -> Client:
    """Give the provider's client of the user that the official client of a row stands for."""
    makers: dict[str, Callable[[], Client]] = {
        "pai": ours.pai,
        "modelarts": ours.huawei,
        "core": ours.huawei,
        "otc": ours.otc,
        "by region": ours.huawei_by_region,
    }
    return makers[row.client]()


def temporary_client_of(row: Row, ours: Ours) -> Client:
    """Give the provider's client of the same user with the temporary key."""
    if row.client == "pai":
        return ours.pai(**pai_keys(ALIBABA_OWNER.keys[1]))
    return ours.huawei(**modelarts_keys(HUAWEI_USER.keys[1]))


async def by_wire(row: Row, ours: Ours, place: Place) -> object:
    assert row.ours
    return await row.ours(client_of(row, ours), place)


async def by_resource(row: Row, ours: Ours, place: Place) -> object:
    assert row.resource
    return await row.resource(ours, client_of(row, ours), place)


def parts(asked: Asked, place: Place) -> dict[str, Any]:
    """Take a request apart, decoded, with the ids of this run under general names."""
    query = {name: general(value, place) for name, value in asked.query}
    assert len(query) == len(asked.query), "no operation takes an argument twice"
    headers = {name: asked.header[name].lower().replace(" ", "") for name in TELLING_HEADERS if name in asked.header}
    return {
        "method": asked.method,
        "path": general(asked.path, place),
        **{f"query {name}": value for name, value in query.items()},
        "body": asked.json,
        **{f"header {name}": value for name, value in headers.items()},
    }


def general(text: str, place: Place) -> str:
    for id in (place.id, place.group):
        text = re.sub(rf"(?<![\w-]){re.escape(id)}(?![\w-])", "{id}", text) if id else text
    return text


async def by_temporary_key(row: Row, ours: Ours, place: Place) -> object:
    assert row.ours
    return await row.ours(temporary_client_of(row, ours), place)


async def asked_by_both(row: Row, way: Way, vendors: Vendors, tap: Wiretap, ours: Ours, emulator: Emulator) -> Any:
    """Make a row's call with the official client and with the provider: both requests, taken apart."""
    place = prepare(row, vendors)
    tap.clear()
    # A client that is made for a region looks its project up at once: that call counts.
    client = official.temporary(row.client, ours.url) if way is by_temporary_key else vendors[row.client]
    row.theirs(client, place)
    theirs = parts(calls_of(tap, row.operation)[-1][0], place)
    emulator.reset()
    place = prepare(row, vendors)
    tap.clear()
    await way(row, ours, place)
    (asked, told), *more = calls_of(tap, row.operation)
    assert told.status in (200, 201)
    assert not more, "once is enough"
    return theirs, parts(asked, place)


def unexplained(row: Row, theirs: dict[str, Any], ours: dict[str, Any]) -> list[Seen]:
    seen = seen_between(row.client, row.operation, theirs, ours)
    return [each for each in seen if not any(difference.explains(each) for difference in DIFFERENCES)]


@pytest.mark.parametrize("row", ASKING, ids=ids(ASKING))
async def test_the_wire_asks_as_the_official_client_does(
    row: Row, vendors: Vendors, tap: Wiretap, ours: Ours, emulator: Emulator
) -> None:
    theirs, mine = await asked_by_both(row, by_wire, vendors, tap, ours, emulator)
    assert unexplained(row, theirs, mine) == []


@pytest.mark.parametrize("row", KEYED, ids=ids(KEYED))
async def test_the_wire_asks_with_a_temporary_key_as_the_official_client_does(
    row: Row, vendors: Vendors, tap: Wiretap, ours: Ours, emulator: Emulator
) -> None:
    theirs, mine = await asked_by_both(row, by_temporary_key, vendors, tap, ours, emulator)
    assert unexplained(row, theirs, mine) == []
    assert any("security-token" in part for part in theirs), "without the token it is no temporary key"


@pytest.mark.parametrize("row", DECLARED, ids=ids(DECLARED))
async def test_a_resource_asks_as_the_official_client_does(
    row: Row, vendors: Vendors, tap: Wiretap, ours: Ours, emulator: Emulator
) -> None:
    theirs, mine = await asked_by_both(row, by_resource, vendors, tap, ours, emulator)
    assert unexplained(row, theirs, mine) == []


@pytest.mark.parametrize("row", ASKING, ids=ids(ASKING))
async def test_both_ask_for_the_path_of_the_reference(
    row: Row, vendors: Vendors, tap: Wiretap, ours: Ours, emulator: Emulator
) -> None:
    theirs, mine = await asked_by_both(row, by_wire, vendors, tap, ours, emulator)
    project = OTC_PROJECT.id if row.client == "otc" else HUAWEI_PROJECT.id
    (documented,) = (each for each in DOCUMENTED if each.name == row.operation)
    expected = (documented.method, documented.path.replace("{project_id}", project))
    assert (theirs["method"], theirs["path"]) == (mine["method"], mine["path"]) == expected


async def test_otc_is_asked_to_delete_content_by_the_query_alone(sink_line: tuple[Wiretap, str]) -> None:
    # No official client of OTC has the images: the reference's page stands for it.
    tap, url = sink_line
    provider = Ours(url)
    client = provider.huawei(modelartsCloud="otc")
    inputs = ImageInputs.model_validate({"swrPath": "swr.example.com/team/image:1", "deleteSwrContent": True})
    tap.clear()
    await provider.resource("modelarts:Image", client).delete("image-1", inputs)
    await provider.close()
    (asked,) = tap.asked
    assert (asked.method, asked.query, asked.body) == ("DELETE", (("force", "true"),), b"")


async def test_the_configured_workspace_is_named_as_the_official_client_names_it(
    sink_line: tuple[Wiretap, str],
) -> None:
    tap, url = sink_line
    vendors, provider = Vendors(url), Ours(url)
    tap.clear()
    vendors["pai"].create_tensorboard(CreateTensorboardRequest(display_name="a", workspace_id="20002"))
    client = provider.pai(paiWorkspaceId="20002")
    inputs = TensorboardInputs.model_validate({"displayName": "a"})
    await provider.resource("pai:Tensorboard", client).create(inputs)
    vendors.close()
    await provider.close()
    theirs, mine = tap.asked
    assert theirs.json == mine.json == {"DisplayName": "a", "WorkspaceId": "20002"}


LOOKED_FOR: dict[str, tuple[str, Tree, Callable[[Any], object]]] = {
    rows_pai.TOKEN: (
        "pai",
        {"displayName": ODD_TEXT},
        lambda client: client.list_tensorboards(
            ListTensorboardsRequest(
                page_number=1, page_size=100, start_time=rows_pai.MOMENT, show_own=False, display_name=ODD_TEXT
            )
        ),
    ),
    rows_jobs.TOKEN: (
        "core",
        {"jobName": "curves_1-2", "trainUrl": "/b/d/"},
        lambda client: client.list_jobs(
            per_page=100, page=1, sortBy="job_id", order="asc", search_content="curves_1-2"
        ),
    ),
    rows_images.TOKEN: (
        "modelarts",
        {"swrPath": "swr.example.com:5000/my-team/py.torch:2.4", "workspaceId": "0" * 32},
        lambda client: client.list_image(
            ListImageRequest(
                limit=100,
                offset=0,
                type="DEDICATED",
                name="py.torch",
                namespace="my-team",
                name_fuzzy_match=False,
                workspace_id="0" * 32,
            )
        ),
    ),
}


@pytest.mark.parametrize("token", LOOKED_FOR)
async def test_a_resource_looks_for_one_thing_as_the_official_client_does(
    token: str, sink_line: tuple[Wiretap, str]
) -> None:
    tap, url = sink_line
    name, inputs, call = LOOKED_FOR[token]
    vendors, provider = Vendors(url), Ours(url)
    client = provider.pai() if name == "pai" else provider.huawei()
    resource = provider.resource(token, client)
    tap.clear()
    call(vendors[name])
    assert [found async for found in resource.list(registry()[token].inputs.model_validate(inputs))] == []
    vendors.close()
    await provider.close()
    # Images are looked for in the default workspace as well, afterwards.
    theirs, mine, *_ = (parts(asked, Place()) for asked in tap.asked)
    operation = {"pai": "ListTensorboards", "core": "ListVisualizationJobs", "modelarts": "ListImage"}[name]
    seen = seen_between(name, operation, theirs, mine)
    assert [each for each in seen if not any(difference.explains(each) for difference in DIFFERENCES)] == []


@pytest.mark.parametrize("id", ["plain-1", "a b", "ä/学", "x*~+", "a%2Fb", "a?b#c", "'(!)'", "a;b,c=d&e@f:g$h"])
@pytest.mark.parametrize("operation", ["GetTensorboard", "ShowVisualizationJob", "ShowImage"])
async def test_both_write_an_id_into_the_path_alike(operation: str, id: str, sink_line: tuple[Wiretap, str]) -> None:
    tap, url = sink_line
    row = next(row for row in ASKING if row.operation == operation)
    assert row.ours
    vendors, provider = Vendors(url), Ours(url)
    tap.clear()
    row.theirs(vendors[row.client], Place(id))
    with suppress(Unreadable):  # the other end says yes, and nothing that could be read
        await row.ours(client_of(row, provider), Place(id))
    vendors.close()
    await provider.close()
    theirs, mine = tap.asked
    assert theirs.path == mine.path
    assert mine.raw_path.endswith(f"/{quote(id, safe='')}")


async def test_the_table_of_differences_holds_nothing_that_has_gone(
    vendors: Vendors, tap: Wiretap, ours: Ours, emulator: Emulator
) -> None:
    seen: list[Seen] = []
    for way, rows in ((by_wire, ASKING), (by_resource, DECLARED)):
        for row in rows:
            emulator.reset()
            seen += seen_between(
                row.client, row.operation, *await asked_by_both(row, way, vendors, tap, ours, emulator)
            )
    print(rendered())
    assert [each for each in DIFFERENCES if not any(each.explains(one) for one in seen)] == []
