"""The bibliography: reference files read and checked, citations and the list of works set in a style."""

from postil.bibliography.checks import check_citations, check_style
from postil.bibliography.citations import Entry, Formatted, Stream, as_sentence, format_citations
from postil.bibliography.load import load
from postil.bibliography.style import Style, named, read, styles
from postil.bibliography.tree import reference_id

__all__ = [
    "Entry",
    "Formatted",
    "Stream",
    "Style",
    "as_sentence",
    "check_citations",
    "check_style",
    "format_citations",
    "load",
    "named",
    "read",
    "reference_id",
    "styles",
]
