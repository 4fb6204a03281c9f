"""Laws of Diff: when there is a difference, and what its parts say. Know no resource.

Source: provider.proto, DiffResponse; pkg/engine/detailedDiff.go of github.com/pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.runtime.proto import provider_pb2 as proto

from ..judging import REPLACING, check_difference, roots, steps
from ..law import Scope, Severity, chapter, require, skip
from ..spec import Change
from ..subject import Existing, Subject
from ..values import UNKNOWN, Secret, Tree, merged, plain

law = chapter("Diff", Scope.RESOURCE)

NONE, SOME = proto.DiffResponse.DIFF_NONE, proto.DiffResponse.DIFF_SOME
_ADDS = {proto.PropertyDiff.ADD, proto.PropertyDiff.ADD_REPLACE}
_DELETES = {proto.PropertyDiff.DELETE, proto.PropertyDiff.DELETE_REPLACE}


def seen(answer: proto.DiffResponse) -> str:
    """Say in a few words what a diff holds."""
    details = {path: proto.PropertyDiff.Kind.Name(each.kind) for path, each in answer.detailedDiff.items()}
    name = proto.DiffResponse.DiffChanges.Name(answer.changes)
    return f"{name}, diffs {list(answer.diffs)}, replaces {list(answer.replaces)}, details {details}"


def changed(answer: proto.DiffResponse) -> set[str]:
    """Return the top-level properties that a diff is about."""
    return set(answer.diffs) | roots(list(answer.detailedDiff))


def told(answer: proto.DiffResponse) -> proto.DiffResponse:
    """Return a diff that says something; one that leaves the answer to the engine cannot be judged."""
    if answer.changes == proto.DiffResponse.DIFF_UNKNOWN and not changed(answer):
        skip("Diff answers DIFF_UNKNOWN and leaves it to the engine to compare the inputs")
    return answer


def require_none(answer: proto.DiffResponse, what: str) -> None:
    """Hold a diff to emptiness."""
    told(answer)
    require(answer.changes == NONE, f"{what}: {seen(answer)}")
    check_difference(answer)


def _diffs(subject: Subject) -> Iterator[tuple[Change, Existing, Tree, proto.DiffResponse]]:
    """Yield the diff of every change of the spec."""
    if not subject.resource.changes:
        skip("the spec names no changes")
    existing = subject.standing()
    for change in subject.resource.changes:
        news = subject.changed(existing, change.set)
        yield change, existing, news, told(subject.diff(existing, news))


@law(
    "implementers' guide, Diff: equal inputs do not differ",
    "Compare news with old_inputs by meaning, and answer DIFF_NONE; DIFF_UNKNOWN lets the engine guess.",
)
def nothing_differs_after_a_creation(subject: Subject) -> None:
    """What was just created does not differ from the inputs that it was created from."""
    existing = subject.standing()
    require_none(subject.diff(existing, existing.inputs), "with the same inputs")
    again = subject.check(existing.inputs, existing.inputs).inputs
    require_none(subject.diff(existing, again), "with the same inputs, checked once more")


@law(
    "provider.proto, DiffResponse.changes: with DIFF_UNKNOWN the engine compares the inputs, property by property",
    "Implement Diff: the engine knows no defaults, no order that does not matter, and not what must be replaced.",
    Severity.SHOULD,
)
def diff_gives_an_answer(subject: Subject) -> None:
    """Diff says whether there is a difference."""
    existing = subject.standing()
    answer = subject.diff(existing, existing.inputs)
    require(answer.changes != proto.DiffResponse.DIFF_UNKNOWN, "Diff answers DIFF_UNKNOWN")


@law(
    "provider.proto, DiffResponse: changes, diffs, detailedDiff",
    "Answer DIFF_SOME and name every top-level property that changed, and no other.",
)
def a_change_is_seen_as_what_it_is(subject: Subject) -> None:
    """Each change of the spec is a difference of exactly the properties that it sets."""
    for change, _, _, answer in _diffs(subject):
        require(answer.changes == SOME, f"{change.set}: {seen(answer)}")
        require(changed(answer) == set(change.set), f"{change.set}: {seen(answer)}")


@law(
    "provider.proto, DiffResponse: every property in diffs has a path in detailedDiff, and vice versa",
    "Make diffs, replaces and detailedDiff of one list of changes.",
)
def the_parts_of_a_diff_agree(subject: Subject) -> None:
    """diffs, replaces, detailedDiff and changes tell the same."""
    for _, _, _, answer in _diffs(subject):
        check_difference(answer)
        if answer.changes == SOME:
            require(answer.diffs or answer.detailedDiff or answer.replaces, "DIFF_SOME comes without any property")


@law(
    "provider.proto, DiffResponse.replaces",
    "Name in `replaces` what the cloud cannot change in place, and nothing that it can.",
)
def replacing_is_announced(subject: Subject) -> None:
    """A change replaces if the spec says so, and only then."""
    for change, _, _, answer in _diffs(subject):
        kinds = {each.kind for each in answer.detailedDiff.values()}
        replaces = bool(answer.replaces) or bool(kinds & REPLACING)
        require(replaces == change.replaces, f"{change.set} should{'' if change.replaces else ' not'}: {seen(answer)}")


@law(
    "provider.proto, DiffResponse.deleteBeforeReplace",
    "Set deleteBeforeReplace where the new resource would clash with the old one, such as over a name; nowhere else.",
)
def the_order_of_a_replacement_is_right(subject: Subject) -> None:
    """The old resource is deleted first where the spec says so."""
    judged = 0
    for change, _, _, answer in _diffs(subject):
        if change.delete_before_replace is not None:
            judged += 1
            right = answer.deleteBeforeReplace == change.delete_before_replace
            require(right, f"{change.set}: deleteBeforeReplace is {answer.deleteBeforeReplace}")
    if not judged:
        skip("the spec says of no change whether it deletes first ('deleteBeforeReplace')")


@law(
    "provider.proto, PropertyDiff.Kind",
    "ADD is for what was not there, DELETE for what is no more there, UPDATE for the rest.",
)
def kinds_of_changes_are_right(subject: Subject) -> None:
    """A property that comes is added, one that goes is deleted, one that stays is updated."""
    for _, existing, news, answer in _diffs(subject):
        for path, each in answer.detailedDiff.items():
            old, new = _at(existing.inputs, path), _at(news, path)
            kind = proto.PropertyDiff.Kind.Name(each.kind)
            if each.kind in _ADDS:
                require(old is None, f"{path} is {kind}, and was {old!r}")
            elif each.kind in _DELETES:
                # What follows in a list moves up, so the place of what has gone may be taken.
                gone = new is None or any(step.isdigit() for step in steps(path))
                require(gone, f"{path} is {kind}, and is {new!r}")
            else:
                require(new is not None, f"{path} is {kind}, and is no more there")


@law(
    "pkg/engine/detailedDiff.go: inputDiff says whether the old value is shown from the inputs or from the outputs",
    "Set inputDiff where you compare with old_inputs, leave it out where you compare with the state.",
    Severity.SHOULD,
)
def the_old_value_can_be_shown(subject: Subject) -> None:
    """The old value of an updated or deleted property is where inputDiff says that it is."""
    for _, existing, _, answer in _diffs(subject):
        for path, each in answer.detailedDiff.items():
            if each.kind in _ADDS:
                continue
            place = existing.inputs if each.inputDiff else existing.state
            require(_at(place, path) is not None, f"{path}: inputDiff is {each.inputDiff}, and there is no old value")


@law(
    "implementers' guide, Diff: an unknown new value may be a change",
    "Take an unknown as a change of its property, and as a replacement if that property replaces: a preview that "
    "says less than what happens later is worse than one that says more.",
)
def an_unknown_is_a_change(subject: Subject) -> None:
    """A property whose new value is unknown differs; where a change of it replaces, so does this."""
    if not subject.resource.changes:
        skip("the spec names no changes")
    existing = subject.standing()
    for change in subject.resource.changes:
        if len(change.set) != 1:
            continue
        (name,) = change.set
        answer = told(subject.diff(existing, {**existing.inputs, name: UNKNOWN}))
        require(answer.changes == SOME, f"an unknown {name}: {seen(answer)}")
        if change.replaces:
            require(answer.replaces, f"an unknown {name}, whose change replaces: {seen(answer)}")


@law(
    "implementers' guide, Diff: compare by meaning",
    "Ignore what makes no difference to the cloud: order of sets, case of enums, spaces of JSON, empty values.",
)
def other_spellings_do_not_differ(subject: Subject) -> None:
    """What means the same does not differ, for each example in the spec."""
    if not subject.resource.same:
        skip("the spec names no other spellings ('same')")
    existing = subject.standing()
    for spelling in subject.resource.same:
        news = merged(existing.inputs, subject.fill(spelling))
        require_none(subject.diff(existing, news), f"{spelling}")


@law(
    "provider.proto: values may be wrapped as secrets",
    "Unwrap before you compare.",
)
def secrecy_is_no_difference(subject: Subject) -> None:
    """Inputs that have become secret, but stayed the same, do not differ."""
    existing = subject.standing()
    news: Tree = {name: Secret(value) for name, value in existing.inputs.items()}
    require_none(subject.diff(existing, news), "with the same inputs, marked as secret")


@law(
    "provider.proto, DiffResponse.stables: outputs that an update never changes",
    "Name only outputs that no update changes, such as ids; and none that is in diffs.",
)
def stables_are_outputs_that_stay(subject: Subject) -> None:
    """What a diff calls stable is an output property and does not differ."""
    outputs = {*subject.stage.package.outputs(subject.type), "id", "urn"}
    for change, _, _, answer in _diffs(subject):
        stables = set(answer.stables)
        require(not stables & set(answer.diffs), f"{change.set}: {sorted(stables & set(answer.diffs))} differ")
        if outputs:
            require(stables <= outputs, f"{sorted(stables - outputs)} are no outputs in the schema")


def _at(tree: Tree, path: str) -> object:
    """Return what is at a property path."""
    node: object = plain(tree)
    for step in steps(path):
        if isinstance(node, list):
            node = node[int(step)] if step.isdigit() and int(step) < len(node) else None
        else:
            node = node.get(step) if isinstance(node, dict) else None
    return node


LAWS = (
    diff_gives_an_answer,
    nothing_differs_after_a_creation,
    a_change_is_seen_as_what_it_is,
    the_parts_of_a_diff_agree,
    replacing_is_announced,
    the_order_of_a_replacement_is_right,
    kinds_of_changes_are_right,
    the_old_value_can_be_shown,
    an_unknown_is_a_change,
    other_spellings_do_not_differ,
    secrecy_is_no_difference,
    stables_are_outputs_that_stay,
)
