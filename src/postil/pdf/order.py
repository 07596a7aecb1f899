"""What is to be laid out, as plain data: all that the pages of a unit depend on, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from postil.document import Book, Composed, Text, elements
from postil.fonts import Shelf, digest
from postil.pdf.boxes import WEASYPRINT
from postil.pdf.units import Unit
from postil.source import Source

Digests = tuple[tuple[str, str], ...]
"""What pages draw on: names and digests."""


@dataclass(frozen=True, slots=True)
class LayoutOrder:
    """A unit to be laid out, on what side its first page is, and all else that has a say in how it comes out.

    `names` are the classes by which style sheets know edition and trim. `numbers` has the words that keep the width of
    those numbers that the unit names, by the ids of their targets. `styles`, `pictures` and `fonts` are what its pages
    draw on.
    """

    unit: Unit
    recto: bool
    language: str
    names: str
    numbers: Digests
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
        for series in (self.numbers, self.styles, self.pictures, self.fonts):
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

    def order(self, unit: Unit, *, recto: bool, numbers: Mapping[str, str]) -> LayoutOrder:
        """The order for a unit; of the `numbers`, which may be many more, it has those that the unit names."""
        shown = (
            each.get("src") or "" for part in unit.parts for each in elements((part.section,)) if each.tag == "img"
        )
        return LayoutOrder(
            unit,
            recto,
            self._book.title.language,
            f"{self._book.edition.name} trim-{self._trim}",
            tuple((target, numbers[target]) for target in sorted(unit.numbers) if target in numbers),
            self._styles,
            tuple((path, self._pictures[path]) for path in sorted(set(shown)) if path in self._pictures),
            self._fonts,
        )


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
