"""Know whether the call at hand is still wanted, and how long it may wait. Knows neither the call nor who wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

__all__ = ["NotWanted", "rest", "rests"]


class NotWanted(Exception):
    """Whoever leads the operation has no more use for the call. It has not been sent."""


rests: ContextVar[Callable[[float], Awaitable[None]]] = ContextVar("rests", default=asyncio.sleep)
"""How the operation that runs now waits for a number of seconds. Raises NotWanted if it shall end instead."""


async def rest(seconds: float = 0.0) -> None:
    """Wait as the operation does that runs now. Raises NotWanted at once when that shall end."""
    await rests.get()(seconds)
