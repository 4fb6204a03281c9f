"""Law of random programs: whatever happens, nothing is lost or made twice, and in calm weather all comes right."""

from __future__ import annotations

from .random_programs import run
from .world import World

PROGRAMS, SEED = 200, 13

OFTEN = {
    "a minute": 50,
    "bad ending": 10,
    "beside another stack": 200,
    "by hand: change": 100,
    "by hand: create": 50,
    "by hand: delete": 10,
    "by hand: status": 30,
    "cancelled": 20,
    "connection dropped": 10,
    "create that is half done": 20,
    "fault": 50,
    "fault after commit": 20,
    "import": 5,
    "in haste": 50,
    "killed": 20,
    "preview of what is not known yet": 50,
    "program": PROGRAMS,
    "refresh: drift": 40,
    "refresh: gone": 5,
    "replace, create first": 50,
    "replace, delete first": 30,
    "update": 10,
    "update after a failure": 10,
    "update that is half done": 1,
    "with secrets": 400,
}
"""How often each kind of thing must happen, so that the programs are worth something. What hypothesis draws depends on
the modules that are loaded, so these are far below what is usual."""


def test_whatever_happens_nothing_is_lost_and_in_calm_weather_all_comes_right(world: World) -> None:
    run(world, PROGRAMS, SEED)
    seldom = {what: world.tally[what] for what, times in OFTEN.items() if world.tally[what] < times}
    assert not seldom, f"programs that try too little: {seldom}"
