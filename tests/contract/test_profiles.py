"""Laws of keys from elsewhere than the configuration: which place is used, in which order. Reads no real profile."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mlworkbench.hosts.doctor import State
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT, AccessKey

from .hosts import Loop, open_host
from .places import (
    COLLEAGUE,
    KEY,
    STS,
    TEMPORARY,
    WRONG,
    ak,
    cli_profiles,
    cloud_file,
    examined,
    external,
    keys_server,
    line,
    sts,
    works,
    write,
)

World = tuple[Emulator, dict[str, str]]
Facts = dict[str, Any]
HOURS, MINUTES = timedelta(hours=2), timedelta(minutes=5)


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's SDK asks for keys through a proxy if the machine has one, even on the machine itself."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def url(emulator: Emulator, world: World) -> str:
    return world[1]["MLWORKBENCH_PAI_ENDPOINT"]


@pytest.fixture
def around(tmp_path: Path) -> dict[str, str]:
    """An empty home, on a machine that is no ECS instance."""
    return {"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


@pytest.fixture
def pai(url: str) -> Facts:
    return {"paiEndpoint": url}


@pytest.fixture
def huawei(url: str) -> Facts:
    return {"modelartsEndpoint": url, "modelartsIamEndpoint": url, "modelartsRegion": "cn-north-4"}


# Each place of Alibaba Cloud: what it is called, and how a key gets there.


def _configuration(key: AccessKey, explicit: Facts, around: dict[str, str], home: Path) -> None:
    explicit |= {"paiAccessKeyId": key.id, "paiAccessKeySecret": key.secret, "paiSecurityToken": key.security_token}


def _stated_profile(key: AccessKey, explicit: Facts, around: dict[str, str], home: Path) -> None:
    explicit |= {"paiProfile": "stated"}
    _merge_profile(home, "stated", sts(key))


def _environment(key: AccessKey, explicit: Facts, around: dict[str, str], home: Path) -> None:
    around |= {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key.id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret,
        "ALIBABA_CLOUD_SECURITY_TOKEN": key.security_token or "",
    }


def _current_profile(key: AccessKey, explicit: Facts, around: dict[str, str], home: Path) -> None:
    _merge_profile(home, "current", sts(key))


def _merge_profile(home: Path, name: str, facts: dict[str, str]) -> None:
    file = home / ".aliyun" / "config.json"
    known = json.loads(file.read_text()) if file.exists() else {"profiles": []}
    others = {each["name"]: each for each in known["profiles"]}
    cli_profiles(home, **{**others, name: facts})


def _credentials_file(key: AccessKey, explicit: Facts, around: dict[str, str], home: Path) -> None:
    # The file has no temporary keys.
    known = COLLEAGUE if key is STS else key
    text = f"[default]\ntype = access_key\naccess_key_id = {known.id}\naccess_key_secret = {known.secret}\n"
    write(home / ".alibabacloud" / "credentials.ini", text)


PLACES: list[tuple[str, Callable[[AccessKey, Facts, dict[str, str], Path], None]]] = [
    ("the configuration", _configuration),
    ("profile stated of ~/.aliyun/config.json", _stated_profile),
    ("the environment (ALIBABA_CLOUD_ACCESS_KEY_ID)", _environment),
    ("~/.aliyun/config.json", _current_profile),
    ("~/.alibabacloud/credentials.ini", _credentials_file),
]


@pytest.mark.parametrize("first", range(len(PLACES)), ids=[name for name, _ in PLACES])
async def test_the_first_place_that_has_keys_is_used_whatever_the_later_ones_hold(
    first: int, pai: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    with keys_server(WRONG, HOURS) as (uri, asked):
        around |= {"ALIBABA_CLOUD_CREDENTIALS_URI": uri}
        for _, put in PLACES[first + 1 :]:
            put(WRONG, pai, around, tmp_path)
        pai.pop("paiProfile", None)
        PLACES[first][1](STS, pai, around, tmp_path)
        told = works(await examined("pai", pai, around))
    assert told.startswith(f"{PLACES[first][0]}, access key Emul…")
    assert asked == []


async def test_the_credentials_uri_is_the_last_place(pai: Facts, around: dict[str, str]) -> None:
    with keys_server(STS, HOURS) as (uri, asked):
        told = works(await examined("pai", pai, around | {"ALIBABA_CLOUD_CREDENTIALS_URI": uri}))
    assert told == "the credentials URI, access key Emul…eyId"
    assert len(asked) == 1


async def test_a_place_that_cannot_give_keys_is_passed_over(pai: Facts, around: dict[str, str], tmp_path: Path) -> None:
    oidc = {
        "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(tmp_path / "no-token"),
    }
    cli_profiles(tmp_path, current={"mode": "AK"})
    _credentials_file(COLLEAGUE, pai, around, tmp_path)
    told = works(await examined("pai", pai, around | oidc))
    assert told.startswith("~/.alibabacloud/credentials.ini")


async def test_if_no_place_has_keys_it_is_said_what_to_set_and_where_else_was_looked(
    pai: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    oidc = {
        "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(tmp_path / "no-token"),
    }
    cli_profiles(tmp_path, other=ak(COLLEAGUE))
    finding = await examined("pai", pai, around | oidc)
    assert finding.state is State.FAILED
    advice = finding.checks[0].advice
    for fact in ("mlworkbench:paiAccessKeyId", "--secret", "ALIBABA_CLOUD_ACCESS_KEY_ID"):
        assert fact in advice
    assert advice.index("an OIDC token: ") < advice.index("~/.aliyun/config.json: ")


async def test_without_any_place_that_is_said(pai: Facts, around: dict[str, str]) -> None:
    finding = await examined("pai", pai, around)
    assert [each.told for each in finding.checks] == [
        "mlworkbench:paiAccessKeyId is not set",
        "mlworkbench:paiAccessKeySecret is not set",
    ]
    assert "there is nowhere to look" in finding.checks[0].advice


@pytest.mark.parametrize("mode", ["AK", "StsToken", "External"])
async def test_the_modes_of_a_profile(mode: str, pai: Facts, around: dict[str, str], tmp_path: Path) -> None:
    made = {"AK": lambda: ak(COLLEAGUE), "StsToken": lambda: sts(STS), "External": lambda: external(tmp_path, STS)}
    cli_profiles(tmp_path, current=made[mode](), other=ak(WRONG))
    assert works(await examined("pai", pai, around)).startswith("~/.aliyun/config.json, access key Emul…")


@pytest.mark.parametrize("variable", ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE", "MLWORKBENCH_PAI_PROFILE"])
async def test_a_profile_is_named_by_a_variable(
    variable: str, pai: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    cli_profiles(tmp_path, current=ak(WRONG), chosen=sts(STS))
    assert works(await examined("pai", pai, around | {variable: "chosen"})).startswith("profile chosen of ~/.aliyun")


@pytest.mark.parametrize("name", ["a", "ECS", "json", "nobody"])
async def test_a_stated_profile_that_is_not_there_is_replaced_by_nothing(
    name: str, pai: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    cli_profiles(tmp_path, current=sts(STS))
    environment: dict[str, str] = {}
    _environment(STS, {}, environment, tmp_path)
    with keys_server(STS, HOURS) as (uri, asked):
        around = {"HOME": around["HOME"], **environment, "ALIBABA_CLOUD_CREDENTIALS_URI": uri}
        finding = await examined("pai", pai | {"paiProfile": name}, around)
    assert finding.state is State.FAILED
    assert f"profile {name} of ~/.aliyun/config.json: " in finding.checks[0].advice
    assert asked == []


async def test_the_credentials_file_may_be_elsewhere(pai: Facts, around: dict[str, str], tmp_path: Path) -> None:
    text = f"[team]\ntype = access_key\naccess_key_id = {COLLEAGUE.id}\naccess_key_secret = {COLLEAGUE.secret}\n"
    file = write(tmp_path / "elsewhere" / "keys.ini", text)
    more = {"ALIBABA_CLOUD_CREDENTIALS_FILE": str(file), "ALIBABA_CLOUD_PROFILE": "team"}
    assert works(await examined("pai", pai, around | more)).startswith("profile team of ~/elsewhere/keys.ini")


async def test_the_region_of_a_profile_is_used_unless_another_is_set(around: dict[str, str], tmp_path: Path) -> None:
    cli_profiles(tmp_path, current=sts(STS, region_id="cn-shanghai"), other=ak(WRONG, region_id="cn-wrong"))
    more = {"MLWORKBENCH_PAI_ENDPOINT": "http://127.0.0.1:1"}
    assert "region cn-shanghai" in line(await examined("pai", {}, around | more), "endpoint").told
    variable = more | {"ALIBABA_CLOUD_REGION": "cn-beijing"}
    assert "region cn-beijing" in line(await examined("pai", {}, around | variable), "endpoint").told


@pytest.fixture
def host_with_uri(pai: Facts, around: dict[str, str], loop: Loop) -> Callable[[str], Any]:
    def open_with(uri: str) -> Any:
        return open_host("core", around | {"ALIBABA_CLOUD_CREDENTIALS_URI": uri}, loop, pai | {"maxRetries": 0})

    return open_with


@pytest.mark.parametrize(("lives", "asked_once"), [(HOURS, True), (MINUTES, False)])
def test_keys_that_expire_are_renewed_before_they_do_during_one_run(
    lives: timedelta, asked_once: bool, host_with_uri: Callable[[str], Any], emulator: Emulator
) -> None:
    with keys_server(STS, lives) as (uri, asked), host_with_uri(uri) as host:
        made = host.create("pai:Tensorboard", registry()["pai:Tensorboard"].example)
        before = len(asked)
        host.read("pai:Tensorboard", made.id, None)
        assert (len(asked) == 1) is asked_once
        assert (len(asked) > before) is not asked_once
    assert len(emulator.journal.of("GetTensorboard")) >= 2


@pytest.mark.parametrize(
    "broken", [{"SecurityToken": None}, {"Code": "Failed"}, {"Expiration": "2020-01-01T00:00:00Z"}]
)
async def test_no_key_is_told_when_a_place_answers_nonsense(
    broken: Facts,
    pai: Facts,
    around: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with keys_server(WRONG, HOURS, **broken) as (uri, _):
        finding = await examined("pai", pai, around | {"ALIBABA_CLOUD_CREDENTIALS_URI": f"{uri}?pass=wrong-pass"})
    assert finding.state is State.FAILED
    assert "the credentials URI: " in repr(finding)
    written = capfd.readouterr()
    assert written == ("", "")
    assert "wrong-" not in repr(finding)
    assert "wrong-secret" not in caplog.text
    assert "wrong-token" not in caplog.text


# Huawei Cloud and OTC


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


async def test_a_file_that_is_no_yaml_has_no_cloud_and_is_not_quoted(
    huawei: Facts, around: dict[str, str], tmp_path: Path
) -> None:
    cloud_file(tmp_path, "clouds:\n  team:\n    auth: {password: wrong-password\n")
    finding = await examined("modelarts", huawei, around | {"OS_CLOUD": "team"})
    assert finding.state is State.FAILED
    assert "In clouds.yaml: Cloud team was not found" in finding.checks[0].advice
    assert "wrong-password" not in repr(finding)


async def test_the_project_of_a_region_is_looked_up_by_the_region(huawei: Facts, around: dict[str, str]) -> None:
    finding = await examined("modelarts", huawei, around | variables(*VARIABLES[0], KEY))
    assert f"project id {HUAWEI_PROJECT.id}" in line(finding, "endpoint").told
