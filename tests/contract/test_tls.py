"""Laws of the way to the clouds: which address, over TLS that is verified, through which proxy. Leaves no machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlworkbench.api.modelarts import service as modelarts
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.core import Provider, WrongConfiguration
from mlworkbench.hosts.doctor import State
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_USER

from .cases import Kind
from .doors import CLOUD, Certificates, Proxy, secured, without_proxies
from .hosts import Loop, Refused, open_host
from .places import examined, line

World = tuple[Emulator, dict[str, str]]
Facts = dict[str, Any]

KEYS: Facts = {
    "paiRegion": "cn-hangzhou",
    "paiAccessKeyId": ALIBABA_OWNER.keys[0].id,
    "paiAccessKeySecret": ALIBABA_OWNER.keys[0].secret,
    "modelartsRegion": "cn-north-4",
    "modelartsAccessKey": HUAWEI_USER.keys[0].id,
    "modelartsSecretKey": HUAWEI_USER.keys[0].secret,
    "maxRetries": 3,
}
LOGIN: Facts = {
    "modelartsRegion": "cn-north-4",
    "modelartsUserName": HUAWEI_USER.name,
    "modelartsPassword": HUAWEI_USER.password,
    "modelartsDomainName": HUAWEI_USER.domain_name,
    "maxRetries": 3,
}


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy but the one that a law names."""
    for name in without_proxies(os.environ):
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def cloud(world: World, certificates: Certificates) -> Iterator[int]:
    """The emulated clouds over TLS, with a certificate that is right for this machine and for CLOUD."""
    with secured(world[0], certificates.issue("127.0.0.1", "localhost", CLOUD)) as port:
        yield port


def at(address: str) -> Facts:
    return {"paiEndpoint": address, "modelartsEndpoint": address, "modelartsIamEndpoint": address}


def made(kind: Kind, config: Facts, loop: Loop, around: dict[str, str] | None = None) -> str:
    with open_host("core", {"HOME": "/nowhere", **(around or {})}, loop, config) as host:
        return host.create(kind.token, kind.example).id


def refused(kind: Kind, config: Facts, loop: Loop) -> str:
    with pytest.raises(Refused) as caught:
        made(kind, config, loop)
    return str(caught.value)


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("place", ["caBundle", "MLWORKBENCH_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_certificate_is_trusted_if_its_authority_is_named(
    place: str, host: str, kind: Kind, cloud: int, certificates: Certificates, loop: Loop
) -> None:
    bundle = {place: str(certificates.bundle)}
    stated, around = (bundle, {}) if place == "caBundle" else ({}, bundle)
    assert made(kind, {**KEYS, **at(f"https://{host}:{cloud}"), **stated}, loop, around)


def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_sent(
    kind: Kind, cloud: int, loop: Loop, emulator: Emulator
) -> None:
    told = refused(kind, {**KEYS, **at(f"https://127.0.0.1:{cloud}")}, loop)
    assert f"TLS failed: the certificate of 127.0.0.1:{cloud} was refused" in told
    assert "unable to get local issuer certificate" in told
    assert "mlworkbench:caBundle" in told
    assert emulator.journal.operations() == []


@pytest.mark.parametrize(
    ("wrong", "reason"), [("issue", "not valid for '127.0.0.1'"), ("expired", "certificate has expired")]
)
def test_a_wrong_certificate_of_a_known_authority_is_refused(
    wrong: str, reason: str, kind: Kind, certificates: Certificates, loop: Loop, emulator: Emulator
) -> None:
    hosts = ["127.0.0.1"] if wrong == "expired" else ["other.example.test"]
    bundle = {"caBundle": str(certificates.bundle)}
    with secured(emulator, getattr(certificates, wrong)(*hosts)) as port:
        told = refused(kind, {**KEYS, **at(f"https://127.0.0.1:{port}"), **bundle}, loop)
    assert "TLS failed" in told
    assert reason in told
    assert "clock" in told
    assert emulator.journal.operations() == []


def test_a_refused_certificate_is_not_tried_again(kind: Kind, cloud: int, loop: Loop) -> None:
    proxy = Proxy(cloud)
    with proxy.running(loop) as address:
        told = refused(kind, {**KEYS, **at(f"https://{CLOUD}"), "proxy": f"http://{address}"}, loop)
    assert f"the certificate of {CLOUD} was refused" in told
    assert proxy.asked == [f"CONNECT {CLOUD}:443"]


def test_a_password_is_not_sent_to_whoever_shows_a_wrong_certificate(
    cloud: int, loop: Loop, emulator: Emulator, world: World
) -> None:
    image, plain = registry()["modelarts:Image"], world[1]["MLWORKBENCH_PAI_ENDPOINT"]
    addresses = {"modelartsEndpoint": plain, "modelartsIamEndpoint": f"https://127.0.0.1:{cloud}"}
    told = refused(image, {**LOGIN, **addresses}, loop)
    assert f"the certificate of 127.0.0.1:{cloud} was refused" in told
    assert HUAWEI_USER.password not in told
    assert emulator.journal.operations() == []


async def test_the_doctor_blames_the_address_for_a_wrong_certificate(cloud: int) -> None:
    finding = await examined("pai", {**KEYS, **at(f"https://127.0.0.1:{cloud}")}, {"HOME": "/nowhere"})
    assert line(finding, "endpoint").state is State.FAILED
    assert (line(finding, "credentials").state, line(finding, "clock").state) == (State.UNKNOWN, State.UNKNOWN)
    assert "TLS failed" in line(finding, "call").told


def test_a_server_without_tls_is_no_cloud(kind: Kind, world: World, loop: Loop, emulator: Emulator) -> None:
    plain = world[1]["MLWORKBENCH_PAI_ENDPOINT"].replace("http:", "https:")
    assert "SSL" in refused(kind, {**KEYS, **at(plain), "maxRetries": 0}, loop)
    assert emulator.journal.operations() == []


# Plain http


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
        ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "modelarts"),
        ("OS_AUTH_URL", "modelarts"),
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
            await provider.read(kind.token, "some-id", None, {})
    await provider.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "cloud.localhost", "[::1]"])
