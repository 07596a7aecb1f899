"""The frozen records that flow from stage to stage, from a title on disk to a book ready for its outputs.

A chapter is a tree of `Node`s. The dialect makes it with every kind of node; `edition` removes marks, `resolve`
turns citations, references and generated numbers into what a reader sees. Only `Text` and `Element` are left for
the serializer, beside `Call` and `PageNumber`, which each output shows in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from postil.source import Source, Span

NOWHERE = Span(0, 0)

# --- the tree --------------------------------------------------------------------------------------------------

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Words as a reader sees them.

    `runs` says where they stand in the chapter's source: pairs of (index into `value`, offset into the source),
    each run going on one code point for one until the next. Generated text has none.
    """

    value: str
    runs: tuple[tuple[int, int], ...] = ()

    def offset(self, index: int) -> int | None:
        """Source offset of the code point at `index`, or None for generated text."""
        found = None
        for start, offset in self.runs:
            if start > index:
                break
            found = offset + index - start
        return found

    def cut(self, start: int, end: int | None = None) -> Text:
        """The part of the text from index `start` up to `end`, with its positions."""
        value = self.value[start:end]
        stop = start + len(value)
        runs = tuple((at - start, offset) for at, offset in self.runs if start <= at < stop)
        first = self.offset(start)
        if first is not None and (not runs or runs[0][0] > 0):
            runs = ((0, first), *runs)
        return Text(value, runs)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of HTML's vocabulary: all that Markdown itself makes, and the raw HTML that is allowed."""

    tag: str
    children: tuple[Node, ...] = ()
    attributes: Attributes = ()
    span: Span | None = None

    def get(self, name: str) -> str | None:
        """The value of an attribute."""
        return next((value for key, value in self.attributes if key == name), None)

    @property
    def classes(self) -> frozenset[str]:
        """The words of the class attribute."""
        return frozenset((self.get("class") or "").split())

    def having(self, **attributes: str) -> Element:
        """The same element with these attributes set or replaced (`class_` for class, `_` for `-`)."""
        new = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return replace(self, attributes=tuple((dict(self.attributes) | new).items()))


@dataclass(frozen=True, slots=True)
class Change:
    """A tracked change: an insertion (`deleted` is None), a deletion (`inserted` is None) or a substitution."""

    deleted: tuple[Node, ...] | None
    inserted: tuple[Node, ...] | None
    annotations: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Highlight:
    """A marked passage, `{==…==}`: the lemma of its annotations; without any, something for the proof only."""

    children: tuple[Node, ...]
    annotations: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the text that an annotation is about, without a lemma."""

    annotation: str
    span: Span


@dataclass(frozen=True, slots=True)
class NoteCall:
    """The reference to one of the author's footnotes."""

    note: str
    span: Span


@dataclass(frozen=True, slots=True)
class Cite:
    """One work within a citation. `prefix` and `suffix` are inline text; `locator` is as written (`chap. 2`, `23`)."""

    key: str
    prefix: str = ""
    locator: str = ""
    suffix: str = ""
    suppress_author: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Citation:
    """`[see @a, 23; @b]`, or with `in_text` `@a [3]`, whose author is part of the sentence."""

    cites: tuple[Cite, ...]
    in_text: bool
    span: Span


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A link that fills itself: `[](#fig-x)` by number and name, `[](#sec-x){.page}` by page."""

    target: str
    form: Literal["number", "page"]
    span: Span


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """Words marked for the index, with the headings they go under, outermost first."""

    children: tuple[Node, ...]
    entry: tuple[str, ...]
    see: str | None
    see_also: str | None
    range: Literal["start", "end"] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A resolved reference to a note or annotation: its number or letter, the id of what it calls, and its own id."""

    sign: str
    target: str
    kind: Literal["note", "annotation"]
    id: str = ""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The page on which `target` stands (or its line, in the proof): known only after layout."""

    target: str
    of: Literal["page", "line"] = "page"


Node = (
    Text | Element | Change | Highlight | Point | NoteCall | Citation | CrossReference | IndexTerm | Call | PageNumber
)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of a tree in the order of the text, parents before their children."""
    for node in nodes:
        yield node
        if isinstance(node, Change):
            yield from walk(node.deleted or ())
            yield from walk(node.inserted or ())
        elif isinstance(node, Element | Highlight | IndexTerm):
            yield from walk(node.children)


def rewrite(nodes: Iterable[Node], change: Callable[[Node], tuple[Node, ...] | None]) -> tuple[Node, ...]:
    """The tree with nodes replaced, children first: by what `change` answers, or kept where it answers None."""
    result: list[Node] = []
    for node in nodes:
        whole = node
        if isinstance(node, Change):
            deleted = None if node.deleted is None else rewrite(node.deleted, change)
            inserted = None if node.inserted is None else rewrite(node.inserted, change)
            if deleted != node.deleted or inserted != node.inserted:
                whole = replace(node, deleted=deleted, inserted=inserted)
        elif isinstance(node, Element | Highlight | IndexTerm) and node.children:
            children = rewrite(node.children, change)
            if children != node.children:
                whole = replace(node, children=children)
        new = change(whole)
        result.extend((whole,) if new is None else new)
    return tuple(result)


