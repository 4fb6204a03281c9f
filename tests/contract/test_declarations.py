"""Laws of the declarations alone: what they say agrees with the vendor's API, and all of it is described."""

from __future__ import annotations

import sys
from typing import Any

from mlworkbench.hosts.document import schema
from mlworkbench.hosts.generate import generated
from mlworkbench.model.policy import Computed, Policy, Replace, Virtual, WriteOnly, policies
from mlworkbench.wire.operation import Operation

from .cases import Kind


def operation(kind: Kind, name: str) -> Operation[Any] | None:
    found = getattr(sys.modules[kind.__module__].api, name, None)
    return found if isinstance(found, Operation) else None


def fields(operation: Operation[Any] | None) -> set[str]:
    if operation is None:
        return set()
    shapes = [shape for shape in (operation.body, operation.query) if shape]
    return {name for shape in shapes for name in shape.model_fields}


def test_what_updates_in_place_is_what_the_update_call_takes(kind: Kind) -> None:
    in_place = {
        each.attribute for each in policies(kind.inputs).values() if Replace not in each and Virtual not in each
    }
    assert in_place == fields(operation(kind, "UPDATE"))


def test_what_can_be_asked_for_is_what_the_create_call_takes(kind: Kind) -> None:
    create = operation(kind, "CREATE") or operation(kind, "REGISTER")
    asked = {each.attribute for each in policies(kind.inputs).values() if Virtual not in each}
    assert asked == fields(create)


def test_what_is_write_only_is_what_no_answer_shows(kind: Kind) -> None:
    show = operation(kind, "GET") or operation(kind, "SHOW")
    assert show is not None
    answered = set(show.answer.model_fields) | {name for name in vars(show.answer) if not name.startswith("_")}
    told = {each.attribute for each in policies(kind.outputs).values() if not _is_hidden(each)}
    assert told <= answered
    hidden = {each.attribute for each in policies(kind.outputs).values() if WriteOnly in each}
    assert not hidden & answered


def _is_hidden(policy: Policy) -> bool:
    return WriteOnly in policy or Virtual in policy


def test_every_output_is_an_input_or_computed(kind: Kind) -> None:
    asked = policies(kind.inputs)
    assert all(name in asked or Computed in policy for name, policy in policies(kind.outputs).items())


def test_everything_in_the_schema_is_described() -> None:
    undescribed = [path for path, node in _nodes(schema(), "") if not node.get("description", "").strip()]
    assert undescribed == []


def _nodes(node: Any, at: str) -> Any:
    """Yield every part of the schema that a user reads about."""
    document = node
    yield at, document
    yield "provider", document["provider"]
    for token, resource in document["resources"].items():
        yield token, resource
        for section in ("inputProperties", "properties"):
            yield from ((f"{token}.{section}.{name}", each) for name, each in resource[section].items())
    for token, kind in document["types"].items():
        yield token, kind
        yield from ((f"{token}.{name}", each) for name, each in kind.get("properties", {}).items())
        yield from ((f"{token}={each['value']}", each) for each in kind.get("enum", []))
    yield from ((f"config.{name}", each) for name, each in document["config"]["variables"].items())


def test_generated_files_are_fresh() -> None:
    stale = [path.name for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text]
    assert stale == [], "run `make schema`"
