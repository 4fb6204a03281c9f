"""Laws of the site: it builds without a warning, has every page, and needs nothing of the network. Knows HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.documents import ROOT, build, translated

PAGES = sorted(page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("docs"))


def html(site: Path, page: Path) -> str:
    name = "index.html" if page.name == "_index.md" else page.with_suffix(".html").as_posix()
    return (site / name).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_on_the_site_without_short_codes(site: Path, page: Path) -> None:
    text = html(site, page)
    assert not re.search(r"\{\{%|&lt; chooser|\{\{&lt;", text)
    assert text.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_loads_nothing_from_elsewhere(site: Path, page: Path) -> None:
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="?(https?://[^">\s]+)', html(site, page))
    assert loaded == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_and_picture_of_a_page_leads_to_a_file(site: Path, page: Path) -> None:
    folder = (site / page).parent
    targets = re.findall(r'<(?:a|img)[^>]+(?:href|src)="?([^">\s#]+)', html(site, page))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert local
    assert [target for target in local if not (folder / target).exists()] == []


def test_a_chooser_becomes_tabs_and_keeps_its_programs_whole() -> None:
    text = (
        '{{< chooser language "go" >}}\n{{% choosable language go %}}\n\n```go\nfunc main() {\n\n}\n```\n\n'
        "{{% /choosable %}}\n{{< /chooser >}}\n"
    )
    assert translated(text) == '=== "Go"\n\n    ```go\n    func main() {\n\n    }\n    ```\n\n'


def test_a_link_out_of_the_documents_leads_to_the_repository() -> None:
    assert translated("[a](../README.md#x)").startswith("[a](https://github.com/mlworkbench/")
    assert translated("[b](../hosts.md) [c](_index.md)") == "[b](../hosts.md) [c](index.md)"
