"""Laws of a life without trouble: create, update, replace, delete. Know no resource."""

from __future__ import annotations

from collections.abc import Callable

from ..judging import mismatches
from ..law import Scope, Severity, broken, chapter, present, require, skip
from ..plugin import Refused
from ..subject import Subject
from ..values import Tree, alike, at, leaves, plain, rendered
from .diffing import require_none, seen

law = chapter("Life", Scope.RESOURCE)


@law(
    "provider.proto, CreateResponse: a blank id is an error of the plugin",
    "Return the id that Read takes, and the state.",
)
def a_creation_answers_an_id(subject: Subject) -> None:
    """A creation is answered with an id and with properties."""
    inputs = subject.check(subject.example()).inputs
    existing = subject.create(inputs)
    try:
        require(existing.id, "the id is blank")
        require(existing.state, "there are no properties")
    finally:
        subject.clear(existing)


@law(
    "implementers' guide: a resource is made of Check, Diff, Create, Read, Update and Delete",
    "Implement all of them: without Read there is no refresh and no import, and without Update a change that Diff does "
    "not call a replacement fails.",
)
def the_calls_of_a_life_are_implemented(subject: Subject) -> None:
    """Read is implemented, and Update as well if a change does not replace."""
    with subject.fresh() as existing:
        attempts: dict[str, Callable[[], object]] = {"Read": lambda: subject.refresh(existing)}
        if any(not change.replaces for change in subject.resource.changes):
            attempts["Update"] = lambda: subject.update(existing, existing.inputs)
        missing = [rpc for rpc, attempt in attempts.items() if not _implemented(attempt)]
    require(not missing, f"{missing} are UNIMPLEMENTED")


