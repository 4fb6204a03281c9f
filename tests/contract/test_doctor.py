"""Laws of what the doctor finds out: whose fault it is if a cloud does not work. Prints nothing."""

from __future__ import annotations

import time

import pytest

from mlworkbench.hosts.doctor import State
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.serving import running

from .places import examined, line

World = tuple[Emulator, dict[str, str]]


@pytest.fixture
def both(emulator: Emulator, world: World) -> dict[str, str]:
    """The environment of a user of both clouds."""
    return world[1]


@pytest.mark.parametrize(("seconds", "direction"), [(3600, "behind"), (-3600, "ahead")])
@pytest.mark.parametrize("service", ["pai", "modelarts"])
async def test_a_wrong_clock_is_named_as_such(service: str, seconds: int, direction: str) -> None:
    emulator = Emulator(real_time=lambda: time.time() + seconds)
    with running(emulator) as url:
        variables = environment(Settings(), url)
        # Without its id the project is looked up first, and that call alone can tell the time.
        del variables["HUAWEICLOUD_SDK_PROJECT_ID"]
        finding = await examined(service, {}, variables)
    emulator.close()
    clock, call = line(finding, "clock"), line(finding, "call")
    assert (finding.state, clock.state, call.state) == (State.FAILED, State.FAILED, State.FAILED)
    words = clock.told.split()
    assert (words[:4], words[5:]) == (["this", "machine's", "clock", "is"], ["s", direction])
    assert abs(int(words[4]) - 3600) <= 2
    assert clock.advice.startswith("The clock of this machine is more than 15 minutes off")
    assert clock.told in call.told
    assert line(finding, "credentials").state is State.OK


async def test_a_wrong_clock_is_named_even_if_the_call_is_answered() -> None:
    emulator = Emulator(real_time=lambda: time.time() + 3600)
    with running(emulator) as url:
        variables = environment(Settings(), url)
        login = {name: value for name, value in variables.items() if not name.startswith("HUAWEICLOUD")}
        finding = await examined("modelarts", {"modelartsRegion": "eu-de"}, login)
    emulator.close()
    assert line(finding, "call").state is State.OK
    assert (line(finding, "clock").state, finding.state) == (State.FAILED, State.FAILED)


async def test_a_clock_that_is_a_little_off_is_told_and_well(both: dict[str, str]) -> None:
    emulator = Emulator(real_time=lambda: time.time() + 120)
    with running(emulator) as url:
        finding = await examined("pai", {}, both | {"MLWORKBENCH_PAI_ENDPOINT": url})
    emulator.close()
    assert finding.state is State.OK
    assert line(finding, "clock").told.endswith("s behind")


async def test_silence_says_nothing_about_keys_and_clock(both: dict[str, str]) -> None:
    finding = await examined("pai", {"maxRetries": 0}, both | {"MLWORKBENCH_PAI_ENDPOINT": "http://127.0.0.1:1"})
    states = {each.subject: each.state for each in finding.checks}
    assert states == {
        "credentials": State.UNKNOWN,
        "endpoint": State.FAILED,
        "clock": State.UNKNOWN,
        "call": State.FAILED,
    }
    assert "no answer from 127.0.0.1:1" in line(finding, "call").told
    assert "endpoint" in line(finding, "call").advice


async def test_a_missing_right_is_the_calls_fault_alone(both: dict[str, str], emulator: Emulator) -> None:
    emulator.faults.add(Fault("ListImage", status=403, code="ModelArts.0108", message="no right", times=9))
    finding = await examined("modelarts", {}, both)
    states = [each.state for each in finding.checks]
    assert states == [State.OK, State.OK, State.OK, State.FAILED]


async def test_a_setting_that_makes_no_sense_is_told_for_its_cloud_only(both: dict[str, str]) -> None:
    wrong = {"paiEndpoint": "http://cloud.example.com"}
    finding = await examined("pai", wrong, both)
    assert [each.subject for each in finding.checks] == ["configuration"]
    assert "mlworkbench:paiEndpoint must be an https URL" in finding.checks[0].told
    assert (await examined("modelarts", wrong, both)).state is State.OK
