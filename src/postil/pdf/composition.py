"""The parts of a book as units of layout: which parts run on together, and what a typesetter needs in their markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from postil.document import Book, Matter, Opening, Part

PANEL_WORDS = 80
"""How long an annotation in the margin may be, in words."""

# Parts that are for display: neither folio nor running head, though their pages count.
DISPLAY = frozenset({"cover", "halftitle", "titlepage", "copyright-page", "dedication", "epigraph"})

_NOTES = frozenset({"annotation", "footnote"})
_SPACES = re.compile(r"[ \t\r\n]+")
_PRESERVED = frozenset({"pre", "textarea"})


@dataclass(frozen=True, slots=True)
class Unit:
    """Parts that are laid out together: the first opens a page, the others run on."""

    parts: tuple[Part, ...]

    @property
    def matter(self) -> Matter:
        """Front matter, body or back matter."""
        return self.parts[0].matter

    @property
    def opening(self) -> Opening:
        """The kind of page it opens on."""
        return self.parts[0].opening

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.parts[0].heading or self.parts[0].id

    @property
    def display(self) -> bool:
        """Whether its pages bear neither folio nor head."""
        return self.parts[0].role in DISPLAY


def units(parts: Iterable[Part]) -> tuple[Unit, ...]:
    """Group parts, in the order of the book, into units of layout."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and part.opening == "run-on" and _can_follow(part, groups[-1][0]):
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(Unit(tuple(group)) for group in groups)


def _can_follow(part: Part, first: Part) -> bool:
    return part.matter == first.matter and part.role not in DISPLAY and first.role not in DISPLAY


def compose(unit: Unit, book: Book, numbers: Mapping[str, str]) -> Element:
    """The unit as an HTML document.

    `numbers` has the words that keep the width of a number by the id of its target, where more is known than that
    a number will stand there.
    """
    root = blank(book)
    body = root[1]
    for part in unit.parts:
        section = ElementTree.fromstring(part.markup)
        _close_up(section)
        _prepare(section, numbers)
        if part is not unit.parts[0]:
            section.set("class", f"{section.get('class')} run-on")
        body.append(section)
    return root


def blank(book: Book) -> Element:
    """A document without any content, in the book's page and language."""
    trim = book.title.editions[book.edition].trim
    root = Element("html", {"lang": book.title.language, "class": f"{book.edition} trim-{trim}"})
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = book.title.title
    ElementTree.SubElement(root, "body")
    return root


def _close_up(element: Element) -> None:
    """Take out white space that a page does not show, at the edges of blocks and inside notes."""
    if element.tag in _PRESERVED:
        return
    for child in element:
        _close_up(child)
    _collapse(element)
    if element.tag in _BLOCKS:
        if element.text and not element.text.strip():
            element.text = None
        elif element.text:
            element.text = element.text.lstrip()
        if len(element):
            last = element[-1]
            last.tail = (last.tail or "").rstrip() or None
        elif element.text:
            element.text = element.text.rstrip()


def _collapse(element: Element) -> None:
    if element.text:
        element.text = _SPACES.sub(" ", element.text)
    for child in element:
        if child.tail:
            child.tail = _SPACES.sub(" ", child.tail)


_BLOCKS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "caption", "figcaption", "div", "section", "aside", "blockquote", "figure", "table", "thead", "tbody", "tr", "ul", "ol", "dl"]
)


def _prepare(section: Element, numbers: Mapping[str, str]) -> None:
    """Double each annotation, for margin and foot, and keep the width of each number that is bound after layout."""
    for parent in list(section.iter()):
        for index in range(len(parent) - 1, -1, -1):
            child = parent[index]
            if child.tag == "aside" and "annotation" in (child.get("class") or "").split():
                parent.insert(index, _at_foot(child))
                child.set("class", f"{child.get('class')} beside")
    for element in section.iter():
        if (target := element.get("data-page-of")) is not None:
            element.text = numbers.get(target, "00")


def _at_foot(annotation: Element) -> Element:
    foot = deepcopy(annotation)
    foot.set("class", f"{annotation.get('class')} panel")
    foot.tail = None
    return foot


def long_annotations(unit: Element) -> Sequence[str]:
    """The ids of annotations too long for the margin."""
    return [
        aside.get("id", "")
        for aside in unit.iter("aside")
        if "beside" in (aside.get("class") or "").split() and int(aside.get("data-words", "0")) > PANEL_WORDS
    ]
