"""Laws of Check: what is accepted, what is refused and how, what unknowns do. Know no resource.

Source: provider.proto, Check; docs/architecture/providers/implementers-guide.md of github.com/pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.runtime.proto import provider_pb2 as proto

from ..judging import mismatches, roots
from ..law import Scope, Severity, chapter, require, skip
from ..subject import Subject
from ..values import SENTINELS, UNKNOWN, Path, Tree, Value, at, encode, leaves, merged, plain, rendered, replaced

law = chapter("Check", Scope.RESOURCE)


def positions(subject: Subject, inputs: Tree) -> Iterator[Path]:
    """Yield where unknowns can come: every top-level property, and every value in the example."""
    wanted = subject.resource.unknowns
    tops = wanted if wanted is not None else [*inputs, *subject.stage.package.inputs(subject.type)]
    seen: set[Path] = set()
    inner = [path for path, _ in leaves(inputs) if wanted is None or path[0] in wanted]
    for path in [*((name,) for name in tops), *inner]:
        if path not in seen:
            seen.add(path)
            yield path


def to_unknown(value: Value) -> Value:
    return UNKNOWN


@law(
    "provider.proto, CheckResponse",
    "Accept what the documentation shows. Failures are for what the user can mend.",
)
def the_example_checks_clean(subject: Subject) -> None:
    """The example's inputs are accepted."""
    checked = subject.check(subject.example())
    require(not checked.failures, f"failures: {checked.failures}")


@law(
    "implementers' guide, Check: the engine checks again with the result of the last check as olds",
    "Fill in defaults so that a second check finds nothing to add: same inputs, same answer.",
)
def checking_twice_is_checking_once(subject: Subject) -> None:
    """Checking what Check returned returns the same."""
    once = subject.check(subject.example()).inputs
    twice = subject.check(once, once).inputs
    require(plain(twice) == plain(once), f"the second check changed {_differing(once, twice)}")


@law(
    "provider.proto, CheckRequest.randomSeed: the only source of randomness",
    "Draw random names and defaults from randomSeed alone; take no time, no random numbers of your own.",
)
def check_is_deterministic(subject: Subject) -> None:
    """The same request is answered with the same inputs."""
    example = subject.example()
    first, second = subject.check(example, seed="a").inputs, subject.check(example, seed="a").inputs
    require(plain(first) == plain(second), f"two answers differ in {_differing(first, second)}")


@law(
    "implementers' guide, Check: the result must be assignable to the schema's inputs",
    "Return inputs of the types that the schema says, and no property that it lacks.",
)
def checked_inputs_fit_the_schema(subject: Subject) -> None:
    """What Check returns fits the input properties of the schema."""
    properties = subject.stage.package.inputs(subject.type)
    if not properties:
        skip("the schema has no input properties of this resource")
    wrong = mismatches(subject.stage.package, properties, subject.check(subject.example()).inputs)
    require(not wrong, "; ".join(wrong))


@law(
    "implementers' guide, Check: inputs that the user gave are kept",
    "Return what the user gave as the user spelled it; normalise when you compare, in Diff.",
    Severity.SHOULD,
)
def given_inputs_are_kept(subject: Subject) -> None:
    """Check returns every given input with its given value."""
    example = subject.example()
    changed = _differing(example, merged(subject.check(example).inputs, {}))
    require(not [name for name in changed if name in example], f"these came back otherwise: {changed}")


@law(
    "provider.proto, Check: unknown values are sentinels in a preview",
    "Decode the sentinels first, and skip the validations that need the value.",
)
def unknowns_never_fail(subject: Subject) -> None:
    """No property, at any depth, is refused because it is unknown."""
    example = subject.example()
    for path in positions(subject, example):
        inputs = replaced(example, path, to_unknown)
        failures = subject.check(inputs).failures
        mine = [failure for failure in failures if path[0] in roots([failure[0]])]
        require(not mine, f"an unknown {rendered(path)} is refused: {mine}")


