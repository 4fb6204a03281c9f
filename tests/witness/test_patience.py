"""Our client makes a call again when the pages say that this can help and do no harm, and waits as long as it is told.

Counted is what the emulator was asked; nothing is slept through: the operation says how it waits.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.api.pai import tensorboards
from mlworkbench.wire.client import Client
from mlworkbench.wire.errors import CloudError, Throttled, Unavailable, Unreachable
from mlworkbench.wire.pauses import rests
from mlworkbench_emulator import Emulator, Fault

from .facts import THROTTLED, Refusal
from .ours import Ours
from .wiretap import Wiretap

RETRIES = 4

NAMED = tensorboards.CreateBody(display_name="a")
JOB = visualization_jobs.CreateBody(job_name="a", train_url="/b/d/")
IMAGE = images.RegisterBody(swr_path="swr.example.com/team/image:1")

Call = Callable[[Client], Awaitable[object]]

# By service: what makes something, and what only looks.
MAKING: dict[str, tuple[str, str, Call]] = {
    "CreateTensorboard": ("pai", "tensorboards", lambda client: client(tensorboards.CREATE, body=NAMED)),
    "CreateVisualizationJob": (
        "modelarts",
        "visualization-jobs",
        lambda client: client(visualization_jobs.CREATE, body=JOB),
    ),
    "RegisterImage": ("modelarts", "images", lambda client: client(images.REGISTER, body=IMAGE)),
}
LOOKING: dict[str, tuple[str, Call]] = {
    "ListTensorboards": ("pai", lambda client: client(tensorboards.LIST, query=tensorboards.ListQuery())),
    "ListVisualizationJobs": (
        "modelarts",
        lambda client: client(visualization_jobs.LIST, query=visualization_jobs.ListQuery()),
    ),
    "ListImage": ("modelarts", lambda client: client(images.LIST, query=images.ListQuery())),
}
CALLS = {**{name: (service, call) for name, (service, _, call) in MAKING.items()}, **LOOKING}

# An answer that says nothing of what became of the call, and none at all.
UNKNOWN = (
    Fault("*", 500),
    Fault("*", 502, raw_body="<html>Bad Gateway</html>"),
    Fault("*", 503),
    Fault("*", 504, raw_body=""),
    Fault("*", drop_connection=True),
)
unknown_outcomes = pytest.mark.parametrize("fault", UNKNOWN, ids=["500", "502", "503", "504", "silence"])


@dataclass
class Watch:
    """How long the operation was told to wait, each time."""

    waits: list[float] = field(default_factory=list)

    async def rest(self, seconds: float) -> None:
        self.waits += [seconds] if seconds else []


@pytest.fixture
def watch() -> Watch:
    return Watch()


async def called(name: str, ours: Ours, watch: Watch) -> object:
    """Make a call as an operation does that may wait."""
    service, call = CALLS[name]
    client = {"pai": ours.pai, "modelarts": ours.huawei}[service](maxRetries=RETRIES)
    token = rests.set(watch.rest)
    try:
        return await call(client)
    finally:
        rests.reset(token)


@unknown_outcomes
@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("name", MAKING)
async def test_what_may_have_made_something_is_not_asked_for_again(
    name: str, after_commit: bool, fault: Fault, ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    emulator.faults.add(replace(fault, operation=name, after_commit=after_commit))
    with pytest.raises(Unavailable if fault.status else Unreachable) as caught:
        await called(name, ours, watch)
    assert caught.value.sent
    assert len(emulator.journal.of(name)) == 1
    assert len(emulator.resources.all(MAKING[name][1])) == after_commit
    assert watch.waits == []


@unknown_outcomes
@pytest.mark.parametrize("name", LOOKING)
async def test_what_only_looks_is_asked_again(
    name: str, fault: Fault, ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    emulator.faults.add(replace(fault, operation=name))
    await called(name, ours, watch)
    assert len(emulator.journal.of(name)) == 2


def tensorboard_calls(client: Client, id: str) -> Iterator[tuple[str, Awaitable[Any]]]:
    query = tensorboards.UpdateQuery(accessibility="PUBLIC")
    yield "GetTensorboard", client(tensorboards.GET, {"id": id})
    yield "UpdateTensorboard", client(tensorboards.UPDATE, {"id": id}, query=query)
    yield "StopTensorboard", client(tensorboards.STOP, {"id": id})
    yield "StartTensorboard", client(tensorboards.START, {"id": id})
    yield "StopTensorboard", client(tensorboards.STOP, {"id": id})
    yield "DeleteTensorboard", client(tensorboards.DELETE, {"id": id})


async def test_every_call_for_a_tensorboard_but_its_creation_may_be_repeated(
    ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    client = ours.pai(maxRetries=RETRIES)
    id = (await client(tensorboards.CREATE, body=NAMED)).tensorboard_id
    token = rests.set(watch.rest)
    for name, call in tensorboard_calls(client, id):
        before = len(emulator.journal.of(name))
        emulator.faults.add(Fault(name, 503))
        await call
        assert len(emulator.journal.of(name)) == before + 2, name
    rests.reset(token)


# The first of the documented ones stands for all.
FIRST = {service: Fault("*", told[0].status, told[0].code) for service, told in THROTTLED.items()}
THROTTLINGS = [(name, told) for name, (service, *_) in CALLS.items() for told in THROTTLED[service]]
every_throttling = pytest.mark.parametrize(
    ("name", "refusal"), THROTTLINGS, ids=[f"{name} {told.status} {told.code}" for name, told in THROTTLINGS]
)


@every_throttling
async def test_a_call_that_is_throttled_is_made_again_whatever_it_does(
    name: str, refusal: Refusal, ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(name, refusal.status, refusal.code, "slow down"))
    await called(name, ours, watch)
    statuses = [(entry.status, entry.code) for entry in emulator.journal.of(name)]
    assert statuses == [(refusal.status, refusal.code), (200, "")]


async def test_a_throttled_job_may_be_told_with_a_status_of_success(
    ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    # The job service may report its own failures with is_success alone.
    raw = '{"is_success": false, "error_code": "ModelArts.0114", "error_message": "too frequent"}'
    emulator.faults.add(Fault("CreateVisualizationJob", 200, raw_body=raw))
    await called("CreateVisualizationJob", ours, watch)
    assert len(emulator.journal.of("CreateVisualizationJob")) == 2


@pytest.mark.parametrize(
    ("name", "headers", "seconds"),
    [
        ("ListTensorboards", {"x-acs-retry-after": "1500"}, 1.5),
        ("CreateTensorboard", {"x-acs-retry-after": "200"}, 0.2),
        ("ListTensorboards", {"Retry-After": "7"}, 7.0),
        ("ListImage", {"Retry-After": "7"}, 7.0),
        ("CreateVisualizationJob", {"Retry-After": "120"}, 120.0),
    ],
)
async def test_we_wait_as_long_as_we_are_told(
    name: str, headers: dict[str, str], seconds: float, ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    emulator.faults.add(replace(FIRST[CALLS[name][0]], operation=name, headers=headers, times=2))
    await called(name, ours, watch)
    assert watch.waits == pytest.approx([seconds, seconds])


@pytest.mark.parametrize("name", CALLS)
async def test_without_a_word_we_wait_longer_each_time_and_give_up(
    name: str, ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    emulator.faults.add(replace(FIRST[CALLS[name][0]], operation=name, times=99))
    with pytest.raises(Throttled):
        await called(name, ours, watch)
    assert len(emulator.journal.of(name)) == 1 + RETRIES
    # A random part of a time that doubles.
    assert len(watch.waits) == RETRIES
    assert all(0 < wait <= 2**place for place, wait in enumerate(watch.waits))


@pytest.mark.parametrize("name", CALLS)
async def test_each_attempt_is_signed_anew(
    name: str, ours: Ours, watch: Watch, emulator: Emulator, tap: Wiretap
) -> None:
    emulator.faults.add(replace(FIRST[CALLS[name][0]], operation=name))
    await called(name, ours, watch)
    first, second = tap.asked
    assert (first.method, first.path, first.query, first.body) == (
        second.method,
        second.path,
        second.query,
        second.body,
    )
    if CALLS[name][0] == "pai":
        assert first.header["x-acs-signature-nonce"] != second.header["x-acs-signature-nonce"]


FINAL = ((400, "InvalidParameter"), (403, "Forbidden.RAM"), (404, "InvalidApi.NotFound"), (400, "BadRequest"))


@pytest.mark.parametrize(("status", "code"), FINAL)
@pytest.mark.parametrize("name", CALLS)
async def test_what_is_refused_for_good_is_not_asked_again(
    name: str, status: int, code: str, ours: Ours, watch: Watch, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(name, status, code if CALLS[name][0] == "pai" else "ModelArts.0104", "no"))
    with pytest.raises(CloudError):
        await called(name, ours, watch)
    assert len(emulator.journal.of(name)) == 1


@pytest.mark.parametrize("name", ["CreateToken", "ListProjects"])
@pytest.mark.parametrize("code", ["APIGW.0308", ""])
async def test_iam_may_throttle_too(name: str, code: str, ours: Ours, watch: Watch, emulator: Emulator) -> None:
    emulator.faults.add(Fault(name, 429, code, "slow down", headers={"Retry-After": "3"}))
    client = ours.otc(maxRetries=RETRIES)
    token = rests.set(watch.rest)
    await client(visualization_jobs.CREATE, body=JOB)
    rests.reset(token)
    assert watch.waits == [3.0]
    assert len(emulator.journal.of(name)) == 2


async def test_what_was_never_sent_may_be_sent_again_whatever_it_does(watch: Watch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    provider = Ours(nobody)
    with pytest.raises(Unreachable) as caught:
        await called("CreateTensorboard", provider, watch)
    await provider.close()
    assert not caught.value.sent
    assert len(watch.waits) == RETRIES
