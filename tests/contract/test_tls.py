"""Laws of TLS: a certificate is verified always, and nothing is sent to whoever has none. Leaves no machine."""

from __future__ import annotations

from typing import Any

import pytest

from mlworkbench.hosts.clouds import trust
from mlworkbench.hosts.doctor import State
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_USER

from .cases import Kind
from .doors import CLOUD, KEYS, LOGIN, Certificates, Proxy, at, made, refused, secured
from .hosts import Loop
from .places import examined, line

World = tuple[Emulator, dict[str, str]]
Facts = dict[str, Any]


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


@pytest.mark.parametrize("stated", [True, False])
def test_a_machine_without_authorities_trusts_the_usual_ones_unless_told_otherwise(
    stated: bool, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, "/nowhere")
    found = trust(str(certificates.bundle) if stated else "").get_ca_certs()
    assert (len(found) == 1) if stated else (len(found) > 50)
