"""Formulas: read as TeX by pandoc, and set on paper by Typst.

    tex          a formula's TeX   ->  the TeX that pandoc reads, and what of it would be lost
    conversion   all formulas      ->  MathML, by one call of pandoc, and what is wrong with those that have none
    linear       MathML            ->  words that can be typed
    code         MathML            ->  the code of Typst
    drawing      all formulas      ->  drawings with their measures, by one call of Typst
    ink          a page of Typst's ->  the operators of PDF

Screens get MathML, which they set themselves; the paper gets a drawing of the same MathML.
"""

from __future__ import annotations

from postil.maths.conversion import Formulas, Key, read
from postil.maths.drawing import draw
from postil.maths.linear import linear

__all__ = ["Formulas", "Key", "draw", "linear", "read"]
