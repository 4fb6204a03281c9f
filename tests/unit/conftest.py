"""Set how much the unit tests make up. Knows no law."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every machine, and no limit of time for one of them: a busy machine breaks no law.
settings.register_profile("unit", max_examples=80, derandomize=True, deadline=None, database=None)
settings.load_profile("unit")
