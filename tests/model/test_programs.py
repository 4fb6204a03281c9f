"""Law of random programs: whatever happens, nothing is lost or made twice, and in calm weather all comes right."""

from __future__ import annotations

from .random_programs import run
from .world import World

PROGRAMS, SEED = 200, 13

OFTEN = {
    "a minute": 100,
    "bad ending": 40,
    "beside another stack": 500,
    "by hand: change": 200,
    "by hand: create": 100,
    "by hand: delete": 40,
    "by hand: status": 100,
    "cancelled": 50,
    "connection dropped": 30,
    "create that is half done": 80,
    "fault": 100,
    "fault after commit": 50,
    "import": 20,
    "in haste": 150,
    "killed": 50,
    "preview of what is not known yet": 150,
    "program": PROGRAMS,
    "refresh: drift": 100,
    "refresh: gone": 40,
    "replace, create first": 200,
    "replace, delete first": 80,
    "update": 40,
    "update after a failure": 80,
    "update that is half done": 10,
    "with secrets": 1000,
}
"""How often each kind of thing must happen, so that the programs are worth something."""


def test_whatever_happens_nothing_is_lost_and_in_calm_weather_all_comes_right(world: World) -> None:
    run(world, PROGRAMS, SEED)
    seldom = {what: world.tally[what] for what, times in OFTEN.items() if world.tally[what] < times}
    assert not seldom, f"programs that try too little: {seldom}"
