"""Laws of silence: whatever the cloud leaves unanswered, calls end, and nothing is lost or made up. Know no resource.

Source: provider.proto, Cancel, the timeouts of its requests and ErrorResourceInitFailed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..hooks import staged
from ..in_flight import Ending, interrupted, timed
from ..law import Scope, broken, chapter, present, require, skip
from ..plugin import Refused
from ..spec import Scene
from ..subject import Existing, Subject
from ..values import Tree, decode
from .diffing import changed, require_none
from .failing import InitFailed, failed, require_complete, require_kept
from .interrupting import require_in_time, require_prompt

law = chapter("Silence", Scope.RESOURCE)

LIMIT_SECONDS = 0.5

_LIMITS = "provider.proto, timeout of its requests: seconds, from customTimeouts; the engine enforces nothing"
_CANCEL = "provider.proto, Cancel: operations in flight end as soon as they can"
_UNKNOWN_OUTCOME = (
    "Do not wait for the cloud beyond `timeout` and Cancel: give the call up, and say in an error that its outcome is "
    "unknown."
)


def _scene(scene: Scene | None, name: str) -> Scene:
    if scene is None:
        skip(f"the spec has no scene '{name}', in which the cloud leaves calls unanswered")
    return scene


def _silences(subject: Subject) -> list[Scene]:
    """Return the scenes in which something is not answered: a question before a change, or the change itself."""
    found = [each for each in (subject.resource.silent, subject.resource.unanswered) if each is not None]
    if not found:
        skip("the spec has no scene in which the cloud leaves calls unanswered ('silent', 'unanswered')")
    return found


@contextmanager
def _unheard(subject: Subject, scene: Scene, id: str) -> Iterator[None]:
    with staged(scene, {**subject.stage.variables, "id": id}):
        yield


def _require_not_read(ending: Ending[Existing | None]) -> None:
    if ending.refusal is not None:
        require(ending.refusal.message.strip(), "the error has no message")
        return
    require(ending.answer is not None, "the cloud was silent, and Read says that the resource is gone")
    broken("the cloud was silent, and Read answers as if it had told")


@law(_LIMITS, "Enforce `timeout` in Read as well, and answer an error: an empty answer says that the resource is gone.")
def a_refresh_without_an_answer_keeps_the_timeout(subject: Subject) -> None:
    """A refresh that the cloud does not answer ends in time with an error, and nothing is taken for gone."""
    scene, existing = _scene(subject.resource.silent, "silent"), subject.standing()
    with _unheard(subject, scene, existing.id):
        ending = timed(lambda: subject.refresh(existing, LIMIT_SECONDS))
    _require_not_read(ending)
    require_in_time(ending, LIMIT_SECONDS)


@law(_CANCEL, "Let Cancel end Read as well, with an error: an empty answer says that the resource is gone.")
def cancel_ends_a_refresh_without_an_answer(subject: Subject) -> None:
    """A refresh that the cloud does not answer ends within two seconds after Cancel with an error."""
    scene, existing = _scene(subject.resource.silent, "silent"), subject.standing()
    ending = interrupted(subject, scene, lambda mine: mine.refresh(existing), id=existing.id)
    _require_not_read(ending)
    require_prompt(ending)


def _require_updated_or_kept(subject: Subject, existing: Existing, news: Tree, ending: Ending[Existing]) -> None:
    """Hold an update to the truth: success if it is done, and an error that loses nothing otherwise."""
    if ending.refusal is not None:
        require(ending.refusal.message.strip(), "the error has no message")
        require_kept(ending.refusal, existing, news)
        return
    refreshed = present(subject.refresh(_recorded(existing, news, ending)), "it is gone")
    undone = changed(subject.diff(refreshed, news))
    require(not undone, f"Update was answered with success, and {sorted(undone)} are as they were")


@law(_LIMITS, f"{_UNKNOWN_OUTCOME} With ErrorResourceInitFailed the next `up` takes it up again.")
def an_update_without_an_answer_keeps_the_timeout(subject: Subject) -> None:
    """An update that the cloud does not answer ends in time with an error, and what is known of it is kept."""
    change = subject.changes_in_place()[0]
    for scene in _silences(subject):
        with subject.fresh() as existing:
            news = subject.changed(existing, change.set)
            ending = _updated(subject, scene, existing, news)
            _require_updated_or_kept(subject, existing, news, ending)
            require_in_time(ending, LIMIT_SECONDS)


def _updated(subject: Subject, scene: Scene, existing: Existing, news: Tree) -> Ending[Existing]:
    with _unheard(subject, scene, existing.id):
        return timed(lambda: subject.update(existing, news, LIMIT_SECONDS))


@law(_CANCEL, f"{_UNKNOWN_OUTCOME} With ErrorResourceInitFailed the next `up` takes it up again.")
def cancel_ends_an_update_without_an_answer(subject: Subject) -> None:
    """An update that the cloud does not answer ends within two seconds after Cancel, and what is known is kept."""
    change = subject.changes_in_place()[0]
    for scene in _silences(subject):
        with subject.fresh() as existing:
            news = subject.changed(existing, change.set)
            ending = _update_interrupted(subject, scene, existing, news)
            _require_updated_or_kept(subject, existing, news, ending)
            require_prompt(ending)


def _update_interrupted(subject: Subject, scene: Scene, existing: Existing, news: Tree) -> Ending[Existing]:
    return interrupted(subject, scene, lambda mine: mine.update(existing, news), id=existing.id)


@law(
    "engine: what has init errors is updated by the next `up`, whatever Diff says",
    "Compare with what is true when an update comes again: what was given up may have been done, or not.",
)
def an_update_without_an_answer_can_be_finished(subject: Subject) -> None:
    """After an update that the cloud did not answer, the same update succeeds, and nothing differs any more."""
    change, scene = subject.changes_in_place()[0], _scene(subject.resource.unanswered, "unanswered")
    with subject.fresh() as existing:
        news = subject.changed(existing, change.set)
        ending = _updated(subject, scene, existing, news)
        recorded = _recorded(existing, news, ending)
        again = subject.update(recorded, news)
        require_none(subject.diff(again, news), f"after {change.set} was made again")
        refreshed = present(subject.refresh(again), "it is gone")
        require_none(subject.diff(refreshed, news), f"after {change.set} was made again and a refresh")


def _recorded(existing: Existing, news: Tree, ending: Ending[Existing]) -> Existing:
    """Return what the engine records after an update."""
    if ending.refusal is None:
        return ending.answer or existing
    detail = ending.refusal.detail(InitFailed)
    if detail is None:
        return existing
    inputs = decode(detail.inputs) if detail.HasField("inputs") else news
    return Existing(detail.id, inputs, decode(detail.properties))


def _require_gone_or_kept(subject: Subject, existing: Existing, ending: Ending[None]) -> None:
    if ending.refusal is not None:
        require(ending.refusal.message.strip(), "the error has no message")
        return
    try:
        refreshed = subject.refresh(existing)
    except Refused as refusal:
        skip(f"Read does not tell what is gone: {refusal}")
    require(refreshed is None, "Delete was answered with success, and it is still there")


@law(_LIMITS, f"{_UNKNOWN_OUTCOME} A plain error keeps the resource in the state.")
def a_deletion_without_an_answer_keeps_the_timeout(subject: Subject) -> None:
    """A deletion that the cloud does not answer ends in time, and only what is gone is said to be."""
    for scene in _silences(subject):
        with subject.fresh() as existing:
            ending = _deleted(subject, scene, existing)
            _require_gone_or_kept(subject, existing, ending)
            require_in_time(ending, LIMIT_SECONDS)


def _deleted(subject: Subject, scene: Scene, existing: Existing) -> Ending[None]:
    with _unheard(subject, scene, existing.id):
        return timed(lambda: subject.delete(existing, LIMIT_SECONDS))


@law(_CANCEL, f"{_UNKNOWN_OUTCOME} A plain error keeps the resource in the state.")
def cancel_ends_a_deletion_without_an_answer(subject: Subject) -> None:
    """A deletion that the cloud does not answer ends within two seconds after Cancel, and nothing is made up."""
    for scene in _silences(subject):
        with subject.fresh() as existing:
            ending = _deletion_interrupted(subject, scene, existing)
            _require_gone_or_kept(subject, existing, ending)
            require_prompt(ending)


def _deletion_interrupted(subject: Subject, scene: Scene, existing: Existing) -> Ending[None]:
    return interrupted(subject, scene, lambda mine: mine.delete(existing), id=existing.id)


@law(
    "engine: it waits for Create as long as the plugin does",
    "Wait for a creation's answer longer than for others, since the id is in it, but not without end. Say in the error "
    "that it may exist all the same, and how to find out.",
)
def a_creation_without_an_answer_ends(subject: Subject) -> None:
    """A creation that the cloud never answers ends by itself, and success is answered for what is there only."""
    scene = _scene(subject.resource.unanswered, "unanswered")
    inputs = subject.check(subject.example()).inputs
    with _unheard(subject, scene, ""):
        ending = timed(lambda: subject.create(inputs, LIMIT_SECONDS))
    limit = subject.stage.spec.timeout_seconds
    require(ending.seconds < limit, f"it was still in flight after {limit:.0f} s")
    if ending.refusal is None or ending.refusal.detail(InitFailed) is not None:
        _require_told(subject, inputs, ending)
        return
    require(ending.refusal.message.strip(), "the error has no message")


_LATE = (
    "Once a creation is sent, wait for the answer even beyond `timeout` and Cancel: it holds the id. Then fail with "
    "ErrorResourceInitFailed, so that what exists is kept; success is for what is ready already."
)


@law("provider.proto, CreateRequest.timeout; ErrorResourceInitFailed", _LATE)
def a_creation_answered_after_the_limit_is_kept(subject: Subject) -> None:
    """A creation that the cloud answers only after the user's limit tells its id."""
    inputs = subject.check(subject.example()).inputs
    with staged(_scene(subject.resource.late, "late"), subject.stage.variables):
        ending = timed(lambda: subject.create(inputs, LIMIT_SECONDS))
    _require_told(subject, inputs, ending)


