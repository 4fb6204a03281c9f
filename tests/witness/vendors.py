"""Make the vendors' official clients, and read their models and errors. Knows their packages; nothing of the provider.

The packages carry no types: everything that comes from them is Any.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from alibabacloud_pai_dlc20201203.client import Client as PaiClient  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped]
from darabonba.model import DaraModel  # type: ignore[import-untyped]
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException  # type: ignore[import-untyped]
from huaweicloudsdkcore.region.region import Region  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import ModelArtsClient  # type: ignore[import-untyped]
from keystoneauth1.exceptions.http import HttpError
from openstack.connection import Connection
from openstack.exceptions import HttpException
from openstack.resource import Resource as OpenStackResource
from otcextensions.sdk import register_otc_extensions  # type: ignore[import-untyped]

from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT, AccessKey

from .jobs_on_core import JobsClient

__all__ = [
    "Refused",
    "Vendors",
    "forger",
    "mistyped",
    "otc",
    "plain",
    "refusal_of",
    "stranger",
    "temporary",
    "without_token",
]

ALIBABA_KEY, ALIBABA_TEMPORARY_KEY = ALIBABA_OWNER.keys
HUAWEI_KEY, HUAWEI_TEMPORARY_KEY = HUAWEI_USER.keys

ERRORS = (AlibabaCloudException, ServiceResponseException, HttpException, HttpError)


def pai(url: str, key: AccessKey = ALIBABA_KEY) -> Any:
    """Alibaba Cloud's client of PAI-DLC."""
    scheme, _, host = url.partition("://")
    return PaiClient(
        Config(
            access_key_id=key.id,
            access_key_secret=key.secret,
            security_token=key.security_token,
            endpoint=host,
            protocol=scheme,
            region_id="cn-hangzhou",
        )
    )


def credentials(key: AccessKey = HUAWEI_KEY, project_id: str | None = HUAWEI_PROJECT.id) -> Any:
    found = BasicCredentials(key.id, key.secret, project_id)
    return found.with_security_token(key.security_token) if key.security_token else found


def modelarts(url: str, key: AccessKey = HUAWEI_KEY) -> Any:
    """Huawei Cloud's client of ModelArts."""
    return ModelArtsClient.new_builder().with_credentials(credentials(key)).with_endpoints([url]).build()


def modelarts_by_region(url: str) -> Any:
    """The same client, told the name of a region only: it asks IAM for the project."""
    BasicCredentials._CACHE.clear()
    region = Region(HUAWEI_PROJECT.name, url)
    nameless = credentials(project_id=None).with_iam_endpoint(url)
    return ModelArtsClient.new_builder().with_credentials(nameless).with_region(region).build()


def jobs_on_core(url: str, key: AccessKey = HUAWEI_KEY, project_id: str = HUAWEI_PROJECT.id) -> Any:
    """The visualization jobs, which Huawei Cloud's client does not have, on the core that it stands on."""
    return JobsClient.new_builder().with_credentials(credentials(key, project_id)).with_endpoints([url]).build()


def otc(url: str, password: str = HUAWEI_USER.password) -> Any:
    """Open Telekom Cloud's extensions of the OpenStack SDK, logged in by password."""
    connection = Connection(
        auth={
            "auth_url": f"{url}/v3",
            "username": HUAWEI_USER.name,
            "password": password,
            "user_domain_name": HUAWEI_USER.domain_name,
            "project_domain_name": HUAWEI_USER.domain_name,
            "project_name": OTC_PROJECT.name,
        },
        region_name=OTC_PROJECT.name,
        # The catalogue names IAM for all regions at once, which the SDK does not look for.
        identity_endpoint_override=f"{url}/v3",
    )
    register_otc_extensions(connection)
    return connection


def forger(name: str, url: str) -> Any:
    """An official client that knows a key and not its secret."""
    return _of_key(name, url, lambda key: replace(key, secret="not the secret"))


def stranger(name: str, url: str) -> Any:
    """An official client whose key nobody has."""
    return _of_key(name, url, lambda key: replace(key, id="NobodysKeyId"))


