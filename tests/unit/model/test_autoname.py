"""Laws of automatic names: how a resource is named when the user gives no name. Knows no engine."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.model.autoname import Named, Naming, NamingMode, autoname
from mlworkbench.model.check import check
from mlworkbench.model.values import UNKNOWN, Tree
from tests.unit.model.declarations import ThingInputs

SEED = b"0123456789"


def name(naming: Naming, inputs: Tree | None = None, old: Tree | None = None) -> str:
    named = autoname(ThingInputs, inputs or {}, old or {}, naming)
    assert named.failures == []
    return str(named.inputs["name"])


@given(st.text(max_size=40), st.binary(max_size=32))
def test_every_automatic_name_is_one_that_the_cloud_accepts(logical_name: str, seed: bytes) -> None:
    found = name(Naming(logical_name, seed))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,20}", found)
    assert check(ThingInputs, {"size": 1, "name": found}) == []


@given(st.text(max_size=40), st.binary(max_size=32))
def test_the_same_seed_gives_the_same_name(logical_name: str, seed: bytes) -> None:
    assert name(Naming(logical_name, seed)) == name(Naming(logical_name, seed))


@given(st.binary(min_size=1, max_size=32), st.binary(min_size=1, max_size=32))
def test_another_seed_gives_another_name(one: bytes, other: bytes) -> None:
    assert (name(Naming("tb", one)) == name(Naming("tb", other))) is (one == other)


def test_a_name_begins_with_the_pulumi_name() -> None:
    assert re.fullmatch(r"curves-[0-9a-f]{7}", name(Naming("curves", SEED)))


def test_what_a_cloud_does_not_accept_becomes_a_hyphen() -> None:
    assert re.fullmatch(r"a-b_c-[0-9a-f]{7}", name(Naming("  a.b_c!", SEED)))


def test_a_long_name_is_cut_and_keeps_its_suffix() -> None:
    found = name(Naming("x" * 100, SEED))
    assert re.fullmatch(r"x{12}-[0-9a-f]{7}", found)


def test_a_name_of_nothing_but_strange_letters_is_its_suffix() -> None:
    assert re.fullmatch(r"[0-9a-f]{7}", name(Naming("日本", SEED)))


def test_a_name_that_the_user_gives_is_kept() -> None:
    assert name(Naming("tb", SEED), {"name": "mine"}) == "mine"
    assert autoname(ThingInputs, {"name": UNKNOWN}, {}, Naming("tb", SEED)) == Named({"name": UNKNOWN}, [], frozenset())


def test_a_name_once_given_is_kept() -> None:
    assert name(Naming("renamed", b"other"), old={"name": "tb-1234567"}) == "tb-1234567"
    disabled = Naming("tb", SEED, mode=NamingMode.DISABLE)
    assert name(disabled, old={"name": "tb-1234567"}) == "tb-1234567"


@pytest.mark.parametrize("mode", [NamingMode.PROPOSE, NamingMode.ENFORCE, None])
def test_a_proposal_that_fits_is_taken(mode: NamingMode | None) -> None:
    assert name(Naming("tb", SEED, "proposed-1", mode)) == "proposed-1"


@pytest.mark.parametrize("proposal", ["x" * 21, "not acceptable", "a.b"])
def test_a_proposal_that_the_cloud_would_refuse_is_replaced(proposal: str) -> None:
    assert name(Naming("tb", SEED, proposal, NamingMode.PROPOSE)) == name(Naming("tb", SEED))


def test_an_enforced_name_is_taken_even_if_check_will_refuse_it() -> None:
    found = name(Naming("tb", SEED, "x" * 21, NamingMode.ENFORCE))
    assert found == "x" * 21
    assert [failure.path for failure in check(ThingInputs, {"size": 1, "name": found})] == ["name"]


def test_without_automatic_names_a_name_is_required() -> None:
    named = autoname(ThingInputs, {"size": 1}, {}, Naming("tb", SEED, mode=NamingMode.DISABLE))
    assert named.inputs == {"size": 1}
    assert [(failure.path, failure.reason) for failure in named.failures] == [
        ("name", "is required, since automatic naming is switched off")
    ]


def test_naming_leaves_the_given_inputs_as_they_are() -> None:
    given: Tree = {"size": 1}
    autoname(ThingInputs, given, {}, Naming("tb", SEED))
    assert given == {"size": 1}


@given(st.text(max_size=40))
def test_naming_twice_is_naming_once(logical_name: str) -> None:
    once = autoname(ThingInputs, {"size": 1}, {}, Naming(logical_name, SEED))
    twice = autoname(ThingInputs, once.inputs, {}, Naming("something else", b"x"))
    assert twice.inputs == once.inputs


def test_a_replacement_is_named_anew_unless_the_user_names_it_or_nothing_would_tell_the_names_apart() -> None:
    def made(inputs: Tree, naming: Naming) -> frozenset[str]:
        return autoname(ThingInputs, inputs, {"name": "kept"}, naming).made

    assert made({}, Naming("tb", SEED)) == {"name"}
    assert made({"name": "mine"}, Naming("tb", SEED)) == set()
    assert made({}, Naming("tb")) == set()
    assert made({}, Naming("tb", SEED, mode=NamingMode.DISABLE)) == set()
