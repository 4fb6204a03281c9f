"""Declare the provider's configuration: its keys, their meaning and limits. Know not where values come from."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field

from ..api.modelarts.service import cloud_at
from ..model.base import Inputs, Option, rule
from ..model.policy import Env, Replace, Secret
from ..model.values import Value, empty
from ..wire.credentials import text_flaw
from ..wire.proxies import host_of, proxy_flaw

__all__ = ["PACKAGE", "ProviderConfig", "credential_rule", "is_true"]

PACKAGE = "mlworkbench"

_NAMES = {"huaweicloud": "Huawei Cloud", "otc": "Open Telekom Cloud"}


class Network(Option):
    """The network that PAI is called over."""

    PUBLIC = "public"
    """The internet."""

    VPC = "vpc"
    """The inside of a VPC in the same region."""


class Cloud(Option):
    """The cloud that offers ModelArts."""

    HUAWEICLOUD = "huaweicloud"
    """Huawei Cloud."""

    OTC = "otc"
    """Open Telekom Cloud."""


class Signing(Option):
    """The form of a signature made with an access key."""

    ACCESS = "access"
    """With the secret key itself."""

    SCOPED = "scoped"
    """With a key derived for the day."""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_true(value: Value) -> bool:
    """Tell whether a setting, which may be a text, is on."""
    return str(value).casefold() in ("true", "1")


def _endpoint_rule(endpoint: Value, allow_http: Value) -> str | None:
    if empty(endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        # What the parser says may quote a part of a password.
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        return "must be a URL such as https://HOST or https://HOST:PORT"
    if parts.scheme == "http" and not _is_loopback(host) and not is_true(allow_http):
        return "must be an https URL: keys would travel in the clear (set mlworkbench:allowHttp to allow that)"
    return None


def _pai_home_rule(endpoint: Value) -> str | None:
    cloud = "" if empty(endpoint) else cloud_at(str(endpoint))
    return f"is an address of {_NAMES[cloud]}, which does not offer PAI" if cloud else None


def _modelarts_home_rule(endpoint: Value, cloud: Value) -> str | None:
    """Refuse the address of another cloud than the one that is named: it would see what is meant for this one."""
    if empty(endpoint):
        return None
    at, named = cloud_at(str(endpoint)), str(cloud or "").casefold()
    if f".{host_of(str(endpoint))}".endswith((".aliyuncs.com", ".alibabacloud.com")):
        return "is an address of Alibaba Cloud, which does not offer ModelArts"
    if not at or named not in _NAMES or at == named:
        return None
    return (
        f"is an address of {_NAMES[at]}, but mlworkbench:modelartsCloud is {named}: correct one of them, or the "
        "environment variable that sets it"
    )


def _one_home_rule(endpoint: Value, iam_endpoint: Value) -> str | None:
    if empty(endpoint) or empty(iam_endpoint):
        return None
    at, iam = cloud_at(str(endpoint)), cloud_at(str(iam_endpoint))
    if not at or not iam or at == iam:
        return None
    return (
        f"is an address of {_NAMES[at]}, but mlworkbench:modelartsIamEndpoint is one of {_NAMES[iam]}: correct one of "
        "them, or the environment variable that sets it"
    )


def _ca_rule(ca_bundle: Value) -> str | None:
    if empty(ca_bundle):
        return None
    try:
        ssl.create_default_context(cafile=str(ca_bundle))
    except OSError as error:
        return f"cannot be used: {error.strerror or error}"
    return None


def _proxy_rule(proxy: Value) -> str | None:
    return None if empty(proxy) else proxy_flaw(str(proxy))


_SENT_IN_A_BODY = ("modelartsPassword", "modelartsUserName", "modelartsDomainName", "modelartsDomainId")


def credential_rule(key: str) -> Callable[[Value], str | None]:
    """Return what tells why a key, token or password cannot be sent, never with its value."""
    # A password is sent in a body, and so may hold any letter; all else is sent in headers.
    return _password_rule if key in _SENT_IN_A_BODY else _header_rule


def _header_rule(value: Value) -> str | None:
    return _flaw(value, ascii_only=True)


def _password_rule(value: Value) -> str | None:
    return _flaw(value, ascii_only=False)


def _flaw(value: Value, *, ascii_only: bool) -> str | None:
    return None if empty(value) else text_flaw(str(value).rstrip("\r\n"), ascii_only=ascii_only)


@rule("paiAccessKeyId", test=_header_rule)
@rule("paiAccessKeySecret", test=_header_rule)
@rule("paiSecurityToken", test=_header_rule)
@rule("modelartsAccessKey", test=_header_rule)
@rule("modelartsSecretKey", test=_header_rule)
@rule("modelartsSecurityToken", test=_header_rule)
@rule("modelartsToken", test=_header_rule)
@rule("modelartsPassword", test=_password_rule)
@rule("proxy", test=_proxy_rule)
@rule("paiEndpoint", "allowHttp", test=_endpoint_rule)
@rule("modelartsEndpoint", "allowHttp", test=_endpoint_rule)
@rule("modelartsIamEndpoint", "allowHttp", test=_endpoint_rule)
@rule("paiEndpoint", test=_pai_home_rule)
@rule("modelartsEndpoint", "modelartsCloud", test=_modelarts_home_rule)
@rule("modelartsIamEndpoint", "modelartsCloud", test=_modelarts_home_rule)
@rule("modelartsEndpoint", "modelartsIamEndpoint", test=_one_home_rule)
@rule("caBundle", test=_ca_rule)
class ProviderConfig(Inputs):
    """The configuration of the provider. A stack that uses one cloud configures that cloud only."""

    # Configuration arrives as text, whatever its type.
    model_config = ConfigDict(strict=False)

    pai_region: Annotated[
        str | None,
        Replace(),
        Env(
            (
                "ALIBABA_CLOUD_REGION_ID",
                "ALIBABA_CLOUD_REGION",
                "ALIBABACLOUD_REGION_ID",
                "ALICLOUD_REGION_ID",
                "ALICLOUD_REGION",
            )
        ),
        Field(pattern=r"^[a-z0-9-]+$"),
    ] = None
    """Region of PAI, such as `cn-hangzhou`."""

    pai_endpoint: Annotated[str | None, Replace(), Env(())] = None
    """Address of PAI-DLC, if it is not the region's own."""

    pai_network: Annotated[Network | None, Env(())] = None
    """Network that PAI is called over: `public` (the default), or `vpc` from inside of a VPC in the same region."""

    pai_workspace_id: Annotated[str | None, Env(())] = None
    """ID of the workspace for TensorBoards that name none."""

    pai_profile: Annotated[str | None, Env(("ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"))] = None
    """Profile to take the keys from: of `~/.aliyun/config.json` or of the credentials file of Alibaba Cloud's SDKs."""

    pai_access_key_id: Annotated[str | None, Secret()] = None
    """Access key ID of the Alibaba Cloud user. A line break at the end of a key, secret, token or password, as files
    have it, is left out."""

    pai_access_key_secret: Annotated[str | None, Secret()] = None
    """Secret of the access key."""

    pai_security_token: Annotated[str | None, Secret()] = None
    """Security token, for temporary access keys."""

    modelarts_cloud: Annotated[Cloud | None, Replace(), Env(())] = None
    """Cloud that offers ModelArts: `huaweicloud` or `otc`. If unset, it is OTC if the address of IAM or of ModelArts is
    OTC's or, without these, the region is, and Huawei Cloud otherwise."""

    modelarts_region: Annotated[
        str | None,
        Replace(),
        Env(("HW_REGION_NAME", "OS_REGION_NAME", "OS_REGION")),
        Field(pattern=r"^[a-z0-9-]+$"),
    ] = None
    """Region of ModelArts, such as `cn-north-4` or `eu-de`."""

    modelarts_project_id: Annotated[
        str | None, Replace(), Env(("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"))
    ] = None
    """ID of the project. If unset, it is looked up by the project's name."""

    modelarts_project_name: Annotated[
        str | None, Replace(), Env(("HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"))
    ] = None
    """Name of the project; the region's name if unset."""

    modelarts_endpoint: Annotated[str | None, Replace(), Env(())] = None
    """Address of ModelArts, if it is not the region's own."""

    modelarts_iam_endpoint: Annotated[
        str | None, Env(("HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL", "OS_AUTH_URL"))
    ] = None
    """Address of IAM, if it is not the region's own. One of OTC tells that the cloud is OTC, too. A variable of another
    tool (SDK, Terraform, OpenStack) counts if the credentials are in variables of the same tool.
    The path of IAM's API (`/v3`, `/v3/auth/tokens`) may follow."""

    modelarts_profile: Annotated[str | None, Env(("OS_CLOUD",))] = None
    """Profile to take keys and region from: a section of `~/.huaweicloud/credentials`, or a cloud of `clouds.yaml` (for
    that, install `mlworkbench[openstack]`)."""

    modelarts_signing: Annotated[Signing | None, Env(())] = None
    """Form of the signature made with an access key: `access` (the default) or `scoped`, an older form of OTC."""

    modelarts_access_key: Annotated[str | None, Secret()] = None
    """Access key (AK) of the Huawei Cloud or OTC user."""

    modelarts_secret_key: Annotated[str | None, Secret()] = None
    """Secret key (SK) that belongs to the access key."""

    modelarts_security_token: Annotated[str | None, Secret()] = None
    """Security token, for temporary access keys."""

    modelarts_token: Annotated[str | None, Secret()] = None
    """IAM token that was obtained elsewhere; it is valid for 24 hours at most."""

    modelarts_user_name: str | None = None
    """Name of the IAM user, for logging in with a password."""

    modelarts_password: Annotated[str | None, Secret()] = None
    """Password of the IAM user."""

    modelarts_domain_name: Annotated[str | None, Replace()] = None
    """Name of the account (domain) that the IAM user belongs to."""

    modelarts_domain_id: Annotated[str | None, Replace()] = None
    """ID of that account, instead of its name."""

    max_retries: Annotated[int | None, Env(()), Field(ge=0, le=20)] = None
    """How often a call is made again after it was throttled or, if repeating it does no harm, failed. Default: 4."""

    request_timeout_seconds: Annotated[int | None, Env(()), Field(ge=1, le=600)] = None
    """Seconds to wait for the answer to one call. Default: 30."""

    proxy: Annotated[str | None, Secret(), Env(())] = None
    """Address of the proxy for all calls but those to this machine, such as `http://proxy.example.com:3128`, which may
    hold a user name and a password. If unset, the environment's (HTTPS_PROXY) is used. A machine's own metadata is
    asked directly."""

    ca_bundle: Annotated[str | None, Env(("SSL_CERT_FILE",))] = None
    """File with the certificates of the authorities to trust, in PEM form; the usual ones if unset."""

    allow_http: Annotated[bool | None, Env(())] = None
    """Whether endpoints without TLS are allowed elsewhere than on this machine. Default: false."""
