"""Name the accounts of the fake clouds. Knows fake keys, users and projects; not how anything is signed or stored.

Every value is plainly made up, so that none can be taken for a leaked credential.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AccessKey", "AlibabaUser", "HuaweiUser", "Project"]


@dataclass(frozen=True)
class AccessKey:
    """A key pair. A `security_token` makes it a temporary one, which only works along with that token."""

    id: str
    secret: str
    security_token: str | None = None


@dataclass(frozen=True)
class AlibabaUser:
    """A user of an Alibaba Cloud account, with the workspace that is used when a request names none."""

    account_id: str
    user_id: str
    username: str
    keys: tuple[AccessKey, ...]
    default_workspace_id: str


@dataclass(frozen=True)
class Project:
    """A Huawei Cloud or OTC project. The one of a region carries the region's name."""

    id: str
    name: str


@dataclass(frozen=True)
class HuaweiUser:
    """A user of a Huawei Cloud or OTC domain: key pairs for signing, a password for tokens."""

    domain_id: str
    domain_name: str
    user_id: str
    name: str
    password: str
    keys: tuple[AccessKey, ...]
    projects: tuple[Project, ...]


ALIBABA_ACCOUNT_ID = "1000000000000001"
ALIBABA_WORKSPACE_ID = "10001"

ALIBABA_OWNER = AlibabaUser(
    account_id=ALIBABA_ACCOUNT_ID,
    user_id="2000000000000001",
    username="emulator-owner",
    keys=(
        AccessKey("EmulatorAlibabaKeyId", "EmulatorAlibabaKeySecret"),
        AccessKey("EmulatorAlibabaStsKeyId", "EmulatorAlibabaStsKeySecret", "EmulatorAlibabaStsToken"),
    ),
    default_workspace_id=ALIBABA_WORKSPACE_ID,
)
ALIBABA_COLLEAGUE = AlibabaUser(
    account_id=ALIBABA_ACCOUNT_ID,
    user_id="2000000000000002",
    username="emulator-colleague",
    keys=(AccessKey("EmulatorAlibabaColleagueKeyId", "EmulatorAlibabaColleagueKeySecret"),),
    default_workspace_id=ALIBABA_WORKSPACE_ID,
)

HUAWEI_PROJECT = Project("e0000000000000000000000000000001", "cn-north-4")
OTC_PROJECT = Project("e0000000000000000000000000000002", "eu-de")

HUAWEI_USER = HuaweiUser(
    domain_id="d0000000000000000000000000000001",
    domain_name="emulator-domain",
    user_id="f0000000000000000000000000000001",
    name="emulator-user",
    password="emulator-password",
    keys=(
        AccessKey("EMULATORHUAWEIKEYID0", "EmulatorHuaweiSecretKey"),
        AccessKey("EMULATORHUAWEITEMPID", "EmulatorHuaweiTemporarySecretKey", "EmulatorHuaweiSecurityToken"),
    ),
    projects=(HUAWEI_PROJECT, OTC_PROJECT),
)
