"""A book on its way to paper: its units laid out, numbered and put together, in rounds until every number has room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from postil.document import ROLES, Book, Markup, Part
from postil.manuscript import moment
from postil.pdf.assembly import Assembly
from postil.pdf.composition import pages_of
from postil.pdf.folio import Folio
from postil.pdf.fragment import Fragment
from postil.pdf.layout import SIMPLER, Styles, Typesetter, failure
from postil.pdf.numbering import PageMap, folios, number, opening
from postil.pdf.order import LayoutOrder, Orders
from postil.pdf.units import Unit, expected_folios, units
from postil.source import Diagnostic

ROUNDS = 4
"""How often units are laid out again because numbers outgrew their places, before the numbers are left as they are."""
EMPTY = Unit(())
"""What stands on the back of a page where the next unit opens on a recto."""


class PrintedBook:
    """One edition of a book on its way to paper."""

    def __init__(self, book: Book, styles: Styles) -> None:
        self._book = book
        self._typesetter = Typesetter(book, styles)
        self._messages = self._typesetter.messages
        self._orders = Orders(book, styles)
        self._expected: dict[str, str] = {}
        self._known: dict[str, str] = {}  # folios by id, of this round or of one before
        self._outgrown: dict[str, str] = {}
        self._next: list[Folio] = []  # the folio behind each fragment
        self.orders: list[LayoutOrder] = []
        self.fragments: list[Fragment] = []
        self.numbers: PageMap = number(())

    def set(self, parts: Sequence[Part], progress: Callable[[str, float], None]) -> None:
        """Lay out all units, and again from the first in which a number outgrew its place."""
        works = units(parts)
        self._expected = expected_folios(parts)
        starts: list[int] = []  # with which fragment each unit begins
        first = 0
        for _ in range(ROUNDS):
            for index, unit in enumerate(works[first:], first):
                progress(unit.name, index / len(works))
                starts[index:] = [len(self.fragments)]
                self._set_unit(unit)
            self.numbers = number(self.fragments)
            outgrown = Assembly(self._book, self.fragments, self.numbers, self._messages).bind()
            new = [(index, [t for t in targets if t not in self._outgrown]) for index, targets in outgrown]
            at, targets = next(((index, targets) for index, targets in new if targets), (0, []))
            if not targets:
                break
            self._outgrown |= {target: self.numbers.pages.get(target, "") for target in targets}
            first = max(index for index, start in enumerate(starts) if start <= at)
            start = starts[first]
            del self.orders[start:], self.fragments[start:], self._next[start:]

    def write(self) -> bytes:
        """Write all pages as one PDF; nothing where that fails, which is then said."""
        title = self._book.title
        made = moment(title)
        date = made.isoformat().replace("+00:00", "Z")
        metadata = {
            "title": ": ".join(filter(None, (title.title, title.subtitle))),
            "authors": [each.name for each in title.authors] or None,
            "description": title.description or None,
            "keywords": list(title.subjects) or None,
            "lang": title.language,
            "generator": "Postil",
            "created": date,
            "modified": date,
        }
        identifier = sha256(f"{title.identifier} {self._book.edition.name}".encode()).digest()[:16]
        with self._messages.listening(None):
            try:
                Assembly(self._book, self.fragments, self.numbers, self._messages).furnish()
                engine = self._typesetter.engine
                return engine.write(self.fragments, metadata, identifier=identifier, moment=int(made.timestamp()))
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 -- odd contents may meet with a fault of WeasyPrint's
                self._messages.add("P701", failure("the PDF cannot be written", error), None, SIMPLER)
        return b""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the book for print; where a part is missing, links to it are not at fault."""
        found = [*self._messages.diagnostics, *(d for fragment in self.fragments for d in fragment.diagnostics)]
        broken = any(diagnostic.code == "P701" for diagnostic in found)
        return tuple(d for d in dict.fromkeys(found) if not (broken and d.code == "P705"))

    def try_drawings(self) -> None:
        """Draw each drawing once, by itself, so that what is wrong with it is said."""
        drawings = [image for image in self._book.images.values() if image.media_type == "image/svg+xml"]
        if not drawings:
            return
        images = tuple(Markup("img", (), (("src", image.path), ("alt", ""))) for image in drawings)
        part = Part("drawings", ROLES["chapter"], "front", "page", (), Markup("section", images))
        self._set_unit(Unit((part,)))
        self.numbers = number(self.fragments)
        self.write()

    # --- a unit ------------------------------------------------------------------------------------------------------

    def _set_unit(self, unit: Unit) -> None:
        folio = self._next[-1] if self._next else Folio()
        begins = opening(folio, unit.matter)
        if (begins != folio or unit.opening == "recto") and not folio.recto:
            order = self._orders.order(EMPTY, recto=False, numbers={})
            self._add(order, self._typesetter.lay_out(order), folio)
            begins = opening(folio.next, unit.matter)
        order, fragment = self._lay_out(unit, begins)
        for note, index in fragment.late:
            message = f"'{unit.name}': note '{note}' stands a page after its call, folio {begins.after(index).printed}"
            self._messages.add("P706", message, unit.at)
        self._add(order, fragment, begins)

    def _add(self, order: LayoutOrder, fragment: Fragment, begins: Folio) -> None:
        self.orders.append(order)
        self.fragments.append(fragment)
        self._next.append(begins.after(len(fragment.pages)))

    def _lay_out(self, unit: Unit, begins: Folio) -> tuple[LayoutOrder, Fragment]:
        """Lay out a unit, and again where its lists of pages turn out to be other ones."""
        layouts = crowded = 0
        for _ in range(ROUNDS):
            numbers = self._expected | self._known | self._outgrown
            order = self._orders.order(unit, recto=begins.recto, numbers=numbers)
            fragment = self._typesetter.lay_out(order)
            layouts += fragment.timing.layouts
            crowded += fragment.timing.crowded
            self._known |= folios(fragment, begins)
            now = numbers | self._known
            if all(pages_of(targets, numbers) == pages_of(targets, now) for targets in unit.page_lists):
                break
        timing = replace(fragment.timing, layouts=layouts, crowded=crowded, outgrown=len(self._outgrown))
        return order, replace(fragment, timing=timing)
