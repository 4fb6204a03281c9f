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

_CREATES = ("CreateTensorboard", "CreateVisualizationJob", "RegisterImage")
# What goes wrong does so for all that know the verb: so it hits, whatever a program has.
_VERBS: tuple[tuple[str, ...], ...] = (
    (ANY_OPERATION,),
    (ANY_OPERATION,),
    _CREATES,
    _CREATES,
    ("GetTensorboard", "ShowVisualizationJob", "ShowImage"),
    ("ListTensorboards", "ListVisualizationJobs", "ListImage"),
    ("UpdateTensorboard", "UpdateVisualizationJob"),
    ("StartTensorboard", "RestartVisualizationJob", "StopTensorboard", "StopVisualizationJob"),
    ("DeleteTensorboard", "DeleteVisualizationJob", "DeleteImage"),
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
    {"delay_seconds": 0.002},
    {"delay_seconds": 0.002, "after_commit": True},
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

    @property
    def lets_look(self) -> bool:
        """Tell whether at most creates go wrong: what they have made can then be found."""
        return self.cut is None and all(fault.operation in _CREATES for fault in self.faults)


CALM = Trouble()


@st.composite
def _faults(draw: st.DrawFn) -> tuple[Fault, ...]:
    facts, times, skip = draw(st.sampled_from(_KINDS)), draw(st.sampled_from((1, 1, 2, 9))), draw(st.integers(0, 5))
    verb = draw(st.sampled_from(_VERBS))
    return tuple(Fault(operation, times=times, skip=max(0, skip - 3), **facts) for operation in verb)


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
        st.lists(_faults(), max_size=2).map(lambda found: sum(found, ())),
        st.just(()) | _endings(),
        st.none() | st.none() | st.builds(Cut, st.integers(1, 12), after=st.booleans(), deaf=st.booleans()),
        st.sampled_from(_PACES),
    )
    killed = st.builds(Trouble, cut=st.builds(Cut, st.integers(1, 8), after=st.booleans(), kill=st.just(True)))
    return st.sampled_from((0, 1, 2, 3, 4, 5, 6, 7, 8)).flatmap(
        lambda n: st.just(CALM) if n < 3 else killed if n == 8 else some
    )
