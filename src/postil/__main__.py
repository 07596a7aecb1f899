"""The program as it is started: `postil`, or `python -m postil`.

Nothing is imported here that takes time, so that an interrupt is answered from the first moment on.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from postil.streams import guarded

INTERRUPTED = 130
"""The exit status after Ctrl-C: 128 and the number of the signal, as shells have it."""
UNTOLD = 3
"""The exit status where all went well but could not be told."""


def run() -> None:
    """Run the command line, with streams that take everything, and exit with its status."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as for what a shell runs in the background
        signal.signal(signal.SIGINT, _leave)
    status: str | int | None = 0
    with guarded() as streams:
        try:
            from postil.cli import main  # noqa: PLC0415 -- it takes time

            main()
        except SystemExit as end:
            status = end.code
    if streams.failure and not status:
        name, error = streams.failure
        os.write(2, f"Error: cannot write to {name}: {error.strerror}\n".encode())
        status = UNTOLD
    sys.exit(status)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at once: where something has to be tidied up first, an interrupt is an exception instead."""
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    run()
