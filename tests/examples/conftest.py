"""Give tests a user's checkout and an emulated cloud. Knows what the SDKs' tests build; knows no example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlworkbench_emulator import Emulator
from tests.demo.leftovers import processes_of
from tests.sdk.conftest import Installed
from tests.sdk.conftest import installed as installed
from tests.sdk.conftest import node_modules as node_modules
from tests.sdk.conftest import node_project as node_project

from .checkout import Checkout, Made
from .walks import laid_out


@pytest.fixture(scope="session")
def made(installed: Installed, node_project: Path) -> Made:
    (package,) = node_project.parent.glob("*.tgz")
    return Made(installed.folder / "venv", (*sorted(installed.distributions.iterdir()), package))


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    fresh = Emulator()
    yield fresh
    fresh.close()


@pytest.fixture
def checkout(made: Made, emulator: Emulator, tmp_path: Path) -> Iterator[Checkout]:
    """A checkout with a cloud. It leaves no process behind."""
    with laid_out(made, tmp_path / "checkout", emulator) as checkout:
        yield checkout
    assert processes_of(tmp_path) == []
