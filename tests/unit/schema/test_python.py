"""Laws of the generated classes: they are Python, and take every input. Knows the declarations; no Pulumi class."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from mlworkbench.lifecycle.resource import Resource
from mlworkbench.model.policy import Nested, policies
from mlworkbench.resources import registry
from mlworkbench.schema.python import python_module

MODULES = {
    module: [kind for token, kind in registry().items() if token.startswith(f"{module}:")]
    for module in ("pai", "modelarts")
}
KINDS = [pytest.param(module, kind, id=kind.token) for module, kinds in MODULES.items() for kind in kinds]


def classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(python_module(module, MODULES[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def function(node: ast.ClassDef, name: str) -> ast.FunctionDef:
    return next(each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == name)


@pytest.mark.parametrize("module", MODULES)
def test_the_source_says_that_it_is_generated(module: str) -> None:
    assert "do not edit" in python_module(module, MODULES[module]).partition("import")[0]


@pytest.mark.parametrize("module", MODULES)
def test_the_source_is_the_same_each_time(module: str) -> None:
    assert python_module(module, MODULES[module]) == python_module(module, MODULES[module])


@pytest.mark.parametrize(("module", "kind"), KINDS)
def test_a_class_takes_every_input_by_its_python_name(module: str, kind: type[Resource[Any, Any]]) -> None:
    arguments = function(classes(module)[kind.title()], "__init__").args
    taken = {argument.arg for argument in arguments.kwonlyargs}
    assert taken == {policy.attribute for policy in policies(kind.inputs).values()} | {"opts"}
    without_default = {
        argument.arg
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    }
    assert without_default == {policy.attribute for policy in policies(kind.inputs).values() if policy.required}


@pytest.mark.parametrize(("module", "kind"), KINDS)
def test_a_class_offers_every_output_with_its_description(module: str, kind: type[Resource[Any, Any]]) -> None:
    body = classes(module)[kind.title()].body
    offered = {node.target.id for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    assert {policy.attribute for policy in policies(kind.outputs).values()} <= offered
    texts = [node.value.value for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    assert len(texts) == len(policies(kind.outputs)) + 1


@pytest.mark.parametrize(("module", "kind"), KINDS)
def test_every_object_among_the_inputs_is_a_typed_dictionary(module: str, kind: type[Resource[Any, Any]]) -> None:
    found = classes(module)
    for policy in policies(kind.inputs).values():
        if isinstance(policy.shape, Nested):
            node = found[f"{policy.shape.model.__name__}Args"]
            named = {
                each.target.id
                for each in node.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            }
            assert named == {child.attribute for child in policy.shape.children.values()}


@pytest.mark.parametrize(("module", "kind"), KINDS)
def test_a_class_is_documented_like_its_resource(module: str, kind: type[Resource[Any, Any]]) -> None:
    text = ast.get_docstring(classes(module)[kind.title()]) or ""
    first = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    assert " ".join(text.split()).startswith(" ".join(first.split()))
