"""Laws of the emulated images: ModelArts' renamed fields, hidden defaults, SWR contents and groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from mlworkbench_emulator import Emulator, Outcome

PATH = "swr.region.example.com/org/repo:1.0"


async def register(client: httpx.AsyncClient, path: str = PATH, **body: object) -> dict[str, object]:
    answer = await client.post("images", json={"swr_path": path, **body})
    assert answer.status_code == 200, answer.text
    image: dict[str, object] = answer.json()
    return image


async def page(client: httpx.AsyncClient, path: str = "images", **query: str) -> dict[str, Any]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def tags(client: httpx.AsyncClient, **query: str) -> list[object]:
    return [image["tag"] for image in (await page(client, type="DEDICATED", **query))["data"]]


def code(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert "error_message" not in body
    return answer.status_code, body["error_code"]


async def test_register_takes_names_from_the_path_and_defaults_from_the_documents(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei)
    assert (image["namespace"], image["name"], image["tag"]) == ("org", "repo", "1.0")
    assert (image["arch"], image["service_type"], image["origin"]) == ("x86_64", "UNKNOWN", "CUSTOMIZE")
    assert (image["visibility"], image["workspace_id"], image["description"]) == ("PRIVATE", "0", "")
    assert (image["status"], image["type"]) == ("ACTIVE", "DEDICATED")
    assert image["create_at"] == image["update_at"]
    assert len(str(image["create_at"])) == 13
    assert isinstance(image["size"], int)
    assert image["size"] > 1_000_000


async def test_fields_come_back_under_other_names_and_in_other_order(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei, services=["NOTEBOOK", "SSH"], resource_category=["CPU", "GPU"], arch="AARCH64")
    assert (image["dev_services"], image["resource_categories"]) == (["SSH", "NOTEBOOK"], ["GPU", "CPU"])
    assert image["arch"] == "aarch64"
    assert not {"services", "resource_category"} & set(image)


async def test_what_is_omitted_comes_back_with_both_services_and_both_categories(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei)
    assert image["dev_services"] == ["SSH", "NOTEBOOK"]
    assert image["resource_categories"] == ["GPU", "CPU"]


async def test_the_read_me_is_never_returned(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    image = await register(huawei, read_me="secret recipe")
    shown = (await huawei.get(f"images/{image['id']}")).json()
    assert "read_me" not in shown
    assert emulator.resources.get("images", str(image["id"]))["read_me"] == "secret recipe"


async def test_tags_are_taken_as_text_or_objects_and_returned_as_objects(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei, tags=["team=vision", {"key": "stage", "value": "dev"}])
    assert image["tags"] == [{"key": "team", "value": "vision"}, {"key": "stage", "value": "dev"}]


@pytest.mark.parametrize(
    "change",
    [
        {"swr_path": None},
        {"swr_path": "short/a:b"},
        {"swr_path": "swr.region.example.com/org/repo"},
        {"swr_path": "swr.region.example.com/org/sub/repo:1.0"},
        {"arch": "x86_64"},
        {"description": "d" * 513},
        {"origin": "BOUGHT"},
        {"resource_category": ["TPU"]},
        {"resource_category": "CPU"},
        {"service_type": "GAME"},
        {"services": ["TELNET"]},
        {"visibility": "EVERYONE"},
        {"workspace_id": "A"},
        {"tags": [f"k{number}=v" for number in range(21)]},
        {"read_me": "r" * 3001},
    ],
)
async def test_a_body_that_is_not_as_documented_is_refused(
    emulator: Emulator, huawei: httpx.AsyncClient, change: dict[str, object]
) -> None:
    answer = await huawei.post("images", json={"swr_path": PATH, **change})
    assert code(answer) == (400, "ModelArts.6400")
    assert emulator.resources.all("images") == []


async def test_a_path_is_registered_once_in_a_project(huawei: httpx.AsyncClient, otc: httpx.AsyncClient) -> None:
    await register(huawei)
    answer = await huawei.post("images", json={"swr_path": PATH, "workspace_id": "0" * 32})
    assert code(answer) == (400, "ModelArts.6737")
    await register(otc)


async def test_show_gives_what_register_gave(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei)
    assert (await huawei.get(f"images/{image['id']}")).json() == image


async def test_a_missing_image_is_a_400_of_6404(huawei: httpx.AsyncClient, otc: httpx.AsyncClient) -> None:
    image = await register(huawei)
    calls = [
        huawei.get("images/none"),
        huawei.delete("images/none"),
        huawei.post("images/none/sync"),
        otc.get(f"images/{image['id']}"),
    ]
    for call in calls:
        assert code(await call) == (400, "ModelArts.6404")


@pytest.mark.parametrize(
    ("setting", "answer"),
    [("not-found", (400, "ModelArts.6404")), ("http-404", (404, "ModelArts.6404"))],
)
async def test_delete_answers_the_image_and_then_it_is_gone(
    emulator: Emulator, huawei: httpx.AsyncClient, setting: str, answer: tuple[int, str]
) -> None:
    emulator.settings = emulator.settings.changed({"deleted_images": setting})
    image = await register(huawei)
    deleted = await huawei.delete(f"images/{image['id']}")
    assert (deleted.json()["id"], deleted.json()["status"]) == (image["id"], "DELETED")
    assert code(await huawei.get(f"images/{image['id']}")) == answer
    assert code(await huawei.delete(f"images/{image['id']}")) == (400, "ModelArts.6404")
    assert await tags(huawei) == []


async def test_a_deleted_image_can_stay_readable(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.settings = replace(emulator.settings, deleted_images="deleted")
    image = await register(huawei)
    await huawei.delete(f"images/{image['id']}")
    assert (await huawei.get(f"images/{image['id']}")).json()["status"] == "DELETED"
    assert await tags(huawei) == []
    assert (await register(huawei))["id"] != image["id"]


async def test_contents_stay_unless_forced(huawei: httpx.AsyncClient) -> None:
    for query, body in (({}, {}), ({"force": "false"}, {"is_force": False})):
        image = await register(huawei)
        await huawei.request("DELETE", f"images/{image['id']}", params=query, json=body)
    await register(huawei)


@pytest.mark.parametrize(
    ("query", "body"),
    [({"force": "true"}, None), ({"force": "True"}, None), ({}, {"is_force": True}), ({"force": "true"}, {})],
)
async def test_a_forced_delete_takes_the_contents_along(
    emulator: Emulator, huawei: httpx.AsyncClient, query: dict[str, str], body: dict[str, bool] | None
) -> None:
    image = await register(huawei)
    await huawei.request("DELETE", f"images/{image['id']}", params=query, json=body)
    assert code(await huawei.post("images", json={"swr_path": PATH})) == (400, "ModelArts.6797")
    emulator.swr.push(PATH)
    await register(huawei)


async def test_a_forced_delete_leaves_contents_of_public_images(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei, visibility="PUBLIC")
    await huawei.delete(f"images/{image['id']}", params={"force": "true"})
    await register(huawei)


async def test_contents_need_not_be_checked(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.swr.remove(PATH)
    emulator.settings = replace(emulator.settings, swr_contents_checked=False)
    await register(huawei)


async def test_a_flag_of_another_type_is_refused(huawei: httpx.AsyncClient) -> None:
    image = await register(huawei)
    answer = await huawei.request("DELETE", f"images/{image['id']}", json={"is_force": "yes"})
    assert code(answer) == (400, "ModelArts.6400")


async def test_list_shows_preset_images_unless_asked(huawei: httpx.AsyncClient) -> None:
    await register(huawei)
    presets = (await page(huawei))["data"]
    assert {image["type"] for image in presets} == {"BUILD_IN"}
    assert len(presets) == 3
    assert not {"namespace", "origin", "visibility", "size"} & set(presets[0])
    assert await tags(huawei) == ["1.0"]


async def test_a_preset_image_can_be_read_and_not_deleted(huawei: httpx.AsyncClient) -> None:
    preset = (await page(huawei))["data"][0]
    assert (await huawei.get(f"images/{preset['id']}")).json() == preset
    assert code(await huawei.delete(f"images/{preset['id']}")) == (403, "ModelArts.0108")


async def test_names_are_compared_in_part_unless_told(huawei: httpx.AsyncClient) -> None:
    await register(huawei, "swr.region.example.com/org/repo:1")
    await register(huawei, "swr.region.example.com/org/repo-extra:2")
    assert await tags(huawei, name="repo") == ["2", "1"]
    assert await tags(huawei, name="repo", name_fuzzy_match="false") == ["1"]
    assert await tags(huawei, name="extra", name_fuzzy_match="true") == ["2"]


async def test_list_filters_sorts_and_counts_records(huawei: httpx.AsyncClient) -> None:
    for number in range(3):
        await register(huawei, f"swr.region.example.com/org{number}/repo:{number}", service_type="TRAIN")
    await register(huawei, "swr.region.example.com/org/repo:elsewhere", workspace_id="0" * 32)
    assert await tags(huawei) == ["2", "1", "0"]
    assert await tags(huawei, sort_dir="ASC") == ["0", "1", "2"]
    assert await tags(huawei, sort_key="name,tag", sort_dir="DESC") == ["2", "1", "0"]
    assert await tags(huawei, namespace="org1") == ["1"]
    assert await tags(huawei, service_type="DEV") == []
    assert await tags(huawei, workspace_id="0" * 32) == ["elsewhere"]
    envelope = await page(huawei, type="DEDICATED", limit="2", offset="1")
    assert [image["tag"] for image in envelope["data"]] == ["1", "0"]
    counts = {name: value for name, value in envelope.items() if isinstance(value, int)}
    assert counts == {"current": 1, "size": 2, "total": 3, "pages": 2}


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"sort_key": "colour"}, "ModelArts.6303"),
        ({"limit": "0"}, "ModelArts.6400"),
        ({"type": "OTHER"}, "ModelArts.6400"),
        ({"sort_dir": "up"}, "ModelArts.6400"),
    ],
)
async def test_list_refuses_what_is_out_of_range(huawei: httpx.AsyncClient, query: dict[str, str], answer: str) -> None:
    assert code(await huawei.get("images", params=query)) == (400, answer)


async def test_the_word_group_is_no_id(huawei: httpx.AsyncClient) -> None:
    for tag in ("1", "2"):
        await register(huawei, f"swr.region.example.com/org/repo:{tag}")
    group = (await page(huawei, "images/group", name="repo", name_fuzzy_match="false"))["data"][0]
    assert (group["namespace"], group["name"], group["version_count"]) == ("org", "repo", 2)


async def test_a_group_is_changed_and_deleted_with_all_its_versions(
    emulator: Emulator, huawei: httpx.AsyncClient
) -> None:
    for tag in ("1", "2"):
        await register(huawei, f"swr.region.example.com/org/repo:{tag}")
    group = (await page(huawei, "images/group", name="repo"))["data"][0]
    body = {"read_me": "all", "tags": [{"key": "k", "value": "v"}]}
    assert (await huawei.put(f"images/group/{group['id']}", json=body)).status_code == 200
    assert [image["read_me"] for image in emulator.resources.all("images")] == ["all", "all"]
    await huawei.request("DELETE", f"images/group/{group['id']}", json={"is_force": True})
    assert emulator.resources.all("images") == []
    assert len(emulator.swr.removed()) == 2
    assert code(await huawei.put(f"images/group/{group['id']}", json=body)) == (400, "ModelArts.6404")


async def test_sync_sets_the_status_to_what_swr_holds(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    path = f"images/{(await register(huawei))['id']}"
    emulator.swr.remove(PATH)
    broken = (await huawei.post(f"{path}/sync")).json()
    assert broken["status"] == "ERROR"
    assert broken["status_message"]
    emulator.swr.push(PATH)
    repaired = (await huawei.post(f"{path}/sync")).json()
    assert repaired["status"] == "ACTIVE"
    assert "status_message" not in repaired


@pytest.mark.parametrize("ending", ["CREATE_FAILED", "ERROR", "ACTIVE"])
async def test_an_asked_for_ending_is_walked_to(emulator: Emulator, huawei: httpx.AsyncClient, ending: str) -> None:
    emulator.progress = "reads:1"
    emulator.outcomes.add(Outcome("RegisterImage", ending, reason_message="no space"))
    image = await register(huawei)
    assert image["status"] == "INIT"
    walk = [(await huawei.get(f"images/{image['id']}")).json() for _ in range(3)]
    assert [shown["status"] for shown in walk] == ["INIT", "CREATING", ending]
    assert walk[-1]["status_message"] == "no space"
