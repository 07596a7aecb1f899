"""The book that one edition is: sections with everything numbered, and the parts that outputs write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from postil.document.chapter import Annotation
from postil.document.editions import Edition
from postil.document.title import Image, Matter, Opening, Title
from postil.document.tree import Node
from postil.source import Position, Source

ROLES = frozenset(
    """dedication epigraph foreword preface introduction acknowledgments abbreviations note-on-the-text copyright-page
    prologue chapter epilogue conclusion afterword appendix chronology glossary colophon
    """.split()  # noqa: SIM905 # a list of words reads best as words
)
"""What a chapter can be in the book: the classes of its own heading."""

GENERATED = frozenset(
    "halftitle titlepage copyright-page toc loi commentary notes annotations bibliography queries".split()  # noqa: SIM905
)
"""The parts that no chapter makes. Each has its role for the id of its heading, and `part-` before that for its own."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note with its number: an author's or one that a citation made. `id` is unique in the title."""

    id: str
    number: str
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Gloss:
    """An annotation as an edition shows it: its key, the lemma it repeats, its label and its text.

    `words` is how many it has, and `is_open` says of a query that it waits for somebody.
    """

    id: str
    key: str
    lemma: str
    annotation: Annotation
    label: str
    body: tuple[Node, ...]
    words: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of contents and outline: level from 1, the id of its place, and its words without notes."""

    level: int
    id: str
    text: tuple[Node, ...]
    plain: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the book with a heading of its own: a chapter, or what is generated around the chapters.

    `role` is the part's name in the EPUB Structural Semantics vocabulary where it has one (`titlepage`,
    `chapter`, `bibliography`…). `works` is the list of works of a chapter that has its own, for its end.
    """

    id: str
    role: str
    matter: Matter
    opening: Opening
    headings: tuple[Heading, ...]
    body: tuple[Node, ...]
    notes: tuple[Footnote, ...] = ()
    glosses: tuple[Gloss, ...] = ()
    works: tuple[Node, ...] = ()
    source: Source | None = None

    @property
    def heading(self) -> str:
        """The words of the section's own heading."""
        return self.headings[0].plain if self.headings else ""


@dataclass(frozen=True, slots=True)
class Book:
    """One edition of a title, everything in it numbered except pages, ready to be written out."""

    title: Title
    edition: Edition
    sections: tuple[Section, ...]
    images: Mapping[str, Image]
    words: Mapping[str, str]
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book as XHTML for one output: a well-formed `<section>` without namespaces of its own.

    `places` says of the first of its blocks where they stand in the manuscript; those that are made have no place.
    """

    id: str
    role: str
    matter: Matter
    opening: Opening
    headings: tuple[Heading, ...]
    markup: str
    places: tuple[Position, ...] = ()

    @property
    def heading(self) -> str:
        """The words of the part's own heading."""
        return self.headings[0].plain if self.headings else ""
