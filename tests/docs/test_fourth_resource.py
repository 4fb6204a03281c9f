"""Laws of the chapter about a fourth resource: done as written, it is one. Knows the chapter's blocks; no resource."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from demo.stage import ROOT
from tests.demo.documents import blocks

PAGE = ROOT / "docs" / "how-it-works.md"
FILES = re.findall(r"^```python (\S+)$", PAGE.read_text("utf-8"), re.M)
TOKEN = "modelarts:Workspace"
# These have tables of what only the vendor's documents say; the chapter names them.
TABLES = ("test_lost_answers.py", "test_list.py", "test_logs.py")


def run(checkout: Path, *command: str) -> str:
    """Run a program of this environment on the code of another checkout."""
    paths = os.pathsep.join(str(checkout / folder) for folder in ("provider", "emulator", "."))
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout in which the chapter has been followed."""
    copy = tmp_path_factory.mktemp("fourth")
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("provider", "emulator", "tests/contract", "demo", "docs"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("pyproject.toml", "schema.json"):
        shutil.copy(ROOT / file, copy)
    for file in FILES:
        [text] = blocks(PAGE, f"python {file}")
        (copy / file).write_text(text)
    for change in blocks(PAGE, "diff fourth"):
        subprocess.run(["git", "apply", "-C1"], cwd=copy, input=change, text=True, check=True)
    run(copy, "mlworkbench.hosts.generate")
    return copy


def test_it_is_in_the_schema_and_has_a_page(checkout: Path) -> None:
    assert f"mlworkbench:{TOKEN}" in json.loads((checkout / "schema.json").read_text())["resources"]
    assert "`enterpriseProjectId`" in (checkout / "docs/resources/modelarts-workspace.md").read_text()
    assert "class Workspace(" in (checkout / "provider/mlworkbench/dynamic/modelarts.py").read_text()


def test_it_looks_like_the_rest_of_the_code(checkout: Path) -> None:
    run(checkout, "ruff", "check", "--no-cache", *FILES)
    run(checkout, "ruff", "format", "--no-cache", "--check", *FILES)


def test_it_keeps_the_laws(checkout: Path) -> None:
    others = [f"--ignore=tests/contract/{table}" for table in TABLES]
    told = run(checkout, "pytest", "-q", "-p", "no:cacheprovider", "tests/contract", "-k", "Workspace", *others)
    assert int(re.findall(r"(\d+) passed", told)[0]) > 100
