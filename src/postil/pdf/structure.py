"""The structure of a tagged PDF: what the elements of a title are in the terms of ISO 32000-1, 14.8.

The structure follows the markup, not the pages: what is broken over two pages is one element, and a note stands
where it is called, wherever on the page it is printed. Elements that only look different have none of their own; what
they hold belongs to the element around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from postil.document import Call, Form, LateNumber
from postil.pdf.composition import Document

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
CELLS = frozenset({"TH", "TD"})
DECORATION = {"ins": "Underline", "del": "LineThrough"}


@dataclass(frozen=True, slots=True)
class Marked:
    """Marked content: the index of its page, and its number there."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A link annotation: the index of its page, and the annotation as the writer of the PDF knows it."""

    page: int
    annotation: object = field(repr=False)


@dataclass(eq=False, slots=True)
class Node:
    """A structure element; `box` are the edges of a figure on its page, in points: left, bottom, right, top."""

    type: str
    around: Node | None = None
    element: Element | None = None
    document: Document | None = field(default=None, repr=False)
    kids: list[Node | Marked | Linked] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None

    def add(self, kind: str, element: Element | None = None, document: Document | None = None) -> Node:
        """Put a new element behind the others in this one."""
        node = Node(kind, self, element, document)
        self.kids.append(node)
        return node

    @property
    def nodes(self) -> Iterator[Node]:
        """The elements right below this one."""
        return (kid for kid in self.kids if isinstance(kid, Node))

    def get(self, name: str) -> str | None:
        """An attribute of the element of the markup."""
        return None if self.element is None else self.element.get(name)

    @property
    def strings(self) -> Mapping[str, str | None]:
        """What is said of the element itself: its language, a note's id, an abbreviation's or a picture's words."""
        return {
            "Lang": self.get("lang"),
            "ID": self.get("id") if self.type == "Note" else None,
            "E": self.get("title") if self.type == "Span" else None,
            "Alt": self.get("alt") if self.type == "Figure" else None,
        }

    @property
    def attributes(self) -> Mapping[str, Mapping[str, str | int]]:
        """The standard attributes (14.8.5) by their owner; a string is a name."""
        tag = "" if self.element is None else self.element.tag
        match self.type:
            case "L" if tag != "dl" and Form.WORKS not in self._forms:
                return {"List": {"ListNumbering": "Decimal" if tag == "ol" else "Disc"}}
            case "TH":
                return {"Table": {"Scope": self._scope()} | self._spans()}
            case "TD" if spans := self._spans():
                return {"Table": spans}
            case "Span" if tag in DECORATION:
                return {"Layout": {"TextDecorationType": DECORATION[tag]}}
        return {}

    @property
    def _forms(self) -> frozenset[Form]:
        return frozenset() if self.document is None else self.document.forms(self.element)

    def _spans(self) -> dict[str, str | int]:
        spans = {"ColSpan": self.get("colspan"), "RowSpan": self.get("rowspan")}
        return {name: int(span) for name, span in spans.items() if span and span.isdecimal() and span != "1"}

    def _scope(self) -> str:
        above = self.around and self.around.around
        by_place = "col" if above and above.type == "THead" else "row"
        return {"row": "Row"}.get(self.get("scope") or by_place, "Column")

    @property
    def label(self) -> str:
        """What a link is called; its words, unless the markup has better ones."""
        if self.element is None or self.document is None:
            return ""
        words = self.get("aria-label") or self.get("title") or "".join(_words(self.element, self.document))
        return " ".join(words.replace("\N{ZERO WIDTH SPACE}", "").split())


class Structure:
    """The structure elements of a title, each made when what it is for is first met on the pages."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Make ready for the markup of these documents, in the order of the pages."""
        self.root = Node("Document")
        self._documents = {element: document for document in documents for element in document.root.iter()}
        self._parents = {child: parent for parent in self._documents for child in parent}
        self._nodes: dict[Element, Node] = {}
        self._levels: list[int] = []

    def node(self, element: Element) -> Node:
        """The structure element to which the words of an element of the markup belong."""
        if (known := self._nodes.get(element)) is not None:
            return known
        parent = self._parents.get(element)
        node = self.root if parent is None else self.node(parent)
        types = self._types(element, node)
        if types == ("Note",):
            node = _outside_heading(node)
        for kind in types[:-1]:
            node = node.add(kind)
        for kind in types[-1:]:
            node = node.add(kind, element, self._documents.get(element))
        if element.tag == "dd":
            node = self._definition(element, node)
        self._nodes[element] = node
        return node

    def mark(self, element: Element) -> Node:
        """The structure element of the number or sign before a list item."""
        body = self.node(element)
        item = body.around
        if body.type != "LBody" or item is None:
            return body
        if item.kids[0] is body:
            item.kids.insert(0, Node("Lbl", item))
        return next(item.nodes)

    def prune(self) -> None:
        """Take out the elements that hold nothing; the empty cells of a table stay, as its columns count them."""
        _prune(self.root)

    def _types(self, element: Element, around: Node) -> tuple[str, ...]:
        """The structure types of an element, from the outside in; none if it only looks different."""
        document, tag = self._documents[element], element.tag
        if (note := document.note(element)) and note.kind in NOTES:
            return ("Note",)
        forms = document.forms(element)
        if tag in ("a", "ol", "li", "dt", "table"):
            return _types_by_place(element, around, forms, is_call=isinstance(document.shows(element), Call))
        kind = next((kind for (of, form), kind in FORMS.items() if of == tag and form in forms), TYPES.get(tag))
        if kind in HEADINGS:
            kind = f"H{self._level(int(kind[1]))}"
        elif kind is None and (element.get("title") or element.get("lang")) and element in self._parents:
            kind = "Span"
        return () if kind is None else (kind,)

    def _level(self, level: int) -> int:
        """The level of the next heading, no more than one below the heading that it stands under."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return len(self._levels)

    def _definition(self, element: Element, around: Node) -> Node:
        """The body of the list item that the term before a definition has begun."""
        item = next((node for node in reversed(list(around.nodes)) if node.type == "LI"), None) or around.add("LI")
        return item.add("LBody", element, self._documents.get(element))


def _types_by_place(element: Element, around: Node, forms: frozenset[Form], *, is_call: bool) -> tuple[str, ...]:
    """The structure types of an element that depend on what it is in, or on more than its name."""
    match element.tag:
        case "a" if element.get("href") is None:
            types = ""
        case "a" if is_call or around.type == "TOCI":
            types = "Reference Link"
        case "a":
            types = "Lbl Link" if Form.SIGN in forms else "Link"
        case "ol":
            types = "TOC" if Form.CONTENTS in forms or around.type == "TOCI" else "L"
        case "li":
            types = "TOCI" if around.type == "TOC" else "LI LBody"
        case "dt":
            types = "LI Lbl"
        case _:  # a table, whose caption is around it
            types = "" if around.type == "Table" else "Table"
    return tuple(types.split())


def _outside_heading(node: Node) -> Node:
    """What a note that is called in a heading stands in: not the heading, whose words are read out by themselves."""
    while node.type in HEADINGS and node.around is not None:
        node = node.around
    return node


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
