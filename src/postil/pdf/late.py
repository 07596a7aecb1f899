"""Numbers that are bound late: how they are laid out before they are known, and put in their places after.

>>> shape("42")
'00'
>>> shape("xii")   # letters differ in width: only these very ones can stand there
'xii'
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Callable, Sequence

from postil.pdf.fragment import Digit, Ink, Number, Slot

_HAIR = 1
"""What rounding may make of nothing, in thousandths of an em."""
_LEVEL = 6
"""How hard operators are deflated that are written anew."""


def shape(words: str) -> str:
    """What a number is laid out as: as many zeros as it has digits, or itself if it is not of digits."""
    if not words.isdecimal():
        return words
    return chr(ord(words[0]) - unicodedata.decimal(words[0])) * len(words)


def wider(one: str, other: str) -> str:
    """The shape in which either number has room; the second where none has digits."""
    if one.isdecimal() and other.isdecimal() and len(one) > len(other):
        return one
    return other


def filled(ink: Ink, number: Callable[[Slot], str]) -> tuple[bytes, tuple[Slot, ...]]:
    """Operators with their late numbers, and the places of those numbers that have no room."""
    if ink.deflated:
        return zlib.decompress(ink.operators), ()
    parts: list[bytes] = []
    outgrown: list[Slot] = []
    at = 0
    for each in ink.numbers:
        drawn = _drawn(each, number(each.slot))
        if drawn is None:
            outgrown.append(each.slot)
        elif each.digits:
            parts += (ink.operators[at : each.start], drawn)
            at = each.end
    parts.append(ink.operators[at:])
    return b"".join(parts), tuple(outgrown)


def deflated(ink: Ink, number: Callable[[Slot], str]) -> tuple[bytes, tuple[Slot, ...]]:
    """The same, as they are written."""
    if ink.deflated:
        return ink.operators, ()
    operators, outgrown = filled(ink, number)
    return zlib.compress(operators, _LEVEL), outgrown


def _drawn(number: Number, words: str) -> bytes | None:
    """What shows a number in its place; None if it has no room there."""
    if not number.digits:
        return b"" if words == number.words else None
    if not words.isdecimal():
        return None
    spare = number.width - sum(number.digits[unicodedata.decimal(each)].width for each in words)
    if spare < -_HAIR:
        return None
    return spaced(number.digits, words, spare * number.before)


def spaced(digits: Sequence[Digit], words: str, before: float = 0) -> bytes:
    """What shows a number of decimal digits, with a space before it, in thousandths of an em."""
    shown = b"".join(digits[unicodedata.decimal(each)].shown for each in words).replace(b"><", b"")
    return (f"{-round(before)}".encode() if round(before) else b"") + shown
