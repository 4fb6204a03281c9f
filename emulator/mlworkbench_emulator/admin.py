"""Offer the emulator's controls as JSON under /_emulator. Knows requests and the emulator's methods; no vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .clock import ClockError
from .faults import FAULT_FIELDS, Fault
from .fields import Field, FieldError, accept
from .mishaps import Endpoint, guarded
from .outcomes import OUTCOME_FIELDS, Outcome
from .progress import Progress, ProgressError
from .resources import KINDS, NoSuchResource
from .settings import SettingsError
from .strict_json import JsonError, read_json

if TYPE_CHECKING:
    from .emulator import Emulator

__all__ = ["admin_routes"]

Control = Callable[[Request, Mapping[str, object]], object]


class AdminError(ValueError):
    """A request to the admin path that makes no sense."""


def admin_routes(emulator: Emulator) -> list[Route]:
    """Make the routes of the admin path."""
    controls = _Controls(emulator)
    table: tuple[tuple[str, str, Control], ...] = (
        ("GET", "/health", controls.health),
        ("POST", "/reset", controls.reset),
        ("GET", "/journal", controls.journal),
        ("DELETE", "/journal", controls.clear_journal),
        ("GET", "/progress", controls.progress),
        ("PUT", "/progress", controls.set_progress),
        ("GET", "/settings", controls.settings),
        ("PUT", "/settings", controls.set_settings),
        ("GET", "/clock", controls.clock),
        ("PUT", "/clock", controls.set_clock),
        ("GET", "/faults", controls.faults),
        ("POST", "/faults", controls.add_fault),
        ("DELETE", "/faults", controls.clear_faults),
        ("GET", "/outcomes", controls.outcomes),
        ("POST", "/outcomes", controls.add_outcome),
        ("DELETE", "/outcomes", controls.clear_outcomes),
        ("GET", "/swr", controls.swr),
        ("PUT", "/swr", controls.set_swr),
        ("GET", "/resources", controls.resources),
        ("GET", "/resources/{kind}", controls.resources_of_kind),
        ("GET", "/resources/{kind}/{id}", controls.resource),
        ("PATCH", "/resources/{kind}/{id}", controls.change_resource),
        ("DELETE", "/resources/{kind}/{id}", controls.remove_resource),
    )
    return [Route(path, _endpoint(control), methods=[method]) for method, path, control in table]


class _Controls:
    """One method for each thing that the admin path does."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def health(self, request: Request, body: Mapping[str, object]) -> object:
        return {"status": "ok", "progress": str(self._emulator.progress), "calls": len(self._emulator.journal)}

    def reset(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.reset()
        return {}

    def journal(self, request: Request, body: Mapping[str, object]) -> object:
        wanted = request.query_params.get("operation")
        entries = self._emulator.journal if wanted is None else self._emulator.journal.of(wanted)
        return [asdict(entry) for entry in entries]

    def clear_journal(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.journal.clear()
        return {}

    def progress(self, request: Request, body: Mapping[str, object]) -> object:
        return {"progress": str(self._emulator.progress)}

    def set_progress(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.progress = Progress.parse(str(body.get("progress")))
        return {"progress": str(self._emulator.progress)}

    def settings(self, request: Request, body: Mapping[str, object]) -> object:
        return self._emulator.settings.plain()

    def set_settings(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.settings = self._emulator.settings.changed(body)
        return self._emulator.settings.plain()

    def clock(self, request: Request, body: Mapping[str, object]) -> object:
        return {"now": self._emulator.now}

    def set_clock(self, request: Request, body: Mapping[str, object]) -> object:
        seconds = body.get("advance_seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise AdminError("give advance_seconds, a number from 0: time only goes forward")
        self._emulator.advance(seconds)
        return {"now": self._emulator.now}

    def faults(self, request: Request, body: Mapping[str, object]) -> object:
        return [asdict(fault) for fault in self._emulator.faults]

    def add_fault(self, request: Request, body: Mapping[str, object]) -> object:
        return asdict(self._emulator.faults.add(Fault(**_given(FAULT_FIELDS, body))))

    def clear_faults(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.faults.clear()
        return {}

    def outcomes(self, request: Request, body: Mapping[str, object]) -> object:
        return [asdict(outcome) for outcome in self._emulator.outcomes]

    def add_outcome(self, request: Request, body: Mapping[str, object]) -> object:
        return asdict(self._emulator.outcomes.add(Outcome(**_given(OUTCOME_FIELDS, body))))

    def clear_outcomes(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.outcomes.clear()
        return {}

    def swr(self, request: Request, body: Mapping[str, object]) -> object:
        return {"removed": self._emulator.swr.removed()}

    def set_swr(self, request: Request, body: Mapping[str, object]) -> object:
        path, present = body.get("swr_path"), body.get("present")
        if not isinstance(path, str) or not isinstance(present, bool):
            raise AdminError("give swr_path, a text, and present, true or false")
        change = self._emulator.swr.push if present else self._emulator.swr.remove
        change(path)
        return {"removed": self._emulator.swr.removed()}

    def resources(self, request: Request, body: Mapping[str, object]) -> object:
        return {kind: self._emulator.resources.all(kind) for kind in KINDS}

    def resources_of_kind(self, request: Request, body: Mapping[str, object]) -> object:
        return self._emulator.resources.all(request.path_params["kind"])

    def resource(self, request: Request, body: Mapping[str, object]) -> object:
        return self._emulator.resources.get(request.path_params["kind"], request.path_params["id"])

    def change_resource(self, request: Request, body: Mapping[str, object]) -> object:
        return self._emulator.resources.change(request.path_params["kind"], request.path_params["id"], body)

    def remove_resource(self, request: Request, body: Mapping[str, object]) -> object:
        self._emulator.resources.remove(request.path_params["kind"], request.path_params["id"])
        return {}


def _endpoint(control: Control) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(control(request, _object(await request.body())))
        except NoSuchResource as error:
            return JSONResponse({"error": str(error)}, 404)
        except (AdminError, ClockError, FieldError, ProgressError, SettingsError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return guarded(endpoint)


def _object(body: bytes) -> Mapping[str, object]:
    try:
        value = read_json(body) if body.strip() else {}
    except JsonError as error:
        raise AdminError(f"the body is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise AdminError("the body must be a JSON object")
    return value


def _given(fields: Sequence[Field], body: Mapping[str, object]) -> dict[str, Any]:
    """Check an order for a fault or an ending; what is not given is left to its default."""
    names = [field.name for field in fields]
    unknown = sorted(set(body) - set(names))
    if unknown:
        raise AdminError(f"there is no {', '.join(unknown)}; there are {', '.join(names)}")
    return {name: value for name, value in accept(fields, body).items() if value is not None}
