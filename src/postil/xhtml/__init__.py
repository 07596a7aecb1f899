"""A book as XHTML parts: one composition for the printed page, one for the reflowing EPUB, from the same serializer."""

from postil.xhtml.printed import printed
from postil.xhtml.reflowed import reflowed

__all__ = ["printed", "reflowed"]
