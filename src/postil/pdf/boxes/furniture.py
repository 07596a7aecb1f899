"""The furniture of pages drawn by itself: heads, folios, and what stands beside lines.

The text of a page is drawn before its folio is known. What stands around the text depends on the kind of page only
and on its words; so it is drawn once for all pages that have the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import initialize_page_maker
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.page import (
    PageType,
    make_margin_boxes,
    make_page,
    margin_box_content_layout,
    set_page_type_computed_styles,
)
from weasyprint.layout.percent import resolve_percentages

from postil.pdf.boxes.drawing import Canvas
from postil.pdf.boxes.geometry import PX, Box, walk
from postil.pdf.fragment import Furniture, PageKind, Slot

FOLIO = Slot("", "page")
"""The place of a page's own number."""


class Furnisher:
    """Draws what stands around the text of pages."""

    def __init__(self, html: Any, context: Any, tree: Box) -> None:
        """Make ready, with an empty document that has the styles of the book."""
        self._html, self._context, self._tree = html, context, tree
        self._pages: dict[PageKind, Box] = {}
        initialize_page_maker(context, tree)
        context.rendered_notes = []

    def furnish(self, kind: PageKind, strings: Mapping[str, str]) -> Furniture:
        """Head and foot of a page, for which style sheets have these named strings."""
        page, margins = self._furnished(kind, strings)
        return self._drawn(page, margins, {})

    def furnish_all(self, kind: PageKind, strings: Mapping[str, str], zeros: str) -> Furniture | None:
        """The same of all pages that differ in the digits of their folios: `zeros` among the strings are a late number.

        None where the folio does not stand by itself.
        """
        page, margins = self._furnished(kind, strings)
        words = [box for margin in margins for box in walk(margin) if isinstance(box, boxes.TextBox)]
        slots = {id(box): (FOLIO, _before(box)) for box in words if box.text == zeros}
        if any(zeros in box.text and id(box) not in slots for box in words):
            return None
        return self._drawn(page, margins, slots)

    def _furnished(self, kind: PageKind, strings: Mapping[str, str]) -> tuple[Box, list[Box]]:
        """A page and its margin boxes."""
        context, page = self._context, self._page(kind)
        for string, value in strings.items():
            context.string_set[string] = {context.current_page: [value]}
        margins = list(make_margin_boxes(context, page, self._state()))
        page.children = [page.children[0], *margins]
        layout_backgrounds(page, context.get_image_from_uri)
        return page, margins

    def mark(self, kind: PageKind, keyword: str, words: str, size: tuple[float, float]) -> Furniture | None:
        """A number, a bar or a word beside the text, in the style of one of the page's margin boxes.

        It stands at the top left corner of the page, in a box of that width and height; None without such a style.
        """
        page = self._page(kind)
        style = self._context.style_for(page.page_type, keyword)
        if style is None:
            return None
        box = boxes.MarginBox(keyword, style)
        box.children = [boxes.TextBox.anonymous_from(box, words)] if words else []
        box = build.create_anonymous_boxes(box)
        resolve_percentages(box, (0, 0))
        box.position_x = box.position_y = 0
        box.width, box.height = (length * PX for length in size)
        for side, length in (("left", "width"), ("right", "width"), ("top", "height"), ("bottom", "height")):
            if getattr(box, f"margin_{side}") == "auto":
                setattr(box, f"margin_{side}", 0)
            edge = sum(getattr(box, name) for name in (f"margin_{side}", f"padding_{side}", f"border_{side}_width"))
            setattr(box, length, getattr(box, length) - edge)
        laid = margin_box_content_layout(self._context, page, box)
        page.children = [page.children[0], laid]
        layout_backgrounds(page, self._context.get_image_from_uri)
        return self._drawn(page, [laid], {})

    def _page(self, kind: PageKind) -> Box:
        """An empty page of a kind."""
        context = self._context
        if kind not in self._pages:
            side = "right" if kind.on_right else "left"
            page_type = PageType(side, kind.blank, kind.name, kind.index, kind.groups)
            set_page_type_computed_styles(page_type, self._html, context.style_for)
            page, *_ = make_page(context, self._tree, page_type, None, 1, self._state())
            page.children = page.children[:1]
            self._pages[kind] = page
        context.current_page = 1
        return self._pages[kind]

    def _state(self) -> Any:
        return deepcopy(self._context.page_maker[0][3])

    @staticmethod
    def _drawn(page: Box, margins: list[Box], slots: Mapping[int, tuple[Slot, float]]) -> Furniture:
        canvas = Canvas({})
        ink = canvas.ink(canvas.draw(page, slots, tagged=False, only=margins))
        return Furniture(ink, canvas.supplies())


def _before(box: Box) -> float:
    """The share of spare room that stands before a folio, by how its line is aligned."""
    return {"right": 1, "end": 1, "center": 0.5}.get(box.style["text_align_all"], 0)
