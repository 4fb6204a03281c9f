"""Give the tests of recorded states the stacks that end-to-end tests use."""

from tests.e2e.conftest import blank, cloud, dynamic, place, plugin, stack, url, worker

__all__ = ["blank", "cloud", "dynamic", "place", "plugin", "stack", "url", "worker"]
