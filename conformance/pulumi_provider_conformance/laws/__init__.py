"""Name all laws in the order in which they are judged. Knows the chapters; no law itself."""

from __future__ import annotations

from ..law import Law
from . import (
    autonaming,
    check,
    configuration,
    diffing,
    discretion,
    failing,
    handshake,
    interrupting,
    life,
    listing,
    preview,
    process,
    reading,
    schema,
    secrecy,
    silence,
    strain,
)

__all__ = ["LAWS"]

LAWS: tuple[Law, ...] = (
    *process.LAWS,
    *handshake.LAWS,
    *schema.LAWS,
    *configuration.LAWS,
    *check.LAWS,
    *autonaming.LAWS,
    *diffing.LAWS,
    *preview.LAWS,
    *life.LAWS,
    *reading.LAWS,
    *failing.LAWS,
    *interrupting.LAWS,
    *silence.LAWS,
    *secrecy.LAWS,
    *discretion.LAWS,
    *listing.LAWS,
    *strain.LAWS,
    *secrecy.LAST,
    *process.LAST,
)
