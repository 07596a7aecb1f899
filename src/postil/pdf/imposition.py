"""The book's pages one after the other: units laid out once, annotations placed, folios given, numbers bound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote
from xml.etree.ElementTree import SubElement

from postil.document import Book, Part
from postil.manuscript import moment
from postil.pdf import margin
from postil.pdf.boxes import Galley, Press, Rect, Sheet
from postil.pdf.composition import (
    Unit,
    blank,
    blocks,
    compose,
    endnotes,
    expected_folios,
    long_annotations,
    page_lists,
    pages_of,
    units,
)
from postil.pdf.folios import Leaf
from postil.pdf.resources import Messages, Shelf
from postil.source import Position, Source

Styles = Mapping[str, Source]
"""The style sheets by file name."""

STRAY = 6
"""How far an annotation may be from its place, in lines of text."""
BETWEEN = 5.0
"""The least space between two annotations, in points."""
SHORTEST = 8
"""How many lines a page may run short so that no note is put off to the next page."""
WORDS_KEPT_WHOLE = 2
"""How often a page may be laid out again to be rid of a hyphen where the leaf is turned."""
_SIMPLER = "look for something unusual in this part, such as very deep nesting, and make it simpler"
# Pango has nothing to fall back on without any font, and crashes; and there is no grid without a leading.
FACE = """
@font-face { font-family: "Source Serif 4"; src: url("font:source-serif-4/normal?opsz=10&wght=400") }
html { font: 10pt/14pt "Source Serif 4" }
"""
ROUNDS = 4
"""How often units are laid out again because numbers outgrew their places, before the numbers are left as they are."""


@dataclass(slots=True)
class Timing:
    """How a unit was laid out: its pages, how often any of them was laid out, and why more than once."""

    unit: str
    pages: int = 0
    layouts: int = 0
    overflows: int = 0
    late_notes: int = 0
    hyphens: int = 0
    crowded: int = 0
    outgrown: int = 0


class Imposition:
    """One edition of a book on its way to paper."""

    def __init__(self, book: Book, styles: Styles, messages: Messages) -> None:
        self._book, self._messages = book, messages
        self._press = Press(Shelf(book.images, styles))
        self._press.add_styles(FACE)
        for sheet in (styles[name] for name in book.edition.styles("print") if name in styles):
            with messages.listening(None, sheet):
                try:
                    self._press.add_styles(sheet.text)
                except (RecursionError, SyntaxError):  # a selector becomes Python, in cssselect2
                    hint = "look for long or deeply nested selectors, and write them as several short ones"
                    messages.add("P708", "this style sheet cannot be read", sheet.position(0), hint)
        self._leaf = Leaf()
        self._lines: dict[str, str] = {}
        self._notes: dict[str, str] = {}
        self._broken = False
        self._composed_with: dict[str, str] = {}
        self._expected: dict[str, str] = {}
        self._outgrown: dict[str, str] = {}
        self.sheets: list[Sheet] = []
        self.folios: dict[str, str] = {}
        self.timings: list[Timing] = []

    def set(self, parts: Sequence[Part], progress: Callable[[str, float], None]) -> None:
        """Lay out all units, and again from the first in which a number outgrew its place."""
        works = units(parts)
        self._expected = expected_folios(parts)
        starts: list[tuple[Leaf, int]] = []
        first = 0
        for _ in range(ROUNDS):
            for index, unit in enumerate(works[first:], first):
                progress(unit.name, index / len(works))
                starts[index:] = [(self._leaf, len(self.sheets))]
                self.timings[index:] = [Timing(unit.name, outgrown=len(self._outgrown))]
                self._set_unit(unit, self.timings[index])
            outgrown = self._bind()
            if not outgrown:
                break
            page, targets = outgrown
            self._outgrown |= {target: self.folios.get(target, "") for target in targets}
            first = max(index for index, (_, sheets) in enumerate(starts) if sheets <= page)
            self._leaf, count = starts[first]
            del self.sheets[count:]

    def write(self) -> bytes:
        """Write all pages as one PDF."""
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
        with self._messages.listening(None), self._guarding("the PDF cannot be written"):
            return self._press.write(self.sheets, metadata, identifier=identifier, moment=int(made.timestamp()))
        return b""

    def try_drawings(self) -> None:
        """Draw each drawing once, by itself, so that what is wrong with it is said."""
        drawings = [image for image in self._book.images.values() if image.media_type == "image/svg+xml"]
        if drawings and not self._broken:
            root = blank(self._book)
            for image in drawings:
                SubElement(root[1], "img", {"src": quote(image.path), "alt": ""})
            with self._messages.listening(None), self._guarding("the drawings cannot be tried"):
                galley = self._press.galley(root, recto=True)
                while not galley.finished:
                    self._add(galley.next(), "")
                self._press.write(self.sheets, {}, identifier=b"", moment=0)

    # --- a unit ------------------------------------------------------------------------------------------------------

    def _set_unit(self, unit: Unit, timing: Timing) -> None:
        arabic = unit.matter != "front" and not self._leaf.arabic
        if (arabic or unit.opening == "recto") and not self._leaf.recto:
            self._add(self._press.galley(blank(self._book), recto=False).next(), "")
        if arabic:
            self._leaf = Leaf(arabic=True)
        leaf, sheets = self._leaf, len(self.sheets)
        in_text: set[str] = set()
        at = next(iter(unit.places), None)
        with self._messages.listening(at), self._guarding(f"'{unit.name}' cannot be laid out", unit):
            homeless, late = self._lay_out(unit, timing, in_text)
            rounds = 1
            while homeless or (self._are_listed_otherwise(unit) and rounds < ROUNDS):
                timing.crowded += bool(homeless)
                in_text |= homeless
                rounds += 1
                self._leaf = leaf
                del self.sheets[sheets:]
                homeless, late = self._lay_out(unit, timing, in_text)
            for name, folio in late.items():
                message = f"'{unit.name}': note '{name}' stands a page after its call, folio {folio}"
                self._messages.add("P706", message, at)

    def _lay_out(self, unit: Unit, timing: Timing, in_text: Collection[str]) -> tuple[frozenset[str], dict[str, str]]:
        """Lay out a unit, with these notes set in the text.

        Returns the ids of the notes for which the foot of no page has room, and those of the notes that stand a page
        after their calls, with the folios of the calls.
        """
        self._composed_with = self._expected | self.folios | self._outgrown
        root = compose(unit, self._book, self._composed_with, in_text)
        galley = self._press.galley(root, recto=self._leaf.recto, at_foot=long_annotations(root))
        heads = {heading.id: heading.plain for part in unit.parts for heading in part.headings[:1] if heading.text}
        notes = endnotes(root)
        head = unit.name
        homeless = set(galley.notes)
        begun: set[str] = set()
        late: dict[str, str] = {}
        covering: set[str] = set()
        timing.pages = 0
        while not galley.finished:
            sheet = self._settle(galley, timing)
            late |= dict.fromkeys(sheet.late, self._leaf.folio)
            here = [name for name in sheet.ids() if name in notes and f"call-{name}" in self.folios]
            for name in sheet.ids():
                if name not in begun:  # what goes on over a page is where it begins
                    self.folios[name] = self._leaf.folio
                    begun.add(name)
                head = heads.get(name, head)
                homeless.discard(name)
            sheet.order_foot()
            covering.update(sheet.covering)
            self._number_lines(sheet)
            self._add(sheet, self._notes_to(here) if unit.parts[0].role == "notes" else head, unit)
            timing.pages += 1
        timing.layouts += galley.layouts
        return frozenset(homeless | covering), late

    def _notes_to(self, notes: Sequence[str]) -> str:
        """The head of a page of endnotes: the pages that call them."""
        pages = list(dict.fromkeys(self.folios[f"call-{note}"] for note in notes))
        if len(pages) < 2:  # noqa: PLR2004 -- a range has two ends
            return self._book.words["notes_to_page"].format(pages="".join(pages))
        return self._book.words["notes_to_pages"].format(pages=f"{pages[0]}\N{EN DASH}{pages[-1]}")

    def _are_listed_otherwise(self, unit: Unit) -> bool:
        """Whether a list of pages in a unit is another one, now that it is laid out."""
        return any(
            pages_of(targets, self._composed_with) != pages_of(targets, self._composed_with | self.folios)
            for part in unit.parts
            for targets in page_lists(part.markup)
        )

    @contextmanager
    def _guarding(self, failure: str, unit: Unit | None = None) -> Iterator[None]:
        """Make a diagnostic of whatever breaks: odd contents may meet with a fault of WeasyPrint's."""
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001
            self._broken = True
            message = f"{failure}: {type(error).__name__} {error}".rstrip()
            self._messages.add("P701", message, self._culprit(unit) if unit else None, _SIMPLER)

    def _culprit(self, unit: Unit) -> Position | None:
        """Where the first block stands that cannot be laid out even by itself; else where the unit begins."""
        for single, at in blocks(unit):
            try:
                root = compose(single, self._book, self._composed_with)
                galley = self._press.galley(root, recto=True, at_foot=long_annotations(root))
                while not galley.finished:
                    self._settle(galley, Timing(unit.name))
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001
                return at
        return next(iter(unit.places), None)

    def _settle(self, galley: Galley, timing: Timing) -> Sheet:
        """Lay out the next page, as often as it takes for its notes and annotations to find their places."""
        galley.reconsider()
        sheet = galley.next()
        short = 0
        kept_whole = 0
        while True:
            if overflow := self._annotate(sheet):
                timing.overflows += 1
                sheet = galley.again(at_foot=overflow, short=short * sheet.leading)
            elif sheet.late and short < SHORTEST:
                timing.late_notes += 1
                short += 1
                sheet = galley.again(short=short * sheet.leading)
            elif kept_whole < WORDS_KEPT_WHOLE and galley.keep_whole():
                timing.hyphens += 1
                kept_whole += 1
                sheet = galley.again(short=short * sheet.leading)
            else:
                return sheet

    def _annotate(self, sheet: Sheet) -> tuple[str, ...]:
        """Place the annotations of a page; the ids of those for which it has no room."""
        called, wide = sheet.called, sheet.wide
        if not called:
            return ()
        sizes = {each.id: sheet.size(each.id) for each in called}
        notes = [margin.Note(each.id, each.baseline - sizes[each.id].first, sizes[each.id].height) for each in called]
        top = sheet.lines[0].baseline - min(size.first for size in sizes.values())
        bottom = sheet.lines[-1].baseline + min(size.height - size.last for size in sizes.values())
        edges = [top, *(edge for figure in wide for edge in (figure.top - BETWEEN, figure.bottom + BETWEEN)), bottom]
        free = tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)
        placement = margin.place(notes, margin.Column(free, BETWEEN, STRAY * sheet.leading))
        if not placement.overflow:
            for name, y in placement.tops.items():
                sheet.place(name, y)
        return placement.overflow

    # --- a page ------------------------------------------------------------------------------------------------------

    def _add(self, sheet: Sheet, head: str, unit: Unit | None = None) -> None:
        """Give a page its head and folio, where it has any, and put it behind the others."""
        display = unit is None or unit.display
        opening = sheet.number == 1
        if unit is not None and unit.matter == "body" and not sheet.recto:
            head = self._book.title.title
        folio = self._leaf.folio
        sheet.furnish(
            {
                "folio": "" if display or opening else folio,
                "drop": folio if opening and not display else "",
                "head": "" if display or opening else head,
                "stamp": "" if display else self._book.stamp,
            }
        )
        self.sheets.append(sheet)
        self._leaf = self._leaf.next

    def _number_lines(self, sheet: Sheet) -> None:
        """Number the lines of a page, where the edition has that, and put a bar beside those with changes."""
        if not self._book.edition.numbers_lines:
            return
        inner, outer = ("left", "right") if sheet.recto else ("right", "left")
        text, page = sheet.text, sheet.page
        back, gap = (
            ((page.left, text.left), (text.right, sheet.column.left))
            if sheet.recto
            else ((text.right, page.right), (sheet.column.right, text.left))
        )
        number = 0
        baseline = 0.0
        for line in sheet.lines:
            if line.baseline - baseline > 1:
                number, baseline = number + 1, line.baseline
                middle = line.baseline - sheet.leading * 0.25
                rect = Rect(back[0], middle - sheet.leading / 2, back[1], middle + sheet.leading / 2)
                sheet.mark(f"@{inner}-middle", str(number), rect)
            if line.changed:
                sheet.mark(f"@{outer}-middle", "", Rect(gap[0], line.rect.top, gap[1], line.rect.bottom))
            self._lines |= dict.fromkeys(line.ids, str(number))
        self._notes |= sheet.ids_in_notes()

    def _bind(self) -> tuple[int, tuple[str, ...]] | None:
        """Fill in all numbers; the first page with numbers that outgrew their places, and their targets."""
        first = None
        for index, sheet in enumerate(self.sheets):
            outgrown = tuple(target for target in sheet.bind(self._number) if target not in self._outgrown)
            first = first or ((index, outgrown) if outgrown else None)
        return first

    def _number(self, kind: str, target: str) -> str:
        number = self.folios.get(target) if kind == "page" else self._line(target)
        if number is None:
            self._messages.add("P705", f"no page has '{target}', whose {kind} is asked for", None)
            return "?"
        return number

    def _line(self, target: str) -> str | None:
        """The number of the line on which something stands, or on which the note is called that it stands in."""
        while target not in self._lines and target in self._notes:
            target = f"call-{self._notes[target]}"
        return self._lines.get(target)
