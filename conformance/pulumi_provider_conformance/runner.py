"""Judge a provider by laws, one after the other. Knows what can go wrong on the way; no law by name."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .engine import engine
from .hooks import HookFailed
from .law import Broken, Law, NotApplicable, Outcome, Result, Scope
from .plugin import Refused
from .process import NotStarted
from .spec import Service, Spec, filled, variables
from .stage import Stage
from .subject import Subject

__all__ = ["Run", "ServiceFailed", "chosen", "judge"]


class ServiceFailed(Exception):
    """What the spec asks to run beside the provider does not run."""


@dataclass(frozen=True)
class Run:
    """All results of a run, and what it has left in the cloud."""

    spec: Spec
    command: Sequence[str]
    results: tuple[Result, ...]
    leftovers: tuple[str, ...]
    seconds: float

    def of(self, outcome: Outcome) -> list[Result]:
        return [each for each in self.results if each.outcome is outcome]


def chosen(laws: Sequence[Law], patterns: Sequence[str]) -> list[Law]:
    """Return the laws that one of the patterns names; all if there are none."""
    return [law for law in laws if not patterns or any(fnmatch.fnmatch(law.name, each) for each in patterns)]


def judge(
    spec: Spec, command: Sequence[str], laws: Sequence[Law], tell: Callable[[Result], None] = lambda result: None
) -> Run:
    """Judge a provider. `tell` hears every result as soon as it is there."""
    began = time.monotonic()
    known = variables()
    with _service(spec.service, known) as found, engine() as serving:
        stage = Stage(spec, filled(list(command), found), serving, found)
        subjects = [Subject(stage, resource) for resource in spec.resources]
        results = []
        try:
            for result in _results(stage, subjects, laws):
                results.append(result)
                tell(result)
        finally:
            _leave(stage, subjects)
    return Run(spec, command, tuple(results), tuple(stage.leftovers), time.monotonic() - began)


def _results(stage: Stage, subjects: Sequence[Subject], laws: Sequence[Law]) -> Iterator[Result]:
    for law in laws:
        if law.scope is Scope.PROVIDER:
            yield _judged(law, stage.spec.name, stage, stage)
            continue
        for subject in subjects:
            yield _judged(law, subject.type, subject, stage)


def _judged(law: Law, name: str, on: Stage | Subject, stage: Stage) -> Result:
    began = time.monotonic()
    outcome, seen = _outcome(law, on)
    if stage.died:
        outcome, seen = Outcome.FAILED, f"the plugin ended in the middle of it. {seen}"
        stage.retire()
    return Result(law, name, outcome, seen, time.monotonic() - began)


def _outcome(law: Law, on: Stage | Subject) -> tuple[Outcome, str]:
    try:
        law.judge(on)  # type: ignore[arg-type]
    except Broken as seen:
        return Outcome.FAILED, str(seen)
    except NotApplicable as reason:
        return Outcome.NOT_APPLICABLE, str(reason)
    except Refused as refusal:
        # That an RPC is missing is told once, by a law of its own.
        missing = refusal.code.name == "UNIMPLEMENTED"
        return (Outcome.NOT_APPLICABLE if missing else Outcome.FAILED), str(refusal)
    except NotStarted as failure:
        return Outcome.FAILED, str(failure)
    except HookFailed as reason:
        return Outcome.NOT_APPLICABLE, str(reason)
    return Outcome.PASSED, ""


def _leave(stage: Stage, subjects: Sequence[Subject]) -> None:
    for subject in subjects:
        try:
            subject.leave()
        except (Refused, NotStarted) as refusal:
            stage.leftovers.append(f"{subject.type}: {refusal}")
    stage.retire()


@contextmanager
def _service(service: Service | None, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run what must run beside the provider; gives the variables that it adds."""
    if service is None:
        yield dict(known)
        return
    command = filled(list(service.command), known)
    try:
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    except OSError as error:
        raise ServiceFailed(f"{command[0]} cannot be started: {error.strerror}") from error
    try:
        found = {**known, **_ready(running, service.ready)}
        yield {**found, **_told(service, found)}
    finally:
        running.terminate()
        running.communicate()


def _ready(running: subprocess.Popen[str], pattern: str) -> dict[str, str]:
    for line in running.stdout or ():
        match = re.search(pattern, line)
        if match is not None:
            return match.groupdict()
    raise ServiceFailed(f"the service ended before it printed a line like {pattern!r}")


def _told(service: Service, found: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the service's own command prints as JSON."""
    if not service.environment:
        return {}
    command = filled(list(service.environment), found)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    try:
        return {str(name): str(value) for name, value in json.loads(done.stdout).items()}
    except ValueError as error:
        raise ServiceFailed(f"{shlex.join(command)} printed no JSON: {done.stderr.strip()[-200:]}") from error
