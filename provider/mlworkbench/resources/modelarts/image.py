"""Declare the custom image of ModelArts. Knows the API's calls, not when they are made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

from pydantic import Field

from ...api.modelarts import images as api
from ...lifecycle.resource import Found, Resource, Update
from ...model.base import Inputs, Option, Outputs
from ...model.policy import Computed, Replace, ServerDefault, Unique, Unordered, Virtual, WriteOnly
from ...wire.client import Client
from ...wire.clock import moment

__all__ = ["Image"]

_DEFAULT_WORKSPACE = "0"


class Arch(Option):
    """The processor architecture of an image."""

    X86_64 = "X86_64"
    """x86-64."""

    AARCH64 = "AARCH64"
    """64-bit Arm."""


class Origin(Option):
    """Where an image comes from."""

    CUSTOMIZE = "CUSTOMIZE"
    """Built by the user."""

    IMAGE_SAVE = "IMAGE_SAVE"
    """Saved from a notebook."""


class ResourceCategory(Option):
    """A kind of machine that an image runs on."""

    CPU = "CPU"
    """Machines without accelerator."""

    GPU = "GPU"
    """Machines with GPUs."""

    ASCEND = "ASCEND"
    """Machines with Ascend processors; Huawei Cloud only."""


class ServiceType(Option):
    """What an image is for."""

    COMMON = "COMMON"
    """All purposes."""

    INFERENCE = "INFERENCE"
    """Inference."""

    TRAIN = "TRAIN"
    """Training."""

    DEV = "DEV"
    """Development."""

    UNKNOWN = "UNKNOWN"
    """Not stated."""


class ImageService(Option):
    """A way in which an image can be used."""

    NOTEBOOK = "NOTEBOOK"
    """Over HTTPS, in a notebook."""

    SSH = "SSH"
    """Over SSH, from a local editor."""

    AI_FLOW = "AI_FLOW"
    """In AI Flow."""

    MA_STUDIO = "MA_STUDIO"
    """In ModelArts Studio."""

    TENSOR_BOARD = "TENSOR_BOARD"
    """In TensorBoard."""

    WEB_IDE = "WEB_IDE"
    """In the web editor."""


class Visibility(Option):
    """Who may see an image."""

    PRIVATE = "PRIVATE"
    """The account that registered it."""

    PUBLIC = "PUBLIC"
    """All users."""

    HIDDEN = "HIDDEN"
    """Nobody, in lists."""


class FlavorType(Option):
    """The Ascend processor that an image is for; Huawei Cloud only."""

    ASCEND_SNT9 = "ASCEND_SNT9"
    """Snt9."""

    ASCEND_SNT9B = "ASCEND_SNT9B"
    """Snt9b."""

    ASCEND_SNT3 = "ASCEND_SNT3"
    """Snt3."""


class ImageInputs(Inputs):
    """What an image is registered with."""

    swr_path: Annotated[
        str, Replace(), Unique(), Field(min_length=16, max_length=2048, pattern=r"^[^\s/]+(/[^\s/:]+)+:[^\s/:]+$")
    ]
    """Path of the image in SWR: `REGISTRY/NAMESPACE/IMAGE:TAG`, 16 to 2048 characters. It can be registered once; if
    the image is replaced and the path stays, the old registration is deleted first."""

    arch: Annotated[Arch | None, Replace(), ServerDefault()] = None
    """Processor architecture. The service's default is `X86_64`."""

    description: Annotated[str | None, Replace(), Field(max_length=512)] = None
    """Description, up to 512 characters."""

    origin: Annotated[Origin | None, Replace(), ServerDefault()] = None
    """Where the image comes from. The service's default is `CUSTOMIZE`."""

    resource_categories: Annotated[list[ResourceCategory] | None, Replace(), ServerDefault(), Unordered()] = None
    """Kinds of machines that it runs on, in any order. The service's default is `CPU` and `GPU`."""

    service_type: Annotated[ServiceType | None, Replace(), ServerDefault()] = None
    """What the image is for. The service's default is `UNKNOWN`."""

    services: Annotated[list[ImageService] | None, Replace(), ServerDefault(), Unordered()] = None
    """Ways in which it can be used, in any order. The service's default is `NOTEBOOK` and `SSH`."""

    visibility: Annotated[Visibility | None, Replace(), ServerDefault()] = None
    """Who may see it. The service's default is `PRIVATE`."""

    workspace_id: Annotated[str | None, Replace(), ServerDefault(), Field(pattern=r"^(0|[0-9a-z]{32})$")] = None
    """ID of the workspace: `0` or 32 lower-case letters and digits. The service's default is `0`."""

    flavor_type: Annotated[FlavorType | None, Replace(), ServerDefault()] = None
    """Ascend processor that it is for; Huawei Cloud only."""

    tags: Annotated[list[str] | None, Replace(), WriteOnly(), Unordered(), Field(max_length=20)] = None
    """Up to 20 tags, in any order; Huawei Cloud only. The API takes texts but answers keys and values, so they are not
    compared with the cloud."""

    swr_instance_id: Annotated[str | None, Replace(), ServerDefault()] = None
    """ID of the enterprise SWR instance that holds the image; Huawei Cloud only."""

    read_me: Annotated[str | None, Replace(), WriteOnly(), Field(max_length=3000)] = None
    """Text that introduces the image, up to 3000 characters; Huawei Cloud only. The API never returns it."""

    delete_swr_content: Annotated[bool | None, Virtual(destructive=True), WriteOnly()] = None
    """Whether deleting the resource also deletes the image in SWR; off by default. It is not done if the same program
    registers this `swrPath`, as in a replacement, provided that Pulumi has come to that resource by then: one that
    takes over the path of another, which is deleted first, finds the image gone."""


