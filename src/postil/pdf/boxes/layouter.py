"""A unit of the book while it is laid out, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import initialize_page_maker
from weasyprint.layout.absolute import absolute_layout
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.block import block_level_layout
from weasyprint.layout.page import PageType, remake_page

from postil.document import Form
from postil.pdf.boxes.geometry import PX, Box, baseline, lines, name, part_spaces, rect, walk
from postil.pdf.boxes.page import Called, NoteSize, PageBox
from postil.pdf.composition import Document

_SPACES = " \N{NO-BREAK SPACE}\N{EM DASH}\N{EN DASH}"


@dataclass(slots=True)
class _Margin:
    """An annotation's two boxes before layout: as set for the margin, and as set for the foot."""

    beside: Box | None = None
    foot: Box | None = None


class _PageStyles:
    """The styles of a unit, in which the next page can be made to end higher."""

    def __init__(self, styles: Any) -> None:
        self._styles = styles
        self.short = 0.0

    def __call__(self, element: Any, pseudo_type: str | None = None) -> Any:
        style = self._styles(element, pseudo_type)
        if self.short and pseudo_type is None and isinstance(element, PageType):
            style["margin_bottom"] = Dimension(style["margin_bottom"].value + self.short, "px")
        return style

    def __getattr__(self, name: str) -> Any:
        return getattr(self._styles, name)


