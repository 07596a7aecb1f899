"""What is wrong between the text and its bibliography: works cited that it lacks, works in it that nobody cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from postil.bibliography.checking.folding import NAMED
from postil.document import BibliographySettings, Chapter, Citation, Cite, Parsed, Reference, walk
from postil.guesses import Guesses
from postil.manuscript.places import Places
from postil.source import Diagnostic, Source


def check_citations(
    chapters: Sequence[Chapter[Parsed]], references: Mapping[str, Reference], nocite: Iterable[str] = ()
) -> tuple[Diagnostic, ...]:
    """The citations whose key is unknown, and, as notes, the entries that are cited nowhere in the title."""
    found: list[Diagnostic] = []
    cited = set(nocite)
    files = sorted({reference.source.path for reference in references.values()})
    where = f"in {' or '.join(files)}" if files else "in the bibliography"
    guesses = Guesses(references)
    for chapter in chapters:
        for citation in citations(chapter):
            for cite in citation.cites:
                cited.add(cite.key)
                if cite.key in references:
                    continue
                near = guesses.of(cite.key)
                hint = f"did you mean '{near}'?" if near else _remedy(cite, citation, chapter.source, files)
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


def citations(chapter: Chapter[Parsed]) -> Iterator[Citation]:
    """Every citation of a chapter: in its text, its notes, its annotations and their threads."""
    return (node for text in chapter.texts for node in walk(text) if isinstance(node, Citation))


def _remedy(cite: Cite, citation: Citation, source: Source, files: Sequence[str]) -> str:
    """What to write instead of a key that no work has: a name may have been meant, as of a decorator or an account."""
    entry = "add the entry" if files else "add the entry to a file that book.toml names under [bibliography]"
    if not citation.in_text or any(map(str.isdigit, cite.key)):
        return f"{entry}, or mend the key"
    behind = re.compile(r"@[\w.-]*\w").match(source.text, cite.span.end)
    meant = f"{source.text[cite.span.start : cite.span.end]}{behind[0] if behind else ''}"
    return f"write '\\{meant}' if this is no citation; or {entry}"


def _uncited(references: Sequence[Reference]) -> Iterator[Diagnostic]:
    for path in sorted({reference.source.path for reference in references}):
        own = [reference for reference in references if reference.source.path == path]
        # a file with many of them is somebody's whole library, most of which belongs to other books
        if len(own) > NAMED:
            yield own[0].source.diagnostic("P217", 0, f"{len(own)} entries of this file are never cited")
            continue
        for reference in own:
            yield reference.source.diagnostic("P217", reference.span, f"the entry '{reference.key}' is never cited")
