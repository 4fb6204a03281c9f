"""Spell a declared value as each language of Pulumi does. Knows the SDK generators' names; no resource, no program.

Source of the names: pkg/codegen/{nodejs,python,go} of github.com/pulumi/pulumi, and of pulumi-dotnet and pulumi-java.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from ..model.policy import Choice, Keyed, Many, Nested, Policy, Primitive, Shape
from ..model.values import Tree, Value
from .shapes import member_name, module_of

__all__ = ["CSharp", "Go", "Java", "Names", "Python", "TypeScript", "Yaml", "camel_words", "capital"]

Fields = Mapping[str, Policy]


def camel_words(name: str) -> str:
    """Return a camelCase name in snake_case."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def capital(name: str) -> str:
    """Return a camelCase name in PascalCase."""
    return name[0].upper() + name[1:]


@dataclass(frozen=True)
class Names:
    """What the package is called in each language; `namespaces` are .NET's, by module."""

    package: str
    npm: str
    python: str
    go: str
    csharp: str
    namespaces: Mapping[str, str]
    java: str

    def namespace(self, kind: type) -> str:
        """Return the .NET namespace of a type, behind an alias for that of the package."""
        return ".".join(filter(None, (self.package.capitalize(), self.namespaces.get(module_of(kind)))))

    def java_package(self, kind: type) -> str:
        """Return the Java package of a type."""
        return self.java if module_of(kind) == "index" else f"{self.java}.{module_of(kind)}"

    def scope(self, kind: type) -> str:
        """Return the module of a type, as Python has it."""
        return self.package if module_of(kind) == "index" else f"{self.package}.{module_of(kind)}"


class Spelling(ABC):
    """How one language writes values. `indent` of each call is the depth of the line that the value begins in."""

    pad = "    "

    def __init__(self, names: Names) -> None:
        """Take what the package is called."""
        self._names = names

    def value(self, shape: Shape, value: Value, indent: int) -> str:
        """Return a value of a declared shape."""
        match shape:
            case Primitive():
                return self.primitive(shape, value)
            case Choice(enum):
                return self.choice(enum, next(each for each in enum if each.casefold() == value.casefold()))
            case Many(item):
                return self.many(item, [self.value(item, each, indent) for each in value])
            case Keyed(item):
                return self.keyed(item, {key: self.value(item, each, indent) for key, each in value.items()})
            case Nested(model):
                return self.nested(model, shape.children, value, indent)

    def lines(self, children: Fields, given: Tree, indent: int, form: str, *, python: bool = False) -> list[str]:
        """Return a line or more for each property that is given, in a form such as `{name}: {value},`."""
        return [
            self.pad * indent
            + form.format(
                name=policy.attribute if python else self.name(policy),
                value=self.value(policy.shape, given[policy.name], indent),
            )
            for policy in children.values()
            if policy.name in given
        ]

    def name(self, policy: Policy) -> str:
        """Return what a property is called."""
        return policy.name

    def primitive(self, shape: Primitive, value: Value) -> str:
        """Return a text, a number or a truth value."""
        return json.dumps(value, ensure_ascii=False)

    @abstractmethod
    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        """Return one of the vendor's values."""

    def many(self, item: Shape, items: Sequence[str]) -> str:
        """Return a list, as most languages write it."""
        return f"[{', '.join(items)}]"

    def keyed(self, item: Shape, entries: Mapping[str, str]) -> str:
        """Return a map, as most languages write it."""
        return f"{{{', '.join(f'{json.dumps(key)}: {value}' for key, value in entries.items())}}}"

    @abstractmethod
    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        """Return an object."""


class TypeScript(Spelling):
    """Literals: the types of enums are those of their values."""

    def fields(self, children: Fields, given: Tree, indent: int) -> list[str]:
        return self.lines(children, given, indent, "{name}: {value},")

    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        return json.dumps(member.value)

    def keyed(self, item: Shape, entries: Mapping[str, str]) -> str:
        return f"{{ {', '.join(f'{json.dumps(key)}: {value}' for key, value in entries.items())} }}"

    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        return "\n".join(["{", *self.fields(children, given, indent + 1), self.pad * indent + "}"])


class Python(Spelling):
    """Members of enums, as type checkers want them, and dictionaries with the names of Python."""

    def arguments(self, children: Fields, given: Tree, indent: int) -> list[str]:
        return self.lines(children, given, indent, "{name}={value},", python=True)

    def primitive(self, shape: Primitive, value: Value) -> str:
        return str(value) if isinstance(value, bool) else super().primitive(shape, value)

    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        name = camel_words(member_name(member)).upper()
        return f"{self._names.scope(enum)}.{enum.__name__}.{name}"

    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        inside = self.lines(children, given, indent + 1, '"{name}": {value},', python=True)
        return "\n".join(["{", *inside, self.pad * indent + "}"])


