"""What is known of a unit of the book once it is laid out: plain records, which need nothing of what laid it out.

Lengths are points, measured from the top left corner of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from postil.document import Matter
from postil.source import Diagnostic, Position
from postil.targets import Timing


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on a page: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How tall it is."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text column: where its baseline is, whether it shows a change, and the ids that stand on it."""

    rect: Rect
    baseline: float
    changed: bool
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that stand beside each other on a line, and which words of their unit they are.

    Its texts are numbered from 0 in the order of the unit. `runs` are triples of (index into `text`, number of a text,
    index into that), each going on one code point for one until the next; a hyphen at the end of a line is in none. So
    a fragment says nothing of where its words stand in the manuscript: `Unit.place` does.
    """

    text: str
    rect: Rect
    runs: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a number that is bound later: of the page on which `target` stands, or of its line."""

    target: str
    of: Literal["page", "line"]


@dataclass(frozen=True, slots=True)
class Link:
    """A place that leads to another: to an id of the title (`#chapter-1`) or to an address."""

    target: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its level, its words, and how far down its page it leads."""

    level: int
    words: str
    top: float


@dataclass(frozen=True, slots=True)
class Tag:
    """A structure element that a tagged PDF may have (ISO 32000-1, 14.7.2 and 14.8).

    `around` is the index of the tag that it stands in; a heading has the level of its markup. `strings` are of the
    element itself, such as its `Lang`; `attributes` come as owner, name and value, of which a string is a name. `label`
    is what a link is called.
    """

    type: str
    around: int | None
    strings: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, str, str | int], ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, but for its head, its folio and the numbers that are not known yet.

    `head` are the words that run at its head, the nearest heading of a part; on a page of endnotes `calls` are the ids
    of the calls of its notes, from whose pages the head is made. `ids` are those of the elements on the page, in the
    order of the document, and `notes` says of those that stand in a note where that note is called. `beside` and
    `foot` are where the annotations and notes stand, by their ids. A recto, the first page of a
    leaf, is a right-hand one where the book is read from left to right.
    """

    recto: bool
    on_right: bool
    paper: Rect
    text: Rect
    column: Rect
    leading: float
    head: str
    lines: tuple[Line, ...]
    words: tuple[Stretch, ...]
    ids: tuple[str, ...]
    notes: Mapping[str, str]
    beside: Mapping[str, Rect]
    foot: Mapping[str, Rect]
    calls: tuple[str, ...]
    slots: tuple[Slot, ...]
    links: tuple[Link, ...]
    bookmarks: tuple[Bookmark, ...]


class Drawn(Protocol):
    """A page as its engine has it: what is filled in when the book is put together."""

    @property
    def box(self) -> Any:
        """The page, for the engine that writes it."""

    @property
    def places(self) -> Mapping[Any, int]:
        """Which tag of the fragment the words of each of its elements have."""

    def bind(self, number: Callable[[str, str], str]) -> tuple[str, ...]:
        """Fill in the late numbers; the targets of those for which there is no room."""

    def mark(self, keyword: str, words: str, place: Rect) -> None:
        """Set words beside the text, in the style of one of the page's margin boxes."""

    def furnish(self, strings: Mapping[str, str]) -> None:
        """Set head and foot, for which the style sheets have these named strings."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A unit of the book, laid out.

    `name` is what messages call it, and `at` where it begins in the manuscript. On its pages are neither heads nor
    folios where it is for `display`, and those of `notes` have the pages of their calls for a head.

    `tags` are the structure elements of the unit, each behind the one that it stands in. `late` are the notes that
    stand a page after their calls, with the indexes of the pages that call them.

    All of it is plain data, but for `drawn`.
    """

    name: str
    matter: Matter
    display: bool
    notes: bool
    at: Position | None
    pages: tuple[Page, ...]
    tags: tuple[Tag, ...]
    late: tuple[tuple[str, int], ...]
    diagnostics: tuple[Diagnostic, ...]
    timing: Timing
    drawn: tuple[Drawn, ...] = field(repr=False, compare=False)
