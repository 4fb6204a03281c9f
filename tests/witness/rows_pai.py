"""Call PAI-DLC both ways: with Alibaba Cloud's client and with the provider. Knows arguments; no signature."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from alibabacloud_pai_dlc20201203 import models as m  # type: ignore[import-untyped]

from mlworkbench.api.pai import tensorboards as api
from mlworkbench.model.values import Tree
from mlworkbench.resources.pai.tensorboard import TensorboardInputs
from mlworkbench.wire.client import Client
from mlworkbench.wire.operation import Nothing, Operation, PascalWire

from .arguments import CREATE_TENSORBOARD, CREATE_TENSORBOARD_OF_SOURCES, ODD_TEXT, camel
from .ours import Ours, change
from .rows import Place, Row

__all__ = ["ROWS"]

TOKEN = "pai:Tensorboard"
MOMENT = "2020-01-01T00:00:00Z"


class _SharedUrlQuery(PascalWire):
    expire_time_seconds: str


class _TokenQuery(PascalWire):
    target_type: str
    target_id: str
    expire_time: int


# The provider has no use for these two: they are described here to show that its wire could make them.
SHARED_URL = Operation("GetTensorboardSharedUrl", "GET", "/api/v1/tensorboards/{id}/sharedurl", Nothing)
GET_TOKEN = Operation("GetToken", "GET", "/api/v1/tokens", Nothing)


def _resource(
    call: Callable[[Any, Place], Awaitable[object]],
) -> Callable[[Ours, Client, Place], Awaitable[object]]:
    return lambda ours, client, place: call(ours.resource(TOKEN, client), place)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


_MODELS = {
    "DataSources": m.DataSourceItem,
    "TensorboardDataSources": m.TensorboardDataSourceSpec,
    "TensorboardSpec": m.TensorboardSpec,
}


def request(body: Tree) -> Any:
    """Write a body as the official client wants it: with a model for every object in it."""
    return m.CreateTensorboardRequest(**{_snake(name): _modelled(name, value) for name, value in body.items()})


def _modelled(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_modelled(name, item) for item in value]
    if isinstance(value, dict):
        return _MODELS[name](**{_snake(inner): item for inner, item in value.items()})
    return value


def _properties(body: Tree) -> Tree:
    """Write a body as properties of the resource, where a priority is a number."""
    return {name: int(value) if name == "priority" else value for name, value in camel(body).items()}


def _inputs(body: Tree) -> Any:
    return TensorboardInputs.model_validate(_properties(body))


def _updated() -> Any:
    old = _properties(CREATE_TENSORBOARD)
    return change(TOKEN, old, {**old, "maxRunningTimeMinutes": 60, "accessibility": "PRIVATE", "priority": 7})


async def _listed(resource: Any) -> list[object]:
    return [found async for found in resource.list()]


def _create(label: str, body: Tree) -> Row:
    return Row(
        "CreateTensorboard",
        "pai",
        lambda client, place: client.create_tensorboard(request(body)),
        lambda client, place: client(api.CREATE, body=api.CreateBody.model_validate(body)),
        _resource(lambda resource, place: resource.create(_inputs(body))),
        label=label,
    )


ROWS = (
    _create("", CREATE_TENSORBOARD),
    _create("of sources", CREATE_TENSORBOARD_OF_SOURCES),
    Row(
        "GetTensorboard",
        "pai",
        lambda client, place: client.get_tensorboard(place.id, m.GetTensorboardRequest()),
        lambda client, place: client(api.GET, {"id": place.id}),
        _resource(lambda resource, place: resource.read(place.id)),
        thing="tensorboard",
    ),
    Row(
        "GetTensorboard",
        "pai",
        lambda client, place: client.get_tensorboard(
            place.id, m.GetTensorboardRequest(jod_id="dlc-1", token="shared", workspace_id="20002")
        ),
        label="with every argument",
        thing="tensorboard",
        stopped=True,
    ),
    Row(
        "ListTensorboards",
        "pai",
        lambda client, place: client.list_tensorboards(
            m.ListTensorboardsRequest(page_number=1, page_size=100, start_time=MOMENT, show_own=False)
        ),
        lambda client, place: client(api.LIST, query=api.ListQuery()),
        _resource(lambda resource, place: _listed(resource)),
        thing="tensorboard",
    ),
    Row(
        "ListTensorboards",
        "pai",
        lambda client, place: client.list_tensorboards(
            m.ListTensorboardsRequest(
                page_number=1,
                page_size=7,
                start_time=MOMENT,
                show_own=True,
                display_name=ODD_TEXT,
            )
        ),
        lambda client, place: client(
            api.LIST,
            query=api.ListQuery(
                page_number=1,
                page_size=7,
                start_time=MOMENT,
                show_own=True,
                display_name=ODD_TEXT,
            ),
        ),
        label="narrowed",
        thing="tensorboard",
    ),
    Row(
        "ListTensorboards",
        "pai",
        lambda client, place: client.list_tensorboards(
            m.ListTensorboardsRequest(
                end_time="2100-01-01T00:00:00Z",
                job_id="dlc-1",
                order="asc",
                payment_type="Postpaid",
                quota_id="quota-1",
                sort_by="DisplayName",
                source_id="dlc-2",
                source_type="job",
                status="Running",
                tensorboard_id=place.id,
                user_id="2000000000000001",
                username="emulator-owner",
                verbose=True,
                accessibility="PUBLIC",
            )
        ),
        label="with every filter",
        thing="tensorboard",
    ),
    Row(
        "UpdateTensorboard",
        "pai",
        lambda client, place: client.update_tensorboard(
            place.id, m.UpdateTensorboardRequest(max_running_time_minutes=60, accessibility="PRIVATE", priority="7")
        ),
        lambda client, place: client(
            api.UPDATE,
            {"id": place.id},
            query=api.UpdateQuery(max_running_time_minutes=60, accessibility="PRIVATE", priority="7"),
        ),
        _resource(lambda resource, place: resource.update(place.id, _updated())),
        thing="tensorboard",
    ),
    Row(
        "StartTensorboard",
        "pai",
        lambda client, place: client.start_tensorboard(place.id, m.StartTensorboardRequest()),
        lambda client, place: client(api.START, {"id": place.id}),
        _resource(lambda resource, place: resource.start(place.id)),
        thing="tensorboard",
        stopped=True,
    ),
    Row(
        "StopTensorboard",
        "pai",
        lambda client, place: client.stop_tensorboard(place.id, m.StopTensorboardRequest()),
        lambda client, place: client(api.STOP, {"id": place.id}),
        _resource(lambda resource, place: resource.stop(place.id)),
        thing="tensorboard",
    ),
    Row(
        "DeleteTensorboard",
        "pai",
        lambda client, place: client.delete_tensorboard(place.id, m.DeleteTensorboardRequest()),
        lambda client, place: client(api.DELETE, {"id": place.id}),
        _resource(lambda resource, place: resource.delete(place.id, _inputs(CREATE_TENSORBOARD))),
        thing="tensorboard",
        stopped=True,
    ),
    Row(
        "GetTensorboardSharedUrl",
        "pai",
        lambda client, place: client.get_tensorboard_shared_url(
            place.id, m.GetTensorboardSharedUrlRequest(expire_time_seconds="3600")
        ),
        lambda client, place: client(SHARED_URL, {"id": place.id}, query=_SharedUrlQuery(expire_time_seconds="3600")),
        thing="tensorboard",
    ),
    Row(
        "GetToken",
        "pai",
        lambda client, place: client.get_token(
            m.GetTokenRequest(target_type="tensorboard", target_id=place.id, expire_time=60)
        ),
        lambda client, place: client(
            GET_TOKEN, query=_TokenQuery(target_type="tensorboard", target_id=place.id, expire_time=60)
        ),
        thing="tensorboard",
    ),
)
