"""Call the images of ModelArts both ways: with Huawei Cloud's client and with the provider."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from huaweicloudsdkmodelarts.v1 import model as m  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images as api
from mlworkbench.resources.modelarts.image import ImageInputs
from mlworkbench.wire.client import Client
from mlworkbench.wire.operation import Nothing, Operation, Wire

from .arguments import REGISTER_IMAGE, camel
from .ours import Ours
from .rows import Place, Row

__all__ = ["OUT_OF_REACH_CALLS", "ROWS"]

TOKEN = "modelarts:Image"


class _GroupQuery(Wire):
    name: str
    name_fuzzy_match: bool
    namespace: str
    type: str
    workspace_id: str
    limit: int
    offset: int
    swr_instance_id: str


class _GroupBody(Wire):
    read_me: str
    tags: list[dict[str, str]]


# The provider has no use for these: they are described here to show that its wire could make them.
_GROUPS = "/v1/{project_id}/images/group"
SYNC = Operation("SyncImage", "POST", "/v1/{project_id}/images/{id}/sync", Nothing)
LIST_GROUPS = Operation("ListImageGroup", "GET", _GROUPS, Nothing)
UPDATE_GROUP = Operation("UpdateImageGroup", "PUT", f"{_GROUPS}/{{id}}", Nothing)
DELETE_GROUP = Operation("DeleteImageGroup", "DELETE", f"{_GROUPS}/{{id}}", Nothing)

GROUP_FILTERS: dict[str, Any] = {
    "name": "pytorch",
    "name_fuzzy_match": False,
    "namespace": "my-team",
    "type": "DEDICATED",
    "workspace_id": "0",
    "limit": 5,
    "offset": 0,
    "swr_instance_id": "instance-1",
}
TAGS = [{"key": "team", "value": "vision"}]


def _resource(
    call: Callable[[Any, Place], Awaitable[object]],
) -> Callable[[Ours, Client, Place], Awaitable[object]]:
    return lambda ours, client, place: call(ours.resource(TOKEN, client), place)


def _inputs(**virtual: object) -> Any:
    # The answers call them resource_categories, and so does the resource.
    renamed = {
        name.replace("resource_category", "resource_categories"): value for name, value in REGISTER_IMAGE.items()
    }
    return ImageInputs.model_validate({**camel(renamed), **virtual})


async def _listed(resource: Any) -> list[object]:
    return [found async for found in resource.list()]


ROWS = (
    Row(
        "RegisterImage",
        "modelarts",
        lambda client, place: client.register_image(m.RegisterImageRequest(body=m.ImageRegRequest(**REGISTER_IMAGE))),
        lambda client, place: client(api.REGISTER, body=api.RegisterBody.model_validate(REGISTER_IMAGE)),
        _resource(lambda resource, place: resource.create(_inputs())),
    ),
    Row(
        "ShowImage",
        "modelarts",
        lambda client, place: client.show_image(m.ShowImageRequest(id=place.id)),
        lambda client, place: client(api.SHOW, {"id": place.id}),
        _resource(lambda resource, place: resource.read(place.id)),
        thing="image",
    ),
    Row(
        "ListImage",
        "modelarts",
        lambda client, place: client.list_image(
            m.ListImageRequest(limit=100, offset=0, type="DEDICATED", name_fuzzy_match=False)
        ),
        lambda client, place: client(api.LIST, query=api.ListQuery()),
        _resource(lambda resource, place: _listed(resource)),
        thing="image",
    ),
    Row(
        "ListImage",
        "modelarts",
        lambda client, place: client.list_image(
            m.ListImageRequest(
                limit=7,
                offset=0,
                type="DEDICATED",
                name="pytorch",
                namespace="my-team",
                name_fuzzy_match=True,
            )
        ),
        lambda client, place: client(
            api.LIST,
            query=api.ListQuery(limit=7, name="pytorch", namespace="my-team", name_fuzzy_match=True),
        ),
        label="narrowed",
        thing="image",
    ),
    Row(
        "ListImage",
        "modelarts",
        lambda client, place: client.list_image(
            m.ListImageRequest(
                type="BUILD_IN",
                service_type="COMMON",
                sort_dir="ASC",
                sort_key="name,updateTime",
                workspace_id="0",
                show_name="x",
                show_tag="y",
            )
        ),
        label="with every filter",
    ),
    Row(
        "DeleteImage",
        "modelarts",
        lambda client, place: client.delete_image(m.DeleteImageRequest(id=place.id)),
        lambda client, place: client(api.DELETE, {"id": place.id}),
        _resource(lambda resource, place: resource.delete(place.id, _inputs())),
        thing="image",
    ),
    Row(
        "DeleteImage",
        "modelarts",
        lambda client, place: client.delete_image(
            m.DeleteImageRequest(id=place.id, body=m.DeleteImageRequestBody(is_force=True))
        ),
        lambda client, place: client(api.DELETE, {"id": place.id}, body=api.DeleteBody(is_force=True)),
        _resource(lambda resource, place: resource.delete(place.id, _inputs(deleteSwrContent=True))),
        label="with its content",
        thing="image",
    ),
    Row(
        "SyncImage",
        "modelarts",
        lambda client, place: client.sync_image(m.SyncImageRequest(image_id=place.id)),
        lambda client, place: client(SYNC, {"id": place.id}),
        thing="image",
    ),
    Row(
        "ListImageGroup",
        "modelarts",
        lambda client, place: client.list_image_group(m.ListImageGroupRequest(**GROUP_FILTERS)),
        lambda client, place: client(LIST_GROUPS, query=_GroupQuery(**GROUP_FILTERS)),
        thing="image",
    ),
    Row(
        "UpdateImageGroup",
        "modelarts",
        lambda client, place: client.update_image_group(
            m.UpdateImageGroupRequest(
                id=place.group,
                body=m.UpdateImageGroupRequestBody(
                    read_me="# All", tags=[m.UpdateImageGroupRequestBodyTags(**tag) for tag in TAGS]
                ),
            )
        ),
        lambda client, place: client(UPDATE_GROUP, {"id": place.group}, body=_GroupBody(read_me="# All", tags=TAGS)),
        thing="image",
    ),
    Row(
        "DeleteImageGroup",
        "modelarts",
        lambda client, place: client.delete_image_group(
            m.DeleteImageGroupRequest(id=place.group, body=m.DeleteImageGroupRequestBody(is_force=True))
        ),
        lambda client, place: client(DELETE_GROUP, {"id": place.group}, body=api.DeleteBody(is_force=True)),
        thing="image",
    ),
)

# What is made out of a notebook or a training job: neither the provider nor the emulator has such calls.
OUT_OF_REACH_CALLS: dict[str, Callable[[Any], object]] = {
    "CreateImage": lambda client: client.create_image(
        m.CreateImageRequest(id="notebook-1", body=m.ImageCreateReq(name="n", namespace="team", tag="1"))
    ),
    "CreateSaveImageJob": lambda client: client.create_save_image_job(
        m.CreateSaveImageJobRequest(
            training_job_id="job-1", task_id="task-1", body=m.ImageSaveJob(name="n", namespace="team", tag="1")
        )
    ),
    "ShowSaveImageJob": lambda client: client.show_save_image_job(
        m.ShowSaveImageJobRequest(training_job_id="job-1", task_id="task-1")
    ),
}
