"""Laws of keys from Huawei Cloud's and OpenStack's files and variables: which are used. Reads no real profile."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from mlworkbench.hosts.doctor import State
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT, AccessKey

from .places import (
    KEY,
    TEMPORARY,
    WRONG,
    cloud_file,
    examined,
    line,
    works,
    write,
)

World = tuple[Emulator, dict[str, str]]
Facts = dict[str, Any]


@pytest.fixture
def around(tmp_path: Path) -> dict[str, str]:
    """An empty home, on a machine that is no ECS instance."""
    return {"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


@pytest.fixture
def huawei(url: str) -> Facts:
    return {"modelartsEndpoint": url, "modelartsIamEndpoint": url, "modelartsRegion": "cn-north-4"}


def variables(access: str, secret: str, token: str, key: AccessKey) -> dict[str, str]:
    return {access: key.id, secret: key.secret, token: key.security_token or ""}


VARIABLES = [
    ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
    ("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN"),
]


@pytest.mark.parametrize("key", [KEY, TEMPORARY], ids=["permanent", "temporary"])
@pytest.mark.parametrize("first", range(len(VARIABLES)), ids=[names[0] for names in VARIABLES])
async def test_the_first_variables_that_are_set_are_used_before_every_profile(
    first: int, key: AccessKey, huawei: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / ".huaweicloud" / "credentials", f"[basic]\nak = {WRONG.id}\nsk = {WRONG.secret}\n")
    for names in VARIABLES[first + 1 :]:
        around |= variables(*names, WRONG)
    around |= variables(*VARIABLES[first], key)
    told = works(await examined("modelarts", huawei, around))
    assert told.startswith(f"the environment ({VARIABLES[first][0]}), access key EMUL…")


async def test_a_profile_of_huawei_cloud_tells_keys_project_and_address(
    huawei: Facts, url: str, around: dict[str, str], tmp_path: Path, emulator: Emulator
) -> None:
    text = (
        f"[basic]\nak = {WRONG.id}\nsk = {WRONG.secret}\n[team]\nak = {TEMPORARY.id}\nsk = {TEMPORARY.secret}\n"
        f"security_token = {TEMPORARY.security_token}\nproject_id = {OTC_PROJECT.id}\niam_endpoint = {url}\n"
    )
    write(tmp_path / ".huaweicloud" / "credentials", text)
    del huawei["modelartsIamEndpoint"]
    finding = await examined("modelarts", huawei | {"modelartsProfile": "team"}, around)
    assert works(finding) == "profile team of ~/.huaweicloud/credentials, access key EMUL…MPID"
    assert f"project id {OTC_PROJECT.id}" in line(finding, "endpoint").told
    assert emulator.journal.operations() == ["ListImage"]


async def test_a_stated_profile_goes_before_variables(huawei: Facts, around: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path / ".huaweicloud" / "credentials", f"[team]\nak = {KEY.id}\nsk = {KEY.secret}\n")
    around |= variables(*VARIABLES[0], WRONG)
    assert "profile team" in works(await examined("modelarts", huawei | {"modelartsProfile": "team"}, around))


def cloud(auth: str, more: str = "") -> str:
    return f"clouds:\n  team:\n    region_name: {OTC_PROJECT.name}\n{more}    auth:\n{auth}"


def login(url: str) -> str:
    return (
        f"      auth_url: {url}/v3\n      username: {HUAWEI_USER.name}\n      password: {HUAWEI_USER.password}\n"
        f"      user_domain_name: {HUAWEI_USER.domain_name}\n      project_name: {OTC_PROJECT.name}\n"
    )


@pytest.mark.parametrize("stated", [True, False], ids=["modelartsProfile", "OS_CLOUD"])
async def test_a_cloud_of_clouds_yaml_tells_a_login(
    stated: bool, url: str, around: dict[str, str], tmp_path: Path, emulator: Emulator
) -> None:
    cloud_file(tmp_path, cloud(login(url)))
    explicit: Facts = {"modelartsEndpoint": url} | ({"modelartsProfile": "team"} if stated else {})
    finding = await examined("modelarts", explicit, around | ({} if stated else {"OS_CLOUD": "team"}))
    assert works(finding) == "cloud team of clouds.yaml, user emulator-user of emulator-domain"
    assert f"region {OTC_PROJECT.name}, project id {OTC_PROJECT.id}" in line(finding, "endpoint").told
    assert emulator.journal.of("ListImage")[0].credential == "X-Auth-Token"


async def test_a_cloud_of_clouds_yaml_tells_keys(url: str, around: dict[str, str], tmp_path: Path) -> None:
    keys = f"    ak: {TEMPORARY.id}\n    sk: {TEMPORARY.secret}\n    security_token: {TEMPORARY.security_token}\n"
    cloud_file(tmp_path, cloud(f"      auth_url: {url}/v3\n      project_id: {OTC_PROJECT.id}\n", keys))
    told = works(await examined("modelarts", {"modelartsEndpoint": url}, around | {"OS_CLOUD": "team"}))
    assert told == "cloud team of clouds.yaml, access key EMUL…MPID"


async def test_a_secret_may_be_kept_apart_from_clouds_yaml(url: str, around: dict[str, str], tmp_path: Path) -> None:
    text = cloud(login(url)).replace(f"      password: {HUAWEI_USER.password}\n", "")
    apart = f"clouds:\n  team:\n    auth:\n      password: {HUAWEI_USER.password}\n"
    files = {
        "OS_CLIENT_CONFIG_FILE": str(write(tmp_path / "a" / "my-clouds.yaml", text)),
        "OS_CLIENT_SECURE_FILE": str(write(tmp_path / "b" / "my-secrets.yaml", apart)),
    }
    more = {"OS_CLOUD": "team", **files}
    assert "cloud team" in works(await examined("modelarts", {"modelartsEndpoint": url}, around | more))


async def test_a_cloud_of_the_vendors_profile_is_called_at_the_vendors_addresses(
    around: dict[str, str], tmp_path: Path
) -> None:
    text = "clouds:\n  team:\n    profile: otc\n    region_name: eu-de\n    auth:\n      token: t\n"
    cloud_file(tmp_path, text)
    more = {"OS_CLOUD": "team", "MLWORKBENCH_PROXY": "http://127.0.0.1:1"}
    finding = await examined("modelarts", {"maxRetries": 0}, around | more)
    assert line(finding, "endpoint").told.startswith("https://modelarts.eu-de.otc.t-systems.com, region eu-de")


async def test_without_openstacksdk_it_is_said_what_to_install(
    huawei: Facts, around: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud_file(tmp_path, cloud("      token: t\n"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "openstack"] or ["openstack.config"]:
        monkeypatch.setitem(sys.modules, name, None)
    finding = await examined("modelarts", huawei, around | {"OS_CLOUD": "team"})
    assert finding.state is State.FAILED
    assert "install mlworkbench[openstack]" in finding.checks[0].advice


@pytest.mark.parametrize("more", [{"OS_CLOUD": "nobody"}, {"MLWORKBENCH_MODELARTS_PROFILE": "nobody"}])
async def test_a_profile_that_is_nowhere_is_told_with_where_it_was_looked_for(
    more: dict[str, str], huawei: Facts, around: dict[str, str]
) -> None:
    finding = await examined("modelarts", huawei, around | more)
    assert finding.state is State.FAILED
    assert "~/.huaweicloud/credentials has no profile 'nobody'" in finding.checks[0].advice
    assert "clouds.yaml" in finding.checks[0].advice


async def test_a_stated_profile_that_is_nowhere_is_replaced_by_nothing(
    huawei: Facts, around: dict[str, str], emulator: Emulator
) -> None:
    around |= variables(*VARIABLES[0], KEY)
    finding = await examined("modelarts", huawei | {"modelartsProfile": "nobody"}, around)
    assert finding.state is State.FAILED
    assert "has no profile 'nobody'" in finding.checks[0].advice
    assert emulator.journal.operations() == []


async def test_a_file_that_is_no_yaml_is_told_and_not_quoted(
    huawei: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    cloud_file(tmp_path, "clouds:\n  team:\n    auth: {password: wrong-password\n")
    finding = await examined("modelarts", huawei, around | {"OS_CLOUD": "team"})
    assert finding.state is State.FAILED
    assert "clouds.yaml is not valid YAML" in finding.checks[0].advice
    assert "wrong-password" not in repr(finding)


async def test_the_project_of_a_region_is_looked_up_by_the_region(huawei: Facts, around: dict[str, str]) -> None:
    finding = await examined("modelarts", huawei, around | variables(*VARIABLES[0], KEY))
    assert f"project id {HUAWEI_PROJECT.id}" in line(finding, "endpoint").told
