"""Lead a resource through its life with its five calls. The only caller of a Resource. Knows no HTTP and no Pulumi."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..model.base import Inputs
from ..model.check import check
from ..model.diff import Change, diff
from ..model.policy import Replace, ServerDefault, Virtual
from ..model.projection import project
from ..model.readback import adopt, echo, readback
from ..model.values import Tree
from ..wire.errors import AlreadyExists, CloudError, NotFound, Unavailable, Unreachable, Unreadable, WrongState
from ..wire.pauses import NotWanted
from ..wire.states import Phase
from .adoption import LostAnswer, refuse_double, with_holder
from .known import Known
from .outcome import InitFailed, Live, NotDone
from .resource import DESIRED_STATUS, DesiredStatus, Resource, Update
from .settling import Settling, Vanished
from .waiting import Patience, Unanswered, Wait, Watch

__all__ = ["PATIENCE", "Lifecycle", "Request"]

PATIENCE: Mapping[str, Patience] = {
    "create": Patience(limit=20 * 60),
    "read": Patience(limit=5 * 60),
    "update": Patience(limit=20 * 60),
    "delete": Patience(limit=20 * 60),
}


@dataclass(frozen=True)
class Request:
    """How an operation shall be done: who watches it, and the user's time limit in seconds, if there is one."""

    watch: Watch
    timeout: float | None = None


# What is known at the next run is only that it runs, not that it was stopped.
_STARTED = " It was started for the change, and may run on: stop it, or set `desiredStatus`."


