"""Where words may be broken that no rule of hyphenation knows: addresses, and what is too long to be a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postil.document import Composed, Form, Markup, Text

# Where an address may break is Chicago 18, 7.46: after its double slash, before other punctuation, round = and &.
URL = re.compile(r"(?<!\w)\w+://[^\s<>]*[\w/#=&-]")
BREAKS = re.compile(r"(?<=//)(?=\w)|(?<=[^/:])(?=/.)|(?<=\w)(?=[~.,_?#%-])|(?=[=&])|(?<=[=&])(?=.)")

# More letters and signs than any word has, of the scripts that part words by spaces.
LONG = re.compile("(?<![!-~\u00c0-\u052f])[!-~\u00c0-\u052f]{101,}")
MOST_PIECES = 4000

OPPORTUNITY = Markup("wbr")
"""A place where a word may be broken without a hyphen of ours."""


def breakable(text: Text) -> tuple[Composed, ...]:
    """Text with the places where its addresses and overlong words may be broken."""
    if "://" not in text.value and not LONG.search(text.value):
        return (text,)
    shown: list[Composed] = []
    end = 0
    for address in URL.finditer(text.value):
        shown += _broken(text.cut(end, address.start()))
        shown.append(
            Markup("span", _address(text, *address.span()), (("class", "url"),), forms=frozenset({Form.ADDRESS}))
        )
        end = address.end()
    shown += _broken(text.cut(end))
    return tuple(shown)


def _address(text: Text, start: int, end: int) -> tuple[Composed, ...]:
    """An address, which may be broken between its parts."""
    parts: list[Composed] = []
    at = start
    for place in (*(found.start() for found in BREAKS.finditer(text.value[start:end])), end - start):
        if parts:
            parts.append(OPPORTUNITY)
        parts += _broken(text.cut(at, start + place))
        at = start + place
    return tuple(parts)


def _broken(text: Text) -> Iterator[Composed]:
    """Text in which what is too long to be a word may be broken anywhere.

    It would run off the page, and typesetters take the square of its length to look for syllables in it.
    """
    end = 0
    for word in LONG.finditer(text.value):
        if end < word.start():
            yield text.cut(end, word.start())
        yield from _pieces(text, *word.span())
        end = word.end()
    if end < len(text.value):
        yield text.cut(end)


def _pieces(text: Text, start: int, end: int) -> Iterator[Composed]:
    """What a word is cut into: ten letters each, or more where those were too many; an accent stays with its letter."""
    size = max(10, (end - start) // MOST_PIECES)
    for found in re.finditer(rf"(?s:.{{1,{size}}})[\u0300-\u036f]*", text.value[start:end]):
        if found.start():
            yield OPPORTUNITY
        yield text.cut(start + found.start(), start + found.end())
