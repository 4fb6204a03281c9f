"""Turn values into protobuf Structs and back: unknowns, secrets. Know no RPC and no law.

Source: sdk/go/common/resource/plugin/rpc.go of github.com/pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as Protobuf

__all__ = [
    "SENTINELS",
    "UNKNOWN",
    "Path",
    "Secret",
    "Tree",
    "Unknown",
    "Value",
    "alike",
    "at",
    "blank",
    "decode",
    "encode",
    "leaves",
    "merged",
    "plain",
    "rendered",
    "replaced",
    "secret_paths",
    "unknown_paths",
]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

# How an unknown of each type is spelled.
SENTINELS: Final[Mapping[str, str]] = {
    "string": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "boolean": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "number": "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "array": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "asset": "030794c1-ac77-496b-92df-f27374a8bd58",
    "archive": "e48ece36-62e2-4504-bad9-02848725956a",
    "object": "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
_UNKNOWNS: Final = frozenset(SENTINELS.values())


class Unknown(Enum):
    """A value that is not known before something else has been made."""

    VALUE = "unknown"


UNKNOWN: Final = Unknown.VALUE


@dataclass(frozen=True)
class Secret:
    """A value that must never be shown."""

    value: Value


Value: TypeAlias = "bool | float | str | list[Value] | dict[str, Value] | Secret | Unknown | None"
Tree: TypeAlias = "dict[str, Value]"
Path: TypeAlias = "tuple[str | int, ...]"


def encode(tree: Mapping[str, Value]) -> Struct:
    """Write a Struct."""
    return Struct(fields={name: _encoded(value) for name, value in tree.items()})


def _encoded(value: Value) -> Protobuf:
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
            return Protobuf(list_value=ListValue(values=[_encoded(each) for each in value]))
        case dict():
            return Protobuf(struct_value=encode(value))
        case Secret():
            wrapped = {_SIGNATURE: Protobuf(string_value=_SECRET), "value": _encoded(value.value)}
            return Protobuf(struct_value=Struct(fields=wrapped))
    return Protobuf(string_value=SENTINELS["string"])


def decode(struct: Struct) -> Tree:
    """Read a Struct."""
    return {name: _decoded(value) for name, value in struct.fields.items()}


def _decoded(value: Protobuf) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decoded(each) for each in value.list_value.values]
        case "struct_value":
            return _decoded_struct(value.struct_value)
    return None


def _decoded_struct(struct: Struct) -> Value:
    signature = struct.fields[_SIGNATURE].string_value if _SIGNATURE in struct.fields else ""
    if signature == _SECRET:
        return Secret(_decoded(struct.fields["value"]))
    if signature == _OUTPUT:
        known = _decoded(struct.fields["value"]) if "value" in struct.fields else UNKNOWN
        return Secret(known) if struct.fields["secret"].bool_value else known
    return decode(struct)


def plain(value: Value) -> Value:
    """Return the same without marks of secrecy and without null properties, which mean the same as absent ones."""
    match value:
        case Secret():
            return plain(value.value)
        case list():
            return [plain(each) for each in value]
        case dict():
            stripped = {name: plain(each) for name, each in value.items()}
            return {name: each for name, each in stripped.items() if each is not None}
    return value


def leaves(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Yield every innermost value with the way to it; a secret counts as its value."""
    match value:
        case Secret():
            yield from leaves(value.value, path)
        case dict():
            for name, each in value.items():
                yield from leaves(each, (*path, name))
        case list():
            for index, each in enumerate(value):
                yield from leaves(each, (*path, index))
        case _:
            yield path, value


def unknown_paths(value: Value) -> list[Path]:
    """Return where unknowns are."""
    return [path for path, leaf in leaves(value) if leaf is UNKNOWN]


def secret_paths(value: Value, path: Path = ()) -> list[Path]:
    """Return where secrets are wrapped."""
    match value:
        case Secret():
            return [path]
        case dict():
            return [found for name, each in value.items() for found in secret_paths(each, (*path, name))]
        case list():
            return [found for index, each in enumerate(value) for found in secret_paths(each, (*path, index))]
    return []


def at(value: Value, path: Path) -> Value:
    """Return what is at a path; None if there is nothing."""
    node = value.value if isinstance(value, Secret) else value
    if not path:
        return node
    step, rest = path[0], path[1:]
    if isinstance(node, dict) and isinstance(step, str):
        return at(node.get(step), rest)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return at(node[step], rest)
    return None


def replaced(tree: Tree, path: Path, change: Callable[[Value], Value]) -> Tree:
    """Return the same tree with the value at a path changed."""
    changed = _replaced(tree, path, change)
    return changed if isinstance(changed, dict) else {}


def _replaced(value: Value, path: Path, change: Callable[[Value], Value]) -> Value:
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    match value:
        case Secret():
            return Secret(_replaced(value.value, path, change))
        case dict() if isinstance(step, str):
            return {**value, step: _replaced(value.get(step), rest, change)}
        case list() if isinstance(step, int):
            return [_replaced(each, rest, change) if index == step else each for index, each in enumerate(value)]
    return value


def blank(value: Value) -> bool:
    """Tell whether a value is nothing: clouds answer an empty text or list where nobody gave anything."""
    bare = value.value if isinstance(value, Secret) else value
    return bare is None or bare == "" or bare == [] or bare == {}


def alike(one: Value, other: Value) -> bool:
    """Tell whether two values are the same, marks of secrecy aside; what is blank is alike."""
    return (blank(one) and blank(other)) or plain(one) == plain(other)


def merged(tree: Tree, changes: Mapping[str, Value]) -> Tree:
    """Return the same tree with some properties set; those set to null are left out."""
    return {name: value for name, value in {**tree, **changes}.items() if value is not None}


def rendered(path: Path) -> str:
    """Write a path as Pulumi does."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
