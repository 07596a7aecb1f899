"""What is wrong between the text and its bibliography: works cited that it lacks, works in it that nobody cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from postil.bibliography.checking.folding import NAMED
from postil.document import BibliographySettings, Chapter, Citation, Cite, Parsed, Reference, walk
from postil.guesses import Guesses
from postil.manuscript.places import Places
from postil.source import Diagnostic


def check_citations(
    chapters: Sequence[Chapter[Parsed]], references: Mapping[str, Reference], nocite: Iterable[str] = ()
) -> tuple[Diagnostic, ...]:
    """The citations whose key is unknown, and, as notes, the entries that are cited nowhere in the title."""
    found: list[Diagnostic] = []
    cited = set(nocite)
    files = sorted({reference.source.path for reference in references.values()})
    where = f"in {' or '.join(files)}" if files else "in the bibliography"
    otherwise = "add the entry, or mend the key"
    if not files:
        otherwise = "add the entry to a file that book.toml names under [bibliography]"
    guesses = Guesses(references)
    for chapter in chapters:
        for cite in cites(chapter):
            cited.add(cite.key)
            if cite.key in references:
                continue
            near = guesses.of(cite.key)
            hint = f"did you mean '{near}'?" if near else otherwise
            message = f"citation key '{cite.key}' is not {where}"
            found.append(chapter.source.diagnostic("P201", cite.span, message, hint))
    return (*found, *_uncited([reference for key, reference in references.items() if key not in cited]))


def uncited(
    settings: BibliographySettings, references: Mapping[str, Reference], places: Places
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """The keys of works that `nocite` puts into the list of works, and a report of each that the bibliography lacks."""
    if "*" in settings.nocite:
        return tuple(references), ()
    guesses = Guesses(references)
    found = (
        Diagnostic(
            "P201",
            f"the key '{key}' in 'nocite' is not in the bibliography",
            places.position("bibliography", "nocite", index),
            f"did you mean '{near}'?" if (near := guesses.of(key)) else "add the entry, or mend the key",
        )
        for index, key in enumerate(settings.nocite)
        if key not in references
    )
    return tuple(key for key in settings.nocite if key in references), tuple(found)


def cites(chapter: Chapter[Parsed]) -> Iterator[Cite]:
    """Every work that a chapter cites: in its text, its notes, its annotations and their threads."""
    for text in chapter.texts:
        for node in walk(text):
            if isinstance(node, Citation):
                yield from node.cites


def _uncited(references: Sequence[Reference]) -> Iterator[Diagnostic]:
    for path in sorted({reference.source.path for reference in references}):
        own = [reference for reference in references if reference.source.path == path]
        # a file with many of them is somebody's whole library, most of which belongs to other books
        if len(own) > NAMED:
            yield own[0].source.diagnostic("P217", 0, f"{len(own)} entries of this file are never cited")
            continue
        for reference in own:
            yield reference.source.diagnostic("P217", reference.span, f"the entry '{reference.key}' is never cited")
