"""What a stretch of prose is made of, while it is being scanned."""

from __future__ import annotations

from postil.dialect.tokens import Closer, Opener, Token, Whole, Words
from postil.document import Parsed, plain
from postil.source import Diagnostic

Piece = str | Token  # a string is left for Python-Markdown


class Pieces:
    """The pieces so far. What adds one answers with the offset where it ends."""

    def __init__(self, text: str) -> None:
        self.made: list[Piece] = []
        self._text = text
        self._marks: list[int] = []  # the pieces that open a mark
        self._pipes: list[tuple[int, int]] = []  # the pieces that are pipes inside open marks, and their offsets

    def add(self, token: Token) -> int:
        """Add a token."""
        self.made.append(token)
        return token.end

    def words(self, start: int, end: int, *diagnostics: Diagnostic) -> int:
        """Add text as it was typed."""
        return self.add(Words(start, end, diagnostics, self._text[start:end], ((0, start),)))

    def whole(self, start: int, end: int, node: Parsed | None, *diagnostics: Diagnostic) -> int:
        """Add a construct that is complete."""
        return self.add(Whole(start, end, diagnostics, node))

    def pipe(self, offset: int) -> int:
        """Add what divides the cells of a table, unless it turns out to stand inside a mark."""
        if self._marks:
            self._pipes.append((len(self.made), offset))
        self.made.append("|")
        return offset + 1

    def open_mark(self, opener: Opener) -> int:
        """Add the beginning of a mark."""
        self._marks.append(len(self.made))
        return self.add(opener)

    def close_mark(self, closer: Closer) -> int:
        """Add the end of a mark. The pipes between are text."""
        opener = self.made[self._marks[-1]] if self._marks else None
        if isinstance(opener, Opener) and opener.family == closer.family:
            first = self._marks.pop()
            while self._pipes and self._pipes[-1][0] > first:
                piece, at = self._pipes.pop()
                self.made[piece] = Words(at, at + 1, (), "|", ((0, at),))
        return self.add(closer)

    def cut(self, piece: int) -> None:
        """Take back all pieces from this one on: another will stand for them."""
        del self.made[piece:]
        while self._marks and self._marks[-1] >= piece:
            self._marks.pop()
        while self._pipes and self._pipes[-1][0] >= piece:
            self._pipes.pop()

    def plain(self, piece: int) -> str:
        """The pieces from this one on as words, without emphasis."""
        words: list[str] = []
        for made in self.made[piece:]:
            match made:
                case str():
                    words.append(made.strip("*_"))
                case Words():
                    words.append(made.text)
                case Whole(node=node) if node is not None:
                    words.append(plain((node,)))
        return " ".join("".join(words).split())
