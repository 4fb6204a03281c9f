"""Know the provider's configuration: its keys, where else their values come from, and what is missing. Make no call."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field

from ..model.base import Inputs, Option, rule
from ..model.policy import Env, Replace, Secret, policies
from ..model.values import Value, empty

__all__ = [
    "MODELARTS_KEYS",
    "MODELARTS_LOGIN",
    "MODELARTS_TOKEN",
    "PACKAGE",
    "PAI_KEYS",
    "Config",
    "Family",
    "Missing",
    "ProviderConfig",
    "missing_family",
    "missing_keys",
    "variables",
]

PACKAGE = "mlworkbench"


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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is_true(value: Value) -> bool:
    return str(value).casefold() in ("true", "1")


def _endpoint_rule(endpoint: Value, allow_http: Value) -> str | None:
    if empty(endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return f"is not a URL: {error}"
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        return "must be a URL such as https://HOST or https://HOST:PORT"
    if parts.scheme == "http" and not _is_loopback(host) and not _is_true(allow_http):
        return "must be an https URL: keys would travel in the clear (set mlworkbench:allowHttp to allow that)"
    return None


@rule("paiEndpoint", "allowHttp", test=_endpoint_rule)
@rule("modelartsEndpoint", "allowHttp", test=_endpoint_rule)
@rule("modelartsIamEndpoint", "allowHttp", test=_endpoint_rule)
class ProviderConfig(Inputs):
    """The configuration of the provider. A stack that uses one cloud configures that cloud only."""

    # Configuration arrives as text, whatever its type.
    model_config = ConfigDict(strict=False)

    pai_region: Annotated[
        str | None,
        Replace(),
        Env(("ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION", "ALICLOUD_REGION_ID", "ALICLOUD_REGION")),
        Field(pattern=r"^[a-z0-9-]+$"),
    ] = None
    """Region of PAI, such as `cn-hangzhou`."""

    pai_endpoint: Annotated[str | None, Replace(), Env(())] = None
    """Address of PAI-DLC, if it is not the region's own."""

    pai_network: Annotated[Network | None, Env(())] = None
    """Network that PAI is called over: `public` (the default), or `vpc` from inside of a VPC in the same region."""

    pai_workspace_id: Annotated[str | None, Env(())] = None
    """ID of the workspace for TensorBoards that name none."""

    pai_access_key_id: Annotated[str | None, Secret()] = None
    """Access key ID of the Alibaba Cloud user."""

    pai_access_key_secret: Annotated[str | None, Secret()] = None
    """Secret of the access key."""

    pai_security_token: Annotated[str | None, Secret()] = None
    """Security token, for temporary access keys."""

    modelarts_cloud: Annotated[Cloud | None, Replace(), Env(())] = None
    """Cloud that offers ModelArts: `huaweicloud` (the default) or `otc`."""

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

    modelarts_iam_endpoint: Annotated[str | None, Env(("HUAWEICLOUD_SDK_IAM_ENDPOINT",))] = None
    """Address of IAM, if it is not the region's own."""

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

    max_retries: Annotated[int | None, Env(()), Field(ge=0, le=20)] = None
    """How often a call is made again after it was throttled or, if repeating it does no harm, failed. Default: 4."""

    request_timeout_seconds: Annotated[int | None, Env(()), Field(ge=1, le=600)] = None
    """Seconds to wait for the answer to one call. Default: 30."""

    ca_bundle: Annotated[str | None, Env(("SSL_CERT_FILE",))] = None
    """File with the certificates of the authorities to trust, in PEM form; the usual ones if unset."""

    allow_http: Annotated[bool | None, Env(())] = None
    """Whether endpoints without TLS are allowed elsewhere than on this machine. Default: false."""


@dataclass(frozen=True)
class Family:
    """Settings that belong together: taken all from one source, or keys of different accounts would be mixed.

    `keys` are configuration keys; each of `sources` names one environment variable per key. The first key, or the
    first variable, decides whether a source is used.
    """

    keys: tuple[str, ...]
    sources: tuple[tuple[str, ...], ...]
    required: int


