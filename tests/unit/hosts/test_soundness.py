"""Laws of settings that cannot be used: named with where they come from, never with their value. Makes no call."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.hosts.core import Provider, WrongConfiguration
from mlworkbench.hosts.families import PAI_KEYS
from mlworkbench.hosts.settings import Config
from mlworkbench.hosts.soundness import failures_of
from mlworkbench.lifecycle.engine import Request
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.model.check import check
from mlworkbench.model.policy import Secret, policies
from mlworkbench.model.values import Value

FLAWS = ["s3cret-é", "s3cret\nmore", "s3cret\x00", " s3cret", "s3cret ", "s3cret\t"]
HEADERS = [key for key, policy in policies(ProviderConfig).items() if Secret in policy and key != "proxy"]
PROXIES = {
    "ALL_PROXY": ["socks5://proxy.example.com:1080", "http://[::1"],
    "HTTPS_PROXY": ["ftp://proxy.example.com", "http://proxy.example.com:99999", "http://u:s3cret@:3128", "a b"],
    "https_proxy": ["http://proxy.example.com:many"],
    "NO_PROXY": ["[::1"],
}


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no proxy."""
    for name in [name for name in os.environ if name.casefold().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("flawed", FLAWS)
@pytest.mark.parametrize("key", HEADERS)
def test_a_stated_secret_that_cannot_be_sent_is_refused_without_its_value(key: str, flawed: str) -> None:
    found = check(ProviderConfig, {key: flawed})
    if key == "modelartsPassword" and not flawed.isascii():
        assert found == []
        return
    assert [failure.path for failure in found] == [key]
    assert "s3cret" not in found[0].reason


@pytest.mark.parametrize("flawed", FLAWS)
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("names", PAI_KEYS.sources, ids=lambda names: names[0])
def test_a_secret_of_the_environment_that_cannot_be_sent_is_told_by_its_variable(
    names: tuple[str, ...], place: int, flawed: str
) -> None:
    around = {**dict.fromkeys(names, "fine"), names[place]: flawed}
    (failure,) = failures_of(Config({}, around))
    assert failure.path == PAI_KEYS.keys[place]
    assert f"the environment variable {names[place]}" in failure.reason
    assert "s3cret" not in failure.reason


def test_a_secret_of_a_profile_that_cannot_be_sent_is_told_by_the_profile(tmp_path: Path) -> None:
    file = tmp_path / ".huaweicloud" / "credentials"
    file.parent.mkdir()
    file.write_text("[basic]\nak = AK\nsk = s3cret-é\n", "utf-8")
    (failure,) = failures_of(configured({}, {"HOME": str(tmp_path)}))
    assert failure.path == "modelartsSecretKey"
    assert "profile basic of ~/.huaweicloud/credentials" in failure.reason
    assert "s3cret" not in failure.reason


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_end_after_a_secret_is_left_out(end: str) -> None:
    stated = {key: f"{key}{end}" for key in PAI_KEYS.keys}
    around = {name: f"{key}{end}" for key, name in zip(PAI_KEYS.keys, PAI_KEYS.sources[0], strict=True)}
    for config in (Config(stated, {}), Config({}, around)):
        assert failures_of(config) == []
        found = config.found(PAI_KEYS)
        assert found is not None
        assert found.values == PAI_KEYS.keys


def test_a_secret_that_is_nothing_but_a_line_end_is_not_there() -> None:
    around = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "ak", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "\n"}
    assert Config({}, around).found(PAI_KEYS) is None


async def test_a_flaw_of_a_cloud_that_is_not_used_hinders_nobody(tmp_path: Path) -> None:
    around = {"HOME": str(tmp_path), "HW_ACCESS_KEY": "é", "HW_SECRET_KEY": "sk"}
    provider = Provider(around)
    stated: dict[str, Value] = {"paiRegion": "x", "paiAccessKeyId": "ak", "paiAccessKeySecret": "sk"}
    assert await provider.configure(stated) == []
    with pytest.raises(WrongConfiguration, match="HW_ACCESS_KEY"):
        await provider.read("modelarts:Image", "id", None, {}, Request(Watch()))
    await provider.close()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in PROXIES.items() for value in values])
async def test_a_proxy_of_the_environment_that_cannot_be_used_is_told_by_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, value)
    provider = Provider({"HOME": str(tmp_path)})
    with pytest.raises(WrongConfiguration, match=f"mlworkbench:proxy .*{name} must be") as caught:
        await provider.configure({})
    assert "s3cret" not in str(caught.value)
    await provider.close()


@pytest.mark.parametrize("value", ["http://u:p@proxy.example.com:3128", "https://proxy.example.com/", "proxy:3128"])
async def test_with_any_proxy_that_is_taken_connections_can_be_made(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    monkeypatch.setenv("NO_PROXY", "example.com,10.0.0.1,::1,.internal")
    config = Config({"paiRegion": "x", "paiAccessKeyId": "ak", "paiAccessKeySecret": "sk"}, {})
    assert failures_of(config) == []
    clouds = Clouds(config)
    assert clouds.client("pai").http is not None
    await clouds.close()


@pytest.mark.parametrize("proxy", ["http://proxy:99999", "ftp://proxy", "http://u:s3cret@", "proxy:1", "http://a b"])
def test_a_stated_proxy_is_refused_with_an_example_and_without_its_password(proxy: str) -> None:
    (failure,) = check(ProviderConfig, {"proxy": proxy})
    assert failure.reason == "must be a URL such as http://proxy.example.com:3128"


def test_a_stated_proxy_replaces_the_environments_whatever_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://proxy.example.com")
    assert failures_of(Config({"proxy": "http://proxy.example.com:3128"}, {})) == []
