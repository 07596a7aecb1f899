"""What is known of a unit of the book once it is laid out: plain records, which need nothing of what laid it out.

Lengths are points, measured from the top left corner of a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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
class Anchor:
    """An id to which links lead, and where on its page they lead."""

    id: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """A place that leads to another: to an id of the title (`#chapter-1`) or to an address; `label` is what says so."""

    target: str
    rect: Rect
    label: str


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its level, its words, and to what place on its page it leads."""

    level: int
    words: str
    left: float
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
class Content:
    """What belongs to a structure element: by its number on the page, some marked content or a link.

    Where an element begins with nothing of its own, such as a note where it is called, that is said, too. `tag` is the
    index of the element's tag; None is the document itself. A picture or a formula has the `box` in which
    it stands: left, bottom, right, top, in points from the bottom left corner of the page.
    """

    tag: int | None
    kind: Literal["begin", "marked", "link"]
    number: int = 0
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit as an operator shows it, and its width in thousandths of an em."""

    shown: bytes
    width: float


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is bound late, in the operators of a page.

    It stands there from `start` to `end`, as `words`: for a number of two digits "00". `digits` are the ten digits that
    can take their places; without them only these very words can stand there. They are to fill `width`, in thousandths
    of an em; of what they leave of it, the share `before` stands before them.
    """

    slot: Slot
    words: str
    start: int = 0
    end: int = 0
    digits: tuple[Digit, ...] = ()
    width: float = 0
    before: float = 0


@dataclass(frozen=True, slots=True)
class Ink:
    """The operators that draw a page or what stands around its text, and the late numbers in them.

    They are deflated where there is no number in them.
    """

    operators: bytes
    numbers: tuple[Number, ...] = ()

    @property
    def deflated(self) -> bool:
        """Whether the operators are written as they are kept."""
        return not self.numbers


@dataclass(frozen=True, slots=True)
class Face:
    """A face of a font, as the engine finds it again: `name` is what operators call it, `size` one in which it is set.

    `described` is the PDF's name for it. `style`, `weight` and `stretch` are Pango's numbers, `size` its units.
    """

    name: str
    described: str
    family: str
    style: int
    weight: int
    stretch: int
    variations: str
    size: int


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph that is drawn: its number in its face, what characters it reads, its width in thousandths of an em."""

    number: int
    reads: str
    width: int


@dataclass(frozen=True, slots=True)
class Piece:
    """An object of a PDF but for the numbers of others in it: these stand, by name, between the parts.

    `stream` is what a stream holds, as it is written.
    """

    parts: tuple[bytes, ...]
    others: tuple[str, ...] = ()
    stream: bytes | None = None


Named = tuple[tuple[str, Piece], ...]
"""Objects by name, each behind those that it refers to."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the title by its path; a `smooth` one is interpolated where it is shown larger than it is."""

    path: str
    smooth: bool


@dataclass(frozen=True, slots=True)
class Supplies:
    """What operators draw on.

    `fonts` are the faces with those of their glyphs that are drawn, in the order in which they are. `resources` are
    kind, name and value (ISO 32000-1, 7.8.3); `pieces` and `pictures` are what these name.
    """

    fonts: tuple[tuple[Face, tuple[Glyph, ...]], ...] = ()
    resources: tuple[tuple[str, str, Piece], ...] = ()
    pieces: Named = ()
    pictures: tuple[tuple[str, Picture], ...] = ()


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands around the text of a page, drawn by itself."""

    ink: Ink
    supplies: Supplies


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a style sheet may know a page by.

    `name` is that of CSS, `index` counts the pages of the unit from 0, and `groups` those of the name; but where no
    style sheet counts pages, `index` only tells the first from the others.
    """

    on_right: bool
    blank: bool
    name: str
    index: int
    groups: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, but for its head, its folio and the numbers that are not known yet.

    `head` are the words that run at its head, the nearest heading of a part; on a page of endnotes `calls` are the ids
    of the calls of its notes, from whose pages the head is made. `ids` are those of the elements on the page, in the
    order of the document, and `notes` says of those that stand in a note where that note is called. `beside` and
    `foot` are where the annotations and notes stand, by their ids. A recto, the first page of a
    leaf, is a right-hand one where the book is read from left to right. `strings` are the named strings that style
    sheets set themselves. The paper goes on beyond its edges by the lengths of `bleed`. `ink` draws the page, but for
    its head and folio, and `contents` says in the order of reading what in that is part of the text.
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
    anchors: tuple[Anchor, ...]
    links: tuple[Link, ...]
    bookmarks: tuple[Bookmark, ...]
    kind: PageKind
    strings: Mapping[str, str]
    bleed: Rect
    ink: Ink
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A unit of the book, laid out.

    `name` is what messages call it, and `at` where it begins in the manuscript. On its pages are neither heads nor
    folios where it is for `display`, and those of `notes` have the pages of their calls for a head.

    `tags` are the structure elements of the unit, each behind the one that it stands in. `late` are the notes that
    stand a page after their calls, with the indexes of the pages that call them.

    `supplies` are what the ink of its pages draws on.
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
    supplies: Supplies
