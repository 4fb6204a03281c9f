"""Be `make demo`: a temporary folder, the story in a process of its own, and a clean end. Knows nothing of the story.

Exit codes: 0 when the story came to its end, 1 when a step failed, 128 + N when signal N ended it (130 for Ctrl-C).
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FAREWELL = b"\nInterrupted: stopping the engine and the emulator, removing the temporary folder.\n"


class Interruption:
    """Whether someone wants an end. Signals are only noted here, so that none can come between two clean-ups."""

    def __init__(self) -> None:
        self.signal = 0
        for number in ENDING_SIGNALS:
            signal.signal(number, self._note)

    def __bool__(self) -> bool:
        return self.signal != 0

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = self.signal or number


def main() -> int:
    interruption = Interruption()
    # Only now: what takes time to import must not die of a Ctrl-C with a traceback.
    import contextlib
    import os

    from demo.screen import takes_colours
    from demo.session import Session
    from demo.stage import Folder

    out = sys.stdout.fileno()
    with Folder() as folder:
        session = Session([sys.executable, "-m", "demo.run"], folder.environment(takes_colours(sys.stdout)), out)
        try:
            code = session.wait(lambda: bool(interruption))
            if interruption:
                with contextlib.suppress(OSError):  # the terminal may be what has gone
                    os.write(out, FAREWELL)
        finally:
            session.end()
    return 128 + interruption.signal if interruption else code


if __name__ == "__main__":
    sys.exit(main())
