"""Laws of Read: refresh, import, look-up, and what is not there. Know no resource.

Source: provider.proto, Read; sdk/go/common/resource/plugin/provider_plugin.go; pkg/resource/deploy/step.go.
"""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2 as proto

from ..hooks import perform, staged
from ..law import Scope, Severity, broken, chapter, present, require, skip
from ..plugin import Refused
from ..subject import Existing, Subject
from ..values import decode, merged, plain
from .diffing import changed, require_none, seen, told

law = chapter("Read", Scope.RESOURCE)

_CRASHES = ("UNKNOWN", "INTERNAL")


def _imported(subject: Subject, id: str) -> tuple[proto.ReadResponse, Existing]:
    answer = subject.read(id)
    return answer, Existing(answer.id, decode(answer.inputs), decode(answer.properties))


@law(
    "provider.proto, ReadResponse: what is returned replaces inputs and state",
    "Return the inputs as the user spelled them where they mean the same, and no default that the user did not set.",
)
def a_refresh_without_drift_changes_nothing(subject: Subject) -> None:
    """Reading what nobody changed gives the same id, and inputs that do not differ, in both directions."""
    existing = subject.standing()
    subject.stage.tick()
    answer = subject.read(existing.id, existing.inputs, existing.state)
    require(answer.id == existing.id, f"the id came back as {answer.id!r}")
    refreshed = present(subject.refresh(existing), "it is taken for gone")
    require_none(subject.diff(refreshed, existing.inputs), "the program's inputs against the refreshed state")
    require_none(subject.diff(existing, refreshed.inputs), "the refreshed inputs against the recorded state")
    require(
        plain(refreshed.inputs) == plain(existing.inputs),
        f"inputs changed from {plain(existing.inputs)} to {plain(refreshed.inputs)}",
    )


@law(
    "pkg/resource/deploy/step.go: an import fails without inputs",
    "Read by id alone: return properties and inputs, with every input that the cloud tells.",
)
def an_import_gives_inputs(subject: Subject) -> None:
    """Read with an id and nothing else gives the id, the properties and the inputs."""
    answer, _ = _imported(subject, subject.standing().id)
    require(answer.id, "the id is blank: it was not found")
    require(answer.HasField("inputs") and answer.inputs.fields, "there are no inputs: it cannot be imported")
    require(answer.HasField("properties") and answer.properties.fields, "there are no properties")


@law(
    "pkg/resource/deploy/step.go: an import checks the inputs and shows failures as bugs of the provider",
    "Return from Read only inputs that Check accepts.",
)
def imported_inputs_check_clean(subject: Subject) -> None:
    """Check accepts the inputs that an import gives."""
    _, imported = _imported(subject, subject.standing().id)
    failures = subject.check(imported.inputs, imported.inputs).failures
    require(not failures, f"failures: {failures}")


@law(
    "engine: after an import the state must agree with the program",
    "Return inputs that Diff finds equal to what was read.",
)
def an_import_does_not_differ(subject: Subject) -> None:
    """Nothing differs between an imported resource and its own inputs."""
    _, imported = _imported(subject, subject.standing().id)
    checked = subject.check(imported.inputs, imported.inputs).inputs
    require_none(subject.diff(imported, checked), "after the import")


@law(
    "engine: the program that created a resource can adopt it again",
    "Read every input back that the cloud tells.",
    Severity.SHOULD,
)
def an_import_fits_the_program(subject: Subject) -> None:
    """The inputs that created a resource do not differ from its import, but for what the cloud never tells."""
    existing = subject.standing()
    _, imported = _imported(subject, existing.id)
    never_told = dict.fromkeys(subject.resource.not_imported)
    answer = subject.diff(imported, merged(existing.inputs, never_told))
    require_none(answer, "the creator's inputs against the import")


@law(
    "provider_plugin.go: an import of what is not there is told by the absence of properties",
    "Answer an empty ReadResponse: no id, and `properties` and `inputs` not set, not even to an empty Struct.",
)
def an_import_of_what_is_not_there_finds_nothing(subject: Subject) -> None:
    """Read of an id that does not exist is answered with nothing at all."""
    missing = _missing_id(subject)
    try:
        answer = subject.read(missing)
    except Refused as refusal:
        # An error that says so ends an import as well.
        require(refusal.message.strip(), "the error has no message")
        return
    require(not answer.id, f"the id {answer.id!r} came back for what does not exist")
    require(not answer.HasField("properties"), "properties are set: the import would succeed with an empty state")
    require(not answer.HasField("inputs"), "inputs are set: the import would succeed")


