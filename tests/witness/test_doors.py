"""The emulator refuses callers and values with the statuses and codes of the vendors' pages (`facts`).

Official clients call, and OpenStack's session where a token is sent that no client would send by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT
from mlworkbench_emulator.serving import running

from . import vendors as official
from .facts import LONGEST_LOCK_SECONDS, LONGEST_SKEW_SECONDS, REFUSALS, TOLERATED_BAD_SIGNATURES
from .operations import calls_of
from .vendors import Vendors, refusal_of
from .wiretap import Wiretap

Told = tuple[int | None, str]

MINUTE = 60


@dataclass(frozen=True)
class Scene:
    """An emulator at an address, with a wiretap before it and official clients of it."""

    emulator: Emulator
    tap: Wiretap
    url: str
    vendors: Vendors


@pytest.fixture
def scene(emulator: Emulator, tap: Wiretap, url: str, vendors: Vendors) -> Scene:
    return Scene(emulator, tap, url, vendors)


def refused(call: Callable[[], object]) -> Told:
    seen = refusal_of(call)
    return seen.status, seen.code


def list_boards(client: Any) -> object:
    return client.list_tensorboards(pai.ListTensorboardsRequest())


def list_jobs(client: Any) -> object:
    return client.list_jobs()


def asked_with(scene: Scene, project: str, headers: dict[str, str]) -> Told:
    """Ask for the jobs of a project with nothing but some headers."""
    address = f"{scene.url}/v1/{project}/visualization-jobs"
    answer = Session().get(address, headers=headers, authenticated=False, raise_exc=False)
    return answer.status_code, answer.json()["error_code"]


@contextmanager
def at_another_time(seconds: float) -> Iterator[str]:
    """Serve an emulator whose clock is off; yields its address."""
    emulator = Emulator(real_time=lambda: time.time() + seconds)
    with running(emulator) as url:
        yield url
    emulator.close()


def of_another_hour(make: Callable[[str], Any], call: Callable[[Any], object]) -> Iterator[Told]:
    for seconds in (LONGEST_SKEW_SECONDS + MINUTE, -LONGEST_SKEW_SECONDS - MINUTE):
        with at_another_time(seconds) as url:
            yield refused(lambda url=url: call(make(url)))  # type: ignore[misc]


def one_too_many(scene: Scene) -> Iterator[Told]:
    client = scene.vendors["pai"]
    for _ in range(5):
        client.create_tensorboard(pai.CreateTensorboardRequest())
    yield refused(lambda: client.create_tensorboard(pai.CreateTensorboardRequest()))


def call_that_does_not_exist(scene: Scene) -> Iterator[Told]:
    jobs = pai.ListJobsRequest()
    yield refused(lambda: scene.vendors["pai"].list_jobs(jobs))


def locked_key(scene: Scene) -> Iterator[Told]:
    scene.emulator.settings = scene.emulator.settings.changed({"bad_signature_limit": TOLERATED_BAD_SIGNATURES})
    forger = official.forger("core", scene.url)

    def forge(times: int) -> None:
        for _ in range(times):
            refused(lambda: list_jobs(forger))

    # Five are tolerated, and a good one makes up for them.
    for _ in range(2):
        forge(TOLERATED_BAD_SIGNATURES)
        list_jobs(scene.vendors["core"])
    forge(TOLERATED_BAD_SIGNATURES + 1)
    yield refused(lambda: list_jobs(scene.vendors["core"]))
    scene.emulator.advance(LONGEST_LOCK_SECONDS - 5)
    yield refused(lambda: list_jobs(scene.vendors["core"]))
    scene.emulator.advance(5)
    forge(TOLERATED_BAD_SIGNATURES)
    list_jobs(scene.vendors["core"])


def no_token(scene: Scene) -> Iterator[Told]:
    yield asked_with(scene, HUAWEI_PROJECT.id, {})


def expired_token(scene: Scene) -> Iterator[Told]:
    jobs = scene.vendors["otc"].modelartsv1
    list(jobs.visualization_jobs())
    scene.emulator.advance(24 * 3600 + MINUTE)
    scene.tap.clear()
    # OpenStack's session logs in anew when it is told so, and in no other case.
    list(jobs.visualization_jobs())
    (first, second), logins = calls_of(scene.tap, "ListVisualizationJobs"), calls_of(scene.tap, "CreateToken")
    assert len(logins) == 1
    assert second[1].status == 200
    yield first[1].status, first[1].json["error_code"]


def token_that_nobody_issued(scene: Scene) -> Iterator[Told]:
    yield asked_with(scene, OTC_PROJECT.id, {"X-Auth-Token": "nobody's"})
    good = scene.vendors["otc"].session.get_token()
    yield asked_with(scene, OTC_PROJECT.id, {"X-Auth-Token": f"{good}0"})


def token_of_no_project(scene: Scene) -> Iterator[Told]:
    user = HUAWEI_USER
    login = Password(
        f"{scene.url}/v3",
        username=user.name,
        password=user.password,
        user_domain_name=user.domain_name,
        unscoped=True,
    )
    yield asked_with(scene, OTC_PROJECT.id, {"X-Auth-Token": str(login.get_token(Session()))})


def another_project(scene: Scene) -> Iterator[Told]:
    token = scene.vendors["otc"].session.get_token()
    yield asked_with(scene, HUAWEI_PROJECT.id, {"X-Auth-Token": token})
    yield refused(lambda: list_jobs(official.jobs_on_core(scene.url, project_id="0" * 32)))


def job_value(scene: Scene) -> Iterator[Told]:
    id = scene.vendors["core"].create_job(job_name="a", train_url="/b/d/").job_id
    yield job_refusal(scene, lambda: scene.vendors["core"].update_job(id, job_desc="d" * 257))
    yield job_refusal(scene, lambda: scene.vendors["core"].update_job(id))
    for query in (
        {"per_page": 1001},
        {"per_page": 0},
        {"page": 0},
        {"search_content": "s" * 65},
        {"status": 23},
        {"sortBy": "colour"},
        {"order": "up"},
    ):
        yield job_refusal(scene, lambda query=query: scene.vendors["core"].list_jobs(**query))  # type: ignore[misc]


def job_refusal(scene: Scene, call: Callable[[], object]) -> Told:
    """Read the code of a failure off the line: the core does not know how the job service spells it."""
    refused(call)
    told = scene.tap.last()[1]
    return told.status, told.json["error_code"]


def image_value(scene: Scene) -> Iterator[Told]:
    client = scene.vendors["modelarts"]
    for query in (
        {"limit": 0},
        {"offset": -1},
        {"name": "UPPER"},
        {"type": "ANY"},
        {"sort_dir": "UP"},
        {"namespace": "n" * 65},
        {"name": "n" * 513},
        {"service_type": "ANY"},
        {"workspace_id": "1"},
        {"sort_key": "k" * 129},
    ):
        yield refused(lambda query=query: client.list_image(images.ListImageRequest(**query)))  # type: ignore[misc]


def group_value(scene: Scene) -> Iterator[Told]:
    client = scene.vendors["modelarts"]
    body = images.ImageRegRequest(swr_path="swr.example.com/team/image:1")
    client.register_image(images.RegisterImageRequest(body=body))
    (group,) = client.list_image_group(images.ListImageGroupRequest(type="DEDICATED")).data
    tag = {"key": "k", "value": "v"}
    fitting: tuple[dict[str, object], ...] = (
        {"tags": [{**tag, "key": f"k{number}"} for number in range(20)]},
        {"tags": [{"key": "k" * 128, "value": "v" * 255}], "read_me": "r" * 30000},
    )
    wrong: tuple[dict[str, object], ...] = (
        {"tags": [{**tag, "key": f"k{number}"} for number in range(21)]},
        {"tags": [{**tag, "key": "k" * 129}]},
        {"tags": [{**tag, "value": "v" * 256}]},
        {"read_me": "r" * 30001},
    )
    for body in (images.UpdateImageGroupRequestBody(**each) for each in fitting):
        client.update_image_group(images.UpdateImageGroupRequest(id=group.id, body=body))
    for body in (images.UpdateImageGroupRequestBody(**each) for each in wrong):
        yield refused(
            lambda body=body: client.update_image_group(images.UpdateImageGroupRequest(id=group.id, body=body))  # type: ignore[misc]
        )


def sort_key(scene: Scene) -> Iterator[Told]:
    yield refused(lambda: scene.vendors["modelarts"].list_image(images.ListImageRequest(sort_key="colour")))


PROVOKED: dict[str, Callable[[Scene], Iterator[Told]]] = {
    "pai: a request of another hour": lambda scene: of_another_hour(official.pai, list_boards),
    "pai: a call that does not exist": call_that_does_not_exist,
    "pai: one too many": one_too_many,
    "modelarts: a request of another hour": lambda scene: of_another_hour(official.jobs_on_core, list_jobs),
    "modelarts: a locked key": locked_key,
    "modelarts: no token": no_token,
    "modelarts: an expired token": expired_token,
    "modelarts: a token that nobody issued": token_that_nobody_issued,
    "modelarts: a token of no project": token_of_no_project,
    "modelarts: another project than the token's": another_project,
    "jobs: a value that is not allowed": job_value,
    "images: a value that is not allowed": image_value,
    "images: a group's value that is not allowed": group_value,
    "images: a field that does not sort": sort_key,
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_pages_refuse_is_refused_as_they_say(name: str, scene: Scene) -> None:
    told = list(PROVOKED[name](scene))
    assert told
    assert set(told) == {(REFUSALS[name].status, REFUSALS[name].code)}


@pytest.mark.parametrize("seconds", [LONGEST_SKEW_SECONDS - MINUTE, MINUTE - LONGEST_SKEW_SECONDS])
def test_a_request_of_the_same_quarter_of_an_hour_is_taken(seconds: float) -> None:
    with at_another_time(seconds) as url:
        list_boards(official.pai(url))
        list_jobs(official.jobs_on_core(url))


def test_the_values_at_the_documented_limits_are_taken(vendors: Vendors) -> None:
    stop = {"type": "stop", "time_unit": "HOURS", "duration": 24}
    core, modelarts, dlc = vendors["core"], vendors["modelarts"], vendors["pai"]
    core.create_job(job_name="a" * 20, train_url="/b/d/", job_desc="d" * 256, schedule=[stop])
    core.create_job(job_name="b", train_url="/b/d/", schedule=[{**stop, "duration": 0}], job_type="mindinsight")
    core.list_jobs(per_page=1000, search_content="s" * 64)
    assert [core.list_jobs(status=status).job_total_count for status in (0, 22)] == [0, 0]
    body = images.ImageRegRequest(swr_path="swr.example.com/team/image:1", description="d" * 512, read_me="r" * 3000)
    modelarts.register_image(images.RegisterImageRequest(body=body))
    modelarts.list_image(images.ListImageRequest(namespace="n" * 64, name="i" * 512))
    board = dlc.create_tensorboard(pai.CreateTensorboardRequest(priority="9")).body.tensorboard_id
    dlc.list_tensorboards(pai.ListTensorboardsRequest(page_size=100, page_number=1000))
    dlc.get_tensorboard_shared_url(board, pai.GetTensorboardSharedUrlRequest(expire_time_seconds="604800"))


@pytest.mark.parametrize("beyond", [{"page_size": 101}, {"page_size": 0}, {"page_number": 1001}, {"page_number": 0}])
def test_pages_beyond_the_documented_limits_are_refused(beyond: dict[str, int], vendors: Vendors) -> None:
    # Which code it would be is documented for DLC's jobs only.
    request = pai.ListTensorboardsRequest(**beyond)
    assert refused(lambda: vendors["pai"].list_tensorboards(request))[0] == 400


def test_a_link_for_more_than_a_week_is_refused(vendors: Vendors) -> None:
    board = vendors["pai"].create_tensorboard(pai.CreateTensorboardRequest()).body.tensorboard_id
    request = pai.GetTensorboardSharedUrlRequest(expire_time_seconds="604801")
    assert refused(lambda: vendors["pai"].get_tensorboard_shared_url(board, request))[0] == 400
