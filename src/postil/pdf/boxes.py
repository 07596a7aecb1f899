"""The laid-out page as boxes: everything that reaches into WeasyPrint's private API, and nothing else.

WeasyPrint lays a document out in one go. Here a unit of the book is laid out page by page, so that the annotations
beside a page are placed, and those without room sent to its foot, before the next page is begun. Every annotation is
built as a footnote; those that are not in the context's list of footnotes leave no trace on the page but the empty box
of their call, and are laid out by themselves, once, for the margin.

Lengths are points; WeasyPrint's own are CSS pixels.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file, files
from math import inf
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2  # type: ignore[import-untyped]
import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.css.properties import Dimension
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import initialize_page_maker
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.block import block_level_layout
from weasyprint.layout.inline import count_expandable_spaces
from weasyprint.layout.page import PageType, make_margin_boxes, margin_box_content_layout, remake_page
from weasyprint.layout.percent import resolve_percentages
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import create_layout, split_first_line
from weasyprint.urls import URLFetcher

# The version whose private API this module was written against.
WEASYPRINT = "70.0"

PX = 4 / 3
"""CSS pixels in a point."""

BASE = "https://title.invalid/"
"""What relative addresses in the title's markup are relative to: a host that cannot exist."""

_SQUEEZE = 0.06
"""How much narrower than usual, in ems, the spaces of a line may be for a number that is wider than was expected."""

_SPACES = " \N{NO-BREAK SPACE}\N{EM DASH}\N{EN DASH}"

