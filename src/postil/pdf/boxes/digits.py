"""Numbers that are bound late, drawn so that their digits can be changed without laying out anything again.

Such a number is laid out as zeros, and others take their places. So nothing around it moves, though the digits of many
faces differ in width: what they leave of the zeros' room makes the space before the number a little wider.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from typing import Any

import pydyf
from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import split_first_line

from postil.pdf.fragment import Digit, Number, Slot
from postil.pdf.late import spaced

_TYPE = (
    "font_family", "font_size", "font_style", "font_weight", "font_stretch", "font_variant_caps",
    "font_variant_numeric", "font_variant_alternates", "font_variant_position", "font_kerning", "font_feature_settings",
    "font_variation_settings", "lang",
)  # fmt: skip
"""What of a style has a say in how a digit looks."""
_BEFORE, _AFTER = b"[", b"] TJ"


class Late(pydyf.Object):  # type: ignore[misc]
    """The operator that shows a late number, among the operators of a page."""

    def __init__(self, number: Number, shown: bytes) -> None:
        super().__init__()
        self._number, self._shown = number, shown

    @property
    def data(self) -> bytes:
        """The operator, for the number as it was laid out."""
        return self._shown

    @property
    def fixed(self) -> Number:
        """The number where its digits cannot be changed, such as in a group that is drawn as a whole."""
        return Number(self._number.slot, self._number.words)

    def placed(self, start: int) -> Number:
        """The number, if its operator begins at an offset."""
        return replace(self._number, start=start + len(_BEFORE), end=start + len(self._shown) - len(_AFTER))


class Digits:
    """Draws late numbers, and knows how digits are drawn in every style."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[str, tuple[Digit, ...]]] = {}
        self.late: list[Late] = []
        """The late numbers of the page that was drawn last."""

    @contextmanager
    def minding(self, slots: Mapping[int, tuple[Slot, float]]) -> Iterator[None]:
        """Draw the late numbers of a page so meanwhile.

        By the identity of its box, each comes with its place, and the share of spare room that stands before it.
        """
        draw = drawing.draw_first_line
        self.late = []

        def drawn(stream: Any, textbox: Any, *others: Any) -> Any:
            start = len(stream.stream)
            result = draw(stream, textbox, *others)
            if (slot := slots.get(id(textbox))) is not None:
                self._make_late(stream, start, textbox, *slot)
            return result

        drawing.draw_first_line = drawn
        try:
            yield
        finally:
            drawing.draw_first_line = draw

    def _make_late(self, stream: Any, start: int, textbox: Any, slot: Slot, before: float) -> None:
        """Have digits changed later in what has just been drawn, if it is a number and drawn in one face."""
        shown = [
            at
            for at, operator in enumerate(stream.stream[start:], start)
            if isinstance(operator, bytes) and operator.endswith(_AFTER)
        ]
        if not shown:
            return
        words = textbox.text.strip()
        number, operator = Number(slot, words), stream.stream[shown[-1]]
        if words.isdecimal() and len(shown) == 1:
            face, digits = self._digits(stream, textbox.style, chr(ord(words[0]) - unicodedata.decimal(words[0])))
            if stream._current_font[0] == face:
                width = sum(digits[unicodedata.decimal(each)].width for each in words)
                number = Number(slot, words, digits=digits, width=width, before=before)
                operator = _BEFORE + spaced(digits, words) + _AFTER
        stream.stream[shown[-1]] = late = Late(number, operator)
        self.late.append(late)

    def _digits(self, stream: Any, style: Any, zero: str) -> tuple[str, tuple[Digit, ...]]:
        """The ten digits in a style, and the name of their face; "" and none if they are not of one face."""
        key = (*(_hashable(style[name]) for name in _TYPE), zero)
        if key not in self._known:
            found = [_digit(stream, style, chr(ord(zero) + value)) for value in range(10)]
            faces = {each and each[0] for each in found}
            digits = tuple(each[1] for each in found if each)
            self._known[key] = (found[0][0], digits) if found[0] and len(faces) == 1 else ("", ())
        return self._known[key]


def _digit(stream: Any, style: Any, digit: str) -> tuple[str, Digit] | None:
    """A digit as it is drawn, with the name of its face, if that is by one glyph of a face."""
    layout, *_ = split_first_line(digit, style, None, inf, 0)
    layout.reactivate(style)
    line, _ = layout.get_first_line()
    run = line.runs[0]
    if run == ffi.NULL or run.data.glyphs.num_glyphs != 1:
        return None
    item, info = run.data.item, run.data.glyphs.glyphs[0]
    font, size = stream.add_font(item.analysis.font)
    if info.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or font.bitmap or font.png:
        return None
    font.to_unicode.setdefault(info.glyph, digit)
    if info.glyph not in font.widths:
        pango.pango_font_get_glyph_extents(item.analysis.font, info.glyph, stream.ink_rect, stream.logical_rect)
        font.widths[info.glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    width = info.geometry.width * 1000 * FROM_UNITS / size
    closer = int(font.widths[info.glyph] - width)
    shown = f"<{info.glyph:04x}>{closer or ''}".encode()
    layout.deactivate()  # which frees what has been read
    return font.hash, Digit(shown, round(width, 3))


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