async def test_plain_http_is_no_risk_on_this_machine(host: str) -> None:
    provider = Provider({"HOME": "/nowhere"})
    assert await provider.configure({**KEYS, **at(f"http://{host}:4566")}) == []
    await provider.close()


# Proxies


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("place", ["proxy", "MLWORKBENCH_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_calls_go_through_the_proxy_that_is_named(
    place: str, kind: Kind, cloud: int, certificates: Certificates, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {**KEYS, **at(f"https://{CLOUD}"), "caBundle": str(certificates.bundle)}
    around = {}
    proxy = Proxy(cloud)
    with proxy.running(loop) as address:
        if place == "proxy":
            config["proxy"] = f"http://{address}"
        elif place.startswith("MLWORKBENCH"):
            around[place] = f"http://{address}"
        else:
            monkeypatch.setenv(place, f"http://{address}")
        assert made(kind, config, loop, around)
    assert set(proxy.asked) == {f"CONNECT {CLOUD}:443"}


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("place", ["proxy", "HTTP_PROXY"])
def test_plain_calls_go_through_the_proxy_too(
    place: str, world: World, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(world[1]["MLWORKBENCH_PAI_ENDPOINT"].rpartition(":")[2])
    config = {**KEYS, **at(f"http://{CLOUD}"), "allowHttp": True}
    proxy = Proxy(port)
    with proxy.running(loop) as address:
        if place == "proxy":
            config["proxy"] = f"http://{address}"
        else:
            # It is not called HTTP_PROXY where a web server may have set it.
            monkeypatch.setenv(place.lower(), f"http://{address}")
        assert made(registry()["pai:Tensorboard"], config, loop)
    assert proxy.asked[0] == f"POST http://{CLOUD}/api/v1/tensorboards"


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("place", ["proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_calls_to_this_machine_never_go_through_a_proxy(
    place: str, host: str, cloud: int, certificates: Certificates, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {**KEYS, **at(f"https://{host}:{cloud}"), "caBundle": str(certificates.bundle)}
    proxy = Proxy(cloud)
    with proxy.running(loop) as address:
        if place == "proxy":
            config["proxy"] = f"http://{address}"
        else:
            monkeypatch.setenv(place, f"http://{address}")
        for kind in registry().values():
            assert made(kind, config, loop)
    assert proxy.asked == []


@pytest.mark.usefixtures("emulator")
def test_a_proxy_gets_its_password_and_nobody_else_does(
    cloud: int, certificates: Certificates, loop: Loop, kind: Kind
) -> None:
    config = {**KEYS, **at(f"https://{CLOUD}"), "caBundle": str(certificates.bundle), "maxRetries": 0}
    # "user:pass-of-proxy" in base64.
    proxy = Proxy(cloud, password="dXNlcjpwYXNzLW9mLXByb3h5")
    with proxy.running(loop) as address:
        assert made(kind, {**config, "proxy": f"http://user:pass-of-proxy@{address}"}, loop)
        told = refused(kind, {**config, "proxy": f"http://user:wrong-pass@{address}"}, loop)
    assert "407" in told
    assert "wrong-pass" not in told


def test_a_proxy_that_is_down_is_told_without_its_password(loop: Loop, kind: Kind) -> None:
    config = {**KEYS, **at(f"https://{CLOUD}"), "maxRetries": 0, "proxy": "http://user:wrong-pass@127.0.0.1:1"}
    told = refused(kind, config, loop)
    assert f"no answer from {CLOUD}" in told
    assert "the proxy" in told
    assert "wrong-pass" not in told


# Addresses


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


def test_the_bundle_exists(certificates: Certificates) -> None:
    assert Path(certificates.bundle).is_file()
