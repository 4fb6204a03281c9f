"""State ModelArts v1 as a service: endpoints, errors, moments of time. Know none of its operations.

Source: the ModelArts API references of Huawei Cloud and Open Telekom Cloud (error codes, status codes, endpoints), the
API gateway's error table, and OpenStack's descriptions of the two sites of Open Telekom Cloud.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

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
    WrongEndpoint,
    WrongState,
)
from ...wire.operation import Dialect, Sign
from ...wire.proxies import host_of

__all__ = ["SERVICE", "Moment", "cloud_at", "cloud_in", "endpoint", "iam_endpoint"]

_EPOCH = datetime.fromtimestamp(0, UTC)


def _moment(value: Any) -> Any:
    if value in (None, "", 0, "0"):
        return None
    try:
        instant = _EPOCH + timedelta(milliseconds=int(value))
    except (TypeError, OverflowError) as error:
        raise ValueError("is no moment of time") from error
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# Milliseconds since 1970, bare or quoted, read as RFC 3339.
Moment = Annotated[str | None, BeforeValidator(_moment)]


_HOMES = {
    "huaweicloud": ("myhuaweicloud.com", "myhuaweicloud.eu", "myhuaweicloud.cn", "huaweicloud.com"),
    # The Swiss site, sc.otc.t-systems.com, is one of them.
    "otc": ("otc.t-systems.com",),
}
# Huawei Cloud has none of these names.
_OTC_REGIONS = frozenset({"eu-de", "eu-nl", "eu-ch2"})


def cloud_at(address: str) -> str:
    """Return the cloud that an address belongs to; blank if it tells nothing, as those of proxies and emulators do."""
    host = host_of(address)
    return next((cloud for cloud, homes in _HOMES.items() if any(f".{host}".endswith(f".{end}") for end in homes)), "")


def cloud_in(region: str) -> str:
    """Return the cloud that has a region."""
    return "otc" if region in _OTC_REGIONS else "huaweicloud"


def endpoint(cloud: str, region: str) -> str:
    """Return the address of ModelArts in a region of `huaweicloud` or `otc`."""
    return f"https://modelarts.{region}.{_domain(cloud, region)}"


def iam_endpoint(cloud: str, region: str) -> str:
    """Return the address of IAM in a region of `huaweicloud` or `otc`."""
    domain = _domain(cloud, region)
    return f"https://{'iam-pub' if domain == _SWISS else 'iam'}.{region}.{domain}"


_SWISS = "sc.otc.t-systems.com"


def _domain(cloud: str, region: str) -> str:
    if cloud == "otc":
        return _SWISS if region.startswith("eu-ch") else "otc.t-systems.com"
    return "myhuaweicloud.eu" if region.startswith("eu-west-1") else "myhuaweicloud.com"


# The same code has meant different things over the years: the HTTP status decides where both are known.
_SIGNS = (
    *(Sign(Throttled, code=f"ModelArts.{number}") for number in ("0114", "2799", "4206", "6101")),
    Sign(Throttled, code="APIG*.0308"),
    Sign(Throttled, status=429),
    Sign(Unavailable, status=408),
    Sign(WrongEndpoint, code="APIG*.0101"),
    *(Sign(WrongEndpoint, code=f"ModelArts.{number}", status=404) for number in ("0015", "2786", "4204")),
    *(Sign(Unauthenticated, code=f"APIG*.{number}") for number in ("0301", "0305", "0307")),
    *(Sign(PermissionDenied, code=f"APIG*.{number}") for number in ("0302", "0306", "0310")),
    *(Sign(PermissionDenied, code=f"ModelArts.{number}") for number in ("0207", "0210")),
    *(Sign(Unauthenticated, code=f"ModelArts.020{digit}") for digit in (1, 2, 3, 4, 5, 6, 8, 9)),
    *(Sign(Unauthenticated, code=f"ModelArts.{number}") for number in ("0211", "0212")),
    *(
        Sign(PermissionDenied, code=f"ModelArts.{number}")
        for number in ("0108", "0109", "0111", "0112", "2785", "6201", "6203")
    ),
    Sign(AlreadyExists, code="ModelArts.0103"),
    Sign(AlreadyExists, code="ModelArts.6737"),
    Sign(WrongState, code="ModelArts.0105"),
    Sign(WrongState, code="ModelArts.6357"),
    *(Sign(QuotaExceeded, code=f"ModelArts.{number}") for number in ("0106", "0113", "0116", "0118", "6771")),
    *(Sign(Unavailable, code=f"ModelArts.{number}") for number in ("0010", "0012", "0013")),
    Sign(InvalidRequest, code="ModelArts.0102", message="*workspace*"),
    # Each thing has one code for its absence. In a call about an image, 0102 is of a workspace.
    Sign(NotFound, code="ModelArts.6404", call="*Image*"),
    Sign(NotFound, code="ModelArts.0102", call="*VisualizationJob*"),
    # Something else is missing, a project for example: that the thing itself is gone does not follow.
    Sign(InvalidRequest, code="ModelArts.*", status=404),
)

SERVICE = Service(
    name="modelarts",
    dialect=Dialect(
        codes=("error_code", "errorCode", "code"),
        messages=("error_msg", "error_message", "errorMsg", "message"),
        request_ids=("request_id",),
        request_id_header="x-request-id",
        waits={"retry-after": 1.0},
        signs=_SIGNS,
        # Only `false` means failure: documented answers leave the field out. The service writes other values as texts.
        refused=lambda body: str(body.get("is_success")).casefold() == "false",
    ),
    id_headers={"project_id": "X-Project-Id"},
    bodiless_content_type="application/json",
)