@law(
    "provider.proto, Check: unknown values are sentinels in a preview",
    "Return unknown values as they came; do not put defaults in their place and do not leave them out.",
)
def unknowns_survive(subject: Subject) -> None:
    """An unknown that goes into Check comes out of it, at the same place."""
    example = subject.example()
    for path in positions(subject, example):
        if at(example, path) is None:
            continue
        came = at(subject.check(replaced(example, path, to_unknown)).inputs, path)
        require(came is UNKNOWN, f"an unknown {rendered(path)} came back as {came!r}")


@law(
    "sdk/go/common/resource/plugin/rpc.go: seven sentinels, by type",
    "Take any of the sentinels as unknown, whatever the type of the property.",
)
def each_sentinel_is_an_unknown(subject: Subject) -> None:
    """Each spelling of an unknown is understood, with the type that it belongs to."""
    example, properties = subject.example(), subject.stage.package.inputs(subject.type)
    for name in subject.resource.unknowns if subject.resource.unknowns is not None else example:
        kind = subject.stage.package.kind(properties.get(name, {}))
        sentinel = SENTINELS["number" if kind == "integer" else kind]
        request = subject.check_request(example)
        request.news.CopyFrom(encode({**example, name: sentinel}))
        failures = list(subject.plugin.call("Check", request).failures)
        mine = [failure for failure in failures if name in roots([failure.property])]
        require(not mine, f"the sentinel of an unknown {kind} is refused at {name}: {mine}")


@law(
    "provider.proto, CheckFailure: property is a path in the inputs",
    "Return a CheckFailure with the property's path and a reason that says what would be right; no RPC error.",
)
def wrong_inputs_are_named(subject: Subject) -> None:
    """Each example of wrong inputs fails at the property that is wrong, with a reason."""
    if not subject.resource.invalid:
        skip("the spec names no wrong inputs ('invalid')")
    for wrong in subject.resource.invalid:
        failures = subject.check(merged(subject.example(), subject.fill(wrong.set))).failures
        named = [path for path, _ in failures]
        require(_names(named, wrong.property), f"{wrong.set} should fail at {wrong.property!r}; failures: {failures}")
        require(all(reason.strip() for _, reason in failures), f"a failure has no reason: {failures}")


@law(
    "implementers' guide, Check: report all failures at once",
    "Collect all failures before you answer, so that the user mends them in one go.",
    Severity.SHOULD,
)
def all_that_is_wrong_is_told_at_once(subject: Subject) -> None:
    """Wrong inputs in several properties are all named in one answer."""
    chosen = {wrong.property: wrong for wrong in subject.resource.invalid if len(wrong.set) == 1}
    if len(chosen) < 2:
        skip("the spec names wrong inputs of fewer than two properties")
    inputs = subject.example()
    for wrong in chosen.values():
        inputs = {**inputs, **subject.fill(wrong.set)}
    named = [path for path, _ in subject.check(inputs).failures]
    lacking = [property for property in chosen if not _names(named, property)]
    require(not lacking, f"{lacking} are not named, only {named}")


@law(
    "provider.proto, CheckFailure: property is a path in the inputs",
    "Name properties as the schema does: in its case, with dots and [index] for what is nested.",
)
def failures_name_real_properties(subject: Subject) -> None:
    """A failure names a property of the schema, or none at all."""
    properties = subject.stage.package.inputs(subject.type)
    if not properties:
        skip("the schema has no input properties of this resource")
    for wrong in subject.resource.invalid:
        given = merged(subject.example(), subject.fill(wrong.set))
        for path, reason in subject.check(given).failures:
            known = not path or (roots([path]) and roots([path]) <= {*properties, *given})
            require(known, f"{path!r} is no property ({reason})")


@law(
    "implementers' guide, Check: what is missing is a failure",
    "Return a CheckFailure for each required input that is missing.",
)
def required_inputs_are_required(subject: Subject) -> None:
    """Leaving out an input that the schema requires is a failure, not an RPC error."""
    required = subject.stage.package.resource(subject.type).get("requiredInputs", [])
    given = [name for name in required if name in subject.resource.inputs]
    if not given:
        skip("the schema requires no input of the example")
    for name in given:
        failures = subject.check(merged(subject.example(), {name: None})).failures
        told = any(name in path or name in reason for path, reason in failures)
        require(told, f"without the required {name}, failures are {failures}")


