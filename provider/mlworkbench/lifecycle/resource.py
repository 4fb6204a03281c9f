"""Know what the author of a resource writes: a declaration and five calls. Know not when they are made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar, get_args, runtime_checkable

from pydantic import BaseModel

from ..model.base import Inputs, Option, Outputs
from ..model.diff import Change
from ..model.policy import Computed, Policy, Virtual, policies
from ..model.values import Tree, Value
from ..wire.states import Phase, States
from .waiting import Patience

__all__ = ["DESIRED_STATUS", "DesiredStatus", "Found", "Resource", "Startable", "StartableInputs", "Update"]

InputsT = TypeVar("InputsT", bound=Inputs)
OutputsT = TypeVar("OutputsT", bound=Outputs)


DESIRED_STATUS = "desiredStatus"


class DesiredStatus(Option):
    """Whether something shall run."""

    RUNNING = "Running"
    """It shall run, and cost what running costs."""

    STOPPED = "Stopped"
    """It shall be kept, but not run."""


class StartableInputs(Inputs):
    """The input of everything that can be started and stopped."""

    desired_status: Annotated[DesiredStatus | None, Virtual()] = None
    """Whether it shall run. `Running` or `Stopped` make every update start or stop it to match, and a refresh report
    when it does not. If unset, it is created running, and a later stop, by its timer or by hand, is no difference."""


@dataclass(frozen=True)
class Found:
    """One entry of a list: what import takes, what a person knows it by, and when it was made, if the cloud tells."""

    id: str
    name: str
    created: datetime | None = None


@dataclass(frozen=True)
class Update(Generic[InputsT]):
    """What an update shall do: the inputs as they shall be, and where they differ."""

    inputs: InputsT
    changes: tuple[Change, ...]

    def differing(self) -> dict[str, Value]:
        """Return the new values of the properties that differ, by their attributes."""
        touched = {change.property for change in self.changes}
        spec = policies(type(self.inputs)).values()
        return {each.attribute: getattr(self.inputs, each.attribute) for each in spec if each.name in touched}


@runtime_checkable
class Startable(Protocol):
    """A resource that can be stopped and started. Both calls return as soon as the cloud has accepted them."""

    async def start(self, id: str) -> None:
        """Start what is stopped. Raises WrongState if it is not."""

    async def stop(self, id: str) -> None:
        """Stop what runs. Raises WrongState if it does not."""


class Resource(ABC, Generic[InputsT, OutputsT]):
    """One kind of thing in a cloud. None of the calls waits for what it has set off; the lifecycle does.

    Class facts: `token` is module and name; `service` names the client; `id_output` is the output that repeats the id,
    `name_input` the input that a list shows as the name; `states` says what `status` means; `example` and `change` are
    inputs for documents and tests; `patience` says how long each verb may take, if not the default; with
    `stop_before_delete` the cloud deletes only what does not run; with `names_repeat` it lets several have one name.
    """

    token: ClassVar[str]
    service: ClassVar[str]
    id_output: ClassVar[str]
    name_input: ClassVar[str]
    states: ClassVar[States]
    example: ClassVar[Tree]
    change: ClassVar[Tree]
    patience: ClassVar[Mapping[str, Patience]] = {}
    stop_before_delete: ClassVar[bool] = False
    names_repeat: ClassVar[bool] = False

    inputs: ClassVar[type[Inputs]]
    outputs: ClassVar[type[Outputs]]

    # The client of the service: what the wire is made of is not the lifecycle's to know.
    _cloud: Any

    def __init_subclass__(cls) -> None:
        """Refuse a declaration that cannot hold, before it is used."""
        cls.inputs, cls.outputs = get_args(cls.__orig_bases__[0])  # type: ignore[attr-defined]
        asked, told = cls.input_policies(), cls.output_policies()
        if missing := asked.keys() - told.keys():
            raise TypeError(f"{cls.__name__}: the outputs do not echo {sorted(missing)}")
        if wrong := [name for name, policy in asked.items() if Computed in policy]:
            raise TypeError(f"{cls.__name__}: only the cloud sets {wrong}, they cannot be inputs")
        if wrong := [name for name in told.keys() - asked.keys() if Computed not in told[name]]:
            raise TypeError(f"{cls.__name__}: {sorted(wrong)} are outputs, but not marked Computed")

    def __init__(self, cloud: Any) -> None:
        """Take the client of the resource's service."""
        self._cloud = cloud

    @classmethod
    def input_policies(cls) -> Mapping[str, Policy]:
        """What each input promises."""
        return policies(cls.inputs)

    @classmethod
    def output_policies(cls) -> Mapping[str, Policy]:
        """What each output promises."""
        return policies(cls.outputs)

    @classmethod
    def is_beyond_help(cls, state: Tree, wanted: Tree) -> bool:
        """Tell whether nothing leads out of a state but a replacement; to have ended is fine if nobody wants more."""
        status = state.get("status")
        is_over = cls.states.has_ended(status) and DESIRED_STATUS in state and not cls.shall_stop(wanted)
        return is_over or cls.states.phase(status) is Phase.FAILED

    @classmethod
    def is_on_its_way(cls, state: Tree) -> bool:
        """Tell whether a state was recorded in the middle of a transition."""
        return cls.states.is_on_its_way(state.get("status"))

    @classmethod
    def shall_stop(cls, inputs: Tree) -> bool:
        """Tell whether the user wants it stopped."""
        return str(inputs.get(DESIRED_STATUS)).casefold() == DesiredStatus.STOPPED.casefold()

    @classmethod
    def name_in(cls, inputs: Tree) -> str:
        """Return the name that inputs give; blank if they give none."""
        return str(inputs.get(cls.name_input) or "")

    @classmethod
    def title(cls) -> str:
        """Return the name that messages use."""
        return cls.token.partition(":")[2]

    @abstractmethod
    async def create(self, inputs: InputsT) -> str:
        """Create one and return its id as soon as there is one. Called once per resource."""

    @abstractmethod
    async def read(self, id: str) -> BaseModel:
        """Return what the cloud tells, its attributes named as the outputs are, and `status` among them.

        Raises NotFound if, and only if, the cloud says by its own sign that the thing is not there.
        """

    @abstractmethod
    async def update(self, id: str, update: Update[InputsT]) -> None:
        """Change in place what differs. Called only if a property differs that the cloud knows."""

    @abstractmethod
    async def delete(self, id: str, inputs: InputsT) -> None:
        """Delete it. `inputs` are the last ones known; their virtual properties may say how."""

    @abstractmethod
    def list(self, like: InputsT | None = None) -> AsyncIterator[Found]:
        """Yield all that the user can see, over all pages; with inputs, at least all of their name and place."""

    def theirs(self, ours: datetime) -> datetime:
        """Return what the cloud's clock showed when ours showed this."""
        return self._cloud.clock.theirs(ours)  # type: ignore[no-any-return]

    def reason(self, answer: Any) -> str:
        """Return what the cloud says about a failure, if it says anything."""
        return ""
