"""Tell what happens in several stacks at a time, a line for each step. Knows the engine's events; starts nothing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from pulumi.automation import EngineEvent, OpType

__all__ = ["IDLE", "Progress"]

# Steps that change nothing.
IDLE = (OpType.SAME, OpType.READ, OpType.REFRESH)

_MARKUP = re.compile(r"<\{%.*?%\}>")
_NAME_WIDTH = 10


class Progress:
    """Print lines from several threads, each under the name of its stack, and remember what went wrong."""

    def __init__(self, total: int) -> None:
        self._total, self._ended = total, 0
        self._errors: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def listener(self, stack: str) -> Callable[[EngineEvent], None]:
        """Return what the Automation API shall call with each event of a stack."""
        return lambda event: self._note(stack, event)

    def errors(self, stack: str) -> list[str]:
        """Return what the engine has called errors, which is more to the point than all that it has printed."""
        return self._errors.get(stack, [])

    def say(self, stack: str, text: str) -> None:
        with self._lock:
            print(f"{stack:<{_NAME_WIDTH}} {text}", flush=True)

    def ended(self, stack: str, text: str) -> None:
        """Tell that a stack is done, one way or the other."""
        self._ended += 1
        self.say(stack, f"{text}   [{self._ended} of {self._total}]")

    def _note(self, stack: str, event: EngineEvent) -> None:
        if event.res_outputs_event is not None:
            step = event.res_outputs_event.metadata
            if step.op not in IDLE and not step.type.startswith("pulumi:"):
                kind, name = step.type.rpartition(":")[2], step.urn.rpartition("::")[2]
                self.say(stack, f"  {step.op.value} {kind} {name}")
        told = event.diagnostic_event
        if told is not None and told.severity == "error":
            self._errors.setdefault(stack, []).append(_MARKUP.sub("", told.message).strip())
