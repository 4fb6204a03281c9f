"""Laws of the program for several teams: one that fails keeps no other from its environment, and can be tried again."""

from __future__ import annotations

from dataclasses import replace

from mlworkbench_emulator import Emulator

from .checkout import Checkout, Made, installed_example

EXAMPLE = "automation"
BEGIN = """
source ../../.venv/bin/activate
eval "$(mlworkbench-emulator env --port 8765)"
mkdir -p /tmp/mlworkbench-stacks
export PULUMI_BACKEND_URL=file:///tmp/mlworkbench-stacks PULUMI_CONFIG_PASSPHRASE=emulator
teams() { venv/bin/python teams.py "$@"; }
"""


def test_a_team_that_fails_keeps_no_other_from_its_environment(
    checkout: Checkout, made: Made, emulator: Emulator
) -> None:
    checkout.add(EXAMPLE, installed_example(EXAMPLE, made))
    emulator.settings = replace(emulator.settings, tensorboard_cap=2)
    shown = checkout.run(f"{BEGIN}teams up || echo exit code $?", EXAMPLE)
    assert shown.count("FAILED") == 1
    assert shown.count("create 4 ") == 2
    assert "exit code 1" in shown
    assert len(emulator.resources.all("tensorboards")) == 2
    emulator.settings = replace(emulator.settings, tensorboard_cap=5)
    assert checkout.run(f"{BEGIN}teams up", EXAMPLE).count("no changes") == 2
    assert len(emulator.resources.all("tensorboards")) == 3


def test_a_team_that_nobody_knows_is_refused_with_those_that_are_known(checkout: Checkout, made: Made) -> None:
    checkout.add(EXAMPLE, installed_example(EXAMPLE, made))
    shown = checkout.run(f"{BEGIN}teams up nobody || echo exit code $?", EXAMPLE)
    assert "there is no team nobody in teams.toml, only vision, speech, ranking" in shown
    assert "exit code 2" in shown
