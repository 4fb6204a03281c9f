"""Know what to do when a create does not tell what exists: its answer is lost, the name is taken. Look, and say."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..model.projection import project
from ..model.readback import is_told, readback
from ..model.sameness import same
from ..model.values import Tree
from ..wire.errors import AlreadyExists, CloudError, NotFound, PermissionDenied
from ..wire.pauses import NotWanted
from .outcome import NotDone
from .resource import Found, Resource
from .waiting import Wait

__all__ = ["LostAnswer", "refuse_double", "with_holder"]

# A list may lag behind a create: this many looks before it is believed that nothing was made.
_LOOKS = 3


async def with_holder(resource: Resource[Any, Any], inputs: Tree, error: AlreadyExists, wait: Wait) -> AlreadyExists:
    """Return the error with the ids of what holds the name, and how to take it over."""
    try:
        ids = [each.id for each in await wait.look(_of_that_name(resource, inputs))]
    except (CloudError, NotWanted):
        return error
    if not ids:
        return error.but(message=f"{error.answer.message} It was not found beside this one: look in other workspaces.")
    return error.but(
        message=f"{error.answer.message} It has the id {' or '.join(ids)}: {_how_to_take_over(resource, ids)}"
    )


async def refuse_double(resource: Resource[Any, Any], inputs: Tree, wait: Wait, known: Container[str]) -> None:
    """Make no second one of what an earlier run has left without telling anybody, as when it was killed.

    Raises NotDone if one with this name and these properties exists that neither the state nor this run knows.
    """
    try:
        ids = await wait.look(_doubles(resource, inputs, known))
    except PermissionDenied:
        # Who may create but not list is on their own.
        return
    if ids:
        raise NotDone(
            f"{resource.title()} was not created, for one with this {resource.name_input} and these properties exists "
            f"already, with the id {' or '.join(ids)}: {_how_to_take_over(resource, ids)}, delete it, or give another "
            f"{resource.name_input}."
        )


async def _doubles(
    resource: Resource[Any, Any], inputs: Tree, known: Container[str], since: datetime | None = None
) -> list[str]:
    """Return the ids of what is as it was asked for and nobody knows; with a time, only of what is not older."""
    unknown = [each for each in await _of_that_name(resource, inputs) if each.id not in known]
    ids = [each.id for each in unknown if since is None or (each.created and each.created >= since)]
    return [id for id in ids if await _is_as_asked(resource, inputs, id)]


def _how_to_take_over(resource: Resource[Any, Any], ids: list[str]) -> str:
    commands = " or ".join(f"`pulumi import mlworkbench:{resource.token} NAME {id}`" for id in ids)
    return f"take it over with {commands}"


async def _of_that_name(resource: Resource[Any, Any], inputs: Tree) -> list[Found]:
    name = str(inputs.get(resource.name_input, ""))
    like = resource.inputs.model_validate(inputs)
    return [each async for each in resource.list(like) if each.name == name]


async def _is_as_asked(resource: Resource[Any, Any], inputs: Tree, id: str) -> bool:
    """Tell whether everything that the cloud tells about it is what was asked for, and nothing else was."""
    try:
        answer = await resource.read(id)
    except NotFound:
        return False
    spec = resource.input_policies()
    asked = {name: value for name, value in inputs.items() if is_told(spec[name])}
    found = readback(spec, asked, project(spec, answer), {})
    return all(same(spec[name], asked.get(name), found.get(name)) for name in asked.keys() | found.keys())


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
        except (CloudError, NotWanted) as end:
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
            since = self.resource.theirs(self.began)
            found = await wait.look(_doubles(self.resource, self.inputs, known, since))
            if found:
                break
        return found

    def _what_to_look_for(self) -> str:
        name = self.inputs.get(self.resource.name_input)
        return (
            f"It may have taken effect all the same: before you run `pulumi up` again, look in the console for the "
            f"{self.resource.title()} named {name!r}, created at {self.began:%H:%M:%S} UTC or later, and import or "
            f"delete it."
        )
