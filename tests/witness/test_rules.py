"""The emulator keeps the rules of the vendors' pages for what may be done when, as official clients find out.

Knows what is refused in which state and what goes along with what; forms, defaults and callers have tests of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench_emulator import Emulator, Outcome

from .facts import BOARD_CAP, JOB_QUOTA
from .vendors import Vendors, refusal_of
from .wiretap import Wiretap

PATH = "swr.example.com/team/image:1"

BOARD_CALLS: dict[str, Callable[[Any, str], object]] = {
    "start": lambda client, id: client.start_tensorboard(id, pai.StartTensorboardRequest()),
    "stop": lambda client, id: client.stop_tensorboard(id, pai.StopTensorboardRequest()),
    "delete": lambda client, id: client.delete_tensorboard(id, pai.DeleteTensorboardRequest()),
}
JOB_CALLS: dict[str, Callable[[Any, str], object]] = {
    "stop": lambda client, id: client.stop_job(id),
    "restart": lambda client, id: client.restart_job(id),
    "delete": lambda client, id: client.delete_job(id),
}
# Which states a call is for; in all others it is refused.
BOARD_STATES = {"start": {"Stopped", "Succeeded"}, "stop": {"Running"}, "delete": {"Stopped", "Succeeded", "Failed"}}
JOB_STATES = {"stop": {8}, "restart": {12, 13}}


def new_board(client: Any, **facts: Any) -> str:
    return str(client.create_tensorboard(pai.CreateTensorboardRequest(**facts)).body.tensorboard_id)


def board_status(client: Any, id: str) -> str:
    return str(client.get_tensorboard(id, pai.GetTensorboardRequest()).body.status)


def told(call: Callable[[], object]) -> tuple[int | None, str]:
    seen = refusal_of(call)
    return seen.status, seen.code


@pytest.mark.parametrize("status", ["Pending", "Creating", "Running", "Stopping", "Stopped", "Succeeded", "Failed"])
@pytest.mark.parametrize("call", BOARD_STATES)
def test_a_tensorboard_takes_a_call_in_the_states_that_it_is_for(
    call: str, status: str, vendors: Vendors, emulator: Emulator
) -> None:
    client = vendors["pai"]
    id = new_board(client)
    emulator.resources.change("tensorboards", id, {"Status": status})
    if status in BOARD_STATES[call]:
        BOARD_CALLS[call](client, id)
        return
    assert told(lambda: BOARD_CALLS[call](client, id)) == (400, "BadRequest")
    assert board_status(client, id) == status


@pytest.mark.parametrize("status", [1, 4, 7, 8, 9, 10, 11, 12, 13])
@pytest.mark.parametrize("call", [*JOB_STATES, "delete"])
def test_a_job_takes_a_call_in_the_states_that_it_is_for(
    call: str, status: int, vendors: Vendors, emulator: Emulator, tap: Wiretap
) -> None:
    client = vendors["core"]
    id = client.create_job(job_name="a", train_url="/b/d/").job_id
    emulator.resources.change("visualization-jobs", id, {"status": status})
    if status in JOB_STATES.get(call, set(range(23)) - {9}):
        JOB_CALLS[call](client, id)
        return
    assert told(lambda: JOB_CALLS[call](client, id))[0] == 400
    answer = tap.last()[1].json
    assert answer["error_code"] == "ModelArts.0105"
    assert answer["error_message"].endswith(f"job status: {status}")
    assert client.show_job(id).status == status


def test_a_start_beyond_the_cap_of_tensorboards_is_refused(vendors: Vendors) -> None:
    client = vendors["pai"]
    resting = new_board(client)
    client.stop_tensorboard(resting, pai.StopTensorboardRequest())
    running = [new_board(client) for _ in range(BOARD_CAP)]
    start = pai.StartTensorboardRequest()
    assert told(lambda: client.start_tensorboard(resting, start)) == (400, "TensorboardLimitExceeded")
    assert board_status(client, resting) == "Stopped"
    # The documented way out.
    client.stop_tensorboard(running[0], pai.StopTensorboardRequest())
    client.start_tensorboard(resting, start)
    assert board_status(client, resting) == "Running"


@pytest.mark.parametrize(
    "wrong",
    [
        {"accessibility": "SECRET"},
        {"accessibility": "public"},
        {"priority": "0"},
        {"priority": "10"},
        {"priority": "high"},
        {"max_running_time_minutes": -1},
    ],
    ids=str,
)
def test_an_update_of_a_tensorboard_takes_the_documented_values_only(wrong: dict[str, Any], vendors: Vendors) -> None:
    client = vendors["pai"]
    id = new_board(client, accessibility="PRIVATE", priority="3", max_running_time_minutes=5)
    request = pai.UpdateTensorboardRequest(**wrong)
    assert told(lambda: client.update_tensorboard(id, request)) == (400, "InvalidParameter")
    board = client.get_tensorboard(id, pai.GetTensorboardRequest()).body
    assert (board.accessibility, board.priority, board.max_running_time_minutes) == ("PRIVATE", "3", 5)


@pytest.mark.parametrize("change", [{"accessibility": "PUBLIC"}, {"priority": "9"}, {"max_running_time_minutes": 7}])
def test_an_update_of_a_tensorboard_changes_what_it_names_and_nothing_else(
    change: dict[str, Any], vendors: Vendors
) -> None:
    client = vendors["pai"]
    before = {"accessibility": "PRIVATE", "priority": "3", "max_running_time_minutes": 5}
    id = new_board(client, **before)
    client.update_tensorboard(id, pai.UpdateTensorboardRequest(**change))
    board = client.get_tensorboard(id, pai.GetTensorboardRequest()).body
    assert {name: getattr(board, name) for name in before} == {**before, **change}


def test_every_change_of_a_tensorboard_is_dated(vendors: Vendors, emulator: Emulator) -> None:
    client = vendors["pai"]
    id = new_board(client)
    seen = []
    for change in (
        lambda: client.update_tensorboard(id, pai.UpdateTensorboardRequest(priority="7")),
        lambda: BOARD_CALLS["stop"](client, id),
        lambda: BOARD_CALLS["start"](client, id),
    ):
        emulator.advance(60)
        change()
        seen.append(client.get_tensorboard(id, pai.GetTensorboardRequest()).body)
    dates = [seen[0].gmt_create_time, *(board.gmt_modify_time for board in seen)]
    assert sorted(set(dates)) == dates
    assert {board.gmt_create_time for board in seen} == {dates[0]}
    # What runs again has not ended.
    assert [board.gmt_finish_time for board in seen] == [None, dates[2], None]


def test_a_change_of_a_group_is_dated(vendors: Vendors, emulator: Emulator) -> None:
    client = vendors["modelarts"]
    client.register_image(images.RegisterImageRequest(body=images.ImageRegRequest(swr_path=PATH)))

    def group() -> Any:
        return client.list_image_group(images.ListImageGroupRequest(name="image", type="DEDICATED")).data[0]

    before = group()
    emulator.advance(60)
    client.update_image_group(
        images.UpdateImageGroupRequest(id=before.id, body=images.UpdateImageGroupRequestBody(read_me="# New"))
    )
    assert (group().create_at, group().read_me) == (before.create_at, "# New")
    assert group().update_at >= before.update_at + 60_000


def test_the_list_of_jobs_tells_how_many_more_may_be_made(vendors: Vendors, tap: Wiretap) -> None:
    client = vendors["core"]
    for made in range(3):
        page = client.list_jobs()
        assert (page.job_total_count, page.job_count_limit, page.quotas) == (made, JOB_QUOTA - made, JOB_QUOTA)
        client.create_job(job_name=f"n{made}", train_url="/b/d/")
    # What the list leaves out counts all the same.
    page = client.list_jobs(search_content="n1")
    assert (page.job_total_count, page.job_count_limit) == (1, JOB_QUOTA - 3)
    for made in range(3, JOB_QUOTA):
        client.create_job(job_name=f"n{made}", train_url="/b/d/")
    assert client.list_jobs().job_count_limit == 0
    assert told(lambda: client.create_job(job_name="more", train_url="/b/d/"))[0] == 400
    assert tap.last()[1].json["error_code"] == "ModelArts.0106"


def deleted(vendors: Vendors, tap: Wiretap, visibility: str, way: str, force: bool | None) -> None:
    """Register an image and delete it in one of the documented ways, with the flag or without."""
    client = vendors["modelarts"]
    body = images.ImageRegRequest(swr_path=PATH, visibility=visibility)
    image = client.register_image(images.RegisterImageRequest(body=body))
    if way == "query":
        # OTC has no official client of the images: the core makes the call that its page shows.
        query = [] if force is None else [("force", force)]
        vendors["core"].do_http_request(
            method="DELETE",
            resource_path="/v1/{project_id}/images/{id}",
            path_params={"id": image.id},
            query_params=query,
            response_type="Done",
            response_headers=[],
            collection_formats={},
        )
        return
    if way == "group":
        (group,) = client.list_image_group(images.ListImageGroupRequest(name="image", type="DEDICATED")).data
        told_so = images.DeleteImageGroupRequestBody(is_force=force)
        client.delete_image_group(images.DeleteImageGroupRequest(id=group.id, body=told_so))
        return
    with_flag = None if force is None else images.DeleteImageRequestBody(is_force=force)
    client.delete_image(images.DeleteImageRequest(id=image.id, body=with_flag))


@pytest.mark.parametrize("force", [True, False, None])
@pytest.mark.parametrize("visibility", ["PRIVATE", "PUBLIC"])
@pytest.mark.parametrize("way", ["query", "body", "group"])
def test_the_content_of_an_image_goes_along_if_that_is_asked_for_and_it_is_private(
    way: str, visibility: str, force: bool | None, vendors: Vendors, tap: Wiretap, emulator: Emulator
) -> None:
    deleted(vendors, tap, visibility, way, force)
    page = vendors["modelarts"].list_image(images.ListImageRequest(type="DEDICATED"))
    assert page.total == 0
    assert emulator.swr.has(PATH) is not (force is True and visibility == "PRIVATE")


def test_the_vendors_own_images_cannot_be_deleted(vendors: Vendors) -> None:
    client = vendors["modelarts"]
    (preset, *_) = client.list_image(images.ListImageRequest()).data
    assert told(lambda: client.delete_image(images.DeleteImageRequest(id=preset.id)))[0] == 403
    assert client.show_image(images.ShowImageRequest(id=preset.id)).type == "BUILD_IN"


@pytest.mark.parametrize("state", ["CREATE_FAILED", "ERROR"])
def test_an_image_that_fails_says_why(state: str, vendors: Vendors, emulator: Emulator) -> None:
    emulator.progress = "reads:1"
    emulator.outcomes.add(Outcome("RegisterImage", state, reason_message="no space"))
    client = vendors["modelarts"]
    body = images.ImageRegRequest(swr_path=PATH)
    id = client.register_image(images.RegisterImageRequest(body=body)).id
    shown = [client.show_image(images.ShowImageRequest(id=id)) for _ in range(3)]
    assert [each.status for each in shown] == ["INIT", "CREATING", state]
    assert [each.status_message for each in shown] == [None, None, "no space"]


@pytest.mark.parametrize(("quota", "expected"), [("", "3"), ("quota-1", "7")])
def test_a_priority_may_be_dropped_in_silence_unless_a_quota_is_used(
    quota: str, expected: str, vendors: Vendors, emulator: Emulator
) -> None:
    emulator.settings = emulator.settings.changed({"priority_needs_quota": True})
    client = vendors["pai"]
    id = new_board(client, priority="3", quota_id=quota)
    client.update_tensorboard(id, pai.UpdateTensorboardRequest(priority="7"))
    assert client.get_tensorboard(id, pai.GetTensorboardRequest()).body.priority == expected


def test_a_deleted_tensorboard_may_still_be_shown_as_such(vendors: Vendors, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"keep_deleted_tensorboards": True})
    client = vendors["pai"]
    id = new_board(client)
    client.stop_tensorboard(id, pai.StopTensorboardRequest())
    client.delete_tensorboard(id, pai.DeleteTensorboardRequest())
    board = client.get_tensorboard(id, pai.GetTensorboardRequest()).body
    # The words of the page's sample.
    told_so = (board.status, board.reason_code, board.reason_message)
    assert told_so == ("Deleted", "Delete by user", "Tensorboard is deleted")
    assert client.list_tensorboards(pai.ListTensorboardsRequest()).body.total_count == 0
    assert told(lambda: BOARD_CALLS["delete"](client, id))[0] == 404
    assert told(lambda: BOARD_CALLS["start"](client, id))[0] == 404


def test_a_deleted_tensorboard_frees_its_place(vendors: Vendors) -> None:
    client = vendors["pai"]
    for _ in range(BOARD_CAP + 1):
        id = new_board(client)
        client.stop_tensorboard(id, pai.StopTensorboardRequest())
        client.delete_tensorboard(id, pai.DeleteTensorboardRequest())


def test_sources_make_pai_ignore_the_single_one(vendors: Vendors) -> None:
    client = vendors["pai"]
    source = pai.TensorboardDataSourceSpec(id="d-2", source_type="datasource")
    id = new_board(client, tensorboard_data_sources=[source], data_source_id="d-1", data_source_type="NAS", uri="no")
    board = client.get_tensorboard(id, pai.GetTensorboardRequest()).body
    assert (board.data_source_id, board.data_source_type) == ("", "")


def test_a_job_has_an_address_while_it_waits(vendors: Vendors, emulator: Emulator) -> None:
    emulator.progress = "reads:1"
    client = vendors["core"]
    id = client.create_job(job_name="a", train_url="/b/d/").job_id
    seen = [client.show_job(id) for _ in range(4)]
    assert [(each.status, bool(each.service_url)) for each in seen[2:]] == [(7, True), (8, True)]


def test_a_page_of_images_is_counted_from_one(vendors: Vendors) -> None:
    client = vendors["modelarts"]
    for number in range(5):
        body = images.ImageRegRequest(swr_path=f"swr.example.com/team/image:{number}")
        client.register_image(images.RegisterImageRequest(body=body))
    for offset, current, size in ((0, 1, 2), (2, 2, 2), (4, 3, 1)):
        page = client.list_image(images.ListImageRequest(type="DEDICATED", limit=2, offset=offset))
        assert (page.current, page.size, page.pages, page.total) == (current, size, 3, 5)
        assert len(page.data) == size
