"""What a citation engine is asked and what it answers, whichever engine it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from postil.bibliography.style.file import Style
from postil.document import Citation, Words
from postil.store import Store

Bibliography = tuple[tuple[str, tuple[Words, ...]], ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A citation at its place: the id to answer under, and the number of its note, 0 where it stands in the text.

    A citation `within` a sentence of a note is answered without a full stop. From a citation `anew` on, works are cited
    as if none had been cited before. For a citation without an id no answer is wanted: its works count as cited.
    """

    id: str
    citation: Citation
    number: int
    within: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Every citation of a book in order, with the works that it cites, in CSL-JSON, and how they are to be set.

    `nocite` are the keys of works that stand in the bibliography though nobody cites them. `locale` is a BCP 47 tag.
    """

    occurrences: tuple[Occurrence, ...]
    nocite: tuple[str, ...]
    items: Sequence[Mapping[str, object]]
    style: Style
    locale: str

    def listed(self, entries: Iterable[tuple[str, tuple[Words, ...]]]) -> Bibliography:
        """The entries of an answer. Raises ValueError where a work is among them that was not asked about."""
        listed = tuple(entries)
        if unknown := {key for key, _ in listed} - {str(item["id"]) for item in self.items}:
            message = f"it lists {', '.join(sorted(unknown))}, which was not asked about"
            raise ValueError(message)
        return listed


@dataclass(frozen=True, slots=True)
class Answer:
    """The words of an engine.

    `shown` is what stands in the text and what in the note of each citation, by its id. `bibliography` is the entries
    of the list of works by key, in the order of the list.
    """

    shown: Mapping[str, tuple[tuple[Words, ...], tuple[Words, ...]]]
    bibliography: Bibliography


class EngineError(Exception):
    """Why an engine gave no answer."""


class MissingError(EngineError):
    """An engine is not installed; `hint` says how to get it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


Engine = Callable[[Question, Store | None], Answer]
"""Answers a question, from a folder of kept answers where it has been asked before. Raises EngineError."""
