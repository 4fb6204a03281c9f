"""Know what to do when a create does not tell what exists: its answer was lost, or the name is taken. Look, and say."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..model.projection import project
from ..model.readback import is_told, readback
from ..model.sameness import same
from ..model.values import Tree
from ..wire.errors import AlreadyExists, CloudError, NotFound
from .outcome import NotDone
from .resource import Found, Resource
from .waiting import Interrupted, OutOfPatience, Wait

__all__ = ["LostAnswer", "with_holder"]

# A list may lag behind a create: this many looks before it is believed that nothing was made.
_LOOKS = 3


async def with_holder(resource: Resource[Any, Any], inputs: Tree, error: AlreadyExists, wait: Wait) -> AlreadyExists:
    """Return the error with the ids of what holds the name, and how to take it over."""
    try:
        ids = [each.id for each in await wait.look(_of_that_name(resource, inputs))]
    except (CloudError, OutOfPatience, Interrupted):
        return error
    if not ids:
        return error
    commands = " or ".join(f"`pulumi import mlworkbench:{resource.token} NAME {id}`" for id in ids)
    return error.but(message=f"{error.answer.message} It has the id {' or '.join(ids)}: take it over with {commands}")


async def _of_that_name(resource: Resource[Any, Any], inputs: Tree) -> list[Found]:
    name = str(inputs.get(resource.name_input, ""))
    like = resource.inputs.model_validate(inputs)
    return [each async for each in resource.list(like) if each.name == name]


@dataclass(frozen=True)
class LostAnswer:
    """A create that began at some time and ended with an error that does not tell whether it took effect."""

    resource: Resource[Any, Any]
    inputs: Tree
    began: datetime
    error: CloudError

    async def adopt(self, wait: Wait, known: Container[str]) -> str:
        """Return the id of the one thing that the create must have made. Raises NotDone if there is none, or several.

        `known` are ids that belong to other resources.
        """
        try:
            found = await self._look(wait, known)
        except (CloudError, OutOfPatience, Interrupted) as end:
            raise NotDone(f"{self.error} {self._what_to_look_for()}") from end
        if len(found) == 1:
            wait.watch.report(f"the answer was lost; found what was made: {found[0]}")
            return found[0]
        if found:
            ids = ", ".join(found)
            raise NotDone(f"{self.error} Several may be the one that it made: {ids}. {self._what_to_look_for()}")
        raise NotDone(f"{self.error} Nothing was found that it has made. {self._what_to_look_for()}")

    async def _look(self, wait: Wait, known: Container[str]) -> list[str]:
        found: list[str] = []
        for look in range(_LOOKS):
            if look:
                await wait.pause()
            found = await wait.look(self._fresh(known))
            if found:
                break
        return found

    async def _fresh(self, known: Container[str]) -> list[str]:
        listed = await _of_that_name(self.resource, self.inputs)
        since = self.resource.theirs(self.began)
        fresh = [each.id for each in listed if each.created and each.created >= since and each.id not in known]
        return [id for id in fresh if await self._is_as_asked(id)]

    async def _is_as_asked(self, id: str) -> bool:
        """Tell whether everything that the cloud tells about it is what was asked for."""
        try:
            answer = await self.resource.read(id)
        except NotFound:
            return False
        spec = self.resource.input_policies()
        asked = {name: value for name, value in self.inputs.items() if is_told(spec[name])}
        told = project(spec, answer)
        found = readback(spec, asked, told, told)
        return all(same(spec[name], value, found.get(name)) for name, value in asked.items())

    def _what_to_look_for(self) -> str:
        name = self.inputs.get(self.resource.name_input)
        return (
            f"It may have taken effect all the same: before you run `pulumi up` again, look in the console for the "
            f"{self.resource.title()} named {name!r}, created at {self.began:%H:%M:%S} UTC or later, and import or "
            f"delete it."
        )
