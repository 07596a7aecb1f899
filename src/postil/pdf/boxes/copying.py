"""What is copied out of a PDF where glyphs do not say it.

A PDF says of each glyph of a font which characters it stands for: of one glyph, one answer. But a font has one small
capital for both "s" and "S". Where a text in small capitals would be copied as "SourCe" for SOURCE, it says itself what
it reads (`ActualText`; ISO 32000-2, 14.9.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import ffi


@contextmanager
def copied_as_written() -> Iterator[None]:
    """Have texts drawn so that they are copied as they are written."""
    draw = drawing.draw_first_line

    def drawn(stream: Any, textbox: Any, *others: Any) -> Any:
        start = len(stream.stream)
        result = draw(stream, textbox, *others)
        has_capitals = textbox.style["font_variant_caps"] != "normal"
        if has_capitals and len(stream.stream) > start and _is_misread(stream, textbox):
            text = textbox.pango_layout.text.encode("utf-16-be").hex().encode()
            stream.stream.insert(start, b"/Span <</ActualText <feff" + text + b">>> BDC")
            stream.stream.append(b"EMC")
        return result

    drawing.draw_first_line = drawn
    try:
        yield
    finally:
        drawing.draw_first_line = draw


def _is_misread(stream: Any, textbox: Any) -> bool:
    """Whether the glyphs of a text that has been drawn say something else than the text."""
    line, _ = textbox.pango_layout.get_first_line()
    text = textbox.pango_layout.text.encode()
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, _ = stream.add_font(item.item.analysis.font)
        # the glyphs of what is written from the right come last first
        clusters = list(item.glyphs.log_clusters[0 : item.glyphs.num_glyphs])
        ends = dict(zip(bounds := sorted(set(clusters)), [*bounds[1:], item.item.length], strict=True))
        for at, info in zip(clusters, item.glyphs.glyphs[0 : item.glyphs.num_glyphs], strict=True):
            start = item.item.offset + at
            meant = text[start : item.item.offset + ends[at]].decode()
            if font.to_unicode.get(info.glyph, meant) != meant:
                return True
    return False
