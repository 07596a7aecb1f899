"""The one place where Typst runs: a process of its own, with no file to read and no font but its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache as once
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Any

from postil import process
from postil.programs.cache import decoded, kept
from postil.store import Store

SECONDS = 60


class TypstError(Exception):
    """Typst gave no answer: its own words about why."""


def pages(text: str, cache: Store | None) -> tuple[Sequence[str], Sequence[Any]]:
    """The pages of a document in the language of Typst, as SVG, and the values that it labels `<measures>`.

    They come from `cache` where they are kept. Raises TypstError, and AnswerError.
    """

    def ask() -> str:
        with as_file(files("postil").joinpath("programs/typst_pages.py")) as program:
            command = (sys.executable, "-I", str(program))
            try:
                done = process.run(command, text, SECONDS)
            except process.ProgramError as error:
                raise TypstError(str(error)) from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise TypstError(said or f"Typst {process.ended(done.returncode)} without a word")
        return done.stdout.decode()

    return kept(cache, (_identity(), text), ask, _read)


def _read(answer: str) -> tuple[Sequence[str], Sequence[Any]]:
    """What Typst has written. Raises ValueError and the like where it is something else."""
    said = decoded(answer)
    made, measures = [str(page) for page in said["pages"]], list(said["measures"])
    if len(made) != len(measures):
        message = "it is not a measure for each page"
        raise ValueError(message)
    return made, measures


@once
def _identity() -> str:
    return f"typst {version('typst')}"
