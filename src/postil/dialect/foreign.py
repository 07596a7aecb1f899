"""Notations of other tools, which would be printed as they stand: each with what to write instead.

A manuscript that comes from somewhere else has them in its prose. Nothing is guessed from them: the message says what
to do, and whoever reads other tools' files into Postil's Markdown can go by the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from postil.source import Diagnostic, Source, Span


class Notation(NamedTuple):
    """A notation: what it looks like, what it is called, the code of its message, and what to write instead."""

    name: str
    pattern: str
    called: str
    code: str
    hint: str


NOTATIONS: Final = (
    Notation(
        "comment",
        r"%%(?!\s*$)(?:[^%]|%(?!%))*%%|(?<![^\s>])%%[ \t]*$",
        "a private comment",
        "P160",
        "write '<!-- … -->', which no output has",
    ),
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
    Notation(
        "contents",
        r"\[\[?_?TOC_?\]?\]|\{:toc\}",
        "a table of contents",
        "P160",
        "leave it out: a book has its contents",
    ),
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
        "inclusion",
        r"(?<![^\n])(?:--8<--|![Ii][Nn][Cc][Ll][Uu][Dd][Ee])[ \t][^\n]*",
        "a file that is put in",
        "P160",
        "put its text here, or make a chapter of it",
    ),
    Notation(
        "extension",
        r"\{:(?:[:/][^{}\n]*|[a-z][\w-]*(?::[^{}\n]*)?)\}",
        "an extension of kramdown",
        "P160",
        "leave it out; a class stands in braces: '{.name}'",
    ),
    Notation(
        "directive",
        r"(?<![^\n])\{(?:[a-z][a-z-]*:[ \t][^{}\n]*|(?:front|main|back)matter|pagebreak)\}[ \t]*$",
        "a directive",
        "P161",
        "leave it out; which chapters are front matter says book.toml, and '\\newpage' begins a page",
    ),
    Notation("bullet", r"(?<![^\n])[•◦▪‣][ \t]+(?=\S)", "an item of a list", "P161", "begin it with '- '"),
    Notation(
        "numbered_note",
        r"(?<![^\n])\[\d{1,3}\]:?[ \t]+(?=\S+[ \t]+\S)",
        "a note",
        "P161",
        "write '[^1]' where it is called, and '[^1]: ' before its words",
    ),
    Notation(
        "aside",
        r"(?<![^\n])[ABCDEGIQTWX]>(?=[ \t]|$)",
        "a line of a box",
        "P160",
        "write '::: {.note}' before the box and ':::' behind it: note, tip, important, warning, caution or center",
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
    Notation(
        "block",
        r"(?<=[ \t])\^[A-Za-z0-9][A-Za-z0-9-]*[ \t]*$",
        "the name of a paragraph",
        "P161",
        "leave it out; where a link leads here, write '{#name}' instead",
    ),
)
"""Those that stand in a line. Of two that begin at one place, the first counts."""

_BOXES: Final = (
    "note|tip|hint|important|warning|caution|attention|danger|error|seealso|admonition|topic|sidebar|margin|epigraph"
    "|pull-quote"
)
_DRAWN: Final = (
    "bpmn|chart|d2|dataview|dataviewjs|ditaa|graphviz|mermaid|nomnoml|plantuml|puml|query|svgbob|tikz|vega-lite|vega"
    "|wavedrom"
)
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
        rf"\{{?(?:{_DRAWN})\}}?|\{{dot\}}",
        "a drawing",
        "P161",
        "have it drawn into a file, and show that: '![What it shows](figures/it.svg)'",
    ),
    Notation("formula", r"math|\{math\}", "a formula", "P161", "write it between two lines '$$'"),
    Notation("picture", r"\{(?:figure|image)\}", "a picture", "P161", "write '![The caption](file.png)' in its place"),
    Notation("table", r"\{(?:table|list-table|csv-table)\}", "a table", "P161", "write its rows as '| one | two |'"),
    Notation(
        "list", r"\{(?:toctree|tableofcontents|contents|bibliography|glossary)\}", "a list", "P161", "leave it out"
    ),
    Notation(
        "title",
        r"[^\n{}]{0,200}[ \t,]title=[\"'][^\n]*",
        "code with words above or below it",
        "P161",
        "write these as its caption, and the language with a dot: '```{.python caption=\"The words\"}'",
    ),
)
"""Those that follow a fence, in whose place other tools do not show the code."""

_FIRST: Final = r"(?=[%!\[{\\=+:^(#•◦▪‣]|--8|[A-X]>)"
"""What one begins with: most characters are none of these, and are passed over at once."""
FOREIGN: Final = re.compile(
    f"{_FIRST}(?:{'|'.join(f'(?P<{each.name}>{each.pattern})' for each in NOTATIONS)})", re.MULTILINE
)
FENCED: Final = re.compile(
    "[`~]{3,}[ \t]*(?:" + "|".join(f"(?P<{each.name}>{each.pattern})" for each in FENCES) + r")(?![\w-])", re.IGNORECASE
)
_BY_NAME: Final = {each.name: each for each in (*NOTATIONS, *FENCES)}


EMBEDDED: Final = re.compile(
    r"!\[\[(?P<file>[^\[\]|#]+\.(?:png|jpe?g|svg|gif|webp))(?:\|[^\[\]|]*?)*?(?:\|(?P<width>\d{1,5})(?:x\d+)?)?\]\]",
    re.IGNORECASE,
)
"""A picture in Obsidian, with how wide it is, in pixels."""
INCLUSION: Final = re.compile(
    r"[ \t]*(?:\{\{#[a-z_]+[ \t][^{}\n]*\}\}|\{\{<[ \t]*include[ \t][^\n]*>\}\}|--8<--[ \t][^\n]*)[ \t]*$", re.MULTILINE
)
"""A line of code where mdBook, Quarto and MkDocs put in a file."""
MARKDOWN: Final = frozenset({"markdown", "md"})


def found_in_code(source: Source, language: str, lines: Iterable[Span]) -> Iterator[Diagnostic]:
    """The lines of code, by their places, for which other tools put in a file."""
    if language.lower() in MARKDOWN:
        return
    for line in lines:
        if INCLUSION.match(source.text, line.start, line.end):
            message = "other tools put a file in for this line of code, which would be printed as it stands"
            hint = "put its lines here; where the code shows how Markdown is written, its language is 'markdown'"
            yield source.diagnostic("P161", line.start, message, hint)


def found(source: Source, start: int, end: int) -> Iterator[tuple[int, Diagnostic]]:
    """Where a stretch of text has a notation that is none here, and the message about it."""
    for match in FOREIGN.finditer(source.text, start, end):
        yield match.start(), _message(source, match, "would be printed as it stands")


def fenced(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """The message about the fence that begins a stretch of text, if other tools show something else than its code."""
    if match := FENCED.match(source.text, start, end):
        yield _message(source, match, "is printed here as code")


def _message(source: Source, match: re.Match[str], fate: str) -> Diagnostic:
    notation = _BY_NAME[match.lastgroup or ""]
    typed = " ".join(match.group().split())
    typed = typed if len(typed) <= 30 else f"{typed[:29]}…"  # noqa: PLR2004
    message = f"'{typed}' is {notation.called} in other Markdown, and {fate}"
    hint = notation.hint
    if picture := EMBEDDED.fullmatch(match.group()):
        width = f"{{width={picture['width']}px}}" if picture["width"] else ""
        hint = f"write '![what it shows]({picture['file']}){width}'"
    return source.diagnostic(notation.code, match.start(), message, hint)


_RAW: Final = re.compile(r"\{=(?P<name>[^\s,}]+)")
_IN_LINE: Final = re.compile(r"r[ \t]+(?:[\w.]+(?:\[|\(|\$|::|[ \t]*\Z))|\{(?:r|python|julia|ojs)\}[ \t]")


def raw(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """What is said of fenced code that is for one output, by its braces from `start` on."""
    if found := _RAW.match(source.text, start, end):
        message = f"other tools put this code into {found['name']} as it is, and print none of it"
        yield source.diagnostic("P165", start, message, "write in Markdown what it does, or delete it")


def in_line(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """What is said of code in a sentence, from `start` on, that a program is to put something else for."""
    if _IN_LINE.match(source.text, start, end):
        message = "other tools run this code, and print what comes out; here the code itself is printed"
        yield source.diagnostic("P165", start, message, "write what comes out")
