r"""Maths between dollar signs: where it begins and ends, which is pandoc's rule, and what is no maths.

`$x$` has no space inside of its dollars and no digit behind them, so that "$5 and $10" is money. `$$x$$` is set off. So
is an environment of LaTeX, `\begin{align}` to `\end{align}`, which may have its label within.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple, Protocol

from postil.dialect import references
from postil.dialect.attributes import allowed, read
from postil.dialect.passage import Passage
from postil.document import Element, Formula, Parsed, Text
from postil.source import Diagnostic, Source, Span

# A dollar behind a backslash closes nothing, and neither does a pair of them in `\text{…}`.
_TEX = r"(?>\\(?:text|mbox)\{[^{}$]*(?:\$[^{}$]*\$[^{}$]*)*\}|\\.|[^\\$])"
_SET_OFF = re.compile(rf"(?<!\$)\$\$(?!\$)(?P<tex>(?:{_TEX}|\$(?!\$))*+)\$\$(?!\$)", re.DOTALL)
_IN_LINE = re.compile(rf"(?<!\$)\$(?![\s$])(?P<tex>{_TEX}++)(?<!\s)\$(?![\d$])", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\begin(?P<name>\{(?:equation|align|gather|multline|eqnarray|flalign)\*?\})")
_NUMBER = re.compile(
    rf"[ \t]*(?P<sign>\\label\{{(?P<label>{references.NAME})\}}|\(\\\#(?P<of_bookdown>eq:{references.NAME})\))"
)
_BLANK = re.compile(r"\n[ \t>]*\n")
_ON_LINES = re.compile(r"[ \t]*\n(?s:.*)\n[ \t>]*\Z")
_OF_TEX = re.compile(r"[\\^_{}=&]")
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})?")
_LABEL = re.compile(r"[ \t]*(?=\{)")

_ALONE = re.compile(r"\$\$[ \t]*$", re.MULTILINE)
_SPACED = re.compile(r"\$(?=[ \t])(?P<tex>[^$\n]{1,200})\$|\$(?P<open>[^$\s][^$\n]{0,200})(?<=[ \t])\$(?!\d)")
_LIKE_TEX = re.compile(r"\\[A-Za-z]|\^[\w{\\]|\b[A-Za-z]_[\w{]")
_SIGNS = re.compile(r"[\\^_{}=]")
_PROSE = re.compile(r"(?:[^\W\d_]{2,}|\A\d[\d.,]*)[,;]?\s+[^\W\d_]{2,}")

_MARK = re.compile(r"[\\`$]")
_HIDING = re.compile(r"\\.|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)", re.DOTALL)  # in code, a dollar is a dollar
_RUN = re.compile(r"`+|\$+|.", re.DOTALL)


FARTHEST = 10_000
"""How many characters a formula in a paragraph may have that goes on in other lines."""


NEAR = 300
"""How far behind `$$` that nothing closes TeX is looked for."""


class Stretch(Protocol):
    """Some of a line: from one offset up to another."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


class Found(NamedTuple):
    """A formula: where its TeX stands, where the whole of it ends, and whether it is set off."""

    tex: Span
    end: int
    display: bool


def find(text: str, start: int, end: int, *, as_block: bool = False) -> Found | None:
    """The formula that begins with the dollar at `start` and ends before `end`; blank lines are only in a block."""
    for pattern in (_SET_OFF, _IN_LINE):
        found = pattern.match(text, start, end)
        if found and found["tex"].strip():
            tex = found["tex"]
            if not _BLANK.search(tex) or (as_block and pattern is _SET_OFF and _is_block(tex)):
                first, last = found.span("tex")
                if pattern is _IN_LINE and len(tex) > 2 and tex[0] == tex[-1] == "`":  # noqa: PLR2004 -- as GitHub has it
                    first, last = first + 1, last - 1
                return Found(Span(first, last), found.end(), pattern is _SET_OFF)
    return None


def _is_block(tex: str) -> bool:
    """Whether TeX with blank lines in it, between lines `$$`, is one formula, as in Obsidian and MyST.

    It is none if it may be text between two formulas, the first of which lacks its end.
    """
    if not _ON_LINES.match(tex) or "$" in tex:
        return False
    parts = (part for part in _BLANK.split(tex) if part.strip("> \t\n"))
    return all(_OF_TEX.search(part) and not _PROSE.search(_COMMAND.sub(" ", part)) for part in parts)


def formula(  # noqa: PLR0913 -- a place, and what is around it
    source: Source, start: int, place: Found, rows: Sequence[Stretch], end: int, *, alone: bool = False
) -> tuple[Parsed, int, list[Diagnostic]]:
    """The formula that begins at `start` and stands in some lines; where it ends, and what is wrong with it.

    One that is set off may have an id behind it, before `end`. It is a paragraph where it stands `alone`.
    """
    node = Formula(_typed(source.text, [place.tex], rows), place.display, Span(start, place.end))
    if not place.display:
        return node, place.end, list(_prose(source, node))
    label = _LABEL.match(source.text, place.end, end)
    attributes = read(source.text, label.end(), end) if label else None
    kept, wrong = allowed(attributes.items if attributes else (), "equation", source)
    last = attributes.end if attributes else place.end
    named = dict(kept)
    named["class"] = " ".join(filter(None, ("equation", named.get("class"))))
    whole: Element[Parsed] = Element("p" if alone else "span", (node,), tuple(named.items()), Span(start, last))
    return whole, last, list(wrong)


