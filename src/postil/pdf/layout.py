"""An order laid out: a unit's pages, with the annotations beside them or at their foot, as a fragment of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from postil.document import ROLES, Book, Image
from postil.fonts import Shelf
from postil.pdf import margin
from postil.pdf.boxes import Engine, Layouter, PageBox, WordReader, links_and_bookmarks
from postil.pdf.composition import Document, compose, endnotes, long_annotations
from postil.pdf.fragment import Fragment, Page, Rect, Tag
from postil.pdf.order import LayoutOrder
from postil.pdf.resources import FONTS_OF_LAST_RESORT, Fetcher, Messages
from postil.pdf.structure import Tagging
from postil.pdf.units import blocks
from postil.source import Position, Source
from postil.targets import Timing

Styles = Mapping[str, Source]
"""The style sheets by file name."""

STRAY = 6
"""How far an annotation may be from its place, in lines of text."""
BETWEEN = 5.0
"""The least space between two annotations, in points."""
SHORTEST = 8
"""How many lines a page may run short so that no note is put off to the next page."""
NARROWEST = 36.0
"""The least width of a column that annotations can be set in, in points."""
WORDS_KEPT_WHOLE = 2
"""How often a page may be laid out again to be rid of a hyphen where the leaf is turned."""
LEGIBLE = 0.95
"""The least share of its size in which nobody minds a formula."""
BREAK_IT = "break it with '\\\\' in an aligned or a multline, or make several of it"
SIMPLER = "look for something unusual in this part, such as very deep nesting, and make it simpler"


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as it is drawn: what fills in its head, its folio and its late numbers."""

    layouter: Layouter
    box: PageBox
    places: Mapping[Element, int]

    def bind(self, number: Callable[[str, str], str]) -> tuple[str, ...]:
        """Fill in the numbers on the page, which `number` knows by kind and target.

        Returns the targets for whose numbers their lines have no room.
        """
        return self.layouter.bind(self.box, number)

    def mark(self, keyword: str, words: str, place: Rect) -> None:
        """Set words beside the text, in the style of one of the page's margin boxes."""
        self.layouter.mark(self.box, keyword, words, place)

    def furnish(self, strings: Mapping[str, str]) -> None:
        """Set head and foot, for which the style sheets have these named strings."""
        self.layouter.furnish(self.box, strings)


class Typesetter:
    """Lays out the units of one edition, with its fonts and its style sheets."""

    def __init__(self, book: Book, styles: Styles) -> None:
        self._images: Mapping[str, Image] = book.images
        self.messages = Messages(book.images)
        """What is wrong with the style sheets."""
        self.engine = Engine(
            Fetcher(book.images, styles, Shelf(book.fonts)),
            book.formulas.values(),
            whole_fonts=not all(font.subset for font in book.fonts),
        )
        self.engine.add_styles(FONTS_OF_LAST_RESORT)
        for sheet in (styles[name] for name in book.edition.styles("pdf") if name in styles):
            with self.messages.listening(None, sheet):
                try:
                    self.engine.add_styles(sheet.text)
                except (RecursionError, SyntaxError):  # a selector becomes Python, in cssselect2
                    hint = "look for long or deeply nested selectors, and write them as several short ones"
                    self.messages.add("P708", "this style sheet cannot be read", sheet.position(0), hint)

    def lay_out(self, order: LayoutOrder) -> Fragment:
        """The unit of an order as pages; without any where something in it cannot be laid out, which is then said."""
        unit, messages = order.unit, Messages(self._images)
        setting = _Setting(self.engine, order)
        pages: tuple[Page, ...] = ()
        tags: tuple[Tag, ...] = ()
        drawn: tuple[DrawnPage, ...] = ()
        with messages.listening(unit.at):
            try:
                setting.run()
                if any(box.beside and box.column.right - box.column.left < NARROWEST for box in setting.boxes):
                    hint = "give its pages an annotation column, as print-annotated.css does: --gap and --column"
                    messages.add("P713", "the style sheets have no room for annotations beside the text", None, hint)
                for formula, share in (each for box in setting.boxes for each in box.squeezed):
                    if share < LEGIBLE:
                        message = f"this formula is wider than its line, and is set at {share:.0%} of its size"
                        messages.add("P720", message, formula.at or unit.at, BREAK_IT)
                tagging = Tagging(setting.layouter.document)
                pages, tags = setting.pages(), tuple(tagging.tags)
                drawn = tuple(DrawnPage(setting.layouter, box, tagging.places) for box in setting.boxes)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 -- odd contents may meet with a fault of WeasyPrint's
                message = failure(f"'{unit.name}' cannot be laid out", error)
                messages.add("P701", message, self._culprit(order), SIMPLER)
        timing = Timing(
            unit.name,
            len(pages),
            setting.layouts,
            setting.reasons["overflows"],
            setting.reasons["late notes"],
            setting.reasons["hyphens"],
            setting.reasons["crowded"],
        )
        late = tuple(setting.late.items()) if pages else ()
        notes = any(part.role is ROLES["notes"] for part in unit.parts[:1])
        return Fragment(
            unit.name, unit.matter, unit.display, notes, unit.at, pages, tags, late, messages.diagnostics, timing, drawn
        )

    def _culprit(self, order: LayoutOrder) -> Position | None:
        """Where the first block stands that cannot be laid out even by itself; else where the unit begins."""
        for alone, at in blocks(order.unit):
            try:
                _Setting(self.engine, replace(order, unit=alone, recto=True)).lay_out(())
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001
                return at
        return order.unit.at


