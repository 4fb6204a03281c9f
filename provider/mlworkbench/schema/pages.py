"""Write the registry's pages from the declarations. Knows its front matter and short codes; no particular resource.

Source: the guide to publishing packages and the templates of github.com/pulumi/registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from ..lifecycle.resource import Resource
from ..model.policy import Choice, Keyed, Many, Nested, Policy, Replace, Shape, WriteOnly, policies
from .programs import LANGUAGES, Program, names, programs
from .promises import change, default, drift, limits, type_name, unit
from .shapes import enum_docs, sentence

__all__ = ["chooser", "front_matter", "overview", "page_name", "resource_page", "table"]

Kind = type[Resource[Any, Any]]


def page_name(kind: Kind) -> str:
    """Return the name of a resource's page, without its ending."""
    return kind.token.replace(":", "-").lower()


def front_matter(title: str, summary: str) -> str:
    """Return what a page of the registry begins with."""
    return "\n".join(
        [
            "---",
            "# Generated from the declarations by `make schema`: do not edit.",
            f"title: {title}",
            f"title_tag: {title} | mlworkbench",
            f'meta_desc: "{summary}"',
            "layout: package",
            "---",
        ]
    )


def chooser(offers: Mapping[str, str]) -> str:
    """Return Markdown of which the reader sees the part for one language."""
    parts = [f'{{{{< chooser language "{",".join(offers)}" >}}}}']
    for language, text in offers.items():
        parts += [f"{{{{% choosable language {language} %}}}}\n", text.strip(), "\n{{% /choosable %}}"]
    return "\n".join([*parts, "{{< /chooser >}}"])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; lines would end it, and bars its cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def overview(schema: Mapping[str, Any], kinds: Sequence[Kind]) -> str:
    """Return the first page of the package."""
    rows = [(f"[`{schema['name']}:{kind.token}`](resources/{page_name(kind)}.md)", _first(kind)) for kind in kinds]
    called = names(schema)
    parts = [
        front_matter(schema["displayName"], schema["description"]),
        schema["description"],
        table(("resource", "what it is"), rows),
        "How to install the package and give it credentials: "
        "[Installation and configuration](installation-configuration.md).",
        *(f"## Example: {kind.title()}\n\n{_examples(programs(kind, called))}" for kind in kinds),
    ]
    return "\n\n".join(parts) + "\n"


def _first(kind: Kind) -> str:
    return sentence(kind.__doc__ or "").partition("\n\n")[0]


def _examples(written: Sequence[Program]) -> str:
    assert tuple(program.language for program in written) == LANGUAGES
    return chooser({each.language: f"```{each.language}\n{each.text}```" for each in written})


def resource_page(schema: Mapping[str, Any], kind: Kind) -> str:
    """Return the page of a resource."""
    token = f"{schema['name']}:{kind.token}"
    nested, choices = _types(kind)
    parts = [
        front_matter(kind.title(), _first(kind)),
        sentence(kind.__doc__ or ""),
        f"Its token is `{token}`.",
        f"## Example\n\n{_examples(programs(kind, names(schema)))}",
        _inputs(kind),
        _outputs(kind),
        *(_object(model) for model in nested),
        *(_choice(enum) for enum in choices),
        _import(kind, token),
    ]
    return "\n\n".join(parts) + "\n"


_PROMISES = """A change of a property is made in place, or replaces the resource by a new one. Drift is what others have
changed in the cloud: `pulumi preview --refresh` shows it where it is seen. A property that is *seen if set* may be
filled in or changed by the cloud as long as the program leaves it out."""


def _inputs(kind: Kind) -> str:
    rows = [
        (*_described(policy), default(policy), limits(kind.inputs, policy), change(policy), drift(policy))
        for policy in _required_first(kind.input_policies().values())
    ]
    head = ("property", "type", "description", "default", "limits", "change", "drift")
    return f"## Properties\n\n{_PROMISES}\n\n{table(head, rows)}"


def _described(policy: Policy) -> tuple[str, ...]:
    counted = f", {unit(policy)}" if unit(policy) else ""
    return f"`{policy.name}`", type_name(policy.shape) + counted, sentence(policy.description)


def _required_first(spec: Iterable[Policy]) -> list[Policy]:
    return sorted(spec, key=lambda policy: not policy.required)


def _outputs(kind: Kind) -> str:
    told = [policy for name, policy in kind.output_policies().items() if name not in kind.input_policies()]
    rows = [(*_described(policy), "always" if policy.is_stable else "may change") for policy in told]
    head = ("output", "type", "description", "the same for its life")
    text = "All properties are outputs too. These are added to them:"
    return f"## Outputs\n\n{text}\n\n{table(head, rows)}"


def _types(kind: Kind) -> tuple[list[type[BaseModel]], list[type[StrEnum]]]:
    found = list(dict.fromkeys(each for policy in kind.input_policies().values() for each in _named(policy.shape)))
    return (
        [each for each in found if issubclass(each, BaseModel)],
        [each for each in found if issubclass(each, StrEnum)],
    )


def _named(shape: Shape) -> Iterator[type]:
    match shape:
        case Choice(enum):
            yield enum
        case Many(item) | Keyed(item):
            yield from _named(item)
        case Nested(model):
            yield model
            for policy in shape.children.values():
                yield from _named(policy.shape)


def _object(model: type[BaseModel]) -> str:
    rows = [
        (*_described(policy), default(policy), limits(model, policy))
        for policy in _required_first(policies(model).values())
    ]
    head = ("property", "type", "description", "default", "limits")
    return f"### {model.__name__}\n\n{sentence(model.__doc__ or '')}\n\n{table(head, rows)}"


def _choice(enum: type[StrEnum]) -> str:
    docs = enum_docs(enum)
    rows = [(f"`{each.value}`", docs[each.name]) for each in enum]
    text = f"{sentence(enum.__doc__ or '')} Values may be written in any letter case."
    return f"### {enum.__name__}\n\n{text}\n\n{table(('value', 'meaning'), rows)}"


def _import(kind: Kind, token: str) -> str:
    text = f"The id is the vendor's, the one that the output `{kind.id_output}` shows."
    line = f'```sh\npulumi import {token} NAME "$ID"\n```'
    spec = kind.input_policies().items()
    unseen = [f"`{name}`" for name, policy in spec if WriteOnly in policy and Replace in policy]
    told = (
        f"The API never returns {', '.join(unseen)}. If the program sets one of them, the first `pulumi up` after an "
        "import replaces the resource: leave it out, or name it in the resource option `ignoreChanges`."
    )
    return "\n\n".join(["## Import", text, line, *([told] if unseen else [])])
