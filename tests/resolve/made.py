"""Titles as they are composed from a folder, for what all stages before have to do with."""

from __future__ import annotations

import re
from pathlib import Path

from postil.build import Order, Stages, compose
from postil.document import Book
from postil.source import Diagnostic
from postil.writing import Folder
from postil.xhtml import reflowed, written

SETTINGS = 'title = "T"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'


def made(folder: Path, *texts: str, more: str = "", language: str = "en") -> tuple[Book, list[Diagnostic]]:
    """The title whose chapters have these texts, `0.md` and so on; `more` is what else book.toml says."""
    (folder / "book.toml").write_text(f'{SETTINGS}language = "{language}"\n{more}', "utf-8")
    for number, text in enumerate(texts):
        (folder / f"{number}.md").write_text(text, "utf-8")
    book, found = compose(folder, Order("annotated", (), Folder(folder / "build")), Stages())
    assert book is not None
    return book, found


def places(found: list[Diagnostic]) -> list[tuple[str, str, int]]:
    """The code of each message, with the file and the line that it is about."""
    return [(each.code, each.position.path, each.position.line) for each in found if each.position]


def screens(book: Book) -> str:
    """The markup of the chapters and of their notes as reading systems have them."""
    return "".join(written([part.section]) for part in reflowed(book) if part.source or part.role.name == "notes")


def words_of(markup: str) -> list[str]:
    """The lines of words in some markup."""
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in re.sub("<[^>]*>", "", markup).split("\n") if line]
