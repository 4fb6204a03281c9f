"""Laws of time: limits are kept, Cancel and signals end waiting, and nothing is lost by that. Know no resource.

Source: provider.proto, Cancel and the timeouts of its requests; provider_plugin.go of github.com/pulumi/pulumi.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..hooks import staged
from ..law import Scope, Severity, chapter, require, skip
from ..plugin import Plugin, Refused
from ..spec import Scene
from ..stage import cancel
from ..subject import Subject
from ..values import Tree, plain
from .failing import create_failing, failed, require_complete

law = chapter("Time", Scope.RESOURCE)

PATIENCE_SECONDS = 1.5
# An engine waits for a plugin after Ctrl-C; its users do not.
CANCEL_SECONDS = 2.0


@law(
    "provider.proto, CreateRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with ErrorResourceInitFailed if something exists by then.",
)
def the_users_timeout_is_kept(subject: Subject) -> None:
    """A creation that takes longer than the user allows ends in time, and what was created is kept."""
    scene = _slow(subject)
    inputs = subject.check(subject.example()).inputs
    with staged(scene, subject.stage.variables):
        began = time.monotonic()
        failure = create_failing(subject, inputs, timeout=PATIENCE_SECONDS)
        seconds = time.monotonic() - began
    with failed(subject, failure) as detail:
        require_complete(detail, inputs)
    require(seconds < PATIENCE_SECONDS + 5, f"the limit was {PATIENCE_SECONDS} s, and it took {seconds:.1f} s")


@law(
    "provider.proto, DeleteRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with a plain error: the resource stays in the state.",
)
def a_deletion_keeps_the_timeout(subject: Subject) -> None:
    """A deletion that takes longer than the user allows ends in time, with an error."""
    scene = _slow(subject)
    with subject.fresh() as existing, staged(scene, {**subject.stage.variables, "id": existing.id}):
        began = time.monotonic()
        try:
            subject.delete(existing, PATIENCE_SECONDS)
        except Refused as refusal:
            require(refusal.code.name not in ("UNKNOWN", "INTERNAL", "DATA_LOSS"), f"{refusal}")
        seconds = time.monotonic() - began
    require(seconds < PATIENCE_SECONDS + 5, f"the limit was {PATIENCE_SECONDS} s, and it took {seconds:.1f} s")


def _interrupted(subject: Subject, inputs: Tree, interrupt: Callable[[Plugin], object]) -> tuple[Refused, float]:
    """Interrupt a creation in flight; gives how it ended, and how many seconds after."""
    with subject.stage.another() as plugin, staged(_slow(subject), subject.stage.variables):
        subject.stage.introduce(plugin)
        with ThreadPoolExecutor(1) as pool:
            creating = pool.submit(create_failing, subject.through(plugin), inputs)
            wait_until_in_flight(subject)
            interrupt(plugin)
            began = time.monotonic()
            failure = creating.result()
            return failure, time.monotonic() - began


def _slow(subject: Subject) -> Scene:
    if subject.resource.slow is None:
        skip("the spec has no scene in which things take long ('slow')")
    return subject.resource.slow


@law(
    "provider.proto, Cancel: operations in flight end as soon as they can",
    "Let Cancel end all waiting, and answer what exists with ErrorResourceInitFailed.",
)
def cancel_ends_waiting_and_loses_nothing(subject: Subject) -> None:
    """A creation in flight ends within two seconds after Cancel, and what was created is kept."""
    inputs = subject.check(subject.example()).inputs
    failure, seconds = _interrupted(subject, inputs, cancel)
    with failed(subject, failure) as detail:
        require_complete(detail, inputs)
    require(seconds <= CANCEL_SECONDS, f"the creation ended {seconds:.1f} s after Cancel")


@law(
    "provider_plugin.go, Close: five seconds between SIGINT and the kill",
    "On a signal, do as on Cancel first, and end when all that is in flight has been answered.",
    Severity.SHOULD,
)
def a_signal_lets_what_is_in_flight_answer(subject: Subject) -> None:
    """A creation in flight when SIGINT comes still tells what was created."""
    inputs = subject.check(subject.example()).inputs
    failure, _ = _interrupted(subject, inputs, lambda plugin: plugin.process.signal())
    with failed(subject, failure) as detail:
        require(detail.id, "the id is blank: what was created is lost")


@law(
    "provider.proto, Cancel: operations in flight end as soon as they can",
    "Let Cancel end the waiting for a deletion as well; a plain error keeps the resource in the state.",
)
def cancel_ends_a_deletion(subject: Subject) -> None:
    """A deletion in flight ends within two seconds after Cancel."""
    scene = _slow(subject)
    existing = subject.prepared()
    with subject.stage.another() as plugin, staged(scene, subject.stage.variables):
        subject.stage.introduce(plugin)
        with ThreadPoolExecutor(1) as pool:
            deleting = pool.submit(subject.through(plugin).delete, existing)
            wait_until_in_flight(subject)
            cancel(plugin)
            began = time.monotonic()
            deleting.exception()
            seconds = time.monotonic() - began
    subject.clear(existing)
    require(seconds <= CANCEL_SECONDS, f"the deletion ended {seconds:.1f} s after Cancel")


def wait_until_in_flight(subject: Subject) -> None:
    """Give a creation the time to reach the cloud: until its effects have come to rest, or half a second."""
    if subject.stage.spec.effects is None:
        time.sleep(0.5)
        return
    before, until = subject.stage.effects(), time.monotonic() + 5
    while subject.stage.effects() == before and time.monotonic() < until:
        time.sleep(0.02)
    # The call that creates is answered before the waiting begins.
    time.sleep(0.3)


@law(
    "engine_grpc, Log: ephemeral messages are shown beside the resource",
    "While you wait, tell the state through Engine.Log with the URN and `ephemeral`.",
    Severity.SHOULD,
)
def progress_is_told(subject: Subject) -> None:
    """A creation that takes long tells its progress to the engine, for its URN."""
    scene = _slow(subject)
    inputs = subject.check(subject.example()).inputs
    before = len(subject.stage.engine.logged)
    with staged(scene, subject.stage.variables):
        failure = create_failing(subject, inputs, timeout=PATIENCE_SECONDS)
    with failed(subject, failure):
        told = [each for each in subject.stage.engine.logged[before:] if each.urn == subject.urn]
    require(told, "the engine's log got no message for the resource")
    require(any(each.ephemeral for each in told), "no message is ephemeral: each would stay on the user's screen")
    blank = [each for each in told if not str(plain(each.text)).strip()]
    require(not blank, "a message is blank")


LAWS = (
    the_users_timeout_is_kept,
    a_deletion_keeps_the_timeout,
    cancel_ends_waiting_and_loses_nothing,
    a_signal_lets_what_is_in_flight_answer,
    cancel_ends_a_deletion,
    progress_is_told,
)
