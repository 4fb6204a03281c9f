"""Laws of messages: no failure, error or log tells what a user keeps secret, even if the cloud does. Know no resource.

Source: provider_plugin.go: the message of a status is shown and logged as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from ..hooks import staged
from ..in_flight import timed
from ..law import Scope, chapter, require, skip
from ..plugin import Refused
from ..spec import Change, Scene
from ..subject import Subject
from ..values import Path, Secret, Tree, Value, leaves, merged, replaced
from .failing import InitFailed, create_failing

law = chapter("Secrets", Scope.RESOURCE)

# Shorter texts are in messages by chance.
_SHORTEST = 8

_SHOWN = "engine: messages are shown and logged as they are"
_CENSOR = (
    "Clouds repeat in a refusal what they were sent. Take the values of all secrets that came with the call, olds and "
    "inputs too, out of the message, the reasons and the log before anybody reads them."
)


@law(_SHOWN, "Write no values of inputs into errors and log messages, least of all secret ones.")
def messages_tell_no_secrets(subject: Subject) -> None:
    """The value of a secret input is in no message to the user: no failure, no error, no log."""
    canary = f"canary{subject.stage.unique()}"
    example = subject.example()
    texts = [name for name, value in example.items() if isinstance(value, str)]
    if not texts:
        skip("the example has no text")
    before = len(subject.stage.engine.logged)
    told: list[str] = []
    for name in texts:
        try:
            checked = subject.check({**example, name: Secret(f"{canary} \n /{name}")})
            told += [reason for _, reason in checked.failures]
            subject.foretell(checked.inputs)
        except Refused as refusal:
            told.append(refusal.message)
    _require_silence(told + _logged(subject, before), [canary])


def _logged(subject: Subject, since: int) -> list[str]:
    return [each.text for each in subject.stage.engine.logged[since:]]


def _require_silence(told: list[str], secrets: list[str]) -> None:
    telling = [text for text in told if any(each in text for each in secrets)]
    require(not telling, f"the value of a secret is told: {telling[:1]}")


def _texts(subject: Subject, inputs: Tree) -> list[tuple[Path, str]]:
    """Return the texts of inputs that nobody writes by chance: what the schema holds is in messages anyway."""
    wanted, schema = subject.resource.secrets, json.dumps(subject.stage.package.document, ensure_ascii=False).casefold()
    found = [(path, value) for path, value in leaves(inputs) if wanted is None or path[0] in wanted]
    return [
        (path, value)
        for path, value in found
        if isinstance(value, str) and len(value) >= _SHORTEST and value.casefold() not in schema
    ]


def _marked(subject: Subject, inputs: Tree) -> tuple[Tree, list[str]]:
    """Return inputs whose texts are secret, and these texts."""
    texts = _texts(subject, inputs)
    for path, _ in texts:
        inputs = replaced(inputs, path, _to_secret)
    return inputs, [text for _, text in texts]


def _to_secret(value: Value) -> Value:
    return value if isinstance(value, Secret) else Secret(value)


def _secret_example(subject: Subject) -> tuple[Tree, list[str]]:
    inputs, texts = _marked(subject, subject.check(subject.example()).inputs)
    return inputs, texts or skip("the example has no text of eight characters that the schema does not hold")


def _echoing(subject: Subject) -> Scene:
    if subject.resource.echoing is None:
        skip("the spec has no scene in which the cloud refuses everything and repeats a text ('echoing')")
    return subject.resource.echoing


def _require_discreet(subject: Subject, call: Callable[[], object], texts: list[str], id: str = "") -> None:
    """Let the cloud refuse a call and repeat the secrets, and hold all that is told of it to discretion."""
    before = len(subject.stage.engine.logged)
    variables = {**subject.stage.variables, "id": id, "echo": " ".join(texts)}
    with staged(_echoing(subject), variables):
        refusal = timed(call).refusal
    if refusal is None:
        skip("the call did not fail in the scene 'echoing'")
    detail = refusal.detail(InitFailed)
    _require_silence([refusal.message, *(detail.reasons if detail else ()), *_logged(subject, before)], texts)


@law(_SHOWN, _CENSOR)
def a_refused_creation_tells_no_secrets(subject: Subject) -> None:
    """If the cloud refuses a creation and repeats its secret inputs, these are in no message."""
    inputs, texts = _secret_example(subject)
    _require_discreet(subject, lambda: _fail(subject, inputs), texts)


def _fail(subject: Subject, inputs: Tree) -> None:
    raise create_failing(subject, inputs)


@law(_SHOWN, _CENSOR)
def a_refused_refresh_tells_no_secrets(subject: Subject) -> None:
    """If the cloud refuses a question and repeats secret inputs, these are in no message."""
    inputs, texts = _secret_example(subject)
    with subject.fresh(inputs) as existing:
        _require_discreet(subject, lambda: subject.refresh(existing), texts, existing.id)


@law(_SHOWN, _CENSOR)
def a_refused_update_tells_no_secrets(subject: Subject) -> None:
    """If the cloud refuses an update and repeats secret inputs, old or new, these are in no message."""
    change = _most_telling(subject)
    inputs, texts = _secret_example(subject)
    with subject.fresh(inputs) as existing:
        news, more = _marked(subject, merged(existing.inputs, subject.fill(change.set)))
        _require_discreet(subject, lambda: subject.update(existing, news), [*texts, *more], existing.id)


def _most_telling(subject: Subject) -> Change:
    """Return a change in place, of a text if there is one: then the old text is secret as well as the new one."""
    changes = subject.changes_in_place()
    return next((each for each in changes if any(isinstance(value, str) for value in each.set.values())), changes[0])


@law(_SHOWN, _CENSOR)
def a_refused_deletion_tells_no_secrets(subject: Subject) -> None:
    """If the cloud refuses a deletion and repeats secret inputs, these are in no message."""
    inputs, texts = _secret_example(subject)
    with subject.fresh(inputs) as existing:
        _require_discreet(subject, lambda: subject.delete(existing), texts, existing.id)


LAWS = (
    messages_tell_no_secrets,
    a_refused_creation_tells_no_secrets,
    a_refused_refresh_tells_no_secrets,
    a_refused_update_tells_no_secrets,
    a_refused_deletion_tells_no_secrets,
)