class Go(Spelling):
    """Values wrapped in the types of Pulumi's SDK, aligned as gofmt does."""

    pad = "\t"

    _types = {"string": "String", "integer": "Int", "number": "Float64", "boolean": "Bool"}

    def fields(self, children: Fields, given: Tree, indent: int) -> list[str]:
        lines = self.lines(children, given, indent, "{name}:\0{value},")
        return [line for is_long, group in groupby(lines, key=_is_long) for line in _aligned(is_long, list(group))]

    def name(self, policy: Policy) -> str:
        return capital(policy.name)

    def primitive(self, shape: Primitive, value: Value) -> str:
        return f"pulumi.{self._types[shape.kind]}({super().primitive(shape, value)})"

    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        return f"{self._package(enum)}.{enum.__name__}{member_name(member)}"

    def many(self, item: Shape, items: Sequence[str]) -> str:
        return f"{self._type(item)}Array{{{', '.join(items)}}}"

    def keyed(self, item: Shape, entries: Mapping[str, str]) -> str:
        inside = ", ".join(f"{json.dumps(key)}: {value}" for key, value in entries.items())
        return f"{self._type(item)}Map{{{inside}}}"

    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        opening = f"&{self._package(model)}.{model.__name__}Args{{"
        return "\n".join([opening, *self.fields(children, given, indent + 1), self.pad * indent + "}"])

    def _package(self, kind: type) -> str:
        return self._names.scope(kind).rpartition(".")[2]

    def _type(self, shape: Shape) -> str:
        match shape:
            case Primitive(kind):
                return f"pulumi.{self._types[kind]}"
            case Choice(kind) | Nested(kind):
                return f"{self._package(kind)}.{kind.__name__}"
            case Many(item):
                return f"{self._type(item)}Array"
            case Keyed(item):
                return f"{self._type(item)}Map"


def _is_long(line: str) -> bool:
    return "\n" in line


def _aligned(is_long: bool, lines: Sequence[str]) -> Iterable[str]:
    """Align the values of lines that follow each other; gofmt leaves those alone that take several lines."""
    widest = 0 if is_long else max(line.index("\0") for line in lines)
    for line in lines:
        yield line.replace("\0", " " * max(1, widest - line.index("\0") + 1), 1)


class CSharp(Spelling):
    """Initializers of objects and collections."""

    def fields(self, children: Fields, given: Tree, indent: int) -> list[str]:
        return self.lines(children, given, indent, "{name} = {value},")

    def name(self, policy: Policy) -> str:
        return capital(policy.name)

    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        return f"{self._names.namespace(enum)}.{enum.__name__}.{member_name(member)}"

    def many(self, item: Shape, items: Sequence[str]) -> str:
        return f"new[] {{ {', '.join(items)} }}"

    def keyed(self, item: Shape, entries: Mapping[str, str]) -> str:
        return f"{{ {', '.join(f'{{ {json.dumps(key)}, {value} }}' for key, value in entries.items())} }}"

    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        edge = self.pad * indent
        opening = f"new {self._names.namespace(model)}.Inputs.{model.__name__}Args"
        return "\n".join([opening, f"{edge}{{", *self.fields(children, given, indent + 1), f"{edge}}}"])


class Java(Spelling):
    """Builders. `imports` are the classes that have been named so far."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self.imports: set[str] = set()

    def calls(self, children: Fields, given: Tree, indent: int) -> list[str]:
        return self.lines(children, given, indent, ".{name}({value})")

    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        self.imports.add(f"{self._names.java_package(enum)}.enums.{enum.__name__}")
        return f"{enum.__name__}.{member_name(member)}"

    def many(self, item: Shape, items: Sequence[str]) -> str:
        self.imports.add("java.util.List")
        return f"List.of({', '.join(items)})"

    def keyed(self, item: Shape, entries: Mapping[str, str]) -> str:
        self.imports.add("java.util.Map")
        return f"Map.of({', '.join(f'{json.dumps(key)}, {value}' for key, value in entries.items())})"

    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        self.imports.add(f"{self._names.java_package(model)}.inputs.{model.__name__}Args")
        inside = self.calls(children, given, indent + 1)
        return "\n".join([f"{model.__name__}Args.builder()", *inside, f"{self.pad * (indent + 1)}.build()"])


class Yaml(Spelling):
    """Plain values; texts are quoted where they would be read as something else."""

    pad = "  "

    def fields(self, children: Fields, given: Tree, indent: int) -> list[str]:
        return [line.replace(": \n", ":\n") for line in self.lines(children, given, indent, "{name}: {value}")]

    def value(self, shape: Shape, value: Value, indent: int) -> str:
        if isinstance(shape, Many | Keyed) and not isinstance(shape.item, Primitive | Choice):
            # JSON is YAML.
            return json.dumps(value, ensure_ascii=False)
        return super().value(shape, value, indent)

    def primitive(self, shape: Primitive, value: Value) -> str:
        return _scalar(value) if isinstance(value, str) else super().primitive(shape, value)

    def choice(self, enum: type[StrEnum], member: StrEnum) -> str:
        return _scalar(member.value)

    def nested(self, model: type, children: Fields, given: Tree, indent: int) -> str:
        return "\n".join(["", *self.fields(children, given, indent + 1)])


_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./ -]*(:[A-Za-z0-9_./-]+)*")
_WORDS_OF_YAML = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def _scalar(text: Any) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.casefold() not in _WORDS_OF_YAML and text == text.strip()
    return str(text) if is_plain else json.dumps(text, ensure_ascii=False)
