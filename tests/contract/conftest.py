"""Set up the laws: one emulator for all, a host for each, waiting without pauses. Knows no resource."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mlworkbench.lifecycle import engine
from mlworkbench.lifecycle.waiting import Patience
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running

from .cases import Kind, token_kinds
from .doors import CLOUD, Certificates, secured
from .hosts import Host, Loop, open_host

HOSTS = ("core", "plugin", "dynamic")


@pytest.fixture(scope="session")
def world() -> Iterator[tuple[Emulator, dict[str, str]]]:
    emulator = Emulator(Settings())
    with running(emulator) as url:
        yield emulator, environment(Settings(), url)
    emulator.close()


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def emulator(world: tuple[Emulator, dict[str, str]]) -> Emulator:
    found, _ = world
    found.reset()
    return found


@pytest.fixture
def url(emulator: Emulator, world: tuple[Emulator, dict[str, str]]) -> str:
    """Where the emulated clouds are."""
    return world[1]["MLWORKBENCH_PAI_ENDPOINT"]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def cloud(world: tuple[Emulator, dict[str, str]], certificates: Certificates) -> Iterator[int]:
    """The port of the emulated clouds over TLS, with a certificate that is right for this machine and for CLOUD."""
    with secured(world[0], certificates.issue("127.0.0.1", "localhost", CLOUD)) as port:
        yield port


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy but one that a law names."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {verb: Patience(limit=20, first=0.001, longest=0.01) for verb in engine.PATIENCE}
    monkeypatch.setattr(engine, "PATIENCE", quick)


@pytest.fixture(params=HOSTS)
def host(
    request: pytest.FixtureRequest,
    emulator: Emulator,
    world: tuple[Emulator, dict[str, str]],
    loop: Loop,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Host]:
    variables = world[1]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with open_host(request.param, variables, loop, {"maxRetries": 1}) as opened:
        yield opened


@pytest.fixture(params=token_kinds(), ids=lambda kind: kind.token)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found
