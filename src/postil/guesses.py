"""What somebody probably meant by a word that nothing has."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Final

MOST: Final = 50
"""How many different words are looked for: each takes as long as all the known ones, of which there may be 10,000."""


class Guesses:
    """The known words that unknown ones are most like; only the first `MOST` of these are looked for."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._found: dict[str, str | None] = {}

    def of(self, word: str) -> str | None:
        """The known word that is most like this one, if one is like it."""
        if word not in self._found:
            if len(self._found) == MOST:
                return None
            self._found[word] = next(iter(difflib.get_close_matches(word, self._known, 1)), None)
        return self._found[word]
