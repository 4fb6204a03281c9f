"""Our client takes for success and for failure what the pages say, in every form that they allow."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.api.pai import tensorboards
from mlworkbench.model.check import check
from mlworkbench.resources import registry
from mlworkbench.wire.client import Client
from mlworkbench.wire.errors import (
    AlreadyExists,
    CloudError,
    InvalidRequest,
    NotFound,
    Unreadable,
    WrongEndpoint,
    WrongState,
)
from mlworkbench.wire.operation import Operation
from mlworkbench_emulator import Emulator, Fault

from .ours import Ours, change
from .samples import FULL
from .vendors import Vendors
from .wiretap import Wiretap

JSON = {"content-type": "application/json"}
JOB = "modelarts:VisualizationJob"
BODY = visualization_jobs.CreateBody(job_name="a", train_url="/b/d/")


def client_of(operation: Operation[Any], ours: Ours) -> Client:
    return ours.pai() if operation.path.startswith("/api/") else ours.huawei()


def answered(emulator: Emulator, name: str, status: int, told: Any) -> None:
    raw = "" if told is None else json.dumps(told)
    emulator.faults.add(Fault(name, status, raw_body=raw, headers=JSON))


DONE: tuple[tuple[Operation[Any], Any], ...] = (
    (images.DELETE, {"id": "1", "status": "DELETED"}),
    (images.DELETE, None),
    (images.REGISTER, FULL["RegisterImage"]),
    (visualization_jobs.STOP, {"is_success": True}),
    (visualization_jobs.RESTART, {}),
    (visualization_jobs.DELETE, None),
    (tensorboards.DELETE, {"TensorboardId": "1", "RequestId": "R"}),
    (tensorboards.STOP, None),
)


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
@pytest.mark.parametrize(("operation", "told"), DONE, ids=[f"{each.name} {bool(told)}" for each, told in DONE])
async def test_any_status_of_success_is_one(
    operation: Operation[Any], told: Any, status: int, ours: Ours, emulator: Emulator
) -> None:
    answered(emulator, operation.name, status, told)
    await client_of(operation, ours)(operation, {"id": "1"})


@pytest.mark.parametrize("operation", [images.DELETE, visualization_jobs.DELETE, tensorboards.DELETE])
async def test_a_success_may_have_no_body_at_all(operation: Operation[Any], ours: Ours, emulator: Emulator) -> None:
    emulator.faults.add(Fault(operation.name, 204))
    await client_of(operation, ours)(operation, {"id": "1"})


@pytest.mark.parametrize("status", [300, 302, 399])
@pytest.mark.parametrize("operation", [images.SHOW, visualization_jobs.SHOW, tensorboards.GET])
async def test_what_points_elsewhere_is_no_success(
    operation: Operation[Any], status: int, ours: Ours, emulator: Emulator
) -> None:
    answered(emulator, operation.name, status, FULL[operation.name])
    with pytest.raises(WrongEndpoint):
        await client_of(operation, ours)(operation, {"id": "1"})


@pytest.mark.parametrize("said", [{"is_success": True}, {}], ids=["said", "left out"])
async def test_success_need_not_be_said(said: dict[str, bool], ours: Ours, emulator: Emulator) -> None:
    told = {name: value for name, value in FULL["ShowVisualizationJob"].items() if name != "is_success"}
    answered(emulator, "ShowVisualizationJob", 200, {**told, **said})
    assert (await ours.huawei()(visualization_jobs.SHOW, {"id": "1"})).job_id == str(told["job_id"])


async def test_an_answer_without_what_its_page_promises_is_no_success(ours: Ours, emulator: Emulator) -> None:
    shown: tuple[Operation[Any], ...] = (images.SHOW, visualization_jobs.SHOW, tensorboards.GET)
    for operation in shown:
        answered(emulator, operation.name, 200, {})
        with pytest.raises(Unreadable):
            await client_of(operation, ours)(operation, {"id": "1"})


@pytest.mark.parametrize("as_200", [False, True])
async def test_a_job_may_fail_with_any_status(as_200: bool, ours: Ours, vendors: Vendors, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"job_errors_as_200": as_200})
    client, core = ours.huawei(), vendors["core"]
    with pytest.raises(NotFound) as missing:
        await client(visualization_jobs.SHOW, {"id": "4711"})
    assert missing.value.answer.status == (200 if as_200 else 404)
    if as_200:
        assert core.show_job("4711").is_success is False
        assert core.show_job("4711").error_code == missing.value.answer.code == "ModelArts.0102"
    id = (await client(visualization_jobs.CREATE, body=BODY)).job_id
    with pytest.raises(AlreadyExists):
        await client(visualization_jobs.CREATE, body=BODY)
    with pytest.raises(WrongState):
        await client(visualization_jobs.RESTART, {"id": id})
    with pytest.raises(InvalidRequest):
        await client(visualization_jobs.UPDATE, {"id": id}, body=visualization_jobs.UpdateBody(job_desc="d" * 257))


@pytest.mark.parametrize("name", ["error_message", "error_msg"])
@pytest.mark.parametrize("status", [200, 400])
async def test_both_spellings_of_a_jobs_failure_are_read(
    name: str, status: int, ours: Ours, emulator: Emulator
) -> None:
    told = {"is_success": False, "error_code": "ModelArts.0103", name: "Job name:a is existed."}
    answered(emulator, "CreateVisualizationJob", status, told)
    with pytest.raises(AlreadyExists) as caught:
        await ours.huawei()(visualization_jobs.CREATE, body=BODY)
    assert caught.value.answer.message == "Job name:a is existed."


async def test_a_job_is_gone_only_if_the_list_lacks_it_too(ours: Ours, emulator: Emulator) -> None:
    # No page says how a missing job is answered: the code alone may mean something else.
    client = ours.huawei()
    resource = ours.resource(JOB, client)
    id = (await client(visualization_jobs.CREATE, body=BODY)).job_id
    emulator.faults.add(Fault("ShowVisualizationJob", 404, "ModelArts.0102", "does not exist"))
    with pytest.raises(CloudError) as caught:
        await resource.read(id)
    assert not isinstance(caught.value, NotFound)
    emulator.resources.remove("visualization-jobs", id)
    with pytest.raises(NotFound):
        await resource.read(id)


async def test_a_description_is_cleared_by_an_empty_text(ours: Ours, emulator: Emulator, tap: Wiretap) -> None:
    client = ours.huawei()
    described = visualization_jobs.CreateBody(job_name="a", train_url="/b/d/", job_desc="described")
    id = (await client(visualization_jobs.CREATE, body=described)).job_id
    least = {"jobName": "a", "trainUrl": "/b/d/"}
    await ours.resource(JOB, client).update(id, change(JOB, {**least, "jobDesc": "described"}, least))
    assert tap.last()[0].json == {"job_desc": ""}
    assert emulator.resources.get("visualization-jobs", id)["job_desc"] == ""


@pytest.mark.parametrize("ignored", ["uri", "dataSourceId", "dataSourceType"])
def test_sources_that_pai_would_ignore_are_refused_beforehand(ignored: str) -> None:
    given = {"uri": "oss://b.oss-cn-hangzhou.aliyuncs.com/r/", "dataSourceId": "d-1", "dataSourceType": "OSS"}
    sources = {"displayName": "a", "tensorboardDataSources": [{"id": "d-2", "sourceType": "datasource"}]}
    inputs = registry()["pai:Tensorboard"].inputs
    assert check(inputs, sources) == []
    assert check(inputs, {"displayName": "a", ignored: given[ignored]}) == []
    assert check(inputs, {**sources, ignored: given[ignored]}) != []
