"""Typographic quotation marks, dashes and ellipses, for the ones that a typewriter has.

Python-Markdown's `smarty` does the same, but on text that is already cut at every mark and emphasis, so that it cannot
tell which way a quotation mark beside one of them turns; and it keeps no positions. Here a stretch of prose is seen as
it will be read, whatever markup stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Quotes(NamedTuple):
    """The quotation marks of a language, the inner ones within the others; a space inside belongs to its mark."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


ENGLISH = Quotes("“", "”", "‘", "’")

APOSTROPHE = "’"
DASHES = {"--": "–", "---": "—"}

TYPED = re.compile(r"""["']|(?<!-)-{2,3}(?!-)|(?<!\.)\.{3}(?!\.)""")
ELISION = re.compile(r"(?:\d\ds|tis|twas|twere|em|til)\b", re.IGNORECASE)
OPENS_BEFORE = re.compile(r"[\s(\[{<«‹“‘„‚\-–—/]")  # a quotation mark after one of these opens


class Substitution(NamedTuple):
    """`text` instead of what is typed from `start` up to `end`."""

    start: int
    end: int
    text: str


def substitutions(text: str, quotes: Quotes) -> Iterator[Substitution]:
    """What to set in the place of typewriter characters in `text`, a stretch of prose, from left to right."""
    opened = -1  # where the last quotation mark that opens stands
    inner = False  # whether an inner quotation is open, so that not every ' is an apostrophe
    for found in TYPED.finditer(text):
        at, end, sign = found.start(), found.end(), found.group()
        if sign == "...":
            yield Substitution(at, end, "…")
        elif sign in DASHES:
            yield Substitution(at, end, DASHES[sign])
        elif sign == "'" and ELISION.match(text, end) and not text[at - 1 : at].isalnum():
            yield Substitution(at, end, APOSTROPHE)
        elif _opens(text, at, opened):
            opened, inner = at, inner or sign == "'"
            yield Substitution(at, end, quotes.inner_opening if sign == "'" else quotes.opening)
        elif sign == '"':
            yield Substitution(at, end, quotes.closing)
        elif inner and not text[end : end + 1].isalnum():
            inner = False
            yield Substitution(at, end, quotes.inner_closing)
        else:
            yield Substitution(at, end, APOSTROPHE)


def _opens(text: str, at: int, opened: int) -> bool:
    """Whether the quotation mark at `at` opens; `opened` is where the last one that does stands."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not after.strip():
        return False
    if not before or OPENS_BEFORE.match(before):
        return True
    if before in "\"'":  # as the one before it; but where one that closes meets a word, a new quotation begins
        return opened == at - 1 or (before == text[at] and after.isalnum())
    return False
