"""Where an entry has each of its variables, and under which name, in whatever kind of file it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from postil.bibliography.facts import facts
from postil.document import Reference
from postil.programs.cache import texts_in
from postil.source import Position, Source

OWN_NAMES = {"bib": "bibtex-names", "ris": "ris-names"}
"""The tables with the names that a kind of file has for the variables of CSL."""


def place(reference: Reference, variable: str) -> int:
    """Where an entry has a variable, under whatever name its file has for it; the entry's start where it has not."""
    kind = ending(reference.source)
    names = (variable, *(facts()[OWN_NAMES[kind]].get(variable, ()) if kind in OWN_NAMES else ()))
    return next((at for wanted in names for name, at in reference.fields if name == wanted), reference.span.start)


def texts(reference: Reference) -> Iterator[tuple[str, Callable[[], Position]]]:
    """Every text in an entry, with what says its place."""
    for variable, value in reference.item.items():
        at = partial(_position, reference, variable)
        yield from ((text, at) for text in texts_in(value))


def _position(reference: Reference, variable: str) -> Position:
    return reference.source.position(place(reference, variable))


def called(reference: Reference, variable: str) -> str:
    """A variable by the name that the entry's file has for it: `DOI` is `doi` in BibTeX and `DO` in RIS."""
    kind = ending(reference.source)
    if kind not in OWN_NAMES:
        return variable
    # some types of BibTeX have a name of their own: the publisher of a thesis is its institution
    own = facts()["bibtex-names-of"].get(reference.type, {}) if kind == "bib" else {}
    return str(own.get(variable) or facts()[OWN_NAMES[kind]].get(variable, [variable])[0])


def ending(source: Source) -> str:
    """The ending of a file's name, in small letters, which says of what kind it is."""
    return source.path.rpartition(".")[2].lower()