def _implemented(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Refused as refusal:
        return refusal.code.name != "UNIMPLEMENTED"
    return True


@law(
    "schema: required outputs are there as soon as the resource is",
    "Return every output that the schema calls required, or do not call it required.",
)
def required_outputs_are_there(subject: Subject) -> None:
    """After a creation and after a refresh, every output that the schema requires has a value."""
    required = set(subject.stage.package.resource(subject.type).get("required", [])) - {"id", "urn"}
    existing = subject.standing()
    refreshed = subject.refresh(existing)
    lacking = required - {name for name, value in existing.state.items() if value is not None}
    require(not lacking, f"{sorted(lacking)} are missing after the creation")
    if refreshed is not None:
        lacking = required - {name for name, value in refreshed.state.items() if value is not None}
        require(not lacking, f"{sorted(lacking)} are missing after a refresh")


@law(
    "implementers' guide: outputs must be assignable to the schema's outputs",
    "Return values of the types that the schema says, and no property that it lacks.",
)
def the_state_fits_the_schema(subject: Subject) -> None:
    """The state after a creation and after a refresh fits the output properties of the schema."""
    outputs = subject.stage.package.outputs(subject.type)
    if not outputs:
        skip("the schema has no output properties of this resource")
    existing = subject.standing()
    wrong = mismatches(subject.stage.package, outputs, existing.state)
    require(not wrong, f"after the creation: {'; '.join(wrong)}")
    refreshed = subject.refresh(existing)
    wrong = [] if refreshed is None else mismatches(subject.stage.package, outputs, refreshed.state)
    require(not wrong, f"after a refresh: {'; '.join(wrong)}")


@law(
    "implementers' guide: outputs that mirror inputs have the inputs' values",
    "Echo the inputs in the state: what depends on `resource.property` gets what the user gave.",
    Severity.SHOULD,
)
def inputs_are_echoed(subject: Subject) -> None:
    """Outputs that have the name of a given input have its value, as the user spelled it."""
    existing = subject.standing()
    outputs = subject.stage.package.outputs(subject.type)
    given = {name: value for name, value in existing.inputs.items() if name in outputs}
    wrong = [rendered(path) for path, value in leaves(given) if at(existing.state, path) != value]
    require(not wrong, f"{wrong} are inputs that the state does not echo")


@law(
    "provider.proto, Update; implementers' guide: after an update nothing differs",
    "Change everything that Diff announced, and return the state as it is now.",
)
def an_update_does_what_was_announced(subject: Subject) -> None:
    """After each update in place the state and a refresh show the new values, and nothing differs any more."""
    changes = subject.changes_in_place()
    with subject.fresh() as existing:
        for change in changes:
            news = subject.changed(existing, change.set)
            updated = subject.update(existing, news)
            require_none(subject.diff(updated, news), f"after {change.set}")
            refreshed = present(subject.refresh(updated), f"after {change.set} it is gone")
            require_none(subject.diff(refreshed, news), f"after {change.set} and a refresh")
            wrong = [name for name in change.set if not alike(updated.state.get(name), news.get(name))]
            told = [(name, plain(updated.state.get(name))) for name in wrong]
            require(not wrong, f"after {change.set} the state shows {told}")
            existing = updated


@law(
    "provider.proto, DiffResponse.stables",
    "Name only outputs that no update changes.",
)
def stable_outputs_do_not_change(subject: Subject) -> None:
    """What Diff called stable has the same value after the update."""
    changes = subject.changes_in_place()
    with subject.fresh() as existing:
        for change in changes:
            news = subject.changed(existing, change.set)
            stables = list(subject.diff(existing, news).stables)
            subject.stage.tick()
            updated = subject.update(existing, news)
            moved = [name for name in stables if not alike(existing.state.get(name), updated.state.get(name))]
            require(not moved, f"{moved} were called stable and changed with {change.set}")
            existing = updated


@law(
    "engine: a replacement is two resources, with Check anew, in the announced order",
    "Let both live at the same time, or announce deleteBeforeReplace; delete exactly what the id says.",
)
def a_replacement_leaves_the_new_one(subject: Subject) -> None:
    """After a replacement in the announced order the old one is gone, and the new one is as it should be."""
    changes = [change for change in subject.resource.changes if change.replaces]
    if not changes:
        skip("the spec names no change that replaces")
    for change in changes:
        _replace(subject, dict(change.set))


def _replace(subject: Subject, changes: Tree) -> None:
    old = subject.prepared()
    alive = [old]
    try:
        news = subject.changed(old, changes)
        answer = subject.diff(old, news)
        if answer.deleteBeforeReplace:
            subject.delete(alive.pop())
        # The engine checks the inputs of the new resource without olds.
        new = subject.create(subject.check(news, seed="replacement").inputs)
        alive.append(new)
        if not answer.deleteBeforeReplace:
            subject.delete(alive.pop(0))
        apart = new.id != old.id or answer.deleteBeforeReplace
        require(apart, f"the new one has the id of the old one ({seen(answer)})")
        refreshed = present(subject.refresh(new), f"{changes}: the new one is gone after the old one was deleted")
        require_none(subject.diff(refreshed, new.inputs), f"{changes}: after the replacement")
    finally:
        for each in alive:
            subject.clear(each)


@law(
    "provider.proto, Delete; implementers' guide: wait until it is gone",
    "Return from Delete when the resource is gone, not when the cloud has taken the order.",
)
def what_was_deleted_is_gone(subject: Subject) -> None:
    """Right after Delete, Read does not find the resource."""
    existing = subject.prepared()
    subject.delete(existing)
    try:
        refreshed = subject.refresh(existing)
    except Refused as refusal:
        skip(f"Read does not tell what is gone: {refusal}")
    require(refreshed is None, "it can still be read after Delete")


@law(
    "implementers' guide, Delete: deleting what is gone is a success",
    "Take the cloud's not-found in Delete as success.",
)
def deleting_twice_is_fine(subject: Subject) -> None:
    """Deleting what is already gone succeeds."""
    existing = subject.prepared()
    subject.delete(existing)
    try:
        subject.delete(existing)
    except Refused as refusal:
        broken(f"the second delete failed: {refusal}")


@law(
    "implementers' guide, Update: an update creates nothing",
    "Answer an error, NOT_FOUND or FAILED_PRECONDITION, that tells the user to refresh.",
)
def updating_what_is_gone_fails(subject: Subject) -> None:
    """An update of what is gone is an error, and makes nothing."""
    changes = subject.changes_in_place()
    existing = subject.prepared()
    news = subject.changed(existing, changes[0].set)
    subject.delete(existing)
    try:
        updated = subject.update(existing, news)
    except Refused:
        return
    subject.clear(updated)
    broken("the update was answered with success")


LAWS = (
    a_creation_answers_an_id,
    the_calls_of_a_life_are_implemented,
    required_outputs_are_there,
    the_state_fits_the_schema,
    inputs_are_echoed,
    an_update_does_what_was_announced,
    stable_outputs_do_not_change,
    a_replacement_leaves_the_new_one,
    what_was_deleted_is_gone,
    deleting_twice_is_fine,
    updating_what_is_gone_fails,
)