def _missing_id(subject: Subject) -> str:
    if subject.resource.missing_id:
        return str(subject.stage.fill(subject.resource.missing_id))
    existing = subject.prepared()
    subject.delete(existing)
    return existing.id


@law(
    "provider.proto, ReadResponse.id: blank if the resource is gone",
    "Answer an empty ReadResponse if the cloud says that the resource is not there.",
)
def a_refresh_of_what_is_gone_finds_nothing(subject: Subject) -> None:
    """Read of what was deleted behind the provider's back is answered with a blank id."""
    hook = subject.resource.vanish
    existing = subject.prepared()
    if hook is None:
        subject.delete(existing)
    else:
        perform(hook, {**subject.stage.variables, "id": existing.id})
    answer = subject.read(existing.id, existing.inputs, existing.state)
    require(not answer.id, f"it was deleted, and Read answers the id {answer.id!r}")


@law(
    "implementers' guide, Read: only a true not-found means that it is gone",
    "Take only the cloud's own sign of absence as gone. A refused permission, a wrong endpoint or a timeout is an "
    "error: otherwise the engine forgets what still exists.",
)
def a_refusal_is_not_absence(subject: Subject) -> None:
    """Read is an error if the cloud refuses to tell, and the resource is not taken for gone."""
    scene = subject.resource.denied
    if scene is None:
        skip("the spec has no scene in which the cloud refuses to tell ('denied')")
    existing = subject.standing()
    with staged(scene, {**subject.stage.variables, "id": existing.id}):
        try:
            answer = subject.read(existing.id, existing.inputs, existing.state)
        except Refused as refusal:
            require(refusal.message.strip(), "the error has no message")
            return
    require(answer.id, "the cloud refused to tell, and Read says that the resource is gone")
    broken("the cloud refused to tell, and Read answers as if it had told")


@law(
    "provider.proto, Read: the id comes from a user's command line",
    "Refuse an id of the wrong form with INVALID_ARGUMENT and say which form is right, or answer that it is not there.",
    Severity.SHOULD,
)
def odd_ids_do_no_harm(subject: Subject) -> None:
    """Ids that no resource has are not found or refused; none makes the plugin fail."""
    for id in ("no-such-id", "a/b/c", "..", "x y", "%2e", "ü", "x" * 2000):
        try:
            answer = subject.read(id)
        except Refused as refusal:
            require(refusal.code.name not in _CRASHES, f"the id {id[:20]!r}: {refusal}")
            continue
        require(not answer.id, f"the id {id[:20]!r} was found")


@law(
    "provider.proto, Read for `.get`: inputs and properties hold what the program gives",
    "Answer the same as for a refresh; do not rely on a complete state.",
    Severity.SHOULD,
)
def a_look_up_gives_the_state(subject: Subject) -> None:
    """A look-up, Read with an id and empty inputs and properties, gives the whole state."""
    existing = subject.standing()
    answer = subject.read(existing.id, {}, {})
    require(answer.id == existing.id, f"the id came back as {answer.id!r}")
    required = set(subject.stage.package.resource(subject.type).get("required", [])) - {"id", "urn"}
    lacking = required - set(answer.properties.fields)
    require(not lacking, f"{sorted(lacking)} are missing")


@law(
    "provider.proto, ReadResponse.inputs: drift is judged by Diff with the inputs that Read gives",
    "Return the inputs with the values that the cloud has now. Changed properties alone are seen by nobody.",
)
def drift_shows_as_the_property_that_drifted(subject: Subject) -> None:
    """A property that was changed behind the provider's back differs after a refresh, and no other does."""
    if not subject.resource.drift:
        skip("the spec has no way to change something behind the provider's back ('drift')")
    for drift in subject.resource.drift:
        with subject.fresh() as existing:
            perform(drift.hook, {**subject.stage.variables, "id": existing.id})
            refreshed = present(subject.refresh(existing), "it is taken for gone")
            answer = told(subject.diff(refreshed, existing.inputs))
            only = changed(answer) == {drift.property}
            require(only, f"{drift.property} was changed, and after a refresh: {seen(answer)}")


LAWS = (
    a_refresh_without_drift_changes_nothing,
    an_import_gives_inputs,
    imported_inputs_check_clean,
    an_import_does_not_differ,
    an_import_fits_the_program,
    an_import_of_what_is_not_there_finds_nothing,
    a_refresh_of_what_is_gone_finds_nothing,
    a_refusal_is_not_absence,
    odd_ids_do_no_harm,
    a_look_up_gives_the_state,
    drift_shows_as_the_property_that_drifted,
)
