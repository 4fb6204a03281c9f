"""Laws of desiredStatus: started and stopped in place, drift only if asked for, a settled stop is no failure."""

from __future__ import annotations

import pytest

from mlworkbench.lifecycle.resource import Startable
from mlworkbench_emulator import Emulator

from .cases import Kind, token_kinds
from .hosts import Existing, Host

STARTABLE = [kind for kind in token_kinds() if issubclass(kind, Startable)]
STOP = {"pai:Tensorboard": "StopTensorboard", "modelarts:VisualizationJob": "StopVisualizationJob"}
START = {"pai:Tensorboard": "StartTensorboard", "modelarts:VisualizationJob": "RestartVisualizationJob"}


@pytest.fixture(params=STARTABLE, ids=lambda kind: kind.token)
def startable(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def phase(kind: Kind, existing: Existing | None) -> str:
    assert existing is not None
    return kind.states.phase(existing.state["status"]).value


def stop_by_hand(host: Host, kind: Kind, existing: Existing) -> None:
    """Stop it as another user would: by the API, not by way of its declaration."""
    host.update(kind.token, existing, {**existing.inputs, "desiredStatus": "Stopped"})


@pytest.mark.parametrize("progress", ["immediate", "reads:2"])
def test_it_is_created_stopped_started_and_stopped_again_in_place(
    host: Host, startable: Kind, emulator: Emulator, progress: str
) -> None:
    emulator.progress = progress
    stopped = {**startable.example, "desiredStatus": "Stopped"}
    existing = host.create(startable.token, stopped)
    assert phase(startable, existing) == "stopped"
    assert existing.state["desiredStatus"] == "Stopped"

    running = {**startable.example, "desiredStatus": "running"}
    seen = host.diff(startable.token, existing, running)
    assert (bool(seen.properties), seen.replaces) == (True, frozenset())
    existing = host.update(startable.token, existing, running)
    assert phase(startable, existing) == "ready"
    assert existing.state["desiredStatus"] == "running"

    existing = host.update(startable.token, existing, stopped)
    assert phase(startable, existing) == "stopped"


def test_nothing_is_called_for_a_status_that_is_there_already(host: Host, startable: Kind, emulator: Emulator) -> None:
    existing = host.create(startable.token, startable.example)
    emulator.journal.clear()
    host.update(startable.token, existing, {**startable.example, "desiredStatus": "Running"})
    assert not emulator.journal.of(START[startable.token])
    assert {entry.method for entry in emulator.journal} == {"GET"}


def test_a_stop_by_hand_is_drift_only_if_a_status_was_asked_for(host: Host, startable: Kind) -> None:
    unasked = host.create(startable.token, {**startable.example, **_named("unasked", startable)})
    asked = host.create(
        startable.token, {**startable.example, **_named("asked", startable), "desiredStatus": "Running"}
    )
    for existing in (unasked, asked):
        stop_by_hand(host, startable, existing)
        found = host.read(startable.token, existing.id, existing)
        assert phase(startable, found) == "stopped"
        assert found is not None
        seen = host.diff(startable.token, found, existing.inputs)
        assert bool(seen.properties) == (existing is asked)
        assert "desiredStatus" not in found.inputs or existing is asked


def _named(name: str, kind: Kind) -> dict[str, str]:
    return {next(iter(kind.example)): name}


def test_an_update_of_what_was_stopped_by_hand_is_no_failure(host: Host, startable: Kind) -> None:
    existing = host.create(startable.token, startable.example)
    stop_by_hand(host, startable, existing)
    updated = host.update(startable.token, existing, {**existing.inputs, **startable.change})
    assert phase(startable, updated) == "stopped"


def test_what_is_deleted_while_it_runs_is_gone(host: Host, startable: Kind, emulator: Emulator) -> None:
    emulator.progress = "reads:2"
    existing = host.create(startable.token, startable.example)
    host.delete(startable.token, existing)
    assert host.read(startable.token, existing.id, existing) is None
    stops = emulator.journal.of(STOP[startable.token])
    assert len(stops) == (1 if startable.stop_before_delete else 0)
