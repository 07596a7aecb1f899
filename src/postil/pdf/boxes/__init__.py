"""The laid-out page as boxes: everything that reaches into WeasyPrint's private API, and nothing else.

WeasyPrint lays a document out in one go. Here a unit of the book is laid out page by page, so that the annotations
beside a page are placed, and those without room sent to its foot, before the next page is begun. Every annotation is
built as a footnote; those that are not in the context's list of footnotes leave no trace on the page but the empty box
of their call, and are laid out by themselves, once, for the margin.

Lengths are points; WeasyPrint's own are CSS pixels. `hooks` lists what of WeasyPrint is used that it does not promise.
"""

from postil.pdf.boxes import libraries  # noqa: F401 -- before all that imports WeasyPrint
from postil.pdf.boxes.drawing import Contents
from postil.pdf.boxes.engine import BASE, Engine
from postil.pdf.boxes.furniture import FOLIO, Furnisher
from postil.pdf.boxes.hooks import WEASYPRINT
from postil.pdf.boxes.layouter import Layouter
from postil.pdf.boxes.page import Called, NoteSize, PageBox
from postil.pdf.boxes.reading import LinkReader, WordReader

__all__ = [
    "BASE",
    "FOLIO",
    "WEASYPRINT",
    "Called",
    "Contents",
    "Engine",
    "Furnisher",
    "Layouter",
    "LinkReader",
    "NoteSize",
    "PageBox",
    "WordReader",
]
