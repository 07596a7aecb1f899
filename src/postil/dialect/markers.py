"""What begins an item of a list: a bullet, a number, letters, a roman numeral, or the sign of an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from postil.dialect.blocks import Line, Numbering
from postil.dialect.lines import TAB, margin

RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
BULLET = re.compile(r"(?P<sign>[-*+])(?=[ \t]|$)")
NUMBER = re.compile(r"(?P<before>\(?)(?P<number>[0-9]{1,9}|[A-Za-z]{1,8}|#)(?P<after>[.)])(?=[ \t]|$)")
EXAMPLE = re.compile(r"\(@(?P<label>[\w-]*)\)(?=[ \t]|$)")
ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$")


class Marker(NamedTuple):
    """What begins an item of a list: which kind of list that is, its number, and the offset behind the sign.

    An example, `(@good)`, has its label for a number, which is counted for the whole book.
    """

    kind: str
    number: int
    end: int
    numbering: Numbering | None = None
    label: str = ""


def number(text: str, line: Line, start: int, kind: str | None = None) -> Marker | None:
    """The number of the first item of a list, or of the next item of a list of some kind."""
    if example := EXAMPLE.match(text, start, line.end):
        return Marker("@", 1, example.end(), "@", example["label"]) if kind in {None, "@"} else None
    found = NUMBER.match(text, start, line.end)
    if not found or (found["before"] and found["after"] == "."):
        return None
    typed, sign = found["number"], found["before"] + found["after"]
    spaces = text[found.end() : found.end() + 2]
    if sign == "." and len(typed) == 1 and typed.isupper() and spaces.strip(" "):
        return None  # the initial of a name, unless two spaces follow
    for numbering, value in _values(typed):
        begins = numbering == "1" or value == 1 or len(typed) > 1
        if f"{numbering}{sign}" == kind or (kind is None and begins):
            return Marker(f"{numbering}{sign}", value, found.end(), numbering)
    return None


def following(text: str, line: Line, kind: str) -> Marker | None:
    """What begins the next item of a list of this kind, if it begins at this line."""
    columns, start = margin(text, line)
    if line.lazy or columns >= TAB or start == line.end or RULE.match(text, start, line.end):
        return None
    if found := BULLET.match(text, start, line.end):
        return Marker(kind, 0, found.end()) if found["sign"] == kind else None
    marker = number(text, line, start, kind)
    return marker if marker and marker.kind == kind else None


def _values(typed: str) -> Iterator[tuple[Numbering, int]]:
    """What digits or letters may be as a number."""
    if typed == "#":
        yield "1", 1  # as pandoc numbers such items: by their order
    elif typed.isdecimal():
        yield "1", int(typed)
    elif typed.islower() or typed.isupper():
        if value := _roman(typed.lower()):
            yield "i" if typed.islower() else "I", value
        if len(typed) == 1:
            yield "a" if typed.islower() else "A", ord(typed.lower()) - ord("a") + 1


def _roman(numeral: str) -> int:
    """The value of a roman numeral in small letters; 0 if it is none."""
    if not numeral or not ROMAN.match(numeral):
        return 0
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    signs = [values[sign] for sign in numeral]
    return sum(-sign if sign < following else sign for sign, following in pairwise([*signs, 0]))
