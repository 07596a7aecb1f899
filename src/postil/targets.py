"""What a book is made into: one object for each format, with a name and a way to make it.

A target more is a row of `FORMATS` (document/editions.py) and a package of that name, which has its `TARGET`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from postil.document import FORMATS, Book
from postil.source import Diagnostic

Progress = Callable[[str, float], None]
"""Hears what is worked on, and what share of the work is done."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How a unit was laid out: its pages, how often any of them was laid out, and why more than once."""

    unit: str
    pages: int = 0
    layouts: int = 0
    overflows: int = 0
    late_notes: int = 0
    hyphens: int = 0
    crowded: int = 0
    outgrown: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a book: its file, if it could be made, what is wrong, its pages, and how its units were laid out."""

    data: bytes | None
    diagnostics: tuple[Diagnostic, ...] = ()
    pages: int | None = None
    layouts: tuple[Timing, ...] = ()


class Target(Protocol):
    """Makes books in one format, whose name it has."""

    name: str

    def make(self, book: Book, progress: Progress) -> Made:
        """The book as one file."""

    def examine(self, book: Book) -> tuple[Diagnostic, ...]:
        """What can be said to be wrong with the book in this format without making it."""


def target(name: str) -> Target:
    """The target of a format. Its package is loaded only now: some load large libraries."""
    found: Target = import_module(f"postil.{name}").TARGET
    return found


def targets() -> Iterator[Target]:
    """All targets."""
    return map(target, FORMATS)
