"""Turn protobuf Structs into trees and back: unknowns, secrets, numbers. Know no resource and no RPC.

Source: the special values of the Pulumi SDKs (sdk/go/common/resource/plugin/rpc.go, sdk/python runtime/rpc.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as Protobuf

from ..model.values import UNKNOWN, Path, Tree, Value, leaves

__all__ = ["AUTONAMED_KEY", "NOTHING", "Decoded", "decode", "encode"]

AUTONAMED_KEY: Final = "__defaults"
"""Where the inputs tell which of them the provider has named; the engine does not show such keys."""

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a truth value
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)


@dataclass(frozen=True)
class Decoded:
    """A tree, the paths in it that hold secrets, and the properties that the provider has named."""

    tree: Tree
    secrets: frozenset[Path]
    autonamed: frozenset[str] = frozenset()

    def whole_texts(self) -> set[str]:
        """Return every text that is secret."""
        return {text for path in self.secrets for _, text in leaves(_at(self.tree, path)) if isinstance(text, str)}

    def secret_texts(self) -> list[str]:
        """Return every text that stands in a secret and the parts of its path, the longest first."""
        below = [self.tree[str(path[0])] for path in self.secrets if path[0] in self.tree]
        texts = {text for value in below for _, text in leaves(value) if isinstance(text, str)}
        return sorted(texts | {part for text in texts for part in re.split("[/:]", text)}, key=len, reverse=True)

    def still_secret(self, asked: Tree, told: Tree) -> Decoded:
        """Return the same with those secrets only that may stand in `told`: where it is otherwise than asked for."""
        return replace(self, secrets=frozenset(path for path in self.secrets if _at(asked, path) != _at(told, path)))


NOTHING: Final = Decoded({}, frozenset())
"""No properties, and so no secrets."""


def decode(struct: Struct) -> Decoded:
    """Read a Struct. Whole numbers become ints; a secret within a list marks the whole list."""
    secrets: set[Path] = set()
    tree = {name: _decode(value, (name,), secrets) for name, value in struct.fields.items()}
    return Decoded(tree, frozenset(secrets), autonamed=frozenset(tree.pop(AUTONAMED_KEY, ())))


def _decode(value: Protobuf, at: Path, secrets: set[Path]) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decode(each, (*at, index), secrets) for index, each in enumerate(value.list_value.values)]
        case "struct_value":
            return _decode_struct(value.struct_value, at, secrets)
    return None


def _decode_struct(struct: Struct, at: Path, secrets: set[Path]) -> Value:
    fields = struct.fields
    signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
    if signature == _SECRET:
        secrets.add(_above_lists(at))
        return _decode(fields["value"], at, secrets)
    if signature == _OUTPUT:
        if fields["secret"].bool_value:
            secrets.add(_above_lists(at))
        return _decode(fields["value"], at, secrets) if "value" in fields else UNKNOWN
    return {name: _decode(value, (*at, name), secrets) for name, value in fields.items()}


def _above_lists(path: Path) -> Path:
    """Cut a path at the first list: order may change, so what is secret in a list makes all of it secret."""
    first_index = next((place for place, step in enumerate(path) if isinstance(step, int)), len(path))
    return path[:first_index]


def encode(tree: Tree, secrets: Iterable[Path] = (), autonamed: Iterable[str] = ()) -> Struct:
    """Write a Struct, with the values at these paths wrapped as secrets. Null properties are left out."""
    if names := sorted(autonamed):
        tree = {**tree, AUTONAMED_KEY: names}
    wrapped = frozenset(found for path in secrets if (found := _deepest(tree, path)))
    return _encode_struct(tree, (), wrapped)


def _deepest(tree: Tree, path: Path) -> Path:
    """Return as much of a path as the tree has: a secret must stay covered if its value has changed its shape."""
    node: Value = tree
    for depth, step in enumerate(path):
        if not isinstance(node, dict) or step not in node:
            return path[:depth]
        node = node[step]
    return path


def _at(tree: Tree, path: Path) -> Value:
    """Return what is at a path, or None."""
    node: Value = tree
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node


def _encode_struct(tree: Tree, at: Path, secrets: frozenset[Path]) -> Struct:
    fields = {name: _encode(value, (*at, name), secrets) for name, value in tree.items() if value is not None}
    return Struct(fields=fields)


def _encode(value: Value, at: Path, secrets: frozenset[Path]) -> Protobuf:
    plain = _plain(value, at, secrets)
    if at not in secrets:
        return plain
    return Protobuf(struct_value=Struct(fields={_SIGNATURE: Protobuf(string_value=_SECRET), "value": plain}))


def _plain(value: Value, at: Path, secrets: frozenset[Path]) -> Protobuf:
    match value:
        case None:
            return Protobuf(null_value=NullValue.NULL_VALUE)
        case bool():
            return Protobuf(bool_value=value)
        case int() | float():
            return Protobuf(number_value=value)
        case str():
            return Protobuf(string_value=value)
        case list():
            items = [_encode(each, (*at, index), secrets) for index, each in enumerate(value)]
            return Protobuf(list_value=ListValue(values=items))
        case dict():
            return Protobuf(struct_value=_encode_struct(value, at, secrets))
    if value is UNKNOWN:
        return Protobuf(string_value=_UNKNOWN_TEXT)
    raise TypeError(f"{type(value).__name__} at {at} has no form on the wire")
