"""Be the command: read arguments, judge, report. Knows messages and exit codes; no law."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from .law import Outcome, Result, Severity
from .laws import LAWS
from .page import html
from .process import NotStarted
from .report import catalogue, line, text
from .runner import Run, ServiceFailed, chosen, judge
from .spec import SpecError
from .spec_file import load

__all__ = ["main", "run"]

HELD, BROKEN, UNUSABLE = 0, 1, 2


def run() -> None:
    """Run the command and exit."""
    sys.exit(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit code: 0 if all laws that must hold do, 1 if not, 2 if nothing was judged."""
    given = _parser().parse_args(arguments)
    laws = chosen(LAWS, given.only)
    if given.list:
        sys.stdout.write(catalogue(laws))
        return HELD
    if not laws:
        return _unusable(f"no law is named {', '.join(given.only)}; --list names them all")
    if given.spec is None:
        return _unusable("name the file that describes the provider: --spec FILE")
    try:
        spec = load(given.spec)
        command = shlex.split(given.command) if given.command else list(spec.command)
        if not command:
            return _unusable("name the command that starts the plugin: --command, or 'command' in the spec")
        done = judge(spec, command, laws, _tell)
    except (SpecError, ServiceFailed, NotStarted) as error:
        return _unusable(str(error))
    return _reported(done, given.html, strict=given.strict)


def _reported(done: Run, page: Path | None, *, strict: bool) -> int:
    sys.stdout.write(text(done))
    if page is not None:
        page.write_text(html(done), "utf-8")
        sys.stdout.write(f"report: {page}\n")
    failed = done.of(Outcome.FAILED)
    return BROKEN if any(strict or each.law.severity is Severity.MUST for each in failed) else HELD


def _tell(result: Result) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{line(result)}\n")


def _unusable(message: str) -> int:
    sys.stderr.write(f"pulumi-provider-conformance: {message}\n")
    return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pulumi-provider-conformance",
        description="Hold a Pulumi provider to the laws of its protocol, over real gRPC, as the engine would.",
    )
    parser.add_argument("--spec", type=Path, metavar="FILE", help="the file that describes the provider (YAML)")
    parser.add_argument("--command", metavar="COMMAND", help="what starts the plugin (default: the spec's command)")
    only = "judge this law; * stands for any text; may be given several times"
    parser.add_argument("--only", action="append", default=[], metavar="LAW", help=only)
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page, too")
    parser.add_argument("--strict", action="store_true", help="fail also if a law is broken that only should hold")
    parser.add_argument("--list", action="store_true", help="list the laws and stop")
    return parser
