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
        "contents",
        r"\[\[?_?TOC_?\]?\]|\{:toc\}",
        "a table of contents",
        "P160",
        "leave it out: a book has its contents",
    ),
    Notation("wiki", r"\[\[[^\[\]\n]+\]\](?!\()", "a wiki link", "P160", "write '[words](#id)', or '[words](file.md)'"),
    Notation("template", r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}", "a template's tag", "P160", "write what it stands for"),
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
    Notation(
        "block",
        r"(?<=[ \t])\^[A-Za-z0-9][A-Za-z0-9-]*[ \t]*$",
        "the name of a paragraph",
        "P161",
        "leave it out; where a link leads here, write '{#name}' instead",
    ),
)
"""Those that stand in a line. Of two that begin at one place, the first counts."""

_FIRST: Final = r"(?=[%!\[{\\=+:^]|--8|[A-X]>)"
"""What one begins with: most characters are none of these, and are passed over at once."""
FOREIGN: Final = re.compile(
    f"{_FIRST}(?:{'|'.join(f'(?P<{each.name}>{each.pattern})' for each in NOTATIONS)})", re.MULTILINE
)
_BY_NAME: Final = {each.name: each for each in NOTATIONS}


EMBEDDED: Final = re.compile(
    r"!\[\[(?P<file>[^\[\]|#]+\.(?:png|jpe?g|svg|gif|webp))(?:\|[^\[\]|]*?)*?(?:\|(?P<width>\d{1,5})(?:x\d+)?)?\]\]",
    re.IGNORECASE,
)
"""A picture in Obsidian, with how wide it is, in pixels."""
PICTURES: Final = frozenset(
    {"bpmn", "chart", "d2", "dataview", "dataviewjs", "ditaa", "mermaid", "nomnoml", "plantuml", "puml", "query"}
    | {"svgbob", "tikz", "vega", "vega-lite", "wavedrom"}
)
"""The languages of code that other tools make a picture or a list of."""
DIRECTIVES: Final = frozenset(
    {"admonition", "attention", "bibliography", "caution", "danger", "epigraph", "error", "figure", "glossary", "hint"}
    | {"image", "important", "include", "list-table", "literalinclude", "margin", "math", "note", "pull-quote"}
    | {"seealso", "sidebar", "table", "tableofcontents", "tip", "toctree", "topic", "warning"}
)
"""What MyST has in braces behind the backticks, where no code follows."""
INCLUSION: Final = re.compile(
    r"[ \t]*(?:\{\{#[a-z_]+[ \t][^{}\n]*\}\}|\{\{<[ \t]*include[ \t][^\n]*>\}\}|--8<--[ \t][^\n]*)[ \t]*$", re.MULTILINE
)
"""A line of code where mdBook, Quarto and MkDocs put in a file."""
_IN_BRACES: Final = re.compile(r"[`~]+[ \t]*\{[A-Za-z]")
MARKDOWN: Final = frozenset({"markdown", "md"})


def found_in_code(source: Source, language: str, start: int, lines: Iterable[Span]) -> Iterator[Diagnostic]:
    """What is wrong with code that other tools make something else of. It begins at `start`; a line is its place."""
    language = language.lower()
    if language in DIRECTIVES and _IN_BRACES.match(source.text, start):
        message = f"'{{{language}}}' is a directive in other Markdown, and would be printed as code"
        hint = "write '::: {.note}' before its text and ':::' behind it; a picture as '![caption](file.png)'"
        yield source.diagnostic("P160", start, message, hint)
    elif language in PICTURES:
        message = f"'{language}' is what other tools make a picture or a list of, and would be printed as it stands"
        yield source.diagnostic("P161", start, message, "put in what they make of it: '![what it shows](file.svg)'")
    elif language == "math":
        message = "'math' is a formula in other Markdown, and would be printed as it stands"
        yield source.diagnostic("P161", start, message, "write it between two lines '$$'")
    elif language not in MARKDOWN:
        for line in lines:
            if INCLUSION.match(source.text, line.start, line.end):
                message = "other tools put a file in for this line of code, which would be printed as it stands"
                hint = "put its lines here; where the code shows how Markdown is written, its language is 'markdown'"
                yield source.diagnostic("P161", line.start, message, hint)


def found(source: Source, start: int, end: int) -> Iterator[tuple[int, Diagnostic]]:
    """Where a stretch of text has a notation that is none here, and the message about it."""
    for match in FOREIGN.finditer(source.text, start, end):
        notation = _BY_NAME[match.lastgroup or ""]
        typed = " ".join(match.group().split())
        typed = typed if len(typed) <= 30 else f"{typed[:29]}…"  # noqa: PLR2004
        message = f"'{typed}' is {notation.called} in other Markdown, and would be printed as it stands"
        hint = notation.hint
        if picture := EMBEDDED.fullmatch(match.group()):
            width = f"{{width={picture['width']}px}}" if picture["width"] else ""
            hint = f"write '![what it shows]({picture['file']}){width}'"
        yield match.start(), source.diagnostic(notation.code, match.start(), message, hint)
