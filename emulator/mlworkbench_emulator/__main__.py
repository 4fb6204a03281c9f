"""Run the emulator as `python -m mlworkbench_emulator`. Knows the command only."""

from __future__ import annotations

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