@dataclass(frozen=True)
class Lifecycle:
    """Interprets one resource class for one cloud.

    `turns` keep creates of the same name apart.
    """

    resource: Resource[Any, Any]
    known: Known = field(default_factory=Known)
    turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def create(self, inputs: Tree, request: Request) -> Live:
        """Create, wait until it is ready, stop it if it shall not run. Raises InitFailed if it fails with an id."""
        with self._wait("create", request) as wait:
            id = await self._made(inputs, wait)
            return await self._settle(Settling(self.resource, id, wait, forgiving=4), inputs, {})

    async def _made(self, inputs: Tree, wait: Wait) -> str:
        try:
            # One create of a name at a time: if an answer is lost, what the others made must be known.
            async with self._turn(self.resource.name_in(inputs), wait):
                if self.resource.names_repeat:
                    await refuse_double(self.resource, inputs, wait, self.known)
                id = await self._create(inputs, wait)
                self.known.add(id)
                return id
        except NotWanted as end:
            title = self.resource.title()
            raise NotDone(f"{title} was not created: {end} before it was its turn. Run `pulumi up` again.") from end

    @asynccontextmanager
    async def _turn(self, name: str, wait: Wait) -> AsyncIterator[None]:
        await wait.look(self.turns[name].acquire())
        try:
            yield
        finally:
            self.turns[name].release()

    async def _create(self, inputs: Tree, wait: Wait) -> str:
        began = datetime.now(UTC)
        try:
            return await self.resource.create(self.resource.inputs.model_validate(inputs))
        except AlreadyExists as error:
            raise await with_holder(self.resource, inputs, error, wait, self.known) from None
        except (Unreachable, Unavailable, Unreadable) as error:
            if not error.sent:
                raise
            return await LostAnswer(self.resource, inputs, began, error).adopt(wait, self.known)

    async def read(self, id: str, inputs: Tree | None, state: Tree, request: Request) -> Live | None:
        """Return it as it is in the cloud, or None if it is gone. Without inputs it is being imported."""
        with self._wait("read", request) as wait:
            try:
                answer = await wait.look(self.resource.read(id))
            except NotFound:
                return None
            except NotWanted as end:
                raise NotDone(
                    f"{self.resource.title()} {id} was not read: {end} after {wait.seconds:.0f} s. Nothing is known "
                    f"about it."
                ) from end
        if self.resource.states.phase(getattr(answer, "status", None)) is Phase.GONE:
            return None
        return self._live(id, answer, inputs, state)

    async def update(self, id: str, old: Tree, inputs: Tree, state: Tree, request: Request) -> Live:
        """Change in place, start or stop, and wait. Raises InitFailed if it got only a part of the way."""
        with self._wait("update", request) as wait:
            settling = Settling(self.resource, id, wait)
            change = self._change(old, inputs, state)
            try:
                await settling.until_settled()
                await self._changed(settling, change, inputs, state)
            except Vanished as end:
                raise NotDone(settling.describe(end)) from None
            except NotWanted as end:
                raise NotDone(f"{settling.unfinished(end)} Nothing was changed: run `pulumi up` again.") from end
            except WrongState:
                if not settling.can_start:
                    raise
                return await self._settle(settling, inputs, state, while_running=change)
            return await self._settle(settling, inputs, state)

    def _change(self, old: Tree, inputs: Tree, state: Tree) -> Update[Any] | None:
        """Return what the cloud must be told, if anything.

        After a change that got only a part of the way, the engine's old inputs are the ones that were asked for: what
        is true is in the state.
        """
        spec = self.resource.input_policies()
        told = {name for name in state.keys() & spec.keys() if name in inputs or ServerDefault not in spec[name]}
        was = old | {name: state[name] for name in told if Replace not in spec[name]}
        changes = tuple(filter(self._reaches_the_cloud, diff(spec, was, inputs)))
        return Update(self.resource.inputs.model_validate(inputs), changes) if changes else None

    async def _changed(self, settling: Settling, change: Update[Any] | None, inputs: Tree, state: Tree) -> None:
        if change is None:
            return
        try:
            await settling.wait.change(self.resource.update(settling.id, change))
        except Unanswered as end:
            raise InitFailed(self._last_seen(settling, inputs, state), settling.describe(end)) from end
        except (Unreachable, Unavailable, Unreadable) as error:
            if not error.sent:
                raise
            raise await self._half_changed(settling, inputs, state, error) from error

    async def _half_changed(self, settling: Settling, inputs: Tree, state: Tree, error: CloudError) -> Exception:
        """Return the error of a change that may have taken effect, with what is true now."""
        try:
            await settling.until_settled()
        except (CloudError, NotWanted, Vanished):
            return error
        return InitFailed(self._last_seen(settling, inputs, state), settling.describe(error))

    async def delete(self, id: str, inputs: Tree, request: Request) -> None:
        """Stop it if it must be stopped, delete it, and wait until it is gone. What is gone already is fine."""
        with self._wait("delete", request) as wait:
            settling = Settling(self.resource, id, wait)
            try:
                await settling.until_gone(self._recall(inputs))
            except NotFound:
                return
            except (NotWanted, Unanswered) as end:
                raise NotDone(f"{settling.unfinished(end)} It stays in the state: run the same command again.") from end

    async def _settle(
        self, settling: Settling, inputs: Tree, state: Tree, *, while_running: Update[Any] | None = None
    ) -> Live:
        desired = inputs.get(DESIRED_STATUS)
        started = ""
        try:
            if while_running:
                started = _STARTED
                desired = desired or DesiredStatus.STOPPED.value
                await settling.until_as_desired(DesiredStatus.RUNNING.value)
                await self._change_or_stop(settling, while_running, desired)
            answer = await settling.until_as_desired(desired)
        except Exception as end:
            # Whatever it is, a bug of ours included: there is an id, and it must not be lost.
            raise InitFailed(self._last_seen(settling, inputs, state), settling.describe(end) + started) from end
        if settling.phase is Phase.FAILED:
            raise InitFailed(self._last_seen(settling, inputs, state), settling.describe_failure())
        live = self._live(settling.id, answer, inputs, state)
        return Live(live.id, inputs, _without(live.state, live.inputs.keys() - inputs.keys(), state))

    async def _change_or_stop(self, settling: Settling, change: Update[Any], desired: str) -> None:
        """Make a change for which a thing was started; if it is refused all the same, let it not run on and cost."""
        try:
            await settling.wait.change(self.resource.update(settling.id, change))
        except CloudError:
            await settling.until_as_desired(desired)
            raise

    def _live(self, id: str, answer: object, inputs: Tree | None, state: Tree) -> Live:
        spec = self.resource.input_policies()
        live = project(self.resource.output_policies(), answer)
        if DESIRED_STATUS in spec:
            runs = self.resource.states.runs(getattr(answer, "status", None))
            live[DESIRED_STATUS] = (DesiredStatus.RUNNING if runs else DesiredStatus.STOPPED).value
        now = self._adopted(live) if inputs is None else readback(spec, inputs, live, state)
        return Live(id, now, echo(spec, now, live, state))

    def _adopted(self, live: Tree) -> Tree:
        """Return inputs for what nobody declared yet; what cannot be asked for beside the rest is left to the cloud."""
        spec = self.resource.input_policies()
        told = adopt(spec, live)
        refused = {failure.property for failure in check(self.resource.inputs, told)}
        return {name: value for name, value in told.items() if name not in refused or ServerDefault not in spec[name]}

    def _last_seen(self, settling: Settling, inputs: Tree, state: Tree) -> Live:
        """Return the best knowledge of what exists: never less than the id and what was asked for."""
        if settling.answer is not None:
            return self._live(settling.id, settling.answer, inputs, state)
        return Live(settling.id, inputs, {**state, **inputs, self.resource.id_output: settling.id})

    def _reaches_the_cloud(self, change: Change) -> bool:
        return Virtual not in self.resource.input_policies()[change.property]

    def _recall(self, inputs: Tree) -> Inputs:
        """Build inputs that an older version may have recorded, without judging them."""
        spec = self.resource.input_policies().values()
        return self.resource.inputs.model_construct(**{each.attribute: inputs.get(each.name) for each in spec})

    @contextmanager
    def _wait(self, verb: str, request: Request) -> Iterator[Wait]:
        patience = self.resource.patience.get(verb, PATIENCE[verb])
        wait = request.watch.begin(patience.within(request.timeout))
        with wait.leads():
            yield wait


def _without(told: Tree, unseen: Collection[str], before: Tree) -> Tree:
    """Leave what somebody else has set meanwhile as it was recorded before: the next refresh will tell it."""
    if not before:
        return told
    known = {name: value for name, value in told.items() if name not in unseen}
    return known | {name: before[name] for name in unseen if name in before}
