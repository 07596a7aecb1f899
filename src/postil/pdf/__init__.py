"""A book's parts laid out and written as one PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from postil.document import Book, Part
from postil.garbage import collecting_rarely
from postil.pdf.imposition import Imposition, Timing, style_names
from postil.pdf.resources import Messages
from postil.source import Diagnostic

__all__ = ["Printed", "Styles", "Timing", "render", "style_names"]

Styles = Mapping[str, str]
"""The texts of the style sheets by file name."""


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
    messages = Messages()
    with collecting_rarely():
        imposition = Imposition(book, styles, messages)
        imposition.set(parts, progress)
        pdf = imposition.write()
    return Printed(pdf, len(imposition.sheets), imposition.folios, tuple(imposition.timings), messages.diagnostics)
