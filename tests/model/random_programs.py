"""Run random programs. Knows how many and from which seed; not what they do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Programs
from .world import World

__all__ = ["run"]

STEPS = 24


def run(world: World, programs: int, number: int, phases: Sequence[Phase] = (Phase.generate, Phase.shrink)) -> None:
    """Run as many programs as asked for; the same number makes the same programs. Raises at the first that fails."""
    made = seed(number)(partial(Programs, world))
    run_state_machine_as_test(
        made,  # type: ignore[arg-type]  # it is only called
        settings=settings(
            max_examples=programs,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
