"""What is to be laid out, as plain data: all that the pages of a unit depend on, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from postil.document import Book, Composed, PageList, Text, elements
from postil.fonts import Shelf, digest
from postil.pdf.boxes import WEASYPRINT
from postil.pdf.fragment import Slot
from postil.pdf.units import Unit
from postil.source import Source

Digests = tuple[tuple[str, str], ...]
"""What pages draw on: names and digests."""


@dataclass(frozen=True, slots=True)
class LayoutOrder:
    """A unit to be laid out, on what side its first page is, and all else that has a say in how it comes out.

    `names` are the classes by which style sheets know edition and trim. `numbers` has what each late number of the unit
    is laid out as; `lists` has its lists of pages, by the ids that each is to name: of each page the first of the ids
    on it, and what its number is laid out as. `styles`, `pictures` and `fonts` are what its pages draw on.
    """

    unit: Unit
    recto: bool
    language: str
    names: str
    numbers: tuple[tuple[Slot, str], ...]
    lists: tuple[tuple[tuple[str, ...], Digests], ...]
    styles: Digests
    pictures: Digests
    fonts: Digests

    def digest(self) -> str:
        """The name of the order: equal orders have the same, from run to run and from process to process.

        It says nothing of where the words of the unit stand in the manuscript. So a word more in a chapter leaves alone
        what repeats its headings.
        """
        digest = sha256()
        for word in self._said():
            digest.update(f"{len(word)}:{word}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def _said(self) -> Iterator[str]:
        yield from (WEASYPRINT, str(self.recto), self.language, self.names)
        yield str(len(self.numbers))
        for slot, laid_out_as in self.numbers:
            yield from (slot.of, slot.target, laid_out_as)
        yield str(len(self.lists))
        for targets, pages in self.lists:
            yield from (str(len(targets)), *targets, str(len(pages)), *(word for pair in pages for word in pair))
        for series in (self.styles, self.pictures, self.fonts):
            yield str(len(series))
            yield from (word for pair in series for word in pair)
        for part in self.unit.parts:
            yield from (part.id, part.role.name, part.matter, part.opening)
            for heading in part.headings:
                yield from (heading.id, heading.plain, str(bool(heading.text)))
            yield from _markup((part.section,))


def _markup(nodes: Iterable[Composed]) -> Iterator[str]:
    """Everything of a tree but where it stands."""
    for node in nodes:
        if isinstance(node, Text):
            yield from ("text", node.value)
            continue
        yield from ("element", node.tag, str(len(node.attributes)))
        yield from (word for pair in node.attributes for word in pair)
        yield from (repr(node.shows), *sorted(form.name for form in node.forms))
        yield from _markup(node.children)
        yield "end"


class Orders:
    """Orders the units of one edition of a book."""

    def __init__(self, book: Book, styles: Mapping[str, Source]) -> None:
        names = [name for name in book.edition.styles("pdf") if name in styles]
        self._book = book
        self._trim = book.title.editions[book.edition.name].trim
        self._styles = tuple((name, _digest(styles[name].text.encode())) for name in names)
        named = Shelf(book.fonts).named(styles[name].text for name in names)
        self._fonts = tuple((wanted.written, digest(font)) for wanted, font in named)
        self._pictures = {path: _digest(image.data) for path, image in book.images.items()}

    def blank(self, unit: Unit) -> Blank:
        """The order for a unit, but for what other units have a say in."""
        shown = {
            each.get("src") or "" for part in unit.parts for each in elements((part.section,)) if each.tag == "img"
        }
        asked = tuple(unit.numbers)
        order = LayoutOrder(
            unit,
            recto=True,
            language=self._book.title.language,
            names=f"{self._book.edition.name} trim-{self._trim}",
            numbers=(),
            lists=(),
            styles=self._styles,
            pictures=tuple((path, self._pictures[path]) for path in sorted(shown) if path in self._pictures),
            fonts=self._fonts,
        )
        return Blank(
            order,
            tuple(dict.fromkeys(each for each in asked if isinstance(each, Slot))),
            tuple(dict.fromkeys(each.targets for each in asked if isinstance(each, PageList))),
        )


@dataclass(frozen=True, slots=True)
class Blank:
    """An order that lacks its side and its numbers: these depend on the pages of other units.

    `slots` are the late numbers of the unit, `lists` the ids that its lists of pages name.
    """

    order: LayoutOrder
    slots: tuple[Slot, ...]
    lists: tuple[tuple[str, ...], ...]

    def filled_in(self, *, recto: bool, numbers: Numbers) -> LayoutOrder:
        """The order, with what is known of numbers."""
        return replace(
            self.order,
            recto=recto,
            numbers=tuple((slot, numbers.shape(slot)) for slot in self.slots),
            lists=tuple((targets, numbers.listed(targets)) for targets in self.lists),
        )


class Numbers(Protocol):
    """What is known of the numbers of pages and lines."""

    def shape(self, slot: Slot) -> str:
        """What a number is laid out as."""

    def listed(self, targets: tuple[str, ...]) -> Digests:
        """The pages on which some ids stand: of each the first of the ids on it, and what its number is laid out as."""


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