@law("provider.proto, Cancel; ErrorResourceInitFailed", _LATE)
def a_creation_answered_after_cancel_is_kept(subject: Subject) -> None:
    """A creation that the cloud answers only after Cancel tells its id."""
    inputs = subject.check(subject.example()).inputs
    ending = interrupted(subject, _scene(subject.resource.late, "late"), lambda mine: mine.create(inputs))
    _require_told(subject, inputs, ending)


def _require_told(subject: Subject, inputs: Tree, ending: Ending[Existing]) -> None:
    """Hold a creation to the truth: success if it is as it was asked for, and what exists otherwise."""
    if ending.refusal is not None:
        with failed(subject, ending.refusal) as detail:
            require_complete(detail, inputs)
        return
    created = present(ending.answer, "there is no answer")
    try:
        refreshed = present(subject.refresh(created), "it was answered with success, and is not there")
        require_none(subject.diff(refreshed, inputs), "after a creation that was answered with success")
    finally:
        subject.clear(created)


LAWS = (
    a_refresh_without_an_answer_keeps_the_timeout,
    cancel_ends_a_refresh_without_an_answer,
    an_update_without_an_answer_keeps_the_timeout,
    cancel_ends_an_update_without_an_answer,
    an_update_without_an_answer_can_be_finished,
    a_deletion_without_an_answer_keeps_the_timeout,
    cancel_ends_a_deletion_without_an_answer,
    a_creation_without_an_answer_ends,
    a_creation_answered_after_the_limit_is_kept,
    a_creation_answered_after_cancel_is_kept,
)
