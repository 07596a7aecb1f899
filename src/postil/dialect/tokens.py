"""What the scanner finds in a stretch of prose. Every token has exact offsets: from `start` up to `end`."""

from __future__ import annotations

from dataclasses import dataclass

from postil.dialect.attributes import AttributeList
from postil.document import Attributes, Parsed
from postil.source import Diagnostic, Span

NOWHERE = Span(0, 0)
NO_ATTRIBUTES = AttributeList((), 0, 0)

Runs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Token:
    """Something that stands as a single code point in the text that Python-Markdown sees.

    `diagnostics` holds what is wrong with it. They count only where the token turns out to be text: in an indented
    code block it is nothing but the characters that were typed.
    """

    start: int
    end: int
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Words(Token):
    """Text as a reader sees it, with its runs as in `document.Text`.

    Text that is `literal`, escaped or named by a reference, is set exactly so.
    """

    text: str = ""
    runs: Runs = ()
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Opener(Token):
    """The beginning of something that a `Closer` of the same family ends: a mark, a link, a span, an HTML element.

    For all but marks, the `wrapper` of one of the two says what it makes of what they enclose.
    """

    family: str = ""
    wrapper: Wrapper | None = None


@dataclass(frozen=True, slots=True)
class Middle(Token):
    """The `~>` of a substitution."""


@dataclass(frozen=True, slots=True)
class Closer(Token):
    """The end of what an `Opener` begins."""

    family: str = ""
    wrapper: Wrapper | None = None


@dataclass(frozen=True, slots=True)
class Wrapper:
    """What encloses nodes: an element, or index headings."""

    tag: str
    attributes: Attributes = ()
    index: AttributeList | None = None


@dataclass(frozen=True, slots=True)
class Anchor(Token):
    """`[^id]`."""

    id: str = ""


@dataclass(frozen=True, slots=True)
class Comment(Token):
    """`{>>…<<}`, with the place of its text and its attributes."""

    body: Span = NOWHERE
    attributes: AttributeList | None = None


@dataclass(frozen=True, slots=True)
class InlineNote(Token):
    """`^[…]`, with the place of its text."""

    body: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Picture(Token):
    """`![alt](address "title")`, with the place of what would be its caption: the title, or else the brackets."""

    alt: str = ""
    address: str = ""
    caption: Span | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Braces(Token):
    """An attribute list, which belongs to what stands before it."""

    attributes: AttributeList = NO_ATTRIBUTES


@dataclass(frozen=True, slots=True)
class Whole(Token):
    """A construct that is complete as it stands; without a node (an HTML comment) nothing of it reaches the tree."""

    node: Parsed | None = None


@dataclass(frozen=True, slots=True)
class Cited(Whole):
    """A citation with the places of what is said around its works: before the key of each, and behind its locator."""

    around: tuple[tuple[Span, Span], ...] = ()
