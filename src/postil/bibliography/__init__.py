"""The bibliography: reference files read and checked, citations and the list of works set in a style."""

from postil.bibliography.checking.citations import check_citations, uncited
from postil.bibliography.checking.style import check_style
from postil.bibliography.citing.arrangement import Formatted
from postil.bibliography.citing.format import format_citations
from postil.bibliography.citing.punctuation import as_sentence, bracketed, stop_inside
from postil.bibliography.citing.stream import Entry, Stream
from postil.bibliography.groups import check_groups, grouped
from postil.bibliography.library import load
from postil.bibliography.markup.csl import paragraphs
from postil.bibliography.markup.inlines import reference_id
from postil.bibliography.programs.cache import texts
from postil.bibliography.reading.variables import place
from postil.bibliography.style.file import Style, read_style
from postil.bibliography.style.shipped import named, styles

__all__ = [
    "Entry",
    "Formatted",
    "Stream",
    "Style",
    "as_sentence",
    "bracketed",
    "check_citations",
    "check_groups",
    "check_style",
    "format_citations",
    "grouped",
    "load",
    "named",
    "paragraphs",
    "place",
    "read_style",
    "reference_id",
    "stop_inside",
    "styles",
    "texts",
    "uncited",
]
