"""Write docs/errors.md from the code: what each vendor code means, and what to do. Know no resource."""

from __future__ import annotations

from itertools import groupby

from ..api.modelarts.service import SERVICE as MODELARTS
from ..api.pai.service import SERVICE as PAI
from ..schema.shapes import sentence
from ..wire import errors
from ..wire.client import Service
from ..wire.operation import BY_STATUS, Sign
from ..wire.tokens import IAM
from .refusals import status_of

__all__ = ["error_page"]

_SERVICES = (
    ("PAI (Alibaba Cloud)", PAI),
    ("ModelArts (Huawei Cloud, OTC)", MODELARTS),
    ("IAM (Huawei Cloud, OTC)", IAM),
)

_INTRO = """# Errors of the clouds

<!-- Generated from the code by `make schema`: do not edit. -->

Every message that comes from a cloud names the call that was tried, the HTTP status, the vendor's code and the request
id. The vendor's code decides what an error means, the HTTP status only where the code says nothing. An answer that is
neither JSON nor XML with an element `Error`, or empty, is classified by its status; its beginning is shown as the
message.

## Kinds of errors
"""


_HEAD = "| code | HTTP status | message | what we call it |\n|---|---|---|---|"


def error_page() -> str:
    """Return the page."""
    sections = [_INTRO, _kinds(), *(_section(title, service) for title, service in _SERVICES)]
    return "\n".join(sections)


def _kinds() -> str:
    kinds = [kind for kind in vars(errors).values() if _is_kind(kind)]
    rows = [
        f"| {kind.__name__} | {sentence(kind.__doc__ or '')} | {status_of(kind).name} | {_advice(kind)} |"
        for kind in kinds
    ]
    head = "| what we call it | what happened | gRPC status | what to do |\n|---|---|---|---|"
    return "\n".join([head, *rows, ""])


def _advice(kind: type[errors.CloudError]) -> str:
    if not issubclass(kind, errors.Unauthenticated):
        return kind.advice
    return "<br>".join(f"{shown}: {advice}" for shown, advice in kind.advices.items())


def _is_kind(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, errors.CloudError) and value is not errors.CloudError


def _section(title: str, service: Service) -> str:
    head = f"## {title}\n\nThe first line that fits decides.\n\n{_HEAD}"
    signs = groupby((*service.dialect.signs, *BY_STATUS), key=_alike)
    rows = [_row(list(group)) for _, group in signs]
    rest = [
        "| any other | 300 to 399 | any | WrongEndpoint |",
        "| any other | 500 and above | any | Unavailable |",
        "| any other | 400 to 499, or success that the body denies | any | InvalidRequest |",
    ]
    return "\n".join([head, *rows, *rest, ""])


def _alike(sign: Sign) -> tuple[object, ...]:
    return sign.kind, sign.status, sign.message, sign.traced, sign.call


def _row(signs: list[Sign]) -> str:
    first = signs[0]
    codes = ", ".join("any" if sign.code == "*" else f"`{sign.code}`" for sign in signs)
    message = "any" if first.message == "*" else f"`{first.message}`"
    conditions = (
        "" if first.call == "*" else f", in calls `{first.call}`",
        ", with a request id" if first.traced else "",
    )
    return f"| {codes}{''.join(conditions)} | {first.status or 'any'} | {message} | {first.kind.__name__} |"
