"""The laid-out page as boxes: everything that reaches into WeasyPrint's private API, and nothing else.

WeasyPrint lays a document out in one go. Here a unit of the book is laid out page by page, so that the annotations
beside a page are placed, and those without room sent to its foot, before the next page is begun. Every annotation is
built as a footnote; those that are not in the context's list of footnotes leave no trace on the page but the empty box
of their call, and are laid out by themselves, once, for the margin.

Lengths are points; WeasyPrint's own are CSS pixels.
"""

from postil.pdf.boxes import libraries  # noqa: F401 -- before all that imports WeasyPrint
from postil.pdf.boxes.galley import Galley
from postil.pdf.boxes.press import BASE, Press
from postil.pdf.boxes.sheet import Called, Line, NoteSize, Sheet
from postil.pdf.boxes.tree import Rect

__all__ = ["BASE", "WEASYPRINT", "Called", "Galley", "Line", "NoteSize", "Press", "Rect", "Sheet"]

# The version whose private API these modules were written against.
WEASYPRINT = "70.0"
