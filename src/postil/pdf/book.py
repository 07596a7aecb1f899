"""A book on its way to paper: its units laid out, numbered and put together, in rounds until every number has room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from postil.document import ROLES, Book, Markup, Part
from postil.manuscript import moment
from postil.pdf.assembly import Assembly
from postil.pdf.boxes import Furnisher
from postil.pdf.composition import Document
from postil.pdf.expectation import Expectation, expected
from postil.pdf.file import File
from postil.pdf.folio import Folio
from postil.pdf.fragment import Fragment
from postil.pdf.layout import SIMPLER, Styles, Typesetter, failure
from postil.pdf.metadata import Description
from postil.pdf.numbering import PageMap, number, opening
from postil.pdf.order import Blank, LayoutOrder, Orders
from postil.pdf.units import Unit, units
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
        self._laid_out: dict[str, Fragment] = {}  # by the digests of orders
        self._begin: list[Folio] = []  # the folio of the first page of each fragment
        self.orders: list[LayoutOrder] = []
        self.fragments: list[Fragment] = []
        self.numbers: PageMap = number(())

    def set(self, parts: Sequence[Part], progress: Callable[[str, float], None]) -> None:
        """Lay out all units, and again those whose numbers turn out to have another form than was expected."""
        blanks = [self._orders.blank(unit) for unit in units(parts)]
        slots = [slot for blank in blanks for slot in blank.slots]
        known = expected(parts)
        for _ in range(ROUNDS):
            self._set_units(blanks, known, progress)
            self.numbers = number(self.fragments)
            known, before = known.learned(self.numbers, slots), known
            if not any(_changed(blank, before, known) for blank in blanks):
                break
        self._tell()

    def write(self) -> bytes:
        """Write all pages as one PDF; nothing where that fails, which is then said."""
        title, engine = self._book.title, self._typesetter.engine
        with self._messages.listening(None):
            try:
                assembly = Assembly(self._book, self.fragments, self.numbers, self._furnisher)
                file = File(self.fragments, engine)
                for sheet in assembly.sheets():
                    file.add(sheet)
                for target in dict.fromkeys(file.dangling):
                    self._messages.add("P705", f"no page has '{target}', to which there is a link", None)
                for fragment, slot in assembly.outgrown:
                    message = f"the number of the {slot.of} of '{slot.target}' found no room"
                    self._messages.add("P715", message, fragment.at, "change some words of the paragraph that names it")
                first = next(page for fragment in self.fragments for page in fragment.pages)
                return file.written(
                    Description(
                        ": ".join(filter(None, (title.title, title.subtitle))),
                        tuple(each.name for each in title.authors),
                        title.description or "",
                        tuple(title.subjects),
                        title.language,
                        moment(title),
                        sha256(f"{title.identifier} {self._book.edition.name}".encode()).digest()[:16],
                        leftward=first.recto != first.on_right,
                    )
                )
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
        self._add(self._orders.blank(Unit((part,))).filled_in(recto=True, numbers=expected(())), Folio())

    # --- units -------------------------------------------------------------------------------------------------------

    def _set_units(self, blanks: Sequence[Blank], known: Expectation, progress: Callable[[str, float], None]) -> None:
        """Lay out each unit behind the one before, with what is known of numbers."""
        self.orders, self.fragments, self._begin = [], [], []
        folio = Folio()
        for index, blank in enumerate(blanks):
            unit = blank.order.unit
            progress(unit.name, index / len(blanks))
            begins = opening(folio, unit.matter)
            if (begins != folio or unit.opening == "recto") and not folio.recto:
                self._add(self._orders.blank(EMPTY).filled_in(recto=False, numbers=known), folio)
                begins = opening(folio.next, unit.matter)
            self._add(blank.filled_in(recto=begins.recto, numbers=known), begins)
            folio = begins.after(len(self.fragments[-1].pages))

    def _add(self, order: LayoutOrder, begins: Folio) -> None:
        self.orders.append(order)
        self.fragments.append(self._lay_out(order))
        self._begin.append(begins)

    def _lay_out(self, order: LayoutOrder) -> Fragment:
        """The fragment of an order, which is laid out once."""
        digest = order.digest()
        if digest not in self._laid_out:
            self._laid_out[digest] = self._typesetter.lay_out(order)
        return self._laid_out[digest]

    def _tell(self) -> None:
        """Say which notes stand late, and which numbers are asked for that nothing has."""
        for order, fragment, begins in zip(self.orders, self.fragments, self._begin, strict=True):
            for note, index in fragment.late:
                folio = begins.after(index).printed
                message = f"'{fragment.name}': note '{note}' stands a page after its call, folio {folio}"
                self._messages.add("P706", message, fragment.at)
            for slot, _ in order.numbers:
                if self.numbers.number(slot) is None:
                    self._messages.add("P705", f"no page has '{slot.target}', whose {slot.of} is asked for", None)

    def _furnisher(self) -> Furnisher:
        """What draws heads and folios."""
        order = self._orders.blank(EMPTY).order
        return self._typesetter.engine.furnisher(Document(order.language, order.names))


def _changed(blank: Blank, before: Expectation, after: Expectation) -> bool:
    """Whether a unit is to be laid out otherwise than before, now that more is known."""
    return blank.filled_in(recto=True, numbers=before) != blank.filled_in(recto=True, numbers=after)
