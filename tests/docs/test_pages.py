"""Laws of the registry's pages: they say all that is declared, in the registry's form. Knows Markdown; no cloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.stage import ROOT
from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.hosts.families import FAMILIES
from mlworkbench.hosts.generate import generated
from mlworkbench.hosts.settings import variables
from mlworkbench.lifecycle.resource import Resource
from mlworkbench.model.policy import Replace, WriteOnly, policies
from mlworkbench.resources import registry
from mlworkbench.schema.pages import page_name
from mlworkbench.schema.programs import LANGUAGES
from tests.docs.examples import PAGES, RESOURCE_PAGES, examples

Kind = type[Resource[Any, Any]]
KINDS = [pytest.param(kind, id=token) for token, kind in registry().items()]
CONFIGURATION = ROOT / "docs" / "installation-configuration.md"

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
every_kind = pytest.mark.parametrize("kind", KINDS)


def page_of(kind: Kind) -> str:
    return (ROOT / "docs" / "resources" / f"{page_name(kind)}.md").read_text("utf-8")


def rows(text: str, head: str) -> dict[str, list[str]]:
    """Return the cells of the tables with such a heading, by the name in the first one, where it comes first."""
    found: dict[str, list[str]] = {}
    for block in re.findall(rf"^\| {head} \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.M):
        for line in block.splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            found.setdefault(re.sub(r"\[?`([^`]+)`.*", r"\1", cells[0]), cells[1:])
    return found


def test_every_page_is_generated_and_every_resource_has_one() -> None:
    assert set(PAGES) <= set(generated())
    assert {page.stem for page in RESOURCE_PAGES} == {page_name(kind) for kind in registry().values()}


@every_page
def test_a_page_begins_with_what_the_registry_asks_for(page: Path) -> None:
    _, matter, body = page.read_text("utf-8").split("---\n", 2)
    facts = yaml.safe_load(matter)
    assert set(facts) == {"title", "title_tag", "meta_desc", "layout"}
    assert facts["layout"] == "package"
    assert 10 < len(facts["meta_desc"]) <= 160
    assert "do not edit" in matter
    assert body.startswith("\n")


@every_page
def test_short_codes_are_closed_in_order(page: Path) -> None:
    open_codes: list[str] = []
    for closing, name in re.findall(r"\{\{[<%] (/?)(\w+)", page.read_text("utf-8")):
        if closing:
            assert open_codes.pop() == name
        else:
            open_codes.append(name)
    assert open_codes == []


@every_page
def test_every_cell_of_a_table_is_in_its_column(page: Path) -> None:
    for block in re.findall(r"(?:^\|.*\n)+", page.read_text("utf-8"), re.M):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block


def links(page: Path) -> Iterator[tuple[Path, str]]:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        if not target.startswith("http"):
            yield (page.parent / file).resolve() if file else page, anchor


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for file, anchor in links(page):
        headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M)
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}


@every_kind
def test_a_page_has_the_example_in_every_language(kind: Kind) -> None:
    assert tuple(examples(ROOT / "docs" / "resources" / f"{page_name(kind)}.md")) == LANGUAGES
    assert f'{{{{< chooser language "{",".join(LANGUAGES)}" >}}}}' in page_of(kind)


@every_kind
def test_a_page_tells_all_that_is_promised_of_every_property(kind: Kind) -> None:
    told = rows(page_of(kind), "property")
    for name, policy in kind.input_policies().items():
        shape, description, default, limits, change, drift = told[name]
        assert all((shape, description, default, limits))
        assert change.startswith("replaces") is (Replace in policy)
        assert drift.startswith("not seen") is (WriteOnly in policy)
        assert (default == "required") is policy.required
    outputs = kind.output_policies().keys() - kind.input_policies().keys()
    assert set(rows(page_of(kind), "output")) == outputs


@pytest.mark.parametrize(
    ("token", "name", "cells"),
    [
        ("pai:Tensorboard", "priority", {"integer", "1", "1 to 9", "in place", "seen if set"}),
        ("pai:Tensorboard", "maxRunningTimeMinutes", {"integer, minutes", "the service decides", "at least 1"}),
        ("pai:Tensorboard", "memory", {"integer, GB", "replaces"}),
        ("pai:Tensorboard", "workspaceId", {"`mlworkbench:paiWorkspaceId`, else your default workspace"}),
        ("modelarts:VisualizationJob", "jobDesc", {"up to 256 characters", "in place", "seen"}),
        ("modelarts:VisualizationJob", "jobType", {"TensorBoard", "not seen, not imported"}),
        ("modelarts:VisualizationJob", "duration", {"integer", "required", "0 to 24"}),
        ("modelarts:Image", "tags", {"up to 20 entries", "list of string"}),
        ("modelarts:Image", "deleteSwrContent", {"off", "in place", "boolean"}),
        ("modelarts:Image", "services", {"`NOTEBOOK` and `SSH`"}),
        ("modelarts:Image", "size", {"integer, bytes"}),
    ],
)
def test_a_row_says(token: str, name: str, cells: set[str]) -> None:
    page = page_of(registry()[token])
    assert cells <= set((rows(page, "property") | rows(page, "output"))[name])


@every_kind
def test_a_page_shows_the_line_that_imports(kind: Kind) -> None:
    assert f'pulumi import mlworkbench:{kind.token} NAME "$ID"\n' in page_of(kind)


def test_the_first_page_leads_to_every_resource() -> None:
    told = rows((ROOT / "docs" / "_index.md").read_text("utf-8"), "resource")
    assert set(told) == {f"mlworkbench:{token}" for token in registry()}


def test_the_configuration_page_has_every_key_with_its_variables() -> None:
    told = rows(CONFIGURATION.read_text("utf-8"), "key")
    assert {f"mlworkbench:{key}" for key in policies(ProviderConfig)} == set(told)
    for key in policies(ProviderConfig):
        grouped = {source[f.keys.index(key)] for f in FAMILIES if key in f.keys for source in f.sources}
        assert set(re.findall(r"`(\w+)`", told[f"mlworkbench:{key}"][-1])) == set(variables(key)) | grouped
