"""Laws of what older versions recorded: it is read as today's version would have recorded it. Pure."""

from __future__ import annotations

from typing import Annotated

from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.model.base import Inputs, Model
from mlworkbench.model.check import check
from mlworkbench.model.diff import diff
from mlworkbench.model.policy import Formerly, Replace, policies
from mlworkbench.model.upgrade import renamed, upgrade
from mlworkbench.model.values import Tree, Value


def _hours(minutes: Value) -> Value:
    return f"{minutes // 60}h" if isinstance(minutes, int) else minutes


class Part(Model):
    """A part."""

    code: Annotated[str, Formerly("flavour")]
    """Code."""


class NowInputs(Inputs):
    """What it is called today."""

    limit: Annotated[str | None, Replace(), Formerly("minutes", _hours)] = None
    """Limit."""

    size: Annotated[str | None, Formerly(convert=str)] = None
    """Size."""

    parts: Annotated[list[Part] | None, Formerly("pieces")] = None
    """Parts."""

    main: Part | None = None
    """The main part."""


NOW = policies(NowInputs)
OLD: Tree = {"minutes": 120, "size": 4, "pieces": [{"flavour": "a"}], "main": {"flavour": "b"}}
NEW: Tree = {"limit": "2h", "size": "4", "parts": [{"code": "a"}], "main": {"code": "b"}}


def test_what_was_renamed_and_retyped_is_read_as_it_is_today() -> None:
    assert upgrade(NOW, OLD) == NEW


def test_what_was_recorded_by_an_older_version_is_no_difference() -> None:
    assert diff(NOW, upgrade(NOW, OLD), NEW) == []


def test_todays_name_counts_if_both_are_recorded() -> None:
    assert upgrade(NOW, {"minutes": 60, "limit": "2h"}) == {"limit": "2h"}
    assert upgrade(NOW, {"limit": "2h", "minutes": 60}) == {"limit": "2h"}


def test_what_this_version_does_not_know_stays() -> None:
    assert upgrade(NOW, {"other": 1, "size": "4"}) == {"other": 1, "size": "4"}


@given(st.fixed_dictionaries({}, optional={name: st.just(value) for name, value in (OLD | NEW).items()}))
def test_to_upgrade_twice_is_to_upgrade_once(recorded: Tree) -> None:
    once = upgrade(NOW, recorded)
    assert upgrade(NOW, once) == once


def test_the_place_of_a_secret_is_renamed_with_it() -> None:
    assert renamed(NOW, ("minutes",)) == ("limit",)
    assert renamed(NOW, ("main", "flavour")) == ("main", "code")
    assert renamed(NOW, ("pieces",)) == ("parts",)
    assert renamed(NOW, ("other", "deep")) == ("other", "deep")


def test_a_user_of_the_former_name_is_told_the_new_one() -> None:
    failures = check(NowInputs, {"minutes": 60, "main": {"flavour": "b", "code": "b"}})
    assert {(each.path, each.reason) for each in failures} == {
        ("minutes", 'is called "limit" now'),
        ("main.flavour", 'is called "code" now'),
    }
