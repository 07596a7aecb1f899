"""The BibTeX files of a title, one after the other, for each knows what stands in those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from postil.bibliography.reading.bibtex.conversion import is_work, items_of_bibtex
from postil.bibliography.reading.bibtex.grammar import Record, records
from postil.bibliography.reading.bibtex.inheritance import lent, without_circles
from postil.bibliography.reading.bibtex.queries import field_diagnostics
from postil.document import Reference
from postil.source import Diagnostic, Source
from postil.store import Store


@dataclass(slots=True)
class BibtexFiles:
    """Reads BibTeX files, and keeps what later ones may use of them: their strings, and the fields of their entries.

    `language` is that of entries which name none.
    """

    cache: Store | None
    language: str
    strings: dict[str, str] = field(default_factory=dict)
    _records: dict[str, Record] = field(default_factory=dict)

    def read(self, source: Source) -> tuple[Sequence[Reference], tuple[Diagnostic, ...]]:
        """The references of the next file, and everything that is wrong with it."""
        read, malformed = records(source, self.strings)
        first = {record.key: record for record in reversed(read)}
        own, circles = without_circles(source, list(reversed(first.values())))
        borrowed = lent(own, self._records)
        converted, rejected = items_of_bibtex(source, [*own, *borrowed], self.cache, self.language)
        # an entry that pandoc rejects is there all the same, so that no citation of it is said to be wrong
        items = dict(converted) | {
            r.key: {"id": r.key, "type": "document"} for r in own if r.key not in converted and is_work(r)
        }
        references = [
            Reference(r.key, items[r.key], source, r.span, tuple((f.name, f.name_span.start) for f in r.fields))
            for r in read
            if r.key in items
        ]
        queries = tuple(field_diagnostics(source, read, self._records))
        self._records |= {record.key: record for record in own}
        return references, (*malformed, *circles, *rejected, *queries)
