"""A publication as its `book.toml` describes it, with its pictures and its references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from postil.document.chapter import Kind
from postil.source import Position, Source, Span

Opening = Literal["recto", "page", "run-on"]
EngineName = Literal["pandoc", "citeproc-js"]
NotePlace = Literal["foot", "chapter", "end"]
Extent = Literal["chapter", "title"]


AUTHORS = frozenset({"aut", "cre"})
"""The MARC relators of an author and of a creator."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """Someone who made the work: name as printed, name as sorted, and MARC relator code."""

    name: str
    sort: str
    role: str


@dataclass(frozen=True, slots=True)
class EditionSettings:
    """What the title's `book.toml` decides about one edition."""

    trim: str
    changes: Literal["decided", "accept", "original"] = "decided"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a build of the title may take: seconds of wall-clock time and bytes of memory.

    `lowered` names those that are less than the title asks for, because whoever runs the command allows no more.
    """

    seconds: int = 600
    memory: int = 4 << 30
    lowered: frozenset[Literal["seconds", "memory"]] = frozenset()

    def within(self, seconds: int | None, memory: int | None) -> Limits:
        """The same, but no more than these; None allows whatever the title asks for."""
        lowered: set[Literal["seconds", "memory"]] = set()
        if seconds is not None and seconds < self.seconds:
            lowered.add("seconds")
        if memory is not None and memory < self.memory:
            lowered.add("memory")
        return Limits(
            self.seconds if seconds is None else min(seconds, self.seconds),
            self.memory if memory is None else min(memory, self.memory),
            frozenset(lowered),
        )


@dataclass(frozen=True, slots=True)
class NoteSettings:
    """Where the notes stand in print, and what begins anew with each chapter.

    `place` is the foot of the page, the end of each chapter, or the end of the book. `numbering` is how far the numbers
    of the notes go on, `in_full` how far a work that has once been cited in full is cited in short.
    """

    place: NotePlace = "foot"
    numbering: Extent = "chapter"
    in_full: Extent = "title"


@dataclass(frozen=True, slots=True)
class WorksGroup:
    """A division of the bibliography, "Primary Sources": its heading, and which works belong there.

    Those of one of its `types`, as CSL or BibLaTeX name them, or with one of its `keywords`; without either, all that
    no division takes.
    """

    title: str
    types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BibliographySettings:
    """The bibliography: its files, its style and the engine that sets it, and what the printed list of works has.

    `nocite` are the keys of works that stand in it uncited, "*" being all. `annotated` prints the note of each entry,
    `cited_on` the pages that cite it. `per` says whether each chapter has a list of its own.
    """

    sources: tuple[str, ...] = ()
    style: str = "chicago-notes-bibliography"
    engine: EngineName = "pandoc"
    nocite: tuple[str, ...] = ()
    annotated: bool = False
    cited_on: bool = False
    per: Extent = "title"
    groups: tuple[WorksGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class FontSettings:
    """The families that the title names: for its text, for notes, headings and code, and for single scripts.

    `text` is also for what has no family of its own; an empty name leaves what the house style has. `scripts` are
    pairs of a script (ISO 15924) and a family, which is for the letters of that script wherever they stand.
    """

    text: str = ""
    notes: str = ""
    headings: str = ""
    code: str = ""
    scripts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Font:
    """One font: its family, style and weight, the file that it comes from, and its place there among several.

    A variable font has the weight that it has by default. `subset` says whether its licence lets it be cut down to the
    letters that a book uses.
    """

    family: str
    style: str
    weight: int
    path: str
    data: bytes = field(repr=False)
    index: int = 0
    subset: bool = True


@dataclass(frozen=True, slots=True)
class Title:
    """One publication as its `book.toml` describes it. Paths are relative to the title's folder, with `/`.

    `words` are those of Postil's own, by key, that the title has otherwise than its language; `quotes` are its marks of
    quotation, outer and inner, None for those of its language. Headings may be `numbered`.
    """

    name: str
    title: str
    subtitle: str
    language: str
    identifier: str
    isbn: Mapping[str, str]
    date: date
    contributors: tuple[Contributor, ...]
    publisher: str
    rights: str
    description: str
    subjects: tuple[str, ...]
    front: tuple[str, ...]
    body: tuple[str, ...]
    back: tuple[str, ...]
    bibliography: BibliographySettings
    kinds: Mapping[str, Kind]
    editions: Mapping[str, EditionSettings]
    openings: Opening
    cover: str | None
    limits: Limits
    notes: NoteSettings = NoteSettings()
    words: Mapping[str, str] = field(default_factory=dict)
    quotes: tuple[str, str, str, str] | None = None
    fonts: FontSettings = FontSettings()
    macros: tuple[str, ...] = ()
    numbered: bool = False

    @property
    def authors(self) -> tuple[Contributor, ...]:
        """Those who count as its authors, on the title page and the cover, in PDF and EPUB."""
        return tuple(person for person in self.contributors if person.role in AUTHORS)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the title, read and found safe: its path in the title, its media type, its bytes, its size in px.

    `at` is the first place that shows it.
    """

    path: str
    media_type: str
    data: bytes = field(repr=False)
    width: float = 0
    height: float = 0
    at: Position | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula drawn for paper, under a name of its own; its measures are in em, `depth` below the line.

    `ink` are operators of PDF that draw it from the top left, where an em has `size` points; `words` say it.
    """

    name: str
    ink: bytes = field(repr=False)
    size: float
    width: float
    height: float
    depth: float
    words: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a bibliography as a CSL-JSON item, with the place where the file has it.

    `fields` are the names of its fields as the file has them, each with its offset, in their order.
    """

    key: str
    item: Mapping[str, object]
    source: Source
    span: Span
    fields: tuple[tuple[str, int], ...] = ()

    @property
    def type(self) -> str:
        """What kind of work it is, in the terms of CSL."""
        return str(self.item.get("type", ""))
