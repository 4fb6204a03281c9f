"""Know which credentials belong together, by key and by variable, and whose address they are for. Look nothing up."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "FAMILIES",
    "LENDERS_ADDRESS",
    "LOGINS",
    "MODELARTS",
    "MODELARTS_KEYS",
    "MODELARTS_LOGIN",
    "MODELARTS_LOGIN_BY_ID",
    "MODELARTS_TOKEN",
    "PAI_KEYS",
    "Family",
    "address_beside",
]


@dataclass(frozen=True)
class Family:
    """Settings that belong together: taken all from one source, or keys of different accounts would be mixed.

    `keys` are configuration keys; each of `sources` names one environment variable per key. The first source is used
    that has the `required` first of them; the others are passed over, whatever else they have.
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
MODELARTS_LOGIN_BY_ID = Family(
    ("modelartsUserName", "modelartsPassword", "modelartsDomainId"),
    (
        ("HW_USER_NAME", "HW_USER_PASSWORD", "HW_DOMAIN_ID"),
        ("OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_ID"),
        ("OS_USERNAME", "OS_PASSWORD", "OS_DOMAIN_ID"),
    ),
    required=3,
)
LOGINS = (MODELARTS_LOGIN, MODELARTS_LOGIN_BY_ID)
MODELARTS = (MODELARTS_TOKEN, MODELARTS_KEYS, *LOGINS)
"""What may be shown to ModelArts, the best first."""
FAMILIES = (PAI_KEYS, MODELARTS_KEYS, MODELARTS_TOKEN, *LOGINS)

# Each tool has an address of IAM of its own: what is one tool's password may be nothing to another tool's address.
_ADDRESSES = {"HUAWEICLOUD_SDK_": "HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_": "HW_AUTH_URL", "OS_": "OS_AUTH_URL"}
LENDERS_ADDRESS = _ADDRESSES["HUAWEICLOUD_SDK_"]
"""The variable with the address for keys that a machine lends: of the tool that knows how to borrow them."""


def address_beside(variable: str) -> str:
    """Return the variable with the address of IAM of the tool that has a variable; blank if it is no such tool's."""
    return next((address for tool, address in _ADDRESSES.items() if variable.startswith(tool)), "")
