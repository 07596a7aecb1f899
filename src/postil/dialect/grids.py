"""Tables with lines drawn around their cells, as in reStructuredText and pandoc.

+-----+-----+
| a   | b   |
+=====+=====+
| - c | d   |
| - e |     |
+-----+-----+
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from postil.dialect.blocks import Alignment, Line
from postil.dialect.lines import margin, unindented, words

GRID = re.compile(r"\+(?::?(?:-{2,}|={2,}):?\+)+[ \t]*$")


class Cell(NamedTuple):
    """A cell, by its lines: how many columns it takes, and how it is aligned."""

    lines: tuple[Line, ...]
    columns: int
    alignment: Alignment | None


Rows = tuple[tuple[Cell, ...], ...]


class Drawn(NamedTuple):
    """A table: the rows of its head, the others, how many lines it takes, and where a row does not fit into it."""

    head: Rows
    rows: Rows
    lines: int
    misfit: int | None = None


def find(text: str, lines: Sequence[Line], at: int) -> Drawn | None:
    """The table that begins at a line, by its number."""
    start = margin(text, lines[at])[1]
    if not GRID.match(text, start, lines[at].end) or len(whole := _lines(text, lines[at:])) == 1:
        return None
    edges = [at - start for at in range(start, whole[0].end) if text[at] == "+"]
    below_head = next((each for each in whole if "=" in words(text, each) and _is_edge(text, each)), whole[0])
    alignments = _alignments(text, below_head, edges)
    if not any(alignments):
        alignments = _alignments(text, whole[0], edges)
    head: Rows = ()
    rows: list[tuple[Cell, ...]] = []
    row: list[Line] = []
    for each in whole[1:]:
        if text[each.start] == "|":
            row.append(each)
            continue
        cells = _row(text, row, edges, alignments) if _is_edge(text, each) else None
        if cells is None:
            return Drawn((), (), 0, (row or [each])[0].start)
        rows.append(cells)
        row = []
        if each is below_head:
            head, rows = tuple(rows), []
    return Drawn(head, tuple(rows), len(whole))


def _lines(text: str, lines: Sequence[Line]) -> list[Line]:
    """The lines of a grid from the first one on, up to the last that is an edge."""
    whole: list[Line] = []
    for each in lines:
        first = margin(text, each)[1]
        if each.lazy or first == each.end or text[first] not in "+|":
            break
        whole.append(Line(first, each.start + len(words(text, each).rstrip())))
    while not _is_edge(text, whole[-1]):
        whole.pop()
    return whole


def _is_edge(text: str, line: Line) -> bool:
    """Whether a line is drawn above or below the cells of a grid."""
    return bool(GRID.match(text, line.start, line.end))


def _alignments(text: str, line: Line, edges: Sequence[int]) -> list[Alignment | None]:
    """How the columns of a grid are aligned, by a line between two rows."""
    return [alignment(text[line.start + first + 1 : line.start + last]) for first, last in pairwise(edges)]


def _row(
    text: str, lines: Sequence[Line], edges: Sequence[int], alignments: Sequence[Alignment | None]
) -> tuple[Cell, ...] | None:
    """The cells of a row of a grid with these edges between its columns; None where the row does not keep them."""
    if not lines or any(each.end != each.start + edges[-1] + 1 for each in lines):
        return None
    bars = [n for n, at in enumerate(edges) if all(text[each.start + at] == "|" for each in lines)]
    if bars[:1] != [0] or bars[-1] != len(edges) - 1:
        return None
    cells: list[Cell] = []
    for first, last in pairwise(bars):
        inner: list[Line] = []
        for each in lines:
            begins = each.start + edges[first] + 1
            inside = text[begins : each.start + edges[last]].rstrip()
            inner.append(unindented(text, Line(begins, begins + len(inside)), 1))
        cells.append(Cell(tuple(inner), last - first, alignments[first]))
    return tuple(cells)


def alignment(cell: str) -> Alignment | None:
    """How a column is aligned by its cell in the second row of a table."""
    cell = cell.strip()
    if cell.startswith(":") and cell.endswith(":") and len(cell) > 1:
        return "center"
    return "left" if cell.startswith(":") else "right" if cell.endswith(":") else None
