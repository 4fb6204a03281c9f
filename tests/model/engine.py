"""Do what Pulumi's engine does with a plugin: up, refresh, preview, import, destroy, and its reactions to errors.

Knows what a state file keeps; no cloud. Source: `pkg/resource/deploy` of the engine, as far as a provider sees it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto

from mlworkbench.hosts.codec import decode, encode
from mlworkbench.model.values import UNKNOWN, Tree, has_unknown

from .plugin import InitFailed, Killed, No, Plugin
from .programs import Declared, Slot

__all__ = ["Entry", "Role", "Run", "Stack"]


class Role(StrEnum):
    """What an entry of a state file is for."""

    LIVE = "live"
    LEAVING = "leaving"
    """A replacement exists; this one is still to be deleted."""
    LEFT = "left"
    """It was deleted first; its replacement is still to be created."""


@dataclass(frozen=True)
class Entry:
    """What a state file keeps of a resource."""

    slot: Slot
    id: str
    inputs: Struct
    outputs: Struct
    role: Role = Role.LIVE
    init_errors: tuple[str, ...] = ()

    def asked(self) -> Tree:
        """Return the inputs in plain."""
        return decode(self.inputs).tree


@dataclass
class Stack:
    """A program, and the state file of what it has made."""

    name: str
    program: dict[Slot, Declared] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def live(self, slot: Slot) -> Entry | None:
        """Return what stands for a slot: the live entry, or one that waits for its replacement."""
        return next((each for each in self.entries if each.slot == slot and each.role is not Role.LEAVING), None)

    def put(self, old: Entry | None, *new: Entry) -> None:
        """Take an entry out of the state file and put others in."""
        if old is not None:
            self.entries = [each for each in self.entries if each is not old]
        self.entries.extend(new)


class _Stop(Exception):
    """A step has failed: no more are begun."""


@dataclass
class Run:
    """One command. `said` are the messages that the user reads, `made` the steps that changed something.

    `happened` tells what kind of thing has come about, for counting.
    """

    stack: Stack
    plugin: Plugin
    seeds: Iterator[int]
    timeout: float = 0
    said: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    failed: bool = False
    killed: bool = False
    doomed: set[str] = field(default_factory=set)
    # What was foretold of a slot, and what came of it.
    foretold: list[tuple[Slot, Tree, Tree]] = field(default_factory=list)
    refreshed: list[tuple[Entry, Entry | None]] = field(default_factory=list)

    def up(self, *, refresh: bool = False) -> Run:
        """Bring the cloud to what the program asks for."""

        def steps() -> None:
            if refresh:
                self._refresh_all()
            for slot, declared in list(self.stack.program.items()):
                self._register(slot, declared)
            for entry in reversed(list(self.stack.entries)):
                if entry.role is Role.LEAVING or entry.slot not in self.stack.program:
                    self._delete(entry)

        return self._do(steps)

    def refresh(self) -> Run:
        """Bring the state file to what the cloud has."""
        return self._do(self._refresh_all)

    def destroy(self) -> Run:
        """Delete all that the state file has."""

        def steps() -> None:
            for entry in reversed(list(self.stack.entries)):
                self._delete(entry)

        return self._do(steps)

    def preview(self, unknown: str = "") -> Run:
        """Foretell; one property of each resource may depend on what is not known yet."""

        def steps() -> None:
            for slot, declared in self.stack.program.items():
                self._foretell(slot, declared, unknown)

        return self._do(steps)

    def adopt(self, slot: Slot, id: str) -> Run:
        """Import what exists. The program is then what the engine writes for it."""
        return self._do(lambda: self._import(slot, id))

    def _do(self, steps: Callable[[], None]) -> Run:
        try:
            steps()
        except _Stop:
            self.failed = True
        except Killed:
            self.failed = self.killed = True
            self.happened.append("killed")
        return self

    def _step(self, rpc: str, request: Any) -> Any:
        """Take a step. Raises _Stop, after it has noted what the user is told, if nothing came of it."""
        if self.plugin.ended:
            raise _Stop
        try:
            answer = self.plugin.ask(rpc, request)
        except No as refused:
            self.said.append(str(refused))
            raise _Stop from None
        return answer

    def _register(self, slot: Slot, declared: Declared) -> None:
        old = self.stack.live(slot)
        if old is None or old.role is Role.LEFT:
            self._create(slot, self._check(slot, declared, None), old)
            return
        news = self._check(slot, declared, old.inputs)
        difference = self._diff(old, news)
        if difference.replaces:
            self._replace(old, declared, delete_first=difference.deleteBeforeReplace)
        elif difference.changes == proto.DiffResponse.DIFF_SOME or old.init_errors:
            self.happened.append("update after a failure" if old.init_errors else "update")
            self._update(old, news)
        else:
            self.stack.put(old, replace(old, inputs=news))

    def _replace(self, old: Entry, declared: Declared, *, delete_first: bool) -> None:
        self.happened.append("replace, delete first" if delete_first else "replace, create first")
        if delete_first:
            self.made.append("delete")
            self._take(old)
            left = replace(old, role=Role.LEFT)
            self.stack.put(old, left)
            self._create(old.slot, self._check(old.slot, declared, None), left)
        else:
            self._create(old.slot, self._check(old.slot, declared, None), old)

    def _create(self, slot: Slot, news: Struct, old: Entry | None) -> None:
        foreseen = self._step("Create", proto.CreateRequest(properties=news, preview=True, **_who(self.stack, slot)))
        self.made.append("create")
        request = proto.CreateRequest(properties=news, timeout=self.timeout, **_who(self.stack, slot))
        try:
            answer = self._step("Create", request)
        except InitFailed as failed:
            reasons = tuple(failed.detail.reasons)
            self.happened.append("create that is half done")
            self._created(old, Entry(slot, failed.detail.id, news, failed.detail.properties, init_errors=reasons))
            self.said.append(str(failed))
            raise _Stop from None
        assert answer.id, "a create that succeeds tells an id"
        self._created(old, Entry(slot, answer.id, news, answer.properties))
        self.foretold.append((slot, decode(foreseen.properties).tree, decode(answer.properties).tree))

    def _created(self, old: Entry | None, new: Entry) -> None:
        leaving = [replace(old, role=Role.LEAVING)] if old is not None and old.role is Role.LIVE else []
        self.stack.put(old, *leaving, new)

    def _update(self, old: Entry, news: Struct) -> None:
        foreseen = self._step("Update", self._update_request(old, news, preview=True))
        self.made.append("update")
        try:
            answer = self._step("Update", self._update_request(old, news, preview=False))
        except InitFailed as failed:
            reasons = tuple(failed.detail.reasons)
            self.happened.append("update that is half done")
            new = replace(old, inputs=news, outputs=failed.detail.properties, init_errors=reasons)
            self.stack.put(old, new)
            self.said.append(str(failed))
            raise _Stop from None
        self.stack.put(old, replace(old, inputs=news, outputs=answer.properties, init_errors=()))
        self.foretold.append((old.slot, decode(foreseen.properties).tree, decode(answer.properties).tree))

    def _delete(self, entry: Entry) -> None:
        if entry.role is not Role.LEFT:
            self.made.append("delete")
            self._take(entry)
        self.stack.put(entry)

    def _take(self, entry: Entry) -> None:
        """Delete it. Until the plugin says that it is gone, it may be gone, or half way there."""
        self.doomed.add(entry.id)
        self._step("Delete", self._delete_request(entry))
        self.doomed.discard(entry.id)

    def _refresh_all(self) -> None:
        for entry in list(self.stack.entries):
            if entry.role is not Role.LEFT:
                self._refresh(entry)

    def _refresh(self, entry: Entry) -> None:
        request = proto.ReadRequest(
            id=entry.id, inputs=entry.inputs, properties=entry.outputs, **_who(self.stack, entry.slot)
        )
        answer = self._step("Read", request)
        if not answer.id:
            self.happened.append("refresh: gone")
            self.stack.put(entry)
            self.refreshed.append((entry, None))
            return
        assert answer.id == entry.id, "a refresh never changes an id"
        new = replace(entry, inputs=answer.inputs, outputs=answer.properties, init_errors=())
        place = self.stack.entries.index(entry)
        self.stack.entries[place] = new
        if new.inputs != entry.inputs:
            self.happened.append("refresh: drift")
        self.refreshed.append((entry, new))

    def _foretell(self, slot: Slot, declared: Declared, unknown: str) -> None:
        old = self.stack.live(slot)
        hidden = {name: UNKNOWN if name == unknown else value for name, value in declared.inputs.items()}
        partly = Declared(hidden, declared.secrets)
        if hidden != declared.inputs:
            self.happened.append("preview of what is not known yet")
        if old is None or old.role is Role.LEFT:
            news = self._check(slot, partly, None)
            self._step("Create", proto.CreateRequest(properties=news, preview=True, **_who(self.stack, slot)))
            return
        news = self._check(slot, partly, old.inputs)
        difference = self._diff(old, news)
        if difference.replaces:
            news = self._check(slot, partly, None)
            self._step("Create", proto.CreateRequest(properties=news, preview=True, **_who(self.stack, slot)))
        elif difference.changes == proto.DiffResponse.DIFF_SOME:
            self._step("Update", self._update_request(old, news, preview=True))
        if difference.changes == proto.DiffResponse.DIFF_SOME or difference.replaces or old.init_errors:
            self.made.append(f"{slot.token} {slot.name}: {sorted(difference.detailedDiff)}")

    def _import(self, slot: Slot, id: str) -> None:
        answer = self._step("Read", proto.ReadRequest(id=id, **_who(self.stack, slot)))
        assert answer.id == id, f"what is to be imported exists, yet {answer.id!r} was found"
        found = Entry(slot, id, answer.inputs, answer.properties)
        news = self._check(slot, Declared(found.asked()), answer.inputs)
        difference = self._diff(found, news)
        # What has failed is offered for replacement; nothing else differs.
        assert difference.detailedDiff.keys() <= {"status"}, f"an import differs: {difference.detailedDiff}"
        self.happened.append("import")
        self.stack.put(None, found)
        self.stack.program[slot] = Declared(found.asked())

    def _check(self, slot: Slot, declared: Declared, olds: Struct | None) -> Struct:
        seed = hashlib.sha256(str(next(self.seeds)).encode()).digest()
        request = proto.CheckRequest(
            news=encode(declared.inputs, declared.secrets), olds=olds, randomSeed=seed, **_who(self.stack, slot)
        )
        answer = self._step("Check", request)
        assert not answer.failures, f"inputs that are right are refused: {answer.failures}"
        inputs: Struct = answer.inputs
        return inputs

    def _diff(self, old: Entry, news: Struct) -> Any:
        who = _who(self.stack, old.slot)
        difference = self._step(
            "Diff", proto.DiffRequest(id=old.id, olds=old.outputs, old_inputs=old.inputs, news=news, **who)
        )
        assert (difference.changes == proto.DiffResponse.DIFF_SOME) == bool(difference.detailedDiff)
        assert difference.changes == proto.DiffResponse.DIFF_SOME or not difference.replaces
        return difference

    def _update_request(self, old: Entry, news: Struct, *, preview: bool) -> proto.UpdateRequest:
        return proto.UpdateRequest(
            id=old.id,
            olds=old.outputs,
            old_inputs=old.inputs,
            news=news,
            preview=preview,
            timeout=self.timeout,
            **_who(self.stack, old.slot),
        )

    def _delete_request(self, entry: Entry) -> proto.DeleteRequest:
        return proto.DeleteRequest(
            id=entry.id,
            properties=entry.outputs,
            old_inputs=entry.inputs,
            timeout=self.timeout,
            **_who(self.stack, entry.slot),
        )


def known_part(tree: Tree) -> Tree:
    """Return the properties that are known through and through."""
    return {name: value for name, value in tree.items() if not has_unknown(value)}


def _who(stack: Stack, slot: Slot) -> dict[str, Any]:
    kind = f"mlworkbench:{slot.token}"
    return {"urn": f"urn:pulumi:{stack.name}::model::{kind}::{slot.name}", "type": kind, "name": slot.name}
