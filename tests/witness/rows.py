"""Say what a row of the witnesses' table is, and what it stands on. Knows how things are made; no single call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench.wire.client import Client

from .arguments import CREATE_TENSORBOARD, REGISTER_IMAGE
from .ours import Ours
from .vendors import Vendors

__all__ = ["Place", "Row", "prepare"]


@dataclass(frozen=True)
class Place:
    """The thing that a call is about: its id, and the id of its group if it has one."""

    id: str = ""
    group: str = ""


@dataclass(frozen=True)
class Row:
    """One operation, as an official client calls it and as the provider does.

    `client` names the official one. `theirs` gives what it reads from the answer. `ours` calls through the client of
    the wire, `resource` through a declared resource; both get the client that stands for the same user. A row without
    `ours` holds arguments that the provider never gives. `thing` is what has to exist before, `stopped` whether it
    has to be at rest.
    Without `reads` the official client keeps nothing of the answer that could be compared.
    """

    operation: str
    client: str
    theirs: Callable[[Any, Place], Any]
    ours: Callable[[Client, Place], Awaitable[object]] | None = None
    resource: Callable[[Ours, Client, Place], Awaitable[object]] | None = None
    label: str = ""
    thing: str = ""
    stopped: bool = False
    reads: bool = True

    @property
    def id(self) -> str:
        return " ".join(part for part in (self.operation, self.client, self.label) if part)


def prepare(row: Row, vendors: Vendors) -> Place:
    """Make what a row is about, with the official client."""
    return _MAKERS[row.thing](vendors, row)


def _nothing(vendors: Vendors, row: Row) -> Place:
    return Place()


def _tensorboard(vendors: Vendors, row: Row) -> Place:
    client = vendors["pai"]
    body = pai.CreateTensorboardRequest().from_map(CREATE_TENSORBOARD)
    found = client.create_tensorboard(body).body.tensorboard_id
    if row.stopped:
        client.stop_tensorboard(found, pai.StopTensorboardRequest())
    return Place(found)


def _job(vendors: Vendors, row: Row) -> Place:
    if row.client == "otc":
        jobs = vendors["otc"].modelartsv1
        job = jobs.create_visualization_job(job_name="prepared", train_url="/b/d/")
        if row.stopped:
            jobs.stop_visualization_job(job)
        return Place(str(job.job_id))
    jobs = vendors["core"]
    found = jobs.create_job(job_name="prepared", train_url="/b/d/").job_id
    if row.stopped:
        jobs.stop_job(found)
    return Place(found)


def _image(vendors: Vendors, row: Row) -> Place:
    client = vendors["modelarts"]
    body = images.ImageRegRequest(**{**REGISTER_IMAGE, "visibility": "PRIVATE"})
    image = client.register_image(images.RegisterImageRequest(body=body))
    listed = client.list_image_group(images.ListImageGroupRequest(name=image.name, name_fuzzy_match=False))
    return Place(image.id, listed.data[0].id)


_MAKERS: dict[str, Callable[[Vendors, Row], Place]] = {
    "": _nothing,
    "tensorboard": _tensorboard,
    "job": _job,
    "image": _image,
}
