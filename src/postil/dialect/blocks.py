"""The blocks of a chapter, with their text still as lines."""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import Literal, NamedTuple

from postil.dialect import html
from postil.dialect.attributes import AttributeList
from postil.document import Parsed
from postil.source import Span

Alignment = Literal["left", "center", "right"]


class Line(NamedTuple):
    """A line without what puts it into the blocks around it; `pad` is the rest, in columns, of a tab cut in two.

    A line is `lazy` if it lacks the signs of the blocks that it stands in: it can only go on with a paragraph
    (CommonMark, 5.1), as the second one here.

        > words
        and more of them
    """

    start: int
    end: int
    pad: int = 0
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of prose, without the spaces before them."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level from 1 to 6, with the attributes that stand elsewhere."""

    level: int
    lines: tuple[Line, ...]
    span: Span
    attributes: AttributeList | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A break between paragraphs, or between pages."""

    span: Span
    of_page: bool = False


@dataclass(frozen=True, slots=True)
class Verse:
    """A stanza, its lines with the spaces before them."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Fenced or indented code, literally."""

    lines: tuple[Line, ...]
    language: str
    attributes: AttributeList | None
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table with pipes between its cells: the row of its head, how each column is aligned, and the other rows."""

    head: Line
    alignments: tuple[Alignment | None, ...]
    rows: tuple[Line, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that may hold any blocks, and takes some columns."""

    blocks: tuple[Block, ...]
    columns: int
    alignment: Alignment | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cells have lines drawn around them: the rows of its head, and the others."""

    head: tuple[tuple[GridCell, ...], ...]
    rows: tuple[tuple[GridCell, ...], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a table or of code, before it or behind it; `sign` is what it begins with: "Table:", say."""

    sign: str
    lines: tuple[Line, ...]
    span: Span

    @property
    def of(self) -> type[Table | Grid | Code] | UnionType:
        """The blocks that it may be the caption of."""
        return {"T": Table | Grid, "L": Code}.get(self.sign[0], Table | Grid | Code)

    @property
    def tags(self) -> frozenset[str]:
        """The elements that these make."""
        return frozenset({"T": ("table",), "L": ("pre",)}.get(self.sign[0], ("table", "pre")))


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """The box before a task, `[ ]` or `[x]`, with the space behind it."""

    done: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, which may be a task, or an example that has a label."""

    blocks: tuple[Block, ...]
    task: Task | None
    span: Span
    label: str = ""


Numbering = Literal["1", "a", "A", "i", "I", "@"]
"""How a list counts: by numbers, letters or roman numerals; or its items are examples, counted through the book."""


@dataclass(frozen=True, slots=True)
class List:
    """A list; one with numbers begins with the number `start`. Only in one that is not `tight` are there paragraphs."""

    items: tuple[Item, ...]
    numbering: Numbering | None
    start: int
    tight: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """Terms and their definitions."""

    terms: tuple[Line, ...]
    definitions: tuple[tuple[Block, ...], ...]
    tight: bool


@dataclass(frozen=True, slots=True)
class Glossary:
    """A list of definitions."""

    entries: tuple[Entry, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Display:
    """`$$` … `$$` on lines of its own: a formula in what sets it off, whole, as nothing in it is Markdown."""

    node: Parsed


@dataclass(frozen=True, slots=True)
class Illustration:
    """`<figure>` … `</figure>` with its `figcaption`."""

    blocks: tuple[Block, ...]
    caption: Span | None
    attributes: AttributeList
    span: Span


@dataclass(frozen=True, slots=True)
class Container:
    """`::: {.class}` … `:::`; a box may have a title, and one that is `named` has the name of its kind as one."""

    blocks: tuple[Block, ...]
    attributes: AttributeList
    span: Span
    title: Line | None = None
    named: bool = False


Block = (
    Paragraph
    | Heading
    | Rule
    | Verse
    | Code
    | Table
    | Grid
    | Caption
    | Quote
    | List
    | Glossary
    | Display
    | Illustration
    | Container
    | html.Block
)
