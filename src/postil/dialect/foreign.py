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
