"""Tell of errors that no one foresaw, on one line of stderr each. Knows exceptions; not how they are answered."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

__all__ = ["Endpoint", "guarded", "report"]

Endpoint = Callable[[Request], Awaitable[Response]]


def report(operation: str, error: Exception) -> str:
    """Write what failed, why and where; gives the line."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    # A path or an error may have line ends in its text, and characters that no terminal can show.
    told = f"mlworkbench-emulator: {operation} failed: {error!r}{place}"
    line = " ".join(told.encode(errors="backslashreplace").decode().splitlines())
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
    return line


def guarded(endpoint: Endpoint) -> Endpoint:
    """Let a page of the emulator's own answer plain JSON when it fails."""

    async def page(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Exception as error:
            return JSONResponse({"error": report(f"{request.method} {request.url.path}", error)}, 500)

    return page
