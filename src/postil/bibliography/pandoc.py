"""The one place where pandoc runs: a subprocess without network, other files or the user's settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache as once
from pathlib import Path

import pypandoc

from postil.bibliography import program
from postil.bibliography.answers import kept

SECONDS = 60
HEAP = "1G"


class PandocError(Exception):
    """Pandoc gave no answer: its own words about why."""


def run(
    arguments: Sequence[str], text: str, files: Mapping[str, bytes], cache: Path | None, seconds: float = SECONDS
) -> str:
    """What pandoc writes when it reads `text`, taken from the folder `cache` where it has been written before.

    `files` are the files it may see, by the names that the arguments use. Raises PandocError when pandoc is missing,
    rejects the input, or takes more than `seconds` of wall-clock time.
    """
    path, identity = _program()

    def ask() -> str:
        return _run(path, arguments, text, files, seconds)

    return kept(cache, (identity, *arguments, text, *(part for item in sorted(files.items()) for part in item)), ask)


def _run(path: str, arguments: Sequence[str], text: str, files: Mapping[str, bytes], seconds: float) -> str:
    command = (path, "+RTS", f"-M{HEAP}", "-RTS", "--sandbox", "--data-dir", ".", *arguments)
    try:
        done = program.run(command, text, seconds, files)
    except program.ProgramError as error:
        raise PandocError(str(error)) from None
    if done.returncode:
        raise PandocError(_reason(done.stderr.decode(errors="replace").strip()))
    return done.stdout.decode()


def _reason(said: str) -> str:
    """Why pandoc failed, in its own words but for what would not help."""
    return f"it needs more than {HEAP}B of memory" if "Heap exhausted" in said else said


@once
def _program() -> tuple[str, str]:
    """Pandoc's path, and what tells this build of it from another one."""
    try:
        path = os.path.realpath(pypandoc.get_pandoc_path())
        found = Path(path).stat()
    except OSError as error:
        raise PandocError(str(error)) from None
    return path, f"{path} {found.st_size} {found.st_mtime_ns}"
