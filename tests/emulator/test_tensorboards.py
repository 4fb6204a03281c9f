"""Laws of the emulated TensorBoards: PAI's documented shapes, defaults, limits and oddities."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_COLLEAGUE, ALIBABA_OWNER, ALIBABA_WORKSPACE_ID


async def create(client: httpx.AsyncClient, **body: object) -> str:
    answer = await client.post("tensorboards", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["TensorboardId"])


async def get(client: httpx.AsyncClient, tensorboard_id: str) -> dict[str, object]:
    answer = await client.get(f"tensorboards/{tensorboard_id}")
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


async def names(client: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await client.get("tensorboards", params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return [item["DisplayName"] for item in answer.json()["Tensorboards"]]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["Code"]


async def test_create_answers_four_names_only(pai: httpx.AsyncClient) -> None:
    answer = await pai.post("tensorboards", json={"JobId": "dlc-1", "DataSourceId": "d-1"})
    body = answer.json()
    assert (body["JobId"], body["DataSourceId"]) == ("dlc-1", "d-1")
    assert sorted(body) == ["DataSourceId", "JobId", "RequestId", "TensorboardId"]


async def test_get_answers_the_object_at_top_level_with_empty_values(pai: httpx.AsyncClient) -> None:
    shown = await get(pai, await create(pai))
    assert {name: shown[name] for name in ("DisplayName", "JobId", "SummaryPath", "QuotaId", "ReasonCode")} == {
        "DisplayName": "",
        "JobId": "",
        "SummaryPath": "",
        "QuotaId": "",
        "ReasonCode": "",
    }
    assert shown["Duration"] == "0"
    assert shown["GmtFinishTime"] is None
    assert "RequestId" in shown
    assert shown["Token"]


async def test_what_a_create_leaves_out_gets_the_servers_defaults(pai: httpx.AsyncClient) -> None:
    shown = await get(pai, await create(pai))
    assert (shown["Priority"], shown["Accessibility"], shown["WorkspaceId"]) == ("1", "PRIVATE", ALIBABA_WORKSPACE_ID)
    assert (shown["Cpu"], shown["Memory"], shown["MaxRunningTimeMinutes"]) == (2, 4, 240)
    assert (shown["UserId"], shown["Username"]) == (ALIBABA_OWNER.user_id, ALIBABA_OWNER.username)


async def test_what_the_api_never_returns_is_kept_but_not_shown(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    hidden = {
        "Uri": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/logs/",
        "SourceType": "TrainingJob",
        "SourceId": "experiment",
        "DataSources": [{"DataSourceId": "d-1", "MountPath": "/mnt"}],
    }
    tensorboard_id = await create(pai, **hidden)
    shown = await get(pai, tensorboard_id)
    assert not set(hidden) & set(shown)
    kept = emulator.resources.get("tensorboards", tensorboard_id)
    assert {name: kept[name] for name in hidden} == hidden


async def test_tensorboard_data_sources_take_the_effect_of_three_fields_away(pai: httpx.AsyncClient) -> None:
    source = {"Id": "d-2", "SourceType": "datasource", "Uri": "oss://b.e/x/", "SummaryPath": "/run"}
    ignored = {"DataSourceId": "d-1", "Uri": "not even an address", "DataSourceType": "TAPE"}
    tensorboard_id = await create(pai, TensorboardDataSources=[source], **ignored)
    shown = await get(pai, tensorboard_id)
    assert (shown["DataSourceId"], shown["DataSourceType"]) == ("", "")
    assert shown["TensorboardDataSources"] == [{**source, "FullSummaryPath": "oss://b.e/x/run"}]


@pytest.mark.parametrize(
    "body",
    [
        {"SummaryPath": "/a", "SummaryRelativePath": "b"},
        {"Priority": "0"},
        {"Priority": "10"},
        {"Priority": 3},
        {"Accessibility": "SECRET"},
        {"DataSourceType": "TAPE"},
        {"Options": "{"},
        {"Cpu": "2"},
        {"Cpu": 0},
        {"Memory": True},
        {"MaxRunningTimeMinutes": -1},
        {"Uri": "oss://bucket/path"},
        {"Uri": "http://bucket.endpoint/path"},
        {"Uri": "oss://bucket.endpoint/path", "DataSourceType": "NAS"},
        {"TensorboardSpec": []},
        {"TensorboardDataSources": [{"SourceType": "elsewhere"}]},
        {"DisplayName": 7},
    ],
)
async def test_a_body_that_is_not_as_documented_is_refused(
    emulator: Emulator, pai: httpx.AsyncClient, body: dict[str, object]
) -> None:
    assert code(await pai.post("tensorboards", json=body)) == (400, "InvalidParameter")
    assert emulator.resources.all("tensorboards") == []


async def test_a_body_that_is_no_json_object_is_refused(pai: httpx.AsyncClient) -> None:
    for content in (b"{", b"[]", b'"x"'):
        headers = {"content-type": "application/json"}
        assert code(await pai.post("tensorboards", content=content, headers=headers)) == (400, "InvalidParameter")


async def test_an_address_of_nas_is_accepted(pai: httpx.AsyncClient) -> None:
    await create(pai, Uri="nas://fs-1.cn-hangzhou/logs", DataSourceType="NAS")


async def test_update_takes_the_query_and_ignores_a_body(pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai, MaxRunningTimeMinutes=60)
    ignored = {"Accessibility": "PUBLIC"}
    answer = await pai.put(f"tensorboards/{tensorboard_id}", params={"MaxRunningTimeMinutes": "90"}, json=ignored)
    assert sorted(answer.json()) == ["RequestId", "TensorboardId"]
    shown = await get(pai, tensorboard_id)
    assert (shown["MaxRunningTimeMinutes"], shown["Accessibility"]) == (90, "PRIVATE")
    query = {"Accessibility": "PUBLIC", "Priority": "9"}
    await pai.put(f"tensorboards/{tensorboard_id}", params=query)
    shown = await get(pai, tensorboard_id)
    assert (shown["Accessibility"], shown["Priority"]) == ("PUBLIC", "9")


@pytest.mark.parametrize("query", [{"Priority": "x"}, {"Accessibility": "public"}, {"MaxRunningTimeMinutes": "soon"}])
async def test_update_checks_its_query(pai: httpx.AsyncClient, query: dict[str, str]) -> None:
    tensorboard_id = await create(pai)
    assert code(await pai.put(f"tensorboards/{tensorboard_id}", params=query)) == (400, "InvalidParameter")


async def test_a_priority_without_a_quota_may_be_dropped(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.settings = replace(emulator.settings, priority_needs_quota=True)
    for quota, priority in (("", "1"), ("quota1", "5")):
        tensorboard_id = await create(pai, QuotaId=quota)
        await pai.put(f"tensorboards/{tensorboard_id}", params={"Priority": "5"})
        assert (await get(pai, tensorboard_id))["Priority"] == priority


async def test_a_life_runs_stops_starts_and_ends(pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai)
    path = f"tensorboards/{tensorboard_id}"
    assert (await get(pai, tensorboard_id))["Status"] == "Running"
    assert (await pai.put(f"{path}/stop")).status_code == 200
    stopped = await get(pai, tensorboard_id)
    assert stopped["Status"] == "Stopped"
    assert stopped["GmtFinishTime"]
    assert (await pai.put(f"{path}/start")).status_code == 200
    again = await get(pai, tensorboard_id)
    assert (again["Status"], again["GmtFinishTime"]) == ("Running", None)
    await pai.put(f"{path}/stop")
    assert (await pai.delete(path)).json()["TensorboardId"] == tensorboard_id
    for gone in (pai.get(path), pai.put(path), pai.put(f"{path}/stop"), pai.delete(path)):
        assert code(await gone) == (404, "NotFound")


async def test_the_wrong_state_is_a_bad_request(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai)
    path = f"tensorboards/{tensorboard_id}"
    assert code(await pai.put(f"{path}/start")) == (400, "BadRequest")
    assert code(await pai.delete(path)) == (400, "BadRequest")
    await pai.put(f"{path}/stop")
    assert code(await pai.put(f"{path}/stop")) == (400, "BadRequest")


async def test_a_running_one_can_be_deleted_where_the_settings_allow_it(
    emulator: Emulator, pai: httpx.AsyncClient
) -> None:
    emulator.settings = replace(emulator.settings, delete_running_tensorboards=True)
    assert (await pai.delete(f"tensorboards/{await create(pai)}")).status_code == 200


async def test_a_deleted_one_can_stay_readable(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.settings = replace(emulator.settings, keep_deleted_tensorboards=True, delete_running_tensorboards=True)
    tensorboard_id = await create(pai, DisplayName="gone")
    await pai.delete(f"tensorboards/{tensorboard_id}")
    shown = await get(pai, tensorboard_id)
    assert (shown["Status"], shown["ReasonCode"]) == ("Deleted", "Delete by user")
    assert await names(pai) == []
    assert code(await pai.put(f"tensorboards/{tensorboard_id}/start")) == (404, "NotFound")


async def test_the_cap_counts_what_is_up_in_the_whole_account(
    emulator: Emulator, pai: httpx.AsyncClient, colleague: httpx.AsyncClient
) -> None:
    emulator.settings = replace(emulator.settings, tensorboard_cap=2)
    first = await create(pai)
    await create(colleague)
    assert code(await pai.post("tensorboards", json={})) == (400, "TensorboardLimitExceeded")
    await pai.put(f"tensorboards/{first}/stop")
    await create(pai)
    assert code(await pai.put(f"tensorboards/{first}/start")) == (400, "TensorboardLimitExceeded")


async def test_another_account_sees_and_counts_nothing_of_this_one(
    emulator: Emulator, pai: httpx.AsyncClient, colleague: httpx.AsyncClient
) -> None:
    stranger = replace(ALIBABA_COLLEAGUE, account_id="another")
    emulator.settings = replace(emulator.settings, alibaba_users=(ALIBABA_OWNER, stranger), tensorboard_cap=1)
    tensorboard_id = await create(pai)
    assert code(await colleague.get(f"tensorboards/{tensorboard_id}")) == (404, "NotFound")
    assert await names(colleague, ShowOwn=False) == []
    await create(colleague)


async def test_the_cap_is_five_unless_set(pai: httpx.AsyncClient) -> None:
    for _ in range(5):
        await create(pai)
    assert code(await pai.post("tensorboards", json={})) == (400, "TensorboardLimitExceeded")


async def test_list_shows_ones_own_unless_asked(pai: httpx.AsyncClient, colleague: httpx.AsyncClient) -> None:
    await create(pai, DisplayName="mine")
    await create(colleague, DisplayName="theirs")
    assert await names(pai) == ["mine"]
    for no in ("false", "False", "FALSE"):
        assert sorted(await names(pai, ShowOwn=no)) == ["mine", "theirs"]
    assert await names(pai, ShowOwn="True") == ["mine"]
    assert await names(pai, ShowOwn=False, UserId=ALIBABA_COLLEAGUE.user_id) == ["theirs"]
    assert code(await pai.get("tensorboards", params={"ShowOwn": "perhaps"})) == (400, "InvalidParameter")


async def test_list_shows_a_week_unless_asked(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    await create(pai, DisplayName="old")
    emulator.advance(8 * 86400)
    await create(pai, DisplayName="new")
    assert await names(pai) == ["new"]
    assert await names(pai, StartTime="2020-01-01T00:00:00Z") == ["new", "old"]
    assert await names(pai, StartTime="2020-01-01T00:00:00Z", EndTime="2021-01-01T00:00:00Z") == []
    assert code(await pai.get("tensorboards", params={"StartTime": "2020"})) == (400, "InvalidParameter")


async def test_list_gives_pages_of_ten_and_the_total(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.settings = replace(emulator.settings, tensorboard_cap=12)
    made = [f"n{number:02}" for number in range(12)]
    for name in made:
        await create(pai, DisplayName=name)
    answer = (await pai.get("tensorboards")).json()
    assert (len(answer["Tensorboards"]), answer["TotalCount"]) == (10, 12)
    assert await names(pai, SortBy="DisplayName", Order="asc", PageSize=5, PageNumber=3) == made[10:]
    assert await names(pai, PageNumber=3) == []
    assert (await names(pai))[0] == "n11"


@pytest.mark.parametrize(
    "query",
    [{"PageSize": "101"}, {"PageSize": "0"}, {"PageNumber": "1001"}, {"SortBy": "Cpu"}, {"Status": "Pending"}],
)
async def test_list_refuses_what_is_out_of_range(pai: httpx.AsyncClient, query: dict[str, str]) -> None:
    assert code(await pai.get("tensorboards", params=query)) == (400, "InvalidParameter")


async def test_list_filters(pai: httpx.AsyncClient) -> None:
    spec = {"EcsType": "ecs.g6.large"}
    await create(pai, DisplayName="one", JobId="dlc-1", TensorboardSpec=spec, Accessibility="PUBLIC")
    two = await create(pai, DisplayName="two", WorkspaceId="7", SourceType="job", SourceId="dlc-9")
    await pai.put(f"tensorboards/{two}/stop")
    assert await names(pai, PaymentType="Postpaid") == await names(pai, JobId="dlc-1") == ["one"]
    assert await names(pai, PaymentType="Free") == await names(pai, WorkspaceId="7") == ["two"]
    assert await names(pai, Status="Stopped") == await names(pai, SourceId="dlc-9", SourceType="job") == ["two"]
    assert await names(pai, Accessibility="PUBLIC") == await names(pai, DisplayName="on") == ["one"]
    assert await names(pai, TensorboardId=two, Status="") == ["two"]


async def test_a_shared_url_lasts_a_week_at_most(pai: httpx.AsyncClient) -> None:
    path = f"tensorboards/{await create(pai)}/sharedurl"
    answer = await pai.get(path, params={"ExpireTimeSeconds": "604800"})
    assert "token=" in answer.json()["TensorboardSharedUrl"]
    assert code(await pai.get(path, params={"ExpireTimeSeconds": "604801"})) == (400, "InvalidParameter")


async def test_a_token_wants_its_target(pai: httpx.AsyncClient) -> None:
    answer = await pai.get("tokens", params={"TargetType": "tensorboard", "TargetId": "tb1"})
    assert answer.json()["Token"]
    assert code(await pai.get("tokens", params={"TargetType": "tensorboard"})) == (400, "InvalidParameter")


async def test_the_url_leads_to_a_page_while_it_runs(pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai, DisplayName="<b>")
    url = str((await get(pai, tensorboard_id))["TensorboardUrl"])
    page = await pai.get(url, auth=httpx.Auth())
    assert page.status_code == 200
    assert "&lt;b&gt;" in page.text
    await pai.put(f"tensorboards/{tensorboard_id}/stop")
    assert (await pai.get(url, auth=httpx.Auth())).status_code == 503
    assert (await pai.get(f"{url.rstrip('/')}x/", auth=httpx.Auth())).status_code == 404


async def test_duration_counts_the_seconds_of_running(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai)
    await get(pai, tensorboard_id)
    emulator.advance(100)
    assert str((await get(pai, tensorboard_id))["Duration"]).startswith("10")
    await pai.put(f"tensorboards/{tensorboard_id}/stop")
    stopped = (await get(pai, tensorboard_id))["Duration"]
    emulator.advance(100)
    assert (await get(pai, tensorboard_id))["Duration"] == stopped
