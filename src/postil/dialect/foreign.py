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
        "heading",
        r"(?<!\S)(?:#{2,6}(?=[^\W\d_])|#(?=[^\s#][^\n]{0,200}[^\s#]#+[ \t]*$))",
        "the beginning of a heading",
        "P161",
        "write a space behind it",
    ),
    Notation(
        "emoji", r"(?<![\w:]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:])", "an emoji's name", "P161", "type the sign itself"
    ),
)
"""Those that stand in a line. Of two that begin at one place, the first counts."""

_BOXES: Final = "note|tip|hint|important|warning|caution|attention|danger|error|seealso|admonition|topic"
FENCES: Final = (
    Notation(
        "box",
        rf"admonish|ad-[a-z]+|\{{(?:{_BOXES})\}}",
        "a box",
        "P161",
        "write '::: tip' before it and ':::' behind it; with a title, '> [!TIP] The title' and '> ' before each line",
    ),
    Notation(
        "drawing",
        r"\{?(?:mermaid|plantuml|graphviz)\}?|\{dot\}",
        "a drawing",
        "P161",
        "have it drawn into a file, and show that: '![What it shows](figures/it.svg)'",
    ),
    Notation("formula", r"math|\{math\}", "a formula", "P161", "write it between two lines '$$'"),
    Notation("picture", r"\{(?:figure|image)\}", "a picture", "P161", "write '![The caption](file.png)' in its place"),
    Notation("table", r"\{(?:table|list-table|csv-table)\}", "a table", "P161", "write its rows as '| one | two |'"),
    Notation("list", r"\{(?:toctree|tableofcontents|contents|bibliography)\}", "a list", "P161", "leave it out"),
    Notation("raw", r"\{=[a-z0-9]+\}", "meant for one output only", "P161", "write in Markdown what it stands for"),
    Notation(
        "title",
        r"[^\n{}]{0,200}[ \t,]title=[\"'][^\n]*|\{[^\n{}]{0,200}[ \t,]fig\.cap[ \t]*=[^\n]*",
        "code with words above or below it",
        "P161",
        "write these as its caption, and the language with a dot: '```{.python caption=\"The words\"}'",
    ),
)
"""Those that follow a fence, in whose place other tools do not show the code."""

FOREIGN: Final = re.compile("|".join(f"(?P<{each.name}>{each.pattern})" for each in NOTATIONS), re.MULTILINE)
FENCED: Final = re.compile(
    "[`~]{3,}[ \t]*(?:" + "|".join(f"(?P<{each.name}>{each.pattern})" for each in FENCES) + r")(?![\w-])", re.IGNORECASE
)
_BY_NAME: Final = {each.name: each for each in (*NOTATIONS, *FENCES)}


def found(source: Source, start: int, end: int) -> Iterator[tuple[int, Diagnostic]]:
    """Where a stretch of text has a notation that is none here, and the message about it."""
    for match in FOREIGN.finditer(source.text, start, end):
        yield match.start(), _message(source, match, "would be printed as it stands")


def fenced(source: Source, start: int, end: int) -> Diagnostic | None:
    """The message about the fence that begins a stretch of text, if other tools show something else than its code."""
    match = FENCED.match(source.text, start, end)
    return _message(source, match, "is printed here as code") if match else None


def _message(source: Source, match: re.Match[str], fate: str) -> Diagnostic:
    notation = _BY_NAME[match.lastgroup or ""]
    typed = match.group() if len(match.group()) <= 30 else f"{match.group()[:29]}…"  # noqa: PLR2004
    message = f"'{typed}' is {notation.called} in other Markdown, and {fate}"
    return source.diagnostic(notation.code, match.start(), message, notation.hint)
