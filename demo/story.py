"""Tell the story of a stack: each step is announced and checked. Knows the order of things, not how they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from demo.clouds import KINDS, FakeClouds
from demo.hosts import Engine
from demo.screen import Screen

__all__ = ["IN_ONE_JOB", "IN_TWO_CLOUDS", "DemoFailed", "Life", "Step", "Tampering", "require"]

OUTPUTS = ("imageId", "jobName", "jobUrl", "tensorboardUrl")
ALL_CREATED = {"create": 4}  # the three resources, and the stack itself


class DemoFailed(Exception):
    """Something did not happen as announced. The message says what."""


@dataclass(frozen=True)
class Step:
    """What is about to happen, and how it is done."""

    announcement: str
    act: Callable[[], None]


@dataclass(frozen=True)
class Tampering:
    """What a colleague does behind Pulumi's back, and what Pulumi must then want to do."""

    told: str
    acts: tuple[Callable[[FakeClouds], str], ...]
    drift: Mapping[str, int]


IN_TWO_CLOUDS = Tampering(
    "a colleague opens the TensorBoard to everyone and deletes the image, with the vendors' own clients",
    (FakeClouds.loosen_tensorboard, FakeClouds.unregister_image),
    {"update": 1, "create": 1, "same": 2},
)
IN_ONE_JOB = Tampering(
    "a colleague overwrites the job's description in the console",
    (FakeClouds.describe_job_anew,),
    {"update": 1, "same": 3},
)


class Life:
    """The life of one stack, from nothing to nothing, as a list of steps."""

    def __init__(self, screen: Screen, open_engine: Callable[[], Engine], tampering: Tampering) -> None:
        self._screen, self._open, self._tampering = screen, open_engine, tampering
        self.clouds: FakeClouds
        self._engine: Engine
        self._wanted: Mapping[str, object]

    def steps(self, host: str) -> Iterator[Step]:
        yield Step(f"{host}: create a Tensorboard, a VisualizationJob and an Image.", self._create)
        yield Step(f"Behind Pulumi's back, {self._tampering.told}.", self._tamper)
        yield Step("Look for drift: compare the clouds with the program, change nothing.", self._compare)
        yield Step("Heal: make the clouds as the program says.", self._heal)
        yield Step("Look again: there must be no drift left.", self._look_again)
        yield Step("Destroy: delete all three and wait until they are gone.", self._destroy)

    def _create(self) -> None:
        self._engine = self._open()
        changes = self._engine.up()
        require(changes == ALL_CREATED, f"expected {ALL_CREATED} of `pulumi up`, and it did {changes}")
        outputs = self._engine.outputs()
        unset = [name for name in OUTPUTS if not outputs.get(name)]
        require(not unset, f"the stack has no output {', '.join(unset)}")
        self._wanted = self._settings()

    def _tamper(self) -> None:
        for act in self._tampering.acts:
            self._screen.note(act(self.clouds))

    def _compare(self) -> None:
        drift, changes = self._tampering.drift, self._engine.compare()
        require(changes == drift, f"the drift was not seen: expected {drift}, and the preview says {changes}")

    def _heal(self) -> None:
        drift, changes = self._tampering.drift, self._engine.heal()
        require(changes == drift, f"expected {drift} of `pulumi up --refresh`, and it did {changes}")
        settings = self._settings()
        differing = [name for name, value in self._wanted.items() if settings[name] != value]
        require(not differing, f"the clouds were not healed: {', '.join(differing)} is not as before")

    def _look_again(self) -> None:
        self._engine.expect_no_changes()

    def _destroy(self) -> None:
        self._engine.destroy()
        left = [kind for kind in KINDS if self.clouds.holds(kind)]
        require(not left, f"the clouds still have {', '.join(left)}")

    def _settings(self) -> dict[str, object]:
        """Return what the clouds hold of what the program says."""
        [board], [job], [image] = map(self.clouds.holds, KINDS)
        return {
            "the TensorBoard's accessibility": board["Accessibility"],
            "the TensorBoard's time limit": board["MaxRunningTimeMinutes"],
            "the job's description": job["job_desc"],
            "the image's path": image["swr_path"],
            "the image's description": image["description"],
        }


def require(condition: bool, complaint: str) -> None:
    """Fail the demo with a complaint unless the condition holds."""
    if not condition:
        raise DemoFailed(complaint)
