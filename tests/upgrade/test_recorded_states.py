"""What every version has recorded is no difference to the present one. Runs the engine; calls no cloud."""

from __future__ import annotations

import shutil

import pytest

from mlworkbench import __version__
from mlworkbench_emulator import Emulator
from tests.e2e.stacks import Stack

from .history import PROGRAMS, STATES


def test_every_version_that_has_a_program_has_recorded_its_states_on_both_hosts() -> None:
    recorded = {file.relative_to(STATES).as_posix() for file in STATES.rglob("*.json")}
    assert recorded == {f"{version}/{host}.json" for version in PROGRAMS for host in ("plugin", "dynamic")}
    assert __version__ in PROGRAMS, "record the states of this version: pytest tests/upgrade/record.py"


@pytest.mark.parametrize("version", PROGRAMS)
def test_a_recorded_state_differs_in_nothing(
    version: str, stack: Stack, cloud: Emulator, request: pytest.FixtureRequest
) -> None:
    stack.declare(**PROGRAMS[version])
    shutil.copy(STATES / version / f"{request.node.callspec.params['stack']}.json", stack.place.state_file)
    run = stack.preview(expect_no_changes=True).succeeded()
    assert {step.name for step in run.steps} == set(PROGRAMS[version])
    assert run.changes == []
    assert cloud.journal.operations() == []
