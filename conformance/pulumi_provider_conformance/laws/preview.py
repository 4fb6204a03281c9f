"""Laws of previews: they tell what will be, and do nothing. Know no resource.

Source: provider.proto, CreateRequest.preview and UpdateRequest.preview.
"""

from __future__ import annotations

from ..judging import mismatches
from ..law import Scope, Severity, chapter, require, skip
from ..subject import Subject
from ..values import UNKNOWN, Tree, alike, at, encode, leaves, plain, rendered, replaced, unknown_paths
from .check import positions, to_unknown

law = chapter("Preview", Scope.RESOURCE)


def _lies(foretold: Tree, happened: Tree) -> list[str]:
    """Return where a known value of a preview is not what came."""
    return [
        f"{rendered(path)} was foretold as {value!r} and is {at(happened, path)!r}"
        for path, value in leaves(plain(foretold))
        if value is not UNKNOWN and not isinstance(value, dict | list) and at(plain(happened), path) != value
    ]


@law(
    "provider.proto, CreateRequest.preview: nothing may be created",
    "Return before the first call to the cloud if preview is set, in Create and in Update.",
)
def a_preview_does_nothing(subject: Subject) -> None:
    """Check, Diff and the previews of Create and Update ask nothing of the cloud."""
    existing = subject.standing()
    before = subject.stage.effects()
    inputs = subject.check(subject.example()).inputs
    subject.foretell(inputs)
    subject.diff(existing, existing.inputs)
    for change in subject.resource.changes:
        if not change.replaces:
            subject.foretell_update(existing, subject.changed(existing, change.set))
    require(subject.stage.effects() == before, "the cloud was called while everything was only previewed")


@law(
    "provider.proto, CreateRequest.preview: what is not known yet is left out or unknown",
    "Answer known values only where the creation cannot give another one; the rest is unknown.",
)
def a_preview_of_a_creation_tells_the_truth(subject: Subject) -> None:
    """Every value that the preview of a creation knows is the value after the creation."""
    inputs = subject.check(subject.example()).inputs
    foretold = subject.foretell(inputs)
    with subject.fresh(inputs) as existing:
        lies = _lies(foretold, existing.state)
    require(not lies, "; ".join(lies))


@law(
    "provider.proto, UpdateRequest.preview",
    "Answer the old value only where the update cannot change it; the rest is unknown.",
)
def a_preview_of_an_update_tells_the_truth(subject: Subject) -> None:
    """Every value that the preview of an update knows is the value after the update."""
    changes = subject.changes_in_place()
    with subject.fresh() as existing:
        for change in changes:
            news = subject.changed(existing, change.set)
            foretold = subject.foretell_update(existing, news)
            subject.stage.tick()
            existing = subject.update(existing, news)
            lies = _lies(foretold, existing.state)
            require(not lies, f"{change.set}: {'; '.join(lies)}")


@law(
    "provider.proto: a preview of a chain of resources runs on unknown values",
    "Pass unknown inputs on as unknown outputs; compute nothing from them.",
)
def previews_take_unknowns(subject: Subject) -> None:
    """A creation with any one property unknown can be previewed, and the property stays unknown or is left out."""
    example = subject.example()
    for path in positions(subject, example):
        inputs = subject.check(replaced(example, path, to_unknown)).inputs
        came = at(subject.foretell(inputs), path)
        require(came is None or came is UNKNOWN, f"an unknown {rendered(path)} is foretold as {came!r}")


@law(
    "provider.proto: a preview of a chain of resources runs on unknown values",
    "Pass unknown inputs on as unknown outputs; compute nothing from them.",
)
def previews_of_updates_take_unknowns(subject: Subject) -> None:
    """An update with any one property unknown can be previewed, and the property stays unknown or is left out."""
    existing = subject.standing()
    for path in positions(subject, existing.inputs):
        if at(existing.inputs, path) is None:
            continue
        came = at(subject.foretell_update(existing, replaced(existing.inputs, path, to_unknown)), path)
        require(came is None or came is UNKNOWN, f"an unknown {rendered(path)} is foretold as {came!r}")


@law(
    "provider.proto, CreateResponse.properties in a preview",
    "Foretell the inputs that are known: other resources are previewed with them.",
    Severity.SHOULD,
)
def a_preview_echoes_what_is_known(subject: Subject) -> None:
    """The preview of a creation knows the outputs that mirror known inputs."""
    outputs = subject.stage.package.outputs(subject.type)
    inputs = subject.check(subject.example()).inputs
    foretold = subject.foretell(inputs)
    mirrored = [name for name in inputs if name in outputs]
    lacking = [name for name in mirrored if plain(foretold.get(name)) != plain(inputs[name])]
    require(not lacking, f"{lacking} are inputs with known values, and not foretold")


@law(
    "implementers' guide, Create: preview outputs must be assignable to the schema's outputs",
    "Foretell values of the types that the schema says.",
)
def what_is_foretold_fits_the_schema(subject: Subject) -> None:
    """What a preview answers fits the output properties of the schema."""
    outputs = subject.stage.package.outputs(subject.type)
    if not outputs:
        skip("the schema has no output properties of this resource")
    wrong = mismatches(subject.stage.package, outputs, subject.foretell(subject.check(subject.example()).inputs))
    require(not wrong, "; ".join(wrong))


@law(
    "provider.proto, DiffResponse.stables; UpdateRequest.preview",
    "Foretell outputs that no update changes, such as ids and creation times, with their old values: what depends on "
    "them stays known in the preview.",
    Severity.SHOULD,
)
def stable_outputs_stay_known(subject: Subject) -> None:
    """The preview of an update knows the outputs that Diff calls stable."""
    changes = subject.changes_in_place()
    existing = subject.standing()
    for change in changes:
        news = subject.changed(existing, change.set)
        stables = [name for name in subject.diff(existing, news).stables if name in existing.state]
        foretold = subject.foretell_update(existing, news)
        lost = [name for name in stables if not alike(foretold.get(name), existing.state[name])]
        require(not lost, f"{lost} are stable, and the preview does not know them")


@law(
    "provider.proto: unknown values belong to previews",
    "Answer a real operation with what is; leave out what is not there.",
)
def what_is_real_is_known(subject: Subject) -> None:
    """No unknown value is in the state of something that exists."""
    existing = subject.standing()
    unknown = [rendered(path) for path in unknown_paths(existing.state)]
    require(not unknown, f"{unknown} are unknown after the creation")
    require(encode(existing.state).fields, "the state is empty")


LAWS = (
    a_preview_does_nothing,
    a_preview_of_a_creation_tells_the_truth,
    a_preview_of_an_update_tells_the_truth,
    previews_take_unknowns,
    previews_of_updates_take_unknowns,
    a_preview_echoes_what_is_known,
    what_is_foretold_fits_the_schema,
    stable_outputs_stay_known,
    what_is_real_is_known,
)
