"""Laws of a life: what was asked for reaches the cloud and comes back, changes arrive, what is gone is gone."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mlworkbench.hosts import dynamic
from mlworkbench.model.policy import Computed, Virtual, WriteOnly, policies
from mlworkbench.model.values import Tree, leaves
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.faults import Fault

from .cases import Kind, variants
from .hosts import Existing, Host, Refused

PROGRESS = ("immediate", "reads:2")


def is_unchanged(host: Host, kind: Kind, existing: Existing) -> bool:
    """Tell whether a refresh finds what was asked for, and nothing else."""
    found = host.read(kind.token, existing.id, existing)
    assert found is not None
    assert not host.diff(kind.token, found, existing.inputs).properties
    assert found.inputs == existing.inputs
    return True


@pytest.mark.parametrize("progress", PROGRESS)
def test_a_life(host: Host, kind: Kind, emulator: Emulator, progress: str) -> None:
    emulator.progress = progress
    inputs, _ = host.check(kind.token, kind.example)
    created = host.create(kind.token, inputs)
    assert created.state[kind.id_output] == created.id
    assert kind.states.phase(created.state["status"]).value == "ready"
    assert not host.diff(kind.token, created, inputs).properties
    assert is_unchanged(host, kind, created)

    changed, _ = host.check(kind.token, {**kind.example, **kind.change}, inputs)
    assert not host.diff(kind.token, created, changed).replaces
    updated = host.update(kind.token, created, changed)
    assert {name: updated.state[name] for name in kind.change} == kind.change
    assert is_unchanged(host, kind, updated)

    host.delete(kind.token, updated)
    assert host.read(kind.token, updated.id, updated) is None
    host.delete(kind.token, updated)


def test_all_that_is_asked_for_reaches_the_cloud_and_comes_back(host: Host, kind: Kind, emulator: Emulator) -> None:
    for inputs in variants(kind):
        emulator.reset()
        created = host.create(kind.token, inputs)
        sent = Counter(str(value) for _, value in leaves(emulator.journal.of(_create_name(emulator))[0].body))
        asked = Counter(str(value) for _, value in leaves(inputs))
        assert not asked - sent, f"did not reach the cloud: {asked - sent}"
        assert {name: created.state.get(name) for name in inputs} == inputs
        assert is_unchanged(host, kind, created)


def _create_name(emulator: Emulator) -> str:
    return next(entry.operation for entry in emulator.journal if entry.method == "POST")


def test_an_import_by_id_gives_inputs_that_check_clean_and_diff_empty(
    host: Host, kind: Kind, emulator: Emulator
) -> None:
    for inputs in variants(kind):
        emulator.reset()
        created = host.create(kind.token, inputs)
        imported = host.read(kind.token, created.id, None)
        assert imported is not None
        hidden = {name for name, each in policies(kind.inputs).items() if WriteOnly in each or Virtual in each}
        assert not hidden & imported.inputs.keys()
        assert {name for name in inputs if name not in hidden} <= imported.inputs.keys()
        # Only what the API never returns may have to be added by hand.
        assert not host.diff(kind.token, imported, imported.inputs).properties
        again, failures = host.check(kind.token, imported.inputs)
        assert (again, failures) == (imported.inputs, [])


@pytest.mark.parametrize(
    "changed",
    [
        {"SummaryPath": "/runs", "SummaryRelativePath": "/"},
        {"TensorboardDataSources": [{"Id": "d-1"}], "DataSourceId": "d-2", "DataSourceType": "OSS"},
    ],
    ids=["two paths", "two kinds of sources"],
)
def test_an_import_of_what_could_not_be_asked_for_like_that_checks_clean(
    host: Host, emulator: Emulator, changed: Tree
) -> None:
    """What was made by hand, or filled in by the cloud, may contradict the rules of a program."""
    token = "pai:Tensorboard"
    created = host.create(token, registry()[token].example)
    emulator.resources.change("tensorboards", created.id, changed)
    imported = host.read(token, created.id, None)
    assert imported is not None
    assert host.check(token, imported.inputs) == (imported.inputs, [])
    assert not host.diff(token, imported, imported.inputs).properties


def test_what_is_missing_is_gone_for_read_and_delete_but_not_for_update(host: Host, kind: Kind) -> None:
    missing = Existing(_missing_id(kind), {**kind.example, kind.id_output: _missing_id(kind)}, kind.example)
    assert host.read(kind.token, missing.id, missing) is None
    if host.name == "dynamic":
        # The SDK makes something of an empty answer, so a look-up that finds nothing has to fail.
        with pytest.raises(Refused, match="does not exist"):
            host.read(kind.token, missing.id, None)
    else:
        assert host.read(kind.token, missing.id, None) is None
    host.delete(kind.token, missing)
    with pytest.raises(Refused):
        host.update(kind.token, missing, {**kind.example, **kind.change})


def _missing_id(kind: Kind) -> str:
    return "9999" if kind.id_output == "jobId" else "00000000-0000-4000-8000-000000000000"


def test_a_permission_error_or_a_wrong_address_is_not_gone(host: Host, kind: Kind, emulator: Emulator) -> None:
    created = host.create(kind.token, kind.example)
    reads = [entry.operation for entry in emulator.journal if entry.method == "GET"][-1]
    lies = [
        {"status": 404, "code": "InvalidAccessKeyId.NotFound"},
        {"status": 404, "code": "InvalidApi.NotFound"},
        {"status": 404, "code": "APIGW.0101"},
        {"status": 403, "code": "ModelArts.0108"},
        {"status": 403, "code": "NoPermission"},
        {"status": 404, "raw_body": "<html>no such page</html>"},
    ]
    for lie in lies:
        emulator.faults.clear()
        emulator.faults.add(_fault(operation=reads, times=9, **lie))
        with pytest.raises(Refused):
            host.read(kind.token, created.id, created)


def _fault(**facts: Any) -> Fault:
    return Fault(**facts)


def test_every_output_is_told_at_some_time_of_a_life(host: Host, kind: Kind, emulator: Emulator) -> None:
    seen: Tree = {}
    existing = host.create(kind.token, kind.example)
    seen |= existing.state
    if "desiredStatus" in policies(kind.inputs):
        existing = host.update(kind.token, existing, {**existing.inputs, "desiredStatus": "Stopped"})
        seen |= existing.state
    told = {name for name, each in policies(kind.outputs).items() if Computed in each}
    # Told by the cloud at times of its own choosing: `remaining_duration` is null in every documented sample.
    assert told - seen.keys() <= {"remainingDuration", "statusMessage"}


def test_the_dynamic_host_makes_one_provider_however_many_threads_ask_first(
    world: tuple[Emulator, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in world[1].items():
        monkeypatch.setenv(name, value)
    dynamic._configured.cache_clear()
    dynamic._the_loop.cache_clear()
    barrier = threading.Barrier(8)

    def first(_: int) -> tuple[int, int]:
        barrier.wait()
        return id(dynamic._core(())), id(dynamic._loop())

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(first, range(8)))) == 1
    dynamic._loop().run(dynamic._core(()).close())
    dynamic._configured.cache_clear()
