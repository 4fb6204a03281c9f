"""Law of random programs: whatever happens, nothing is lost or made twice, and in calm weather all comes right."""

from __future__ import annotations

from .random_programs import run
from .world import World

PROGRAMS, SEED = 200, 0

OFTEN = {
    "program": PROGRAMS,
}


def test_whatever_happens_nothing_is_lost_and_in_calm_weather_all_comes_right(world: World) -> None:
    run(world, PROGRAMS, SEED)
    seldom = {what: world.tally[what] for what, times in OFTEN.items() if world.tally[what] < times}
    assert not seldom, f"programs that try too little: {seldom}"
