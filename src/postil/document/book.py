"""The book that one edition is: sections with everything numbered, and the parts that outputs write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from postil.document.chapter import Annotation
from postil.document.editions import Edition
from postil.document.markup import Markup
from postil.document.roles import Matter, Role
from postil.document.title import Drawing, Font, Image, Opening, Title
from postil.document.tree import Resolved
from postil.source import Source


def part_id(name: str) -> str:
    """The id of a part that is named after something, for whose own id it is not to be taken: `part-beginnings`."""
    return f"part-{name}"


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note with its number: an author's or one that a citation made.

    `id` is unique in the title, and `call` is the id of its first call. Its words stand in `source`.
    """

    id: str
    call: str
    number: str
    body: tuple[Resolved, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class KeyedAnnotation:
    """An annotation with its key (a, b, …), as an edition shows it: with the lemma it repeats, and its label.

    `id` is unique in the title, and `call` is the id of its first call. `words` are how many its text has. Its words
    stand in `source`.
    """

    id: str
    call: str
    key: str
    lemma: str
    annotation: Annotation[Resolved]
    label: str
    words: int
    source: Source

    @property
    def body(self) -> tuple[Resolved, ...]:
        """Its text."""
        return self.annotation.body


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level from 1, the id of its place, its words without notes, and whether the contents have it."""

    level: int
    id: str
    text: tuple[Resolved, ...]
    plain: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class ChapterWorks:
    """The list of works of a chapter that has its own, for its end; `heading` is the id of its heading."""

    heading: str
    body: tuple[Resolved, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the book with a heading of its own: a chapter, or what is generated around the chapters."""

    id: str
    role: Role
    matter: Matter
    opening: Opening
    headings: tuple[Heading, ...]
    body: tuple[Resolved, ...]
    notes: tuple[Footnote, ...] = ()
    annotations: tuple[KeyedAnnotation, ...] = ()
    works: ChapterWorks | None = None
    source: Source | None = None

    @property
    def heading(self) -> str:
        """The words of the section's own heading."""
        return self.headings[0].plain if self.headings else ""


@dataclass(frozen=True, slots=True)
class Book:
    """One edition of a title, everything in it numbered except pages, ready to be written out.

    `styles` are all style sheets that there are, by name; `fonts` are those of the title's own in which it is set.
    `formulas` are drawings by TeX, and by whether they are set off, where the book is made for paper.
    """

    title: Title
    edition: Edition
    sections: tuple[Section, ...]
    images: Mapping[str, Image]
    words: Mapping[str, str]
    stamp: str = ""
    styles: Mapping[str, Source] = field(default_factory=dict)
    fonts: tuple[Font, ...] = ()
    formulas: Mapping[tuple[str, bool], Drawing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book as one output has it: a `<section>`. Positions in it count in `source`, where it has one."""

    id: str
    role: Role
    matter: Matter
    opening: Opening
    headings: tuple[Heading, ...]
    section: Markup
    source: Source | None = None

    @property
    def heading(self) -> str:
        """The words of the part's own heading."""
        return self.headings[0].plain if self.headings else ""
