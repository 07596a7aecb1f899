"""Tables whose columns are drawn by dashes: pandoc's simple and multi-line tables.

A simple one has each row in one line. Below its head stand dashes, some for each column, with spaces between them:

    Right   Left
    ------- ------
         12 twelve

One without a head has those dashes above its rows, and again below them. In a multi-line table a blank line parts the
rows; a line of dashes stands above its head, if it has one, and one below its last row.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from postil.dialect.blocks import Alignment, Line
from postil.dialect.lines import is_blank

_COLUMNS = re.compile(r"[ ]{0,3}-{2,}(?:[ ]+-+)+[ ]*$")  # one dash before words begins a list
_RULE = re.compile(r"[ ]{0,3}-{3,}[ ]*$")
_DASHES = re.compile(r"-+")


class Row(NamedTuple):
    """A row, by its lines, and the lines of each of its cells; no cells where some words stand in two columns."""

    lines: tuple[Line, ...]
    cells: tuple[tuple[Line, ...], ...] | None


class Ruled(NamedTuple):
    """A table: its head, if it has one, its other rows, how its columns are aligned, and how many lines it takes."""

    head: Row | None
    rows: tuple[Row, ...]
    alignments: tuple[Alignment | None, ...]
    lines: int


def draws_columns(text: str, lines: Sequence[Line], number: int) -> bool:
    """Whether a line, by its number, is one of dashes with spaces between them."""
    return _is(_COLUMNS, text, lines, number)


def ends(text: str, lines: Sequence[Line]) -> list[int]:
    """The numbers of the lines of dashes, with nothing below them, that may end a table."""
    behind = (number for number in range(len(lines)) if number + 1 == len(lines) or is_blank(text, lines[number + 1]))
    return [number for number in behind if _is(_RULE, text, lines, number) or draws_columns(text, lines, number)]


def find(text: str, lines: Sequence[Line], at: int, ends: Sequence[int]) -> Ruled | None:
    """The table that begins at a line where a paragraph or a rule would begin otherwise."""
    if draws_columns(text, lines, at):
        return _table(text, lines, at, at, ends)
    if not _is(_RULE, text, lines, at):
        return _table(text, lines, at, at + 1, ends) if draws_columns(text, lines, at + 1) else None
    divider = at + 1
    while divider < len(lines) and _is_head(text, lines, divider):
        divider += 1
    return _table(text, lines, at, divider, ends) if divider > at + 1 and draws_columns(text, lines, divider) else None


def _table(text: str, lines: Sequence[Line], at: int, divider: int, ends: Sequence[int]) -> Ruled | None:
    """The table that begins at a line, and whose columns the dashes of another one draw."""
    is_framed = divider != at + 1
    end = _framed(ends, divider) if is_framed else _open(text, lines, divider, ends)
    if end is None or any(line.lazy for line in lines[at:end]):
        return None
    body = lines[divider + 1 : end]
    groups = list(_groups(text, body))
    if not groups:
        return None
    rows = groups if divider > at + 1 or any(is_blank(text, line) for line in body) else [[line] for line in body]
    head = list(lines[at + 1 : divider] if is_framed else lines[at:divider])
    start = lines[divider].start
    columns = [(each.start() - start, each.end() - start) for each in _DASHES.finditer(text, start, lines[divider].end)]
    made = [Row(tuple(row), _cells(text, row, [first for first, _ in columns])) for row in (head, *rows) if row]
    return Ruled(
        made.pop(0) if head else None,
        tuple(made),
        tuple(_alignment(text, head or rows[0], *column) for column in columns),
        end + int(end < len(lines) and not is_blank(text, lines[end])) - at,
    )


def _framed(ends: Sequence[int], divider: int) -> int | None:
    """The number of the line that ends a table which dashes begin."""
    index = bisect_right(ends, divider)
    return ends[index] if index < len(ends) else None


def _open(text: str, lines: Sequence[Line], divider: int, ends: Sequence[int]) -> int:
    """The number of the line, blank or of dashes, that ends a table which begins with its head."""
    end = divider + 1
    while end < len(lines) and not is_blank(text, lines[end]):
        end += 1
    return end - 1 if end - 1 in ends[bisect_right(ends, divider) : bisect_right(ends, end)] else end


def _groups(text: str, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines between blank ones."""
    for blank, group in groupby(lines, lambda line: is_blank(text, line)):
        if not blank:
            yield list(group)


def _cells(text: str, lines: Sequence[Line], starts: Sequence[int]) -> tuple[tuple[Line, ...], ...] | None:
    """What of some lines stands in each column, which goes as far as the next one; the first begins at the margin."""
    edges = [0, *starts[1:], max(line.end - line.start for line in lines)]
    if any(not _is_parted(text, line, edges[1:-1]) for line in lines):
        return None
    return tuple(
        tuple(filter(None, (_cut(text, line, first, max(first, last)) for line in lines)))
        for first, last in pairwise(edges)
    )


def _is_parted(text: str, line: Line, edges: Sequence[int]) -> bool:
    """Whether no word of a line goes over the edge of a column."""
    words = text[line.start : line.end]
    between = (words[edge - 1 : edge + 1] for edge in edges if edge < len(words))
    return not line.pad and "\t" not in words and all(" " in pair for pair in between)


def _cut(text: str, line: Line, first: int, last: int) -> Line | None:
    """The words between two columns of a line."""
    words = text[line.start : line.end][first:last]
    start = line.start + first + len(words) - len(words.lstrip())
    return Line(start, start + len(words.strip())) if words.strip() else None


def _alignment(text: str, lines: Sequence[Line], first: int, last: int) -> Alignment | None:
    """How a column is aligned: by the shortest of the words above its dashes, as pandoc has it."""
    words = (text[line.start : line.end][first:last].rstrip() for line in lines)
    shortest = min(filter(None, words), key=len, default="")
    if shortest.startswith(" "):
        return "center" if len(shortest) < last - first else "right"
    return "left" if 0 < len(shortest) < last - first else None


def _is(pattern: re.Pattern[str], text: str, lines: Sequence[Line], number: int) -> bool:
    """Whether a line, by its number, has some form."""
    if number >= len(lines) or lines[number].lazy or lines[number].pad:
        return False
    return bool(pattern.match(text, lines[number].start, lines[number].end))


def _is_head(text: str, lines: Sequence[Line], number: int) -> bool:
    """Whether a line has words in it."""
    return not (is_blank(text, lines[number]) or any(_is(each, text, lines, number) for each in (_RULE, _COLUMNS)))
