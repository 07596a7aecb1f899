"""Where the characters stand that Python-Markdown has left as they were: white space, and signs that mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

BLANK = (" ", "\t")
INDENT = re.compile(r"\n +")  # how far a line is indented is of no more use inside a paragraph
REACH = 200  # how far two characters of one block can stand apart, with nothing but signs of structure between them


class Offsets:
    """Follows the text of a block from token to token. What stands between two of them is found there, in its order.

    A skeleton is words and constructs, each folded into one token, and between them what Python-Markdown is left to
    deal with: spaces, line breaks, signs of emphasis. A token knows its offset. The rest comes back without one, and
    changed: of two lines of a quotation, "> one" and ">  two", all that is left between the words is a line break. But
    it comes in the order of the text, and a token is never far. So each character is looked for from where the last
    words ended.
    """

    def __init__(self, text: str, start: int = 0) -> None:
        """Begin a block at an offset."""
        self._text = text
        self.here = start
        """Where the last words ended."""

    def reach(self, end: int) -> None:
        """Go on behind a token, or behind something that does not belong to the words."""
        self.here = max(self.here, end)

    def find(self, signs: str, limit: int) -> Iterator[tuple[str, int]]:
        """The place of each character that stands before `limit`.

        All the columns of a tab have the place of the tab, for Python-Markdown has made spaces of it; white space that
        has no place is left out, as it is Python-Markdown's own.
        """
        at = self.here
        end = limit if limit >= at else len(self._text)
        for sign in INDENT.sub("\n", signs):
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
