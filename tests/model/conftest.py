"""Open a world for random programs: what it changes in the provider is put back after the module. Knows no law."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .world import World, opened


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("model")) as found:
        yield found
