"""The one place where pandoc runs: a subprocess without network, other files or the user's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache as once
from pathlib import Path
from typing import TypeVar

import pypandoc

from postil import process
from postil.programs.cache import AnswerError, kept
from postil.store import Store

T = TypeVar("T")

SECONDS = 60
HEAP = "1G"
PARTING = "\0"


class PandocError(Exception):
    """Pandoc gave no answer: its own words about why."""


def run(  # noqa: PLR0913, PLR0917 -- the question in three parts, and what is done with the answer
    arguments: Sequence[str],
    text: str,
    files: Mapping[str, bytes],
    cache: Store | None,
    read: Callable[[str], T],
    seconds: float = SECONDS,
    *,
    with_warnings: bool = False,
) -> T:
    """What pandoc writes when it reads `text`, as `read` understands it, from `cache` where it is kept.

    `files` are the files that pandoc may see, by the names that the arguments use. `read` raises ValueError and the
    like where what pandoc has written is not what it should be. `with_warnings` it gets what pandoc says of `text`,
    too, before what it has written, and parted from that by `PARTING`. Raises PandocError when pandoc is missing,
    rejects the input, takes more than `seconds` of wall-clock time, or writes what `read` does not understand.
    """
    path, identity = _program()

    def ask() -> str:
        return _run(path, arguments, text, files, seconds, **({"with_warnings": True} if with_warnings else {}))

    question = (
        identity,
        str(with_warnings),
        *arguments,
        text,
        *(part for item in sorted(files.items()) for part in item),
    )
    try:
        return kept(cache, question, ask, read)
    except AnswerError as error:
        raise PandocError(str(error)) from None


def _run(  # noqa: PLR0913 -- the question, and how it is asked
    path: str,
    arguments: Sequence[str],
    text: str,
    files: Mapping[str, bytes],
    seconds: float,
    *,
    with_warnings: bool = False,
) -> str:
    command = (path, "+RTS", f"-M{HEAP}", "-RTS", "--sandbox", "--data-dir", ".", *arguments)
    try:
        done = process.run(command, text, seconds, files)
    except process.ProgramError as error:
        raise PandocError(str(error)) from None
    if done.returncode:
        raise PandocError(_reason(done.stderr.decode(errors="replace").strip(), done.returncode))
    answer = done.stdout.decode()
    return f"{done.stderr.decode(errors='replace')}{PARTING}{answer}" if with_warnings else answer


def _reason(said: str, status: int) -> str:
    """Why pandoc failed, in its own words but for what would not help; its exit status where it has none."""
    if "Heap exhausted" in said:
        return f"it needs more than {HEAP}B of memory"
    return said or f"pandoc {process.ended(status)} without a word"


@once
def _program() -> tuple[str, str]:
    """The path of the pandoc that comes along, and what tells this build of it from another one.

    `pypandoc.get_pandoc_path` would look for the newest pandoc on the machine; but what a book says must not depend on
    the machine.
    """
    path = Path(pypandoc.__file__).resolve().parent / "files" / "pandoc"
    try:
        found = path.stat()
    except OSError as error:
        raise PandocError(f"pandoc is missing: {error.strerror} ('{path}')") from None
    return str(path), f"{path} {found.st_size} {found.st_mtime_ns}"
