"""What is wrong between the text and its bibliography: works cited that it lacks, works in it that nobody cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from postil.bibliography.checking.folding import NAMED
from postil.bibliography.checking.identifiers import RESOLVER
from postil.bibliography.reading.bibtex.inheritance import INHERITED
from postil.document import BibliographySettings, Chapter, Citation, Cite, Parsed, Reference, walk
from postil.guesses import Guesses
from postil.manuscript.places import Places
from postil.source import Diagnostic, Source

VALUE = re.compile(r"\w+\s*=\s*[{\"]([^{}\"]*)")


def check_citations(
    chapters: Sequence[Chapter[Parsed]], references: Mapping[str, Reference], nocite: Iterable[str] = ()
) -> tuple[Diagnostic, ...]:
    """The citations whose key is unknown, and, as notes, the entries that are cited nowhere in the title.

    A citation may name a work by its DOI: `@doi:10.1000/182`.
    """
    found: list[Diagnostic] = []
    cited = set(nocite)
    files = sorted({reference.source.path for reference in references.values()})
    where = f"in {' or '.join(files)}" if files else "in the bibliography"
    dois = by_doi(references)
    guesses = Guesses(references)
    for chapter in chapters:
        for citation in citations(chapter):
            for cite in citation.cites:
                key = dois.get(cite.key.lower(), cite.key)
                cited.add(key)
                if key in references:
                    continue
                if whole := _whole(chapter.source, cite, references):
                    cited.add(whole)
                    hint = f"a key with such a sign stands in braces: @{{{whole}}}"
                elif near := guesses.of(cite.key):
                    hint = f"did you mean '{near}'?"
                else:
                    hint = _remedy(cite, citation, chapter.source, files)
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
    at = cite.span
    if source.text[at.start - 1 : at.start] == "(" and source.text[at.end : at.end + 1] == ")":
        label = source.text[at.start : at.end]
        return f"begin an example with '({label})' if this is its number; write '[{label}]' for a work, and {entry}"
    behind = re.compile(r"@[\w.-]*\w").match(source.text, cite.span.end)
    meant = f"{source.text[cite.span.start : cite.span.end]}{behind[0] if behind else ''}"
    return f"write '\\{meant}' if this is no citation; or {entry}"


def check_faults(
    faults: Iterable[Diagnostic],
    chapters: Sequence[Chapter[Parsed]],
    references: Mapping[str, Reference],
    nocite: Iterable[str],
) -> Iterator[Diagnostic]:
    """The faults of entries: an error where the title cites the entry, or one that takes fields over from it.

    A fault that is in no entry has kept one from being read: where that is cited, its key is unknown. In a file of
    which nothing could be read, it is an error.
    """
    read = {reference.source.path for reference in references.values()}
    dois = by_doi(references)
    wanted = [*nocite, *(dois.get(cite.key.lower(), cite.key) for chapter in chapters for cite in cites(chapter))]
    cited: dict[str, Reference] = {}
    while wanted:
        key = wanted.pop()
        if key in references and key not in cited:
            cited[key] = references[key]
            wanted += _lenders(references[key])
    spans = [(r.source.position(r.span.start), r.source.position(r.span.end)) for r in cited.values()]
    for fault in faults:
        at = fault.position
        is_cited = at is None or any(start <= at <= end and start.path == at.path for start, end in spans)
        is_cited = is_cited or (at is not None and at.path not in read)
        yield fault if is_cited else replace(fault, code="P235")


def _lenders(reference: Reference) -> Iterator[str]:
    """The keys of entries from which an entry takes fields over."""
    for name, at in reference.fields:
        if name in INHERITED and (value := VALUE.match(reference.source.text, at, reference.span.end)):
            yield from (key.strip() for key in value[1].split(","))


def by_doi(references: Mapping[str, Reference]) -> Mapping[str, str]:
    """The keys of works, by what a citation may call them after their DOI, in small letters: `doi:10.1000/182`."""
    found = ((key, str(reference.item.get("DOI", ""))) for key, reference in references.items())
    return {f"doi:{RESOLVER.sub('', doi).lower()}": key for key, doi in found if doi and f"doi:{doi}" not in references}


def _whole(source: Source, cite: Cite, references: Mapping[str, Reference]) -> str:
    """The key of a work, such as "o'neil2001", of which only a part was read: the "o" before the sign that ends it."""
    at = source.text.find("@", cite.span.start, cite.span.end) + 1
    longer = (key for key in references if len(key) > len(cite.key) and key.startswith(cite.key))
    return max((key for key in longer if at and source.text.startswith(key, at)), key=len, default="")


def cites(chapter: Chapter[Parsed]) -> Iterator[Cite]:
    """Every work that a chapter cites: in its text, its notes, its annotations and their threads."""
    return (cite for citation in citations(chapter) for cite in citation.cites)


def _uncited(references: Sequence[Reference]) -> Iterator[Diagnostic]:
    for path in sorted({reference.source.path for reference in references}):
        own = [reference for reference in references if reference.source.path == path]
        # a file with many of them is somebody's whole library, most of which belongs to other books
        if len(own) > NAMED:
            yield own[0].source.diagnostic("P217", 0, f"{len(own)} entries of this file are never cited")
            continue
        for reference in own:
            yield reference.source.diagnostic("P217", reference.span, f"the entry '{reference.key}' is never cited")
