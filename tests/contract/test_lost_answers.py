"""Laws of lost answers: a create is never made twice, and what it made is adopted, or named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.faults import Fault

from .cases import Kind
from .hosts import Host, Loop, Refused, open_host

CREATE = {
    "pai:Tensorboard": "CreateTensorboard",
    "modelarts:VisualizationJob": "CreateVisualizationJob",
    "modelarts:Image": "RegisterImage",
}

LOST = [
    {"drop_connection": True, "after_commit": True},
    {"status": 502, "raw_body": "<html>bad gateway</html>", "after_commit": True},
    {"status": 200, "raw_body": '{"trunc', "after_commit": True},
    {"status": 200, "raw_body": "", "after_commit": True},
]


def lose(emulator: Emulator, kind: Kind, facts: dict[str, Any]) -> None:
    emulator.faults.add(Fault(operation=CREATE[kind.token], **facts))


def made(emulator: Emulator) -> int:
    return sum(len(emulator.resources.all(each)) for each in ("tensorboards", "visualization-jobs", "images"))


@pytest.mark.parametrize("facts", LOST, ids=["dropped", "502", "truncated", "empty"])
def test_what_was_made_is_adopted(host: Host, kind: Kind, emulator: Emulator, facts: dict[str, Any]) -> None:
    lose(emulator, kind, facts)
    created = host.create(kind.token, kind.example)
    assert emulator.journal.operations().count(CREATE[kind.token]) == 1
    assert made(emulator) == 1
    found = host.read(kind.token, created.id, created)
    assert found is not None
    assert not host.diff(kind.token, found, kind.example).properties


@pytest.mark.parametrize("facts", [{"drop_connection": True}, {"status": 500, "code": "InternalError"}])
def test_what_was_not_made_is_not_made_again(host: Host, kind: Kind, emulator: Emulator, facts: dict[str, Any]) -> None:
    lose(emulator, kind, facts)
    with pytest.raises(Refused) as refused:
        host.create(kind.token, kind.example)
    assert emulator.journal.operations().count(CREATE[kind.token]) == 1
    assert made(emulator) == 0
    assert "Nothing was found" in str(refused.value)
    assert repr(kind.example[kind.name_input]) in str(refused.value)


@pytest.mark.parametrize("token", ["modelarts:VisualizationJob", "modelarts:Image"])
def test_a_name_that_is_taken_is_told_with_its_holder_and_how_to_import_it(
    host: Host, token: str, world: tuple[Emulator, dict[str, str]], loop: Loop
) -> None:
    example = registry()[token].example
    with open_host("core", world[1], loop, {}) as others:
        holder = others.create(token, example)
    with pytest.raises(Refused) as refused:
        host.create(token, example)
    assert f"It has the id {holder.id}" in str(refused.value)
    assert f"pulumi import mlworkbench:{token} NAME {holder.id}" in str(refused.value)


@pytest.mark.parametrize("token", ["modelarts:VisualizationJob", "modelarts:Image"])
def test_a_name_that_the_stack_itself_has_is_told_as_that(host: Host, token: str) -> None:
    """As when the engine is told to replace one, and creates the new one first."""
    example = registry()[token].example
    holder = host.create(token, example)
    with pytest.raises(Refused) as refused:
        host.create(token, example)
    assert f"It has the id {holder.id}: this stack has it already" in str(refused.value)
    assert "`deleteBeforeReplace`" in str(refused.value)
    assert "import" not in str(refused.value)


def test_an_older_one_of_the_same_name_is_not_adopted(host: Host, emulator: Emulator) -> None:
    kind = registry()["pai:Tensorboard"]
    host.create(kind.token, {**kind.example, "maxRunningTimeMinutes": 100_000})
    for record in emulator.resources.all("tensorboards"):
        emulator.resources.change(
            "tensorboards", str(record["TensorboardId"]), {"GmtCreateTime": "2026-01-01T00:00:00Z"}
        )
    lose(emulator, kind, {"drop_connection": True})
    with pytest.raises(Refused, match="Nothing was found"):
        host.create(kind.token, kind.example)


def test_throttled_calls_are_made_again_until_they_succeed(host: Host, kind: Kind, emulator: Emulator) -> None:
    emulator.faults.add(
        Fault(operation=CREATE[kind.token], status=429, code="Throttling.User", headers={"Retry-After": "0"})
    )
    created = host.create(kind.token, kind.example)
    assert created.id
    assert emulator.journal.operations().count(CREATE[kind.token]) == 2
    assert made(emulator) == 1


def test_what_another_of_the_same_name_made_is_not_adopted(
    emulator: Emulator, world: tuple[Emulator, dict[str, str]], loop: Loop
) -> None:
    kind = registry()["pai:Tensorboard"]
    emulator.faults.add(Fault(operation="CreateTensorboard", status=500, code="InternalError", delay_seconds=0.2))
    with open_host("core", world[1], loop, {"maxRetries": 0}) as core, ThreadPoolExecutor(2) as threads:
        both = [threads.submit(core.create, kind.token, kind.example) for _ in range(2)]
        ends = [each.exception() for each in both]
    assert sorted(str(type(end).__name__) for end in ends) == ["NoneType", "Refused"]
    assert made(emulator) == 1
