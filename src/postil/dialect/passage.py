"""Words put together again from tokens and from what stood between them, with the place of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from postil.dialect.tokens import Runs
from postil.document import Element, Parsed, Text

_START = re.compile(r"\w+|\S")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t>]*")


class Passage:
    """Text that grows. Where its pieces adjoin in the source, they share a run."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._runs: list[tuple[int, int]] = []
        self._length = 0

    def __bool__(self) -> bool:
        return bool(self._words)

    def add(self, words: str, runs: Runs) -> None:
        """Add words; the indices of `runs` count from their beginning."""
        for index, offset in runs:
            at = self._length + index
            if not self._runs or self._runs[-1][1] - self._runs[-1][0] != offset - at:
                self._runs.append((at, offset))
        self._words.append(words)
        self._length += len(words)

    def take(self) -> Text:
        """The text so far; another begins."""
        text = Text("".join(self._words), tuple(self._runs))
        self._words, self._runs, self._length = [], [], 0
        return text


class Abbreviations:
    """The abbreviations that a chapter explains; `used` are those that were found in its text."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.used: set[str] = set()
        self._titles = titles
        # How long they are, by the word they begin with, the longest first: a text is searched for all of them in one
        # pass, and at each place only once for those that are of one length.
        self._lengths: dict[str, list[int]] = {}
        for word in sorted(titles, key=len, reverse=True):
            lengths = self._lengths.setdefault(_START.findall(word)[0], [])
            if len(word) not in lengths[-1:]:
                lengths.append(len(word))

    def marked(self, text: Text) -> tuple[Parsed, ...]:
        """The text with its abbreviations in elements of their own."""
        if not self._titles:
            return (text,)
        nodes: list[Parsed] = []
        at = 0
        for start, word in self._found(text.value):
            if start > at:
                nodes.append(text.cut(at, start))
            at = start + len(word)
            self.used.add(word)
            nodes.append(Element("abbr", (text.cut(start, at),), (("title", self._titles[word]),)))
        return (*nodes, text.cut(at, len(text.value))) if at < len(text.value) else tuple(nodes)

    def _found(self, text: str) -> Iterator[tuple[int, str]]:
        at = 0
        for start in _START.finditer(text):
            if start.start() < at:
                continue
            for length in self._lengths.get(start.group(), ()):
                end = start.start() + length
                word = text[start.start() : end]
                if word in self._titles and not (end < len(text) and text[end - 1 : end + 1].isalnum()):
                    yield start.start(), word
                    at = end
                    break


def unbroken(source: str, start: int, end: int) -> Text:
    """What was typed from `start` to `end`, without the white space around it, each line break a space."""
    passage = Passage()
    while start < end and source[start].isspace():
        start += 1
    while start < end and source[end - 1].isspace():
        end -= 1
    for found in _LINE_BREAK.finditer(source, start, end):
        passage.add(source[start : found.start()] + " ", ((0, start),))
        start = found.end()
    passage.add(source[start:end], ((0, start),))
    return passage.take()
