"""Laws of the mutants: each still breaks what it says, and some of them are noticed. The rest is `kill.py`'s."""

from __future__ import annotations

import ast

import pytest

from pulumi_provider_conformance.laws import LAWS

from .kill import SOURCES, mutated, sane, verdict
from .mutants import MUTANTS, Mutant

each_mutant = pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])

# A few of each kind stand for all in every test run: what a process does, a pure answer, a life in the cloud.
SAMPLE = ("words before the port", "secrets lost in Check", "refused means gone")


@each_mutant
def test_a_mutant_still_fits_the_sources(mutant: Mutant) -> None:
    assert (SOURCES / mutant.file).read_text("utf-8").count(mutant.old) == 1
    with mutated(mutant) as folder:
        broken = (folder / "mlworkbench" / mutant.file).read_text("utf-8")
    assert mutant.new in broken
    ast.parse(broken)


@each_mutant
def test_a_mutant_breaks_a_law_that_there_is(mutant: Mutant) -> None:
    assert {mutant.law, *mutant.before} <= {law.name for law in LAWS}


@pytest.mark.parametrize("mutant", [each for each in MUTANTS if each.name in SAMPLE], ids=lambda mutant: mutant.name)
def test_a_mutant_is_noticed_by_its_law_and_the_plugin_is_not(mutant: Mutant) -> None:
    assert verdict(mutant).killed
    assert not sane(mutant).killed
