"""The structure of a tagged PDF: what the elements of a title are in the terms of ISO 32000-1, 14.8.

The structure follows the markup, not the pages: what is broken over two pages is one element, and a note stands
where it is called, wherever on the page it is printed. Elements that only look different have none of their own; what
they hold belongs to the element around them.

`Tagging` says of a unit which structure elements it may have: a fragment keeps them as `Tag`s. When the pages are
written, a `Structure` makes those of them that have something on the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from postil.document import Call, Form, FormulaText, LateNumber
from postil.pdf.composition import Document
from postil.pdf.fragment import Tag

TYPES = {
    "section": "Sect", "div": "Div", "blockquote": "BlockQuote", "p": "P", "pre": "P", "hr": "P",
    "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6",
    "ul": "L", "dl": "L", "figure": "Div", "img": "Figure", "figcaption": "Caption", "caption": "Caption",
    "thead": "THead", "tbody": "TBody", "tfoot": "TFoot", "tr": "TR", "th": "TH", "td": "TD",
    "code": "Code", "kbd": "Code", "samp": "Code", "ins": "Span", "del": "Span",
}  # fmt: skip
"""The structure type of an element that is always the same."""
NOTES = frozenset({"footnote", "annotation", "comment"})
"""The texts of notes that are elements of their own; the notes of a list are its items."""
FORMS = {
    ("div", Form.EPIGRAPH): "BlockQuote", ("div", Form.EXTRACT): "BlockQuote", ("div", Form.VERSE): "BlockQuote",
    ("div", Form.DIALOGUE): "BlockQuote", ("span", Form.PARAGRAPH): "P", ("figure", Form.TABLE): "Table",
}  # fmt: skip
"""The structure type of an element that is set in some form."""
HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6"})
PICTURES = frozenset({"Figure", "Formula"})
CELLS = frozenset({"TH", "TD"})
Attributes = tuple[tuple[str, str, str | int], ...]
NUMBERING = {"1": "Decimal", "a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}
"""The numbering of a list by its type."""
DECORATION = {"ins": "Underline", "del": "LineThrough"}


class Tagging:
    """The structure elements that a document may have, and which of them each of its elements belongs to.

    >>> tagging.tags     # of <ol><li>words</li></ol>
    (Tag("L", None), Tag("LI", 0), Tag("Lbl", 1), Tag("LBody", 1))
    >>> tagging.places   # the number before the item belongs to the element before that of its words
    {ol: 0, li: 3}
    """

    def __init__(self, document: Document) -> None:
        self.tags: list[Tag] = []
        self.places: dict[Element, int] = {}
        """The tag of the words of each element that has one; those of others belong to no element of the unit."""
        self._document = document
        for element in document.body:
            self._add(element, None)

    def _add(self, element: Element, around: int | None) -> None:
        """Add what an element and all in it have, within a tag."""
        own = around
        types = self._types(element, around)
        if types == ("Note",):
            own = self._outside_heading(around)
        if element.tag == "dd":
            own, types = self._item(around)
        for kind in types[:-1]:
            own = self._tag(kind, own)
            if kind == "LI" and element.tag == "li":
                self._tag("Lbl", own)  # for the number or sign that is set before the item
        for kind in types[-1:]:
            own = self._tag(kind, own, element)
        if own is not None:
            self.places[element] = own
        for child in element:
            self._add(child, own)

    def _tag(self, kind: str, around: int | None, element: Element | None = None) -> int:
        """Add a tag; its index."""
        if element is None:
            tag = Tag(kind, around)
        else:
            label = self._label(element) if kind == "Link" else ""
            tag = Tag(kind, around, self._strings(kind, element), self._attributes(kind, element, around), label)
        self.tags.append(tag)
        return len(self.tags) - 1

    def _type(self, index: int | None) -> str:
        return "" if index is None else self.tags[index].type

    def _types(self, element: Element, around: int | None) -> tuple[str, ...]:
        """The structure types of an element, from the outside in; none if it only looks different."""
        tag = element.tag
        if (note := self._document.note(element)) and note.kind in NOTES:
            return ("Note",)
        if isinstance(self._document.shows(element), FormulaText):
            return ("Formula",)
        forms = self._document.forms(element)
        if tag in ("a", "ol", "li", "dt", "table"):
            is_call = isinstance(self._document.shows(element), Call)
            return _types_by_place(element, self._type(around), forms, is_call=is_call)
        kind = next((kind for (of, form), kind in FORMS.items() if of == tag and form in forms), TYPES.get(tag))
        if kind is None and (element.get("title") or element.get("lang")):
            kind = "Span"
        return () if kind is None else (kind,)

    def _outside_heading(self, index: int | None) -> int | None:
        """What a note called in a heading stands in: not the heading, whose words are read out by themselves."""
        while index is not None and self.tags[index].type in HEADINGS:
            index = self.tags[index].around
        return index

    def _item(self, around: int | None) -> tuple[int | None, tuple[str, ...]]:
        """Where a definition stands: in the list item that the term before it has begun."""
        for index in range(len(self.tags) - 1, -1 if around is None else around, -1):
            if self.tags[index].type == "LI" and self.tags[index].around == around:
                return index, ("LBody",)
        return around, ("LI", "LBody")

    def _strings(self, kind: str, element: Element) -> tuple[tuple[str, str], ...]:
        """What is said of an element itself: its language, a note's id, the words of what is short or drawn."""
        shows = self._document.shows(element)
        strings = {
            "Lang": element.get("lang"),
            "ID": element.get("id") if kind == "Note" else None,
            "E": element.get("title") if kind == "Span" else None,
            "Alt": element.get("alt") if kind in PICTURES else None,
            "ActualText": shows.words if isinstance(shows, FormulaText) else None,
        }
        return tuple((name, words) for name, words in strings.items() if words)

    def _attributes(self, kind: str, element: Element, around: int | None) -> Attributes:
        """The standard attributes (14.8.5) of an element."""
        tag = element.tag
        match kind:
            case "L" if tag != "dl" and Form.WORKS not in self._document.forms(element):
                return (
                    (
                        "List",
                        "ListNumbering",
                        NUMBERING.get(element.get("type", ""), "Decimal") if tag == "ol" else "Disc",
                    ),
                )
            case "TH":
                return (("Table", "Scope", self._scope(element, around)), *_spans(element))
            case "TD":
                return tuple(_spans(element))
            case "Span" if tag in DECORATION:
                return (("Layout", "TextDecorationType", DECORATION[tag]),)
        return ()

    def _scope(self, element: Element, row: int | None) -> str:
        above = None if row is None else self.tags[row].around
        by_place = "col" if self._type(above) == "THead" else "row"
        return {"row": "Row"}.get(element.get("scope") or by_place, "Column")

    def _label(self, element: Element) -> str:
        """What a link is called; its words, unless the markup has better ones."""
        words = element.get("aria-label") or element.get("title") or "".join(_words(element, self._document))
        return " ".join(words.replace("\N{ZERO WIDTH SPACE}", "").split())


