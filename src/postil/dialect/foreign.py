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
    Notation(
        "picture",
        r"!\[(?![\^\[])",
        "the beginning of a picture",
        "P161",
        "end it with '](file.png)', without a blank line or a remark in between",
    ),
    Notation("contents", r"\[\[?_?TOC_?\]?\]", "a table of contents", "P160", "leave it out: a book has its contents"),
    Notation("wiki", r"\[\[[^\[\]\n]+\]\](?!\()", "a wiki link", "P160", "write '[words](#id)', or '[words](file.md)'"),
    Notation("template", r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}", "a template's tag", "P160", "write what it stands for"),
    Notation("raw", r"\{=[a-z][\w-]*\}", "the mark of code for one output", "P160", "write that code in Markdown"),
    Notation(
        "text_reference",
        r"\(ref:[\w-]+\)",
        "a text reference of bookdown",
        "P160",
        "write the words themselves where they belong, such as in a caption",
    ),
    Notation(
        "index",
        r"\\index\{[^{}\n]*\}",
        "an entry of an index in LaTeX",
        "P160",
        "leave it out, or write '[words]{.index}' around words in the text: no index is set yet",
    ),
    Notation(
        "reference",
        r"\\(?:ref|eqref|pageref|nameref|autoref|[cC]ref)\{[^{}\n]*\}",
        "a reference of LaTeX's",
        "P160",
        "write '[](#id)', and {#id} behind the heading, figure or formula that it leads to",
    ),
    Notation(
        "citation",
        r"\\(?:no|paren|text|auto|foot)?cite[a-z]*\*?(?:\[[^\[\]\n]*\]){0,2}\{[^{}\n]*\}",
        "a citation of LaTeX's",
        "P160",
        "write '[@key]', or '[@key, 23]'",
    ),
    Notation(
        "latex",
        r"\\(?:begin|end)\{[A-Za-z*]+\}|\\[A-Za-z]{2,}\*?(?:\[[^\[\]\n]*\])?(?:\{[^{}\n]*\})+",
        "LaTeX",
        "P160",
        "write it in Markdown: '*emphasis*', '**weight**', '^[a note]', '[@key]', '[](#id)'",
    ),
    Notation(
        "command",
        r"\\(?:noindent|tableofcontents|listof\w+|(?:double|single|onehalf)spacing|(?:big|med|small)skip|[vh]fill|centering"
        r"|maketitle|(?:front|main|back)matter|appendix|(?:new|clear|cleardouble)page|(?:page|line)break|print\w+|ragged\w+"
        r"|(?:begin|end)group|normalsize|footnotesize|scriptsize|small|[lL]arge|LARGE|huge)(?![A-Za-z\\])",
        "a command of LaTeX",
        "P160",
        "delete it, for style sheets and book.toml say such things; '\\newpage' on a line of its own ends a page",
    ),
    Notation(
        "name",
        r"(?<![\w\\:/.])\\[A-Za-z]{2,}(?![\w\\])",
        "a command of LaTeX",
        "P161",
        "write what it stands for, or a second backslash if it is meant as text",
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


_CHUNK: Final = re.compile(r"\{(?P<raw>=)?[\s.]*(?P<name>[^\s,}]+)")
_SHOWN: Final = re.compile(r"\beval[ \t]*=[ \t]*F(?:ALSE)?\b")  # only printed by knitr, too
_IN_LINE: Final = re.compile(r"r[ \t]+(?:[\w.]+(?:\[|\(|\$|::|[ \t]*\Z))|\{(?:r|python|julia|ojs)\}[ \t]")


def chunk(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """What is said of fenced code whose braces, from `start` on, are for a program, such as knitr."""
    found = _CHUNK.match(source.text, start, end)
    if found and not _SHOWN.search(source.text, start, end):
        if found["raw"]:
            message = f"other tools put this code into {found['name']} as it is, and print none of it"
            yield source.diagnostic("P165", start, message, "write in Markdown what it does, or delete it")
        else:
            message = "other tools run this code, and print what comes out; here the code itself is printed"
            hint = f"write '```{found['name']}' if it is to be; else put what comes out in its place, such as a picture"
            yield source.diagnostic("P165", start, message, hint)


def in_line(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """What is said of code in a sentence, from `start` on, that a program is to put something else for."""
    if _IN_LINE.match(source.text, start, end):
        message = "other tools run this code, and print what comes out; here the code itself is printed"
        yield source.diagnostic("P165", start, message, "write what comes out")
