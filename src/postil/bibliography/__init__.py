"""The bibliography of a title: `load` its library, `check` that against the chapters, and `cite` from it.

The rooms of this package, each of which knows those before it: `programs` asks other programs, `markup` has their
forms of words, `reading` reads the files of references, `style` citation styles, `checking` says what an editor would
query, and `citing` sets citations and the list of works through a citation engine.
"""

from postil.bibliography.citing.arrangement import Formatted
from postil.bibliography.citing.punctuation import as_sentence, bracketed, stop_inside
from postil.bibliography.citing.stream import Entry, Stream
from postil.bibliography.groups import grouped
from postil.bibliography.library import Cited, Library, load
from postil.bibliography.markup.csl import paragraphs
from postil.bibliography.markup.inlines import reference_id
from postil.bibliography.reading.variables import texts
from postil.bibliography.style.shipped import styles

__all__ = [
    "Cited",
    "Entry",
    "Formatted",
    "Library",
    "Stream",
    "as_sentence",
    "bracketed",
    "grouped",
    "load",
    "paragraphs",
    "reference_id",
    "stop_inside",
    "styles",
    "texts",
]
