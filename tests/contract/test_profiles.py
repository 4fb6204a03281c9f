"""Laws of Alibaba Cloud's keys from elsewhere: which place is used, in which order. Reads no real profile."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mlworkbench.hosts.doctor import State
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import AccessKey

from .hosts import Loop, open_host
from .places import (
    COLLEAGUE,
    STS,
    WRONG,
    ak,
    cli_profiles,
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


@pytest.fixture
def around(tmp_path: Path) -> dict[str, str]:
    """An empty home, on a machine that is no ECS instance."""
    return {"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


@pytest.fixture
def pai(url: str) -> Facts:
    return {"paiEndpoint": url}


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
    for fact in ("pulumi config set --secret mlworkbench:paiAccessKeyId", "ALIBABA_CLOUD_ACCESS_KEY_ID"):
        assert fact in advice
    assert advice.index("an OIDC token: ") < advice.index("~/.aliyun/config.json: ")


async def test_without_any_place_that_is_said(pai: Facts, around: dict[str, str]) -> None:
    finding = await examined("pai", pai, around)
    assert [each.told.partition(" is not set: ")[0] for each in finding.checks] == [
        "mlworkbench:paiAccessKeyId",
        "mlworkbench:paiAccessKeySecret",
    ]
    assert ["there is nowhere to look" in each.advice for each in finding.checks] == [True, False]


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
