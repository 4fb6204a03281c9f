"""Law of random programs: whatever happens, nothing is lost or made twice, and in calm weather all comes right."""

from __future__ import annotations

import os
from functools import partial

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Programs
from .world import World

ALL_CHECKS = list(HealthCheck)

# Not yet part of `make test`: they still find things. `make soak` tries other programs each time.
settings.register_profile(
    "programs",
    max_examples=200,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=ALL_CHECKS,
)
settings.register_profile(
    "soak",
    settings.get_profile("programs"),
    max_examples=int(os.environ.get("PROGRAMS", "20000")),
    derandomize=False,
    print_blob=True,
    phases=[Phase.generate, Phase.shrink],
)
settings.register_profile("scan", settings.get_profile("soak"), phases=[Phase.generate], report_multiple_bugs=False)


def test_whatever_happens_nothing_is_lost_and_in_calm_weather_all_comes_right(world: World) -> None:
    profile = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "programs"))
    run_state_machine_as_test(partial(Programs, world), settings=profile)  # type: ignore[arg-type]  # it only calls it
