"""Turn what went wrong into what the user reads and what the engine does: status codes, details. Know no resource.

Source: provider.proto (ErrorResourceInitFailed, ConfigureErrorMissingKeys) and google.rpc.Status.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, status_pb2

from ..lifecycle.outcome import NotDone
from ..wire import errors
from .core import UnknownToken, WrongConfiguration
from .settings import Missing

__all__ = ["ISSUES", "Refusal", "missing_configuration", "refusal", "status_of"]

ISSUES = "https://github.com/mlworkbench/pulumi-mlworkbench/issues"

_CODES: dict[type[Exception], grpc.StatusCode] = {
    errors.NotFound: grpc.StatusCode.NOT_FOUND,
    errors.AlreadyExists: grpc.StatusCode.ALREADY_EXISTS,
    errors.WrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.InvalidRequest: grpc.StatusCode.INVALID_ARGUMENT,
    errors.QuotaExceeded: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    errors.NoCredentials: grpc.StatusCode.UNAUTHENTICATED,
    errors.WrongClock: grpc.StatusCode.UNAUTHENTICATED,
    errors.PermissionDenied: grpc.StatusCode.PERMISSION_DENIED,
    errors.WrongEndpoint: grpc.StatusCode.FAILED_PRECONDITION,
    errors.Throttled: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.Unavailable: grpc.StatusCode.UNAVAILABLE,
    errors.Untrusted: grpc.StatusCode.FAILED_PRECONDITION,
    errors.Unreachable: grpc.StatusCode.UNAVAILABLE,
    errors.Unreadable: grpc.StatusCode.FAILED_PRECONDITION,
    NotDone: grpc.StatusCode.ABORTED,
    UnknownToken: grpc.StatusCode.INVALID_ARGUMENT,
    WrongConfiguration: grpc.StatusCode.INVALID_ARGUMENT,
}


@dataclass(eq=False)
class Refusal(Exception):
    """An answer that is an error: a status code, a message for the user, and a detail for the engine."""

    code: grpc.StatusCode
    message: str
    detail: Message | None = None
    trace: str = ""

    def metadata(self) -> tuple[tuple[str, bytes], ...]:
        """Return the trailing metadata that carries the detail."""
        if self.detail is None:
            return ()
        packed = AnyMessage()
        packed.Pack(self.detail)
        status = status_pb2.Status(code=self.code.value[0], message=self.message, details=[packed])
        return (("grpc-status-details-bin", status.SerializeToString()),)


def missing_configuration(missing: list[Missing]) -> Refusal:
    """Refuse a configuration that lacks keys; the CLI shows each with the command that sets it."""
    keys = [
        provider_pb2.ConfigureErrorMissingKeys.MissingKey(
            name=each.name,
            description=f"{each.description} (environment: {' or '.join(each.variables)}) {each.note}".rstrip(),
        )
        for each in missing
    ]
    detail = provider_pb2.ConfigureErrorMissingKeys(missingKeys=keys)
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, "\n".join(map(str, missing)), detail)


def status_of(kind: type[Exception]) -> grpc.StatusCode:
    """Return the status for a kind of error; INTERNAL for what is not foreseen."""
    return next((code for known, code in _CODES.items() if issubclass(kind, known)), grpc.StatusCode.INTERNAL)


def refusal(error: Exception) -> Refusal:
    """Say to the user what went wrong. What is not foreseen is a bug of ours, and said to be one."""
    if isinstance(error, Refusal):
        return error
    code = status_of(type(error))
    if code is not grpc.StatusCode.INTERNAL:
        return Refusal(code, str(error))
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({where[0].name}, line {where[0].lineno} of {where[0].filename.rpartition('/')[2]})" if where else ""
    # The message of an unforeseen error may hold values of the user; the place and the kind of it do not.
    message = f"This is a bug in mlworkbench: {type(error).__name__}{place}. Please report it: {ISSUES}"
    return Refusal(grpc.StatusCode.INTERNAL, message, trace="".join(traceback.format_tb(error.__traceback__)))
