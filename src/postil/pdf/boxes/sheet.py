"""A page that is laid out: where its lines and annotations are, and the means to finish it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from postil.pdf.boxes import tree
from postil.pdf.boxes.tree import PX, Box, Rect

if TYPE_CHECKING:
    from postil.pdf.boxes.galley import Galley


_HAIR = 0.1
"""What rounding may make of nothing, in points."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text column: where its baseline is, and whether it shows a change."""

    rect: Rect
    baseline: float
    changed: bool
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Called:
    """An annotation that is called on a page: its id, and the baseline of its lemma's first line there."""

    id: str
    baseline: float


@dataclass(frozen=True, slots=True)
class NoteSize:
    """An annotation as set for the margin: points from its top to its first and last baseline, and to its bottom."""

    first: float
    last: float
    height: float


class Sheet:
    """A page that is laid out: where its lines and annotations are, and the means to finish it."""

    def __init__(self, galley: Galley, box: Box, number: int) -> None:
        """Look at the `number`th page of a unit, from 1."""
        self.galley, self.box, self.number = galley, box, number
        self.recto: bool = box.page_type.side == "right"
        x, y = box.content_box_x() / PX, box.content_box_y() / PX
        self.text = Rect(x, y, x + box.width / PX, y + box.height / PX)
        self.page = Rect(0, 0, box.margin_width() / PX, box.margin_height() / PX)
        self.beside: dict[str, Rect] = {}
        self._root, self._area, self._column = box.children

    @cached_property
    def column(self) -> Rect:
        """The annotation column, beyond the gap on the outer side of the text."""
        width, gap = self._column.width / PX, self._column.margin_left / PX
        left = self.text.right + gap if self.recto else self.text.left - gap - width
        return Rect(left, self.text.top, left + width, self.text.bottom)

    @cached_property
    def wide(self) -> tuple[Rect, ...]:
        """The figures that take text and column together; from the text's outer edge they reach into the column."""
        figures = [box for box in tree.walk(self._root) if box.element_tag == "figure" and "wide" in tree.classes(box)]
        for box in figures if not self.recto else ():
            box.translate((self.column.left - self.text.left) * PX, 0)
        return tuple(tree.rect(box) for box in figures)

    @cached_property
    def leading(self) -> float:
        """The distance of the text's baselines."""
        return float(self._root.style["line_height"].value / PX)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the text that have words or pictures, from the top; footnotes are no part of it."""
        found = (
            Line(tree.rect_of_line(line), tree.baseline(line), _is_changed(line), frozenset(_names(line)))
            for line in tree.lines(self._root)
            if tree.has_words(line)
        )
        return tuple(sorted(found, key=lambda line: line.baseline))  # the cells of a row stand beside each other

    @cached_property
    def called(self) -> tuple[Called, ...]:
        """The annotations for the margin that are called on this page, in the order of their calls."""
        at: dict[str, float] = {}
        calls: dict[str, float] = {}
        for line in tree.lines(self._root):
            baseline = tree.baseline(line)
            for box in tree.walk(line):
                if box.footnote is None:
                    at.setdefault(tree.name(box) or "", baseline)
                elif "beside" in tree.classes(box):
                    calls.setdefault(tree.name(box) or "", baseline)
        return tuple(
            Called(note, at.get(f"lemma-{note.removeprefix('pointer-')}", call))
            for note, call in calls.items()
            if self.galley.beside(note) and self.galley.is_first_call(note, self.number)
        )

    def size(self, note: str) -> NoteSize:
        """How an annotation is set for the margin."""
        box = self.galley.set_beside(note, self._column)
        top = tree.rect(box).top
        baselines = [tree.baseline(line) - top for line in tree.lines(box)]
        return NoteSize(min(baselines), max(baselines), box.margin_height() / PX)

    def place(self, note: str, top: float) -> None:
        """Put an annotation into the column with its top at this height."""
        box = self.galley.set_beside(note, self._column)
        box.translate(self.column.left * PX - box.position_x, top * PX - box.position_y)
        self.box.children = [*self.box.children, box]
        self.galley.placed(note, self.number)
        self.beside[note] = tree.rect(box)

    @property
    def foot(self) -> dict[str, Rect]:
        """The notes and annotations at the foot of this page by their ids, from the top."""
        return {tree.name(note) or "": tree.rect(note) for note in self._area.children}

    @property
    def covering(self) -> tuple[str, ...]:
        """The ids of the notes at the foot without which the others would not stand over the text, or over its top."""
        foot = self.foot
        end = max((line.rect.bottom for line in self.lines), default=self.text.top)
        covered = end - min((rect.top for rect in foot.values()), default=end) - _HAIR
        covering = []
        while foot and covered > 0:
            note, rect = foot.popitem()
            covering.append(note)
            covered -= rect.height
        return tuple(covering)

    @cached_property
    def late(self) -> tuple[str, ...]:
        """The ids of the notes that are called on this page and have been put off to the next."""
        waiting = self.galley.put_off
        return tuple(
            dict.fromkeys(
                tree.name(box) or "" for box in tree.walk(self._root) if box.footnote and box.footnote in waiting
            )
        )

    def order_foot(self) -> None:
        """Put the annotations at the foot above the footnotes, across the column, with a rule between them.

        The rule above the foot is as long as the panel, or without one as the area's least width.
        """
        area = self._area
        panel = [note for note in area.children if "annotation" in tree.classes(note)]
        numbered = [note for note in area.children if note not in panel]
        y = min((note.position_y for note in area.children), default=0)
        for note in (*panel, *numbered):
            outward = self.column.left - self.text.left if note in panel and not self.recto else 0
            note.translate(outward * PX, y - note.position_y)
            y += note.margin_height()
        for note in panel if not numbered else panel[:-1]:
            note.margin_bottom += note.border_bottom_width
            note.border_bottom_width = 0
        area.children = [*panel, *numbered]
        if panel:
            area.position_x, area.width = panel[0].position_x, panel[0].width
        else:
            area.width = min(area.width, area.min_width)

    def ids(self) -> tuple[str, ...]:
        """The ids of all elements that stand on this page, in the order of the document."""
        return tuple(dict.fromkeys(_names(self.box)))

    def ids_in_notes(self) -> dict[str, str]:
        """The ids of all elements of the notes and annotations on this page, with those of the notes themselves."""
        _, area, _, *beside = self.box.children
        notes = [*area.children, *(note for holder in beside for note in holder.children)]
        return {each: tree.name(note) or "" for note in notes for each in _names(note)}

    def bind(self, number: Callable[[str, str], str]) -> tuple[str, ...]:
        """Fill in the numbers of pages and lines, which `number` knows by kind and target.

        Returns the ids of the targets for whose numbers their lines have no room.
        """
        outgrown = []
        for line in tree.lines(self.box):
            for box in tree.own_words(line):
                for kind in ("page", "line"):
                    target = box.element.get(f"data-{kind}-of")
                    if target and not self.galley.retype(line, box, number(kind, target)):
                        outgrown.append(target)
        return tuple(outgrown)

    def mark(self, keyword: str, text: str, rect: Rect) -> None:
        """Set a number, a bar or a word beside the text, in the style of one of the page's margin boxes."""
        if (box := self.galley.margin_box(self.box, keyword, text, rect)) is not None:
            self.box.children = [*self.box.children, box]

    def furnish(self, strings: Mapping[str, str]) -> None:
        """Finish the page with its head and foot, for which the style sheets have these named strings."""
        self.galley.furnish(self.box, self.number, strings)


def _is_changed(line: Box) -> bool:
    return any(box.element is not None and box.element.tag in ("ins", "del") for box in tree.walk(line))


def _names(box: Box) -> Iterator[str]:
    """The ids of the elements below a box; the call of a footnote has that of the footnote, which is not there."""
    return (name for each in tree.walk(box) if each.footnote is None and (name := tree.name(each)))
