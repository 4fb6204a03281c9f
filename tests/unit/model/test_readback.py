"""Laws of reading back: how what the cloud answers is told in the user's words. Knows no cloud."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from mlworkbench.model.check import check
from mlworkbench.model.diff import diff
from mlworkbench.model.projection import project
from mlworkbench.model.readback import adopt, echo, readback
from mlworkbench.model.values import Tree, Value
from tests.unit.model.declarations import ASKED, TOLD, ThingInputs
from tests.unit.model.strategies import inputs

DISK = {"sizeGb": 1, "kind": "blue"}
MOUNT = {"path": "/x"}


def answer(value: Value) -> Any:
    """Turn the user's tree into an answer of a cloud that changes nothing: attributes instead of properties."""
    if isinstance(value, dict):
        names = {policy.name: policy.attribute for policy in TOLD.values()}
        more = {"sizeGb": "size_gb", "fullPath": "full_path"}
        told = {str(names.get(key) or more.get(key, key)): answer(item) for key, item in value.items()}
        return SimpleNamespace(**told)
    return [answer(item) for item in value] if isinstance(value, list) else value


def answered(given: Tree) -> Tree:
    """Return what a faithful cloud tells about what was asked for, and the wish as it came true. Maps stay maps."""
    maps = {name: given[name] for name in ("labels", "boxes") if name in given}
    rest = answer({name: value for name, value in given.items() if name not in {"password", "desired", *maps}})
    for name, value in maps.items():
        setattr(rest, name, {key: answer(item) for key, item in value.items()})
    return project(TOLD, rest) | {name: given[name] for name in ("desired",) if name in given}


@given(inputs)
def test_what_a_faithful_cloud_tells_is_no_difference(mine: Tree) -> None:
    live = answered(mine)
    back = readback(ASKED, mine, live, live)
    assert diff(ASKED, mine, back) == []
    assert diff(ASKED, back, mine) == []


@given(inputs)
def test_reading_back_twice_is_reading_back_once(mine: Tree) -> None:
    live = answered(mine)
    once = readback(ASKED, mine, live, live)
    assert readback(ASKED, once, live, live) == once


@given(inputs)
def test_what_is_adopted_checks_clean_and_differs_in_nothing(mine: Tree) -> None:
    live = answered({name: value for name, value in mine.items() if name not in ("labels", "boxes")})
    adopted = adopt(ASKED, live)
    assert check(ThingInputs, adopted | {"size": mine["size"]}) == []
    assert diff(ASKED, adopted, readback(ASKED, adopted, live, live)) == []


def test_what_is_adopted_keeps_the_blank_entries_of_a_map() -> None:
    live = {"labels": {"a": "", "b": "x"}}
    assert diff(ASKED, adopt(ASKED, live), readback(ASKED, adopt(ASKED, live), live, live)) == []


@given(inputs)
def test_the_state_echoes_every_input(mine: Tree) -> None:
    live = answered(mine) | {"thingId": "t-1", "status": "Running"}
    now = readback(ASKED, mine, live, live)
    state = echo(ASKED, now, live, {})
    assert now.items() <= state.items()
    assert (state["thingId"], state["status"]) == ("t-1", "Running")


@pytest.mark.parametrize(
    ("name", "mine", "live"),
    [
        ("colour", "blue", "BLUE"),
        ("options", '{"b": 2, "a": 1}', '{"a":1,"b":2}'),
        ("colours", ["blue", "dark_red"], ["DARK_RED", "BLUE"]),
        ("zones", ["b", "a"], ["a", "b"]),
        ("disk", {"sizeGb": 1, "kind": "blue"}, {"sizeGb": 1, "kind": "BLUE", "fullPath": "/x"}),
        ("disks", [{"sizeGb": 1, "kind": "blue"}], [{"sizeGb": 1, "kind": "BLUE", "fullPath": "/x"}]),
        ("box", {"label": "a"}, {"label": "a", "mount": {"path": ""}}),
        ("box", {"label": "a", "mount": {}}, {"label": "a"}),
        ("note", "", None),
        ("ratio", 1, 1.0),
    ],
)
def test_the_users_spelling_is_kept_where_it_means_the_same(name: str, mine: Value, live: Value) -> None:
    told = {} if live is None else {name: live}
    assert readback(ASKED, {name: mine}, told, told) == {name: mine}
    assert echo(ASKED, {name: mine}, told, {})[name] == mine


@pytest.mark.parametrize(
    ("mine", "live", "back"),
    [
        ({"size": 1}, {"size": 2}, {"size": 2}),
        ({"note": "a"}, {}, {}),
        ({"words": ["a"]}, {}, {}),
        ({"box": {"label": "a"}}, {}, {}),
        ({"labels": {"a": "1"}}, {}, {}),
        ({"colours": ["blue"]}, {"colours": ["BLUE", "DARK_RED"]}, {"colours": ["blue", "DARK_RED"]}),
        ({"words": ["a", "b"]}, {"words": ["a"]}, {"words": ["a"]}),
        ({"labels": {"a": "1"}}, {"labels": {"a": "2"}}, {"labels": {"a": "2"}}),
        ({"disk": DISK}, {"disk": {"sizeGb": 2, "kind": "BLUE"}}, {"disk": DISK | {"sizeGb": 2}}),
        ({"box": {"label": "a"}}, {"box": {"label": "b", "mount": MOUNT}}, {"box": {"label": "b", "mount": MOUNT}}),
    ],
)
def test_what_somebody_changed_comes_back_and_the_rest_keeps_its_spelling(mine: Tree, live: Tree, back: Tree) -> None:
    assert readback(ASKED, mine, live, mine) == back


