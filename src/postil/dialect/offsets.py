"""Where the characters stand that Python-Markdown has left as they were: white space, and signs that mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

BLANK = (" ", "\t")
INDENT = re.compile(r"\n +")  # how far a line is indented is of no more use inside a paragraph
REACH = 200  # how far two characters of one block can stand apart, with nothing but signs of structure between them


class Offsets:
    """Follows a text from token to token. What stands between two of them is found there, in its order.

    A skeleton is words and constructs, each folded into one token, and between them what Python-Markdown is left to
    deal with: spaces, line breaks, signs of structure. A token knows its offset. The rest comes back without one, and
    changed: of two lines of a quotation, "> one" and ">  two", all that is left between the words is a line break. But
    it comes in the order of the text, and a token is never far. So each character is looked for from where the last
    words ended.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at: int | None = None  # where the last words ended, in the block at hand
        self._furthest = 0  # the same, whatever block they were in

    @property
    def here(self) -> int:
        """Where the last words ended."""
        return self._furthest if self._at is None else self._at

    def begin(self, start: int) -> None:
        """Begin a text at an offset."""
        self._at, self._furthest = None, start

    def begin_block(self) -> None:
        """Begin a block: between its first characters and what stood before there may be anything."""
        self._at = None

    @property
    def in_block(self) -> bool:
        """Whether anything of the block at hand has been seen."""
        return self._at is not None

    def reach(self, end: int) -> None:
        """Go on behind a token."""
        self._at = end
        self.skip(end)

    def skip(self, end: int) -> None:
        """Go on behind something that does not belong to the words."""
        self._furthest = max(self._furthest, end)

    def find(self, signs: str, before: int | None, limit: int) -> Iterator[tuple[str, int]]:
        """The place of each character that stands before a token at `before`, or else before `limit` at most.

        All the columns of a tab have the place of the tab, for Python-Markdown has made spaces of it; white space that
        has no place is left out, as it is Python-Markdown's own. Before the first token of a block there is no place to
        start from: between two blocks anything may stand, such as a definition that is no part of either. There the
        characters are found backwards, from the token.
        """
        signs = INDENT.sub("\n", signs)
        if self._at is None and before is not None:
            yield from self._backwards(signs, before)
            return
        at = self.here
        end = limit if limit >= at else len(self._text)
        for sign in signs:
            found = at
            if sign == " " and self._text.startswith("\t", at - 1) and not self._text.startswith(BLANK, at):
                yield sign, at - 1
                continue
            if not self._text.startswith(BLANK if sign == " " else sign, at):
                found = self._text.find(sign, at, min(end, at + REACH))
            if found < 0 and sign == " ":
                continue
            yield sign, max(found, at)
            at = min(max(found, at) + 1, max(end, at))
            self.reach(at)

    def _backwards(self, signs: str, end: int) -> Iterator[tuple[str, int]]:
        """The same for the first characters of a block, from the token behind them."""
        found: list[tuple[str, int]] = []
        for sign in reversed(signs):
            if sign == " ":
                if end and self._text[end - 1] in BLANK:
                    end -= 1
                elif not self._text.startswith("\t", end):
                    continue
            else:
                place = self._text.rfind(sign, max(0, end - REACH), end)
                end = place if place >= 0 else end
            found.append((sign, end))
        return reversed(found)
