"""Prose with every word and every construct of the dialect folded into a single code point.

Python-Markdown keeps no positions, and several of its rules would read the dialect's marks as something else. So it is
shown a skeleton of the text: a stretch of words is one letter, a construct one private-use character, each of them
standing for a `Token` that knows its place in the source. What is left is what Python-Markdown is asked about: emphasis
and the ends of lines. Two tokens that share a code point, in a very long chapter, are so far apart that order tells
them from each other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate, dropwhile
from typing import Literal, NamedTuple

from postil.dialect import links
from postil.dialect.blocks import Line
from postil.dialect.pieces import Piece
from postil.dialect.segment import Row, Segment
from postil.dialect.tokens import Closer, Opener, Token, Whole, Words
from postil.dialect.typography import Doubt, Substitution, Typography, typeset, typography
from postil.source import Diagnostic, Source, Span

LETTER, SIGN, CYCLE = 0x20000, 0xF0000, 40_000  # letters of plane 2, all of them \w; private use in plane 15

WORD = re.compile(r"[^\W_]")
PARTING = re.compile(r"\n.*\n|[^\s>|]")
"""What parts two lines of prose: lines, or words of another cell, that stand between them."""


class Cell(NamedTuple):
    """A cell of a table: what Python-Markdown is to see, the number of its first token, and where it begins."""

    skeleton: str
    first: int
    start: int


class Scanner:
    """Reads the prose of one chapter. The tokens of all of it are numbered through."""

    def __init__(
        self, source: Source, targets: Mapping[str, links.Address], unbalanced: set[int], rules: Typography
    ) -> None:
        self.source, self.text, self.targets, self.rules = source, source.text, targets, rules
        self.unbalanced = unbalanced
        self.tokens: list[Token] = []
        self.used_targets: set[str] = set()
        self.diagnostics: list[Diagnostic] = []

    def prose(self, lines: Sequence[Line]) -> str:
        """What Python-Markdown is to see of a block of prose. `tokens` goes on with the tokens in it."""
        return self._lines([Row(line.start, line.end) for line in lines])

    def verse(self, lines: Sequence[Line]) -> str:
        """The same for a stanza, where the spaces before a line count."""
        rows: list[Row] = []
        for line in lines:
            start = line.start
            while start < line.end and self.text[start] in " \t":
                start += 1
            indent = len((" " * line.pad + self.text[line.start : start]).expandtabs(4))
            rows.append(Row(start, line.end, 0 if line.lazy else indent, line.lazy))
        return self._lines(rows)

    def cells(self, line: Line) -> Iterator[Cell]:
        """The cells of a row of a table."""
        end = line.start + len(self.text[line.start : line.end].rstrip())
        segment = Segment(self.source, [Row(line.start, end)], self.targets, self.unbalanced, tabular=True)
        pieces = self._pieces(segment)
        if pieces[-1] != "|":
            pieces.append("|")
        cell: list[Piece] = []
        begins = at = line.start
        for number, piece in enumerate(pieces):
            at = at + len(piece) if isinstance(piece, str) else piece.end
            if piece != "|":
                cell.append(piece)
                continue
            if number:  # what stands before the first cell is none
                blank = len(cell) - len(list(dropwhile(_is_blank, cell)))
                inside = cell[blank:]
                while inside and _is_blank(inside[-1]):
                    inside.pop()
                skipped = sum(map(len, filter(lambda each: isinstance(each, str), cell[:blank])))  # type: ignore[arg-type]
                first = len(self.tokens)
                yield Cell("".join(self._folded(inside)), first, begins + skipped)
            cell, begins = [], at

    @contextmanager
    def speaking(self, language: str | None) -> Iterator[None]:
        """Read what is in a language as its typography has it; None is that of what is around."""
        rules = self.rules
        self.rules = typography(language) if language else rules
        yield
        self.rules = rules

    def words(self, lines: Sequence[Line], *, of: Literal["caption", "citation", "note"]) -> str:
        """The same for words that stand in some construct, where no line means anything by itself.

        Where that is a caption in quotation marks, those in it are escaped, but otherwise like any. In a citation
        there is no other.
        """
        rows = [Row(line.start, line.end) for line in lines]
        segment = Segment(self.source, rows, self.targets, self.unbalanced, tabular=False, cites=of != "citation")
        return "".join(self._folded(self._pieces(segment, escaped_quotes=of == "caption")))

    def _lines(self, rows: list[Row]) -> str:
        """Lines that are read together; no construct spans what is no prose and stands between two of them."""
        last = rows[-1]
        rows[-1] = last._replace(end=last.start + len(self.text[last.start : last.end].rstrip()))
        written: list[str] = []
        first = 0
        for number in range(1, len(rows) + 1):
            if number == len(rows) or PARTING.search(self.text, rows[number - 1].end, rows[number].start):
                stretch = rows[first:number]
                segment = Segment(self.source, stretch, self.targets, self.unbalanced, tabular=False)
                written.append("".join(self._folded(self._pieces(segment))))
                first = number
        return "\n".join(written)

    def _pieces(self, segment: Segment, *, escaped_quotes: bool = False) -> list[Piece]:
        """The pieces of a stretch of prose, its typewriter characters turned into those of the book."""
        pieces = segment.pieces()
        self.used_targets |= segment.brackets.used
        if escaped_quotes:
            pieces = [
                replace(piece, literal=False) if isinstance(piece, Words) and piece.text in {'"', "'"} else piece
                for piece in pieces
            ]
        self._set_typography(pieces)
        return pieces

    def _folded(self, pieces: Iterable[Piece]) -> Iterator[str]:
        """Pieces with a code point for each token, which is now one of the chapter's."""
        for piece in pieces:
            if isinstance(piece, str):
                yield piece
            else:
                letters = isinstance(piece, Words) and WORD.search(piece.text)
                yield chr((LETTER if letters else SIGN) + len(self.tokens) % CYCLE)
                self.tokens.append(piece)

    def _set_typography(self, pieces: list[Piece]) -> None:
        """Turn typewriter characters in place, as the words read without what stands between them.

        A space between words, which is no token so far, becomes one where another space is set for it.
        """
        seen: list[str] = []
        has_passages = False
        for piece in pieces:
            if isinstance(piece, Words):
                seen.append(piece.text)
            elif isinstance(piece, str):
                seen.append(piece if not piece.strip(" ") else "\n" if piece.strip("*_") else "")
            else:
                has_passages = has_passages or _language(piece) is not None
                seen.append("x" if isinstance(piece, Whole) and piece.node else "")
        text = "".join(seen)
        found = typeset(text, self.rules)
        if not found and not has_passages:
            return
        starts = [0, *accumulate(map(len, seen))]  # where in all that is seen each piece begins
        for first, last, language in _passages(pieces) if has_passages else ():
            start, end = starts[first], starts[last]
            others = [each for each in found if not start <= each.start < end]
            # marks of quotation are those of the text around it (Chicago 18, 11.25), other signs its own
            own = typeset(text[start:end], replace(typography(language), quotes=self.rules.quotes))
            found = [*others, *(each._replace(start=each.start + start, end=each.end + start) for each in own)]
        of_piece: dict[int, list[Substitution | Doubt]] = defaultdict(list)
        for each in found:
            number = bisect_right(starts, each.start, hi=len(pieces)) - 1
            if each.end <= starts[number + 1]:
                of_piece[number].append(each)
        for number, its in of_piece.items():
            piece = pieces[number]
            words = self._as_words(pieces, number) if isinstance(piece, str) else piece
            if isinstance(words, Words) and not words.literal:
                pieces[number] = self._typeset(words, its, starts[number])

    def _as_words(self, pieces: Sequence[Piece], number: int) -> Words | None:
        """A space between words as a token. Only signs of emphasis may stand between it and the next one."""
        spaces, length = str(pieces[number]), 0
        for following in range(number, len(pieces)):
            piece = pieces[following]
            if not isinstance(piece, str):
                start = piece.start - length
                return Words(start, start + len(spaces), (), spaces, ((0, start),))
            if "\n" in piece:
                return None
            length += len(piece)
        return None

    def _typeset(self, words: Words, found: Sequence[Substitution | Doubt], start: int) -> Words:
        """Words with what is set for what is typed, and what is said of it. They stand in what is seen at `start`."""
        first = words.runs[0][1]
        changes = [
            (each.start - start, each.end - start, each.text) for each in found if isinstance(each, Substitution)
        ]
        said = [
            self.source.diagnostic(each.code, Span(at, at + each.end - each.start), each.message, each.hint)
            for each in found
            if isinstance(each, Doubt)
            for at in (first + each.start - start,)
        ]
        made = _changed(words, changes) if changes else words
        return replace(made, diagnostics=(*words.diagnostics, *said)) if said else made


