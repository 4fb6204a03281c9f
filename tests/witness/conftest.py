"""Set up the witnesses: an emulator on a port with a wiretap before it, and the vendors' clients, out of reach of this
machine's own configuration. Knows no operation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.serving import running

from .vendors import Vendors
from .wiretap import Wiretap, sink

HERE = Path(__file__).parent

# What the vendors' packages are warned about, and nobody else.
TOLERATED = (
    # The OpenStack SDK announces to itself, in every connection and every call, what its next releases will drop.
    "ignore::openstack.warnings.RemovedInSDK50Warning",
    "ignore::openstack.warnings.RemovedInSDK60Warning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            for warning in TOLERATED:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(autouse=True, scope="session")
def away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The official clients read profiles, proxies and variables: here they find none."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - {"PATH", "TMPDIR", "PYTEST_CURRENT_TEST", "PYTEST_VERSION"}:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.chdir(home)
        yield


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


@pytest.fixture(scope="session")
def sink_line() -> Iterator[tuple[Wiretap, str]]:
    """A line whose other end takes anything: what is sent over it stays unused."""
    host = Emulator()
    host.app = tap = Wiretap(sink)  # type: ignore[assignment]
    with running(host) as url:
        yield tap, url
    host.close()