@law(
    "implementers' guide, Check: a broken input next to an unknown one is still broken",
    "Validate what is known even if something else is not.",
    Severity.SHOULD,
)
def an_unknown_hides_no_other_failure(subject: Subject) -> None:
    """Wrong inputs are told although another property is unknown."""
    for wrong in subject.resource.invalid:
        if len(wrong.set) != 1:
            continue
        inputs = merged(subject.example(), subject.fill(wrong.set))
        other = next((name for name in subject.resource.inputs if name not in roots([wrong.property])), None)
        if other is None:
            continue
        named = [path for path, _ in subject.check({**inputs, other: UNKNOWN}).failures]
        require(_names(named, wrong.property), f"with an unknown {other}, {wrong.set} passes; failures: {named}")


@law(
    "provider.proto, CheckRequest.type and urn: a child's URN holds the types of its parents",
    "Take the type from `type`, or from the URN after the last `$`.",
)
def children_of_components_are_understood(subject: Subject) -> None:
    """A resource with a component as its parent is checked as any other."""
    request = subject.check_request(subject.example())
    request.urn = subject.urn.replace(subject.type, f"my:module:Component${subject.type}")
    answer = subject.plugin.call("Check", request)
    require(not answer.failures, f"as the child of a component it is refused: {list(answer.failures)}")


@law(
    "provider.proto, CheckRequest: name, type and autonaming are younger than the rest",
    "Take type and name from the URN where an engine sends them nowhere else, and old inputs from the state.",
    Severity.SHOULD,
)
def older_engines_are_understood(subject: Subject) -> None:
    """Requests without name, type, autonaming and old inputs, as older engines send them, are answered."""
    existing = subject.standing()
    request = subject.check_request(subject.example())
    request.ClearField("name")
    request.ClearField("type")
    answer = subject.plugin.call("Check", request)
    require(not answer.failures, f"Check without a type: {list(answer.failures)}")
    olds, news = encode(existing.state), encode(existing.inputs)
    older = proto.DiffRequest(id=existing.id, urn=subject.urn, olds=olds, news=news)
    difference = subject.plugin.call("Diff", older)
    same = difference.changes != proto.DiffResponse.DIFF_SOME
    require(same, f"Diff without old inputs: {list(difference.diffs)} differ")


@law(
    "sdk: a property set to null is one that is not set",
    "Drop null properties before anything else.",
    Severity.SHOULD,
)
def null_is_nothing(subject: Subject) -> None:
    """An optional input that is null is taken as if it were not given."""
    resource = subject.stage.package.resource(subject.type)
    required = resource.get("requiredInputs", [])
    optional = [name for name in subject.resource.inputs if name not in required]
    if not optional:
        skip("the example has no optional input")
    example = subject.example()
    for name in optional:
        nothing = subject.check({**example, name: None})
        absent = subject.check(merged(example, {name: None}))
        require(nothing.failures == absent.failures, f"{name}: null fails with {nothing.failures}")
        came = plain(nothing.inputs.get(name))
        require(plain(nothing.inputs) == plain(absent.inputs), f"{name}: null gives {came!r}")


def _names(paths: list[str], property: str) -> bool:
    """Tell whether one of the paths is the property, or a part of it."""
    return any(path == property or path.startswith((f"{property}.", f"{property}[")) for path in paths)


def _differing(old: Tree, new: Tree) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if plain(old.get(name)) != plain(new.get(name)))


LAWS = (
    the_example_checks_clean,
    checking_twice_is_checking_once,
    check_is_deterministic,
    checked_inputs_fit_the_schema,
    given_inputs_are_kept,
    unknowns_never_fail,
    unknowns_survive,
    each_sentinel_is_an_unknown,
    wrong_inputs_are_named,
    all_that_is_wrong_is_told_at_once,
    failures_name_real_properties,
    required_inputs_are_required,
    an_unknown_hides_no_other_failure,
    children_of_components_are_understood,
    older_engines_are_understood,
    null_is_nothing,
)
