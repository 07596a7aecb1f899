"""Theorems and what is set like them: what they are called, and how references to them begin.

A kind more is a row here, and its word in the languages. Its name is the class of its box.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from postil.document.tree import Statement


@dataclass(frozen=True, slots=True)
class Theorem:
    """A kind of statement: its class and series, and how its ids begin in Quarto and bookdown: `#thm-x`, `thm:x`.

    One that is not `counted` has a number only where its id begins so. Its `style` is how LaTeX's amsthm sets it.
    """

    name: Statement
    prefix: str
    about: str
    style: Literal["plain", "definition", "remark"] = "definition"
    counted: bool = True


THEOREMS: Final[Mapping[str, Theorem]] = {
    each.name: each
    for each in (
        Theorem("theorem", "thm", "what is proved", "plain"),
        Theorem("lemma", "lem", "what helps to prove a theorem", "plain"),
        Theorem("corollary", "cor", "what follows from a theorem", "plain"),
        Theorem("proposition", "prp", "a lesser theorem", "plain"),
        Theorem("conjecture", "cnj", "what nobody has proved yet", "plain"),
        Theorem("hypothesis", "hyp", "what is put forward to be tested", "plain"),
        Theorem("definition", "def", "what a term means"),
        Theorem("example", "exm", "an example of the text"),
        Theorem("exercise", "exr", "what the reader is to do"),
        Theorem("solution", "sol", "of an exercise; without a number", "remark", counted=False),
        Theorem("remark", "rem", "what is said besides; without a number", "remark", counted=False),
        Theorem("proof", "prf", "of a theorem; without a number", "remark", counted=False),
    )
}
"""Every kind by its name."""