class _Waiting(list[Box]):
    """The footnotes of a unit that have no page yet.

    Where a line is taken back, its notes are put here again; those that are set beside the text are kept out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kept_out: set[Box] = set()

    def append(self, note: Box) -> None:
        """Let a note wait for its page, unless it is not for the foot."""
        if note not in self.kept_out:
            super().append(note)


class Layouter:
    """A unit of the book while it is laid out, page by page."""

    def __init__(  # noqa: PLR0913 -- what a layout is begun with
        self, document: Document, html: Any, context: Any, tree: Box, *, recto: bool, at_foot: Iterable[str]
    ) -> None:
        """Make ready for the first page."""
        self.document = document
        self._html, self._context, self._tree = html, context, tree
        self._annotations: dict[str, _Margin] = {}
        notes, context.footnotes = context.footnotes, _Waiting()
        self.notes = tuple(dict.fromkeys(name(note) or "" for note in notes))
        """The ids of all notes and annotations of the unit."""
        for note in notes:
            note.process_whitespace()
            note.process_text_transform()
            part_spaces(note)
            if not note.children[0].children:  # an empty marker would be set as an empty line
                note.children = note.children[1:]
            place = document.set_as.get(note.element)
            if place is None:
                context.footnotes.append(note)
                continue
            pair = self._annotations.setdefault(name(note) or "", _Margin())
            if place == "foot":
                pair.foot = note
            else:
                pair.beside = note
            context.footnotes.kept_out.add(note)
        part_spaces(tree)
        context.style_for = self._styles = _PageStyles(context.style_for)
        context._update_footnote_area = self._measure_foot
        self._heights: dict[Box, float] = {}
        initialize_page_maker(context, tree)
        _, _, _, state, remake = context.page_maker[0]
        on_right = recto == document.is_rightward
        context.page_maker[0] = (None, {"break": "any", "page": tree.page_values()[0]}, on_right, state, remake)
        context.rendered_notes = []
        self._foot: set[str] = set()
        self._set: dict[str, Box] = {}
        self._page_of: dict[str, int] = {}
        self._strings: dict[str, str] = {}
        self._index = 0
        self._kept: tuple[Any, ...] = ()
        self.layouts = 0
        for each in at_foot:
            self._to_foot(each)
        self._long = frozenset(self._foot)
        self._fill_up_figures()

    def _fill_up_figures(self) -> None:
        """Make each figure a whole number of lines tall, so that the lines below stand on the grid."""
        figures = tuple(self._figures_in_flow())
        if not figures:
            return
        self._keep()
        page, _ = remake_page(0, self._context, self._tree, self._html)
        leading = self._tree.style["line_height"].value
        for figure in figures:
            laid = self._set_alone(figure, page)
            pad = -laid.border_height() % leading / 2
            figure.style = figure.style.copy()
            for side in ("padding_top", "padding_bottom"):
                figure.style[side] = Dimension(figure.style[side].value + pad, "px")
        self._take_back()

    def _figures_in_flow(self) -> Iterator[Box]:
        """The figures and the rows of figures that stand by themselves, not within another one nor beside the text."""
        rest = [self._tree]
        while rest:
            box = rest.pop()
            is_row = box.element_tag == "div" and Form.FIGURES in self.document.forms(box.element)
            if box.element_tag != "figure" and not is_row:
                rest.extend(box.all_children())
            elif box.style["float"] == "none":
                yield box

    def _set_alone(self, box: Box, measure: Box) -> Box:
        """Lay out a block by itself, as wide as another box."""
        block = box.deepcopy()
        block.position_x = block.position_y = 0
        absolutes: list[Box] = []
        self._context.create_block_formatting_context()
        laid, *_ = block_level_layout(
            self._context, block, -inf, None, measure, absolute_boxes=absolutes, fixed_boxes=absolutes
        )
        for placeholder in absolutes:  # such as the numbers of a list
            absolute_layout(self._context, placeholder, laid, absolutes, bottom_space=0, skip_stack=None)
        self._context.finish_block_formatting_context()
        return laid

    def _measure_foot(self) -> bool:
        """Let the text of the page being laid out end above its notes; stands in for the context's own method.

        That lays out all notes of the page whenever one comes or goes; here each is measured once.
        """
        context = self._context
        area = context.current_footnote_area
        if area.height != "auto" and not context.in_column:
            context.page_bottom += area.margin_height()
        area.children = context.current_page_footnotes
        area.height = sum(map(self._height_at_foot, area.children)) if area.children else "auto"
        if area.height != "auto" and not context.in_column:
            context.page_bottom -= area.margin_height()
        return False

    def _height_at_foot(self, note: Box) -> float:
        """How tall a note is as the only one at the foot of a page, in pixels."""
        if note not in self._heights:
            area = self._context.current_footnote_area.deepcopy()
            area.height, area.children = "auto", [note.deepcopy()]
            laid, *_ = block_level_layout(self._context, build.create_anonymous_boxes(area), -inf, None, area.page)
            self._heights[note] = laid.height
        return self._heights[note]

    def close(self) -> None:
        """Let go of what has no use once all pages are laid out, such as the boxes before they were broken."""
        self._context.rendered_notes.clear()
        self._heights.clear()
        self._tree, self._html, self._kept = None, None, ()
        self.document.close()

    # --- page by page ----------------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether everything has found its page."""
        if not self._index:
            return False
        resume_at = self._context.page_maker[self._index][0]
        return resume_at is None and not self._context.reported_footnotes

    def next(self, short: float = 0) -> PageBox:
        """Lay out the next page, its text shorter by this much."""
        self._keep()
        self._styles.short = short * PX
        page, _ = remake_page(self._index, self._context, self._tree, self._html)
        self._styles.short = 0
        root, footnotes, column = page.children
        page.height += short * PX
        page.margin_bottom -= short * PX
        footnotes.translate(0, short * PX)
        page.children = [root, footnotes, column]
        self._index += 1
        self.layouts += 1
        laid_out = PageBox(self.document, page, self._index)
        for figure in laid_out.wide:
            figure.translate(laid_out.outward * PX, 0)
        return laid_out

    def again(self, *, short: float = 0, at_foot: Iterable[str] = ()) -> PageBox:
        """Lay out the last page again: shorter, or with these annotations at its foot or that of the page after."""
        self._take_back()
        self._page_of = {note: page for note, page in self._page_of.items() if page < self._index}
        self._index -= 1
        for each in at_foot:
            self._to_foot(each)
        return self.next(short)

    def _keep(self) -> None:
        """Remember how things stand before a page, to be able to lay it out again."""
        context = self._context
        self._kept = (
            context.footnotes[:],
            context.reported_footnotes[:],
            dict(context.broken_out_of_flow),
            context.page_maker[: self._index + 1],
        )

    def _take_back(self) -> None:
        """Let things stand as they did before the last page."""
        context = self._context
        context.footnotes[:], context.reported_footnotes[:], out_of_flow, context.page_maker[:] = self._kept
        context.broken_out_of_flow = dict(out_of_flow)

    def _to_foot(self, note: str) -> None:
        if note not in self._foot and (box := self._annotations[note].foot) is not None:
            self._foot.add(note)
            self._context.footnotes.kept_out.remove(box)
            self._context.footnotes.append(box)

    def reconsider(self) -> None:
        """Let annotations that an earlier page had no room for, but did not call in the end, stand in the margin."""
        for note in sorted(self._foot - self._long):
            box = self._annotations[note].foot
            if box in self._context.footnotes:
                self._foot.remove(note)
                self._context.footnotes.remove(box)
                self._context.footnotes.kept_out.add(box)

    def keep_whole(self) -> bool:
        """Forbid a hyphen at the end of the last page, if there is one; whether there was."""
        stack = self._context.page_maker[self._index][0]
        return any(self._keep_whole(*end) for end in _ends(self._tree, stack))

    def _keep_whole(self, parent: Box, box: Box, offset: int) -> bool:
        """Forbid the hyphen at an offset, in bytes, of a box of text, if a word is broken there; whether there was."""
        if box.style["hyphens"] != "auto":
            return False
        text = box.text.encode()
        before, after = text[:offset].decode(), text[offset:].decode()
        if not before[-1:].isalpha() or not after[:1].isalpha():
            return False
        start = max(before.rfind(space) for space in _SPACES) + 1
        word = before[start:] + re.split(f"[{_SPACES}]", after, maxsplit=1)[0]
        whole = box.copy()
        whole.text, whole.style = word, box.style.copy()
        whole.style["hyphens"] = "manual"
        rest = box.copy()
        rest.text = box.text[start + len(word) :]
        box.text = before[:start]
        at = parent.children.index(box)
        parent.children = [
            *parent.children[: at + 1],
            whole,
            *([rest] if rest.text else []),
            *parent.children[at + 1 :],
        ]
        part_spaces(parent)
        return True

    def late(self, page: PageBox) -> tuple[str, ...]:
        """The ids of the notes that are called on the last page and have been put off to the next."""
        return page.calling(self._context.reported_footnotes)

    # --- annotations -----------------------------------------------------------------------------------------------

    def called(self, page: PageBox) -> tuple[Called, ...]:
        """The annotations for the margin that are called on a page, in the order of their calls.

        One that an earlier page has placed is not called again: the head of a table repeats its calls on every page.
        """
        return tuple(
            each
            for each in page.called
            if each.id not in self._foot and self._page_of.get(each.id, page.number) == page.number
        )

    def size(self, page: PageBox, note: str) -> NoteSize:
        """How an annotation is set for the margin."""
        box = self._set_beside(note, page.measure)
        top = rect(box).top
        baselines = [baseline(line) - top for line in lines(box)]
        return NoteSize(min(baselines), max(baselines), box.margin_height() / PX)

    def place(self, page: PageBox, note: str, top: float) -> None:
        """Put an annotation into the column of a page with its top at this height."""
        box = self._set_beside(note, page.measure)
        box.translate(page.column.left * PX - box.position_x, top * PX - box.position_y)
        page.box.children = [*page.box.children, box]
        self._page_of[note] = page.number
        page.beside[note] = rect(box)

    def _set_beside(self, note: str, area: Box) -> Box:
        """An annotation laid out to the measure of the annotation column, wherever that is on the page."""
        if note not in self._set:
            holder = boxes.BlockBox.anonymous_from(area, [self._annotations[note].beside])
            self._set[note] = self._set_alone(build.create_anonymous_boxes(holder.deepcopy()), area)
        return self._set[note]

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def paint(self, page: PageBox) -> None:
        """Make a page ready to be drawn: without the areas that hold nothing, and with what has a background."""
        root, footnotes, _, *others = page.box.children
        page.box.children = [root, *([footnotes] if footnotes.children else []), *others]
        layout_backgrounds(page.box, self._context.get_image_from_uri)

    def strings(self, page: PageBox) -> dict[str, str]:
        """The named strings that style sheets set themselves, as the next page has them.

        That is what was first set on it, or last before it.
        """
        found = [pair for box in walk(page.box) for pair in box.string_set or ()]
        here = self._strings | dict(reversed(found))
        self._strings |= dict(found)
        return here

    @property
    def runs(self) -> frozenset[str]:
        """The names of the elements that style sheets take out of the text to run at the heads of pages."""
        return frozenset(name for name, elements in self._context.running_elements.items() if elements)


def _ends(box: Box, stack: Any) -> Iterator[tuple[Box, Box, int]]:
    """Where the text of a page breaks off: boxes of text with those around them and the offsets there, in bytes.

    There is more than one such place where the page ends within a row of a table, whose cells go on side by side.
    """
    for index, inner in (stack or {}).items():
        child = box.children[index]
        if isinstance(child, boxes.TextBox):
            yield from ((box, child, offset) for offset in inner or ())
        elif isinstance(child, boxes.ParentBox):
            yield from _ends(child, inner)
