"""Set up the witnesses: an emulator on a port with a wiretap before it, and the vendors' clients, out of reach of this
machine's own configuration. Knows no operation.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.serving import running

from . import homeless  # noqa: F401  # first, for what it does
from .ours import Ours
from .vendors import Vendors
from .wiretap import Wiretap, sink

HERE = Path(__file__).parent

# What the vendors' packages are warned about, and nobody else.
TOLERATED = (
    # The OpenStack SDK announces to itself, in every connection and every call, what its next releases will drop.
    "ignore::openstack.warnings.RemovedInSDK50Warning",
    "ignore::openstack.warnings.RemovedInSDK60Warning",
    # Alibaba Cloud's and Huawei Cloud's signers still ask for the time in a way that Python 3.12 deprecates.
    r"ignore:datetime.datetime.utcnow:DeprecationWarning:(alibabacloud_tea_openapi|huaweicloudsdkcore)\.",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            for warning in TOLERATED:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def away_from_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The official clients read profiles, proxies and variables: here they find none."""
    for name in os.environ.keys() - {"PATH", "TMPDIR", "PYTEST_CURRENT_TEST", "PYTEST_VERSION"}:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)


@pytest.fixture(scope="session")
def line() -> Iterator[tuple[Emulator, Wiretap, str]]:
    emulator = Emulator(Settings(bad_signature_limit=0))
    emulator.app = tap = Wiretap(emulator.app)  # type: ignore[assignment]  # the server takes any application
    with running(emulator) as url:
        yield emulator, tap, url
    emulator.close()


@pytest.fixture
def emulator(line: tuple[Emulator, Wiretap, str]) -> Emulator:
    found, tap, _ = line
    found.reset()
    tap.clear()
    return found


@pytest.fixture
def tap(emulator: Emulator, line: tuple[Emulator, Wiretap, str]) -> Wiretap:
    return line[1]


@pytest.fixture
def url(emulator: Emulator, line: tuple[Emulator, Wiretap, str]) -> str:
    return line[2]


@pytest.fixture
def vendors(url: str) -> Iterator[Vendors]:
    clients = Vendors(url)
    yield clients
    clients.close()


@pytest.fixture
async def ours(url: str) -> AsyncIterator[Ours]:
    provider = Ours(url)
    yield provider
    await provider.close()


@pytest.fixture(scope="session")
def sink_line() -> Iterator[tuple[Wiretap, str]]:
    """A line whose other end takes anything: what is sent over it stays unused."""
    host = Emulator()
    host.app = tap = Wiretap(sink)  # type: ignore[assignment]
    with running(host) as url:
        yield tap, url
    host.close()