def _is_blank(piece: Piece) -> bool:
    return isinstance(piece, str) and not piece.strip()


def _changed(words: Words, changes: Sequence[tuple[int, int, str]]) -> Words:
    """Words with some of their characters replaced; every new one stands where the first of the old ones does."""
    text: list[str] = []
    runs: list[tuple[int, int]] = []
    first = words.runs[0][1]  # words that change are one run
    at = length = 0
    for start, end, new in changes:
        if start > at:
            runs.append((length, first + at))
            text.append(words.text[at:start])
            length += start - at
        for sign in new:
            runs.append((length, first + start))
            text.append(sign)
            length += 1
        at = end
    if at < len(words.text):
        runs.append((length, first + at))
        text.append(words.text[at:])
    kept = [run for n, run in enumerate(runs) if not n or run[1] - runs[n - 1][1] != run[0] - runs[n - 1][0]]
    return replace(words, text="".join(text), runs=tuple(kept))


def _language(piece: Token) -> str | None:
    """The language that the words between a token and its partner are in, if one of the two says so."""
    wrapper = piece.wrapper if isinstance(piece, Opener | Closer) else None
    return dict(wrapper.attributes).get("lang") if wrapper else None


def _passages(pieces: Sequence[Piece]) -> Iterable[tuple[int, int, str]]:
    """The passages in a language of their own: the numbers of the pieces before and behind them, outer ones first."""
    found: list[tuple[int, int, str]] = []
    opened: list[tuple[int, Opener]] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, Opener):
            opened.append((number, piece))
        elif isinstance(piece, Closer):
            partner = next((each for each in reversed(opened) if each[1].family == piece.family), None)
            if partner:
                opened.remove(partner)
                if language := _language(partner[1]) or _language(piece):
                    found.append((partner[0], number, language))
    return reversed(found)
