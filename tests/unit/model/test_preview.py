"""Laws of preview: what is known before anything is called. Knows no cloud."""

from __future__ import annotations

from hypothesis import given

from mlworkbench.model.preview import preview
from mlworkbench.model.values import UNKNOWN, Tree
from tests.unit.model.declarations import TOLD
from tests.unit.model.strategies import inputs

STATE: Tree = {"thingId": "t-1", "status": "Running", "size": 1, "path": "/from/the/cloud", "zones": ["a"]}


@given(inputs)
def test_every_input_is_foretold_as_it_is(given: Tree) -> None:
    assert given.items() <= preview(TOLD, given).items()
    assert given.items() <= preview(TOLD, given, STATE).items()


def test_before_creation_all_that_the_cloud_sets_is_unknown() -> None:
    foretold = preview(TOLD, {"size": 1})
    assert (foretold["thingId"], foretold["status"]) == (UNKNOWN, UNKNOWN)


def test_before_an_update_only_what_an_update_may_change_is_unknown() -> None:
    foretold = preview(TOLD, {"size": 2}, STATE)
    assert (foretold["thingId"], foretold["status"]) == ("t-1", UNKNOWN)


def test_what_the_cloud_fills_in_is_unknown_until_it_has() -> None:
    assert preview(TOLD, {"size": 1})["path"] is UNKNOWN
    assert preview(TOLD, {"size": 1}, STATE)["path"] == "/from/the/cloud"
    assert preview(TOLD, {"size": 1, "path": "/mine"}, STATE)["path"] == "/mine"


def test_what_the_user_left_out_and_the_cloud_leaves_out_is_absent() -> None:
    assert "note" not in preview(TOLD, {"size": 1}, {**STATE, "note": "old"})


def test_an_unknown_input_is_an_unknown_output() -> None:
    assert preview(TOLD, {"size": UNKNOWN, "note": UNKNOWN})["note"] is UNKNOWN


def test_the_given_trees_are_left_as_they_are() -> None:
    given, state = {"size": 1}, dict(STATE)
    preview(TOLD, given, state)
    assert (given, state) == ({"size": 1}, STATE)
