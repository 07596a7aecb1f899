"""Pictures of small pages, one for each kind of displayed matter: its markup, and beside that how it looks.

After an intended change of the house style, POSTIL_REFRESH=1 draws them again; look at each before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import essay
import pypdfium2
import pytest
from PIL import Image, ImageChops

from postil import pdf

PAGES = Path(__file__).parents[1] / "pages"
SMALL = """
@page { size: 240pt 240pt; margin: 14pt 76pt 14pt 14pt; @note-area { width: 54pt; margin-left: 8pt }
  @top-left { content: none } @top-right { content: none } @bottom-center { content: none } }
@page :left { margin: 14pt 14pt 14pt 76pt }
.trim-7x10 { --gap: 8pt; --column: 54pt }
"""
TOLERANCE = 0.002
"""The share of the ink that may be elsewhere: rasterizers differ at the edges of letters."""


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.xhtml")))
def test_the_page_looks_as_it_did(name: str, tmp_path: Path) -> None:
    styles = {**essay.STYLES, "print-annotated.css": essay.with_rule("print-annotated.css", SMALL)}
    parts = [essay.part("x", "chapter", "body", "page", (), (PAGES / f"{name}.xhtml").read_text("utf-8"))]
    printed = pdf.render(essay.book(), parts, styles)
    assert printed.diagnostics == ()
    drawn = _sheet([page.render(scale=1.5).to_pil().convert("L") for page in pypdfium2.PdfDocument(printed.pdf)])
    path = PAGES / f"{name}.png"
    if os.environ.get("POSTIL_REFRESH"):
        drawn.save(path, optimize=True)
    expected = Image.open(path).convert("L")
    difference = ImageChops.difference(drawn, expected) if drawn.size == expected.size else None
    if difference is None or _ink(difference) > TOLERANCE * _ink(ImageChops.invert(expected)):
        _sheet([expected, drawn, *([ImageChops.invert(difference)] if difference else [])]).save(
            tmp_path / f"{name}.png"
        )
        pytest.fail(f"page '{name}' has changed: see {tmp_path / name}.png (expected, drawn, difference)")


def _sheet(pages: list[Image.Image]) -> Image.Image:
    """Pages side by side."""
    sheet = Image.new("L", (sum(page.width + 2 for page in pages), max(page.height for page in pages)), 128)
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + 2
    return sheet


def _ink(picture: Image.Image) -> float:
    """How much of a picture is light, in wholly white pixels."""
    return sum(value * count for value, count in enumerate(picture.histogram())) / 255
