"""How long a text is, whatever script it is in."""

from __future__ import annotations

import re
from typing import Final

SPACELESS: Final = re.compile(
    # scripts that set no space between words: Thai to Myanmar, Khmer, kana, Han, their punctuation and wide forms
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_FIRST: Final = "\u0e00"
_PAIRS: Final = re.compile(rf"{SPACELESS.pattern}{{1,2}}|(?:(?!{SPACELESS.pattern}).)+", re.DOTALL)


def is_spaceless(sign: str) -> bool:
    """Whether a sign is of a script that sets no spaces between words."""
    return sign >= _FIRST and bool(SPACELESS.match(sign))


def words_of(text: str, space: str | None = None) -> list[str]:
    """The words of a text, parted by white space or by what is given. Where there are none, two signs are a word."""
    words = text.split(space)
    if text.isascii() or not SPACELESS.search(text):
        return words
    return [pair for word in words for pair in _PAIRS.findall(word)]
