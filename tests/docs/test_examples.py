"""Laws of the examples on the registry's pages: they compile against the SDKs. Knows each language's tools."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.stage import ROOT
from mlworkbench.lifecycle.resource import Resource
from mlworkbench.resources import registry
from mlworkbench.schema.pages import page_name
from tests.docs.examples import RESOURCE_PAGES, examples, in_language
from tests.sdk.checking import output_of
from tests.sdk.test_go import ENVIRONMENT, SDK_MODULE
from tests.sdk.test_nodejs import OPTIONS

SCHEMA = json.loads((ROOT / "schema.json").read_text("utf-8"))
KINDS = [pytest.param(kind, id=token) for token, kind in registry().items()]

every_page = pytest.mark.parametrize("page", RESOURCE_PAGES, ids=lambda page: page.stem)


def test_the_typescript_compiles(node_project: Path, node_modules: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(node_project / "node_modules")
    for name, text in in_language("typescript").items():
        (tmp_path / f"{name}.ts").write_text(text)
    options = OPTIONS | {"noUnusedLocals": True}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts"]}))
    assert output_of([node_modules / ".bin" / "tsc", "--pretty", "false"], tmp_path, (0,)) == ""


def test_the_python_is_typed(tmp_path: Path) -> None:
    for name, text in in_language("python").items():
        (tmp_path / f"{name}.py").write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--follow-imports=silent"]
    places = ["--config-file", "", "--cache-dir", str(tmp_path / "cache"), "."]
    environment = {**os.environ, "MYPYPATH": str(ROOT / "sdk" / "python")}
    assert output_of([*command, *places], tmp_path, (0,), environment) == ""


def test_the_go_compiles_and_is_formatted(tmp_path: Path) -> None:
    assert shutil.which("go"), "the Go examples are tested with Go, and there is no go on PATH"
    shutil.copy(ROOT / "tools" / "go.sum", tmp_path)
    tools = (ROOT / "tools" / "go.mod").read_text().replace("module mlworkbench/tools", "module examples")
    needed = f"require {SDK_MODULE} v0.0.0\n\nreplace {SDK_MODULE} => {ROOT / 'sdk' / 'go'}\n"
    (tmp_path / "go.mod").write_text(f"{tools}\n{needed}")
    for name, text in in_language("go").items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.go").write_text(text)
    assert output_of(["gofmt", "-l", "."], tmp_path, (0,)) == ""
    assert output_of(["go", "vet", "./..."], tmp_path, (0,), ENVIRONMENT) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_the_yaml_says_what_the_declaration_says(kind: type[Resource[Any, Any]]) -> None:
    page = ROOT / "docs" / "resources" / f"{page_name(kind)}.md"
    program = yaml.safe_load(examples(page)["yaml"])
    ((name, resource),) = program["resources"].items()
    assert resource == {"type": f"mlworkbench:{kind.token}", "properties": kind.example}
    assert program["outputs"] == {kind.id_output: f"${{{name}.{kind.id_output}}}"}


@every_page
@pytest.mark.parametrize("language", ["csharp", "java"])
def test_every_choice_that_no_compiler_sees_here_is_in_the_schema(page: Path, language: str) -> None:
    enums = {token.rpartition(":")[2]: facts["enum"] for token, facts in SCHEMA["types"].items() if "enum" in facts}
    known = {f"{enum}.{value['name']}" for enum, values in enums.items() for value in values}
    named = re.findall(rf"\b(?:{'|'.join(enums)})\.\w+", examples(page)[language])
    assert named
    assert set(named) <= known


@every_page
@pytest.mark.parametrize(("language", "setter"), [("csharp", r"^ +(\w+) = "), ("java", r"^ +\.(?!build\b)(\w+)\(")])
def test_every_property_that_no_compiler_sees_here_is_in_the_schema(page: Path, language: str, setter: str) -> None:
    properties = {name for facts in SCHEMA["resources"].values() for name in facts["inputProperties"]}
    nested = {name for facts in SCHEMA["types"].values() for name in facts.get("properties", {})}
    named = re.findall(setter, examples(page)[language], re.M)
    assert named
    assert {name[0].lower() + name[1:] for name in named} <= properties | nested


@every_page
@pytest.mark.parametrize("language", ["go", "csharp", "java"])
def test_every_bracket_is_closed(page: Path, language: str) -> None:
    text = re.sub(r'"[^"\n]*"', "", examples(page)[language])
    assert [text.count(left) - text.count(right) for left, right in ("()", "[]", "{}")] == [0, 0, 0]