Box = Any


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on a page: left, top, right, bottom, in points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How tall it is."""
        return self.bottom - self.top


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


@contextmanager
def _only_packaged_fonts() -> Iterator[None]:
    """Let fontconfig begin with no font of the system."""
    before = os.environ.get("FONTCONFIG_FILE")
    with as_file(files("postil").joinpath("data/fonts.conf")) as path:
        os.environ["FONTCONFIG_FILE"] = str(path)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def walk(box: Box) -> Iterator[Box]:
    """A box and all below it, in the order of the document."""
    yield box
    for child in box.all_children():
        yield from walk(child)


def _rect(box: Box) -> Rect:
    x, y = box.border_box_x() / PX, box.border_box_y() / PX
    return Rect(x, y, x + box.border_width() / PX, y + box.border_height() / PX)


def _lines(box: Box) -> Iterator[Box]:
    return (each for each in walk(box) if isinstance(each, boxes.LineBox))


def _has_words(line: Box) -> bool:
    return any(isinstance(each, boxes.TextBox) and each.text.strip() for each in walk(line)) or any(
        isinstance(each, boxes.ReplacedBox) for each in walk(line)
    )


def _part_spaces(box: Box) -> None:
    """Give the space at the end of a run of text a box of its own.

    A run that fits its line without that space and not with it is otherwise broken after its first word.
    """
    if not isinstance(box, boxes.ParentBox):
        return
    children = []
    for child in box.children:
        _part_spaces(child)
        children.append(child)
        if isinstance(child, boxes.TextBox) and child.text.endswith(" ") and child.text.strip():
            space = child.copy()
            child.text = child.text[:-1]
            space.text = " "
            children.append(space)
    box.children = children


class Press:
    """One set of fonts and style sheets, with which every unit of a book is laid out and the book is written."""

    def __init__(self, fetcher: URLFetcher) -> None:
        with _only_packaged_fonts():
            self._fonts = FontConfiguration()
        self._fetcher = fetcher
        self._counters = CounterStyle()
        self._sheets: list[weasyprint.CSS] = []
        self._images: dict[str, object] = {}

    def add_styles(self, css: str) -> None:
        """Add a style sheet, above the others in the cascade."""
        self._sheets.append(
            weasyprint.CSS(string=css, base_url=BASE, url_fetcher=self._fetcher, font_config=self._fonts)
        )

    def galley(self, root: Element, *, recto: bool, at_foot: Iterable[str] = ()) -> Galley:
        """Begin to lay out a unit, given as an `html` element, on a recto or a verso."""
        html = weasyprint.HTML(string="<html/>", base_url=BASE, url_fetcher=self._fetcher)
        html.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        html.etree_element = html.wrapper_element.etree_element
        options = weasyprint.DEFAULT_OPTIONS | {"stylesheets": self._sheets, "cache": self._images}
        context = Document._build_layout_context(html, self._fonts, self._counters, {}, options)
        tree = build.build_formatting_structure(
            html.etree_element,
            context.style_for,
            context.get_image_from_uri,
            html.base_url,
            context.target_collector,
            self._counters,
            context.footnotes,
        )
        return Galley(html, context, tree, recto=recto, at_foot=at_foot)

    def write(self, sheets: Sequence[Sheet], metadata: Mapping[str, Any], *, identifier: bytes) -> bytes:
        """Write the pages as one PDF with one outline, one structure tree and shared fonts."""
        _number_bookmarks_once(sheets)
        pages = [Page(sheet.box) for sheet in sheets]
        document = Document(pages, DocumentMetadata(**metadata), self._fetcher, self._fonts, {}, None)
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
        return pdf


def _number_bookmarks_once(sheets: Sequence[Sheet]) -> None:
    """Keep one outline entry for a heading that is broken over two pages."""
    seen: set[int] = set()
    for sheet in sheets:
        for box in walk(sheet.box):
            if box.bookmark_label:
                if id(box.element) in seen:
                    box.bookmark_label = ""
                seen.add(id(box.element))


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


class Galley:
    """A unit of the book while it is laid out, page by page."""

    def __init__(self, html: Any, context: Any, tree: Box, *, recto: bool, at_foot: Iterable[str]) -> None:
        """Make ready for the first page."""
        self._html, self._context, self._tree = html, context, tree
        self._annotations: dict[str, _Margin] = {}
        notes, context.footnotes = context.footnotes, _Waiting()
        self._notes = tuple(dict.fromkeys(note.element.get("id") for note in notes))
        for note in notes:
            note.process_whitespace()
            note.process_text_transform()
            _part_spaces(note)
            if not note.children[0].children:  # an empty marker would be set as an empty line
                note.children = note.children[1:]
            classes = (note.element.get("class") or "").split()
            if "annotation" in classes:
                pair = self._annotations.setdefault(note.element.get("id"), _Margin())
                if "panel" in classes:
                    pair.foot = note
                else:
                    pair.beside = note
                context.footnotes.kept_out.add(note)
            else:
                context.footnotes.append(note)
        _part_spaces(tree)
        context.style_for = self._styles = _PageStyles(context.style_for)
        initialize_page_maker(context, tree)
        _, _, _, state, remake = context.page_maker[0]
        context.page_maker[0] = (None, {"break": "any", "page": tree.page_values()[0]}, recto, state, remake)
        context.rendered_notes = []
        self._foot: set[str] = set()
        self._set: dict[str, Box] = {}
        self._page_of: dict[str, int] = {}
        self._index = 0
        self._kept: tuple[Any, ...] | None = None
        self.layouts = 0
        for each in at_foot:
            self._to_foot(each)
        self._fill_up_figures()

    def _fill_up_figures(self) -> None:
        """Make each figure a whole number of lines tall, so that the lines below stand on the grid."""
        figures = [box for box in walk(self._tree) if box.element_tag == "figure" and box.style["float"] == "none"]
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

    def _set_alone(self, box: Box, measure: Box) -> Box:
        """Lay out a block by itself, as wide as another box."""
        block = box.deepcopy()
        block.position_x = block.position_y = 0
        absolutes: list[Box] = []
        self._context.create_block_formatting_context()
        laid, *_ = block_level_layout(
            self._context, block, -inf, None, measure, absolute_boxes=absolutes, fixed_boxes=absolutes
        )
        self._context.finish_block_formatting_context()
        return laid

    @property
    def notes(self) -> Iterable[str]:
        """The ids of all notes and annotations of the unit."""
        return self._notes

    # --- page by page ----------------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether everything has found its page."""
        if not self._index:
            return False
        resume_at = self._context.page_maker[self._index][0]
        return resume_at is None and not self._context.reported_footnotes

    def next(self, short: float = 0) -> Sheet:
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
        return Sheet(self, page, self._index)

    def again(self, *, short: float = 0, at_foot: Iterable[str] = ()) -> Sheet:
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
        assert self._kept is not None
        context = self._context
        context.footnotes[:], context.reported_footnotes[:], out_of_flow, context.page_maker[:] = self._kept
        context.broken_out_of_flow = dict(out_of_flow)

    def _to_foot(self, note: str) -> None:
        if note not in self._foot and (box := self._annotations[note].foot) is not None:
            self._foot.add(note)
            self._context.footnotes.kept_out.remove(box)
            self._context.footnotes.append(box)

    def keep_whole(self) -> bool:
        """Forbid the hyphen at the end of the last page, if there is one; whether there was."""
        box = parent = self._tree
        stack = self._context.page_maker[self._index][0]
        while stack and not isinstance(box, boxes.TextBox):
            ((index, stack),) = stack.items()
            parent, box = box, box.children[index]
        if not isinstance(box, boxes.TextBox) or not stack or box.style["hyphens"] != "auto":
            return False
        (offset,) = stack
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
        _part_spaces(parent)
        return True

    @property
    def put_off(self) -> Sequence[Box]:
        """The notes that are to stand on the next page."""
        notes: Sequence[Box] = self._context.reported_footnotes
        return notes

    # --- annotations -----------------------------------------------------------------------------------------------

    def beside(self, note: str) -> bool:
        """Whether an annotation is to stand in the margin."""
        return note not in self._foot

    def placed(self, note: str, page: int) -> None:
        """Note the number of the page beside whose text an annotation stands."""
        self._page_of[note] = page

    def is_first_call(self, note: str, page: int) -> bool:
        """Whether no page before this one, by its number, has placed an annotation: a table's head repeats its calls."""
        return self._page_of.get(note, page) == page

    def set_beside(self, note: str, area: Box) -> Box:
        """An annotation laid out to the measure of the annotation column, wherever that is on the page."""
        if note not in self._set:
            holder = boxes.BlockBox.anonymous_from(area, [self._annotations[note].beside])
            self._set[note] = self._set_alone(build.create_anonymous_boxes(holder.deepcopy()), area)
        return self._set[note]

    # --- what stands around the text -------------------------------------------------------------------------------

    def furnish(self, page: Box, number: int, strings: Mapping[str, str]) -> None:
        """Add heads and feet, with these named strings, and paint what has a background."""
        context = self._context
        context.current_page = number
        for name, value in strings.items():
            context.string_set[name][number] = [value]
        root, footnotes, _, *others = page.children
        feet = [footnotes] if footnotes.children else []
        margins = make_margin_boxes(context, page, context.page_maker[number][3])
        page.children = [root, *feet, *others, *margins]
        layout_backgrounds(page, context.get_image_from_uri)

    def margin_box(self, page: Box, keyword: str, text: str, rect: Rect) -> Box | None:
        """A box in the page's margin, outside the document's structure, in the style of one of its margin boxes."""
        style = self._context.style_for(page.page_type, keyword)
        if style is None:
            return None
        box = boxes.MarginBox(keyword, style)
        box.children = [boxes.TextBox.anonymous_from(box, text)] if text else []
        box = build.create_anonymous_boxes(box)
        resolve_percentages(box, (0, 0))
        box.position_x, box.position_y = rect.left * PX, rect.top * PX
        box.width, box.height = (rect.right - rect.left) * PX, rect.height * PX
        for side, length in (("left", "width"), ("right", "width"), ("top", "height"), ("bottom", "height")):
            if getattr(box, f"margin_{side}") == "auto":
                setattr(box, f"margin_{side}", 0)
            edge = sum(getattr(box, name) for name in (f"margin_{side}", f"padding_{side}", f"border_{side}_width"))
            setattr(box, length, getattr(box, length) - edge)
        return margin_box_content_layout(self._context, page, box)

    def retype(self, line: Box, box: Box, text: str) -> bool:
        """Put other words into a box of text on a line; whether the line had room for them.

        What they take or leave, the spaces of a justified line give or get.
        """
        layout, _, _, width, _, _ = split_first_line(text, box.style, self._context, None, 0)
        grown = width - box.width
        box.text, box.pango_layout, box.width = text, layout, width
        if line.style["text_align_all"] in ("end", "right"):
            box.position_x -= grown
            return True
        spacing = max((each.justification_spacing for each in _own_words(line)), default=0)
        stretch = -grown / count_expandable_spaces(line) if spacing else 0
        self._respace(line, stretch, after=box, advance=0, grown=grown)
        return bool(spacing + stretch >= -_SQUEEZE * line.style["font_size"])

    def _respace(self, box: Box, stretch: float, *, after: Box, advance: float, grown: float) -> float:
        """Widen the spaces in a line, and move what comes after one box by what that has grown; how far it all moved."""
        for child in box.children:
            if not child.is_in_normal_flow():
                continue
            before = advance
            if isinstance(child, boxes.TextBox):
                child.position_x += advance
                if spaces := stretch and count_expandable_spaces(child):
                    child.justification_spacing += stretch
                    child.pango_layout = create_layout(
                        child.text, child.style, self._context, None, child.justification_spacing
                    )
                    child.pango_layout.deactivate()
                    child.width += spaces * stretch
                    advance += spaces * stretch
                if child is after:
                    advance += grown
            elif isinstance(child, boxes.InlineBox):
                child.position_x += advance
                advance = self._respace(child, stretch, after=after, advance=advance, grown=grown)
                child.width += advance - before
            else:
                child.translate(advance, 0)
        return advance


