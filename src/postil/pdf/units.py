"""The parts of a book as units of layout: which of them run on together, and where they come from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import assert_never

from postil.document import (
    Call,
    Composed,
    FormulaText,
    LateNumber,
    Lemma,
    Markup,
    Matter,
    NoteText,
    Opening,
    PageList,
    Part,
    Text,
    elements,
)
from postil.pdf.fragment import Slot, Stretch
from postil.source import Position, Source


@dataclass(frozen=True, slots=True)
class Unit:
    """Parts that are laid out together: the first opens a page, the others run on."""

    parts: tuple[Part, ...]

    @property
    def matter(self) -> Matter:
        """Front matter, body or back matter; a page without any part goes on with what is before it."""
        return self.parts[0].matter if self.parts else "front"

    @property
    def opening(self) -> Opening:
        """The kind of page it opens on."""
        return self.parts[0].opening

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.parts[0].heading or self.parts[0].id if self.parts else "an empty page"

    @property
    def at(self) -> Position | None:
        """Where the first of its words stand in the manuscript, if it is made of chapters."""
        return next((_origin(part.section, part.source) for part in self.parts if part.source), None)

    @property
    def display(self) -> bool:
        """Whether its pages bear neither folio nor head."""
        return all(part.role.display for part in self.parts[:1])

    @property
    def numbers(self) -> Iterator[Slot | PageList]:
        """The numbers of pages and lines that it names, and the lists of pages in it."""
        for part in self.parts:
            for element in elements((part.section,)):
                match element.shows:
                    case LateNumber(target, of):
                        yield Slot(target, of)
                    case PageList():
                        yield element.shows
                    case Call() | Lemma() | NoteText() | FormulaText() | None:
                        pass
                    case _:
                        assert_never(element.shows)


def units(parts: Iterable[Part]) -> tuple[Unit, ...]:
    """Group parts, in the order of the book, into units of layout."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and part.opening == "run-on" and _can_follow(part, groups[-1][0]):
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(Unit(tuple(group)) for group in groups)


def blocks(unit: Unit) -> Iterator[tuple[Unit, Position]]:
    """Each block of a unit that comes from the manuscript as a unit of its own, and where it stands there."""
    for part in unit.parts:
        at = part.source.position(0) if part.source else None
        for block in part.section.elements:
            at = _origin(block, part.source) or at
            if at is not None:
                alone = replace(part.section, children=(block,))
                yield Unit((replace(part, section=alone),)), at


class Origins:
    """Where the words of a unit stand in the manuscript."""

    def __init__(self, unit: Unit) -> None:
        self._texts = [each for part in unit.parts for each in _texts((part.section,), part.source)]

    def place(self, stretch: Stretch, index: int) -> tuple[Source, int] | None:
        """The file, and the offset in it, of the code point at an index of words on a page; None for what is made."""
        run = bisect_right(stretch.runs, index, key=itemgetter(0)) - 1
        if run < 0:
            return None
        start, number, at = stretch.runs[run]
        text, source = self._texts[number]
        offset = text.offset(at + index - start)
        return None if source is None or offset is None else (source, offset)


def _texts(nodes: Iterable[Composed], source: Source | None) -> Iterator[tuple[Text, Source | None]]:
    """The texts of a tree in their order, each with the file that it stands in."""
    for node in nodes:
        if isinstance(node, Text):
            yield node, source
        else:
            yield from _texts(node.children, node.source or source)


def _can_follow(part: Part, first: Part) -> bool:
    return part.matter == first.matter and not part.role.display and not first.role.display


def _origin(markup: Markup, source: Source | None) -> Position | None:
    """Where the first of the words of an element, or itself, stand in the manuscript."""
    source = markup.source or source
    if source is not None and markup.span is not None:
        return source.position(markup.span.start)
    for child in markup.children:
        if isinstance(child, Markup):
            at = _origin(child, source)
        else:
            at = source.position(child.runs[0][1]) if source is not None and child.runs else None
        if at is not None:
            return at
    return None
