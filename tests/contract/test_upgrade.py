"""What this version has recorded is no difference to a made-up later one that renames and retypes properties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from pulumi.runtime.proto import provider_pb2 as proto

from mlworkbench.hosts.codec import decode, encode
from mlworkbench.model.values import Tree
from mlworkbench.resources import registry
from mlworkbench.resources.modelarts.visualization_job import VisualizationJob
from mlworkbench_emulator import Emulator

from .hosts import Existing, Host, Loop, PluginHost, open_host
from .later import LaterJob

TOKEN = VisualizationJob.token
SCHEDULE: Tree = {"type": "stop", "timeUnit": "HOURS", "duration": 4}
RECORDED: Tree = {"jobName": "curves", "jobDesc": "Curves", "trainUrl": "/bucket/runs/", "schedule": SCHEDULE}
BOTH = pytest.mark.parametrize("host", ["plugin", "dynamic"], indirect=True)
TODAY: Tree = {"name": "curves", "description": "Curves", "trainUrl": "/bucket/runs/", "hours": 4}


@pytest.fixture
def recorded(
    host: Host, world: tuple[Emulator, dict[str, str]], loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> Existing:
    """A job that this version has created; to `host`, the later version is in use."""
    with open_host("core", world[1], loop, {}) as present:
        existing = present.create(TOKEN, RECORDED)
    monkeypatch.setitem(cast(dict[str, Any], registry()), TOKEN, LaterJob)
    return existing


@BOTH
def test_nothing_differs_until_the_user_changes_something(host: Host, recorded: Existing) -> None:
    inputs, failures = host.check(TOKEN, TODAY, recorded.inputs)
    assert failures == []
    assert not host.diff(TOKEN, recorded, inputs).properties
    changed = host.diff(TOKEN, recorded, {**TODAY, "description": "Other curves", "hours": 5})
    assert changed.properties
    assert changed.replaces == frozenset({"hours"})


@BOTH
def test_a_refresh_records_it_as_it_is_called_today(host: Host, recorded: Existing) -> None:
    found = host.read(TOKEN, recorded.id, recorded)
    assert found is not None
    assert found.inputs == TODAY
    assert {name: found.state[name] for name in TODAY} == TODAY
    assert not found.state.keys() & {"jobName", "jobDesc", "schedule"}


@BOTH
def test_an_update_and_a_deletion_go_on_from_it(host: Host, recorded: Existing) -> None:
    new = {**TODAY, "description": "Other curves"}
    updated = host.update(TOKEN, recorded, new)
    assert {name: updated.state[name] for name in new} == new
    host.delete(TOKEN, replace(recorded, state=updated.state))
    assert host.read(TOKEN, recorded.id, updated) is None


@pytest.mark.parametrize("host", ["plugin"], indirect=True)
def test_a_secret_stays_secret_under_its_new_name(host: PluginHost, recorded: Existing) -> None:
    secrets = {("jobDesc",), ("schedule", "duration")}
    sealed = encode(recorded.inputs, secrets)
    request = proto.ReadRequest(
        id=recorded.id,
        type=f"mlworkbench:{TOKEN}",
        inputs=sealed,
        properties=encode(recorded.state, secrets),
    )
    answer = host.call("Read", request)
    for struct in (answer.inputs, answer.properties):
        assert decode(struct).secrets == {("description",), ("hours",)}
