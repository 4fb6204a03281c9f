"""Run commands against an account and judge what they leave: nothing lost, nothing twice, all as asked for.

Knows the clouds and the state files; not how commands are made up.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from mlworkbench.model.values import Tree
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.progress import Progress

from .engine import Entry, Role, Run, Stack, known_part
from .facts import NAMED, STATUS, Known, bare, everything, is_hidden, is_like, is_unique, told, unlike
from .programs import IMAGE, Slot
from .trouble import CALM, Trouble
from .world import World

__all__ = ["Account"]

SECONDS_A_COMMAND = 5
HASTE_SECONDS = 16
TRIES = 3
STOPPED = ("status", "desiredStatus")
"""What differs if something was stopped, or started."""


class Account:
    """One account of each cloud, and the stacks that share it.

    `strangers` are ids of what no state file has, and need not; `dirty` tells what was changed by hand, by id, since a
    refresh saw it; `vanished` are ids of what was deleted by hand, or may be by a command that was cut short. `note` is
    told what each command has done.
    """

    def __init__(self, world: World, *stacks: Stack, note: Callable[[str], None] = lambda text: None) -> None:
        world.restart()
        self.world, self.stacks, self._note = world, stacks, note
        self.strangers: set[str] = set()
        self.dirty: dict[str, set[str]] = {}
        self.vanished: set[str] = set()
        self._seeds = itertools.count()

    def up(self, stack: Stack, trouble: Trouble = CALM, *, refresh: bool = False) -> Run:
        """Run `pulumi up`, and judge it."""
        paths = self._push_contents(stack)
        run = self.command(stack, lambda run: run.up(refresh=refresh), trouble)
        missing = paths & set(self.world.emulator.swr.removed())
        assert not missing, f"content was destroyed that the program registers: {missing}"
        if not run.failed:
            self._is_as_asked(stack)
            self._is_foretold(run)
            if run.made:
                self._again(stack)
        return run

    def refresh(self, stack: Stack, trouble: Trouble = CALM) -> Run:
        """Run `pulumi refresh`, and judge it."""
        run = self.command(stack, Run.refresh, trouble)
        now = everything(self.world.emulator)
        for before, after in run.refreshed:
            if after is not None:
                _is_seen(now[after.id], before.asked(), after.asked())
        return run

    def preview(self, stack: Stack, unknown: str = "") -> Run:
        """Run `pulumi preview`, which calls no cloud."""
        calls = len(self.world.emulator.journal)
        run = self.command(stack, lambda run: run.preview(unknown), CALM)
        assert not run.failed, f"a preview failed: {run.said}"
        assert len(self.world.emulator.journal) == calls, "a preview called a cloud"
        return run

    def command(self, stack: Stack, do: Callable[[Run], Run], trouble: Trouble) -> Run:
        """Run a command in the midst of trouble, and judge what it leaves."""
        emulator = self.world.emulator
        running = {id for id, known in everything(emulator).items() if known.runs}
        self.world.clock.pushed += SECONDS_A_COMMAND
        before = everything(emulator)
        for id in running:
            if id in before and not before[id].runs:
                # Its timer has stopped it.
                self.dirty.setdefault(id, set()).update(STOPPED)
        for fault in trouble.faults:
            emulator.faults.add(fault)
        for ending in trouble.endings:
            emulator.outcomes.add(ending)
        pace = emulator.progress
        emulator.progress = trouble.pace or pace
        run = self._run(stack, do, trouble)
        emulator.progress = pace
        self.world.tally.update([*run.happened, *happened(run, trouble, emulator, self.stacks)])
        emulator.faults.clear()
        emulator.outcomes.clear()
        left = ", ".join(f"{each.slot.token} {each.slot.name} {each.id} {each.role}" for each in stack.entries)
        self._note(f"  # {stack.name}: made {run.made}, said {run.said}, has {left}")
        self._see(run)
        self._nothing_is_lost(before, run, trouble)
        return run

    def _run(self, stack: Stack, do: Callable[[Run], Run], trouble: Trouble) -> Run:
        stuck = self.world.emulator.progress.how == "seconds"
        with self.world.process(trouble.cut) as process:
            return do(Run(stack, process, self._seeds, timeout=HASTE_SECONDS if stuck else 0))

    def heal(self, stack: Stack) -> bool:
        """Run `pulumi up --refresh` in calm weather until all is well; False if something holds a name."""
        pace, self.world.emulator.progress = self.world.emulator.progress, Progress()
        is_well = self._healed(stack)
        self.world.emulator.progress = pace
        return is_well

    def _healed(self, stack: Stack) -> bool:
        said: list[str] = []
        for _ in range(TRIES):
            run = self.up(stack, refresh=True)
            if not run.failed:
                return True
            if self.is_held(stack, run.said):
                return False
            said += run.said
        raise AssertionError(f"{TRIES} quiet commands in a row have failed: {said}")

    def is_held(self, stack: Stack, said: Iterable[str]) -> bool:
        """Tell whether a command failed since something else is there under a name that it asks for, and it says so."""
        return any(self._holds(stack, slot, text) for slot in stack.program for text in said)

    def _holds(self, stack: Stack, slot: Slot, text: str) -> bool:
        """Tell whether a message names what holds the name of a slot; what cannot be seen from there, it cannot."""
        asked = stack.program[slot].inputs
        # What stands for this slot itself should have gone first.
        own = {entry.id for entry in stack.entries if entry.slot == slot and entry.role is Role.LIVE}
        for each in everything(self.world.emulator).values():
            if each.token != slot.token or each.name != asked.get(NAMED[slot.token]) or each.id in own:
                continue
            if is_hidden(each, asked) and "look in other workspaces" in text:
                return True
            if each.id in text and ("pulumi import" in text or "this stack has it already" in text):
                return is_unique(each) or is_like(each, asked)
        return False

    def destroy(self, stack: Stack, trouble: Trouble = CALM) -> Run:
        """Run `pulumi destroy`, and judge it."""
        return self.command(stack, Run.destroy, trouble)

    def entries(self) -> list[tuple[Stack, Entry]]:
        """Return all that is in a state file and should be in a cloud."""
        return [(stack, each) for stack in self.stacks for each in stack.entries if each.role is not Role.LEFT]

    def _see(self, run: Run) -> None:
        """Note what a refresh has seen of what was done by hand."""
        for before, _ in run.refreshed:
            self.dirty.pop(before.id, None)
            self.vanished.discard(before.id)
        for id in run.doomed:
            self.vanished.add(id)
            self.dirty.setdefault(id, set()).update(STOPPED)

    def _nothing_is_lost(self, before: dict[str, Known], run: Run, trouble: Trouble) -> None:
        now = everything(self.world.emulator)
        ids = Counter(entry.id for _, entry in self.entries())
        assert not [id for id, times in ids.items() if times > 1], f"two resources have one id: {ids}"
        for id, known in now.items():
            if id in ids or id in self.strangers:
                continue
            assert id not in before, f"{known.token} {id} is in the cloud, but its state was dropped: {run.said}"
            is_named = any(id in text or repr(known.name) in text for text in run.said)
            assert run.killed or is_named, f"{known.token} {id} ({known.name}) was made and is lost: {run.said}"
            assert not trouble.lets_look or run.timeout, f"{known.token} {id} was made, and not looked for: {run.said}"
            self.strangers.add(id)
        self.strangers &= now.keys()
        for stack in self.stacks:
            live = Counter(each.slot for each in stack.entries if each.role is not Role.LEAVING)
            assert not [slot for slot, times in live.items() if times > 1], "two things for one resource"

    def _is_as_asked(self, stack: Stack) -> None:
        assert {each.slot for each in stack.entries} == set(stack.program), "not what the program asks for"
        now = everything(self.world.emulator)
        for entry in stack.entries:
            assert entry.role is Role.LIVE, "something is left to do"
            assert not entry.init_errors, "a success with errors"
            asked, declared = entry.asked(), stack.program[entry.slot].inputs
            assert {name: asked.get(name) for name in declared} == declared, "the state has other inputs"
            if entry.id in self.vanished and entry.id not in now:
                continue
            assert entry.id in now, f"{entry.slot} {entry.id} is in the state, but in no cloud"
            other = self._unseen(entry.id, unlike(now[entry.id], asked))
            assert not other, f"{entry.slot} is not as asked for: {other}, asked {asked}"

    def _unseen(self, id: str, other: dict[str, object]) -> dict[str, object]:
        dirty = self.dirty.get(id, set())
        return {name: value for name, value in other.items() if name not in dirty}

    def _is_foretold(self, run: Run) -> None:
        for slot, foreseen, came in run.foretold:
            entry = run.stack.live(slot)
            if entry is None or self.dirty.get(entry.id):
                continue
            wrong = {name: (value, came.get(name)) for name, value in known_part(foreseen).items()}
            wrong = {name: pair for name, pair in wrong.items() if bare(pair[0]) != bare(pair[1])}
            assert not wrong, f"{slot}: the preview told {wrong}"

    def _again(self, stack: Stack) -> None:
        if not stack.program:
            return
        calls = len(self.world.emulator.journal)
        with self.world.process() as process:
            preview = Run(stack, process, self._seeds).preview()
            run = Run(stack, process, self._seeds).up()
        assert not preview.failed, f"a preview failed: {preview.said}"
        assert not preview.made, f"a preview after a success tells {preview.made}"
        assert not run.failed, f"a second up failed: {run.said}"
        assert not run.made, f"a second up made {run.made}"
        assert len(self.world.emulator.journal) == calls, "a second up or a preview called a cloud"

    def _push_contents(self, stack: Stack) -> set[str]:
        paths = {str(each.inputs["swrPath"]) for slot, each in stack.program.items() if slot.token == IMAGE}
        for path in paths:
            self.world.emulator.swr.push(path)
        return paths


def happened(run: Run, trouble: Trouble, emulator: Emulator, stacks: Iterable[Stack]) -> list[str]:
    """Tell which kinds of trouble a command has met, and what it was."""
    met = [
        "connection dropped" if fault.drop_connection else "fault after commit" if fault.after_commit else "fault"
        for fault in trouble.faults
        if not any(replace(left, skip=fault.skip) == fault for left in emulator.faults)
    ]
    met += ["bad ending" for ending in trouble.endings if ending not in emulator.outcomes]
    if all(stack.entries for stack in stacks):
        met.append("beside another stack")
    if trouble.cut and not trouble.cut.kill and run.plugin.ended:
        met.append("cancelled")
    if run.timeout:
        met.append("in haste")
    if any(declared.secrets for declared in run.stack.program.values()):
        met.append("with secrets")
    return [*met, "failed" if run.failed else "succeeded"]


def _is_seen(known: Known, before: Tree, after: Tree) -> None:
    """Judge a refresh: what is otherwise in the cloud is told, and nothing else."""
    token = known.token
    expected = {name for name in unlike(known, before) if told(token, name)}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == expected, f"{token}: {expected} differ in the cloud, the refresh tells {changed}"
    left = {name: value for name, value in unlike(known, after).items() if told(token, name)}
    assert not left, f"{token}: the refresh tells wrong values, the cloud has {left}"


def slots_free(stack: Stack, token: str, slots: Iterable[Slot]) -> list[Slot]:
    """Return the slots of a type that a stack does not use."""
    used = {each.slot for each in stack.entries} | stack.program.keys()
    return [slot for slot in slots if slot.token == token and slot not in used]


def status_of(known: Known) -> object:
    """Return the status as its cloud writes it."""
    return known.facts[STATUS[known.token]]
