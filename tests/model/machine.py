"""Make up programs: what users, colleagues, clouds and time do, in any order. Knows no laws; Account judges."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from mlworkbench_emulator.progress import Progress

from .account import Account, slots_free
from .engine import Run, Stack
from .facts import BY_HAND, KIND, Known, everything
from .programs import HUSH, SLOTS, TOKENS, Declared, Slot, declarations, edited
from .trouble import CALM, Trouble, troubles
from .world import LONGEST, World

__all__ = ["Programs"]

PROGRESS = ("immediate", "immediate", "reads:1", "reads:3", "seconds:10")
_A_MINUTE = 61

# What a colleague does instead of changing a fact.
DELETE = ("", None)

stacks = st.sampled_from((0, 0, 1))
# Stands for one of what there is by then: what a program draws must not depend on how a race has ended.
picks = st.integers(0, 59)

T = TypeVar("T")


def picked(among: Sequence[T], pick: int) -> T:
    """Return what a number stands for."""
    return among[pick % len(among)]


class Programs(RuleBasedStateMachine):
    """Two stacks on one account."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.account = Account(world, Stack("one"), Stack("two"), note=note)
        world.tally["program"] += 1
        self.is_well = True

    def _happens(self, what: str) -> None:
        self.account.world.tally[what] += 1

    def _stack(self, index: int) -> Stack:
        return self.account.stacks[index]

    def _found(self) -> list[Known]:
        return list(everything(self.account.world.emulator).values())

    @property
    def _has_time(self) -> bool:
        return self.account.world.clock.pushed < LONGEST - 2 * _A_MINUTE

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for slot in data.draw(st.lists(st.sampled_from(SLOTS), min_size=1, max_size=3, unique=True)):
            self._stack(0).program[slot] = data.draw(declarations("one", slot))

    @rule(index=stacks, pick=picks, trouble=troubles())
    def drop_and_up(self, index: int, pick: int, trouble: Trouble) -> None:
        """The user takes a resource out."""
        stack = self._stack(index)
        if stack.program:
            del stack.program[picked(sorted(stack.program), pick)]
        self._upped(stack, trouble)

    @rule(index=stacks, changes=st.lists(st.tuples(picks, picks, picks), min_size=1, max_size=3), trouble=troubles())
    def edit_and_up(self, index: int, changes: list[tuple[int, int, int]], trouble: Trouble) -> None:
        """The user changes a thing or two and brings it to the cloud."""
        stack = self._stack(index)
        for pick, which, value_at in changes if stack.program else ():
            slot = picked(sorted(stack.program), pick)
            stack.program[slot] = edited(stack.name, slot, stack.program[slot], which, value_at)
        self._upped(stack, trouble)

    @rule(index=stacks, trouble=troubles(), refresh=st.booleans())
    def up(self, index: int, refresh: bool, trouble: Trouble) -> None:
        self._judged(lambda: self.account.up(self._stack(index), trouble, refresh=refresh))

    @rule(index=stacks, slot=st.sampled_from(SLOTS), trouble=troubles(), data=st.data())
    def declare_and_up(self, index: int, slot: Slot, trouble: Trouble, data: st.DataObject) -> None:
        stack = self._stack(index)
        stack.program[slot] = data.draw(declarations(stack.name, slot))
        self._upped(stack, trouble)

    @rule(index=stacks, trouble=troubles())
    def refresh(self, index: int, trouble: Trouble) -> None:
        self._judged(lambda: self.account.refresh(self._stack(index), trouble))

    @rule(index=stacks, pick=picks)
    def preview(self, index: int, pick: int) -> None:
        names = sorted({name for each in self._stack(index).program.values() for name in each.inputs})
        self._judged(lambda: self.account.preview(self._stack(index), picked(["", *names], pick)))

    @rule(index=stacks, trouble=troubles())
    def destroy(self, index: int, trouble: Trouble) -> None:
        self._judged(lambda: self.account.destroy(self._stack(index), trouble))

    @rule(index=stacks)
    def heal(self, index: int) -> None:
        """In calm weather all comes right."""
        self._judged(lambda: self.account.heal(self._stack(index)))

    @rule(progress=st.sampled_from(PROGRESS))
    def clouds_change_their_pace(self, progress: str) -> None:
        self.account.world.emulator.progress = progress

    @precondition(lambda self: self._has_time)
    @rule()
    def a_minute_passes(self) -> None:
        self._happens("a minute")
        self.account.world.clock.pushed += _A_MINUTE
        for _, entry in self.account.entries():
            self._soil(entry.id, "status")

    @rule(
        index=stacks,
        changes=st.lists(st.tuples(picks, picks), min_size=1, max_size=3),
        then=st.sampled_from(("", "refresh", "up", "up --refresh")),
        trouble=troubles(),
    )
    def somebody_changes_something(
        self, index: int, changes: list[tuple[int, int]], then: str, trouble: Trouble
    ) -> None:
        """A colleague or a timer changes something, or deletes it; the user may look, or not know."""
        for pick, which in changes:
            found = self._found()
            if found:
                self._change_by_hand(picked(found, pick), which)
        stack = self._stack(index)
        if then == "refresh":
            self._judged(lambda: self.account.refresh(stack, trouble))
        elif then:
            self._judged(lambda: self.account.up(stack, trouble, refresh="refresh" in then))

    @rule(data=st.data())
    def somebody_makes_something(self, data: st.DataObject) -> None:
        """A colleague makes it by other means; it is free to be imported."""
        slot = Slot(data.draw(st.sampled_from(TOKENS)), f"hand{len(self.account.strangers)}")
        declared = data.draw(declarations("hand", slot).filter(lambda each: not each.secrets))
        colleague = Stack("hand", {slot: Declared(declared.inputs)})
        self._happens("by hand: create")
        self._judged(lambda: self._made_by_hand(colleague))

    @rule(index=stacks, pick=picks)
    def adopt(self, index: int, pick: int) -> None:
        """The user imports what is in no state file."""
        stack = self._stack(index)
        free = [
            (slot, known.id)
            for known in self._found()
            if known.id in self.account.strangers and HUSH not in json.dumps(known.facts)
            for slot in slots_free(stack, known.token, SLOTS)
        ]
        if free:
            slot, id = picked(free, pick)
            self._judged(lambda: self._adopted(stack, slot, id))

    def teardown(self) -> None:
        if not self.is_well:
            return
        self.account.world.emulator.progress = Progress()
        for known in everything(self.account.world.emulator).values():
            if known.id in self.account.strangers:
                self._remove(known)
        for stack in self.account.stacks:
            if stack.program or stack.entries:
                self.account.heal(stack)
        for stack in self.account.stacks:
            run = self.account.destroy(stack)
            assert not run.failed, f"a quiet destroy failed: {run.said}"
            assert not stack.entries, "a destroy leaves nothing in the state"
        left = everything(self.account.world.emulator)
        assert not left, f"a destroy leaves nothing in the clouds, yet there is {list(left)}"

    def _judged(self, do: Any) -> None:
        """Run something; after a law was broken, nothing more is judged."""
        self.is_well = False
        do()
        self.is_well = True

    def _change_by_hand(self, known: Known, which: int) -> None:
        name, facts = picked((*BY_HAND[known.token], DELETE), which)
        self._happens(
            "by hand: delete" if facts is None else "by hand: status" if name == "status" else "by hand: change"
        )
        if facts is None:
            self._remove(known)
        else:
            self.account.world.emulator.resources.change(KIND[known.token], known.id, facts)
            self._soil(known.id, name)

    def _upped(self, stack: Stack, trouble: Trouble) -> None:
        """The user runs `pulumi up`, and once more if that fails."""
        self._judged(lambda: self.account.up(stack, trouble).failed and self.account.up(stack))

    def _soil(self, id: str, name: str) -> None:
        names = {"desiredStatus", "status"} if name == "status" else {name}
        self.account.dirty.setdefault(id, set()).update(names)

    def _remove(self, known: Known) -> None:
        self.account.world.emulator.resources.remove(KIND[known.token], known.id)
        self.account.strangers.discard(known.id)
        if any(entry.id == known.id for _, entry in self.account.entries()):
            self.account.vanished.add(known.id)

    def _made_by_hand(self, colleague: Stack) -> None:
        emulator = self.account.world.emulator
        pace, emulator.progress = emulator.progress, Progress()
        stacks, self.account.stacks = self.account.stacks, (*self.account.stacks, colleague)
        run = self.account.command(colleague, Run.up, CALM)
        self.account.stacks, emulator.progress = stacks, pace
        assert not run.failed or self.account.is_held(colleague, run.said), run.said
        self.account.strangers |= {each.id for each in colleague.entries}

    def _adopted(self, stack: Stack, slot: Slot, id: str) -> None:
        self.account.strangers.discard(id)
        run = self.account.command(stack, lambda run: run.adopt(slot, id), CALM)
        assert not run.failed, f"an import failed: {run.said}"
        self._soil(id, "")
