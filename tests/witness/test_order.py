"""Lists come in the order and through the filters that the vendors' pages name, as official clients see it."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench_emulator import Emulator

from .vendors import Vendors

# Names in another order than that of making, with a moment between them.
NAMES = ("b", "c", "a")
APART_SECONDS = 60
MADE, NAMED = ("b", "c", "a"), ("a", "b", "c")


def make_boards(vendors: Vendors, emulator: Emulator) -> dict[str, str]:
    """Give the ids of three TensorBoards by their names."""
    made = {}
    for name in NAMES:
        request = pai.CreateTensorboardRequest(display_name=name)
        made[name] = str(vendors["pai"].create_tensorboard(request).body.tensorboard_id)
        emulator.advance(APART_SECONDS)
    return made


def boards(vendors: Vendors, **arguments: Any) -> tuple[str, ...]:
    page = vendors["pai"].list_tensorboards(pai.ListTensorboardsRequest(**arguments)).body
    return tuple(board.display_name for board in page.tensorboards)


def make_jobs(vendors: Vendors, emulator: Emulator) -> dict[str, str]:
    """Give the ids of three jobs by their names; descriptions are in an order of their own."""
    made = {}
    for name, description in zip(NAMES, ("z", "x", "y"), strict=True):
        job = vendors["core"].create_job(job_name=name, train_url="/b/d/", job_desc=description)
        made[name] = str(job.job_id)
        emulator.advance(APART_SECONDS)
    return made


def jobs(vendors: Vendors, **arguments: Any) -> tuple[str, ...]:
    return tuple(job.job_name for job in vendors["core"].list_jobs(**arguments).jobs)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(("key", "expected"), [("GmtCreateTime", MADE), ("DisplayName", NAMED)])
def test_tensorboards_are_sorted_by_what_the_page_names(
    key: str, expected: tuple[str, ...], order: str, vendors: Vendors, emulator: Emulator
) -> None:
    make_boards(vendors, emulator)
    assert boards(vendors, sort_by=key, order=order) == (expected if order == "asc" else expected[::-1])


@pytest.mark.parametrize("status", ["Creating", "Running", "Stopped", "Succeeded", "Failed"])
def test_tensorboards_are_found_by_each_status_of_the_page(status: str, vendors: Vendors, emulator: Emulator) -> None:
    made = make_boards(vendors, emulator)
    for name, other in (("a", status), ("b", "Stopping"), ("c", "Pending")):
        emulator.resources.change("tensorboards", made[name], {"Status": other})
    assert boards(vendors, status=status) == ("a",)


@pytest.mark.parametrize(("payment", "expected"), [("Free", {"c"}), ("Postpaid", {"a"})])
def test_tensorboards_are_found_by_who_pays(payment: str, expected: set[str], vendors: Vendors) -> None:
    spec = pai.TensorboardSpec(ecs_type="ecs.g6.large")
    for request in (
        pai.CreateTensorboardRequest(display_name="a", tensorboard_spec=spec),
        pai.CreateTensorboardRequest(display_name="b", quota_id="quota-1"),
        pai.CreateTensorboardRequest(display_name="c"),
    ):
        vendors["pai"].create_tensorboard(request)
    assert set(boards(vendors, payment_type=payment)) == expected


def test_tensorboards_are_found_by_when_they_were_made(vendors: Vendors, emulator: Emulator) -> None:
    made = make_boards(vendors, emulator)
    shown = vendors["pai"].get_tensorboard(made["c"], pai.GetTensorboardRequest()).body
    moment = shown.gmt_create_time
    assert set(boards(vendors, start_time=moment)) == {"c", "a"}
    assert set(boards(vendors, end_time=moment)) == {"b", "c"}
    assert set(boards(vendors, start_time=moment, end_time=moment)) == {"c"}


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("job_id", MADE),
        ("job_name", NAMED),
        ("job_desc", ("c", "a", "b")),
        ("create_time", MADE),
        ("status", ("a", "c", "b")),
    ],
)
def test_jobs_are_sorted_by_what_the_page_names(
    key: str, expected: tuple[str, ...], order: str, vendors: Vendors, emulator: Emulator
) -> None:
    made = make_jobs(vendors, emulator)
    for name, status in (("a", 7), ("c", 8), ("b", 12)):
        emulator.resources.change("visualization-jobs", made[name], {"status": status})
    assert jobs(vendors, sortBy=key, order=order) == (expected if order == "asc" else expected[::-1])


@pytest.mark.parametrize("status", range(23))
def test_jobs_are_found_by_each_status_of_the_page(status: int, vendors: Vendors, emulator: Emulator) -> None:
    made = make_jobs(vendors, emulator)
    for name, other in (("a", status), ("b", (status + 1) % 23), ("c", (status + 2) % 23)):
        emulator.resources.change("visualization-jobs", made[name], {"status": other})
    assert jobs(vendors, status=status) == ("a",)


@pytest.mark.parametrize("way", ["ASC", "DESC"])
def test_images_are_sorted_by_when_they_were_changed(way: str, vendors: Vendors, emulator: Emulator) -> None:
    client = vendors["modelarts"]
    made = []
    for tag in NAMES:
        body = images.ImageRegRequest(swr_path=f"swr.example.com/team/image:{tag}")
        made.append(client.register_image(images.RegisterImageRequest(body=body)).id)
        emulator.advance(APART_SECONDS)
    client.sync_image(images.SyncImageRequest(image_id=made[0]))
    emulator.resources.change("images", made[0], {"update_at": int(emulator.now * 1000)})
    request = images.ListImageRequest(type="DEDICATED", sort_key="updateTime", sort_dir=way)
    found = [each.id for each in client.list_image(request).data]
    assert found == ([made[1], made[2], made[0]] if way == "ASC" else [made[0], made[2], made[1]])
