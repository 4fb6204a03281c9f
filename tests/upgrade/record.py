"""Record the states of the present version on both hosts, once. Run by name: `pytest tests/upgrade/record.py`."""

from __future__ import annotations

import json

import pytest

from mlworkbench import __version__
from tests.e2e.stacks import Stack

from .history import PROGRAMS, STATES


def test_record(stack: Stack, request: pytest.FixtureRequest) -> None:
    file = STATES / __version__ / f"{request.node.callspec.params['stack']}.json"
    assert not file.exists(), f"{file} is recorded: it is what users of {__version__} have"
    stack.declare(**PROGRAMS[__version__])
    stack.up().succeeded()
    stack.up(expect_no_changes=True).succeeded()
    state = json.loads(stack.place.state_file.read_text())
    for resource in state["checkpoint"]["latest"]["resources"]:
        # Where on this machine the program lies is nobody's business.
        for key in ("sourcePosition", "stackTrace"):
            resource.pop(key, None)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(state, indent=1) + "\n")
