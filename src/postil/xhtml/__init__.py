"""A book composed as XHTML: once for the printed page, once for the reflowing EPUB, and written down."""

from postil.xhtml.lists import numbers
from postil.xhtml.printed import printed
from postil.xhtml.reflowed import reflowed
from postil.xhtml.writer import VOID, written

__all__ = ["VOID", "numbers", "printed", "reflowed", "written"]
