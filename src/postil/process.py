"""An outside program run apart: in a folder of its own, without the user's environment, for a limited time."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

SILENT: Final[Mapping[str, str]] = {"LANG": "C.UTF-8", "PATH": ""}
"""The environment of a program that needs nothing of the machine."""


class ProgramError(Exception):
    """The program gave no answer: why it could not be run, or that it took too long."""


def run(
    command: Sequence[str],
    text: str,
    seconds: float,
    files: Mapping[str, bytes] | None = None,
    environment: Mapping[str, str] = SILENT,
) -> subprocess.CompletedProcess[bytes]:
    """What comes of a command that reads `text`, in a folder with nothing but `files` in it, which is its home, too.

    Raises ProgramError where it cannot be run, or takes more than so many seconds.
    """
    # The answer goes to files: through a pipe, a program that this one has started could keep us waiting for ever.
    with (
        tempfile.TemporaryDirectory(prefix="postil-") as folder,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as messages,
    ):
        for name, data in (files or {}).items():
            Path(folder, name).write_bytes(data)
        try:
            done = subprocess.run(
                command,
                input=text.encode(),
                stdout=output,
                stderr=messages,
                timeout=seconds,
                cwd=folder,
                env={**environment, "HOME": folder},
                check=False,
            )
        except subprocess.TimeoutExpired:
            message = f"it took more than {seconds:g} seconds"
            raise ProgramError(message) from None
        except OSError as error:
            raise ProgramError(str(error)) from None
        output.seek(0)
        messages.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, output.read(), messages.read())


def ended(status: int) -> str:
    """How a program ended: with a status of its own, or by a signal, which may be the system's for want of memory."""
    if status >= 0:
        return f"ended with status {status}"
    killed = -status == signal.SIGKILL
    return f"was ended by {signal.Signals(-status).name}{', perhaps for want of memory,' if killed else ''}"