def failure(what: str, error: Exception) -> str:
    """A message about something that broke."""
    return f"{what}: {type(error).__name__} {error}".rstrip()


class _Setting:
    """One order while it is laid out.

    `late` are the notes that stand a page after their calls, by their ids, with the indexes of the pages that call
    them.
    """

    layouter: Layouter

    def __init__(self, engine: Engine, order: LayoutOrder) -> None:
        self._engine, self._order = engine, order
        self.boxes: list[PageBox] = []
        self.late: dict[str, int] = {}
        self.layouts = 0
        self.reasons: Counter[str] = Counter()

    def run(self) -> None:
        """Lay out the unit until the foot of some page has room for each note: what has none goes into the text."""
        in_text: set[str] = set()
        while homeless := self.lay_out(in_text):
            self.reasons["crowded"] += 1
            in_text |= homeless

    def lay_out(self, in_text: Collection[str]) -> frozenset[str]:
        """Lay out the unit, with these notes set in the text; the ids of those for which the foot has no room."""
        document = Document(self._order.language, self._order.names)
        compose(document, self._order.unit.parts, dict(self._order.numbers), in_text)
        at_foot = long_annotations(document)
        self.layouter = layouter = self._engine.begin(document, recto=self._order.recto, at_foot=at_foot)
        self.boxes, self.late = [], {}
        homeless = set(layouter.notes)
        covering: set[str] = set()
        while not layouter.finished:
            page = self._settle()
            self.late |= dict.fromkeys(layouter.late(page), len(self.boxes))
            homeless.difference_update(page.ids())
            page.order_foot()
            covering.update(page.covering)
            self.boxes.append(page)
        self.layouts += layouter.layouts
        return frozenset(homeless | covering)

    def pages(self) -> tuple[Page, ...]:
        """What is known of the pages."""
        parts = self._order.unit.parts
        heads = {heading.id: heading.plain for part in parts for heading in part.headings[:1] if heading.text}
        head = self._order.unit.name
        calls = endnotes(self.layouter.document)
        reader = WordReader(self.layouter.document)
        pages: list[Page] = []
        for page in self.boxes:
            ids = page.ids()
            head = next((heads[name] for name in reversed(ids) if name in heads), head)
            links, bookmarks = links_and_bookmarks(page)
            pages.append(
                Page(
                    recto=page.recto,
                    on_right=page.on_right,
                    paper=page.paper,
                    text=page.text,
                    column=page.column,
                    leading=page.leading,
                    head=head,
                    lines=page.lines,
                    words=tuple(reader.stretches(page)),
                    ids=ids,
                    notes=page.ids_in_notes(),
                    beside=dict(page.beside),
                    foot=page.foot,
                    calls=tuple(calls[name] for name in ids if name in calls),
                    slots=tuple(slot for slot, _, _ in page.slots),
                    links=links,
                    bookmarks=bookmarks,
                )
            )
        self.layouter.close()
        return tuple(pages)

    def _settle(self) -> PageBox:
        """Lay out the next page, as often as it takes for its notes and annotations to find their places."""
        layouter = self.layouter
        layouter.reconsider()
        page = layouter.next()
        short = 0
        kept_whole = 0
        while True:
            if overflow := self._annotate(page):
                self.reasons["overflows"] += 1
                page = layouter.again(at_foot=overflow, short=short * page.leading)
            elif short < SHORTEST and layouter.late(page):
                self.reasons["late notes"] += 1
                short += 1
                page = layouter.again(short=short * page.leading)
            elif kept_whole < WORDS_KEPT_WHOLE and layouter.keep_whole():
                self.reasons["hyphens"] += 1
                kept_whole += 1
                page = layouter.again(short=short * page.leading)
            else:
                return page

    def _annotate(self, page: PageBox) -> tuple[str, ...]:
        """Place the annotations of a page; the ids of those for which it has no room."""
        called = self.layouter.called(page)
        if not called:
            return ()
        sizes = {each.id: self.layouter.size(page, each.id) for each in called}
        notes = [margin.Note(each.id, each.baseline - sizes[each.id].first, sizes[each.id].height) for each in called]
        top = page.lines[0].baseline - min(size.first for size in sizes.values())
        bottom = page.lines[-1].baseline + min(size.height - size.last for size in sizes.values())
        wide = page.figures
        edges = [top, *(edge for figure in wide for edge in (figure.top - BETWEEN, figure.bottom + BETWEEN)), bottom]
        free = tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)
        placement = margin.place(notes, margin.Column(free, BETWEEN, STRAY * page.leading))
        if not placement.overflow:
            for name, y in placement.tops.items():
                self.layouter.place(page, name, y)
        return placement.overflow