def test_what_the_cloud_never_returns_is_carried_over() -> None:
    mine = {"size": 1, "password": "p", "box": {"label": "a", "mount": {"path": "/x", "key": "k"}}}
    live = {"size": 2, "box": {"label": "b", "mount": {"path": "/x"}}}
    back = readback(ASKED, mine, live, mine)
    assert back == {"size": 2, "password": "p", "box": {"label": "b", "mount": {"path": "/x", "key": "k"}}}
    assert echo(ASKED, back, live, {})["password"] == "p"


def test_what_the_cloud_never_returns_is_carried_over_within_a_list() -> None:
    mine = {"disks": [{"sizeGb": 1}]}
    assert readback(ASKED, mine, {"disks": [{"sizeGb": 1}]}, mine) == mine


def test_what_was_set_behind_the_users_back_appears() -> None:
    assert readback(ASKED, {"size": 1}, {"size": 1, "note": "by hand"}, {"size": 1}) == {"size": 1, "note": "by hand"}


def test_what_was_there_when_the_state_was_recorded_does_not_appear() -> None:
    live = {"size": 1, "note": "from the cloud"}
    assert readback(ASKED, {"size": 1}, live, live) == {"size": 1}


def test_what_the_cloud_fills_in_does_not_appear() -> None:
    live = {"size": 1, "path": "/from/the/cloud", "zones": ["a"], "disk": {"sizeGb": 1}}
    assert readback(ASKED, {"size": 1}, live, {"size": 1}) == {"size": 1}
    assert echo(ASKED, {"size": 1}, live, {}) == live


def test_blanks_of_the_cloud_do_not_appear() -> None:
    live = {"size": 1, "note": "", "words": [], "labels": {}, "box": {"label": "", "mount": {}}, "enabled": False}
    assert readback(ASKED, {"size": 1}, live, {"size": 1}) == {"size": 1}


def test_a_wish_is_read_back_only_if_there_is_one() -> None:
    live = {"size": 1, "desired": "Stopped"}
    assert readback(ASKED, {"size": 1}, live, {}) == {"size": 1}
    assert readback(ASKED, {"size": 1, "desired": "Running"}, live, {}) == {"size": 1, "desired": "Stopped"}
    assert "desired" not in echo(ASKED, {"size": 1}, live, {})
    assert echo(ASKED, {"size": 1, "desired": "Stopped"}, live, {})["desired"] == "Stopped"


def test_an_input_of_an_older_version_is_dropped() -> None:
    assert readback(ASKED, {"size": 1, "forgotten": "x"}, {"size": 1}, {}) == {"size": 1}


def test_an_import_takes_all_that_the_cloud_tells_but_blanks_wishes_and_secrets() -> None:
    live = {
        "size": 1,
        "note": "",
        "path": "/from/the/cloud",
        "desired": "Running",
        "password": "p",
        "box": {"label": "a", "mount": {"path": ""}},
        "labels": {},
    }
    assert adopt(ASKED, live) == {"size": 1, "path": "/from/the/cloud", "box": {"label": "a"}}


def test_an_answer_is_read_by_attributes_and_not_judged() -> None:
    told = SimpleNamespace(size="not a number", colour="dark_RED", thing_id="t-1", unheard_of=1, note=None)
    assert project(TOLD, told) == {"size": "not a number", "colour": "DARK_RED", "thingId": "t-1"}


def test_an_option_that_is_not_documented_is_told_as_it_is() -> None:
    assert project(TOLD, SimpleNamespace(colour="Green", colours=["blue", "Pink"])) == {
        "colour": "Green",
        "colours": ["BLUE", "Pink"],
    }


def test_an_object_within_a_list_or_a_map_is_read_by_its_attributes() -> None:
    disk = SimpleNamespace(size_gb=1, kind="blue", full_path=None)
    box = SimpleNamespace(label="a", mount=SimpleNamespace(path="/x", key=None), serial=None)
    assert project(TOLD, SimpleNamespace(disks=[disk], boxes={"b": box}, labels={"a": "1"})) == {
        "disks": [{"sizeGb": 1, "kind": "BLUE"}],
        "boxes": {"b": {"label": "a", "mount": {"path": "/x"}}},
        "labels": {"a": "1"},
    }


def test_what_the_user_has_left_out_stays_spelled_as_it_was() -> None:
    """A preview has foretold that; and what means the same is no change."""
    state = {"size": 1, "colour": "blue", "disk": {"sizeGb": 1}}
    live = {"size": 1, "colour": "BLUE", "disk": {"sizeGb": 1, "label": ""}, "zones": []}
    assert echo(ASKED, {"size": 1}, live, state) == state | {"zones": []}
    assert echo(ASKED, {"size": 1}, live, {}) == {"size": 1, "colour": "BLUE", "disk": {"sizeGb": 1}, "zones": []}
