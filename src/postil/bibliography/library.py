"""A title's bibliography from its files to the words of its citations, in three steps: loaded, checked, cited."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from postil.bibliography.checking.citations import by_doi, check_citations, check_faults, uncited
from postil.bibliography.checking.entries import check_entries
from postil.bibliography.checking.folding import folded
from postil.bibliography.checking.style import check_style
from postil.bibliography.citing.arrangement import Formatted
from postil.bibliography.citing.format import format_citations
from postil.bibliography.citing.stream import Stream
from postil.bibliography.groups import check_groups
from postil.bibliography.reading.files import read_files
from postil.bibliography.style.file import Style, read_style
from postil.bibliography.style.shipped import named
from postil.document import Chapter, Citation, Parsed, Presented, Reference, Title, rewritten
from postil.garbage import collecting_rarely
from postil.manuscript import Manuscript
from postil.manuscript.places import Places
from postil.source import Diagnostic, Source
from postil.store import Store


@dataclass(frozen=True, slots=True)
class Cited:
    """What is made of all that a title cites: an answer to each stream, and the works that stand in any of the lists.

    `diagnostics` are what is wrong with citing in this style, and with these lists.
    """

    answers: tuple[Formatted, ...]
    listed: tuple[Reference, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """The works that a title can cite, by key, and the style in which it does: None where that cannot be used.

    `nocite` are the keys of works that stand in the list of works though nobody cites them. `places` are those of
    `book.toml`. `faults` are what keeps entries from being read as they stand.
    """

    references: Mapping[str, Reference]
    nocite: tuple[str, ...]
    style: Style | None
    title: Title
    places: Places
    faults: tuple[Diagnostic, ...] = ()

    def check(self, chapters: Sequence[Chapter[Parsed]]) -> tuple[Diagnostic, ...]:
        """The citations of chapters that name no work, the works that no chapter cites, and the faults of either."""
        faults = check_faults(self.faults, chapters, self.references, self.nocite)
        return (*faults, *check_citations(chapters, self.references, self.nocite))

    def keyed(self, chapter: Chapter[Presented]) -> Chapter[Presented]:
        """A chapter whose citations name works by their keys, also where they are written with a DOI."""
        dois = by_doi(self.references)

        def change(node: Presented) -> tuple[Presented, ...] | None:
            if not isinstance(node, Citation) or not any(cite.key.lower() in dois for cite in node.cites):
                return None
            named = (replace(cite, key=dois.get(cite.key.lower(), cite.key)) for cite in node.cites)
            return (replace(node, cites=tuple(named)),)

        return rewritten(chapter, change) if dois else chapter

    def cite(self, streams: Sequence[Stream], cache: Store | None) -> Cited:
        """What the style makes of each stream, from `cache` where an engine has been asked before."""

        def answer(stream: Stream) -> Formatted:
            if self.style is None:
                return Formatted({}, {}, {}, (), note_style=False)
            settings = self.title.bibliography
            return format_citations(stream, self.references, self.style, self.title.language, cache, settings)

        with collecting_rarely():
            if len(streams) == 1:
                answers = [answer(streams[0])]
            else:
                # an engine is a program of its own, and several of them can run at once
                with ThreadPoolExecutor(os.cpu_count()) as pool:
                    answers = list(pool.map(answer, streams))
        # a stream without any footnote, even an empty one, is that of a title without chapters, which has no list
        lists = (answer.bibliography for stream, answer in zip(streams, answers, strict=True) if stream.series)
        keys = dict.fromkeys(key for works in lists for key, _ in works)
        listed = tuple(reference for key, reference in self.references.items() if key in keys)
        wrong = (diagnostic for answer in answers for diagnostic in answer.diagnostics)
        return Cited(tuple(answers), listed, (*wrong, *self._check_lists(list(keys), listed)))

    def _check_lists(self, keys: Sequence[str], listed: Sequence[Reference]) -> Iterator[Diagnostic]:
        if self.style is not None:
            yield from check_style(listed, self.style, self.title.language)
        yield from check_groups(keys, self.references, self.title.bibliography.groups, self.places)


def load(manuscript: Manuscript, cache: Store | None) -> tuple[Library, tuple[Diagnostic, ...]]:
    """The library of a title, and everything wrong with its files, with what `book.toml` says of it and with its style.

    The faults of entries are the library's, for only what the chapters cite decides how bad they are.

    What pandoc is asked when files are read is kept in `cache`.
    """
    title, places = manuscript.title, manuscript.places
    references, found = load_references(manuscript.bibliography, cache, title.language)
    nocite, unknown = uncited(title.bibliography, references, places)
    style, unusable = _style(manuscript)
    faults = tuple(diagnostic for diagnostic in found if diagnostic.code == "P202")
    others = tuple(diagnostic for diagnostic in found if diagnostic.code != "P202")
    return Library(references, nocite, style, title, places, faults), (*others, *unknown, *unusable)


def load_references(
    sources: Sequence[Source], cache: Store | None, language: str = "en"
) -> tuple[Mapping[str, Reference], tuple[Diagnostic, ...]]:
    """The works that stand in some files, by key, and everything wrong with the files and their entries.

    `language` is that of BibTeX entries which name none: it decides about the capitals of their titles.
    """
    references, found = read_files(sources, cache, language)
    return references, tuple(folded([*found, *check_entries(references, found)]))


def _style(manuscript: Manuscript) -> tuple[Style | None, tuple[Diagnostic, ...]]:
    """The style of a title: its own, if the file could be read, or one that comes along."""
    name = manuscript.title.bibliography.style
    at = manuscript.places.position("bibliography", "style")
    if manuscript.style_source is not None:
        return read_style(name, manuscript.style_source, at)
    return (None, ()) if name.endswith(".csl") else named(name, at)
