"""Laws of addresses: where each cloud is called, and that plain http stays on this machine. Calls no cloud."""

from __future__ import annotations

from typing import Any

import pytest

from mlworkbench.api.modelarts import service as modelarts
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.core import Provider, WrongConfiguration
from mlworkbench.hosts.doctor import State
from mlworkbench.lifecycle.engine import Request
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator

from .doors import KEYS, LOGIN, at
from .places import examined

World = tuple[Emulator, dict[str, str]]
Facts = dict[str, Any]


ADDRESSES = [
    ("pai", {"paiRegion": "cn-hangzhou"}, "https://pai-dlc.cn-hangzhou.aliyuncs.com"),
    ("pai", {"paiRegion": "ap-southeast-1"}, "https://pai-dlc.ap-southeast-1.aliyuncs.com"),
    ("pai", {"paiRegion": "cn-beijing", "paiNetwork": "vpc"}, "https://pai-dlc-vpc.cn-beijing.aliyuncs.com"),
    ("modelarts", {"modelartsRegion": "cn-north-4"}, "https://modelarts.cn-north-4.myhuaweicloud.com"),
    ("modelarts", {"modelartsRegion": "eu-west-101"}, "https://modelarts.eu-west-101.myhuaweicloud.eu"),
    (
        "modelarts",
        {"modelartsCloud": "otc", "modelartsRegion": "eu-de"},
        "https://modelarts.eu-de.otc.t-systems.com",
    ),
    (
        "modelarts",
        {"modelartsIamEndpoint": "https://iam.eu-de.otc.t-systems.com/v3", "modelartsRegion": "eu-de"},
        "https://modelarts.eu-de.otc.t-systems.com",
    ),
    ("pai", {"paiRegion": "cn-hangzhou", "paiEndpoint": "https://pai.example.com"}, "https://pai.example.com"),
    ("modelarts", {"modelartsRegion": "x", "modelartsEndpoint": "https://ma.example.com/"}, "https://ma.example.com/"),
]


@pytest.mark.parametrize(("service", "settings", "address"), ADDRESSES)
@pytest.mark.parametrize("stated", [True, False], ids=["configuration", "environment"])
async def test_each_cloud_and_region_has_its_address(
    service: str, settings: dict[str, str], address: str, stated: bool
) -> None:
    around = {} if stated else {_variable(key): value for key, value in settings.items()}
    clouds = Clouds(configured(settings if stated else {}, {"HOME": "/nowhere", **around}))
    assert clouds.client(service).endpoint == address
    await clouds.close()


def _variable(key: str) -> str:
    return "MLWORKBENCH_" + "".join(f"_{each}" if each.isupper() else each for each in key).upper()


@pytest.mark.parametrize(
    ("cloud", "region", "address"),
    [
        ("huaweicloud", "cn-north-4", "https://iam.cn-north-4.myhuaweicloud.com"),
        ("huaweicloud", "eu-west-101", "https://iam.eu-west-101.myhuaweicloud.eu"),
        ("otc", "eu-de", "https://iam.eu-de.otc.t-systems.com"),
        ("otc", "eu-nl", "https://iam.eu-nl.otc.t-systems.com"),
    ],
)
def test_each_region_has_an_iam_of_its_own(cloud: str, region: str, address: str) -> None:
    assert modelarts.iam_endpoint(cloud, region) == address


@pytest.mark.parametrize("written", ["{}", "{}/", "{}/v3", "{}/v3/"])
async def test_the_address_of_iam_may_be_written_as_other_tools_write_it(
    written: str, world: World, emulator: Emulator
) -> None:
    url = world[1]["MLWORKBENCH_PAI_ENDPOINT"]
    addresses = {"modelartsEndpoint": url, "modelartsIamEndpoint": written.format(url)}
    for config in (KEYS, LOGIN):
        assert (await examined("modelarts", {**config, **addresses}, {"HOME": "/nowhere"})).state is State.OK
    assert emulator.journal.operations() == ["ListProjects", "ListImage", "CreateToken", "ListProjects", "ListImage"]


@pytest.mark.parametrize("key", ["paiEndpoint", "modelartsEndpoint", "modelartsIamEndpoint"])
@pytest.mark.parametrize("host", ["cloud.example.com", "10.0.0.1", "127.0.0.1.example.com", "localhost.example.com"])
async def test_plain_http_is_refused_beyond_this_machine(key: str, host: str) -> None:
    provider = Provider({"HOME": "/nowhere"})
    with pytest.raises(WrongConfiguration, match=f"mlworkbench:{key} must be an https URL"):
        await provider.configure({**KEYS, key: f"http://{host}:8080"})
    await provider.close()


@pytest.mark.parametrize(
    ("variable", "service"),
    [
        ("MLWORKBENCH_PAI_ENDPOINT", "pai"),
        ("MLWORKBENCH_MODELARTS_ENDPOINT", "modelarts"),
        ("MLWORKBENCH_MODELARTS_IAM_ENDPOINT", "modelarts"),
        ("HW_AUTH_URL", "modelarts"),
    ],
)
async def test_plain_http_from_the_environment_is_refused_before_anything_is_sent(variable: str, service: str) -> None:
    around = {"HOME": "/nowhere", variable: "http://cloud.example.com"}
    secrets = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "AK", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "SK"}
    secrets |= {"HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK", "HW_REGION_NAME": "cn-north-4"}
    provider = Provider({**around, **secrets, "ALIBABA_CLOUD_REGION": "cn-hangzhou"})
    assert await provider.configure({}) == []
    for kind in [each for each in registry().values() if each.service == service]:
        assert "must be an https URL" in (await provider.unconfigured(kind.token))[0].reason
        with pytest.raises(WrongConfiguration):
            await provider.read(kind.token, "some-id", None, {}, Request(Watch()))
    await provider.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "cloud.localhost", "[::1]"])
async def test_plain_http_is_no_risk_on_this_machine(host: str) -> None:
    provider = Provider({"HOME": "/nowhere"})
    assert await provider.configure({**KEYS, **at(f"http://{host}:4566")}) == []
    await provider.close()
