"""Bring up, compare or tear down an environment for each of several teams, in parallel.

    python teams.py up                 all teams of teams.toml
    python teams.py up vision speech   these only
    python teams.py preview            what `up` would change, by drift too
    python teams.py destroy

A team that fails does not keep the others from theirs; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import Team, program, teams
from progress import IDLE, Progress
from pulumi import automation
from pulumi.automation import OpType

HERE = Path(__file__).parent
Listener = Callable[[automation.EngineEvent], None]
Changes = Mapping[OpType, int]


def main(arguments: Sequence[str] | None = None) -> int:
    known = teams(HERE / "teams.toml")
    parser = _parser(known)
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.team if name not in known]:
        parser.error(f"there is no team {', '.join(unknown)} in teams.toml, only {', '.join(known)}")
    wanted = [known[name] for name in chosen.team or known]
    progress = Progress(len(wanted))
    pool = ThreadPoolExecutor(max_workers=chosen.parallel)
    try:
        succeeded = list(pool.map(lambda team: handle(chosen.verb, team, progress), wanted))
    except KeyboardInterrupt:
        # Ctrl-C has reached the engines too: each of them ends what it has begun, and keeps its state.
        progress.say("", "Interrupted: no team is begun any more, those under way come to an end.")
        pool.shutdown(cancel_futures=True)
        return 130
    pool.shutdown()
    return 0 if all(succeeded) else 1


def handle(verb: str, team: Team, progress: Progress) -> bool:
    """Do it for one team, and tell whether it succeeded."""
    begun = time.monotonic()
    progress.say(team.name, f"{verb} …")
    try:
        changes = VERBS[verb](stack_of(team), progress.listener(team.name))
    except automation.CommandError as error:
        for why in progress.errors(team.name) or [str(error).strip()]:
            progress.say(team.name, f"  {why}")
        progress.ended(team.name, "FAILED")
        return False
    told = ", ".join(f"{OpType(op).value} {count}" for op, count in changes.items() if op not in IDLE)
    progress.ended(team.name, f"done in {time.monotonic() - begun:.0f} s: {told or 'no changes'}")
    return True


def stack_of(team: Team) -> automation.Stack:
    # The folder brings Pulumi.yaml, so that `pulumi stack ls` and `pulumi stack output` work in it.
    project = automation.LocalWorkspaceOptions(work_dir=str(HERE))
    return automation.create_or_select_stack(team.name, project_name=HERE.name, program=program(team), opts=project)


def up(stack: automation.Stack, listener: Listener) -> Changes:
    return stack.up(refresh=True, on_event=listener).summary.resource_changes or {}


def preview(stack: automation.Stack, listener: Listener) -> Changes:
    return stack.preview(refresh=True, on_event=listener).change_summary


def destroy(stack: automation.Stack, listener: Listener) -> Changes:
    """Tear down the environment, and forget the stack."""
    changes = stack.destroy(on_event=listener).summary.resource_changes or {}
    stack.workspace.remove_stack(stack.name)
    return changes


VERBS = {"up": up, "preview": preview, "destroy": destroy}


def _parser(known: dict[str, Team]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="An environment for each team.")
    parser.add_argument("verb", choices=VERBS, help="what to do")
    parser.add_argument("team", nargs="*", metavar="TEAM", help=f"of {', '.join(known)}; all of them if none is named")
    parser.add_argument("--parallel", type=int, default=4, metavar="N", help="how many teams at a time (default: 4)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
