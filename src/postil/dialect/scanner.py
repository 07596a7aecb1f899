"""Prose with every word and every construct of the dialect folded into a single code point.

Python-Markdown keeps no positions, and several of its rules would read the dialect's marks as something else. So it is
shown a skeleton of the text: a stretch of words is one letter, a construct one private-use character, each of them
standing for a `Token` that knows its place in the source. What is left is what Python-Markdown is asked about: lines,
their indentation and markers, emphasis, and the pipes of tables. Two tokens that share a code point, in a very long
chapter, are so far apart that order tells them from each other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from postil.dialect import links
from postil.dialect.outline import Line
from postil.dialect.pieces import Piece
from postil.dialect.segment import Row, Segment
from postil.dialect.tokens import Token, Whole, Words
from postil.dialect.typography import Quotes, substitutions
from postil.source import Diagnostic, Source

LETTER, SIGN, CYCLE = 0x20000, 0xF0000, 40_000  # letters of plane 2, all of them \w; private use in plane 15
DEPTH = 32  # of blocks in blocks

WORD = re.compile(r"[^\W_]")
MARKER = r"(?:[*+-](?=[ \t]|$)|\d+\.(?=[ \t])|:(?=[ \t])|\#{1,6})"
PREFIX = re.compile(rf"[ \t]*(?P<markers>(?:(?:>|{MARKER})[ \t]*)*)")
STRUCTURE = re.compile(r"[-=*_:|+ \t]*\Z")
UNDERLINE_HEIGHT = 2  # a heading's underline is its block's second line
UNDERLINE = re.compile(r"(?:=+|-+)[ ]*\Z")
RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})[ ]*\Z")


class Scanner:
    """Reads the prose of one chapter. The tokens of all of it are numbered through."""

    def __init__(
        self, source: Source, targets: Mapping[str, links.Address], unbalanced: set[int], quotes: Quotes
    ) -> None:
        self.source, self.text, self.targets, self.quotes = source, source.text, targets, quotes
        self.unbalanced = unbalanced
        self.tokens: list[Token] = []
        self.used_targets: set[str] = set()
        self.diagnostics: list[Diagnostic] = []

    def skeleton(self, lines: Sequence[Line]) -> str:
        """The text that Python-Markdown is to see. `tokens` goes on with the tokens in it."""
        written: list[str] = []
        chunk: list[Line] = []
        for line in [*lines, Line(0, 0)]:
            if self.text[line.start : line.end].strip():
                chunk.append(line)
            else:
                written += [*self._chunk(chunk), "\n"]
                chunk = []
        return "".join(written)

    def words(self, lines: Sequence[Line], *, of: Literal["caption", "citation"]) -> str:
        """The same for words that stand in some construct, where no line means anything by itself.

        Where that is a caption in quotation marks, those in it are escaped, but otherwise like any. In a citation
        there is no other.
        """
        rows = [Row(line.start, line.end) for line in lines]
        segment = Segment(self.source, rows, self.targets, self.unbalanced, tabular=False, cites=of != "citation")
        return "".join(self._written(segment, escaped_quotes=of == "caption"))

    # --- lines -------------------------------------------------------------------------------------------------

    def _chunk(self, lines: Sequence[Line]) -> list[str]:
        """Lines without a blank one among them."""
        rows = [self._row(line) for line in lines]
        for number, (before, row) in enumerate(pairwise(rows), 1):
            if self.text[before.end : row.start].count("\n") > 1:
                rows[number] = row._replace(apart=True)
        tabular = any(row.bare and "|" in self.text[row.start : row.end] for row in rows)
        written: list[str] = []
        height = 0  # lines since the last blank one
        for stretch in _stretches(rows, tabular=tabular):
            if stretch[0].term:
                written.append("\n")
                height = 0
            height += len(stretch)
            if stretch[0].bare:
                written += [stretch[0].prefix, self.text[stretch[0].start : stretch[0].end].replace("\t", " "), "\n"]
            else:
                written += [*self._segment(stretch, tabular=tabular), "\n"]
            if not tabular and self._ends_block(stretch[0], height):
                written.append("\n")
                height = 0
        return written

    def _ends_block(self, row: Row, height: int) -> bool:
        """Whether a heading or a rule ends here. Python-Markdown would read all that follows once more."""
        if row.prefix:
            return row.prefix.startswith("#")
        pattern = UNDERLINE if height == UNDERLINE_HEIGHT else RULE
        return row.bare and bool(pattern.match(self.text, row.start, row.end))

    def _row(self, line: Line) -> Row:
        found = PREFIX.match(self.text, line.start, line.end)
        start = found.end() if found else line.start
        prefix = (" " * line.pad + self.text[line.start : start]).expandtabs(4)
        markers = found["markers"] if found else ""
        indent = len(prefix) - len(prefix.lstrip())
        if markers and len(markers.split()) + markers.count(">") + indent // 4 > DEPTH:
            hint = f"at most {DEPTH} quotations and lists can stand in one another"
            self.diagnostics.append(self.source.diagnostic("P151", line.start, "this is nested too deep", hint))
            return Row(start - len(markers), line.end, "", "-")
        bare = bool(STRUCTURE.match(self.text, start, line.end))
        return Row(start, line.end, prefix, markers.strip("> \t"), bare)

    # --- the constructs of a segment -----------------------------------------------------------------------------

    def _segment(self, rows: Sequence[Row], *, tabular: bool) -> list[str]:
        """Lines that are one stretch of prose: no construct crosses its ends."""
        return self._written(Segment(self.source, rows, self.targets, self.unbalanced, tabular=tabular))

    def _written(self, segment: Segment, *, escaped_quotes: bool = False) -> list[str]:
        """What stands for a stretch of prose, its constructs folded into tokens."""
        pieces = segment.pieces()
        self.used_targets |= segment.brackets.used
        if escaped_quotes:
            pieces = [
                replace(piece, literal=False) if isinstance(piece, Words) and piece.text in {'"', "'"} else piece
                for piece in pieces
            ]
        self._set_typography(pieces)
        written: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                written.append(piece)
                continue
            letters = isinstance(piece, Words) and WORD.search(piece.text)
            written.append(chr((LETTER if letters else SIGN) + len(self.tokens) % CYCLE))
            self.tokens.append(piece)
        return written

    def _set_typography(self, pieces: list[Piece]) -> None:
        """Turn typewriter characters in place, as the words read without what stands between them."""
        seen: list[str] = []
        starts: list[int] = []  # where in `seen` the words of each entry of `owners` begin
        owners: list[int] = []
        length = 0
        for number, piece in enumerate(pieces):
            if isinstance(piece, str):
                text = " " if piece == "|" else piece if piece.strip("*_") else ""
            elif isinstance(piece, Words):
                text = piece.text
                starts.append(length)
                owners.append(number)
            else:
                text = "x" if isinstance(piece, Whole) and piece.node else ""
            seen.append(text)
            length += len(text)
        changes: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for change in substitutions("".join(seen), self.quotes):
            entry = bisect_right(starts, change.start) - 1
            if entry >= 0 and change.end - starts[entry] <= len(pieces[owners[entry]].text):  # type: ignore[union-attr]
                at = starts[entry]
                changes[owners[entry]].append((change.start - at, change.end - at, change.text))
        for number, found in changes.items():
            words = pieces[number]
            if isinstance(words, Words) and not words.literal:
                pieces[number] = _changed(words, found)


def _stretches(rows: Sequence[Row], *, tabular: bool) -> Iterator[list[Row]]:
    """The lines that are read together: each row of a table, each heading and each item's beginning begins anew."""
    stretch: list[Row] = []
    defined = False  # whether a definition of a list has come
    for number, row in enumerate(rows):
        defines = number + 1 < len(rows) and rows[number + 1].markers == ":"
        if defined and defines and not row.prefix:  # another term, which Python-Markdown wants a blank line before
            row = row._replace(term=True)  # noqa: PLW2901
        defined = defined or row.markers == ":"
        anew = tabular or row.markers or row.bare or row.term or row.apart
        if stretch and (anew or stretch[0].bare or "#" in stretch[0].prefix):
            yield stretch
            stretch = []
        stretch.append(row)
    if stretch:
        yield stretch


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
