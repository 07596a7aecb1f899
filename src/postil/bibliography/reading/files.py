"""The files of a bibliography, of every kind that people have, read into one set of references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from postil.bibliography.reading.bibtex.files import BibtexFiles
from postil.bibliography.reading.csl.json_file import read_json
from postil.bibliography.reading.csl.yaml_file import read_yaml
from postil.bibliography.reading.ris import read_ris
from postil.bibliography.reading.variables import ending
from postil.document import Reference
from postil.source import Diagnostic, Source
from postil.store import Store

Read = tuple[Sequence[Reference], tuple[Diagnostic, ...]]


def read_files(
    sources: Sequence[Source], cache: Store | None, language: str
) -> tuple[Mapping[str, Reference], tuple[Diagnostic, ...]]:
    """The references of all files by key, later files overriding earlier ones, and everything wrong with their form.

    The ending of a file's name says what it is: `.bib` (BibTeX, BibLaTeX), `.json` (CSL-JSON), `.yaml` or `.yml`
    (the same in YAML), `.ris`. One bad entry never keeps the rest from being read. `language` is that of BibTeX
    entries which name none.
    """
    references: dict[str, Reference] = {}
    found: list[Diagnostic] = []
    bibtex = BibtexFiles(cache, language)
    readers: Mapping[str, Callable[[Source], Read]] = {
        "bib": bibtex.read,
        "json": read_json,
        "yaml": read_yaml,
        "yml": read_yaml,
        "ris": read_ris,
    }
    for source in sources:
        reader = readers.get(ending(source))
        if reader is None:
            hint = f"the endings that are known: {', '.join(f'.{known}' for known in readers)}"
            found.append(
                source.diagnostic("P203", 0, f"'{source.path}' is no kind of bibliography that is known", hint)
            )
            continue
        strings = len(bibtex.strings)
        read, wrong = reader(source)
        found += wrong
        # a BibTeX file of nothing but strings is one that later files use
        if not (read or wrong) and len(bibtex.strings) == strings:
            found.append(source.diagnostic("P233", 0, f"there is no entry in '{source.path}'"))
        own: dict[str, Reference] = {}
        for reference in read:
            if reference.key in own:
                found.append(_repeated(reference, own[reference.key]))
            else:
                own[reference.key] = reference
        found += [_overriding(own[key], references[key]) for key in own if key in references]
        references |= own
    return references, tuple(found)


def _repeated(reference: Reference, first: Reference) -> Diagnostic:
    line = first.source.position(first.span.start).line
    message = f"the key '{reference.key}' is given twice in this file; the first entry counts"
    return reference.source.diagnostic("P207", reference.span, message, f"the first is in line {line}")


def _overriding(reference: Reference, before: Reference) -> Diagnostic:
    place = before.source.position(before.span.start)
    message = f"the entry '{reference.key}' takes the place of the one in {place.path}, line {place.line}"
    return reference.source.diagnostic("P208", reference.span, message)
