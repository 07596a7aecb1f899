"""What stands on a page that is laid out, read back as plain records: its words, its links, its bookmarks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.anchors import gather_anchors
from weasyprint.formatting_structure import boxes

from postil.document import FormulaText, Text
from postil.pdf.boxes import geometry
from postil.pdf.boxes.geometry import PX
from postil.pdf.boxes.page import PageBox
from postil.pdf.composition import Document
from postil.pdf.fragment import Anchor, Bookmark, Rect, Stretch

SPACE = re.compile(r"\s")
_UNSET = "\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{SOFT HYPHEN}"
"""What stands in words for a typesetter only, or is taken out by one."""
_AS_WRITTEN = re.compile(rf"[^\s{_UNSET}](?:[^{_UNSET}]*[^\s{_UNSET}])?")
"""Words without such signs within them."""
_HYPHENS = "-\N{HYPHEN}"
"""What a typesetter adds at the end of a line."""


class WordReader:
    """Reads the words of a unit's pages, page by page, and finds which of its words they are.

    A typesetter cuts words into lines and keeps no positions; but what it sets of one element it sets in order. So the
    letters of an element are counted off, in what was to be set and in what was set.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._counts: dict[Element, _Count] = {}

    def stretches(self, page: PageBox) -> Iterator[Stretch]:
        """The words of the next page, in the order of the document."""
        for box in geometry.walk(page.box):
            shows = self._document.shows(box.element)
            if isinstance(shows, FormulaText) and isinstance(box, boxes.ReplacedBox):
                yield Stretch(shows.words, _place(box), self._count(box.element).take(shows.words))
            if not isinstance(box, boxes.TextBox) or box.element is None or not box.text.strip():
                continue
            # what a style sheet puts before or behind an element is none of its words
            own = "::" not in (box.element_tag or "")
            yield Stretch(box.text, _place(box), self._count(box.element).take(box.text) if own else ())

    def _count(self, element: Element) -> _Count:
        if element not in self._counts:
            self._counts[element] = _Count(self._document.texts(element))
        return self._counts[element]


def _place(box: geometry.Box) -> Rect:
    x, y = box.position_x / PX, box.position_y / PX
    return Rect(x, y, x + box.width / PX, y + box.height / PX)


class _Count:
    """How far the words of an element have been set."""

    def __init__(self, texts: Mapping[int, Text]) -> None:
        self._at = 0
        self._starts: list[tuple[int, int]] = []  # where each text starts, and its number
        self._text = ""
        for number, text in texts.items():
            self._starts.append((len(self._text), number))
            self._text += text.value
        self._text = SPACE.sub(" ", self._text)
        self._end = len(self._text.rstrip())

    def take(self, words: str) -> tuple[tuple[int, int, int], ...]:
        """The runs of the next words of the element."""
        if self._at >= self._end:  # what is set again, such as the head of a table on a later page
            self._at = 0
        return tuple(run for found in _AS_WRITTEN.finditer(words) for run in self._take(found[0], found.start()))

    def _take(self, words: str, index: int) -> Iterator[tuple[int, int, int]]:
        """The runs of words that hold nothing for the typesetter only, and begin at an index of others."""
        self._skip()
        if self._text.startswith(words, self._at):
            start, self._at = self._at, self._at + len(words)
            yield from self._of(start, self._at, index)
        else:
            yield from self._letter_by_letter(words, index)

    def _skip(self) -> None:
        while self._at < self._end and (self._text[self._at] == " " or self._text[self._at] in _UNSET):
            self._at += 1

    def _letter_by_letter(self, words: str, first: int) -> Iterator[tuple[int, int, int]]:
        """The same where the words are not set as they were written: with a hyphen, or in other letters."""
        following = (-1, -1, -1)  # the run that would go on with the last
        for index, letter in enumerate(words, first):
            if letter.isspace():
                continue
            self._skip()
            same = self._text[self._at : self._at + 1].casefold() == letter.casefold()
            if not same and index == first + len(words) - 1 and letter in _HYPHENS:
                continue
            for run in self._of(self._at, self._at + 1, index) if same else ():
                if run != following:
                    yield run
                following = (run[0] + 1, run[1], run[2] + 1)
            self._at += 1

    def _of(self, start: int, end: int, index: int) -> Iterator[tuple[int, int, int]]:
        """The runs from `start` to `end`, as of words that begin at `index`."""
        first = bisect_right(self._starts, start, key=itemgetter(0)) - 1
        last = bisect_right(self._starts, end - 1, key=itemgetter(0))
        for at, number in self._starts[first:last]:
            yield index + max(0, at - start), number, max(0, start - at)


class LinkReader:
    """Reads what on a unit's pages, in their order, leads elsewhere, and what can be led to."""

    def __init__(self) -> None:
        self._outlined: set[Element] = set()

    def read(self, page: PageBox) -> tuple[list[tuple[str, Rect, Any]], tuple[Anchor, ...], tuple[Bookmark, ...]]:
        """The links of the next page, each with its target, its place and its box; its anchors; its bookmarks."""
        for box in geometry.walk(page.box):
            if box.bookmark_label:
                if box.element in self._outlined:
                    box.bookmark_label = ""  # a heading that is broken over two pages is one entry of the outline
                self._outlined.add(box.element)
        anchors: dict[str, tuple[float, ...]] = {}
        found: tuple[list[Any], list[Any]] = ([], [])
        gather_anchors(page.box, anchors, *found, {None: []})
        links = [
            (f"#{target}" if kind == "internal" else target, Rect(*(edge / PX for edge in edges)), box)
            for kind, target, edges, box in found[0]
            if box.link  # what is inside of a link is in its rectangle already
        ]
        return (
            links,
            tuple(Anchor(name, x / PX, y / PX) for name, (x, y, *_) in anchors.items()),
            tuple(Bookmark(level, words, x / PX, y / PX) for level, words, (x, y), _ in found[1]),
        )