def end_of_environment(text: str, start: int, last: int) -> int:
    """Where the environment of maths ends that begins at `start`, or -1; nothing behind `last` belongs to it."""
    found = _ENVIRONMENT.match(text, start, last)
    if not found:
        return -1
    closing = f"\\end{found['name']}"
    end = text.find(closing, found.end(), min(last, start + FARTHEST))
    return -1 if end < 0 or _BLANK.search(text, found.end(), end) else end + len(closing)


def environment(source: Source, place: Span, rows: Sequence[Stretch]) -> tuple[Parsed, list[Diagnostic]]:
    """The formula of an environment, which stands at a place in some lines, and what is wrong with it.

    Its first label, as LaTeX or bookdown has it, is its id. More of them are reported: a formula has one number.
    """
    labels = list(_NUMBER.finditer(source.text, place.start, place.end))
    hint = "make a formula of each line that has a number"
    wrong = [
        source.diagnostic("P174", Span(*each.span("sign")), "a formula has one number", hint) for each in labels[1:]
    ]
    cuts = [place.start, *(edge for each in labels for edge in each.span()), place.end]
    places = [Span(*edges) for edges in zip(cuts[::2], cuts[1::2], strict=True)]
    node = Formula(_typed(source.text, places, rows), display=True, span=place)
    identifier = [("id", each["label"] or each["of_bookdown"]) for each in labels[:1]]
    return Element("p", (node,), (*identifier, ("class", "equation")), place), wrong


def _typed(text: str, places: Sequence[Span], rows: Sequence[Stretch]) -> Text:
    """What was typed at some places, without what indents its lines."""
    passage = Passage()
    for place in places:
        _add(passage, text, place, rows)
    return passage.take()


def _add(passage: Passage, text: str, place: Span, rows: Sequence[Stretch]) -> None:
    before = -1
    first = max(0, bisect_right(rows, place.start, key=attrgetter("start")) - 1)
    for row in takewhile(lambda row: row.start <= place.end, islice(rows, first, None)):
        start, end = max(row.start, place.start), min(row.end, place.end)
        if start <= end:
            if before >= 0:
                passage.add("\n", ((0, before),))
            passage.add(text[start:end], ((0, start),))
            before = end


def _prose(source: Source, node: Formula) -> Iterable[Diagnostic]:
    if _is_prose(node.tex.value):
        message = "these words stand between two dollar signs, and are read as maths"
        yield source.diagnostic("P173", node.span, message, "write '\\$' for a dollar that is meant as one")


def _is_prose(tex: str) -> bool:
    return bool(_PROSE.search(tex)) and not _SIGNS.search(tex)


def not_maths(source: Source, start: int, end: int) -> tuple[Diagnostic, ...]:
    """What is wrong with a dollar that begins no formula, but looks as if it were meant to."""
    text = source.text
    if text[max(0, start - 1) : start] == "$":
        return ()
    if text.startswith("$$", start) and not text.startswith("$$$", start):
        hint = "end it with '$$', and leave no blank line in it"
        if _ALONE.match(text, start) or _LIKE_TEX.search(text, start + 2, min(end, start + NEAR)):
            return (source.diagnostic("P171", start, "this formula is never closed", hint),)
        message = "'$$' begins or ends a formula that has no other end, and is printed as it stands"
        return (source.diagnostic("P166", start, message, f"{hint}; or write a backslash before each dollar"),)
    spaced = _SPACED.match(text, start, end)
    inside = (spaced["tex"] or spaced["open"]).strip() if spaced else ""
    if not _LIKE_TEX.search(inside):
        return ()
    message = "this is no maths, for a space stands beside one of its dollar signs"
    hint = f"write '${inside}$' if it is maths, and '\\$' for a dollar that is meant as one"
    return (source.diagnostic("P172", start, message, hint),)


def runs_over(text: str, start: int, end: int, last: int) -> int:
    """Where the formula ends that begins in a line, from `start` to `end`, and goes on in others before `last`; or -1.

    Nothing at the beginnings of those lines is Markdown.
    """
    at = text.find("$", start, end)
    if at < 0:
        return -1
    at = start
    while mark := _MARK.search(text, at, end):
        at = mark.start()
        if hidden := _HIDING.match(text, at, end):
            at = hidden.end()
        elif mark.group() == "$" and (found := find(text, at, min(last, at + FARTHEST))):
            if found.end > end and not _is_prose(text[found.tex.start : found.tex.end]):
                return found.tex.end
            at = found.end
        elif run := _RUN.match(text, at, end):
            at = run.end()
    return -1
