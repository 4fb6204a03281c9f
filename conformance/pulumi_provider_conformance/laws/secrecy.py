"""Laws of secrets: what came marked goes marked, and nothing is told elsewhere. Know no resource."""

from __future__ import annotations

import re

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto

from ..hooks import staged
from ..law import Scope, Severity, chapter, require, skip
from ..plugin import Refused
from ..stage import Stage
from ..subject import Existing, Subject
from ..values import Path, Secret, Tree, Value, at, decode, leaves, plain, rendered, replaced, secret_paths

law = chapter("Secrets", Scope.RESOURCE)
last = chapter("The whole run", Scope.PROVIDER)

_ADVICE = (
    "With accept_secrets the engine no longer guesses: wrap every output whose value comes from a secret input, in "
    "every answer, previews and errors too."
)


def _to_secret(value: Value) -> Value:
    return value if isinstance(value, Secret) else Secret(value)


def _marked(subject: Subject) -> tuple[Tree, list[Path]]:
    """Return checked inputs whose values are secret, and where these are."""
    if not subject.stage.introduce(subject.plugin).acceptSecrets:
        skip("the provider does not accept secrets")
    checked = subject.check(subject.example())
    wanted = subject.resource.secrets
    paths = [path for path, _ in leaves(checked.inputs) if wanted is None or path[0] in wanted]
    inputs = checked.inputs
    for path in paths:
        inputs = replaced(inputs, path, _to_secret)
    return inputs, paths


def _bare(tree: Tree, paths: list[Path], truth: Tree) -> list[str]:
    """Return the paths at which a secret value is not covered by a mark at it or above it."""
    covered = secret_paths(tree)
    there = [path for path in paths if at(tree, path) is not None and at(tree, path) == at(truth, path)]
    return [rendered(path) for path in there if not any(path[: len(each)] == each for each in covered)]


def _require_marked(struct: Struct, paths: list[Path], truth: Tree, what: str) -> None:
    bare = _bare(decode(struct), paths, truth)
    require(not bare, f"{what}: {bare} came as secrets and go unmarked")


@law("provider.proto, accept_secrets; Check", _ADVICE)
def check_keeps_secrets(subject: Subject) -> None:
    """Secret inputs, at any depth, are still marked in what Check returns."""
    inputs, paths = _marked(subject)
    answer = subject.plugin.call("Check", subject.check_request(inputs))
    _require_marked(answer.inputs, paths, inputs, "Check")


@law("provider.proto, accept_secrets; Create with preview", _ADVICE)
def a_preview_keeps_secrets(subject: Subject) -> None:
    """Outputs that mirror secret inputs are marked in a preview."""
    inputs, paths = _marked(subject)
    answer = subject.plugin.call("Create", subject.create_request(inputs, preview=True))
    _require_marked(answer.properties, paths, inputs, "the preview of a creation")


@law("provider.proto, accept_secrets; Create, Read", _ADVICE)
def a_life_keeps_secrets(subject: Subject) -> None:
    """Outputs that mirror secret inputs are marked after a creation, a refresh and an update, and in its preview."""
    inputs, paths = _marked(subject)
    with subject.fresh(inputs) as existing:
        recorded = Existing(existing.id, inputs, existing.state)
        bare = _bare(existing.state, paths, inputs)
        require(not bare, f"the creation: {bare} came as secrets and go unmarked")
        answer = subject.read(existing.id, inputs, existing.state)
        _require_marked(answer.properties, paths, inputs, "the properties of a refresh")
        _require_marked(answer.inputs, paths, inputs, "the inputs of a refresh")
        for change in subject.resource.changes:
            if change.replaces or any(value is None for value in change.set.values()):
                continue
            news = {**inputs, **{name: Secret(value) for name, value in subject.fill(change.set).items()}}
            touched: list[Path] = [(name,) for name in change.set]
            kept = [path for path in paths if (path[0],) not in touched]
            foretold = subject.plugin.call("Update", subject.update_request(recorded, news, preview=True))
            _require_marked(foretold.properties, kept + touched, news, "the preview of an update")
            updated = subject.plugin.call("Update", subject.update_request(recorded, news))
            _require_marked(updated.properties, kept + touched, news, "the update")
            return


@law("provider.proto, ErrorResourceInitFailed", _ADVICE)
def a_failed_creation_keeps_secrets(subject: Subject) -> None:
    """Secret inputs are marked in the properties and inputs that a failed creation tells."""
    scene = subject.resource.failing
    if scene is None:
        skip("the spec has no scene in which a creation ends failed ('failing')")
    inputs, paths = _marked(subject)
    with staged(scene, subject.stage.variables):
        try:
            subject.clear(subject.create(inputs))
        except Refused as refusal:
            detail = refusal.detail(proto.ErrorResourceInitFailed)
        else:
            skip("the creation did not fail")
    if detail is None:
        skip("the failure tells nothing about what was created")
    try:
        _require_marked(detail.properties, paths, inputs, "the properties of a failed creation")
        _require_marked(detail.inputs, paths, inputs, "the inputs of a failed creation")
    finally:
        subject.clear(Existing(detail.id, decode(detail.inputs), decode(detail.properties)))


