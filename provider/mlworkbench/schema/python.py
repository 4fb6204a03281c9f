"""Turn declarations into the typed classes of the dynamic host, as Python source. Know no Pulumi class.

The classes are generated so that editors and type checkers see every argument and its documentation.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from ..lifecycle.resource import Resource
from ..model.policy import Choice, Keyed, Many, Nested, Policy, Primitive, Shape, policies
from .shapes import sentence

__all__ = ["python_module"]

_WIDTH = 116
_PRIMITIVES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_HEADER = '''"""{summary}

Generated from the declarations in `mlworkbench.resources` by `make schema`: do not edit.
"""

from __future__ import annotations

from typing import {typing}

import pulumi

from .base import DynamicResource

__all__ = [{names}]
'''


def python_module(module: str, kinds: Sequence[type[Resource[Any, Any]]]) -> str:
    """Return the source of the module that offers these resources."""
    nested = list(dict.fromkeys(model for kind in kinds for model in _nested_in(kind)))
    choices = list(dict.fromkeys(enum for kind in kinds for enum in _choices_in(kind)))
    names = sorted([kind.title() for kind in kinds] + [_args_name(model) for model in nested])
    parts = [
        _HEADER.format(
            summary=f"The resources of {module} for Python programs, on the dynamic host.",
            typing=f"Any, ClassVar, Literal, TypeAlias{', TypedDict' if nested else ''}",
            names=", ".join(f'"{name}"' for name in names),
        ),
        *(_alias(enum) for enum in choices),
        *(_typed_dict(model) for model in nested),
        *(_class(module, kind) for kind in kinds),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _nested_in(kind: type[Resource[Any, Any]]) -> Iterator[type]:
    for policy in policies(kind.inputs).values():
        yield from _models(policy.shape)


def _models(shape: Shape) -> Iterator[type]:
    match shape:
        case Nested(model):
            for child in shape.children.values():
                yield from _models(child.shape)
            yield model
        case Many(item) | Keyed(item):
            yield from _models(item)


def _choices_in(kind: type[Resource[Any, Any]]) -> Iterator[type[StrEnum]]:
    for policy in policies(kind.inputs).values():
        yield from _enums(policy.shape)


def _enums(shape: Shape) -> Iterator[type[StrEnum]]:
    match shape:
        case Choice(enum):
            yield enum
        case Nested():
            for child in shape.children.values():
                yield from _enums(child.shape)
        case Many(item) | Keyed(item):
            yield from _enums(item)


def _alias(enum: type[StrEnum]) -> str:
    values = ", ".join(f'"{each.value}"' for each in enum)
    return f"{enum.__name__}Value: TypeAlias = Literal[{values}]\n{_docstring(enum.__doc__ or '', 0)}"


def _args_name(model: type) -> str:
    return f"{model.__name__}Args"


def _typed_dict(model: Any) -> str:
    fields = policies(model).values()
    lines = [f"class {_args_name(model)}(TypedDict, total=False):", _docstring(model.__doc__ or "", 4)]
    for policy in fields:
        lines.append(f"\n    {policy.attribute}: pulumi.Input[{_annotation(policy.shape)}]")
        lines.append(_docstring(policy.description, 4))
    return "\n".join(lines)


def _class(module: str, kind: type[Resource[Any, Any]]) -> str:
    name, asked, told = kind.title(), policies(kind.inputs), policies(kind.outputs)
    lines = [
        f'class {name}(DynamicResource, module="mlworkbench/{module}", name="{name}"):',
        _docstring(kind.__doc__ or "", 4),
        f'\n    _token: ClassVar[str] = "{kind.token}"\n',
        *(line for policy in told.values() for line in _output(policy)),
        "    def __init__(",
        "        self,",
        "        resource_name: str,",
        "        *,",
        *(f"        {_argument(policy)}," for policy in _required_first(asked.values())),
        "        opts: pulumi.ResourceOptions | None = None,",
        "    ) -> None:",
        _docstring(_init_text(name, asked.values()), 8),
        "        inputs: dict[str, Any] = {",
        *(f'            "{policy.attribute}": {policy.attribute},' for policy in asked.values()),
        "        }",
        "        super().__init__(resource_name, inputs, opts)",
        "",
        "    @classmethod",
        f"    def get(cls, resource_name: str, id: str, opts: pulumi.ResourceOptions | None = None) -> {name}:",
        f'        """Look up an existing {name} by its id. Pulumi neither changes nor deletes it."""',
        "        found = cls.__new__(cls)",
        "        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))",
        "        DynamicResource.__init__(found, resource_name, {}, options)",
        "        return found",
    ]
    return "\n".join(lines)


def _output(policy: Policy) -> Iterator[str]:
    annotation = _output_annotation(policy.shape)
    optional = "" if policy.required else " | None"
    yield f"    {policy.attribute}: pulumi.Output[{annotation}{optional}]"
    yield _docstring(policy.description, 4) + "\n"


def _argument(policy: Policy) -> str:
    annotation = f"pulumi.Input[{_annotation(policy.shape)}]"
    return f"{policy.attribute}: {annotation}" + ("" if policy.required else " | None = None")


def _required_first(spec: Any) -> list[Policy]:
    return sorted(spec, key=lambda policy: not policy.required)


def _init_text(name: str, spec: Any) -> str:
    arguments = "\n".join(
        f":param {policy.attribute}: {sentence(policy.description)}" for policy in _required_first(spec)
    )
    return f"Create, update or replace the {name} to match these arguments.\n\n{arguments}"


def _annotation(shape: Shape) -> str:
    match shape:
        case Primitive(kind):
            return _PRIMITIVES[kind]
        case Choice(enum):
            return f"{enum.__name__}Value"
        case Nested(model):
            return _args_name(model)
        case Many(item):
            return f"list[{_annotation(item)}]"
        case Keyed(item):
            return f"dict[str, {_annotation(item)}]"


def _output_annotation(shape: Shape) -> str:
    match shape:
        case Primitive(kind):
            return _PRIMITIVES[kind]
        case Many(item):
            return f"list[{_output_annotation(item)}]"
        case Nested() | Keyed():
            return "dict[str, Any]"
    return "str"


def _docstring(text: str, indent: int) -> str:
    """Wrap a text as a docstring."""
    pad = " " * indent
    paragraphs = (text if ":param" in text else sentence(text)).split("\n")
    wrapped = [
        textwrap.fill(line, _WIDTH, initial_indent=pad, subsequent_indent=pad + ("    " if ":param" in line else ""))
        if line
        else ""
        for line in paragraphs
    ]
    body = "\n".join(wrapped).strip()
    closing = f"\n{pad}" if "\n" in body else ""
    return f'{pad}"""{body}{closing}"""'
