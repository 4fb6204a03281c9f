"""Make up what goes wrong during a command: faults, bad endings, Cancel, kill. Knows the emulator's orders only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from mlworkbench_emulator.faults import ANY_OPERATION, Fault
from mlworkbench_emulator.outcomes import Outcome

from .gate import Cut

__all__ = ["CALM", "Trouble", "troubles"]

AT_ONCE = {"Retry-After": "0"}

_OPERATIONS = (
    *[ANY_OPERATION] * 20,
    "CreateTensorboard",
    "GetTensorboard",
    "ListTensorboards",
    "UpdateTensorboard",
    "StartTensorboard",
    "StopTensorboard",
    "DeleteTensorboard",
    "CreateVisualizationJob",
    "ShowVisualizationJob",
    "ListVisualizationJobs",
    "UpdateVisualizationJob",
    "RestartVisualizationJob",
    "StopVisualizationJob",
    "DeleteVisualizationJob",
    "RegisterImage",
    "ShowImage",
    "ListImage",
    "DeleteImage",
)
_KINDS: tuple[dict[str, Any], ...] = (
    {"status": 429, "code": "Throttling.User", "headers": AT_ONCE},
    {"status": 500, "code": "InternalError", "headers": AT_ONCE},
    {"status": 500, "code": "InternalError", "headers": AT_ONCE, "after_commit": True},
    {"status": 502, "raw_body": "<html>bad gateway</html>", "headers": AT_ONCE, "after_commit": True},
    {"drop_connection": True},
    {"drop_connection": True, "after_commit": True},
    {"status": 200, "raw_body": "", "after_commit": True},
    {"status": 403, "code": "NoPermission"},
    {"status": 403, "code": "ModelArts.0108"},
    {"status": 404, "raw_body": "<html>no such page</html>"},
    {"status": 404, "code": "InvalidApi.NotFound"},
    {"delay_seconds": 0.01},
    {"delay_seconds": 0.01, "after_commit": True},
)
# How what one verb sets off can end badly, for all that know the verb.
_ENDINGS: tuple[dict[str, tuple[str | int, ...]], ...] = (
    {
        "CreateTensorboard": ("Failed", "Creating_Failed", "Stopped"),
        "CreateVisualizationJob": (3, 5, 11, 22),
        "RegisterImage": ("CREATE_FAILED", "ERROR", "ACTIVE"),
    },
    {"StartTensorboard": ("Failed", "Creating_Failed"), "RestartVisualizationJob": (5, 11)},
    {"StopTensorboard": ("Failed", "Succeeded"), "StopVisualizationJob": (10, 11, 13)},
    {"DeleteTensorboard": ("Failed",), "DeleteVisualizationJob": (6,)},
)
_PACES = (None, None, None, "reads:1", "reads:3", "seconds:10")


@dataclass(frozen=True)
class Trouble:
    """What goes wrong during one command, and how fast the clouds are in it, if not as before."""

    faults: tuple[Fault, ...] = ()
    endings: tuple[Outcome, ...] = ()
    cut: Cut | None = None
    pace: str | None = None


CALM = Trouble()


@st.composite
def _faults(draw: st.DrawFn) -> Fault:
    facts = draw(st.sampled_from(_KINDS))
    return Fault(
        operation=draw(st.sampled_from(_OPERATIONS)),
        times=draw(st.sampled_from((1, 1, 2, 3, 9))),
        skip=draw(st.integers(0, 3)),
        **facts,
    )


@st.composite
def _endings(draw: st.DrawFn) -> tuple[Outcome, ...]:
    verb, which, times = draw(st.sampled_from(_ENDINGS)), draw(st.integers(0, 11)), draw(st.sampled_from((1, 1, 2)))
    return tuple(
        Outcome(operation, states[which % len(states)], reason_message="out of memory", times=times)
        for operation, states in verb.items()
    )


def troubles() -> st.SearchStrategy[Trouble]:
    """Make up what goes wrong; often nothing does."""
    some = st.builds(
        Trouble,
        st.lists(_faults(), max_size=2).map(tuple),
        st.just(()) | _endings(),
        st.none() | st.none() | st.builds(Cut, st.integers(1, 12), after=st.booleans()),
        st.sampled_from(_PACES),
    )
    killed = st.builds(Trouble, cut=st.builds(Cut, st.integers(1, 8), after=st.booleans(), kill=st.just(True)))
    return st.sampled_from((0, 1, 2, 3, 4, 5, 6, 7, 8)).flatmap(
        lambda n: st.just(CALM) if n < 3 else killed if n == 8 else some
    )
