"""A book's parts laid out and written as one PDF, and what can be known of that beforehand.

units          parts                ->  Unit: which of them run on together
order          a unit               ->  LayoutOrder: all that its pages depend on
layout         an order             ->  Fragment: its pages, laid out and drawn (composition, boxes, margin)
numbering      fragments            ->  PageMap: folios and lines
assembly       fragments, numbers   ->  Sheet: pages with heads, folios and late numbers (late)
file           sheets               ->  the PDF (structure, metadata)
book           parts                ->  all of this, in rounds until every number has room (expectation)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from postil.pdf import boxes  # isort: skip  # noqa: F401 -- it loads WeasyPrint without a compiler
from postil.document import Book, Part
from postil.fonts import Shelf, letters
from postil.garbage import collecting_rarely
from postil.pdf.book import PrintedBook
from postil.pdf.hyphenation import lacks_patterns
from postil.pdf.layout import Styles
from postil.pdf.resources import FONTS_OF_LAST_RESORT
from postil.source import Diagnostic
from postil.targets import Made, Progress, Timing
from postil.xhtml import printed as composed

__all__ = ["TARGET", "Printed", "Styles", "characters", "examine", "lacks_patterns", "render"]


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF: its bytes, the number of its pages, the folio on which each id stands, and how it was made."""

    pdf: bytes = field(repr=False)
    pages: int
    folios: Mapping[str, str]
    timings: tuple[Timing, ...]
    diagnostics: tuple[Diagnostic, ...]


def render(book: Book, parts: Sequence[Part], styles: Styles, progress: Progress = lambda *_: None) -> Printed:
    """Lay out the parts of a book, given in their order, and write them as one PDF.

    `progress` hears which part is next, and what share of the work is done.
    """
    with collecting_rarely():
        printed = PrintedBook(book, styles)
        printed.set(parts, progress)
        pdf = printed.write()
    timings = tuple(fragment.timing for fragment in printed.fragments if fragment.timing.unit)
    return Printed(pdf, len(printed.numbers.folios), printed.numbers.pages, timings, printed.diagnostics)


def examine(book: Book, styles: Styles) -> tuple[Diagnostic, ...]:
    """What is wrong with a book's style sheets and drawings for print, found without laying out its text."""
    printed = PrintedBook(book, styles)
    printed.try_drawings()
    return printed.diagnostics


def characters(book: Book, styles: Styles) -> tuple[frozenset[str], ...]:
    """The characters of each font that an edition is printed in."""
    sheets = (styles[name].text for name in book.edition.styles("pdf") if name in styles)
    named = Shelf(book.fonts).named([FONTS_OF_LAST_RESORT, *sheets])
    return tuple(dict.fromkeys(letters(font, wanted.script) for wanted, font in named))


class _Pdf:
    """The book on paper."""

    name = "pdf"

    def make(self, book: Book, progress: Progress) -> Made:
        """One PDF, with tags, in the trim size of the edition."""
        made = render(book, composed(book), book.styles, progress)
        return Made(made.pdf, made.diagnostics, made.pages, made.timings)

    def examine(self, book: Book) -> tuple[Diagnostic, ...]:
        """What is wrong with style sheets and drawings."""
        return examine(book, book.styles)


TARGET = _Pdf()
