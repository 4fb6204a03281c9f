"""Have a call in flight, interrupt it, see how it ends and when. Knows the protocol's Cancel; no resource, no law."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from .hooks import staged
from .plugin import Plugin, Refused
from .spec import Scene
from .stage import cancel
from .subject import Subject

__all__ = ["Ending", "interrupted", "timed", "wait_until_in_flight"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# What a call needs to reach the cloud, if the cloud does not show that it came.
_SOON_SECONDS = 0.5


@dataclass(frozen=True)
class Ending(Generic[T_co]):
    """How a call ended, and how many seconds it took or went on after it was interrupted."""

    answer: T_co | None
    refusal: Refused | None
    seconds: float


def timed(work: Callable[[], T]) -> Ending[T]:
    """Make a call and see how long it takes."""
    began = time.monotonic()
    try:
        answer = work()
    except Refused as refusal:
        return Ending(None, refusal, time.monotonic() - began)
    return Ending(answer, None, time.monotonic() - began)


def interrupted(
    subject: Subject,
    scene: Scene,
    work: Callable[[Subject], T],
    *,
    id: str = "",
    arrived: Callable[[Subject], None] | None = None,
    interrupt: Callable[[Plugin], object] = cancel,
) -> Ending[T]:
    """Interrupt a call in flight of a plugin that has nothing else to do. `arrived` waits until it is in flight."""
    with subject.stage.another() as plugin, staged(scene, {**subject.stage.variables, "id": id}):
        subject.stage.introduce(plugin)
        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(timed, lambda: work(subject.through(plugin)))
            (arrived or _give_time)(subject)
            interrupt(plugin)
            began = time.monotonic()
            ending = working.result()
            return Ending(ending.answer, ending.refusal, time.monotonic() - began)


def _give_time(subject: Subject) -> None:
    time.sleep(_SOON_SECONDS)


def wait_until_in_flight(subject: Subject) -> None:
    """Give a call the time to reach the cloud: until its effects have come to rest, or half a second."""
    if subject.stage.spec.effects is None:
        _give_time(subject)
        return
    before, until = subject.stage.effects(), time.monotonic() + 5
    while subject.stage.effects() == before and time.monotonic() < until:
        time.sleep(0.02)
    # The call that creates is answered before the waiting begins.
    time.sleep(0.3)
