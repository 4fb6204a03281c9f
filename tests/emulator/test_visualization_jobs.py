"""Laws of the emulated visualization jobs: ModelArts' two ways of writing numbers, its envelopes, its statuses."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from mlworkbench_emulator import Emulator, Outcome

JOBS = "visualization-jobs"
SCHEDULE = {"type": "stop", "time_unit": "HOURS", "duration": 2}


async def create(client: httpx.AsyncClient, name: str = "job", **body: object) -> str:
    answer = await client.post(JOBS, json={"job_name": name, "train_url": "/bucket/logs/", **body})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["job_id"])


async def show(client: httpx.AsyncClient, job_id: str) -> dict[str, object]:
    answer = await client.get(f"{JOBS}/{job_id}")
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


async def listed(client: httpx.AsyncClient, **query: str) -> list[dict[str, object]]:
    answer = await client.get(JOBS, params=query)
    assert answer.status_code == 200, answer.text
    jobs: list[dict[str, object]] = answer.json()["jobs"]
    return jobs


def code(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["is_success"] is False
    assert "error_msg" not in body
    return answer.status_code, body["error_code"]


async def test_create_writes_its_numbers_as_text(huawei: httpx.AsyncClient) -> None:
    answer = (await huawei.post(JOBS, json={"job_name": "a", "train_url": "/b/"})).json()
    assert sorted(answer) == ["create_time", "is_success", "job_id", "job_name", "status"]
    assert (answer["is_success"], answer["job_id"], answer["status"]) == (True, "10", "1")
    assert len(answer["create_time"]) == 13
    assert answer["create_time"].isdigit()


async def test_detail_and_list_write_them_as_numbers(huawei: httpx.AsyncClient) -> None:
    await create(huawei, job_desc="text")
    for job in (await show(huawei, "10"), *(await listed(huawei))):
        assert (job["job_id"], job["status"], job["job_desc"]) == (10, 8, "text")
        assert isinstance(job["create_time"], int)
        assert isinstance(job["duration"], int)
        assert job["remaining_duration"] is None


async def test_detail_never_shows_type_flavor_and_schedule(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    job_id = await create(huawei, job_type="MindInsight", flavor={"code": "cpu"}, schedule=SCHEDULE)
    assert not {"job_type", "flavor", "schedule", "workspace_id"} & set(await show(huawei, job_id))
    kept = emulator.resources.get(JOBS, job_id)
    assert (kept["job_type"], kept["flavor"], kept["schedule"]) == ("mindinsight", {"code": "cpu"}, [SCHEDULE])


@pytest.mark.parametrize("schedule", [SCHEDULE, [SCHEDULE]])
async def test_a_schedule_may_be_an_object_or_an_array_and_is_listed_as_an_array(
    huawei: httpx.AsyncClient, schedule: object
) -> None:
    await create(huawei, schedule=schedule)
    assert (await listed(huawei))[0]["schedule"] == [{"type": "stop", "timeUnit": "HOURS", "duration": 2}]


@pytest.mark.parametrize(
    "change",
    [
        {"job_name": None},
        {"job_name": "a" * 21},
        {"job_name": "with space"},
        {"job_name": ""},
        {"train_url": None},
        {"job_desc": "d" * 257},
        {"job_type": "notebook"},
        {"flavor": {}},
        {"schedule": {**SCHEDULE, "duration": 25}},
        {"schedule": {**SCHEDULE, "time_unit": "DAYS"}},
        {"schedule": {**SCHEDULE, "type": "start"}},
        {"schedule": [SCHEDULE, SCHEDULE]},
    ],
)
async def test_a_body_that_is_not_as_documented_is_refused(
    emulator: Emulator, huawei: httpx.AsyncClient, change: dict[str, object]
) -> None:
    body = {"job_name": "job", "train_url": "/b/", **change}
    assert code(await huawei.post(JOBS, json=body)) == (400, "ModelArts.0104")
    assert emulator.resources.all(JOBS) == []


async def test_names_are_unique_within_a_project(huawei: httpx.AsyncClient, otc: httpx.AsyncClient) -> None:
    await create(huawei)
    answer = await huawei.post(JOBS, json={"job_name": "job", "train_url": "/b/"})
    assert code(answer) == (400, "ModelArts.0103")
    await create(otc)


async def test_a_project_has_room_for_so_many_jobs(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.settings = replace(emulator.settings, job_limit=1)
    await create(huawei)
    answer = await huawei.post(JOBS, json={"job_name": "two", "train_url": "/b/"})
    assert code(answer) == (400, "ModelArts.0106")
    counts = (await huawei.get(JOBS)).json()
    assert (counts["job_total_count"], counts["job_count_limit"], counts["quotas"]) == (1, 0, 1)


async def test_update_takes_a_description_only(huawei: httpx.AsyncClient) -> None:
    job_id = await create(huawei, job_desc="before")
    path = f"{JOBS}/{job_id}"
    answer = await huawei.put(path, json={"job_desc": "after", "train_url": "/other/"})
    assert answer.json() == {"is_success": True}
    shown = await show(huawei, job_id)
    assert (shown["job_desc"], shown["train_url"]) == ("after", "/bucket/logs/")
    await huawei.put(path, json={"job_desc": ""})
    assert (await show(huawei, job_id))["job_desc"] == ""
    for body in ({}, {"job_desc": "d" * 257}, {"job_desc": None}):
        assert code(await huawei.put(path, json=body)) == (400, "ModelArts.0104")


async def test_statuses_walk_as_expected(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.progress = "reads:1"
    job_id = await create(huawei)
    path = f"{JOBS}/{job_id}"
    assert [(await show(huawei, job_id))["status"] for _ in range(4)] == [1, 4, 7, 8]
    await huawei.post(f"{path}/stop")
    assert [(await show(huawei, job_id))["status"] for _ in range(2)] == [9, 12]
    await huawei.post(f"{path}/restart")
    assert [(await show(huawei, job_id))["status"] for _ in range(4)] == [1, 4, 7, 8]
    await huawei.delete(path)
    assert (await show(huawei, job_id))["status"] == 9
    assert code(await huawei.get(path)) == (404, "ModelArts.0102")


async def test_a_url_is_shown_before_the_job_runs(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.progress = "reads:1"
    job_id = await create(huawei)
    urls = [str((await show(huawei, job_id))["service_url"]) for _ in range(4)]
    assert [bool(url) for url in urls] == [False, False, True, True]
    assert (await huawei.get(urls[-1], auth=httpx.Auth())).status_code == 200


@pytest.mark.parametrize(
    ("status", "method", "action", "verb"),
    [
        (9, "DELETE", "", "delete"),
        (10, "POST", "/stop", "stop"),
        (7, "POST", "/stop", "stop"),
        (8, "POST", "/restart", "resubmit"),
        (11, "POST", "/restart", "resubmit"),
    ],
)
async def test_the_wrong_status_is_named_at_the_end_of_the_message(
    emulator: Emulator, huawei: httpx.AsyncClient, status: int, method: str, action: str, verb: str
) -> None:
    job_id = await create(huawei)
    emulator.resources.change(JOBS, job_id, {"status": status})
    answer = await huawei.request(method, f"{JOBS}/{job_id}{action}")
    assert code(answer) == (400, "ModelArts.0105")
    assert answer.json()["error_message"] == f"This job can't be {verb}. job status: {status}"


async def test_statuses_in_which_a_job_cannot_be_deleted_can_be_set(
    emulator: Emulator, huawei: httpx.AsyncClient
) -> None:
    emulator.settings = replace(emulator.settings, job_delete_refused_in=(8, 9))
    job_id = await create(huawei)
    assert code(await huawei.delete(f"{JOBS}/{job_id}")) == (400, "ModelArts.0105")
    await huawei.post(f"{JOBS}/{job_id}/stop")
    assert (await huawei.delete(f"{JOBS}/{job_id}")).json() == {"is_success": True}


@pytest.mark.parametrize("job_id", ["999", "no-number"])
async def test_a_missing_job_is_not_found_by_any_call(huawei: httpx.AsyncClient, job_id: str) -> None:
    path = f"{JOBS}/{job_id}"
    calls = [
        huawei.get(path),
        huawei.delete(path),
        huawei.put(path, json={"job_desc": "d"}),
        huawei.post(f"{path}/stop"),
        huawei.post(f"{path}/restart"),
    ]
    for call in calls:
        assert code(await call) == (404, "ModelArts.0102")


async def test_failures_can_come_with_200(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.settings = replace(emulator.settings, job_errors_as_200=True)
    assert code(await huawei.get(f"{JOBS}/999")) == (200, "ModelArts.0102")
    assert code(await huawei.post(JOBS, json={})) == (200, "ModelArts.0104")


async def test_a_job_of_another_project_is_not_found(huawei: httpx.AsyncClient, otc: httpx.AsyncClient) -> None:
    job_id = await create(huawei)
    assert code(await otc.get(f"{JOBS}/{job_id}")) == (404, "ModelArts.0102")
    assert await listed(otc) == []


async def test_list_searches_sorts_and_pages(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    for name in ("beta", "alpha", "gamma"):
        await create(huawei, name)
    await huawei.post(f"{JOBS}/11/stop")

    async def names(**query: str) -> list[object]:
        return [job["job_name"] for job in await listed(huawei, **query)]

    assert await names() == ["beta", "alpha", "gamma"]
    assert await names(sortBy="job_name") == ["alpha", "beta", "gamma"]
    assert await names(sortBy="job_id", order="desc") == ["gamma", "alpha", "beta"]
    assert await names(search_content="mm") == ["gamma"]
    assert await names(status="12") == ["alpha"]
    assert await names(per_page="2", page="2") == ["gamma"]
    assert await names(workspace_id="7") == []
    # One of the vendor's clients spells it another way, which has no effect.
    assert await names(sort_by="job_name") == ["beta", "alpha", "gamma"]


@pytest.mark.parametrize(
    "query",
    [{"per_page": "1001"}, {"page": "0"}, {"order": "up"}, {"sortBy": "train_url"}, {"search_content": "x" * 65}],
)
async def test_list_refuses_what_is_out_of_range(huawei: httpx.AsyncClient, query: dict[str, str]) -> None:
    assert code(await huawei.get(JOBS, params=query)) == (400, "ModelArts.0104")


@pytest.mark.parametrize(("ending", "walk"), [(3, [1, 2, 3]), (5, [1, 4, 5]), (11, [1, 4, 7, 11])])
async def test_a_creation_can_be_made_to_fail(
    emulator: Emulator, huawei: httpx.AsyncClient, ending: int, walk: list[int]
) -> None:
    emulator.progress = "reads:1"
    emulator.outcomes.add(Outcome("CreateVisualizationJob", ending))
    job_id = await create(huawei)
    assert [(await show(huawei, job_id))["status"] for _ in walk] == walk
    assert (await show(huawei, job_id))["status"] == ending


async def test_a_schedule_stops_the_job(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    job_id = await create(huawei, schedule=[SCHEDULE])
    await show(huawei, job_id)
    emulator.advance(2 * 3600 - 60)
    assert (await show(huawei, job_id))["status"] == 8
    emulator.advance(120)
    stopped = await show(huawei, job_id)
    assert (stopped["status"], stopped["duration"]) == (12, 2 * 3600 * 1000)


async def test_a_schedule_of_zero_hours_stops_nothing(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    job_id = await create(huawei, schedule={**SCHEDULE, "duration": 0})
    await show(huawei, job_id)
    emulator.advance(86400)
    assert (await show(huawei, job_id))["status"] == 8
