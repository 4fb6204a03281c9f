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
from mlworkbench.hosts import settings
from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.model.policy import Replace, WriteOnly, policies
from mlworkbench.resources import registry
from tests.demo.documents import DOCUMENTS, blocks, links, names, rows

README = DOCUMENTS[0]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_text())
KEYS: dict[str, Any] = SCHEMA["config"]["variables"]
FAMILIES = (settings.PAI_KEYS, settings.MODELARTS_KEYS, settings.MODELARTS_TOKEN, settings.MODELARTS_LOGIN)
CONFIGURATION = {
    names(key)[0]: ("(secret)" in key, names(environment))
    for key, environment, _ in rows(README, "key, with `mlworkbench:` before it")
    if names(key)
}
# Messages of the engine and of its Python host, which no source here holds.
NOT_OURS = {
    "no resource plugin 'pulumi-resource-mlworkbench' found",
    "KeyError: '__provider'",
    "Traceback (most recent call last)",
    "no language plugin 'pulumi-language-python' found",
    "resource 'ID' does not exist",
    "the stack is currently locked",
    "using pulumi-resource-mlworkbench from $PATH",
}


def variables(key: str) -> list[str]:
    """Return every environment variable that sets a key, each once."""
    grouped = [source[family.keys.index(key)] for family in FAMILIES if key in family.keys for source in family.sources]
    return list(dict.fromkeys([*settings.variables(key), *grouped]))


def test_every_configuration_key_is_documented_and_no_other() -> None:
    assert set(CONFIGURATION) == set(KEYS) == set(policies(ProviderConfig))


@pytest.mark.parametrize("key", CONFIGURATION)
def test_a_key_is_documented_with_its_secrecy_and_all_its_variables(key: str) -> None:
    assert CONFIGURATION[key] == (KEYS[key].get("secret", False), variables(key))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.parent.name)
def test_every_configuration_command_sets_a_key_that_exists_as_secret_as_it_is(document: Path) -> None:
    for flag, key in re.findall(r"pulumi config set (--secret )?mlworkbench:(\w+)", document.read_text()):
        assert bool(flag) is KEYS[key].get("secret", False), key


@pytest.mark.parametrize("token", registry())
def test_the_table_of_properties_says_what_the_declaration_says(token: str) -> None:
    [(changed, replacing)] = [
        (changed, replacing)
        for resource, changed, replacing in rows(README, "resource | changed in place | a change replaces it")
        if resource == token.partition(":")[2]
    ]
    spec = registry()[token].input_policies()
    assert set(names(changed)) == {name for name, policy in spec.items() if not policy.mark(Replace)}
    assert set(names(replacing)) == {name for name, policy in spec.items() if policy.mark(Replace)}
    marked = set(re.findall(r"`(\w+)`†", f"{changed} {replacing}"))
    assert marked == {name for name, policy in spec.items() if policy.mark(WriteOnly)}


def test_every_resource_is_named_on_the_first_screen() -> None:
    named = [names(resource)[0] for resource, *_ in rows(README, "resource | what it is | cloud")]
    assert sorted(named) == sorted(SCHEMA["resources"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.parent.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    missing = [target for target in links(document) if not (document.parent / target).exists()]
    assert missing == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "".join(document.read_text() for document in DOCUMENTS)
    named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE))
    assert {"demo", "test", "setup"} <= named <= targets


def test_every_message_in_troubleshooting_is_one_that_exists() -> None:
    sources = [path for folder in ("provider", "emulator", "tools") for path in (ROOT / folder).rglob("*.py")]
    text = "".join(path.read_text() for path in sources)
    messages = {names(message)[0] for message, _ in rows(README, "message")}
    assert {message for message in messages if message not in text} == NOT_OURS


def test_the_layout_names_every_folder_of_code() -> None:
    [layout] = [block for block in blocks(README, "") if "provider/mlworkbench/" in block]
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
