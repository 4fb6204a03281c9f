"""Be ModelArts' images: register, look, delete, group, repair. Knows their oddities; leaves signatures to the gateway.

The vendor leaves open how a path that is registered twice, or one without content, is refused; the codes here are the
nearest of its error table.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from ..exchange import Answer, Call, Operation, Refusal
from ..fields import FieldError, Query, accept
from ..outcomes import Outcome
from ..progress import Course, Timer
from ..store import Facts, Record, Step
from ..world import World
from .gateway import Gateway, KeyLock
from .image_listing import group_page, image_page
from .image_shapes import DELETE, KIND, PRESETS, UPDATE_GROUP, group_id, groups, image_facts, shown
from .swr import SwrContents

__all__ = ["Images"]

_NOT_FOUND = "ModelArts.6404"


class Images(Gateway):
    """The service. Registering is done at once; only an ending that was asked for makes it walk INIT → CREATING → …."""

    name = "modelarts-images"

    def __init__(self, world: World, lock: KeyLock, swr: SwrContents) -> None:
        super().__init__(world, lock)
        self._swr = swr
        world.walker.follow(Course(KIND, "status", self._arrived, _no_timer))
        root = "/v1/{project_id}/images"
        # The word "group" stands where an id could: it has to be tried first.
        self.operations = (
            Operation("ListImageGroup", "GET", f"{root}/group", self.list_groups),
            Operation("UpdateImageGroup", "PUT", f"{root}/group/{{id}}", self.update_group),
            Operation("DeleteImageGroup", "DELETE", f"{root}/group/{{id}}", self.delete_group),
            Operation("RegisterImage", "POST", root, self.register),
            Operation("ListImage", "GET", root, self.list),
            Operation("ShowImage", "GET", f"{root}/{{id}}", self.show),
            Operation("DeleteImage", "DELETE", f"{root}/{{id}}", self.delete),
            Operation("SyncImage", "POST", f"{root}/{{id}}/sync", self.sync),
        )

    def register(self, call: Call) -> Answer:
        now = self._world.clock.now()
        image_id = str(uuid.uuid4())
        facts = image_facts(call.json_object(), image_id, now)
        self._check_path(call, facts)
        record = Record(KIND, image_id, call.caller.owner, self._world.store.next_number(KIND), facts, now)
        outcome = self._world.outcomes.take("RegisterImage")
        if outcome is None:
            self._world.walker.begin(record, {"status": "ACTIVE"}, [])
        else:
            self._world.walker.begin(record, {"status": "INIT"}, [Step({"status": "CREATING"}), _last(outcome)])
        return Answer(200, shown(record))

    def list(self, call: Call) -> Answer:
        return Answer(200, image_page([*PRESETS, *self._mine(call, reading=True)], Query(call.query)))

    def show(self, call: Call) -> Answer:
        record = self._find(call, reading=True)
        if record.facts["status"] == "DELETED" and self._world.settings.deleted_images != "deleted":
            status = 404 if self._world.settings.deleted_images == "http-404" else 400
            raise Refusal(status, _NOT_FOUND, f"The image {record.id} does not exist.")
        return Answer(200, shown(record))

    def delete(self, call: Call) -> Answer:
        record = self._find(call)
        if record.facts["status"] == "DELETED":
            raise _not_found(record.id)
        if record.facts["type"] == "BUILD_IN":
            raise Refusal(403, "ModelArts.0108", "A preset image cannot be deleted.")
        self._delete(record, force=self._forced(call))
        return Answer(200, shown(record))

    def sync(self, call: Call) -> Answer:
        """Repair the status: what SWR holds decides."""
        record = self._find(call)
        if record.facts["status"] == "DELETED":
            raise _not_found(record.id)
        there = self._swr.has(str(record.facts["swr_path"]))
        missing = {"status": "ERROR", "status_message": "The image content does not exist in SWR."}
        self._world.walker.amend(record, {"status": "ACTIVE", "status_message": None} if there else missing)
        return Answer(200, shown(record))

    def list_groups(self, call: Call) -> Answer:
        return Answer(200, group_page([*PRESETS, *self._mine(call, reading=True)], Query(call.query)))

    def update_group(self, call: Call) -> Answer:
        """Change all versions of an image at once."""
        members = self._members(call)
        given = {name: value for name, value in accept(UPDATE_GROUP, call.json_object()).items() if value is not None}
        for record in members:
            self._world.walker.amend(record, {**given, "update_at": self._milliseconds()})
        return Answer(200, groups(members)[0])

    def delete_group(self, call: Call) -> Answer:
        members = self._members(call)
        answer = groups(members)[0]
        force = self._forced(call)
        for record in members:
            self._delete(record, force=force)
        return Answer(200, answer)

    def refuse_field(self, error: FieldError) -> Refusal:
        return Refusal(400, "ModelArts.6400", f"Invalid request payload: {error}.")

    def _check_path(self, call: Call, facts: Facts) -> None:
        path = str(facts["swr_path"])
        if any(image.facts["swr_path"] == path for image in self._mine(call)):
            message = f"Conflict tag {facts['tag']} for image {facts['name']}, tag cannot be duplicated."
            raise Refusal(400, "ModelArts.6737", message)
        if self._world.settings.swr_contents_checked and not self._swr.has(path):
            raise Refusal(400, "ModelArts.6797", f"The image {path} cannot be found in SWR.")

    def _mine(self, call: Call, *, reading: bool = False) -> Sequence[Record]:
        records = self._world.all(KIND, call.caller.owner, reading=reading)
        return [record for record in records if record.facts["status"] != "DELETED"]

    def _members(self, call: Call) -> Sequence[Record]:
        wanted = call.path_values["id"]
        members = [record for record in self._mine(call) if group_id(record) == wanted]
        if not members:
            raise _not_found(wanted)
        return members

    def _find(self, call: Call, *, reading: bool = False) -> Record:
        image_id = call.path_values["id"]
        preset = next((preset for preset in PRESETS if preset.id == image_id), None)
        if preset is not None:
            return preset
        record = self._world.find(KIND, image_id, call.caller.owner, reading=reading)
        if record is None:
            raise _not_found(image_id)
        return record

    def _forced(self, call: Call) -> bool:
        """Take both forms of the flag: OTC's query and Huawei's body."""
        in_query = Query(call.query).flag("force") or False
        return in_query or accept(DELETE, call.json_object())["is_force"] is True

    def _delete(self, record: Record, *, force: bool) -> None:
        # Documented: contents go along with private images only.
        if force and record.facts["visibility"] == "PRIVATE":
            self._swr.remove(str(record.facts["swr_path"]))
        self._world.walker.begin(record, {"status": "DELETED"}, [])
        if self._world.settings.deleted_images == "not-found":
            self._world.store.remove(record)

    def _arrived(self, record: Record, before: object, at: float) -> None:
        if before:
            record.facts["update_at"] = int(at * 1000)

    def _milliseconds(self) -> int:
        return int(self._world.clock.now() * 1000)


def _not_found(image_id: str) -> Refusal:
    return Refusal(400, _NOT_FOUND, f"The image {image_id} does not exist.")


def _last(outcome: Outcome) -> Step:
    message = outcome.reason_message or outcome.reason_code or None
    return Step({"status": str(outcome.state), "status_message": message})


def _no_timer(record: Record) -> Timer | None:
    return None
