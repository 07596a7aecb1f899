"""Lines of a chapter, by their places in its text: how far they are indented, and what is behind that."""

from __future__ import annotations

import re

from postil.dialect.blocks import Line

TAB = 4  # columns


def margin(text: str, line: Line) -> tuple[int, int]:
    """By how many columns a line is indented, and the offset of what stands behind that."""
    columns, at = line.pad, line.start
    while at < line.end and text[at] in " \t":
        columns += width(text, at)
        at += 1
    return columns, at


def unindented(text: str, line: Line, columns: int) -> Line:
    """A line with at most so many columns of white space less before it."""
    have, at = line.pad, line.start
    while have < columns and at < line.end and text[at] in " \t":
        have += width(text, at)
        at += 1
    return Line(at, line.end, max(0, have - columns), line.lazy)


def dedented(text: str, line: Line) -> Line | None:
    """A line without four columns of indentation, or None if it has not that many."""
    columns, at = line.pad, line.start
    while columns < TAB and at < line.end and text[at] in " \t":
        columns += width(text, at)
        at += 1
    return Line(at, line.end, columns - TAB) if columns >= TAB else None


def behind(text: str, line: Line, at: int) -> Line:
    """What of a line stands behind a sign, and one space."""
    if text.startswith(" ", at) and at < line.end:
        return Line(at + 1, line.end)
    if text.startswith("\t", at) and at < line.end:
        return Line(at + 1, line.end, width(text, at) - 1)
    return Line(at, line.end)


def words(text: str, line: Line) -> str:
    """What stands in a line."""
    return text[line.start : line.end]


def is_blank(text: str, line: Line) -> bool:
    """Whether a line has white space in it at most."""
    return line.start == line.end or text[line.start : line.end].isspace()


def end_of(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a pattern that matches at `start` ends."""
    found = pattern.match(text, start, end)
    return found.end() if found else start


def width(text: str, at: int) -> int:
    """How many columns a space or a tab takes; a tab goes to the next column of its line that four divides."""
    if text[at] == " ":
        return 1
    start = text.rfind("\n", 0, at) + 1
    return TAB - len(text[start:at].expandtabs(TAB)) % TAB
