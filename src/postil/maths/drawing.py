"""All formulas of a title as drawings for paper, by one call of Typst."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from lxml import etree

from postil.document import Drawing
from postil.maths.code import UnknownError, code
from postil.maths.conversion import Formulas, Key
from postil.maths.ink import StrangeError, ink
from postil.maths.linear import linear
from postil.programs import typst
from postil.programs.cache import AnswerError
from postil.source import Diagnostic
from postil.store import Store

SIZE: Final = 10.0
"""The size of the text beside the formulas, in points, on which they depend in nothing."""
# The face is the one that comes with Typst, in its weight for books; its letters are as high as those of the house's
# serif when they are set a little larger.
FACE: Final = "New Computer Modern Math"
_SETTINGS: Final = f"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: {SIZE * 1.06}pt, weight: 450, fallback: false, top-edge: "bounds", bottom-edge: "bounds")
#show math.equation: set text(font: "{FACE}", weight: 450, top-edge: "bounds", bottom-edge: "bounds")
#let align-point = $&$.body
"""
# A box of a known height stands on the line, so what is more than that is below the line.
_PAGE: Final = """
#context {{
  let formula = {code}
  let with-box = measure({{ formula; box(height: 1000pt) }})
  let alone = measure(formula)
  [#metadata((alone.width.pt(), alone.height.pt(), (with-box.height - 1000pt).pt()))<measures>]
  formula
}}
"""

_UNDRAWN: Final = ("P170", "this formula cannot be drawn", "make several of it, or write it in a simpler way")
_GLYPH: Final = re.compile(r'<symbol id="(\w+)"')
# A character that no font has, in the three sizes of a formula, and as a word.
_LACKING: Final = (
    r'math.equation({let x = [#symbol("\u{10fffd}")]; let y = [#"\u{10fffd}"]; '
    "math.attach(x, b: math.attach(x, b: x)); math.attach(y, b: math.attach(y, b: y))})"
)


class _Page(NamedTuple):
    """A page of Typst's with nothing but a formula on it, and its measures in points."""

    svg: str
    width: float
    height: float
    depth: float


def draw(formulas: Formulas, cache: Store | None) -> tuple[Mapping[Key, Drawing], tuple[Diagnostic, ...]]:
    """A drawing of each formula that has MathML, and what is wrong with those that cannot be drawn.

    The answers of Typst are kept in `cache`.
    """
    codes: dict[Key, str] = {}
    wrong: dict[Key, tuple[str, str, str]] = {}
    for key, mathml in formulas.mathml.items():
        try:
            codes[key] = code(mathml)
        except UnknownError:
            wrong[key] = _UNDRAWN
    pages = dict(zip(codes, _drawn(tuple(codes.values()), cache), strict=True)) if codes else {}
    drawn = {key: page and _drawing(page, linear(formulas.mathml[key])) for key, page in pages.items()}
    missing = _glyphs(_drawn((_LACKING,), cache)[0]) if codes else frozenset()
    for key, page in pages.items():
        if drawn[key] is None:
            wrong[key] = _UNDRAWN
        elif missing & _glyphs(page):
            strange = "".join(dict.fromkeys(sign for sign in key[0] if not sign.isascii()))
            message = f"the face of the formulas lacks a character of this one{f', among {strange}' if strange else ''}"
            wrong[key] = ("P704", message, "write words outside of the formula, and signs as commands of TeX")
    found = (
        source.diagnostic(code, node.span, message, hint)
        for key, (code, message, hint) in wrong.items()
        for source, node in formulas.places[key]
    )
    return {key: drawing for key, drawing in drawn.items() if drawing is not None}, tuple(found)


def _glyphs(page: _Page | None) -> frozenset[str]:
    """The names of the glyphs that are drawn: the same for the same glyph in the same size."""
    return frozenset(_GLYPH.findall(page.svg)) if page else frozenset()


def _drawn(codes: Sequence[str], cache: Store | None) -> Sequence[_Page | None]:
    """The pages of Typst. Where it fails at some of them, the halves are tried, down to the culprits."""
    if not codes:
        return ()
    text = _SETTINGS + "#pagebreak()".join(_PAGE.format(code=each) for each in codes)
    try:
        pages, measures = typst.pages(text, cache)
        return tuple(_Page(page, *map(float, sizes)) for page, sizes in zip(pages, measures, strict=True))
    except (typst.TypstError, AnswerError, TypeError, ValueError):
        if len(codes) == 1:
            return (None,)
        middle = len(codes) // 2
        return (*_drawn(codes[:middle], cache), *_drawn(codes[middle:], cache))


def _drawing(page: _Page, words: str) -> Drawing | None:
    try:
        drawn = ink(page.svg)
    except (StrangeError, LookupError, etree.XMLSyntaxError):
        return None
    # nothing but a space that is taken away, `\!`, has less than no width
    width, height, depth = max(0.0, page.width) / SIZE, page.height / SIZE, page.depth / SIZE
    digest = hashlib.sha256(b"\0".join((drawn, f"{width} {height} {depth} {words}".encode())))
    return Drawing(f"formula-{digest.hexdigest()[:32]}", drawn, SIZE, width, height, depth, words)
