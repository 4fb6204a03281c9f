"""Laws of progress: states advance at once, after reads or after time, and end where they were told to."""

from __future__ import annotations

import httpx
import pytest

from mlworkbench_emulator import Emulator, Outcome, Progress
from mlworkbench_emulator.progress import ProgressError


async def create(client: httpx.AsyncClient, **body: object) -> str:
    answer = await client.post("tensorboards", json=body)
    return str(answer.json()["TensorboardId"])


async def status(client: httpx.AsyncClient, tensorboard_id: str) -> str:
    answer = await client.get(f"tensorboards/{tensorboard_id}")
    return str(answer.json()["Status"]) if answer.status_code == 200 else "gone"


@pytest.mark.parametrize("text", ["immediate", "reads:0", "reads:3", "seconds:5", "seconds:0.5"])
def test_a_way_of_progress_is_written_as_it_is_read(text: str) -> None:
    assert str(Progress.parse(text)) == text


@pytest.mark.parametrize("text", ["", "now", "reads", "reads:", "reads:-1", "reads:1.5", "seconds:x", "immediate:1"])
def test_other_text_is_no_way_of_progress(text: str) -> None:
    with pytest.raises(ProgressError, match="immediate, reads:N or seconds:S"):
        Progress.parse(text)


async def test_each_state_is_shown_by_so_many_reads(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.progress = "reads:2"
    tensorboard_id = await create(pai)
    assert [await status(pai, tensorboard_id) for _ in range(3)] == ["Creating", "Creating", "Running"]
    path = f"tensorboards/{tensorboard_id}"
    await pai.put(f"{path}/stop")
    assert [await status(pai, tensorboard_id) for _ in range(3)] == ["Stopping", "Stopping", "Stopped"]
    await pai.delete(path)
    assert [await status(pai, tensorboard_id) for _ in range(3)] == ["Deleting", "Deleting", "gone"]


async def test_a_list_is_a_read_of_all_it_covers(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.progress = "reads:1"
    await create(pai)
    seen = [(await pai.get("tensorboards")).json()["Tensorboards"][0]["Status"] for _ in range(2)]
    assert seen == ["Creating", "Running"]


async def test_changes_and_looks_from_outside_are_no_reads(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.progress = "reads:1"
    tensorboard_id = await create(pai)
    for _ in range(3):
        await pai.put(f"tensorboards/{tensorboard_id}", params={"Priority": "2"})
        assert emulator.resources.get("tensorboards", tensorboard_id)["Status"] == "Creating"
    assert (await pai.put(f"tensorboards/{tensorboard_id}/stop")).status_code == 400


async def test_states_last_so_many_seconds_of_the_clock(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.progress = "seconds:60"
    tensorboard_id = await create(pai)
    emulator.advance(50)
    assert await status(pai, tensorboard_id) == "Creating"
    emulator.advance(11)
    assert await status(pai, tensorboard_id) == "Running"


async def test_several_states_can_pass_between_two_looks(emulator: Emulator, huawei: httpx.AsyncClient) -> None:
    emulator.progress = "seconds:10"
    await huawei.post("visualization-jobs", json={"job_name": "a", "train_url": "/b/"})
    emulator.advance(25)
    assert (await huawei.get("visualization-jobs/10")).json()["status"] == 7
    emulator.advance(10)
    assert (await huawei.get("visualization-jobs/10")).json()["status"] == 8


async def test_a_creation_can_be_made_to_fail_with_reasons(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.outcomes.add(Outcome("CreateTensorboard", "Creating_Failed", "OssDenied", "no access to the bucket"))
    failed, fine = await create(pai), await create(pai)
    shown = (await pai.get(f"tensorboards/{failed}")).json()
    assert (shown["Status"], shown["ReasonCode"]) == ("Creating_Failed", "OssDenied")
    assert shown["ReasonMessage"] == "no access to the bucket"
    assert await status(pai, fine) == "Running"
    assert (await pai.delete(f"tensorboards/{failed}")).status_code == 200


async def test_an_ending_is_used_as_often_as_asked_and_only_by_its_operation(
    emulator: Emulator, pai: httpx.AsyncClient
) -> None:
    emulator.outcomes.add(Outcome("StopTensorboard", "Failed", times=2))
    for ending in ("Failed", "Failed", "Stopped"):
        tensorboard_id = await create(pai)
        await pai.put(f"tensorboards/{tensorboard_id}/stop")
        assert await status(pai, tensorboard_id) == ending


async def test_a_running_time_ends_by_itself(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai, MaxRunningTimeMinutes=60)
    assert await status(pai, tensorboard_id) == "Running"
    emulator.advance(59 * 60)
    assert await status(pai, tensorboard_id) == "Running"
    emulator.advance(61)
    shown = (await pai.get(f"tensorboards/{tensorboard_id}")).json()
    assert (shown["Status"], shown["Duration"]) == ("Stopped", "3600")


async def test_a_longer_running_time_moves_the_end(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai, MaxRunningTimeMinutes=60)
    await status(pai, tensorboard_id)
    await pai.put(f"tensorboards/{tensorboard_id}", params={"MaxRunningTimeMinutes": "120"})
    emulator.advance(90 * 60)
    assert await status(pai, tensorboard_id) == "Running"


async def test_a_restart_winds_the_running_time_up_again(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai, MaxRunningTimeMinutes=60)
    for _ in range(2):
        emulator.advance(50 * 60)
        assert await status(pai, tensorboard_id) == "Running"
        await pai.put(f"tensorboards/{tensorboard_id}/stop")
        await pai.put(f"tensorboards/{tensorboard_id}/start")


async def test_no_running_time_means_no_end(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    tensorboard_id = await create(pai, MaxRunningTimeMinutes=0)
    await status(pai, tensorboard_id)
    emulator.advance(365 * 86400)
    assert await status(pai, tensorboard_id) == "Running"


async def test_where_a_timer_ends_can_be_chosen(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.settings = emulator.settings.changed({"tensorboard_timer_status": "Succeeded"})
    tensorboard_id = await create(pai, MaxRunningTimeMinutes=1)
    await status(pai, tensorboard_id)
    emulator.advance(120)
    assert await status(pai, tensorboard_id) == "Succeeded"


async def test_a_state_that_is_set_from_outside_holds(emulator: Emulator, pai: httpx.AsyncClient) -> None:
    emulator.progress = "reads:1"
    tensorboard_id = await create(pai)
    emulator.resources.change("tensorboards", tensorboard_id, {"Status": "Failed", "ReasonCode": "Broken"})
    assert [await status(pai, tensorboard_id) for _ in range(3)] == ["Failed"] * 3


def test_time_only_goes_forward(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="forward"):
        emulator.advance(-1)
