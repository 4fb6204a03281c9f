"""Know what of an answer or a message is secret: what came as a secret, what holds a part of it, what repeats it.

Knows no RPC and makes no call.
"""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.struct_pb2 import Struct

from ..model.policy import Computed
from ..model.values import Path, Tree, leaves
from ..resources import registry
from .codec import NOTHING, Decoded, encode
from .core import secrets_of

__all__ = ["discreet", "sealed", "secrets_in", "wrapped"]

_SHORT = 2


def discreet(message: str, told: Iterable[Decoded]) -> str:
    """Take out of a message what the user wants kept secret; one or two characters are in every message."""
    for text in sorted({text for each in told for text in each.secret_texts()}, key=len, reverse=True):
        message = message.replace(text, "[secret]") if len(text) > _SHORT else message
    return message


def wrapped(token: str, tree: Tree, asked: Decoded, state: Decoded = NOTHING, autonamed: Iterable[str] = ()) -> Struct:
    """Write what is true after something was asked for; an old value that is there still is as secret as it was."""
    return sealed(token, tree, asked, state.still_secret(asked.tree, tree), autonamed=autonamed)


def sealed(token: str, tree: Tree, *told: Decoded, autonamed: Iterable[str] = ()) -> Struct:
    """Write what is true, with everything wrapped that is secret in what was told before, or repeats that."""
    secrets = secrets_in(token, *told)
    return encode(tree, secrets | _repeated(tree, secrets, *told), autonamed)


def _repeated(tree: Tree, known: set[Path], *told: Decoded) -> set[Path]:
    """Return the other properties in which the cloud repeats a secret, as in the reason of a failure."""
    secrets = {text for each in told for text in each.whole_texts() if len(text) > _SHORT}
    others = {name: value for name, value in tree.items() if name not in {path[0] for path in known}}
    texts = [(name, text) for name, value in others.items() for _, text in leaves(value) if isinstance(text, str)]
    return {(name,) for name, text in texts if any(secret in text for secret in secrets)}


def secrets_in(token: str, *decoded: Decoded) -> set[Path]:
    """Return all that must be wrapped: what came wrapped, and what is always secret."""
    spec = registry()[token].output_policies()
    came = set().union(*(each.secrets for each in decoded))
    hidden = {str(path[0]) for path in came}
    parts = {(name,) for name, policy in spec.items() if (mark := policy.mark(Computed)) and mark.of in hidden}
    return came | parts | {(name,) for name in secrets_of(spec)}
