"""Laws of names that the provider makes up. Know no resource.

Source: provider.proto, CheckRequest.AutonamingOptions; the implementers' guide on autonaming.
"""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2 as proto

from ..law import Scope, Severity, chapter, require, skip
from ..subject import NAME, Subject
from ..values import Tree, merged, plain

law = chapter("Autonaming", Scope.RESOURCE)

Options = proto.CheckRequest.AutonamingOptions


def _property(subject: Subject) -> str:
    if subject.resource.autoname is None:
        skip("the spec names no property that is named by the provider ('autoname')")
    return subject.resource.autoname.property


def _nameless(subject: Subject) -> Tree:
    return merged(subject.example(), {_property(subject): None})


def _named(subject: Subject, inputs: Tree, olds: Tree | None = None, *, seed: str = "seed", **options: object) -> str:
    checked = subject.check(inputs, olds, seed=seed, **options)
    name = plain(checked.inputs.get(_property(subject)))
    require(isinstance(name, str) and name, f"no name was made up; failures: {checked.failures}")
    return str(name)


@law(
    "implementers' guide: autonaming",
    "Make up a name of the logical name and some random characters of randomSeed, within the limits of the cloud.",
)
def a_name_is_made_of_the_logical_name_and_the_seed(subject: Subject) -> None:
    """A name left out is made up: of the logical name, the same for the same seed, another for another seed."""
    inputs = _nameless(subject)
    one, again, other = (_named(subject, inputs, seed=seed) for seed in ("a", "a", "b"))
    require(one == again, f"the same seed gave {one!r} and {again!r}")
    require(one != other, f"two seeds gave the same name {one!r}: a replacement would clash with what it replaces")
    require(one.startswith(NAME[:4]), f"{one!r} does not show the logical name {NAME!r}")


@law(
    "implementers' guide: a name belongs to one resource as long as it lives",
    "Keep the name of olds if the user still gives none.",
)
def a_name_is_kept(subject: Subject) -> None:
    """The made-up name stays on every later check of the same resource, whatever the seed."""
    inputs = _nameless(subject)
    first = subject.check(inputs, seed="a").inputs
    later = _named(subject, inputs, first, seed="b")
    require(later == plain(first.get(_property(subject))), f"it was renamed to {later!r} by a second check")


@law(
    "implementers' guide: what the user gives has precedence",
    "Use the user's name, whatever is proposed.",
)
def the_users_name_wins(subject: Subject) -> None:
    """A given name is used, also where the stack proposes another."""
    example = subject.example()
    given = example.get(_property(subject))
    if given is None:
        skip(f"the example gives no {_property(subject)}")
    name = _named(subject, example, proposed_name="proposed", mode=Options.PROPOSE)
    require(name == given, f"the user gave {given!r} and got {name!r}")


@law(
    "provider.proto, AutonamingOptions.ENFORCE: use exactly this name",
    "Use proposed_name as it is if the user gives no name.",
)
def an_enforced_name_is_used(subject: Subject) -> None:
    """The name that the stack's configuration enforces is the name."""
    name = _named(subject, _nameless(subject), proposed_name="enforced-name", mode=Options.ENFORCE)
    require(name == "enforced-name", f"'enforced-name' was enforced, and the name is {name!r}")


@law(
    "provider.proto, AutonamingOptions.PROPOSE: the provider may change the name to fit",
    "Use proposed_name as it is, or changed as little as the cloud's rules ask for.",
)
def a_proposed_name_is_used(subject: Subject) -> None:
    """The name that the stack's configuration proposes is the name, or a part of it."""
    name = _named(subject, _nameless(subject), proposed_name="proposed-name", mode=Options.PROPOSE)
    require("proposed-name" in name, f"'proposed-name' was proposed, and the name is {name!r}")


@law(
    "provider.proto, AutonamingOptions.DISABLE: the user must give a name",
    "Return a CheckFailure for the name if the user gives none.",
)
def without_autonaming_a_name_is_required(subject: Subject) -> None:
    """Where the stack disables autonaming, a missing name is a failure of that property."""
    failures = subject.check(_nameless(subject), mode=Options.DISABLE).failures
    named = [path for path, _ in failures]
    require(_property(subject) in named, f"{_property(subject)} is not among the failures {failures}")


@law(
    "implementers' guide: the provider knows the limits of its cloud",
    "Cut a proposed name, or refuse it in Check; made-up names keep the limit as well.",
)
def names_keep_the_limit(subject: Subject) -> None:
    """No name is longer than the cloud allows: long ones are cut or refused, also those that a stack proposes."""
    autoname = subject.resource.autoname
    if autoname is None or autoname.max_length is None:
        skip("the spec names no 'maxLength' of a name")
    long = "x" * (autoname.max_length + 30)
    for mode in (Options.PROPOSE, Options.ENFORCE):
        checked = subject.check(_nameless(subject), proposed_name=long, mode=mode)
        name = str(plain(checked.inputs.get(autoname.property)))
        fits = checked.failures or len(name) <= autoname.max_length
        require(fits, f"a name of {len(name)} characters passed; the limit is {autoname.max_length}")
    name = _named(subject, _nameless(subject))
    require(len(name) <= autoname.max_length, f"the made-up name {name!r} is longer than {autoname.max_length}")


@law(
    "provider.proto, supports_autonaming_configuration: without it the engine warns users of pulumi:autonaming",
    "Return supports_autonaming_configuration from Handshake and Configure.",
    Severity.SHOULD,
)
def autonaming_is_announced(subject: Subject) -> None:
    """A provider that makes up names says that it understands the stack's configuration of them."""
    _property(subject)
    with subject.stage.another() as plugin:
        configured = subject.stage.introduce(plugin)
    require(configured.supports_autonaming_configuration, "Configure does not return it")


LAWS = (
    a_name_is_made_of_the_logical_name_and_the_seed,
    a_name_is_kept,
    the_users_name_wins,
    an_enforced_name_is_used,
    a_proposed_name_is_used,
    without_autonaming_a_name_is_required,
    names_keep_the_limit,
    autonaming_is_announced,
)
