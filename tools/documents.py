"""Build the site of the documents from docs/. Knows the short codes and the generator's settings; not what pages say.

The pages are written for Pulumi's registry, whose short codes the generator does not know: choosers become its tabs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["build", "main", "translated"]

ROOT = Path(__file__).resolve().parent.parent
_REPOSITORY = "https://github.com/mlworkbench/pulumi-mlworkbench"
_LANGUAGES = {
    "typescript": "TypeScript",
    "python": "Python",
    "go": "Go",
    "csharp": "C#",
    "java": "Java",
    "yaml": "YAML",
}
_CHOOSABLE = re.compile(r"^\{\{% choosable language (\w+) %\}\}\n(.*?)^\{\{% /choosable %\}\}$", re.M | re.S)
_CHOOSER = re.compile(r"^\{\{< /?chooser.*\n", re.M)
_UPWARDS = re.compile(r"\]\((?:\.\./)+(?!resources/)([^)]*)\)")
# Wide tables need the room of the table of contents.
_ROOMY = re.compile(r"^layout: package$", re.M)
# What comes after a block's language is for the tests that run it.
_LABEL = re.compile(r"^(```\w+) .+$", re.M)
_INDEX = re.compile(r"\]\(((?:\.\./)*)_index\.md")

_SETTINGS = f"""[project]
site_name = "mlworkbench"
site_description = "Pulumi provider for machine-learning workbench resources"
repo_url = "{_REPOSITORY}"
repo_name = "pulumi-mlworkbench"
docs_dir = "pages"
site_dir = "site"
use_directory_urls = false
extra_css = ["tables.css"]
nav = [NAV]

[project.theme]
features = ["content.code.copy", "content.tabs.link", "navigation.top", "search.highlight"]
font = false

[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"
toggle.icon = "lucide/sun"
toggle.name = "Switch to dark mode"

[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
toggle.icon = "lucide/moon"
toggle.name = "Switch to light mode"

[project.markdown_extensions.tables]
[project.markdown_extensions.attr_list]
[project.markdown_extensions.toc]
permalink = true
[project.markdown_extensions.pymdownx.highlight]
[project.markdown_extensions.pymdownx.inlinehilite]
[project.markdown_extensions.pymdownx.superfences]
[project.markdown_extensions.pymdownx.tabbed]
alternate_style = true
"""

# Names stay in one piece, messages do not, and descriptions get room; what is wider than the page is moved sideways.
_STYLE = """.md-grid { max-width: 76rem; }
@media (max-width: 45em) {
  .md-typeset p:has(> img[src$=".svg"]) { overflow-x: auto; }
  .md-typeset p > img[src$=".svg"] { min-width: 36rem; }
}
.md-typeset table:not([class]) td, .md-typeset table:not([class]) th { min-width: auto; padding: .5em .7em; }
.md-typeset table:not([class]) td code { word-break: normal; }
.md-typeset table:not([class]):has(th:nth-child(4)) td:first-child code { white-space: nowrap; }
.md-typeset table:not([class]):not(:has(th:nth-child(4))) td { min-width: 9rem; }
.md-typeset table:not([class]) td:nth-child(n+4) { min-width: 4.5rem; }
.md-typeset table:not([class]):has(th:nth-child(4)) td:nth-child(2) { min-width: 5rem; }
.md-typeset table:not([class]):has(th:nth-child(4)) td:nth-child(3) { min-width: 14rem; }
"""


def translated(text: str) -> str:
    """Return a page of the registry as the generator takes it."""
    tabbed = _CHOOSABLE.sub(lambda found: _tab(found[1], found[2]), _LABEL.sub(r"\1", text))
    linked = _INDEX.sub(r"](\1index.md", _CHOOSER.sub("", tabbed))
    return _UPWARDS.sub(_outside, _ROOMY.sub("layout: package\nhide:\n  - toc", linked, count=1))


def _tab(language: str, text: str) -> str:
    lines = [f"    {line}" if line else "" for line in text.strip("\n").splitlines()]
    return "\n".join([f'=== "{_LANGUAGES[language]}"', "", *lines, ""])


def _outside(found: re.Match[str]) -> str:
    """Lead to the repository where the site has no page."""
    inside = (ROOT / "docs" / found[1].partition("#")[0]).is_file()
    return found[0] if inside else f"]({_REPOSITORY}/blob/main/{found[1]})"


def build(folder: Path) -> Path:
    """Build the site below a folder and return where it is."""
    shutil.rmtree(folder, ignore_errors=True)
    names = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        name = page.relative_to(ROOT / "docs").as_posix().replace("_index.md", "index.md")
        place = folder / "pages" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(translated(page.read_text("utf-8")), "utf-8")
        names.append(name)
    for picture in (ROOT / "docs").rglob("*.svg"):
        shutil.copy(picture, folder / "pages" / picture.relative_to(ROOT / "docs"))
    (folder / "pages" / "tables.css").write_text(_STYLE, "utf-8")
    (folder / "zensical.toml").write_text(_SETTINGS.replace("NAV", _navigation(names)), "utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", "zensical.toml"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "site"


# What is not named here comes at the end.
_ORDER = ("hosts.md", "emulator.md", "troubleshooting.md", "errors.md", "how-it-works.md")


def _navigation(names: list[str]) -> str:
    first = ["index.md", "installation-configuration.md", "credentials.md"]
    resources = [name for name in names if name.startswith("resources/")]
    rest = [name for name in names if name not in (*first, *resources)]
    rest.sort(key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    quoted = [f'"{name}"' for name in first]
    listed = ", ".join(f'"{name}"' for name in resources)
    return ", ".join([*quoted, f'{{ "Resources" = [{listed}] }}', *(f'"{name}"' for name in rest)])


def main() -> None:
    """Build the site in build/docs."""
    print(f"Open {build(ROOT / 'build' / 'docs') / 'index.html'}")


if __name__ == "__main__":
    main()
