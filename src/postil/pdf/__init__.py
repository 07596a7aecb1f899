"""A book's parts laid out and written as one PDF, and what can be known of that beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from postil.document import Book, Part
from postil.garbage import collecting_rarely
from postil.pdf.imposition import FACE, Imposition, Styles, Timing
from postil.pdf.resources import FONTS, Messages, characters
from postil.source import Diagnostic

__all__ = ["FONTS", "Printed", "Styles", "Timing", "examine", "letters", "render"]


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF: its bytes, the number of its pages, the folio on which each id stands, and how it was made."""

    pdf: bytes = field(repr=False)
    pages: int
    folios: Mapping[str, str]
    timings: tuple[Timing, ...]
    diagnostics: tuple[Diagnostic, ...]


def render(
    book: Book, parts: Sequence[Part], styles: Styles, progress: Callable[[str, float], None] = lambda *_: None
) -> Printed:
    """Lay out the parts of a book, given in their order, and write them as one PDF.

    `progress` hears which part is next, and what share of the work is done.
    """
    messages = Messages(book.images)
    with collecting_rarely():
        imposition = Imposition(book, styles, messages)
        imposition.set(parts, progress)
        pdf = imposition.write()
    return Printed(pdf, len(imposition.sheets), imposition.folios, tuple(imposition.timings), messages.diagnostics)


def examine(book: Book, styles: Styles) -> tuple[Diagnostic, ...]:
    """What is wrong with a book's style sheets and drawings for print, found without laying out its text."""
    messages = Messages(book.images)
    Imposition(book, styles, messages).try_drawings()
    return messages.diagnostics


def letters(book: Book, styles: Styles) -> tuple[frozenset[str], ...]:
    """The characters of each font that an edition is printed in."""
    return characters([FACE, *(styles[name].text for name in book.edition.styles("print") if name in styles)])