BLOCKS = frozenset(
    """p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption table thead tbody tr div
    """.split()  # noqa: SIM905 # a list of words reads best as words
)
"""The elements that stand on lines of their own."""
_SPACE = re.compile(r"[ \t\n\r\f]+")
_PARTING = BLOCKS | {"br", "td", "th"}


def plain(nodes: Iterable[Node]) -> str:
    """The words of a tree, without notes, keys and citations; a new block begins a new word.

    White space is folded as HTML folds it: a space that does not break stays one.
    """
    return _SPACE.sub(" ", "".join(_said(nodes))).strip(" ")


def _said(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text():
                yield node.value
            case Element() if node.tag in _PARTING:
                yield from (" ", *_said(node.children), " ")
            case Element() | Highlight() | IndexTerm():
                yield from _said(node.children)
            case Change():
                yield from _said((*(node.deleted or ()), *(node.inserted or ())))


# --- annotations and notes -----------------------------------------------------------------------------------------


class Audience(StrEnum):
    """Whom a kind of annotation is for."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of annotation: the word a manuscript uses, the label a reader sees, and whom it is for."""

    name: str
    label: str
    audience: Audience


STATUSES = ("open", "answered", "resolved", "stet", "deferred")
CHANGE_STATUSES = ("proposed", "accepted", "rejected")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer in an annotation's thread."""

    by: str | None
    at: str | None
    body: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a passage. `at`, `closed_at` are ISO 8601 dates or times as written; `foreign_id` is `nm`."""

    id: str
    kind: Kind
    body: tuple[Node, ...]
    status: str | None
    by: str | None
    at: str | None
    to: str | None
    closed_by: str | None
    closed_at: str | None
    foreign_id: str | None
    replies: tuple[Reply, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Note:
    """An author's footnote: its blocks."""

    id: str
    body: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Chapter:
    """One Markdown file, parsed. `body` is a sequence of block elements; notes and annotations are by id."""

    source: Source
    body: tuple[Node, ...]
    notes: Mapping[str, Note]
    annotations: Mapping[str, Annotation]

    @property
    def texts(self) -> Iterator[tuple[Node, ...]]:
        """All its trees: the body, the notes, and the annotations, each with its replies."""
        yield self.body
        for note in self.notes.values():
            yield note.body
        for annotation in self.annotations.values():
            yield annotation.body
            for reply in annotation.replies:
                yield reply.body

    def rewritten(self, change: Callable[[Node], tuple[Node, ...] | None]) -> Chapter:
        """The chapter with `rewrite` done to all its trees, in their order."""

        def whole(annotation: Annotation) -> Annotation:
            body = rewrite(annotation.body, change)
            replies = tuple(replace(reply, body=rewrite(reply.body, change)) for reply in annotation.replies)
            return replace(annotation, body=body, replies=replies)

        return replace(
            self,
            body=rewrite(self.body, change),
            notes={i: replace(note, body=rewrite(note.body, change)) for i, note in self.notes.items()},
            annotations={i: whole(annotation) for i, annotation in self.annotations.items()},
        )


# --- the title -----------------------------------------------------------------------------------------------------

Matter = Literal["front", "body", "back"]
Opening = Literal["recto", "page", "run-on"]
EditionName = Literal["annotated", "clean", "proof"]


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
    """How much a build of the title may take: seconds of wall-clock time and bytes of memory."""

    seconds: int = 600
    memory: int = 4 << 30


@dataclass(frozen=True, slots=True)
class Title:
    """One publication as its `book.toml` describes it. Paths are relative to the title's folder, with `/`."""

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
    bibliography: tuple[str, ...]
    style: str
    kinds: Mapping[str, Kind]
    editions: Mapping[EditionName, EditionSettings]
    openings: Opening
    cover: str | None
    limits: Limits
    engine: Literal["pandoc", "citeproc-js"] = "pandoc"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the title, read and found safe: its path in the title, its media type, its bytes, its size in px."""

    path: str
    media_type: str
    data: bytes = field(repr=False)
    width: float = 0
    height: float = 0


# --- the bibliography ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a bibliography as a CSL-JSON item, with the place where the file has it."""

    key: str
    item: Mapping[str, object]
    source: Source
    span: Span


# --- the book as one edition shows it ------------------------------------------------------------------------------


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
    `chapter`, `bibliography`…).
    """

    id: str
    role: str
    matter: Matter
    opening: Opening
    headings: tuple[Heading, ...]
    body: tuple[Node, ...]
    notes: tuple[Footnote, ...] = ()
    glosses: tuple[Gloss, ...] = ()
    source: Source | None = None

    @property
    def heading(self) -> str:
        """The words of the section's own heading."""
        return self.headings[0].plain if self.headings else ""


@dataclass(frozen=True, slots=True)
class Book:
    """One edition of a title, everything in it numbered except pages, ready to be written out."""

    title: Title
    edition: EditionName
    sections: tuple[Section, ...]
    images: Mapping[str, Image]
    words: Mapping[str, str]
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book as XHTML for one output: a well-formed `<section>` without namespaces of its own."""

    id: str
    role: str
    matter: Matter
    opening: Opening
    headings: tuple[Heading, ...]
    markup: str

    @property
    def heading(self) -> str:
        """The words of the part's own heading."""
        return self.headings[0].plain if self.headings else ""
