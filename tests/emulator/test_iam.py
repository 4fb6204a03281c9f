"""Laws of the emulated IAM: tokens in a header, projects by name, Keystone's way of saying no."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT


def credentials(**user: object) -> dict[str, object]:
    whole = {"name": HUAWEI_USER.name, "password": HUAWEI_USER.password, "domain": {"name": HUAWEI_USER.domain_name}}
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": {**whole, **user}}}}}


async def test_a_token_comes_in_a_header_with_201(anyone: httpx.AsyncClient, login: dict[str, object]) -> None:
    answer = await anyone.post("/v3/auth/tokens", json=login)
    assert answer.status_code == 201
    assert answer.headers["X-Subject-Token"]
    token = answer.json()["token"]
    assert token["project"]["id"] == OTC_PROJECT.id
    issued, expires = (datetime.fromisoformat(token[name]) for name in ("issued_at", "expires_at"))
    assert expires - issued == timedelta(days=1)


async def test_the_catalogue_leads_back_here_unless_it_is_not_wanted(
    anyone: httpx.AsyncClient, login: dict[str, object]
) -> None:
    token = (await anyone.post("/v3/auth/tokens", json=login)).json()["token"]
    endpoints = {service["type"]: service["endpoints"][0] for service in token["catalog"]}
    assert endpoints["modelarts"]["url"] == f"http://emulator.test/v1/{OTC_PROJECT.id}"
    assert endpoints["modelarts"]["region"] == OTC_PROJECT.name
    without = await anyone.post("/v3/auth/tokens", params={"nocatalog": "true"}, json=login)
    assert "catalog" not in without.json()["token"]


async def test_a_user_may_be_named_by_id(anyone: httpx.AsyncClient) -> None:
    user = {"id": HUAWEI_USER.user_id, "password": HUAWEI_USER.password}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    assert (await anyone.post("/v3/auth/tokens", json=body)).status_code == 201


@pytest.mark.parametrize("wrong", [{"password": "no"}, {"name": "no"}, {"domain": {"name": "no"}}])
async def test_a_wrong_word_is_unauthorized(anyone: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    answer = await anyone.post("/v3/auth/tokens", json=credentials(**wrong))
    assert answer.status_code == 401
    assert sorted(answer.json()["error"]) == ["code", "message", "title"]
    assert "X-Subject-Token" not in answer.headers


async def test_a_project_that_is_not_the_users_is_unauthorized(anyone: httpx.AsyncClient) -> None:
    body = credentials()
    auth = body["auth"]
    assert isinstance(auth, dict)
    scoped = {"auth": {**auth, "scope": {"project": {"name": "nowhere"}}}}
    assert (await anyone.post("/v3/auth/tokens", json=scoped)).status_code == 401


@pytest.mark.parametrize("body", [{}, {"auth": {}}, {"auth": {"identity": {"methods": ["token"]}}}])
async def test_a_body_without_credentials_is_a_bad_request(anyone: httpx.AsyncClient, body: dict[str, object]) -> None:
    answer = await anyone.post("/v3/auth/tokens", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)


async def test_projects_are_found_by_the_name_of_the_region(
    huawei: httpx.AsyncClient, otc: httpx.AsyncClient, anyone: httpx.AsyncClient
) -> None:
    for client in (huawei, otc):
        answer = await client.get("http://emulator.test/v3/projects", params={"name": HUAWEI_PROJECT.name})
        assert [project["id"] for project in answer.json()["projects"]] == [HUAWEI_PROJECT.id]
        assert len((await client.get("http://emulator.test/v3/projects")).json()["projects"]) == 2
        assert (await client.get("http://emulator.test/v3/projects?name=x")).json()["projects"] == []
    assert (await anyone.get("/v3/projects")).status_code == 401


async def test_the_version_is_open_to_anyone(anyone: httpx.AsyncClient) -> None:
    for path in ("/v3", "/v3/"):
        assert (await anyone.get(path)).json()["version"]["status"] == "stable"
