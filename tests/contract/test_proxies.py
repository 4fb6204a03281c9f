"""Laws of proxies: which calls go through which one, and which never do. Leaves no machine."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Tea.core import TeaCore  # type: ignore[import-untyped]
from urllib3.util import connection

from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.resources import registry
from mlworkbench.wire.credentials import alibaba_sources
from mlworkbench.wire.errors import Unreachable
from mlworkbench.wire.tea import quietly
from mlworkbench_emulator import Emulator

from .cases import Kind
from .doors import CLOUD, KEYS, Certificates, Proxy, at, made, refused, secured
from .hosts import Loop
from .places import COLLEAGUE, ak, cli_profiles, examined, write

World = tuple[Emulator, dict[str, str]]
PROXY_PASSWORD = "PROXYPASS99"
Facts = dict[str, Any]


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
    assert f"POST http://{CLOUD}/api/v1/tensorboards" in proxy.asked


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


@pytest.mark.parametrize("stated", [True, False], ids=["configuration", "environment"])
def test_a_proxy_that_repeats_its_password_is_not_believed_to_tell_it(stated: bool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_repeat_the_password, args=(server,), daemon=True).start()
        proxy = f"http://puser:{PROXY_PASSWORD}@localhost:{server.getsockname()[1]}"
        explicit = {"paiEndpoint": "https://pai.example.com", "maxRetries": "0"} | ({"proxy": proxy} if stated else {})
        keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tSomeAccessKey", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "key-secret"}
        with pytest.MonkeyPatch.context() as patch:
            if not stated:
                patch.setenv("HTTPS_PROXY", proxy)
            told = asyncio.run(_listing(explicit, {"HOME": str(tmp_path), **keys}))
    assert "407 bad credentials [secret] [secret]" in told
    assert PROXY_PASSWORD not in told


async def _listing(explicit: dict[str, str], environment: dict[str, str]) -> str:
    clouds = Clouds(configured(explicit, environment))
    try:
        with pytest.raises(Unreachable) as failed:
            async for _ in registry()["pai:Tensorboard"](clouds.client("pai")).list():
                pass
        return str(failed.value)
    finally:
        await clouds.close()


def _repeat_the_password(server: socket.socket) -> None:
    """Refuse one call as a careless proxy does."""
    line, _ = server.accept()
    with line:
        shown = re.search(rb"(?i)proxy-authorization: Basic (\S+)", line.recv(65536))
        assert shown
        plain = base64.b64decode(shown[1])
        line.sendall(b"HTTP/1.1 407 bad credentials " + plain + b" " + shown[1] + b"\r\nContent-Length: 0\r\n\r\n")


def test_a_proxy_that_is_down_is_told_without_its_password(loop: Loop, kind: Kind) -> None:
    config = {**KEYS, **at(f"https://{CLOUD}"), "maxRetries": 0, "proxy": "http://user:wrong-pass@127.0.0.1:1"}
    told = refused(kind, config, loop)
    assert f"no answer from {CLOUD}" in told
    assert "the proxy" in told
    assert "wrong-pass" not in told


ROLE = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
}
STS = "sts.aliyuncs.com"


@pytest.fixture
def sts(emulator: Emulator, certificates: Certificates) -> Iterator[int]:
    """A port on which something proves to be the vendor's, to whoever trusts the authority."""
    with secured(emulator, certificates.issue(STS)) as port:
        yield port


def _token(home: Path) -> dict[str, str]:
    return {**ROLE, "HOME": str(home), "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(write(home / "token", "t"))}


def _cli(home: Path) -> dict[str, str]:
    chained = {"mode": "ChainableRamRoleArn", "source_profile": "first", "ram_role_arn": "acs:ram::1:role/r"}
    cli_profiles(home, first=ak(COLLEAGUE), current=chained)
    return {"HOME": str(home), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


def _file(home: Path) -> dict[str, str]:
    text = "[default]\ntype = ram_role_arn\naccess_key_id = a\naccess_key_secret = s\nrole_arn = acs:ram::1:role/r\n"
    write(home / ".alibabacloud" / "credentials.ini", text)
    return {"HOME": str(home), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


@pytest.mark.parametrize("source", [_token, _cli, _file])
async def test_keys_are_fetched_through_the_proxy_from_whom_the_bundle_trusts(
    source: Callable[[Path], dict[str, str]], sts: int, certificates: Certificates, loop: Loop, tmp_path: Path
) -> None:
    proxy = Proxy(sts)
    with proxy.running(loop) as address:
        trusting = {"paiRegion": "cn-hangzhou", "proxy": f"http://{address}", "caBundle": str(certificates.bundle)}
        known = await examined("pai", trusting, source(tmp_path))
        unknown = await examined("pai", {**trusting, "caBundle": None}, source(tmp_path))
    assert set(proxy.asked) == {f"CONNECT {STS}:443"}
    assert "http_code" in known.checks[0].advice
    assert "certificate" not in known.checks[0].advice.casefold()
    assert "http_code" not in unknown.checks[0].advice


@pytest.mark.parametrize("works", [True, False], ids=["answered", "unanswered"])
async def test_the_token_of_a_roles_source_is_logged_by_nobody(
    works: bool,
    sts: int,
    certificates: Certificates,
    loop: Loop,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("DEBUG", "sdk")
    chained = {"mode": "ChainableRamRoleArn", "source_profile": "first", "ram_role_arn": "acs:ram::1:role/r"}
    first = {"mode": "StsToken", "access_key_id": "a", "access_key_secret": "s3cr3t-1", "sts_token": "t0k3n-1"}
    cli_profiles(tmp_path, first=first, current=chained)
    around = {"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    proxy = Proxy(sts)
    with proxy.running(loop) as address:
        way = f"http://{address}" if works else "http://127.0.0.1:1"
        finding = await examined(
            "pai", {"paiRegion": "cn-hangzhou", "proxy": way, "caBundle": str(certificates.bundle)}, around
        )
    assert len(proxy.asked) == works
    # The server, here in the same process, may log what it is asked.
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")]
    told = f"{finding} {logged} {''.join(capfd.readouterr())}"
    for secret in ("t0k3n-1", "s3cr3t-1", "Signature="):
        assert secret not in told


def test_others_connections_log_as_before(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with quietly():
        logging.getLogger("urllib3.connectionpool").debug("hidden")
    logging.getLogger("urllib3.connectionpool").debug("shown /?SecurityToken=t0k3n")
    logging.getLogger("urllib3.connectionpool").debug("shown")
    assert caplog.messages == ["shown"]


@pytest.mark.parametrize("source", ["the machine's role", "a profile"])
def test_the_metadata_of_a_machine_is_asked_directly(
    source: str, world: World, loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, asked = int(world[1]["MLWORKBENCH_PAI_ENDPOINT"].rpartition(":")[2]), list[str]()

    def connected(address: tuple[str, int], *facts: Any, **more: Any) -> socket.socket:
        asked.append(address[0])
        return socket.create_connection(("127.0.0.1", port))

    monkeypatch.setattr(connection, "create_connection", connected)
    monkeypatch.setattr(TeaCore, "_sessions", {})
    around = {"HOME": str(tmp_path)}
    if source == "a profile":
        cli_profiles(tmp_path, current={"mode": "EcsRamRole", "ram_role_name": "r"})
        around["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
    proxy = Proxy(port)
    with proxy.running(loop) as address:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{address}")
        (place,) = alibaba_sources(around, tmp_path, "")
        with pytest.raises(Exception, match="404"):
            place.load()
    assert set(asked) == {"100.100.100.200"}
    assert proxy.asked == []
