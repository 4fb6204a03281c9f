"""Laws of trouble: what exists is never lost, and errors say what happened. Know no resource.

Source: provider.proto, ErrorResourceInitFailed; provider_plugin.go, parseError.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.runtime.proto import provider_pb2 as proto

from ..hooks import staged
from ..in_flight import Ending, timed
from ..law import Scope, Severity, broken, chapter, present, require, skip
from ..plugin import Refused
from ..subject import Existing, Subject
from ..values import Tree, decode, unknown_paths
from .diffing import changed

law = chapter("Trouble", Scope.RESOURCE)

InitFailed = proto.ErrorResourceInitFailed


@contextmanager
def failed(subject: Subject, failure: Refused) -> Iterator[InitFailed]:
    """Lend what a failed creation tells about what it left, and delete that afterwards."""
    found = failure.detail(InitFailed)
    detail = present(found, f"the error has no ErrorResourceInitFailed: what was created is lost ({failure})")
    try:
        yield detail
    finally:
        subject.clear(Existing(detail.id, decode(detail.inputs), decode(detail.properties)))


def create_failing(subject: Subject, inputs: Tree, timeout: float = 0) -> Refused:
    return not_created(subject, timed(lambda: subject.create(inputs, timeout)))


def not_created(subject: Subject, ending: Ending[Existing]) -> Refused:
    """Return how a creation failed; one that did not is deleted again."""
    if ending.answer is not None:
        subject.clear(ending.answer)
    return present(ending.refusal, "the creation was answered with success")


def require_complete(detail: InitFailed, inputs: Tree) -> None:
    require(detail.id, "the id is blank: what was created is lost")
    require(detail.properties.fields, "there are no properties")
    require(detail.reasons and all(detail.reasons), "there is no reason to show to the user")
    require(detail.HasField("inputs"), "there are no inputs: the engine would record the inputs of the last update")
    lost = [name for name in inputs if name not in detail.inputs.fields]
    require(not lost, f"the inputs {lost} are missing")
    unknown = unknown_paths(decode(detail.properties))
    require(not unknown, f"{unknown} are unknown in the state of what exists")


def require_kept(failure: Refused, existing: Existing, news: Tree) -> None:
    """Hold a failed update to what it tells; after a plain error the engine keeps what it had recorded."""
    detail = failure.detail(InitFailed)
    if detail is not None:
        require(detail.id == existing.id, f"the id {existing.id!r} has become {detail.id!r}")
        require_complete(detail, {name: value for name, value in existing.inputs.items() if name in news})


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
        failure = create_failing(subject, inputs)
    with failed(subject, failure) as detail:
        require_complete(detail, inputs)
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
        failure = create_failing(subject, inputs)
    with failed(subject, failure) as detail:
        existing = Existing(detail.id, decode(detail.inputs), decode(detail.properties))
        subject.diff(existing, existing.inputs)
        try:
            subject.update(existing, existing.inputs)
        except Refused as again:
            kept = again.detail(InitFailed)
            require(kept is not None and kept.id == detail.id, f"the update lost it: {again}")


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
        failure = create_failing(subject, inputs)
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
    "provider.proto, ErrorResourceInitFailed: also from Update, with what is now true",
    "Once the cloud has taken a part of an update, fail with ErrorResourceInitFailed and tell the state as it is now.",
)
def an_update_that_ends_failed_tells_what_is_true(subject: Subject) -> None:
    """An update that fails after the cloud was changed tells the new state; one that changed nothing may just fail."""
    scene = subject.resource.failing_update
    changes = [change for change in subject.resource.changes if not change.replaces]
    if scene is None or not changes:
        skip("the spec has no scene in which an update ends failed ('failingUpdate')")
    with subject.fresh() as existing:
        news = subject.changed(existing, changes[0].set)
        with staged(scene, {**subject.stage.variables, "id": existing.id}):
            ending = timed(lambda: subject.update(existing, news))
        failure = present(ending.refusal, "the update was answered with success")
        if failure.detail(InitFailed) is not None:
            require_kept(failure, existing, news)
            return
        now = present(subject.refresh(existing), "it is gone")
        told_nothing = not changed(subject.diff(now, existing.inputs))
        require(told_nothing, f"the cloud was changed, and nothing was told of it but: {failure}")


LAWS = (
    a_creation_that_ends_failed_is_kept,
    what_failed_half_way_can_be_taken_up_again,
    an_update_that_ends_failed_tells_what_is_true,
    a_refused_creation_is_a_plain_error,
    a_type_that_does_not_exist_is_refused,
    a_refused_deletion_is_an_error,
)