class Sheet:
    """A page that is laid out: where its lines and annotations are, and the means to finish it."""

    def __init__(self, galley: Galley, box: Box, number: int) -> None:
        """Look at the `number`th page of a unit, from 1."""
        self.galley, self.box, self.number = galley, box, number
        self.recto: bool = box.page_type.side == "right"
        x, y = box.content_box_x() / PX, box.content_box_y() / PX
        self.text = Rect(x, y, x + box.width / PX, y + box.height / PX)
        self.page = Rect(0, 0, box.margin_width() / PX, box.margin_height() / PX)
        self._root, self._area, self._column = box.children

    @cached_property
    def column(self) -> Rect:
        """The annotation column, beyond the gap on the outer side of the text."""
        width, gap = self._column.width / PX, self._column.margin_left / PX
        left = self.text.right + gap if self.recto else self.text.left - gap - width
        return Rect(left, self.text.top, left + width, self.text.bottom)

    @cached_property
    def leading(self) -> float:
        """The distance of the text's baselines."""
        return float(self._root.style["line_height"].value / PX)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the text that have words or pictures, from the top; footnotes are no part of it."""
        return tuple(
            Line(_rect_of_line(line), (line.position_y + line.baseline) / PX, _is_changed(line), _ids(line))
            for line in _lines(self._root)
            if _has_words(line)
        )

    @cached_property
    def called(self) -> tuple[Called, ...]:
        """The annotations for the margin that are called on this page, in the order of their calls."""
        at: dict[str, float] = {}
        calls: list[str] = []
        for line in _lines(self._root):
            baseline = (line.position_y + line.baseline) / PX
            for box in walk(line):
                if box.element is None:
                    continue
                if name := box.element.get("id"):
                    at.setdefault(name, baseline)
                if box.footnote is not None and "beside" in (box.element.get("class") or "").split():
                    calls.append(name)
                    at.setdefault(f"call {name}", baseline)
        return tuple(
            Called(name, at.get(f"lemma-{name}", at[f"call {name}"]))
            for name in dict.fromkeys(calls)
            if self.galley.beside(name) and self.galley.is_first_call(name, self.number)
        )

    def size(self, note: str) -> NoteSize:
        """How an annotation is set for the margin."""
        box = self.galley.set_beside(note, self._column)
        baselines = [(line.position_y + line.baseline - box.position_y) / PX for line in _lines(box)]
        return NoteSize(baselines[0], baselines[-1], box.margin_height() / PX)

    def place(self, note: str, top: float) -> Rect:
        """Put an annotation into the column with its top at this height."""
        box = self.galley.set_beside(note, self._column)
        box.translate(self.column.left * PX - box.position_x, top * PX - box.position_y)
        self.box.children = [*self.box.children, box]
        self.galley.placed(note, self.number)
        return _rect(box)

    @cached_property
    def at_foot(self) -> tuple[str, ...]:
        """The ids of the notes and annotations at the foot of this page, from the top."""
        return tuple(note.element.get("id") for note in self._area.children)

    @cached_property
    def late(self) -> tuple[str, ...]:
        """The ids of the notes that are called on this page and have been put off to the next."""
        waiting = {id(note): note for note in self.galley.put_off}
        calls = (box for box in walk(self._root) if box.footnote is not None and id(box.footnote) in waiting)
        return tuple(dict.fromkeys(box.element.get("id") for box in calls))

    def order_foot(self) -> None:
        """Put the annotations at the foot above the footnotes, across the column, with a rule between them.

        The rule above the foot is as long as the panel, or without one as the area's least width.
        """
        area = self._area
        panel = [note for note in area.children if _is_annotation(note)]
        numbered = [note for note in area.children if not _is_annotation(note)]
        y = min((note.position_y for note in area.children), default=0)
        for note in (*panel, *numbered):
            outward = self.column.left - self.text.left if _is_annotation(note) and not self.recto else 0
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

    def ids(self) -> Iterator[str]:
        """The ids of all elements that stand on this page, in the order of the document."""
        return (
            box.element.get("id")
            for box in walk(self.box)
            if box.element is not None and box.element.get("id") and box.footnote is None
        )

    def bind(self, number: Callable[[str, str], str]) -> tuple[str, ...]:
        """Fill in the numbers of pages and lines, which `number` knows by kind and target.

        The ids of the targets whose numbers the page has no room for.
        """
        outgrown = []
        for line in list(_lines(self.box)):
            for box in _own_words(line):
                for kind in ("page", "line"):
                    if target := box.element.get(f"data-{kind}-of"):
                        if not self.galley.retype(line, box, number(kind, target)):
                            outgrown.append(target)
        return tuple(outgrown)

    def mark(self, keyword: str, text: str, rect: Rect) -> None:
        """Set a number, a bar or a word beside the text, in the style of one of the page's margin boxes."""
        if (box := self.galley.margin_box(self.box, keyword, text, rect)) is not None:
            self.box.children = [*self.box.children, box]

    def furnish(self, strings: Mapping[str, str]) -> None:
        """Finish the page with its head and foot, for which the style sheets have these named strings."""
        self.galley.furnish(self.box, self.number, strings)


def _own_words(box: Box) -> Iterator[Box]:
    """The boxes of text of an element of the title on a line, but not on the lines of blocks within it."""
    for child in box.children:
        if isinstance(child, boxes.TextBox) and child.element is not None:
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from _own_words(child)


def _is_annotation(note: Box) -> bool:
    return "annotation" in (note.element.get("class") or "").split()


def _rect_of_line(line: Box) -> Rect:
    x, y = line.position_x / PX, line.position_y / PX
    return Rect(x, y, x + line.width / PX, y + line.height / PX)


def _is_changed(line: Box) -> bool:
    return any(box.element is not None and box.element.tag in ("ins", "del") for box in walk(line))


def _ids(line: Box) -> frozenset[str]:
    return frozenset(box.element.get("id") for box in walk(line) if box.element is not None and box.element.get("id"))
