"""Serve a page behind the URLs of TensorBoards and jobs. Knows which states are up; not how they came to be."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from .mishaps import Endpoint, guarded
from .modelarts.job_shapes import KIND as VISUALIZATION_JOBS
from .modelarts.job_shapes import Status
from .pai.shapes import KIND as TENSORBOARDS
from .world import World

__all__ = ["board"]

_UP = {TENSORBOARDS: ("Status", "Running", "DisplayName"), VISUALIZATION_JOBS: ("status", Status.RUNNING, "job_name")}


def board(world: World) -> Endpoint:
    """Make the page's endpoint. As with the vendors, a board that is not up answers 503."""

    async def page(request: Request) -> Response:
        kind = request.path_params["kind"]
        resource_id = request.path_params["place"].rstrip("/").rpartition("/")[2]
        with world.lock:
            record = world.store.find(kind, resource_id)
            if kind not in _UP or record is None or not world.walker.catch_up(record):
                return PlainTextResponse("There is no such board.\n", 404)
            state_fact, up, name_fact = _UP[kind]
            if record.facts[state_fact] != up:
                return PlainTextResponse(f"This board is not up: {record.facts[state_fact]}.\n", 503)
            name = escape(str(record.facts[name_fact]) or resource_id)
        return HTMLResponse(f"<!doctype html><title>{name}</title><h1>{name}</h1><p>An emulated board, running.</p>\n")

    return guarded(page)
