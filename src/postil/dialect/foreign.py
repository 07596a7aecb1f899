"""Notations of other tools, which would be printed as they stand: each with what to write instead.

A manuscript that comes from somewhere else has them in its prose. Nothing is guessed from them: the message says what
to do, and whoever reads other tools' files into Postil's Markdown can go by the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from postil.source import Diagnostic, Source


class Notation(NamedTuple):
    """A notation: what it looks like, what it is called, the code of its message, and what to write instead."""

    name: str
    pattern: str
    called: str
    code: str
    hint: str


NOTATIONS: Final = (
    Notation("comment", r"%%(?!\s*$)[^\n]*?%%", "a private comment", "P160", "write '<!-- … -->', which no output has"),
    Notation(
        "embed", r"!\[\[[^\[\]\n]+\]\]", "an embedded file", "P160", "for a picture write '![what it shows](file.png)'"
    ),
    Notation("contents", r"\[\[?_?TOC_?\]?\]", "a table of contents", "P160", "leave it out: a book has its contents"),
    Notation("wiki", r"\[\[[^\[\]\n]+\]\](?!\()", "a wiki link", "P160", "write '[words](#id)', or '[words](file.md)'"),
    Notation("template", r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}", "a template's tag", "P160", "write what it stands for"),
    Notation(
        "latex",
        r"\\(?:begin|end)\{[A-Za-z*]+\}|\\[A-Za-z]{2,}\*?(?:\[[^\[\]\n]*\])?(?:\{[^{}\n]*\})+",
        "LaTeX",
        "P160",
        "write it in Markdown: '*emphasis*', '**weight**', '^[a note]', '[@key]', '[](#id)'",
    ),
    Notation(
        "highlight",
        r"(?<![=\w{])==(?=[^\s=])[^\n=]*?[^\s=]==(?![=\w}])",
        "a highlight",
        "P161",
        "write '{==words==}' with an annotation behind it, or '<u>words</u>'",
    ),
    Notation(
        "insertion",
        r"(?<![+\w{])\+\+(?=[^\s+])[^\n+]*?[^\s+]\+\+(?![+\w}])",
        "an insertion",
        "P161",
        "write '{++words++}'",
    ),
    Notation(
        "emoji", r"(?<![\w:]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:])", "an emoji's name", "P161", "type the sign itself"
    ),
)
"""Those that stand in a line. Of two that begin at one place, the first counts."""

FOREIGN: Final = re.compile("|".join(f"(?P<{each.name}>{each.pattern})" for each in NOTATIONS), re.MULTILINE)
_BY_NAME: Final = {each.name: each for each in NOTATIONS}


def found(source: Source, start: int, end: int) -> Iterator[tuple[int, Diagnostic]]:
    """Where a stretch of text has a notation that is none here, and the message about it."""
    for match in FOREIGN.finditer(source.text, start, end):
        notation = _BY_NAME[match.lastgroup or ""]
        typed = match.group() if len(match.group()) <= 30 else f"{match.group()[:29]}…"  # noqa: PLR2004
        message = f"'{typed}' is {notation.called} in other Markdown, and would be printed as it stands"
        yield match.start(), source.diagnostic(notation.code, match.start(), message, notation.hint)