def temporary(name: str, url: str) -> Any:
    """An official client with a temporary key."""
    key = ALIBABA_TEMPORARY_KEY if name == "pai" else HUAWEI_TEMPORARY_KEY
    return _MAKERS[name](url, key)


def without_token(name: str, url: str) -> Any:
    """An official client with a temporary key, and not the token that belongs to it."""
    key = ALIBABA_TEMPORARY_KEY if name == "pai" else HUAWEI_TEMPORARY_KEY
    return _MAKERS[name](url, replace(key, security_token=None))


def _of_key(name: str, url: str, spoil: Callable[[AccessKey], AccessKey]) -> Any:
    return _MAKERS[name](url, spoil(ALIBABA_KEY if name == "pai" else HUAWEI_KEY))


class Vendors:
    """The official clients of one address, each made when it is first used."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _MAKERS[name](self._url)
        return self._made[name]

    def close(self) -> None:
        for client in self._made.values():
            if hasattr(client, "close"):
                client.close()


_MAKERS: dict[str, Callable[..., Any]] = {
    "pai": pai,
    "modelarts": modelarts,
    "core": jobs_on_core,
    "otc": otc,
    "by region": modelarts_by_region,
}


def plain(model: Any) -> Any:
    """Give what an official model holds as JSON would: its own names for its fields, nothing read from raw bytes.

    A field that the answer did not have is None.
    """
    if isinstance(model, OpenStackResource):
        return plain(model.to_dict(computed=False, original_names=True))
    if isinstance(model, list | tuple):
        return [plain(item) for item in model]
    if isinstance(model, dict):
        return {name: plain(item) for name, item in model.items()}
    if isinstance(model, Decimal):
        return float(model)
    if isinstance(model, DaraModel):
        return plain(model.body) if hasattr(model, "body") else _dara_fields(model)
    if hasattr(model, "attribute_map"):
        fields = {wire: plain(getattr(model, name)) for name, wire in model.attribute_map.items()}
        return fields["body"] if fields.keys() == {"body"} else fields
    return model


def _dara_fields(model: Any) -> Any:
    fields = {_pascal(name): plain(value) for name, value in vars(model).items()}
    if unnamed := model.to_map().keys() - fields.keys():
        raise AssertionError(f"{type(model).__name__} spells {unnamed} in another way than its other fields")
    return fields


def mistyped(model: Any) -> list[str]:
    """Give the fields of an Alibaba Cloud model that are not of the type that it declares: it checks none itself."""
    if isinstance(model, list):
        return [wrong for item in model for wrong in mistyped(item)]
    if not isinstance(model, DaraModel):
        return []
    declared = inspect.signature(type(model).__init__).parameters
    wrong = [
        f"{type(model).__name__}.{name}: {value!r} is no {declared[name].annotation}"
        for name, value in vars(model).items()
        if value is not None and type(value) is not _PLAIN_TYPES.get(str(declared[name].annotation), type(value))
    ]
    return wrong + [deeper for value in vars(model).values() for deeper in mistyped(value)]


_PLAIN_TYPES: dict[str, type] = {"str": str, "int": int, "bool": bool, "float": float}


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


@dataclass(frozen=True)
class Refused:
    """What an official client says of an error."""

    status: int | None
    code: str
    message: str
    request_id: str


def refusal_of(call: Callable[[], object]) -> Refused:
    """Make a call that an official client has to be refused, and read its exception."""
    try:
        answer = call()
    except ERRORS as error:
        return _read(error)
    raise AssertionError(f"the call was answered: {plain(answer)}")


def _read(error: Any) -> Refused:
    if isinstance(error, AlibabaCloudException):
        return Refused(error.status_code, error.code, error.message, error.request_id)
    if isinstance(error, ServiceResponseException):
        return Refused(error.status_code, error.error_code, error.error_msg, error.request_id)
    if isinstance(error, HttpException):
        return Refused(error.status_code, "", str(error.details), error.request_id or "")
    return Refused(error.http_status, "", error.message, error.request_id or "")
