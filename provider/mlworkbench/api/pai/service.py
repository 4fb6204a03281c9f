"""State PAI-DLC 2020-12-03 as a service: endpoints, headers, errors. Know none of its operations.

Source: the service's OpenAPI metadata, its endpoint page, and the public error table of Alibaba Cloud's ROA gateway.
"""

from __future__ import annotations

from ...wire.client import Service
from ...wire.errors import (
    AlreadyExists,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExceeded,
    Throttled,
    Unauthenticated,
    Unavailable,
    WrongClock,
    WrongEndpoint,
    WrongState,
)
from ...wire.operation import Dialect, Sign

__all__ = ["SERVICE", "endpoint"]

_VERSION = "2020-12-03"


def endpoint(region: str, network: str = "public") -> str:
    """Return the address of PAI-DLC in a region, on the `public` network or inside of a `vpc`."""
    host = "pai-dlc-vpc" if network == "vpc" else "pai-dlc"
    return f"https://{host}.{region}.aliyuncs.com"


# Throttling comes as HTTP 400, a bad key or API as HTTP 404: the code decides before the status does.
_SIGNS = (
    Sign(Throttled, code="*Throttling*"),
    Sign(Throttled, status=429),
    Sign(Unavailable, status=408),
    Sign(Unauthenticated, code="InvalidAccessKeyId*"),
    Sign(Unauthenticated, code="InvalidSecurityToken*"),
    Sign(Unauthenticated, code="SignatureDoesNotMatch*"),
    Sign(Unauthenticated, code="IncompleteSignature*"),
    Sign(Unauthenticated, code="SignatureNonceUsed*"),
    Sign(WrongClock, code="InvalidTimeStamp*"),
    Sign(WrongEndpoint, code="InvalidApi*"),
    Sign(WrongEndpoint, code="InvalidAction*"),
    Sign(WrongEndpoint, code="InvalidProduct*"),
    Sign(WrongEndpoint, code="InvalidVersion*"),
    Sign(PermissionDenied, code="Forbidden*"),
    Sign(PermissionDenied, code="NoPermission*"),
    Sign(QuotaExceeded, code="*LimitExceeded*"),
    Sign(QuotaExceeded, code="QuotaExceed*"),
    Sign(Unavailable, code="ServiceUnavailable*"),
    Sign(AlreadyExists, code="*AlreadyExist*"),
    Sign(WrongState, code="BadRequest", message="*status*"),
    Sign(WrongState, code="*Status*"),
    Sign(WrongState, code="*Conflict*"),
    # A workspace that is not there says nothing about the TensorBoard.
    Sign(InvalidRequest, code="*Workspace*"),
    Sign(InvalidRequest, code="100400027"),
    Sign(NotFound, code="NotFound", status=404, traced=True),
    Sign(NotFound, code="*Tensorboard*NotFound*", traced=True),
    Sign(NotFound, code="*Tensorboard*NotExist*", traced=True),
    *(
        Sign(NotFound, code="?*", status=status, message=f"*tensorboard*{missing}*", traced=True)
        for status in (400, 404)
        for missing in ("not exist", "not found", "notexist", "notfound")
    ),
)

SERVICE = Service(
    name="pai",
    dialect=Dialect(
        codes=("Code", "code"),
        messages=("Message", "message"),
        request_ids=("RequestId", "requestId"),
        request_id_header="x-acs-request-id",
        waits={"retry-after": 1.0, "x-acs-retry-after": 0.001},
        signs=_SIGNS,
    ),
    headers=lambda operation: {"x-acs-action": operation, "x-acs-version": _VERSION},
    content_type="application/json; charset=utf-8",
)