def sign(tags: Sequence[Tag], index: int | None) -> int | None:
    """The tag of the number or sign before the list item whose body has the tag of an index."""
    if index and tags[index].type == "LBody" and tags[index - 1].type == "Lbl":
        return index - 1
    return index


@dataclass(frozen=True, slots=True)
class Marked:
    """Marked content: the index of its page, and its number there."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A link: the index of its page, and its number there."""

    page: int
    number: int


@dataclass(eq=False, slots=True)
class Node:
    """A structure element of the file; `box` are the edges of a figure on its page: left, bottom, right, top, in pt."""

    type: str
    tag: Tag | None = None
    kids: list[Node | Marked | Linked] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None

    @property
    def nodes(self) -> Iterator[Node]:
        """The elements right below this one."""
        return (kid for kid in self.kids if isinstance(kid, Node))


class Structure:
    """The structure elements of a title, each made when what it is for is first met on the pages."""

    def __init__(self, tags: Sequence[Sequence[Tag]]) -> None:
        """Make ready for fragments with these tags, in their order."""
        self.root = Node("Document")
        self._tags = tags
        self._nodes: dict[tuple[int, int], Node] = {}
        self._levels: list[int] = []

    def node(self, fragment: int, index: int | None) -> Node:
        """The structure element of a tag, by its index in its fragment."""
        if index is None:
            return self.root
        if (known := self._nodes.get((fragment, index))) is not None:
            return known
        tag = self._tags[fragment][index]
        around = self.node(fragment, tag.around)
        node = Node(f"H{self._level(int(tag.type[1]))}" if tag.type in HEADINGS else tag.type, tag)
        if tag.type == "Lbl" and around.type == "LI":
            around.kids.insert(0, node)  # it may be drawn behind the words that it stands before
        else:
            around.kids.append(node)
        self._nodes[fragment, index] = node
        return node

    def prune(self) -> None:
        """Take out the elements that hold nothing; the empty cells of a table stay, as its columns count them."""
        _prune(self.root)

    def _level(self, level: int) -> int:
        """The level of the next heading, no more than one below the heading that it stands under."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return len(self._levels)


def _types_by_place(element: Element, around: str, forms: frozenset[Form], *, is_call: bool) -> tuple[str, ...]:
    """The structure types of an element that depend on what it is in, or on more than its name."""
    match element.tag:
        case "a" if element.get("href") is None:
            types = ""
        case "a" if is_call or around == "TOCI":
            types = "Reference Link"
        case "a":
            types = "Lbl Link" if Form.SIGN in forms else "Link"
        case "ol":
            types = "TOC" if Form.CONTENTS in forms or around == "TOCI" else "L"
        case "li":
            types = "TOCI" if around == "TOC" else "LI LBody"
        case "dt":
            types = "LI Lbl"
        case _:  # a table, whose caption is around it
            types = "" if around == "Table" else "Table"
    return tuple(types.split())


def _spans(element: Element) -> Iterator[tuple[str, str, int]]:
    spans = {"ColSpan": element.get("colspan"), "RowSpan": element.get("rowspan")}
    return (("Table", name, int(span)) for name, span in spans.items() if span and span.isdecimal() and span != "1")


def _words(element: Element, document: Document) -> Iterator[str]:
    """The words of an element without numbers that were not known when it was written."""
    if not isinstance(document.shows(element), LateNumber):
        yield element.text or ""
        for child in element:
            yield from _words(child, document)
            yield child.tail or ""


def _prune(node: Node) -> None:
    for kid in node.nodes:
        _prune(kid)
    node.kids = [kid for kid in node.kids if not isinstance(kid, Node) or kid.kids or kid.type in CELLS]
