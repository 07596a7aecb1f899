"""Formulas as they are set, in the place of those that are written."""

from __future__ import annotations

from collections.abc import Mapping

from postil.document import Formula, Maths, Words
from postil.maths import Key, linear


def set_formula(node: Formula, formulas: Mapping[Key, Words]) -> tuple[Maths, ...]:
    """A formula as it is set; nothing of one that cannot be, which has been said."""
    mathml = formulas.get((node.tex.value, node.display))
    if mathml is None:
        return ()
    return (Maths(mathml, linear(mathml), node.tex.value, node.display, node.span),)
