"""Formulas as pictures that a typesetter can set: drawn by their own operators, with their words on them unseen."""

from __future__ import annotations

from math import inf
from typing import Any

from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.text.line_break import split_first_line

from postil.document import Drawing

_UNSEEN = 3
"""The mode in which text is not painted (ISO 32000-1, 9.3.6), but found, chosen and copied."""

_DECORATIONS = {"line-through": 0.27, "underline": -0.12}
"""How far above the line each is drawn, in em."""


class _Words:
    """What is drawn as a line of text."""

    def __init__(self, layout: Any, style: Any) -> None:
        self.pango_layout, self.style, self.text = layout, style, layout.text


class FormulaImage:
    """A formula in the place of a picture; it has the colour of the text around it."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def get_intrinsic_size(self, _resolution: float, font_size: float) -> tuple[float, float, float | None]:
        """Its width and height beside text of a size, and the one as a share of the other."""
        width, height = self._drawing.width, self._drawing.height
        return width * font_size, height * font_size, width / height if width and height else None

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Draw it in a width and a height, at the beginning of a stream's coordinates."""
        scale = width / (self._drawing.width * self._drawing.size)
        with stream.stacked():
            stream.set_color(style["color"])
            stream.set_color(style["color"], stroke=True)
            stream.transform(a=scale, d=scale)
            stream.stream.append(self._drawing.ink)
        line = height * (1 - self._drawing.depth / self._drawing.height) if self._drawing.height else 0
        self._decorate(stream, width, line, style)
        if self._drawing.words:
            self._write(stream, width, line, style)

    @staticmethod
    def _decorate(stream: Any, width: float, line: float, style: Any) -> None:
        """Strike the formula through, or underline it, as the text around it is."""
        size = style["font_size"]
        for name, above in _DECORATIONS.items():
            if name in style["text_decoration_line"]:
                with stream.stacked():
                    stream.set_color(style["color"])
                    stream.rectangle(0, line - above * size, width, size / 20)
                    stream.fill()

    def _write(self, stream: Any, width: float, line: float, style: Any) -> None:
        layout, _, _, natural, *_ = split_first_line(self._drawing.words, style, None, inf, 0)
        layout.reactivate(style)
        with stream.stacked():
            stream.begin_text()
            stream.set_text_rendering(_UNSEEN)
            matrix = Matrix(a=width / natural if natural else 1, d=-1, f=line)
            draw_first_line(stream, _Words(layout, style), "clip", "none", matrix)
            stream.end_text()
        layout.deactivate()
