"""Ranges of numbers, which have a dash: 12–14, 1990–95, xii–xv."""

from __future__ import annotations

import re
from typing import Final

NUMBER_BEFORE = re.compile(r"(?<![\w./:,#@+–—-])(?:\d{1,4}|[ivxlc]{1,10}|[IVXLC]{1,10})\Z")
NUMBER_BEHIND = re.compile(r"(?:\d{1,4}|[ivxlc]{1,10}|[IVXLC]{1,10})(?![\w/:+–—-]|[.,]\d)")
ROMAN = re.compile(r"c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
LONGEST: Final = 12
"""How far before a hyphen a number and what is before it are looked for."""


def range_at(text: str, hyphen: int) -> tuple[int, int] | None:
    """From where to where a range of numbers stands whose ends a hyphen joins; None if it joins something else."""
    first = NUMBER_BEFORE.search(text, max(0, hyphen - LONGEST), hyphen)
    last = NUMBER_BEHIND.match(text, hyphen + 1) if first else None
    if first and last and _rises(first.group(), last.group()):
        return first.start(), last.end()
    return None


def _rises(first: str, last: str) -> bool:
    """Whether two numbers, arabic or roman, can be the ends of a range: 12-14, 1990-95, but not 3-2, nor I-V."""
    if first.isdigit() and last.isdigit():
        return int(first[: max(0, len(first) - len(last))] + last) > int(first)
    if first.isdigit() or last.isdigit() or first.islower() != last.islower():
        return False
    are_letters = len(first) == len(last) == 1
    are_roman = ROMAN.fullmatch(first.lower()) and ROMAN.fullmatch(last.lower())
    return bool(are_roman) and not are_letters and _value(last) > _value(first)


def _value(roman: str) -> int:
    figures = [VALUES[letter] for letter in roman.lower()]
    return sum(-one if one < next_ else one for one, next_ in zip(figures, [*figures[1:], 0], strict=True))
