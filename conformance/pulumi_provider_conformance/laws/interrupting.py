"""Laws of time: limits are kept, Cancel and signals end waiting, and nothing is lost by that. Know no resource.

Source: provider.proto, Cancel and the timeouts of its requests; provider_plugin.go of github.com/pulumi/pulumi.
"""

from __future__ import annotations

from ..hooks import staged
from ..in_flight import Ending, interrupted, timed, wait_until_in_flight
from ..law import Scope, Severity, chapter, require, skip
from ..plugin import Plugin
from ..spec import Change, Scene
from ..stage import cancel
from ..subject import Existing, Subject
from ..values import Tree, plain
from .failing import create_failing, failed, not_created, require_complete, require_kept

law = chapter("Time", Scope.RESOURCE)

PATIENCE_SECONDS = 1.5
# An engine waits for a plugin after Ctrl-C; its users do not.
CANCEL_SECONDS = 2.0
# What a plugin may need beyond a limit, to look once more at what it leaves.
GRACE_SECONDS = 3.0


def require_in_time(ending: Ending[object], limit: float) -> None:
    require(ending.seconds < limit + GRACE_SECONDS, f"the limit was {limit} s, and it took {ending.seconds:.1f} s")


def require_prompt(ending: Ending[object]) -> None:
    require(ending.seconds <= CANCEL_SECONDS, f"it ended {ending.seconds:.1f} s after Cancel")


@law(
    "provider.proto, CreateRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with ErrorResourceInitFailed if something exists by then.",
)
def the_users_timeout_is_kept(subject: Subject) -> None:
    """A creation that takes longer than the user allows ends in time, and what was created is kept."""
    scene = _slow(subject)
    inputs = subject.check(subject.example()).inputs
    with staged(scene, subject.stage.variables):
        ending = timed(lambda: subject.create(inputs, PATIENCE_SECONDS))
    with failed(subject, not_created(subject, ending)) as detail:
        require_complete(detail, inputs)
    require_in_time(ending, PATIENCE_SECONDS)


@law(
    "provider.proto, UpdateRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with ErrorResourceInitFailed and what is true by then.",
)
def an_update_keeps_the_timeout(subject: Subject) -> None:
    """Updates that take longer than the user allows end in time, and what is known of the resource is kept."""
    scene = _slow(subject)
    endings = [_updated_slowly(subject, scene, change) for change in subject.changes_in_place()]
    for ending in endings:
        require_in_time(ending, PATIENCE_SECONDS)
    if all(ending.refusal is None for ending in endings):
        skip("none of the spec's changes takes long in the scene 'slow'")


def _updated_slowly(subject: Subject, scene: Scene, change: Change) -> Ending[Existing]:
    with subject.fresh() as existing:
        news = subject.changed(existing, change.set)
        with staged(scene, {**subject.stage.variables, "id": existing.id}):
            ending = timed(lambda: subject.update(existing, news, PATIENCE_SECONDS))
        if ending.refusal is not None:
            require_kept(ending.refusal, existing, news)
        return ending


@law(
    "provider.proto, DeleteRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with a plain error: the resource stays in the state.",
)
def a_deletion_keeps_the_timeout(subject: Subject) -> None:
    """A deletion that takes longer than the user allows ends in time, with an error."""
    scene = _slow(subject)
    with subject.fresh() as existing, staged(scene, {**subject.stage.variables, "id": existing.id}):
        ending = timed(lambda: subject.delete(existing, PATIENCE_SECONDS))
    if ending.refusal is not None:
        vague = ending.refusal.code.name in ("UNKNOWN", "INTERNAL", "DATA_LOSS")
        require(not vague, f"{ending.refusal}")
    require_in_time(ending, PATIENCE_SECONDS)


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
    ending = _interrupted_creation(subject, inputs)
    with failed(subject, not_created(subject, ending)) as detail:
        require_complete(detail, inputs)
    require_prompt(ending)


def _interrupted_creation(subject: Subject, inputs: Tree, *, by_signal: bool = False) -> Ending[Existing]:
    return interrupted(
        subject,
        _slow(subject),
        lambda mine: mine.create(inputs),
        arrived=wait_until_in_flight,
        interrupt=_signal if by_signal else cancel,
    )


def _signal(plugin: Plugin) -> None:
    plugin.process.signal()


@law(
    "provider_plugin.go, Close: five seconds between SIGINT and the kill",
    "On a signal, do as on Cancel first, and end when all that is in flight has been answered.",
    Severity.SHOULD,
)
def a_signal_lets_what_is_in_flight_answer(subject: Subject) -> None:
    """A creation in flight when SIGINT comes still tells what was created."""
    inputs = subject.check(subject.example()).inputs
    ending = _interrupted_creation(subject, inputs, by_signal=True)
    with failed(subject, not_created(subject, ending)) as detail:
        require(detail.id, "the id is blank: what was created is lost")


@law(
    "provider.proto, Cancel: operations in flight end as soon as they can",
    "Let Cancel end the waiting for an update as well, and answer what is true with ErrorResourceInitFailed.",
)
def cancel_ends_an_update(subject: Subject) -> None:
    """An update in flight ends within two seconds after Cancel, and what is known of the resource is kept."""
    scene = _slow(subject)
    endings = [_interrupted_update(subject, scene, change) for change in subject.changes_in_place()]
    for ending in endings:
        require_prompt(ending)
    if all(ending.refusal is None for ending in endings):
        skip("none of the spec's changes takes long in the scene 'slow'")


def _interrupted_update(subject: Subject, scene: Scene, change: Change) -> Ending[Existing]:
    with subject.fresh() as existing:
        news = subject.changed(existing, change.set)
        ending = interrupted(
            subject,
            scene,
            lambda mine: mine.update(existing, news),
            id=existing.id,
            arrived=wait_until_in_flight,
        )
        if ending.refusal is not None:
            require_kept(ending.refusal, existing, news)
        return ending


@law(
    "provider.proto, Cancel: operations in flight end as soon as they can",
    "Let Cancel end the waiting for a deletion as well; a plain error keeps the resource in the state.",
)
def cancel_ends_a_deletion(subject: Subject) -> None:
    """A deletion in flight ends within two seconds after Cancel."""
    scene = _slow(subject)
    with subject.fresh() as existing:
        ending = interrupted(
            subject, scene, lambda mine: mine.delete(existing), id=existing.id, arrived=wait_until_in_flight
        )
    require_prompt(ending)


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
    an_update_keeps_the_timeout,
    a_deletion_keeps_the_timeout,
    cancel_ends_waiting_and_loses_nothing,
    a_signal_lets_what_is_in_flight_answer,
    cancel_ends_an_update,
    cancel_ends_a_deletion,
    progress_is_told,
)
