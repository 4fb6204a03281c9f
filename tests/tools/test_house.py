"""Laws of the code base itself: which way imports point, how large things get, what the pins may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for folder in ("provider", "emulator", "tools") for path in (ROOT / folder).rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 45
GENERATED = "do not edit"

every_module = pytest.mark.parametrize("module", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def height(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_documentation(node: ast.AST) -> TypeGuard[ast.Expr]:
    """Tell what users read about modules, classes and properties from what runs."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def is_generated(tree: ast.Module) -> bool:
    return GENERATED in (ast.get_docstring(tree) or "")


def test_imports_point_one_way() -> None:
    checker = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [checker, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@every_module
def test_a_module_says_first_what_it_knows(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring or not text.strip(), f"{module} starts without a docstring"


@every_module
def test_a_module_and_its_functions_stay_small(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    if is_generated(tree):
        return
    documented = sum(height(node) for node in ast.walk(tree) if is_documentation(node))
    assert len(text.splitlines()) - documented <= LONGEST_MODULE
    sizes = {node.name: height(node) for node in functions(tree)}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_every_pin_is_a_name_and_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)] == []


def test_everything_that_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    names = {re.split(r"[<>=!~\[; ]", item)[0].lower() for item in wanted}
    assert names - pinned == set()
