"""Hold one call to the clouds, so that something can happen at that very moment. Knows ASGI; no vendor, no plugin."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Cut", "Gate"]


@dataclass(frozen=True)
class Cut:
    """When to cut a command short: at a call to the cloud, before or after it takes effect, by Cancel or by a kill.

    To Cancel, a deaf cloud leaves the call without an answer for a while.
    """

    at: int
    after: bool = False
    kill: bool = False
    deaf: bool = False


class Gate:
    """Stands before the clouds. `moment` is set when a call is held; whoever waits for it renews and releases it.

    `calls` counts those that came since it was armed.
    """

    def __init__(self) -> None:
        self.moment = asyncio.Event()
        self.is_holding = False
        self._cut: Cut | None = None
        self.calls = 0
        self._released = asyncio.Event()

    def arm(self, cut: Cut | None) -> None:
        """Hold the call that a cut names, counted from now on; without one, hold none."""
        self._cut, self.calls, self.is_holding = cut, 0, False

    def release(self) -> None:
        """Let the call that is held go on."""
        self.is_holding = False
        self._released.set()

    def before(self, app: ASGIApp) -> ASGIApp:
        """Put the gate before an application."""

        async def gated(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"].startswith("/_emulator"):
                await app(scope, receive, send)
                return
            self.calls += 1
            cut = self._cut
            if cut is None or cut.at != self.calls:
                await app(scope, receive, send)
            elif cut.after:
                await self._held_after(app, scope, receive, send)
            else:
                await self._hold()
                if cut.kill:
                    await send({"type": "http.response.start", "status": 503, "headers": []})
                    await send({"type": "http.response.body", "body": b""})
                else:
                    await app(scope, receive, send)

        return gated

    async def _held_after(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await app(scope, receive, keep)
        await self._hold()
        for message in answer:
            await send(message)

    async def _hold(self) -> None:
        self._released = asyncio.Event()
        self.is_holding = True
        self.moment.set()
        await self._released.wait()
