"""Reference files into references: of every kind that people have, with the place of each and all that is wrong."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postil.bibliography.checking.entries import entry_diagnostics
from postil.bibliography.checking.folding import folded
from postil.bibliography.reading.bibtex.conversion import is_work, items_of_bibtex
from postil.bibliography.reading.bibtex.fields import field_diagnostics, lent, without_circles
from postil.bibliography.reading.bibtex.grammar import Record, records
from postil.bibliography.reading.csl.items import items_of_json, items_of_yaml
from postil.bibliography.reading.ris import items_of_ris
from postil.bibliography.reading.variables import ending
from postil.document import Reference
from postil.source import Diagnostic, Position, Source
from postil.writing import Folder

Answer = tuple[Sequence[Reference], tuple[Diagnostic, ...]]


def load(
    sources: Sequence[Source], cache: Folder | None, language: str = "en"
) -> tuple[Mapping[str, Reference], tuple[Diagnostic, ...]]:
    """The references of all files by key, later files overriding earlier ones, and everything wrong with them.

    The ending of a file's name says what it is: `.bib` (BibTeX, BibLaTeX), `.json` (CSL-JSON), `.yaml` or `.yml`
    (the same in YAML), `.ris`. One bad entry never keeps the rest from being read. `language` is the title's, in which
    the BibTeX entries are that name no other.
    """
    references: dict[str, Reference] = {}
    found: list[Diagnostic] = []
    files = _Files(cache, language)
    for source in sources:
        reader = READERS.get(ending(source))
        if reader is None:
            hint = f"the endings that are known: {', '.join(f'.{known}' for known in READERS)}"
            found.append(
                source.diagnostic("P203", 0, f"'{source.path}' is no kind of bibliography that is known", hint)
            )
            continue
        strings = len(files.strings)
        read, diagnostics = reader(source, files)
        found += diagnostics
        if not (read or diagnostics) and len(files.strings) == strings:
            found.append(source.diagnostic("P233", 0, f"there is no entry in '{source.path}'"))
        own: dict[str, Reference] = {}
        for reference in read:
            if reference.key in own:
                found.append(_repeated(reference, own[reference.key]))
            else:
                own[reference.key] = reference
        found += [_overriding(own[key], references[key]) for key in own if key in references]
        references |= own
    unread = {d.position.path for d in found if d.code == "P206" and d.position}
    read_ones = [reference for reference in references.values() if reference.source.path not in unread]
    questions = entry_diagnostics(_without("P202", read_ones, found))
    # a field that is misspelt is not missing as well
    spelt = {_start(reference) for reference in _without("P211", references.values(), found)}
    return references, tuple(folded([*found, *(d for d in questions if d.code != "P210" or d.position in spelt)]))


def _start(reference: Reference) -> Position:
    return reference.source.position(reference.span.start)


def _without(code: str, references: Iterable[Reference], found: Iterable[Diagnostic]) -> list[Reference]:
    """The references in whose entries this was not found: what the others seem to lack may only not have been read."""
    lines: dict[str, list[int]] = {}
    for position in sorted(d.position for d in found if d.code == code and d.position):
        lines.setdefault(position.path, []).append(position.line)

    def is_sound(reference: Reference) -> bool:
        broken = lines.get(reference.source.path, [])
        first, last = (reference.source.position(at).line for at in (reference.span.start, reference.span.end))
        return bisect_left(broken, first) == bisect_right(broken, last)

    return [reference for reference in references if is_sound(reference)]


def _repeated(reference: Reference, first: Reference) -> Diagnostic:
    line = first.source.position(first.span.start).line
    message = f"the key '{reference.key}' is given twice in this file; the first entry counts"
    return reference.source.diagnostic("P207", reference.span, message, f"the first is in line {line}")


def _overriding(reference: Reference, before: Reference) -> Diagnostic:
    place = before.source.position(before.span.start)
    message = f"the entry '{reference.key}' takes the place of the one in {place.path}, line {place.line}"
    return reference.source.diagnostic("P208", reference.span, message)


@dataclass(slots=True)
class _Files:
    """What reading needs besides a file: the settings, and what the BibTeX files before have for it."""

    cache: Folder | None
    language: str
    strings: dict[str, str] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)


def _bibtex(source: Source, files: _Files) -> Answer:
    read, found = records(source, files.strings)
    first = {record.key: record for record in reversed(read)}
    ending, circles = without_circles(source, list(reversed(first.values())))
    borrowed = lent(ending, files.records)
    found_items, more = items_of_bibtex(source, [*ending, *borrowed], files.cache, files.language)
    items = dict(found_items)
    # an entry that could not be read is there all the same: nothing is wrong with what cites it
    items |= {r.key: {"id": r.key, "type": "document"} for r in ending if r.key not in items and is_work(r)}
    references = [Reference(r.key, items[r.key], source, r.span) for r in read if r.key in items]
    questions = tuple(field_diagnostics(source, read, files.records, files.language))
    files.records |= {record.key: record for record in ending}
    return references, (*found, *circles, *more, *questions)


def _ris(source: Source, _: _Files) -> Answer:
    return items_of_ris(source)


def _json(source: Source, _: _Files) -> Answer:
    return items_of_json(source)


def _yaml(source: Source, _: _Files) -> Answer:
    return items_of_yaml(source)


READERS: Mapping[str, Callable[[Source, _Files], Answer]] = {
    "bib": _bibtex,
    "json": _json,
    "yaml": _yaml,
    "yml": _yaml,
    "ris": _ris,
}
