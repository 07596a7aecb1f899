"""A page that is laid out, as boxes: where its lines, notes and annotations are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from weasyprint.formatting_structure import boxes

from postil.document import Form, FormulaText, LateNumber, Lemma
from postil.pdf.boxes import geometry
from postil.pdf.boxes.geometry import PX, Box
from postil.pdf.composition import Document
from postil.pdf.fragment import Line, PageKind, Rect, Slot

_SPACES = (" ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}")
_HAIR = 0.1
"""What rounding may make of nothing, in points."""


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


class PageBox:
    """A page that is laid out: the `number`th of its unit, from 1.

    Its boxes may still be moved; what is kept here of where they are is asked for when they stay where they are.
    """

    def __init__(self, document: Document, box: Box, number: int) -> None:
        self.document, self.box, self.number = document, box, number
        self.on_right: bool = box.page_type.side == "right"
        self.recto: bool = self.on_right == document.is_rightward
        """Whether it is the first page of its leaf; read from right to left, that is a left-hand one."""
        x, y = box.content_box_x() / PX, box.content_box_y() / PX
        self.text = Rect(x, y, x + box.width / PX, y + box.height / PX)
        self.paper = Rect(0, 0, box.margin_width() / PX, box.margin_height() / PX)
        self.beside: dict[str, Rect] = {}
        self.root, self.area, self.measure = box.children
        """The text, the area of the notes at its foot, and an empty box as wide as the annotation column."""

    @cached_property
    def column(self) -> Rect:
        """The annotation column, beyond the gap on the outer side of the text."""
        width, gap = self.measure.width / PX, self.measure.margin_left / PX
        left = self.text.right + gap if self.on_right else self.text.left - gap - width
        return Rect(left, self.text.top, left + width, self.text.bottom)

    @property
    def outward(self) -> float:
        """How far what takes text and column together has to be moved, in points, for it reaches beyond its lines' end.

        That is where the column is on a recto; on a verso it is before their beginning.
        """
        if self.recto:
            return 0
        return self.column.right - self.text.right if self.on_right else self.column.left - self.text.left

    @property
    def wide(self) -> Iterator[Box]:
        """The figures that take text and column together."""
        return (
            box
            for box in geometry.walk(self.root)
            if box.element_tag in {"figure", "div"} and Form.WIDE in self.document.forms(box.element)
        )

    @cached_property
    def figures(self) -> tuple[Rect, ...]:
        """Where these figures are."""
        return tuple(map(geometry.rect, self.wide))

    @property
    def squeezed(self) -> Iterator[tuple[FormulaText, float]]:
        """The formulas that are wider than their line, each with the share of its size that it is set in."""
        for box in geometry.walk(self.box):
            shows = self.document.shows(box.element)
            if isinstance(shows, FormulaText) and isinstance(box, boxes.ReplacedBox):
                wanted = box.style["width"].value
                yield shows, box.width / wanted if wanted else 1

    @cached_property
    def leading(self) -> float:
        """The distance of the text's baselines."""
        return float(self.root.style["line_height"].value / PX)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the text that have words or pictures, from the top.

        Footnotes are no part of it, and the number of an item is no line of its own where it stands a little higher.
        """
        found = (
            Line(geometry.rect_of_line(line), geometry.baseline(line), _is_changed(line), frozenset(_names(line)))
            for line in geometry.lines(self.root)
            if geometry.has_words(line) and not (line.element_tag or "").endswith("::marker")
        )
        return tuple(sorted(found, key=lambda line: line.baseline))  # the cells of a row stand beside each other

    @cached_property
    def called(self) -> tuple[Called, ...]:
        """The annotations that are called on this page, in the order of their calls."""
        lemmas: dict[str, float] = {}
        calls: dict[str, tuple[str, float]] = {}
        for line in geometry.lines(self.root):
            baseline = geometry.baseline(line)
            for box in geometry.walk(line):
                if box.footnote is None:
                    if isinstance(lemma := self.document.shows(box.element), Lemma):
                        lemmas |= {note: baseline for note in lemma.annotations if note not in lemmas}
                elif self.document.set_as.get(box.element) == "beside" and (note := self.document.note(box.element)):
                    calls.setdefault(note.id, (note.of, baseline))
        return tuple(Called(note, lemmas.get(of, baseline)) for note, (of, baseline) in calls.items())

    @property
    def foot(self) -> dict[str, Rect]:
        """The notes and annotations at the foot of this page by their ids, from the top."""
        return {geometry.name(note) or "": geometry.rect(note) for note in self.area.children}

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

    def calling(self, notes: Any) -> tuple[str, ...]:
        """The ids of those of some notes, given as boxes, that are called on this page."""
        found = (geometry.name(box) or "" for box in geometry.walk(self.root) if box.footnote and box.footnote in notes)
        return tuple(dict.fromkeys(found))

    def order_foot(self) -> None:
        """Put the annotations at the foot above the footnotes, across the column, with a rule between them.

        The rule above the foot is as long as the panel, or without one as the area's least width.
        """
        area = self.area
        panel = [note for note in area.children if self.document.set_as.get(note.element) == "foot"]
        numbered = [note for note in area.children if note not in panel]
        y = min((note.position_y for note in area.children), default=0)
        for note in (*panel, *numbered):
            note.translate(self.outward * PX if note in panel else 0, y - note.position_y)
            y += note.margin_height()
        for note in panel if not numbered else panel[:-1]:
            note.margin_bottom += note.border_bottom_width
            note.border_bottom_width = 0
        area.children = [*panel, *numbered]
        if panel:
            area.position_x, area.width = panel[0].position_x, panel[0].width
        else:
            spare = max(area.width - area.min_width, 0)
            area.width -= spare
            area.position_x += 0 if self.document.is_rightward else spare

    def ids(self) -> tuple[str, ...]:
        """The ids of all elements that stand on this page, in the order of the document."""
        return tuple(dict.fromkeys(_names(self.box)))

    def ids_in_notes(self) -> dict[str, str]:
        """The ids of all elements of the notes and annotations on this page, each with the id of the note's call."""
        _, area, _, *beside = self.box.children
        notes = [*area.children, *(note for holder in beside for note in holder.children)]
        found = ((note, self.document.note(note.element)) for note in notes)
        return {each: text.call for note, text in found if text for each in _names(note)}

    @property
    def slots(self) -> Iterator[tuple[Box, Slot, float]]:
        """The places of numbers that are bound later.

        Each comes with the box of its words, and how much of the room that its digits spare stands to their left: all
        of it where they follow a space or end a line, so that they stand close to what follows them.
        """
        for line in geometry.lines(self.box):
            words = list(geometry.own_words(line))
            for index, box in enumerate(words):
                if isinstance(number := self.document.shows(box.element), LateNumber):
                    parted = words[index - 1].text.endswith(_SPACES) if index else False
                    share = 1 if parted or index == len(words) - 1 else 0.5 if index else 0
                    left = share if line.style["direction"] == "ltr" else 1 - share
                    yield box, Slot(number.target, number.of), left

    def kind(self, *, counted: bool) -> PageKind:
        """What style sheets may know the page by; its number, if there it is `counted`."""
        kind = self.box.page_type
        index, groups = (kind.index, kind.groups) if counted else (min(kind.index, 1), ())
        return PageKind(self.on_right, kind.blank, kind.name, index, groups)

    @property
    def bleed(self) -> Rect:
        """How far the paper goes on beyond each of its edges."""
        return Rect(*(self.box.style[f"bleed_{side}"].value / PX for side in ("left", "top", "right", "bottom")))


def _is_changed(line: Box) -> bool:
    return any(box.element is not None and box.element.tag in ("ins", "del") for box in geometry.walk(line))


def _names(box: Box) -> Iterator[str]:
    """The ids of the elements below a box; the call of a footnote has that of the footnote, which is not there."""
    return (name for each in geometry.walk(box) if each.footnote is None and (name := geometry.name(each)))
