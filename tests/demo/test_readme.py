"""Laws of the documents: what they name exists, and says the same there."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.stage import ROOT
from mlworkbench.dynamic import modelarts, pai
from mlworkbench.model.policy import WriteOnly
from mlworkbench.resources import registry
from tests.demo.documents import DOCUMENTS, anchors, blocks, links, names, rows

README = DOCUMENTS[0]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_text())
KEYS: dict[str, Any] = SCHEMA["config"]["variables"]

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])


@every_document
def test_every_configuration_command_sets_a_key_that_exists_as_secret_as_it_is(document: Path) -> None:
    for flag, key in re.findall(r"pulumi config set (--secret )?mlworkbench:(\w+)", document.read_text()):
        assert bool(flag) is KEYS[key].get("secret", False), key


def test_every_resource_is_named_on_the_first_screen() -> None:
    named = [names(resource)[0] for resource, *_ in rows(README, "resource | what it is | cloud")]
    assert sorted(named) == sorted(SCHEMA["resources"])


@pytest.mark.parametrize("token", registry())
def test_what_the_api_never_returns_is_told(token: str) -> None:
    told = dict(rows(README, "resource | never returned"))
    spec = registry()[token].input_policies()
    assert names(told[token.partition(":")[2]]) == [name for name, policy in spec.items() if policy.mark(WriteOnly)]


@every_document
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(document: Path) -> None:
    dead = [
        f"{file.relative_to(ROOT)}#{anchor}"
        for file, anchor in links(document)
        if not file.exists() or (anchor and anchor not in anchors(file))
    ]
    assert dead == []


def test_every_example_is_named() -> None:
    named = {file for file, _ in links(README)}
    assert [example for example in (ROOT / "examples").glob("*/README.md") if example not in named] == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "".join(document.read_text() for document in DOCUMENTS)
    named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE))
    assert {"demo", "test", "setup"} <= named <= targets


def test_the_layout_names_every_folder_of_code() -> None:
    [layout] = [block for block in blocks(ROOT / "CONTRIBUTING.md", "") if "provider/mlworkbench/" in block]
    layers = {path.name for path in (ROOT / "provider/mlworkbench").iterdir() if (path / "__init__.py").exists()}
    assert layers <= set(re.findall(r"^  (\w+)/", layout, re.MULTILINE))
    assert all((ROOT / folder).is_dir() for folder in re.findall(r"^(\w[\w/]*)/", layout, re.MULTILINE))


def test_the_yaml_example_uses_properties_that_exist() -> None:
    [program] = blocks(README, "yaml")
    for resource in yaml.safe_load(program)["resources"].values():
        assert resource["properties"].keys() <= SCHEMA["resources"][resource["type"]]["inputProperties"].keys()


def test_the_python_example_uses_arguments_that_exist() -> None:
    [program] = blocks(README, "python")
    classes = {
        name: found for module in (pai, modelarts) for name, found in vars(module).items() if inspect.isclass(found)
    }
    calls = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call)]
    made = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id in classes]
    assert made
    for call in made:
        assert isinstance(call.func, ast.Name)
        known = inspect.signature(classes[call.func.id].__init__).parameters
        assert {keyword.arg for keyword in call.keywords} <= set(known)
