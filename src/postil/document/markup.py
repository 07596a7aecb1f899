"""What an output writes: a tree of elements and words, in which each element says what it was made for.

It has the vocabulary of XHTML, so that any output can write it down as it stands; what an output has to know of an
element beyond that, it asks of `shows` and `forms`, and never of an id or a class, which are there for style sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Literal, TypeAlias

from postil.document.tree import Attributes, Call, LateNumber, Lemma, Text
from postil.source import Position, Source, Span


class Form(Enum):
    """How an element is set, where that means more than its tag does."""

    ADDRESS = auto()
    BESIDE = auto()
    CONTENTS = auto()
    DIALOGUE = auto()
    EPIGRAPH = auto()
    EQUATION = auto()
    EXAMPLES = auto()
    EXTRACT = auto()
    FIGURES = auto()
    LISTING = auto()
    PARAGRAPH = auto()
    SIGN = auto()
    SMALL_CAPITALS = auto()
    STATEMENT = auto()
    TABLE = auto()
    VERSE = auto()
    WIDE = auto()
    WORKS = auto()


WRITTEN: Final = {
    "dialogue": Form.DIALOGUE,
    "epigraph": Form.EPIGRAPH,
    "equation": Form.EQUATION,
    "examples": Form.EXAMPLES,
    "extract": Form.EXTRACT,
    "figures": Form.FIGURES,
    "left": Form.BESIDE,
    "listing": Form.LISTING,
    "right": Form.BESIDE,
    "smallcaps": Form.SMALL_CAPITALS,
    "statement": Form.STATEMENT,
    "table": Form.TABLE,
    "verse": Form.VERSE,
    "wide": Form.WIDE,
}
"""The forms that a manuscript can ask for, by the class that asks for them."""


@dataclass(frozen=True, slots=True)
class NoteText:
    """The text of a note or annotation, under its own id, at a place in the book.

    A `footnote` and an `annotation` stand where they are first called, and an output may move them; an `endnote` is an
    item of a list of notes, a `comment` one of the long annotations behind the text. What stands for a long annotation
    where that is called is an `annotation`, too.

    `of` is the id of what it is the text of, to which calls lead, `call` that of its first call, and it has so many
    `words`.
    """

    id: str
    kind: Literal["footnote", "annotation", "endnote", "comment"]
    of: str
    call: str
    words: int = 0


@dataclass(frozen=True, slots=True)
class PageList:
    """A list of the pages on which some ids stand."""

    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormulaText:
    """The words of a formula that is drawn, and where it stands, on which nothing depends that is made of it."""

    words: str
    at: Position | None = field(default=None, repr=False, compare=False)


Meaning: TypeAlias = Call | Lemma["Composed"] | NoteText | LateNumber | PageList | FormulaText


@dataclass(frozen=True, slots=True)
class Markup:
    """An element of XHTML, what it was made for, and where that stands.

    Positions within it count in its `source`, or without one in that of the element around it.
    """

    tag: str
    children: tuple[Composed, ...] = ()
    attributes: Attributes = ()
    shows: Meaning | None = None
    forms: frozenset[Form] = frozenset()
    span: Span | None = None
    source: Source | None = None

    def get(self, name: str) -> str | None:
        """The value of an attribute."""
        return next((value for key, value in self.attributes if key == name), None)

    @property
    def elements(self) -> Iterator[Markup]:
        """The elements right below it."""
        return (child for child in self.children if isinstance(child, Markup))


Composed: TypeAlias = Text | Markup


def elements(nodes: Iterable[Composed]) -> Iterator[Markup]:
    """Every element of a tree in the order of the text, parents before their children."""
    for node in nodes:
        if isinstance(node, Markup):
            yield node
            yield from elements(node.children)


def said(nodes: Iterable[Composed]) -> Iterator[str]:
    """The words of a tree, one text after the other."""
    for node in nodes:
        if isinstance(node, Text):
            yield node.value
        else:
            yield from said(node.children)
