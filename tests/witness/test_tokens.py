"""Our client logs in once, renews a token that is refused or about to expire, and asks for the right project.

Counted is what the emulator was asked: IAM locks a user after bad passwords.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from huaweicloudsdkmodelarts.v1.model import ListImageRequest  # type: ignore[import-untyped]
from keystoneauth1.session import Session

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.wire.errors import InvalidRequest, Unauthenticated, Unavailable, Unreachable
from mlworkbench.wire.tokens import Login, PasswordToken
from mlworkbench_emulator import Emulator, Fault
from mlworkbench_emulator.accounts import (
    HUAWEI_PROJECT,
    HUAWEI_USER,
    OTC_PROJECT,
    Project,
)

from . import vendors as official
from .facts import TOKEN_SECONDS
from .ours import Ours, look
from .wiretap import Wiretap

JSON = {"content-type": "application/json"}
CALLS = 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"modelartsPassword": "not the password"},
        {"modelartsUserName": "nobody"},
        {"modelartsDomainName": "no-domain"},
        {"modelartsProjectName": "no-project"},
    ],
    ids=str,
)
async def test_a_refused_login_is_tried_once(wrong: dict[str, str], ours: Ours, emulator: Emulator) -> None:
    client = ours.otc(**wrong)
    for _ in range(CALLS):
        with pytest.raises(Unauthenticated):
            await look(client)
    assert emulator.journal.operations() == ["CreateToken"]


async def test_a_password_that_is_changed_meanwhile_is_sent_once(ours: Ours, emulator: Emulator) -> None:
    client = ours.otc()
    await look(client)
    emulator.settings = replace(emulator.settings, huawei_users=(replace(HUAWEI_USER, password="changed"),))
    emulator.advance(TOKEN_SECONDS + 60)
    for _ in range(CALLS):
        with pytest.raises(Unauthenticated):
            await look(client)
    assert [entry.status for entry in emulator.journal.of("CreateToken")] == [201, 401]


async def test_a_password_that_is_changed_meanwhile_is_sent_once_by_any_number_of_calls(
    ours: Ours, emulator: Emulator
) -> None:
    client = ours.otc()
    await look(client)
    emulator.settings = replace(emulator.settings, huawei_users=(replace(HUAWEI_USER, password="changed"),))
    emulator.advance(TOKEN_SECONDS + 60)
    told = await asyncio.gather(*(look(client) for _ in range(3 * CALLS)), return_exceptions=True)
    assert {type(each) for each in told} == {Unauthenticated}
    assert [entry.status for entry in emulator.journal.of("CreateToken")] == [201, 401]


@pytest.mark.parametrize("before", ["CreateToken", "ListProjects"])
@pytest.mark.parametrize("fault", [Fault("*", 503), Fault("*", drop_connection=True)], ids=["503", "silence"])
async def test_what_failed_before_a_call_was_sent_is_no_reason_not_to_send_it(
    before: str, fault: Fault, ours: Ours, emulator: Emulator
) -> None:
    client = ours.otc(maxRetries=0)
    emulator.faults.add(replace(fault, operation=before))
    body = visualization_jobs.CreateBody(job_name="a", train_url="/b/d/")
    with pytest.raises((Unavailable, Unreachable)) as caught:
        await client(visualization_jobs.CREATE, body=body)
    assert not caught.value.sent
    assert emulator.journal.of("CreateVisualizationJob") == []
    await client(visualization_jobs.CREATE, body=body)
    assert len(emulator.resources.all("visualization-jobs")) == 1


@pytest.mark.parametrize(
    ("named", "scope"),
    [
        ({"modelartsProjectId": OTC_PROJECT.id}, {"id": OTC_PROJECT.id}),
        ({"modelartsProjectName": OTC_PROJECT.name}, {"name": OTC_PROJECT.name}),
        ({"modelartsProjectName": None, "modelartsRegion": OTC_PROJECT.name}, {"name": OTC_PROJECT.name}),
    ],
    ids=["by id", "by name", "by region"],
)
async def test_a_login_is_for_the_project(
    named: dict[str, str], scope: dict[str, str], ours: Ours, tap: Wiretap
) -> None:
    await look(ours.otc(**named))
    login = next(asked.json["auth"] for asked in tap.asked if asked.path == "/v3/auth/tokens")
    assert login["scope"] == {"project": scope}


async def test_a_login_is_kept(ours: Ours, emulator: Emulator) -> None:
    client = ours.otc()
    await asyncio.gather(*(look(client) for _ in range(CALLS)))
    assert len(emulator.journal.of("CreateToken")) == 1


async def test_a_token_that_has_expired_is_renewed_and_the_call_made_again(ours: Ours, emulator: Emulator) -> None:
    client = ours.otc()
    await look(client)
    emulator.advance(TOKEN_SECONDS + 60)
    emulator.journal.clear()
    body = visualization_jobs.CreateBody(job_name="a", train_url="/b/d/")
    await client(visualization_jobs.CREATE, body=body)
    await look(client)
    told = [(entry.operation, entry.status) for entry in emulator.journal]
    assert told == [
        ("CreateVisualizationJob", 401),
        ("CreateToken", 201),
        ("CreateVisualizationJob", 200),
        ("ListVisualizationJobs", 200),
    ]


RENEWED_FOR = ("ModelArts.0201", "ModelArts.0202", "ModelArts.0203", "ModelArts.0204", "APIGW.0301", "APIGW.0307")


@pytest.mark.parametrize("code", RENEWED_FOR)
async def test_a_token_is_renewed_for_every_code_of_the_pages(code: str, ours: Ours, emulator: Emulator) -> None:
    client = ours.otc()
    await look(client)
    emulator.faults.add(Fault("ListVisualizationJobs", 401, code, "renew it"))
    await look(client)
    assert len(emulator.journal.of("CreateToken")) == 2


async def test_a_token_that_is_refused_anew_is_renewed_once(ours: Ours, emulator: Emulator) -> None:
    client = ours.otc()
    emulator.faults.add(Fault("ListVisualizationJobs", 401, "ModelArts.0203", "no", times=9))
    with pytest.raises(Unauthenticated):
        await look(client)
    assert len(emulator.journal.of("CreateToken")) == 2
    assert len(emulator.journal.of("ListVisualizationJobs")) == 2


async def test_a_token_is_renewed_before_it_expires(ours: Ours, url: str, emulator: Emulator) -> None:
    passed = timedelta(0)
    login = Login(HUAWEI_USER.name, HUAWEI_USER.password, HUAWEI_USER.domain_name, {"name": OTC_PROJECT.name})
    auth = PasswordToken(url, login, lambda: datetime.now(UTC) + passed)
    client = replace(ours.otc(modelartsProjectId=OTC_PROJECT.id), auth=auth)
    for seconds, logins in ((0, 1), (TOKEN_SECONDS / 2, 0), (TOKEN_SECONDS / 2 - 60, 1), (TOKEN_SECONDS / 2, 0)):
        emulator.advance(seconds)
        passed += timedelta(seconds=seconds)
        emulator.journal.clear()
        await look(client)
        assert len(emulator.journal.of("CreateToken")) == logins
        assert {entry.status for entry in emulator.journal} <= {200, 201}


async def test_a_ready_made_token_is_shown_as_it_is_and_never_renewed(
    ours: Ours, url: str, emulator: Emulator, tap: Wiretap
) -> None:
    token = str(official.otc(url).session.get_token())
    named = {"modelartsProjectId": OTC_PROJECT.id, "modelartsCloud": "otc", "modelartsToken": token}
    client = ours.client("modelarts", named)
    tap.clear()
    await look(client)
    assert tap.last()[0].header["x-auth-token"] == token
    emulator.advance(TOKEN_SECONDS + 60)
    emulator.journal.clear()
    with pytest.raises(Unauthenticated):
        await look(client)
    assert emulator.journal.operations() == ["ListVisualizationJobs"]


@pytest.mark.parametrize("query", ["", "?nocatalog=true", "?nocatalog=1"])
@pytest.mark.parametrize("user", ["name", "id"])
@pytest.mark.parametrize("domain", ["name", "id"])
@pytest.mark.parametrize("project", ["name", "id", ""])
def test_iam_takes_every_documented_form_of_a_login(query: str, user: str, domain: str, project: str, url: str) -> None:
    who = {"id": HUAWEI_USER.user_id} if user == "id" else {"name": HUAWEI_USER.name}
    of = {"id": HUAWEI_USER.domain_id} if domain == "id" else {"name": HUAWEI_USER.domain_name}
    scope = {"id": OTC_PROJECT.id} if project == "id" else {"name": OTC_PROJECT.name}
    told_user = {**who, "password": HUAWEI_USER.password, "domain": of}
    body: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": told_user}}}
    # A domain beside a project counts for nothing.
    body["scope"] = {"domain": of, **({"project": scope} if project else {})}
    answer = Session().post(f"{url}/v3/auth/tokens{query}", json={"auth": body}, authenticated=False)
    token = answer.json()["token"]
    assert answer.status_code == 201
    assert answer.headers["X-Subject-Token"]
    assert ("catalog" in token) is (query == "")
    assert token.get("project", {}).get("id") == (OTC_PROJECT.id if project else None)


@pytest.mark.parametrize(
    "spoil",
    [
        {"methods": ["totp"]},
        {"methods": []},
        {"password": {}},
        {"password": {"user": {"name": HUAWEI_USER.name, "password": HUAWEI_USER.password}}},
    ],
    ids=str,
)
def test_iam_refuses_a_login_of_another_form(spoil: dict[str, Any], url: str) -> None:
    user = {"id": HUAWEI_USER.user_id, "password": HUAWEI_USER.password}
    identity = {"methods": ["password"], "password": {"user": user}, **spoil}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": OTC_PROJECT.id}}}}
    answer = Session().post(f"{url}/v3/auth/tokens", json=body, authenticated=False, raise_exc=False)
    assert answer.status_code == 400
    assert "X-Subject-Token" not in answer.headers


def projects(*named: tuple[str, str]) -> str:
    return json.dumps({"projects": [{"id": id, "name": name, "enabled": True} for id, name in named]})


RIGHT = (HUAWEI_PROJECT.id, HUAWEI_PROJECT.name)
SIMILAR = (("p" * 32, f"{HUAWEI_PROJECT.name}_sub"), ("q" * 32, "MOS"), ("r" * 32, "cn-north-41"))


@pytest.mark.parametrize("place", range(len(SIMILAR) + 1))
async def test_the_project_of_the_whole_name_is_taken_wherever_it_stands(
    place: int, ours: Ours, emulator: Emulator, tap: Wiretap
) -> None:
    told = [*SIMILAR[:place], RIGHT, *SIMILAR[place:]]
    emulator.faults.add(Fault("ListProjects", 200, raw_body=projects(*told), headers=JSON))
    client = ours.huawei_by_region()
    for _ in range(2):
        await client(images.LIST, query=images.ListQuery())
        asked, _ = tap.last()
        assert asked.path == f"/v1/{HUAWEI_PROJECT.id}/images"
        assert asked.header["x-project-id"] == HUAWEI_PROJECT.id
    assert len(emulator.journal.of("ListProjects")) == 1


@pytest.mark.parametrize("told", [(), SIMILAR, (RIGHT, ("s" * 32, HUAWEI_PROJECT.name))], ids=["no", "none", "two"])
async def test_without_exactly_one_project_of_the_name_nothing_is_called(
    told: tuple[tuple[str, str], ...], ours: Ours, emulator: Emulator
) -> None:
    emulator.faults.add(Fault("ListProjects", 200, raw_body=projects(*told), headers=JSON))
    with pytest.raises(InvalidRequest):
        await ours.huawei_by_region()(images.LIST, query=images.ListQuery())
    assert emulator.journal.operations() == ["ListProjects"]


async def test_both_sides_find_the_same_project_among_several(ours: Ours, url: str, emulator: Emulator) -> None:
    others = tuple(Project(id, name) for id, name in SIMILAR)
    user = replace(HUAWEI_USER, projects=(*others, HUAWEI_PROJECT, OTC_PROJECT))
    emulator.settings = replace(emulator.settings, huawei_users=(user,))
    official.modelarts_by_region(url).list_image(ListImageRequest())
    await ours.huawei_by_region()(images.LIST, query=images.ListQuery())
    told = [(entry.query, entry.path) for entry in emulator.journal]
    look_up, call = told[:2]
    assert look_up == told[2] == ((("name", HUAWEI_PROJECT.name),), "/v3/projects")
    assert call[1] == told[3][1] == f"/v1/{HUAWEI_PROJECT.id}/images"
