"""An order laid out: a unit's pages, with the annotations beside them or at their foot, as a fragment of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from postil.document import ROLES, Book, Image
from postil.fonts import Shelf
from postil.pdf import margin
from postil.pdf.boxes import Contents, Engine, Layouter, LinkReader, PageBox, WordReader
from postil.pdf.composition import Document, compose, endnotes, long_annotations
from postil.pdf.fragment import Fragment, Link, Page, Supplies, Tag
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
RUNNING = "set a named string instead: h2 { string-set: section content() } and content: string(section)"
SIMPLER = "look for something unusual in this part, such as very deep nesting, and make it simpler"


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
        supplies = Supplies()
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
                for name in sorted(setting.layouter.runs):
                    message = f"style sheets take '{name}' out of the text to run at the heads of pages"
                    messages.add("P714", message, None, RUNNING)
                pages, tags, supplies = setting.drawn()
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
            unit.name,
            unit.matter,
            unit.display,
            notes,
            unit.at,
            pages,
            tags,
            late,
            messages.diagnostics,
            timing,
            supplies,
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
        order = self._order
        document = Document(order.language, order.names)
        compose(document, order.unit.parts, dict(order.numbers), dict(order.lists), in_text)
        at_foot = long_annotations(document)
        self.layouter = layouter = self._engine.begin(document, recto=order.recto, at_foot=at_foot)
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

    def drawn(self) -> tuple[tuple[Page, ...], tuple[Tag, ...], Supplies]:
        """The pages with all that is known of them, the tags of what is on them, and what they draw on."""
        parts = self._order.unit.parts
        heads = {heading.id: heading.plain for part in parts for heading in part.headings[:1] if heading.text}
        head = self._order.unit.name
        document = self.layouter.document
        calls = endnotes(document)
        tagging = Tagging(document)
        canvas = self._engine.canvas()
        words, leads = WordReader(document), LinkReader()
        reader = Contents(tagging.tags, tagging.places)
        pages: list[Page] = []
        for page in self.boxes:
            ids = page.ids()
            notes = page.ids_in_notes()
            head = next((heads[name] for name in reversed(ids) if name in heads), head)
            self.layouter.paint(page)
            links, anchors, bookmarks = leads.read(page)
            stream = canvas.draw(page.box, {id(box): (slot, before) for box, slot, before in page.slots})
            contents = reader.read(page.box, stream, {id(box): index for index, (_, _, box) in enumerate(links)})
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
                    words=tuple(words.stretches(page)),
                    ids=ids,
                    notes=notes,
                    beside=dict(page.beside),
                    foot=page.foot,
                    calls=tuple(calls[name] for name in ids if name in calls),
                    anchors=anchors,
                    links=tuple(Link(target, rect, reader.label(box, target)) for target, rect, box in links),
                    bookmarks=bookmarks,
                    kind=page.kind(counted=self._engine.counts_pages),
                    strings=self.layouter.strings(page),
                    bleed=page.bleed,
                    ink=canvas.ink(stream),
                    contents=contents,
                )
            )
        self.layouter.close()
        return tuple(pages), tuple(tagging.tags), canvas.supplies()

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
