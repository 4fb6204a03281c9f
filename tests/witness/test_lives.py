"""The whole life of each resource, driven by the vendors' own clients, and seen alike by the provider's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench_emulator import Emulator

from .ours import Ours
from .vendors import Vendors, refusal_of

MANY = 105
"""More than one page of the provider's, however few pages of the official clients'."""


def refused_as(call: Callable[[], object], status: int, *words: str) -> None:
    seen = refusal_of(call)
    assert seen.status == status
    assert all(word in f"{seen.code} {seen.message}" for word in words), seen


def states(read: Callable[[], Any], times: int) -> list[Any]:
    return [read() for _ in range(times)]


def test_the_life_of_a_tensorboard(vendors: Vendors, emulator: Emulator) -> None:
    emulator.progress = "reads:1"
    client = vendors["pai"]
    id = client.create_tensorboard(pai.CreateTensorboardRequest(display_name="life", priority="2")).body.tensorboard_id

    def board() -> Any:
        return client.get_tensorboard(id, pai.GetTensorboardRequest()).body

    def status() -> str:
        return str(board().status)

    assert states(status, 3) == ["Creating", "Running", "Running"]
    refused_as(lambda: client.start_tensorboard(id, pai.StartTensorboardRequest()), 400, "BadRequest", "Running")
    refused_as(lambda: client.delete_tensorboard(id, pai.DeleteTensorboardRequest()), 400, "BadRequest", "Running")
    client.update_tensorboard(id, pai.UpdateTensorboardRequest(max_running_time_minutes=9, accessibility="PUBLIC"))
    assert (board().max_running_time_minutes, board().accessibility, board().priority) == (9, "PUBLIC", "2")
    assert board().tensorboard_url.endswith(f"/{id}/")
    client.stop_tensorboard(id, pai.StopTensorboardRequest())
    assert states(status, 3) == ["Stopping", "Stopped", "Stopped"]
    assert board().gmt_finish_time >= board().gmt_create_time
    client.start_tensorboard(id, pai.StartTensorboardRequest())
    assert states(status, 2) == ["Creating", "Running"]
    emulator.advance(9 * 60)
    assert (status(), board().reason_code) == ("Stopped", "MaxRunningTimeReached")
    assert int(board().duration) == 9 * 60
    client.delete_tensorboard(id, pai.DeleteTensorboardRequest())
    assert status() == "Deleting"
    refused_as(status, 404, "NotFound", id)
    refused_as(lambda: client.delete_tensorboard(id, pai.DeleteTensorboardRequest()), 404, "NotFound")


def test_a_refused_tensorboard_says_which_field(vendors: Vendors) -> None:
    client = vendors["pai"]
    for wrong, word in (({"priority": "12"}, "Priority"), ({"data_source_type": "FTP"}, "DataSourceType")):
        request = pai.CreateTensorboardRequest(**wrong)
        refused_as(lambda request=request: client.create_tensorboard(request), 400, "InvalidParameter", word)  # type: ignore[misc]


def test_the_sixth_tensorboard_is_one_too_many(vendors: Vendors) -> None:
    client = vendors["pai"]
    made = [client.create_tensorboard(pai.CreateTensorboardRequest()).body.tensorboard_id for _ in range(5)]
    refused_as(lambda: client.create_tensorboard(pai.CreateTensorboardRequest()), 400, "TensorboardLimitExceeded")
    client.stop_tensorboard(made[0], pai.StopTensorboardRequest())
    client.create_tensorboard(pai.CreateTensorboardRequest())


def test_the_life_of_a_job_on_core(vendors: Vendors, emulator: Emulator) -> None:
    emulator.progress = "reads:1"
    client = vendors["core"]
    id = client.create_job(
        job_name="life", train_url="/b/d/", schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 2}]
    ).job_id

    def status() -> int:
        return int(client.show_job(id).status)

    assert states(status, 5) == [1, 4, 7, 8, 8]
    refused_as(lambda: client.restart_job(id), 400, "ModelArts.0105", "job status: 8")
    client.update_job(id, job_desc="described")
    assert client.show_job(id).job_desc == "described"
    assert client.show_job(id).service_url.endswith(f"/{id}/")
    (listed,) = client.list_jobs().jobs
    assert [(each.timeUnit, each.duration) for each in listed.schedule] == [("HOURS", 2)]
    client.stop_job(id)
    assert states(status, 3) == [9, 12, 12]
    refused_as(lambda: client.stop_job(id), 400, "ModelArts.0105", "job status: 12")
    client.restart_job(id)
    assert states(status, 5) == [1, 4, 7, 8, 8]
    emulator.advance(2 * 3600)
    assert status() == 12
    assert client.show_job(id).duration >= 2 * 3600 * 1000
    client.delete_job(id)
    assert status() == 9
    refused_as(status, 404, "ModelArts.0102")
    refused_as(lambda: client.delete_job(id), 404, "ModelArts.0102")


def test_the_life_of_a_job_by_the_extensions_of_otc(vendors: Vendors, emulator: Emulator) -> None:
    emulator.progress = "reads:1"
    jobs = vendors["otc"].modelartsv1
    schedule = {"type": "stop", "time_unit": "HOURS", "duration": 2}
    id = jobs.create_visualization_job(job_name="life", train_url="/b/d/", schedule=schedule).job_id

    def status() -> int:
        return int(jobs.get_visualization_job(id).status)

    assert states(status, 5) == [1, 4, 7, 8, 8]
    refused_as(lambda: jobs.restart_visualization_job(id), 400, "ModelArts.0105")
    jobs.update_visualization_job(id, "described")
    assert jobs.get_visualization_job(id).job_desc == "described"
    jobs.stop_visualization_job(id)
    assert states(status, 3) == [9, 12, 12]
    jobs.restart_visualization_job(id)
    assert states(status, 4) == [1, 4, 7, 8]
    emulator.advance(2 * 3600)
    assert status() == 12
    jobs.delete_visualization_job(id)
    assert status() == 9
    refused_as(status, 404, "ModelArts.0102")


def test_the_life_of_an_image(vendors: Vendors, emulator: Emulator) -> None:
    client = vendors["modelarts"]
    body = images.ImageRegRequest(swr_path="swr.example.com/team/life:1", arch="AARCH64", description="d")
    image = client.register_image(images.RegisterImageRequest(body=body))
    shown = client.show_image(images.ShowImageRequest(id=image.id))
    assert (shown.status, shown.type, shown.arch) == ("ACTIVE", "DEDICATED", "aarch64")
    assert (shown.namespace, shown.name, shown.tag) == ("team", "life", "1")
    assert shown.resource_categories == ["GPU", "CPU"]
    assert (shown.service_type, shown.visibility, shown.origin) == ("UNKNOWN", "PRIVATE", "CUSTOMIZE")
    assert shown.create_at == shown.update_at == pytest.approx(emulator.now * 1000, abs=60_000)
    emulator.swr.remove(shown.swr_path)
    broken = client.sync_image(images.SyncImageRequest(image_id=image.id))
    assert broken.status == "ERROR"
    assert broken.status_message
    emulator.swr.push(shown.swr_path)
    assert client.sync_image(images.SyncImageRequest(image_id=image.id)).status == "ACTIVE"
    (group,) = client.list_image_group(images.ListImageGroupRequest(name="life", type="DEDICATED")).data
    assert (group.name, group.namespace, group.version_count) == ("life", "team", 1)
    force = images.DeleteImageRequestBody(is_force=True)
    assert client.delete_image(images.DeleteImageRequest(id=image.id, body=force)).status == "DELETED"
    refused_as(lambda: client.show_image(images.ShowImageRequest(id=image.id)), 400, "ModelArts.6404")
    refused_as(lambda: client.register_image(images.RegisterImageRequest(body=body)), 400, "ModelArts.6797")


async def test_both_sides_list_the_same_tensorboards(vendors: Vendors, emulator: Emulator, ours: Ours) -> None:
    emulator.settings = emulator.settings.changed({"tensorboard_cap": MANY})
    client = vendors["pai"]
    made = [
        client.create_tensorboard(pai.CreateTensorboardRequest(display_name=f"n{number}")).body.tensorboard_id
        for number in range(MANY)
    ]
    seen: list[str] = []
    while True:
        request = pai.ListTensorboardsRequest(
            page_number=len(seen) // 40 + 1, page_size=40, sort_by="GmtCreateTime", order="asc"
        )
        page = client.list_tensorboards(request).body
        assert page.total_count == MANY
        seen += [each.tensorboard_id for each in page.tensorboards]
        if len(page.tensorboards) < 40:
            break
    found = [each async for each in ours.resource("pai:Tensorboard", ours.pai()).list()]
    assert seen == made
    assert sorted(each.id for each in found) == sorted(made)
    assert {each.name for each in found} == {f"n{number}" for number in range(MANY)}


async def test_both_sides_list_the_same_jobs(vendors: Vendors, emulator: Emulator, ours: Ours) -> None:
    emulator.settings = emulator.settings.changed({"job_limit": MANY})
    jobs = vendors["otc"].modelartsv1
    made = [
        str(jobs.create_visualization_job(job_name=f"n{number}", train_url="/b/d/").job_id) for number in range(MANY)
    ]
    pages = [list(jobs.visualization_jobs(limit=40, offset=page, order="asc")) for page in (1, 2, 3)]
    assert [str(job.job_id) for page in pages for job in page] == made
    client = vendors["core"]
    assert client.list_jobs().job_total_count == 0, "another project, other jobs"
    found = [each async for each in ours.resource("modelarts:VisualizationJob", ours.otc()).list()]
    assert sorted(each.id for each in found) == sorted(made)
    assert {each.name for each in found} == {f"n{number}" for number in range(MANY)}


def test_the_core_lists_jobs_over_pages(vendors: Vendors) -> None:
    client = vendors["core"]
    made = [int(client.create_job(job_name=f"n{number}", train_url="/b/d/").job_id) for number in range(25)]
    pages = [client.list_jobs(page=page, per_page=10, order="asc") for page in (1, 2, 3, 4)]
    assert [len(page.jobs) for page in pages] == [10, 10, 5, 0]
    assert [job.job_id for page in pages for job in page.jobs] == made
    assert {page.job_total_count for page in pages} == {25}


async def test_both_sides_list_the_same_images(vendors: Vendors, ours: Ours) -> None:
    client = vendors["modelarts"]
    made = []
    for number in range(MANY):
        body = images.ImageRegRequest(swr_path=f"swr.example.com/team/image:{number}")
        made.append(client.register_image(images.RegisterImageRequest(body=body)).id)
    seen: list[str] = []
    while True:
        request = images.ListImageRequest(type="DEDICATED", limit=40, offset=len(seen), sort_dir="ASC")
        page = client.list_image(request)
        assert (page.total, page.pages) == (MANY, 3)
        seen += [each.id for each in page.data]
        if len(page.data) < 40:
            break
    found = [each async for each in ours.resource("modelarts:Image", ours.huawei()).list()]
    assert seen == made
    assert sorted(each.id for each in found) == sorted(made)
