"""Stand in for the clouds: the APIs that the vendors document, on one port. Knows nothing of the provider."""

from __future__ import annotations

from .emulator import Emulator
from .faults import Fault
from .journal import Entry
from .outcomes import Outcome
from .progress import Progress
from .settings import Settings

__all__ = ["Emulator", "Entry", "Fault", "Outcome", "Progress", "Settings"]
