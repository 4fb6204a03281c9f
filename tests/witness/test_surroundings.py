"""What the vendors' own tools read from variables and files, the provider reads as they do.

Where an official loader can be asked, it is; else a call that the emulator takes shows that the right thing was read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import openstack
import pytest
from alibabacloud_credentials.provider import (  # type: ignore[import-untyped]
    CLIProfileCredentialsProvider,
    ProfileCredentialsProvider,
)
from huaweicloudsdkcore.auth.provider import (  # type: ignore[import-untyped]
    EnvCredentialProvider,
    ProfileCredentialProvider,
)

from mlworkbench.api.modelarts import visualization_jobs
from mlworkbench.api.pai import tensorboards
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.families import MODELARTS_KEYS
from mlworkbench.hosts.settings import Config
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT, AccessKey

from . import vendors as official
from .ours import modelarts_keys
from .surroundings import KEYS_AROUND, LOGINS_AROUND, LOGINS_AROUND_BY_ID, SETTINGS_AROUND, TOKENS_AROUND
from .wiretap import Wiretap

Tree = dict[str, Any]

NOWHERE = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
KEYS = {"pai": ALIBABA_OWNER.keys, "modelarts": HUAWEI_USER.keys}
ADDRESS = {"pai": "paiEndpoint", "modelarts": "modelartsEndpoint"}
LOGIN = (HUAWEI_USER.name, HUAWEI_USER.password, HUAWEI_USER.domain_name)


class Around:
    """Calls made with what is around: variables and files, and addresses that are configured."""

    def __init__(self, url: str, home: Path, tap: Wiretap) -> None:
        self._url, self._home, self._tap = url, home, tap

    async def header(self, name: str, service: str, variables: Tree, **settings: Any) -> str:
        """Make a call, which has to be taken; gives a header that it carried."""
        environment = {**NOWHERE, "HOME": str(self._home), **variables}
        clouds = Clouds(configured({ADDRESS[service]: self._url, **settings}, environment))
        assert await clouds.missing(service) == []
        client = clouds.client(service)
        if service == "pai":
            await client(tensorboards.LIST, query=tensorboards.ListQuery())
        else:
            await client(visualization_jobs.LIST, query=visualization_jobs.ListQuery())
        await clouds.close()
        return self._tap.last()[0].header.get(name, "")

    async def key(self, service: str, variables: Tree, **settings: Any) -> str:
        """Give the id of the key that a call was signed with."""
        signed = await self.header("authorization", service, variables, **settings)
        return next(key.id for key in KEYS[service] if key.id in signed)


@pytest.fixture
def around(url: str, tmp_path: Path, tap: Wiretap) -> Around:
    return Around(url, tmp_path, tap)


def of_key(names: tuple[str, ...], key: AccessKey) -> dict[str, str]:
    return dict(zip(names, (key.id, key.secret, key.security_token or ""), strict=True))


PROJECT = {"modelartsProjectId": HUAWEI_PROJECT.id}


@pytest.mark.parametrize("place", [0, 1], ids=["permanent", "temporary"])
@pytest.mark.parametrize(("service", "names"), KEYS_AROUND)
async def test_keys_are_read_from_each_familys_variables(
    service: str, names: tuple[str, ...], place: int, around: Around
) -> None:
    key = KEYS[service][place]
    settings = PROJECT if service == "modelarts" else {}
    assert await around.key(service, of_key(names, key), **settings) == key.id


@pytest.mark.parametrize("names", [*LOGINS_AROUND, *LOGINS_AROUND_BY_ID])
async def test_a_login_is_read_from_each_familys_variables(
    names: tuple[str, ...], around: Around, url: str, emulator: Emulator
) -> None:
    named = {"modelartsIamEndpoint": url, "modelartsProjectName": OTC_PROJECT.name}
    login = (*LOGIN[:2], HUAWEI_USER.domain_id) if names in LOGINS_AROUND_BY_ID else LOGIN
    variables = dict(zip(names, login, strict=True))
    assert await around.header("x-auth-token", "modelarts", variables, **named)
    assert len(emulator.journal.of("CreateToken")) == 1


@pytest.mark.parametrize("name", TOKENS_AROUND)
async def test_a_token_is_read_from_each_familys_variable(name: str, around: Around, url: str) -> None:
    token = str(official.otc(url).session.get_token())
    named = {"modelartsProjectId": OTC_PROJECT.id}
    assert await around.header("x-auth-token", "modelarts", {name: token}, **named) == token


async def test_a_token_goes_before_keys_and_keys_before_a_login(around: Around, url: str) -> None:
    token = str(official.otc(url).session.get_token())
    keys = of_key(("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN"), HUAWEI_USER.keys[0])
    login = dict(zip(("OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_NAME"), LOGIN, strict=True))
    named = {"modelartsProjectId": OTC_PROJECT.id, "modelartsIamEndpoint": url}
    every = {**login, **keys, "OS_TOKEN": token}
    assert await around.header("x-auth-token", "modelarts", every, **named) == token
    assert await around.key("modelarts", {**login, **keys}, **named) == HUAWEI_USER.keys[0].id


async def test_what_is_configured_goes_before_what_is_around(around: Around) -> None:
    variables = of_key(KEYS_AROUND[-1][1], HUAWEI_USER.keys[0])
    configured_key = modelarts_keys(HUAWEI_USER.keys[1])
    assert await around.key("modelarts", variables, **PROJECT, **configured_key) == HUAWEI_USER.keys[1].id


# The address of a tool counts beside that tool's credentials.
BESIDE = {"HW_AUTH_URL": {"HW_AUTH_TOKEN": "t"}, "OS_AUTH_URL": {"OS_TOKEN": "t"}}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in SETTINGS_AROUND.items() for name in names])
def test_a_setting_is_read_from_each_familys_variable(key: str, name: str) -> None:
    assert Config({}, {name: "told", **BESIDE.get(name, {})}).text(key) == "told"


@pytest.mark.parametrize(("key", "names"), SETTINGS_AROUND.items())
def test_the_first_variable_of_a_setting_counts(key: str, names: tuple[str, ...]) -> None:
    assert Config({}, {name: name for name in names}).text(key) == names[0]
    assert Config({key: "stated"}, {name: name for name in names}).text(key) == "stated"


def huawei_told(found: Any) -> tuple[str, ...]:
    return found.ak, found.sk, found.security_token or "", found.project_id or ""


def ours_told() -> tuple[str, ...]:
    """Give what the provider finds around: keys, their token, the project."""
    config = configured({}, dict(os.environ))
    found = config.found(MODELARTS_KEYS)
    assert found
    return (*found.values, config.project()[0])


SDK = {"HUAWEICLOUD_SDK_AK": "ak", "HUAWEICLOUD_SDK_SK": "sk", "HUAWEICLOUD_SDK_PROJECT_ID": "p"}


@pytest.mark.parametrize("token", [{}, {"HUAWEICLOUD_SDK_SECURITY_TOKEN": "st"}], ids=["permanent", "temporary"])
def test_huaweis_variables_are_read_as_its_own_loader_reads_them(
    token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**SDK, **token}.items():
        monkeypatch.setenv(name, value)
    theirs = EnvCredentialProvider.get_basic_credential_env_provider().get_credentials()
    assert ours_told() == huawei_told(theirs) == ("ak", "sk", *token.values(), *([] if token else [""]), "p")


SECTION = "[basic]\nak = ak-1\nsk = sk-1\nproject_id = p-1\n"


@pytest.mark.parametrize("token", ["", "security_token = st-1\n"], ids=["permanent", "temporary"])
@pytest.mark.parametrize("elsewhere", [False, True], ids=["usual file", "named file"])
def test_huaweis_file_is_read_as_its_own_loader_reads_it(
    token: str, elsewhere: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine" if elsewhere else tmp_path / ".huaweicloud" / "credentials"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{SECTION}{token}iam_endpoint = https://iam.example.com\n[global]\nak = other\nsk = other\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    if elsewhere:
        monkeypatch.setenv("HUAWEICLOUD_SDK_CREDENTIALS_FILE", str(file))
    theirs = ProfileCredentialProvider.get_basic_credential_profile_provider().get_credentials()
    assert ours_told() == huawei_told(theirs) == ("ak-1", "sk-1", "st-1" if token else "", "p-1")
    assert configured({}, dict(os.environ)).text("modelartsIamEndpoint") == theirs.iam_endpoint


CLOUD_KEYS = [
    ("access_key", "secret_key", "security_token"),
    ("ak", "sk", "security_token"),
]


def write_clouds(folder: Path, url: str, **settings: Any) -> None:
    auth = {"auth_url": f"{url}/v3", "project_name": OTC_PROJECT.name, **settings.pop("auth", {})}
    cloud = {"auth": auth, "region_name": OTC_PROJECT.name, **settings}
    (folder / "clouds.yaml").write_text(json.dumps({"clouds": {"mine": cloud}}))


async def test_a_cloud_is_logged_into_as_openstack_does(
    around: Around, url: str, tmp_path: Path, tap: Wiretap, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = dict(zip(("username", "password", "user_domain_name"), LOGIN, strict=True))
    write_clouds(tmp_path, url, auth={**user, "project_domain_name": HUAWEI_USER.domain_name})
    named = {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml")}
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", named["OS_CLIENT_CONFIG_FILE"])
    with openstack.connect(cloud="mine") as connection:
        connection.authorize()
    theirs = tap.last()[0].json["auth"]
    tap.clear()
    assert await around.header("x-auth-token", "modelarts", {"OS_CLOUD": "mine", **named})
    ours = next(asked.json["auth"] for asked in tap.asked if asked.path == "/v3/auth/tokens")
    assert ours["identity"] == theirs["identity"]
    assert ours["scope"]["project"]["name"] == theirs["scope"]["project"]["name"]


@pytest.mark.parametrize("names", CLOUD_KEYS)
async def test_a_cloud_may_hold_keys(
    names: tuple[str, ...], around: Around, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = HUAWEI_USER.keys[1]
    write_clouds(tmp_path, url, auth={"project_id": OTC_PROJECT.id}, **of_key(names, key))
    monkeypatch.chdir(tmp_path)
    assert await around.key("modelarts", {"OS_CLOUD": "mine"}) == key.id


def write(file: Path, text: str) -> str:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return str(file)


def cli(*profiles: Tree) -> str:
    return json.dumps({"current": profiles[0]["name"], "profiles": profiles})


OWNER, TEMPORARY = ALIBABA_OWNER.keys
AK = {"name": "first", "mode": "AK", "access_key_id": OWNER.id, "access_key_secret": OWNER.secret}
STS = {
    "name": "second",
    "mode": "StsToken",
    "access_key_id": TEMPORARY.id,
    "access_key_secret": TEMPORARY.secret,
    "sts_token": TEMPORARY.security_token,
    "region_id": "cn-shanghai",
}


@pytest.mark.parametrize(("name", "key"), [("", OWNER), ("first", OWNER), ("second", TEMPORARY)])
async def test_a_profile_of_alibabas_command_line_is_read_as_its_own_loader_reads_it(
    name: str, key: AccessKey, around: Around, tmp_path: Path
) -> None:
    file = write(tmp_path / ".aliyun" / "config.json", cli(AK, STS))
    theirs = CLIProfileCredentialsProvider(profile_file=file, profile_name=name or None).get_credentials()
    variables = {"ALIBABA_CLOUD_PROFILE": name} if name else {}
    assert await around.key("pai", variables) == theirs.get_access_key_id() == key.id
    if name:
        assert await around.key("pai", {}, paiProfile=name) == key.id
        assert await around.key("pai", {"ALICLOUD_PROFILE": name}) == key.id
    if key is TEMPORARY:
        told = await around.header("x-acs-security-token", "pai", variables)
        assert told == theirs.get_security_token() == TEMPORARY.security_token
        config = configured({}, {"HOME": str(tmp_path), **variables})
        assert config.text("paiRegion") == STS["region_id"]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["usual file", "named file"])
async def test_alibabas_credentials_file_is_read_as_its_own_loader_reads_it(
    elsewhere: bool, around: Around, tmp_path: Path
) -> None:
    section = f"type = access_key\naccess_key_id = {OWNER.id}\naccess_key_secret = {OWNER.secret}\n"
    file = tmp_path / "mine" if elsewhere else tmp_path / ".alibabacloud" / "credentials.ini"
    path = write(file, f"[default]\n{section}")
    theirs = ProfileCredentialsProvider(profile_file=path).get_credentials()
    variables = {"ALIBABA_CLOUD_CREDENTIALS_FILE": path} if elsewhere else {}
    assert await around.key("pai", variables) == theirs.get_access_key_id() == OWNER.id


async def test_the_places_are_asked_in_the_order_of_alibabas_own_chain(around: Around, tmp_path: Path) -> None:
    write(tmp_path / ".alibabacloud" / "credentials.ini", "[default]\ntype = access_key\n")
    write(tmp_path / ".aliyun" / "config.json", cli(STS))
    assert await around.key("pai", {}) == TEMPORARY.id
    variables = of_key(KEYS_AROUND[0][1], OWNER)
    assert await around.key("pai", variables) == OWNER.id
    off = {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}
    section = f"type = access_key\naccess_key_id = {OWNER.id}\naccess_key_secret = {OWNER.secret}\n"
    write(tmp_path / ".alibabacloud" / "credentials.ini", f"[default]\n{section}")
    assert await around.key("pai", {}) == TEMPORARY.id
    assert await around.key("pai", off) == OWNER.id