@law(
    "schema: secret; provider.proto, accept_secrets",
    "Wrap every output that the schema calls secret, in every answer.",
)
def outputs_that_are_always_secret_are_marked(subject: Subject) -> None:
    """What the schema calls secret is marked after a creation and a refresh, whatever the inputs were."""
    outputs = subject.stage.package.outputs(subject.type)
    always = [name for name, each in outputs.items() if each.get("secret")]
    if not always:
        skip("the schema calls no output of this resource secret")
    existing = subject.standing()
    refreshed = subject.read(existing.id, existing.inputs, existing.state)
    for what, tree in (("a creation", existing.state), ("a refresh", decode(refreshed.properties))):
        bare = [name for name in always if name in tree and not isinstance(tree[name], Secret)]
        require(not bare, f"after {what} {bare} are not marked")


_TRACES = re.compile(
    r"Traceback \(most recent|"  # Python
    r'File "[^"]+", line \d+, in |'  # parts of it
    r"goroutine \d+ \[|"  # Go
    r"^\s+at .+\(.+:\d+:\d+\)|"  # Node.js
    r"panicked at",  # Rust
    re.MULTILINE,
)


@last(
    "provider_plugin.go: the message of a status is what the user reads",
    "Say in the message what happened and what to do; send traces to Engine.Log with severity DEBUG.",
)
def errors_are_messages(stage: Stage) -> None:
    """No error in the whole run is blank, or shows a stack trace."""
    refusals = [each.refusal for each in stage.exchanges() if each.refusal is not None]
    blank = [str(each) for each in refusals if not each.message.strip() and each.code.name != "UNIMPLEMENTED"]
    require(not blank, f"{len(blank)} errors have no message, such as {blank[:1]}")
    traced = [str(each) for each in refusals if _TRACES.search(each.message)]
    require(not traced, f"{len(traced)} errors show a stack trace, such as {[each[:300] for each in traced[:1]]}")


@last(
    "gRPC status codes; provider_plugin.go: UNKNOWN and INTERNAL mean that nobody knows what happened",
    "Answer with the status that fits: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE and so on. UNKNOWN "
    "belongs to ErrorResourceInitFailed alone.",
    Severity.SHOULD,
)
def errors_say_what_kind_they_are(stage: Stage) -> None:
    """No error in the whole run is UNKNOWN or INTERNAL, but for those that keep what failed half-way."""
    refusals = [each.refusal for each in stage.exchanges() if each.refusal is not None]
    vague = [each for each in refusals if each.code.name in ("UNKNOWN", "INTERNAL", "DATA_LOSS")]
    plain_ones = [str(each) for each in vague if each.detail(proto.ErrorResourceInitFailed) is None]
    require(not plain_ones, f"{len(plain_ones)} errors say so, such as {[each[:200] for each in plain_ones[:1]]}")


@last(
    "engine: configuration holds credentials",
    "Keep the configuration's secrets out of resources, messages and output. Only CheckConfig gives them back.",
)
def credentials_are_told_nowhere(stage: Stage) -> None:
    """No secret of the configuration or of the environment is in any answer, error, log message or output."""
    values = [str(plain(stage.configuration[name])) for name in stage.secret_settings if name in stage.configuration]
    values += [value for name, value in stage.environment.items() if re.search(r"SECRET|PASSWORD|TOKEN|_SK$", name)]
    secret = [value for value in values if len(value) >= 6]
    if not secret:
        skip("neither the configuration nor the environment of the spec holds a secret of six characters or more")
    told = [str(each.answer) for each in stage.exchanges() if each.rpc != "CheckConfig"]
    told += [each.refusal.message for each in stage.exchanges() if each.refusal is not None]
    told += [each.text for each in stage.engine.logged] + stage.output() + stage.errors()
    telling = [text for text in told if any(value in text for value in secret)]
    require(not telling, f"{len(telling)} messages tell a secret of the configuration")


LAWS = (
    check_keeps_secrets,
    a_preview_keeps_secrets,
    a_life_keeps_secrets,
    a_failed_creation_keeps_secrets,
    outputs_that_are_always_secret_are_marked,
)
LAST = (errors_are_messages, errors_say_what_kind_they_are, credentials_are_told_nowhere)
