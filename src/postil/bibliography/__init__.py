"""The bibliography: reference files read and checked, citations and the list of works set in a style."""

from postil.bibliography.answers import texts
from postil.bibliography.checks import check_citations, check_style, uncited
from postil.bibliography.citations import Entry, Formatted, Stream, format_citations
from postil.bibliography.corrections import stop_inside
from postil.bibliography.groups import check_groups, grouped
from postil.bibliography.load import load
from postil.bibliography.markup import paragraphs
from postil.bibliography.places import place
from postil.bibliography.sentence import as_sentence, bracketed
from postil.bibliography.style import Style, named, read, styles
from postil.bibliography.tree import reference_id

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
    "read",
    "reference_id",
    "stop_inside",
    "styles",
    "texts",
    "uncited",
]
