"""Notations of other tools, which would be printed as they stand: each with what to write instead.

A manuscript that comes from somewhere else has them in its prose; `notations` is the table of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from postil.dialect.notations import FENCES, LINES, METADATA, NOTATIONS, SLIPS, Notation
from postil.source import Diagnostic, Source, Span

_FIRST: Final = r"(?=[%!\[{\\=+:^(#$~`@]|[-<>'](?:(?<=<)(?:%|http)|(?<=>)!|(?<=')'))"
"""What one begins with: most characters are none of these, and are passed over at once."""
FOREIGN: Final = re.compile(
    f"{_FIRST}(?:{'|'.join(f'(?P<{each.name}>{each.pattern})' for each in (*NOTATIONS, *SLIPS))})", re.MULTILINE
)
_ON_LINE: Final = re.compile(
    rf"(?=[-=.|<'/\[#+%^(!{{•◦▪‣]|[A-X]>)(?:{'|'.join(f'(?P<{each.name}>{each.pattern})' for each in LINES)})",
    re.MULTILINE,
)
FENCED: Final = re.compile(
    "[`~]{3,}[ \t]*(?:" + "|".join(f"(?P<{each.name}>{each.pattern})" for each in FENCES) + r")(?![\w-])", re.IGNORECASE
)
_TOOL: Final = re.compile("[A-Z]|bookdown|kramdown")
_LETTERS: Final = re.compile(r"[a-z]+\Z")
_METADATA: Final = re.compile(METADATA.pattern)
_BY_NAME: Final = {each.name: each for each in (*NOTATIONS, *LINES, *SLIPS)}
_FENCE_BY_NAME: Final = {each.name: each for each in FENCES}


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


FATE: Final = "would be printed as it stands"


def found(
    source: Source, lines: Sequence[int], end: int, stands: Callable[[int, Notation], bool]
) -> Iterator[tuple[int, Diagnostic]]:
    """Where a stretch of text, whose lines begin at some offsets, has a notation that is none here, and the message.

    `stands` says whether the words at an offset are text, of which a notation may begin there.
    """
    at_lines: set[int] = set()
    for start in lines:
        match = _ON_LINE.match(source.text, start, end)
        notation = _BY_NAME[match.lastgroup or ""] if match else None
        if match and notation and (not notation.first or start == lines[0]) and stands(start, notation):
            at_lines.add(start)
            yield start, _message(source, match, notation, FATE)
    if lines[0] == 0 and (match := _METADATA.match(source.text, 0, end)):
        yield 0, _message(source, match, METADATA, FATE)
    at = lines[0]
    while match := FOREIGN.search(source.text, at, end):
        notation = _BY_NAME[match.lastgroup or ""]
        at = match.start() + 1
        if match.start() not in at_lines and stands(match.start(), notation):
            yield match.start(), _message(source, match, notation, FATE)
            at = max(at, match.end())


def fenced(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """The message about the fence that begins a stretch of text, if other tools show something else than its code."""
    if match := FENCED.match(source.text, start, end):
        yield _message(source, match, _FENCE_BY_NAME[match.lastgroup or ""], "is printed here as code")


def _message(source: Source, match: re.Match[str], notation: Notation, fate: str) -> Diagnostic:
    letters = _LETTERS.search(source.text, max(0, match.start() - 16), match.start())  # of `xref:x[y]`
    typed = " ".join(f"{letters[0] if letters and match[0][0] == ':' else ''}{match[0]}".split())
    typed = typed if len(typed) <= 30 else f"{typed[:29]}…"  # noqa: PLR2004
    # what is called after a tool, "a role of MyST", says itself where it is one
    where = "" if notation in SLIPS or _TOOL.search(notation.called) else " in other Markdown"
    message = f"'{typed}' is {notation.called}{where}, and {fate}"
    hint = notation.hint
    if picture := EMBEDDED.fullmatch(match.group()):
        width = f"{{width={picture['width']}px}}" if picture["width"] else ""
        hint = f"write '![what it shows]({picture['file']}){width}'"
    return source.diagnostic(notation.code, match.start(), message, hint)


_STRONG: Final = re.compile(r"(?<![\w*\\])(?P<sign>\*{2,3}|_{2,3})(?=[^\W_]|[\"'“‘«(\[{<`&$@])")


def unclosed_strong(source: Source, at: int) -> Iterator[Diagnostic]:
    """What is said of a sign of emphasis that is none, if it is the first of two that begin strong words."""
    if found := _STRONG.match(source.text, at):
        message = f"'{found['sign']}' begins strong words that have no end, and would be printed as it stands"
        hint = f"end them with '{found['sign']}', right behind the last of them; or write a backslash before each sign"
        yield source.diagnostic("P166", at, message, hint)


_RAW: Final = re.compile(r"\{?=(?P<name>[^\s,}]+)")
_IN_LINE: Final = re.compile(r"r[ \t]+(?:[\w.]+(?:\[|\(|\$|::|[ \t]*\Z))|\{(?:r|python|julia|ojs)\}[ \t]")


def raw(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """What is said of fenced code that is for one output, by what stands from `start` on behind the fence."""
    if found := _RAW.match(source.text, start, end):
        message = f"other tools put this code into {found['name']} as it is, and print none of it"
        yield source.diagnostic("P165", start, message, "write in Markdown what it does, or delete it")


def in_line(source: Source, start: int, end: int) -> Iterator[Diagnostic]:
    """What is said of code in a sentence, from `start` on, that a program is to put something else for."""
    if _IN_LINE.match(source.text, start, end):
        message = "other tools run this code, and print what comes out; here the code itself is printed"
        yield source.diagnostic("P165", start, message, "write what comes out")