class ImageOutputs(ImageInputs, Outputs):
    """What ModelArts tells about an image."""

    image_id: Annotated[str, Computed(stable=True)]
    """ID of the image, for use in notebooks; the same as the resource's ID."""

    name: Annotated[str | None, Computed(stable=True, of="swrPath")] = None
    """Name, taken from `swrPath`."""

    namespace: Annotated[str | None, Computed(stable=True, of="swrPath")] = None
    """Organization, taken from `swrPath`."""

    tag: Annotated[str | None, Computed(stable=True, of="swrPath")] = None
    """Tag, taken from `swrPath`."""

    size: Annotated[int | None, Computed()] = None
    """Size in bytes."""

    status: Annotated[str, Computed()]
    """INIT, CREATING, ACTIVE, CREATE_FAILED, ERROR or DELETED."""

    status_message: Annotated[str | None, Computed()] = None
    """Why it is in this status."""

    type: Annotated[str | None, Computed(stable=True)] = None
    """`DEDICATED` for registered images, `BUILD_IN` for the vendor's own."""

    create_time: Annotated[str | None, Computed(stable=True)] = None
    """When it was registered (RFC 3339)."""

    update_time: Annotated[str | None, Computed()] = None
    """When it was last changed (RFC 3339)."""


class Image(Resource[ImageInputs, ImageOutputs]):
    """An image in SWR, registered as a custom image of ModelArts (Huawei Cloud, Open Telekom Cloud).

    The API has no call that changes an image: every change of a property registers it anew.
    """

    token: ClassVar = "modelarts:Image"
    service: ClassVar = "modelarts"
    id_output: ClassVar = "imageId"
    name_input: ClassVar = "swrPath"
    states: ClassVar = api.STATES
    example: ClassVar = {
        "swrPath": "swr.cn-north-4.myhuaweicloud.com/my-team/pytorch:2.4",
        "description": "PyTorch for the vision team",
        "arch": "X86_64",
        "resourceCategories": ["CPU", "GPU"],
        "serviceType": "COMMON",
        "services": ["NOTEBOOK", "SSH"],
    }
    change: ClassVar = {"deleteSwrContent": True}

    _cloud: Client

    async def create(self, inputs: ImageInputs) -> str:
        return (await self._cloud(api.REGISTER, body=api.RegisterBody.model_validate(inputs))).image_id

    async def read(self, id: str) -> api.Image:
        return await self._cloud(api.SHOW, {"id": id})

    async def update(self, id: str, update: Update[ImageInputs]) -> None:
        raise AssertionError(f"the API cannot change an image, yet {update.changes} were asked for")

    async def delete(self, id: str, inputs: ImageInputs) -> None:
        if not inputs.delete_swr_content:
            await self._cloud(api.DELETE, {"id": id})
            return
        # Huawei Cloud's documents ask for the query argument, its newest SDKs send the body: it gets both.
        body = api.DeleteBody(is_force=True) if self._cloud.service.cloud != "otc" else None
        await self._cloud(api.DELETE, {"id": id}, query=api.DeleteQuery(force=True), body=body)

    async def list(self, like: ImageInputs | None = None) -> AsyncIterator[Found]:
        # A list tells of one workspace, while a path is held in all: the default one is looked into as well.
        asked = like.workspace_id if like and like.workspace_id not in ("", _DEFAULT_WORKSPACE) else None
        for workspace_id in dict.fromkeys((asked, None)):
            async for found in self._listed(like.swr_path if like else "", workspace_id):
                yield found

    async def _listed(self, swr_path: str, workspace_id: str | None) -> AsyncIterator[Found]:
        namespace, repository = _repository(swr_path)
        offset = 0
        while True:
            query = api.ListQuery(offset=offset, name=repository, namespace=namespace, workspace_id=workspace_id)
            page = await self._cloud(api.LIST, query=query)
            for each in page.data:
                yield Found(each.image_id, each.swr_path or "", moment(each.create_time))
            offset += len(page.data)
            if len(page.data) < api.PAGE:
                return

    def reason(self, answer: api.Image) -> str:
        return answer.status_message or ""


def _repository(swr_path: str) -> tuple[str | None, str | None]:
    """Return namespace and name of a path, as the list knows them; a registry's port is no tag."""
    parent, _, last = swr_path.rpartition("/")
    return parent.rpartition("/")[2] or None, last.partition(":")[0] or None
