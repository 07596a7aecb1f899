"""What is cited, as a reader meets it: the footnotes of a book, or of a chapter with a list of works of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from postil.document import Citation


@dataclass(frozen=True, slots=True)
class Entry:
    """One footnote of a series: one that a citation in the text makes (`generated`), or an author's.

    `citations` are what is cited in it, each under its own id. With the first entry of a chapter the works are cited
    `anew`: in full, as if none had been cited before.
    """

    citations: tuple[tuple[str, Citation], ...]
    generated: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Everything that one list of works serves.

    `series` is every footnote in order. `apart` are the citations of annotations, by their ids: the footnotes are the
    same without them. `nocite` are the keys of works that stand in the list uncited.
    """

    series: tuple[Entry, ...]
    apart: tuple[tuple[str, Citation], ...] = ()
    nocite: tuple[str, ...] = ()

    def citations(self) -> Iterator[tuple[str, Citation]]:
        """Every citation with its id, those of annotations last."""
        for entry in self.series:
            yield from entry.citations
        yield from self.apart

    def names(self) -> Mapping[str, str]:
        """What an engine calls each citation, by its id: its number, "c0", "c1" and so on.

        An id says where the citation stands in its file. The engine is not told, so that its answer can be used again
        when only the words around the citations change.
        """
        return {identifier: f"c{number}" for number, (identifier, _) in enumerate(self.citations())}
