"""State the images of ModelArts v1, in the vendor's words.

Source: the pages RegisterImage, ShowImage, ListImage and DeleteImage of the ModelArts API reference and the models of
the vendor's SDK.
"""

from __future__ import annotations

from pydantic import AliasChoices, Field

from ...wire.operation import Nothing, Number, Operation, Wire
from ...wire.states import States
from .service import Moment

__all__ = ["DELETE", "LIST", "PAGE", "REGISTER", "SHOW", "STATES"]


PAGE = 100
"""How many images to ask for at once."""


class RegisterBody(Wire):
    swr_path: str
    arch: str | None = None
    description: str | None = None
    origin: str | None = None
    resource_categories: list[str] | None = Field(None, alias="resource_category")
    service_type: str | None = None
    services: list[str] | None = None
    visibility: str | None = None
    workspace_id: str | None = None
    flavor_type: str | None = None
    tags: list[str] | None = None
    swr_instance_id: str | None = None
    read_me: str | None = None


class Image(Wire):
    """Everything but the id may be absent; `services` is answered as `dev_services`, the
    categories in one of two fields.

    `tags` are not read: they are answered as keys and values, and how those become the texts that RegisterImage takes
    is not documented.
    """

    image_id: str = Field(alias="id")
    name: str | None = None
    namespace: str | None = None
    tag: str | None = None
    swr_path: str | None = None
    arch: str | None = None
    description: str | None = None
    origin: str | None = None
    resource_categories: list[str] | None = Field(
        None, validation_alias=AliasChoices("resource_categories", "support_res_categories")
    )
    service_type: str | None = None
    services: list[str] | None = Field(None, alias="dev_services")
    visibility: str | None = None
    workspace_id: str | None = None
    flavor_type: str | None = None
    swr_instance_id: str | None = None
    size: Number = None
    status: str = ""
    status_message: str | None = None
    type: str | None = None
    create_time: Moment = Field(None, alias="create_at")
    update_time: Moment = Field(None, alias="update_at")


class DeleteBody(Wire):
    is_force: bool | None = None


class DeleteQuery(Wire):
    force: bool | None = None


class ListQuery(Wire):
    """Unless asked, the list shows built-in images of the default workspace only, and names match in part."""

    limit: int = PAGE
    offset: int = 0
    type: str = "DEDICATED"
    name: str | None = None
    namespace: str | None = None
    name_fuzzy_match: bool = False
    workspace_id: str | None = None


class ImagePage(Wire):
    data: list[Image] = []
    total: int


_IMAGES = "/v1/{project_id}/images"

REGISTER = Operation("RegisterImage", "POST", _IMAGES, Image, body=RegisterBody)
SHOW = Operation("ShowImage", "GET", f"{_IMAGES}/{{id}}", Image)
LIST = Operation("ListImage", "GET", _IMAGES, ImagePage, query=ListQuery)
DELETE = Operation("DeleteImage", "DELETE", f"{_IMAGES}/{{id}}", Nothing, body=DeleteBody, query=DeleteQuery)

STATES = States(
    ready=frozenset({"ACTIVE"}),
    failed=frozenset({"CREATE_FAILED", "ERROR"}),
    gone=frozenset({"DELETED"}),
    busy=frozenset({"INIT", "CREATING"}),
)
