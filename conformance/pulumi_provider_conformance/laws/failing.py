"""Laws of trouble: what exists is never lost, and errors say what happened. Know no resource.

Source: provider.proto, ErrorResourceInitFailed; provider_plugin.go, parseError.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from pulumi.runtime.proto import provider_pb2 as proto

from ..hooks import staged
from ..law import Broken, Scope, Severity, broken, chapter, present, require, skip
from ..plugin import Refused
from ..stage import cancel
from ..subject import Existing, Subject
from ..values import Tree, decode, plain, unknown_paths

law = chapter("Trouble", Scope.RESOURCE)

InitFailed = proto.ErrorResourceInitFailed
PATIENCE_SECONDS = 1.5
# An engine waits for a plugin after Ctrl-C; its users do not.
CANCEL_SECONDS = 2.0


@contextmanager
def _failed(subject: Subject, failure: Refused) -> Iterator[InitFailed]:
    """Lend what a failed creation tells about what it left, and delete that afterwards."""
    found = failure.detail(InitFailed)
    detail = present(found, f"the error has no ErrorResourceInitFailed: what was created is lost ({failure})")
    try:
        yield detail
    finally:
        subject.clear(Existing(detail.id, decode(detail.inputs), decode(detail.properties)))


def _create_failing(subject: Subject, inputs: Tree, timeout: float = 0) -> Refused:
    try:
        existing = subject.create(inputs, timeout)
    except Refused as refusal:
        return refusal
    subject.clear(existing)
    raise Broken("the creation was answered with success")


def _require_complete(detail: InitFailed, inputs: Tree) -> None:
    require(detail.id, "the id is blank: what was created is lost")
    require(detail.properties.fields, "there are no properties")
    require(detail.reasons and all(detail.reasons), "there is no reason to show to the user")
    require(detail.HasField("inputs"), "there are no inputs: the engine would record the inputs of the last update")
    lost = [name for name in inputs if name not in detail.inputs.fields]
    require(not lost, f"the inputs {lost} are missing")
    unknown = unknown_paths(decode(detail.properties))
    require(not unknown, f"{unknown} are unknown in the state of what exists")


@law(
    "provider.proto, ErrorResourceInitFailed in grpc-status-details-bin: the resource is kept and healed later",
    "Once the cloud has given an id, never answer with a plain error: fail with ErrorResourceInitFailed and tell the "
    "id, the properties, the inputs and the reasons.",
)
def a_creation_that_ends_failed_is_kept(subject: Subject) -> None:
    """A creation that fails after the id exists tells the id, the state, the inputs and why."""
    scene = subject.resource.failing
    if scene is None:
        skip("the spec has no scene in which a creation ends failed ('failing')")
    inputs = subject.check(subject.example()).inputs
    with staged(scene, subject.stage.variables):
        failure = _create_failing(subject, inputs)
    with _failed(subject, failure) as detail:
        _require_complete(detail, inputs)
        answer = subject.read(detail.id, decode(detail.inputs), decode(detail.properties))
        require(answer.id == detail.id, f"Read does not find the id {detail.id!r} that was told")


@law(
    "engine: what has init errors is updated by the next `up`, whatever Diff says",
    "Take an update of what failed half-way as a wish to finish it; if that cannot be, fail again with "
    "ErrorResourceInitFailed and say what to do.",
)
def what_failed_half_way_can_be_taken_up_again(subject: Subject) -> None:
    """The next update of a creation that ended failed either heals it or keeps it; it is never lost."""
    scene = subject.resource.failing
    if scene is None:
        skip("the spec has no scene in which a creation ends failed ('failing')")
    inputs = subject.check(subject.example()).inputs
    with staged(scene, subject.stage.variables):
        failure = _create_failing(subject, inputs)
    with _failed(subject, failure) as detail:
        existing = Existing(detail.id, decode(detail.inputs), decode(detail.properties))
        subject.diff(existing, existing.inputs)
        try:
            subject.update(existing, existing.inputs)
        except Refused as again:
            kept = again.detail(InitFailed)
            require(kept is not None and kept.id == detail.id, f"the update lost it: {again}")


@law(
    "provider.proto, CreateRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with ErrorResourceInitFailed if something exists by then.",
)
def the_users_timeout_is_kept(subject: Subject) -> None:
    """A creation that takes longer than the user allows ends in time, and what was created is kept."""
    scene = subject.resource.slow
    if scene is None:
        skip("the spec has no scene in which a creation takes long ('slow')")
    inputs = subject.check(subject.example()).inputs
    with staged(scene, subject.stage.variables):
        began = time.monotonic()
        failure = _create_failing(subject, inputs, timeout=PATIENCE_SECONDS)
        seconds = time.monotonic() - began
    with _failed(subject, failure) as detail:
        _require_complete(detail, inputs)
    require(seconds < PATIENCE_SECONDS + 5, f"the limit was {PATIENCE_SECONDS} s, and it took {seconds:.1f} s")


@law(
    "provider.proto, Cancel: operations in flight end as soon as they can",
    "Let Cancel end all waiting, and answer what exists with ErrorResourceInitFailed.",
)
def cancel_ends_waiting_and_loses_nothing(subject: Subject) -> None:
    """A creation in flight ends within two seconds after Cancel, and what was created is kept."""
    scene = subject.resource.slow
    if scene is None:
        skip("the spec has no scene in which a creation takes long ('slow')")
    inputs = subject.check(subject.example()).inputs
    with subject.stage.another() as plugin, staged(scene, subject.stage.variables):
        subject.stage.introduce(plugin)
        with ThreadPoolExecutor(1) as pool:
            creating = pool.submit(_create_failing, subject.through(plugin), inputs)
            wait_until_in_flight(subject)
            cancel(plugin)
            began = time.monotonic()
            failure = creating.result()
            seconds = time.monotonic() - began
    with _failed(subject, failure) as detail:
        _require_complete(detail, inputs)
    require(seconds <= CANCEL_SECONDS, f"the creation ended {seconds:.1f} s after Cancel")


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
    "provider_plugin.go: INTERNAL, UNKNOWN and DATA_LOSS mean that nobody knows what happened",
    "Answer the cloud's refusal with the status that fits (INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED, "
    "…) and the cloud's own words and request id.",
)
def a_refused_creation_is_a_plain_error(subject: Subject) -> None:
    """A creation that the cloud refuses has a status that says why, and leaves nothing in the state."""
    scene = subject.resource.refused
    if scene is None:
        skip("the spec has no scene in which the cloud refuses a creation ('refused')")
    inputs = subject.check(subject.example()).inputs
    with staged(scene, subject.stage.variables):
        failure = _create_failing(subject, inputs)
    require(failure.detail(InitFailed) is None, "ErrorResourceInitFailed keeps what was never created")
    require(failure.code.name not in ("UNKNOWN", "INTERNAL", "DATA_LOSS"), f"{failure}")
    require(failure.message.strip(), "the error has no message")


@law(
    "gRPC status codes; provider_plugin.go",
    "Refuse a type that the provider does not have with INVALID_ARGUMENT or NOT_FOUND and name the type.",
    Severity.SHOULD,
)
def a_type_that_does_not_exist_is_refused(subject: Subject) -> None:
    """Check of a type that the schema lacks is refused, and the message names it."""
    kind = f"{subject.type}NoSuch"
    request = subject.check_request(subject.example())
    request.type, request.urn = kind, subject.urn.replace(subject.type, kind)
    try:
        answer = subject.plugin.call("Check", request)
    except Refused as refusal:
        require("NoSuch" in refusal.message, f"the message does not name the type: {refusal}")
        require(refusal.code.name not in ("UNKNOWN", "INTERNAL"), f"{refusal}")
        return
    require(answer.failures, "it was accepted")


@law(
    "engine_grpc, Log: ephemeral messages are shown beside the resource",
    "While you wait, tell the state through Engine.Log with the URN and `ephemeral`.",
    Severity.SHOULD,
)
def progress_is_told(subject: Subject) -> None:
    """A creation that takes long tells its progress to the engine, for its URN."""
    scene = subject.resource.slow
    if scene is None:
        skip("the spec has no scene in which a creation takes long ('slow')")
    inputs = subject.check(subject.example()).inputs
    before = len(subject.stage.engine.logged)
    with staged(scene, subject.stage.variables):
        failure = _create_failing(subject, inputs, timeout=PATIENCE_SECONDS)
    with _failed(subject, failure):
        told = [each for each in subject.stage.engine.logged[before:] if each.urn == subject.urn]
    require(told, "the engine's log got no message for the resource")
    require(any(each.ephemeral for each in told), "no message is ephemeral: each would stay on the user's screen")
    blank = [each for each in told if not str(plain(each.text)).strip()]
    require(not blank, "a message is blank")


@law(
    "implementers' guide, Delete: an error keeps the resource in the state",
    "Answer every refusal of the cloud but not-found with an error.",
)
def a_refused_deletion_is_an_error(subject: Subject) -> None:
    """A deletion that the cloud refuses fails with a status that says why, and the resource is still there."""
    scene = subject.resource.undeletable
    if scene is None:
        skip("the spec has no scene in which the cloud refuses a deletion ('undeletable')")
    with subject.fresh() as existing:
        with staged(scene, {**subject.stage.variables, "id": existing.id}):
            try:
                subject.delete(existing)
            except Refused as refusal:
                require(refusal.message.strip(), "the error has no message")
            else:
                broken("the cloud refused, and Delete was answered with success")
        require(subject.refresh(existing) is not None, "after the refusal it is gone")


@law(
    "provider.proto, DeleteRequest.timeout: seconds, from customTimeouts; the engine enforces nothing",
    "Enforce `timeout` yourself, and fail with a plain error: the resource stays in the state.",
)
def a_deletion_keeps_the_timeout(subject: Subject) -> None:
    """A deletion that takes longer than the user allows ends in time, with an error."""
    scene = subject.resource.slow
    if scene is None:
        skip("the spec has no scene in which things take long ('slow')")
    with subject.fresh() as existing, staged(scene, {**subject.stage.variables, "id": existing.id}):
        began = time.monotonic()
        try:
            subject.delete(existing, PATIENCE_SECONDS)
        except Refused as refusal:
            require(refusal.code.name not in ("UNKNOWN", "INTERNAL", "DATA_LOSS"), f"{refusal}")
        seconds = time.monotonic() - began
    require(seconds < PATIENCE_SECONDS + 5, f"the limit was {PATIENCE_SECONDS} s, and it took {seconds:.1f} s")


LAWS = (
    a_creation_that_ends_failed_is_kept,
    what_failed_half_way_can_be_taken_up_again,
    the_users_timeout_is_kept,
    cancel_ends_waiting_and_loses_nothing,
    a_refused_creation_is_a_plain_error,
    a_type_that_does_not_exist_is_refused,
    progress_is_told,
    a_refused_deletion_is_an_error,
    a_deletion_keeps_the_timeout,
)
