"""Which way passages run: said in the markup where that is against what is around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from postil.direction import Direction, direction
from postil.document import BLOCKS, Book, Composed, Markup, NoteText, Part, Text, said

_CODE: Final = frozenset({"pre", "code", "kbd", "samp"})
"""What machines are told is written from left to right."""
_BARRIERS: Final = BLOCKS | {"br"}
_BIDI: Final[dict[str, Direction]] = {"L": "ltr", "R": "rtl", "AL": "rtl"}
"""The strong types of characters (Unicode Standard Annex 9, table 4)."""
_NUMBERS: Final = frozenset({"EN", "AN"})
_LEFTWARD: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
Mark = tuple[int, int, Direction | None]
"""A place (the index of a node, and of a character in it) that has a direction of its own, or None for either."""


def directed(parts: Iterable[Part], book: Book) -> tuple[Part, ...]:
    """The parts with the direction of each passage whose language runs against what is around it.

    `[שלום]{lang=he}` in an English book has `dir="rtl"`; a `dir` that the manuscript has stays.
    """
    base = direction(book.title.language)
    return tuple(replace(each, section=_directed(each.section, base)) for each in parts)


def gathered(parts: Iterable[Part], book: Book) -> tuple[Part, ...]:
    """The parts with each run of words against the direction of its line held together by an element of its own.

    A typesetter that sets the elements of a line one after the other in the line's direction, and knows of the order of
    characters only within each, would else set "the *long* road" in a Hebrew sentence as "road long the".
    """
    base = direction(book.title.language)
    return tuple(
        each
        if base == "ltr" and not any(map(_LEFTWARD.search, said((each.section,))))
        else replace(each, section=_gathered(each.section, base))
        for each in parts
    )


def _directed(element: Markup, around: Direction) -> Markup:
    own = element.get("dir")
    within = around
    if own is not None:
        within = _within(element, around)
    elif element.tag in _CODE:
        within = "ltr"
    elif language := element.get("lang"):
        within = direction(language)
    children = tuple(node if isinstance(node, Text) else _directed(node, within) for node in element.children)
    if within == around or own is not None:
        return element if children == element.children else replace(element, children=children)
    return replace(element, children=children, attributes=(*element.attributes, ("dir", within)))


def _within(element: Markup, around: Direction) -> Direction:
    """The direction of what is in an element."""
    own = element.get("dir")
    return "rtl" if own == "rtl" else "ltr" if own == "ltr" else around


def _gathered(element: Markup, around: Direction) -> Markup:
    base = _within(element, around)
    children = tuple(_joined(element.children, base))
    return element if children == element.children else replace(element, children=children)


def _joined(nodes: Sequence[Composed], base: Direction) -> Iterator[Composed]:
    """The nodes of a line, with runs against its direction joined."""
    behind = (0, 0)
    for first, last in _runs(nodes, base):
        if last[0] == first[0] or last == (first[0] + 1, 0):  # one node, which has its order from itself
            continue
        against: Direction = "ltr" if base == "rtl" else "rtl"
        yield from (_settled(node, base) for node in _between(nodes, behind, first))
        inside = tuple(_settled(node, against) for node in _between(nodes, first, last))
        yield Markup("span", inside, (("dir", against),))
        behind = last
    yield from (_settled(node, base) for node in _between(nodes, behind, (len(nodes), 0)))


def _settled(node: Composed, base: Direction) -> Composed:
    return node if isinstance(node, Text) else _gathered(node, base)


def _runs(nodes: Sequence[Composed], base: Direction) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The beginning and end of each stretch of nodes in which all that has a direction runs against the line's."""
    first = last = None
    for index, at, runs in _marks(nodes):
        if runs is None or runs == base:
            if first is not None and last is not None:
                yield first, last
            first = last = None
            continue
        first = first or (index, at)
        last = (index, at + 1) if isinstance(nodes[index], Text) else (index + 1, 0)
    if first is not None and last is not None:
        yield first, last


def _marks(nodes: Sequence[Composed]) -> Iterator[Mark]:
    """What in some nodes has a direction of its own. A number goes with the word before it."""
    before: Direction | None = None
    for index, node in enumerate(nodes):
        if isinstance(node, Markup):
            inside = _directions(node)
            if node.tag in _BARRIERS or len(inside) > 1:
                before = None
                yield index, 0, None
            elif inside:
                before = next(iter(inside))
                yield index, 0, before
            continue
        for at, character in enumerate(node.value):
            kind = unicodedata.bidirectional(character)
            if kind in _NUMBERS and before is not None:
                yield index, at, before
            elif (runs := _BIDI.get(kind)) is not None:
                before = runs
                yield index, at, runs


def _directions(element: Markup) -> frozenset[Direction]:
    """The directions of the words in an element, for the line that it stands on: a note is not on it."""
    if element.get("dir") is not None or isinstance(element.shows, NoteText):
        return frozenset()
    found: set[Direction] = set()
    for node in element.children:
        if isinstance(node, Markup):
            found |= _directions(node)
        else:
            found |= {_BIDI[kind] for kind in map(unicodedata.bidirectional, node.value) if kind in _BIDI}
    return frozenset(found)


def _between(nodes: Sequence[Composed], start: tuple[int, int], end: tuple[int, int]) -> Iterator[Composed]:
    """The nodes from one place to another, with texts cut there."""
    for index in range(start[0], min(end[0] + 1, len(nodes))):
        node = nodes[index]
        begin, stop = (start[1] if index == start[0] else 0), (end[1] if index == end[0] else None)
        if isinstance(node, Markup):
            if stop is None:
                yield node
        elif (cut := node if (begin, stop) == (0, None) else node.cut(begin, stop)).value:
            yield cut
