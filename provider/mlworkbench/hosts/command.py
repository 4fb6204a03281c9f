"""The command `mlworkbench`: read its arguments, say what the doctor found. Know no cloud.

Everything heavy is imported when it is needed, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from .usage import parser

if TYPE_CHECKING:
    from .doctor import Check, Finding

__all__ = ["main"]

_PREFIX = "mlworkbench:"


class _UsageError(Exception):
    """The command was used in a wrong way."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its exit status."""
    top = parser()
    chosen = top.parse_args(arguments)
    if chosen.command is None:
        top.print_help(sys.stderr)
        sys.exit(2)
    try:
        status = _doctor(chosen) if chosen.command == "doctor" else _completion(chosen)
    except _UsageError as error:
        chosen.parser.error(str(error))
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        # Whoever read has seen enough, as `head` has; what is left is not to be flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        from .refusals import refusal

        print(f"mlworkbench: {refusal(error).message}", file=sys.stderr)
        status = 3
    sys.exit(status)


def _completion(chosen: argparse.Namespace) -> int:
    try:
        import shtab
    except ImportError:
        print("mlworkbench: completions need shtab: pip install 'mlworkbench[completion]'", file=sys.stderr)
        return 1
    top = parser()
    for action in _actions(top):
        if action.dest == "cwd":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    print(shtab.complete(top, chosen.shell))
    return 0


def _actions(of: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Return the actions of a parser and of its commands."""
    for action in of._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)


def _doctor(chosen: argparse.Namespace) -> int:
    if chosen.cwd and not chosen.stack:
        raise _UsageError("--cwd is of use with --stack only")
    stated = dict(_setting(each) for each in chosen.config)
    stack = _of_stack(chosen.stack, chosen.cwd) if chosen.stack else {}
    import asyncio

    from .doctor import State, examine

    findings = asyncio.run(examine({**stack, **stated}, os.environ, [chosen.cloud] if chosen.cloud else []))
    print(_json(findings) if chosen.json else _text(findings))
    states = {finding.state for finding in findings}
    return 0 if State.OK in states and State.FAILED not in states else 1


def _setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        # What follows the name may be a password.
        raise _UsageError(f"--config takes KEY=VALUE, not {''.join(takewhile(str.isalnum, name))!r}")
    key = name.removeprefix(_PREFIX)
    from ..model.check import nearest
    from ..model.policy import policies
    from .config import ProviderConfig

    known = policies(ProviderConfig)
    if key not in known:
        raise _UsageError(f"--config: there is no configuration key {key!r}{nearest(key, list(known))}")
    return key, value


def _of_stack(name: str, folder: Path | None) -> dict[str, str]:
    """Read a stack's configuration. What `pulumi` prints holds secrets and is never shown; its complaints are."""
    if folder is not None and not folder.is_dir():
        raise _UsageError(f"--cwd: there is no folder {str(folder)!r}")
    if shutil.which("pulumi") is None:
        raise _UsageError("--stack: the Pulumi CLI (`pulumi`) is not on PATH")
    command = ["pulumi", "config", "--json", "--show-secrets", "--non-interactive", "--stack", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise _UsageError(f"--stack: `pulumi config` failed: {done.stderr.strip() or 'it does not say why'}")
    told: Mapping[str, Mapping[str, str]] = json.loads(done.stdout)
    return {key.removeprefix(_PREFIX): fact.get("value", "") for key, fact in told.items() if key.startswith(_PREFIX)}


def _json(findings: Sequence[Finding]) -> str:
    clouds = [
        {
            "cloud": finding.service,
            "state": finding.state,
            "checks": [
                {"subject": each.subject, "state": each.state, "told": each.told, "advice": each.advice}
                for each in finding.checks
            ],
        }
        for finding in findings
    ]
    return json.dumps(clouds, indent=2, ensure_ascii=False)


def _text(findings: Sequence[Finding]) -> str:
    return "\n\n".join(_block(finding) for finding in findings)


def _block(finding: Finding) -> str:
    from .doctor import TITLES

    lines = [line for each in finding.checks for line in _lines(each, finding.configured)]
    return "\n".join([f"{TITLES[finding.service]}: {finding.state}", *lines])


def _lines(check: Check, configured: bool) -> list[str]:
    state = check.state if configured else ""
    head = f"  {check.subject:<13} {state:<8} "
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    margin = " " * len(head)
    told = _wrapped(check.told, width, head, margin)
    advice = _wrapped(check.advice, width, f"{margin}→ ", f"{margin}  ")
    return (told or [head.rstrip()]) + advice


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


if __name__ == "__main__":
    main()