PAI_KEYS = Family(
    ("paiAccessKeyId", "paiAccessKeySecret", "paiSecurityToken"),
    (
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
        ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
        ("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"),
    ),
    required=2,
)
MODELARTS_KEYS = Family(
    ("modelartsAccessKey", "modelartsSecretKey", "modelartsSecurityToken"),
    (
        ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
        ("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
        ("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN"),
    ),
    required=2,
)
MODELARTS_TOKEN = Family(("modelartsToken",), (("HW_AUTH_TOKEN",), ("OS_TOKEN",), ("OS_AUTH_TOKEN",)), required=1)
MODELARTS_LOGIN = Family(
    ("modelartsUserName", "modelartsPassword", "modelartsDomainName"),
    (
        ("HW_USER_NAME", "HW_USER_PASSWORD", "HW_DOMAIN_NAME"),
        ("OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_NAME"),
        ("OS_USERNAME", "OS_PASSWORD", "OS_DOMAIN_NAME"),
    ),
    required=3,
)


@dataclass(frozen=True)
class Missing:
    """A configuration key that has no value, what it is, and the environment variables that would give it one."""

    key: str
    description: str
    variables: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full name of the key."""
        return f"{PACKAGE}:{self.key}"

    def __str__(self) -> str:
        secret = " --secret" if Secret in policies(ProviderConfig)[self.key] else ""
        variables = " or ".join(self.variables)
        return (
            f"missing required configuration key {self.name}: {self.description} "
            f"Set it with `pulumi config set{secret} {self.name} <value>`, or set the environment variable {variables}."
        )


@dataclass(frozen=True)
class Config:
    """Configuration over environment: what the stack says wins."""

    explicit: Mapping[str, Value]
    environment: Mapping[str, str]

    def text(self, key: str) -> str:
        """Return a value as text, blank if it is set nowhere."""
        value = self.explicit.get(key)
        if not empty(value):
            return str(value)
        return next((self.environment[name] for name in variables(key) if self.environment.get(name)), "")

    def number(self, key: str, default: int) -> int:
        """Return a whole number; zero counts as set."""
        value = self.explicit.get(key)
        told = value if value is not None else self.text(key)
        return int(told) if told not in (None, "") else default

    def flag(self, key: str) -> bool:
        """Return a truth value, false by default."""
        return _is_true(self.text(key))

    def family(self, family: Family) -> tuple[str, ...] | None:
        """Return settings that belong together, from the first source that is in use and complete, or None."""
        stated = tuple(str(self.explicit.get(key) or "") for key in family.keys)
        found = [stated] if any(stated) else [self._from(names) for names in family.sources]
        return next((values for values in found if all(values[: family.required])), None)

    def _from(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.environment.get(name, "") for name in names)


def variables(key: str) -> tuple[str, ...]:
    """Return the environment variables that set a key, in the order in which they count."""
    env = policies(ProviderConfig)[key].mark(Env)
    own = f"MLWORKBENCH_{policies(ProviderConfig)[key].attribute.upper()}"
    return (own, *env.names) if env else ()


def missing_keys(config: Config, key: str) -> list[Missing]:
    """Return a key as missing if it has no value."""
    return [] if config.text(key) else [Missing(key, _description(key), variables(key)[:2])]


def missing_family(config: Config, family: Family) -> list[Missing]:
    """Return the keys of a family that lack a value, if no source of it is complete."""
    if config.family(family):
        return []
    places = range(family.required)
    unset = [place for place in places if not _is_set_somewhere(config, family, place)]
    return [
        Missing(family.keys[place], _description(family.keys[place]), (family.sources[0][place],))
        for place in unset or places
    ]


def _is_set_somewhere(config: Config, family: Family, place: int) -> bool:
    stated = not empty(config.explicit.get(family.keys[place]))
    return stated or any(config.environment.get(names[place]) for names in family.sources)


def _description(key: str) -> str:
    return policies(ProviderConfig)[key].description.splitlines()[0]
