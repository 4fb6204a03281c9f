"""Know what to do when a create does not tell what exists: its answer is lost, the name is taken. Look, and say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..model.projection import project
from ..model.readback import is_told, readback
from ..model.sameness import same
from ..model.values import Tree
from ..wire.errors import AlreadyExists, CloudError, NotFound, PermissionDenied
from ..wire.pauses import NotWanted
from .known import Known
from .outcome import NotDone
from .resource import Found, Resource
from .waiting import Wait

__all__ = ["LostAnswer", "refuse_double", "with_holder"]

# A list may lag behind a create: this many looks before it is believed that nothing was made.
_LOOKS = 3


async def with_holder(
    resource: Resource[Any, Any], inputs: Tree, error: AlreadyExists, wait: Wait, known: Known
) -> AlreadyExists:
    """Return the error with the ids of what holds the name, and what to do about it."""
    try:
        ids = [each.id for each in await wait.look(_of_that_name(resource, inputs))]
    except (CloudError, NotWanted):
        return error
    if not ids:
        return error.but(message=f"{error.answer.message} It was not found beside this one: look in other workspaces.")
    if any(id in known for id in ids) or known.namesakes(resource.token, resource.name_in(inputs)):
        way_out = (
            "this stack has it already. Declare it once; if it waits for its deletion there, give another name until "
            "it is gone; to replace it, set its option `deleteBeforeReplace`"
        )
    else:
        way_out = (
            f"{_how_to_take_over(resource, ids)} if no stack has it; if this stack has it under another resource name, "
            f"give this one an alias; if it waits for its deletion there, give another name until it is gone"
        )
    return error.but(message=f"{error.answer.message} It has the id {' or '.join(ids)}: {way_out}")


async def refuse_double(resource: Resource[Any, Any], inputs: Tree, wait: Wait, known: Known) -> None:
    """Make no second one of what an earlier run has left without telling anybody, as when it was killed.

    Raises NotDone if one with this name and these properties exists of which the engine has told nothing.
    """
    try:
        ids = await wait.look(_doubles(resource, inputs, known))
    except PermissionDenied:
        # Who may create but not list is on their own.
        return
    if len(ids) > known.namesakes(resource.token, resource.name_in(inputs)):
        raise NotDone(
            f"{resource.title()} was not created, for one with this {resource.name_input} exists that differs in "
            f"nothing that the cloud tells: {' or '.join(ids)}. If an interrupted run has left it, "
            f"{_how_to_take_over(resource, ids)}, or delete it. If this stack has it under another resource name, or "
            f"is about to delete it, run `pulumi up --refresh`. Otherwise give another {resource.name_input}."
        )


async def _doubles(
    resource: Resource[Any, Any], inputs: Tree, known: Known, began: datetime | None = None
) -> list[str]:
    """Return the ids of what is as it was asked for and nobody knows; with a time, only of what is not older."""
    unknown = [each for each in await _of_that_name(resource, inputs) if each.id not in known]
    # Not before a list was answered: that answer may be the first to tell how the clocks differ.
    since = resource.theirs(began) if began else None
    ids = [each.id for each in unknown if since is None or (each.created and each.created >= since)]
    return [id for id in ids if await _is_as_asked(resource, inputs, id)]


def _how_to_take_over(resource: Resource[Any, Any], ids: list[str]) -> str:
    commands = " or ".join(f"`pulumi import mlworkbench:{resource.token} NAME {id}`" for id in ids)
    return f"take it over with {commands}"


async def _of_that_name(resource: Resource[Any, Any], inputs: Tree) -> list[Found]:
    like, name = resource.inputs.model_validate(inputs), resource.name_in(inputs)
    return [each async for each in resource.list(like) if each.name == name]


async def _is_as_asked(resource: Resource[Any, Any], inputs: Tree, id: str) -> bool:
    """Tell whether everything that the cloud tells about it is what was asked for, and nothing else was."""
    try:
        answer = await resource.read(id)
    except NotFound:
        return False
    if resource.states.is_leaving(getattr(answer, "status", None)):
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

    async def adopt(self, wait: Wait, known: Known) -> str:
        """Return the id of the one thing that the create must have made. Raises NotDone if there is none, or several.

        `known` are the ids of other resources.
        """
        try:
            found = await self._look(wait, known)
        except (CloudError, NotWanted) as end:
            raise NotDone(f"{self.error} {self._what_to_look_for()}") from end
        if len(found) == 1:
            wait.watch.warn(
                f"The answer to its creation was lost. {self.resource.title()} {found[0]}, made since then with this "
                f"name and these properties, was taken for what it made. If somebody else made that one, take it out "
                f"of this stack with `pulumi state delete`."
            )
            return found[0]
        if found:
            ids = ", ".join(found)
            raise NotDone(f"{self.error} Several may be the one that it made: {ids}. {self._what_to_look_for()}")
        raise NotDone(f"{self.error} Nothing was found that it has made. {self._what_to_look_for()}")

    async def _look(self, wait: Wait, known: Known) -> list[str]:
        found: list[str] = []
        for look in range(_LOOKS):
            if look:
                await wait.pause()
            found = await wait.look(_doubles(self.resource, self.inputs, known, self.began))
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
