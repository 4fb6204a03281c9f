"""Run the kit on every mutant and tell which laws noticed. Knows how a mutant is made; no law.

`python -m conformance.tests.kill [NAME…]` judges all mutants, or those whose names hold one of the given texts.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pulumi_provider_conformance.law import Outcome
from pulumi_provider_conformance.laws import LAWS
from pulumi_provider_conformance.runner import chosen, judge
from pulumi_provider_conformance.spec import Spec
from pulumi_provider_conformance.spec_file import load

from .mutants import MUTANTS, Mutant

__all__ = ["SOURCES", "Verdict", "main", "mutated", "verdict"]

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "provider" / "mlworkbench"
SPEC = ROOT / "conformance" / "examples" / "mlworkbench.yaml"
WORKERS = 2
# A mutant that hangs need not be waited for as long as a real cloud.
PATIENCE_SECONDS = 12
IN_FLIGHT = 12


@dataclass(frozen=True)
class Verdict:
    """What the kit made of a mutant, or of the plugin as it is."""

    name: str
    law: str
    outcome: Outcome
    seen: str

    @property
    def killed(self) -> bool:
        return self.outcome is Outcome.FAILED


@contextmanager
def mutated(mutant: Mutant) -> Iterator[Path]:
    """Lend a folder with the broken sources."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "mlworkbench"
        shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__"))
        file = copy / mutant.file
        file.write_text(file.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")
        yield Path(folder)


def ours() -> Spec:
    """Return our spec, with the programs of this environment, on PATH or not."""
    spec, programs = load(SPEC), Path(sys.executable).parent
    service = spec.service and replace(
        spec.service,
        command=(str(programs / spec.service.command[0]), *spec.service.command[1:]),
        environment=(str(programs / spec.service.environment[0]), *spec.service.environment[1:]),
    )
    return replace(spec, service=service, command=(str(programs / spec.command[0]), *spec.command[1:]))


def verdict(mutant: Mutant) -> Verdict:
    """Judge a mutant by the law that it breaks."""
    spec = ours()
    with mutated(mutant) as folder:
        return _judged(replace(spec, command=("env", f"PYTHONPATH={folder}", *spec.command)), mutant)


def sane(mutant: Mutant) -> Verdict:
    """Judge the plugin as it is by the law that a mutant breaks."""
    return _judged(ours(), mutant)


def _judged(spec: Spec, mutant: Mutant) -> Verdict:
    narrow = replace(
        spec,
        timeout_seconds=PATIENCE_SECONDS,
        in_flight=IN_FLIGHT,
        resources=tuple(each for each in spec.resources if each.type == mutant.resource),
    )
    run = judge(narrow, list(spec.command), chosen(LAWS, [*mutant.before, mutant.law]))
    results = [each for each in run.results if each.law.name == mutant.law]
    worst = next((each for each in results if each.outcome is Outcome.FAILED), results[0])
    return Verdict(mutant.name, mutant.law, worst.outcome, worst.seen)


def main(names: Sequence[str]) -> int:
    """Judge mutants; gives 0 if all were noticed."""
    wanted = [each for each in MUTANTS if not names or any(name in each.name for name in names)]
    began = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        verdicts = list(pool.map(verdict, wanted))
        healthy = list(pool.map(sane, {each.law: each for each in wanted}.values()))
    for each in verdicts:
        print(f"{'killed  ' if each.killed else 'SURVIVED'}  {each.name}\n          {each.law}: {each.seen[:140]}")
    for each in healthy:
        if each.outcome is not Outcome.PASSED:
            print(f"NOT SANE  {each.law} does not hold for the plugin as it is: {each.seen[:300]}")
    killed = sum(each.killed for each in verdicts)
    print(f"{killed} of {len(verdicts)} mutants killed in {time.monotonic() - began:.0f} s")
    return 0 if killed == len(verdicts) and all(each.outcome is Outcome.PASSED for each in healthy) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
