"""Know whether the cloud accepts our keys, so that refused ones are not shown again and again: that locks accounts.

Source: Huawei Cloud locks an access key for five minutes after five bad signatures in a row.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from .errors import CloudError, Unauthenticated, WrongClock

__all__ = ["Gate"]


# Keys that were accepted once may be refused by mistake now and then; in a row they are not.
_FORGIVEN = 1


class Gate:
    """Lets one call at a time through until the cloud has accepted the keys, all at once then, none if it refused."""

    def __init__(self) -> None:
        self._accepted: frozenset[str] | None = None
        self._forgiven: frozenset[str] | None = None
        self._refused: dict[frozenset[str], Unauthenticated | WrongClock] = {}
        self._in_a_row = 0
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def passage(self, attempt: str, keys: Iterable[str]) -> AsyncIterator[None]:
        """Let a call through that is signed with these keys. Raises what the cloud said if it has refused them."""
        shown = frozenset(keys)
        if self._accepted == shown:
            async with self._watched(attempt, shown):
                yield
            return
        async with self._turn, self._watched(attempt, shown):
            yield

    @asynccontextmanager
    async def _watched(self, attempt: str, shown: frozenset[str]) -> AsyncIterator[None]:
        known = self._refused.get(shown)
        if known is not None:
            message = f"not tried, since {known.attempt} was refused: {known.answer.message}"
            raise known.but(attempt=attempt, message=message, sent=False)
        try:
            yield
        except (Unauthenticated, WrongClock) as refusal:
            self._in_a_row += 1
            if shown not in (self._accepted, self._forgiven) or self._in_a_row > _FORGIVEN:
                self._refused[shown] = refusal
            else:
                # One at a time again, until it is clear whether that was a mistake.
                self._accepted = None
                self._forgiven = shown
            raise
        except CloudError as error:
            if error.answer.status is not None:
                self._accept(shown)
            raise
        self._accept(shown)

    def _accept(self, shown: frozenset[str]) -> None:
        self._accepted, self._in_a_row = shown, 0
