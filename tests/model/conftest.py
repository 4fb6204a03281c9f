"""Set up a world for random programs: waiting without pauses, one emulator for all. Knows no law."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

import pytest
import trustme

from mlworkbench.hosts import clouds
from mlworkbench.lifecycle import engine
from mlworkbench.lifecycle.waiting import Patience
from mlworkbench.wire.retry import Retry

from .world import World, opened


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    authority = tmp_path_factory.mktemp("authority") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(authority)
    quick = {verb: Patience(limit=20, first=0.001, longest=0.01) for verb in engine.PATIENCE}
    with pytest.MonkeyPatch.context() as patch, opened(authority) as found:
        patch.setattr(engine, "PATIENCE", quick)
        patch.setattr(clouds, "Retry", partial(Retry, first=0.001))
        # The HTTP client looks for this library at every turn; to know that it is not there takes long.
        patch.setitem(sys.modules, "sniffio", None)
        yield found
