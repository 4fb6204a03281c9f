"""Laws of what examples say twice: versions, commands, programs; and of their types. Runs no engine."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

import mlworkbench
from tests.demo.documents import blocks
from tests.sdk.checking import output_of

from .checkout import EXAMPLES, Made

FILES = sorted(path for path in EXAMPLES.rglob("*") if path.is_file() and path.suffix in (".md", ".txt", ".json"))
DISTRIBUTION = re.compile(r"mlworkbench-(\d+\.\d+\.\d+)[-.](?:py3|tgz|tar)")
TYPED = [path.parent for path in sorted(EXAMPLES.glob("*/requirements.txt"))]


def test_every_distribution_that_is_named_has_the_version_of_the_provider() -> None:
    named = {version for path in FILES for version in DISTRIBUTION.findall(path.read_text())}
    assert named == {mlworkbench.__version__}


def test_the_package_of_the_program_in_typescript_comes_from_the_checkout() -> None:
    # A registry has none; whoever takes the name there shall not get into anybody's program.
    package = json.loads((EXAMPLES / "typescript" / "package.json").read_text())
    assert package["dependencies"]["@mlworkbench/pulumi-mlworkbench"].startswith("file:../../dist/")


def test_no_lock_file_of_npm_is_kept() -> None:
    ignored = (EXAMPLES / "typescript" / ".gitignore").read_text()
    assert {"node_modules/", "package-lock.json"} <= set(ignored.splitlines())


def test_python_programs_run_in_the_same_way_on_both_hosts() -> None:
    plugin, dynamic = (EXAMPLES / name / "run.py" for name in ("python", "python-dynamic"))
    assert plugin.read_text() == dynamic.read_text()


def test_the_timetable_runs_what_the_page_walks_through() -> None:
    lines = (EXAMPLES / "cost-guard" / "night.crontab").read_text().splitlines()
    commands = {line.partition(" && ")[2] for line in lines if not line.startswith("#")}
    walked = set("".join(blocks(EXAMPLES / "cost-guard" / "README.md", "sh walk")).splitlines())
    assert len(commands) == 3
    assert commands <= walked


@pytest.mark.parametrize("folder", TYPED, ids=lambda folder: folder.name)
def test_programs_on_the_python_sdk_are_typed(folder: Path, made: Made) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", ""]
    cache: list[str | Path] = ["--cache-dir", made.environment.with_name("mypy")]
    python: list[str | Path] = ["--python-executable", made.environment / "bin" / "python"]
    assert output_of([*command, *cache, *python, "."], folder, codes=(0,)) == ""
