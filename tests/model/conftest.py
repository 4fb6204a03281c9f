"""Open one world for all random programs. Knows no law."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .world import World, opened


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("model")) as found:
        yield found
