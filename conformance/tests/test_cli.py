"""Laws of the command and its reports. Know no provider: what is judged here is a few made-up laws and no plugin."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pulumi_provider_conformance.cli import BROKEN, HELD, UNUSABLE, main
from pulumi_provider_conformance.law import Law, Outcome, Result, Severity
from pulumi_provider_conformance.laws import LAWS
from pulumi_provider_conformance.page import html
from pulumi_provider_conformance.report import text
from pulumi_provider_conformance.runner import Run
from pulumi_provider_conformance.spec import Spec

ROOT = Path(__file__).parents[1]
MODULES = sorted(ROOT.joinpath("pulumi_provider_conformance").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 45


def law(name: str, severity: Severity = Severity.MUST) -> Law:
    return Law(name, "Chapter", f"{name} <holds>.", "Do it.", "provider.proto", lambda on: None, severity=severity)


def run(*results: Result) -> Run:
    return Run(Spec(name="pkg"), ["plugin"], results, ("pkg:m:Thing x: refused",), 1.0)


DONE = run(
    Result(law("good"), "pkg:m:Thing", Outcome.PASSED),
    Result(law("bad"), "pkg:m:Thing", Outcome.FAILED, "seen <script>"),
    Result(law("soft", Severity.SHOULD), "pkg:m:Thing", Outcome.FAILED, "seen softly"),
    Result(law("aside"), "pkg:m:Thing", Outcome.NOT_APPLICABLE, "for a reason"),
)


def test_the_text_tells_what_is_broken_and_what_to_do() -> None:
    told = text(DONE)
    for part in ("FAIL  bad", "weak  soft", "ok    good", "for a reason", "BROKEN  bad", "WEAK  soft", "do:   Do it."):
        assert part in told
    assert told.index("BROKEN  bad") < told.index("WEAK  soft")
    assert "pkg: 1 broken, 1 weak, 1 passed, 1 not applicable" in told
    assert "pkg:m:Thing x: refused" in told


def test_the_page_needs_nothing_else_and_lets_nothing_through() -> None:
    page = html(DONE)
    assert "<script>" not in page
    assert "seen &lt;script&gt;" in page
    assert not re.search(r"(src|href)=|url\(|@import", page)
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page
    assert page.count("<details") == page.count("</details>") == 4


def test_all_laws_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == HELD
    told = capsys.readouterr().out
    assert all(f"  {each.name} ({each.severity})" in told for each in LAWS)


SPEC = "name: pkg\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--spec", "{}", "--only", "no-such-law"], "no law is named"),
        ([], "--spec FILE"),
        (["--spec", "{}"], "--command"),
        (["--spec", "{}.missing", "--command", "x"], "cannot be read"),
    ],
)
def test_what_cannot_be_judged_ends_with_two_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(SPEC, "utf-8")
    assert main([each.format(file) for each in arguments]) == UNUSABLE
    assert told in capsys.readouterr().err


def test_a_command_that_is_no_plugin_is_told_for_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page = tmp_path / "spec.yaml", tmp_path / "report.html"
    file.write_text(SPEC, "utf-8")
    arguments = ["--spec", str(file), "--command", "echo hello", "--only", "the-port*", "--html", str(page)]
    assert main(arguments) == BROKEN
    assert "'hello" in capsys.readouterr().out
    assert "the-port-is-the-first-line" in page.read_text("utf-8")


@pytest.mark.parametrize("module", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_a_module_says_what_it_knows_and_stays_small(module: Path) -> None:
    source = module.read_text("utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree)
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    documented = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in told)
    assert len(source.splitlines()) - documented <= LONGEST_MODULE
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [each.name for each in functions if (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION] == []
