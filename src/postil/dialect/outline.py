"""The lines of a chapter, sorted: what is prose for Python-Markdown, and what stands apart from it.

Definitions, containers, fenced code, raw HTML blocks and table captions stand at the left margin of their chapter or
of the definition or container they are in. All are found here, in one pass over the lines, before any prose is read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from postil.dialect import html, links
from postil.dialect.attributes import AttributeList, read
from postil.source import Diagnostic, Source, Span

CONTAINERS = 8  # how many stand in one another
TAB = 4  # columns, as in Python-Markdown

FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[ ]*(?:\{(?P<braces>[^`\n]*)\}|(?P<language>[^\s`{}]*))[ ]*$")
FENCE_END = re.compile(r"(?P<fence>`{3,}|~{3,})[ ]*$")
CONTAINER = re.compile(r"[ ]{0,3}:{3,}[ \t]*(?:(?=\{|$)|(?P<word>[^\s{}]+)[ \t]*$)")
NOTE = re.compile(r"[ ]{0,3}\[\^(?P<id>[^\[\]\s]+)\]:[ \t]*")
REPLY = re.compile(r"[ ]{0,3}[-*+][ \t]+(?=\{\.reply\b)")
ABBREVIATION = re.compile(r"[ ]{0,3}\*\[(?P<word>[^\[\]\\]+)\][ ]?:[ \t]*(?P<title>.*?)[ \t]*$")
CAPTION = re.compile(r"[ ]{0,3}Table:[ \t]+(?=\S)")
COMMENT = re.compile(r"[ ]{0,3}<!--")
TAG = re.compile(r"[ ]{0,3}<(?=[A-Za-z])")
HEADING = re.compile(r"\#{1,6}")
MARGIN = re.compile(r"[ \t]*")


class Line(NamedTuple):
    """A line without what indents the construct it is in; `pad` is the rest, in columns, of a tab cut in two."""

    start: int
    end: int
    pad: int = 0


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines for Python-Markdown."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of the table before it."""

    lines: tuple[Line, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Code:
    """Fenced code."""

    lines: tuple[Line, ...]
    language: str
    attributes: AttributeList | None
    span: Span


@dataclass(frozen=True, slots=True)
class Container:
    """`::: {.class}` … `:::`."""

    blocks: tuple[Block, ...]
    attributes: AttributeList
    span: Span


Block = Prose | Caption | Code | Container | html.Block


@dataclass(frozen=True, slots=True)
class ReplyLines:
    """A reply in a thread, its text still as lines."""

    attributes: AttributeList
    lines: tuple[Line, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Definition:
    """`[^id]: …`, its text still as lines."""

    id: str
    attributes: AttributeList | None
    lines: tuple[Line, ...]
    replies: tuple[ReplyLines, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """`*[word]: title`."""

    title: str
    span: Span


@dataclass(slots=True)
class Outline:
    """A chapter's blocks, and what it defines, wherever that stands."""

    blocks: tuple[Block, ...] = ()
    definitions: list[Definition] = field(default_factory=list)
    links: dict[str, links.Address] = field(default_factory=dict)
    abbreviations: dict[str, Abbreviation] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unbalanced: set[int] = field(default_factory=set)  # where the start tags stand that have no end tag
    last_comment_end: int = -1  # where the last HTML comment of the whole source ends, for none is looked for behind


def outline(source: Source) -> Outline:
    """The outline of a whole chapter."""
    lines, start = list[Line](), 0
    while (end := source.text.find("\n", start)) >= 0:
        lines.append(Line(start, end))
        start = end + 1
    lines.append(Line(start, len(source.text)))
    found = Outline(last_comment_end=source.text.rfind("-->"))
    found.blocks = _Reader(source, lines, found, top=True).blocks()
    return found


def blocks(source: Source, lines: Sequence[Line], found: Outline) -> tuple[Block, ...]:
    """The blocks of a definition's lines. What is wrong with them goes to `found`."""
    return _Reader(source, lines, found, top=False).blocks()


def label(text: str) -> str:
    """A reference link's label in the form in which two are the same."""
    return " ".join(text.split()).casefold()


class _Reader:
    """One pass over some lines."""

    def __init__(self, source: Source, lines: Sequence[Line], found: Outline, *, top: bool) -> None:
        self.source, self.text, self.lines, self.found, self.top = source, source.text, list(lines), found, top
        self.at = 0  # the number of the line to read next
        self.prose: list[Line] = []
        self.done: list[Block] = []
        self.open: list[tuple[AttributeList, int, list[Block]]] = []  # containers, with the blocks before them
        self.fences: defaultdict[str, list[int]] = defaultdict(list)  # the lines that can end fenced code
        for number, line in enumerate(self.lines):
            if self.text.startswith(("```", "~~~"), line.start) and (end := self._match(FENCE_END, line)):
                self.fences[end["fence"]].append(number)

    def blocks(self) -> tuple[Block, ...]:
        """All of them, in their order."""
        readers = {"`": self._fence, "~": self._fence, ":": self._container, "<": self._markup, "T": self._caption}
        if self.top:
            readers |= {"[": self._definition, "*": self._abbreviation}
        while self.at < len(self.lines):
            line = self.lines[self.at]
            indent = end_of(MARGIN, self.text, line.start, line.end)
            reader = readers.get(self.text[indent]) if indent < line.end and not line.pad else None
            if not (reader and reader(line)):
                self.prose.append(line)
                self.at += 1
        self._flush()
        while self.open:
            start = self.open[-1][1]
            self._report("P153", start, "this container is never closed", "end it with a line ':::'")
            self._close_container(self.lines[-1].end)
        return tuple(self.done)

    # --- what stands apart ---------------------------------------------------------------------------------------

    def _fence(self, line: Line) -> bool:
        start = self._match(FENCE, line)
        if not start:
            return False
        ends = self.fences.get(start["fence"], [])
        after = bisect_right(ends, self.at)
        if after == len(ends):
            hint = f"end it with a line '{start['fence']}'"
            self._report("P152", line.start, "this fenced code is never closed", hint)
            return False
        end = ends[after]
        attributes = None
        if start["braces"] is not None:
            attributes = read(self.text, start.start("braces") - 1, line.end)
            if attributes is None:
                return False
        body = tuple(self.lines[self.at + 1 : end])
        self._put(Code(body, start["language"] or "", attributes, Span(line.start, self.lines[end].end)))
        self.at = end + 1
        return True

    def _container(self, line: Line) -> bool:
        found = self._match(CONTAINER, line)
        if not found:
            return False
        attributes = read(self.text, found.end(), line.end)
        if attributes and not self.text[attributes.end : line.end].strip():
            if len(self.open) == CONTAINERS:
                self._report("P151", line.start, "this is nested too deep", "end the containers before it with ':::'")
                return False
            self._flush()
            self.open.append((attributes, line.start, self.done))
            self.done = []
        elif found.end() < line.end or found["word"]:
            hint = "name its class in braces, as in '::: {.epigraph}'"
            self._report("P154", line.start, "a container begins with ':::' and an attribute list", hint)
            return False
        elif self.open:
            self._flush()
            self._close_container(line.end)
        else:
            self._report("P154", line.start, "':::' closes no container", "begin one with '::: {.epigraph}'")
            return False
        self.at += 1
        return True

    def _markup(self, line: Line) -> bool:
        if found := self._match(COMMENT, line):
            start = found.end() - 4
            if start >= self.found.last_comment_end:
                return False
            end = self.text.index("-->", start) + 3
        elif found := self._match(TAG, line):
            start = found.end() - 1
            if start in self.found.unbalanced:
                return False
            block = html.block(self.source, start, self.lines[-1].end)
            if isinstance(block, html.Unbalanced):
                self.found.diagnostics.append(block.diagnostic)
                self.found.unbalanced |= block.openers
            if not isinstance(block, html.Block):
                return False
            self.found.diagnostics += block.diagnostics
            self._put(block)
            end = block.end
        else:
            return False
        self._go_on_from(end)
        return True

    def _caption(self, line: Line) -> bool:
        found = self._match(CAPTION, line)
        if not found:
            return False
        start = self.at
        while self.at < len(self.lines) and not self._blank(self.lines[self.at]):
            self.at += 1
        lines = (Line(found.end(), line.end), *self.lines[start + 1 : self.at])
        self._put(Caption(lines, Span(end_of(MARGIN, self.text, line.start, line.end), lines[-1].end)))
        return True

    # --- definitions ---------------------------------------------------------------------------------------------

    def _definition(self, line: Line) -> bool:
        if found := self._match(NOTE, line):
            self._note(found)
            return True
        if found := self._match(links.DEFINITION, line):
            title = next((name for name in ("double", "single", "round") if found[name] is not None), None)
            address = "bare" if found["angled"] is None else "angled"
            target = links.Address(
                found[address],
                Span(*found.span(address)),
                found[title] if title else None,
                Span(*found.span(title)) if title else None,
            )
            name = label(found["label"])
            if name in self.found.links:
                self._report("P156", found.start("label"), f"the link '{found['label']}' is defined twice")
                return False
            self.found.links[name] = target
            self.at += 1
            return True
        return False

    def _abbreviation(self, line: Line) -> bool:
        found = self._match(ABBREVIATION, line)
        if not found or not found["title"] or not found["word"].strip():
            return False
        word = found["word"].strip()
        if word in self.found.abbreviations:
            self._report("P156", found.start("word"), f"the abbreviation '{word}' is defined twice")
            return False
        self.found.abbreviations[word] = Abbreviation(found["title"], Span(*found.span("word")))
        self.at += 1
        return True

    def _note(self, found: re.Match[str]) -> None:
        """A note or annotation: its first line, what is indented below it, and the replies."""
        start = self.lines[self.at]
        attributes = read(self.text, found.end(), self.lines[-1].end)
        lines = self._body(self._go_on_from(attributes.end if attributes else found.end()))
        first = next((n for n, line in enumerate(lines) if self._match(REPLY, line)), len(lines))
        last = next((line for line in reversed(lines) if not self._blank(line)), start)
        definition = Definition(
            found["id"],
            attributes,
            tuple(lines[:first]),
            tuple(self._replies(lines[first:])),
            Span(found.start("id") - 2, max(last.end, attributes.end if attributes else start.end)),
        )
        self.found.definitions.append(definition)

    def _body(self, rest: Line | None) -> list[Line]:
        """The rest of the line at hand, if any, and the lines that go on with it, without their indentation."""
        lines = [rest] if rest else []
        self.at += len(lines)
        pending: list[Line] = []  # blank lines, which belong to the body if something indented follows
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if self._blank(line):
                pending.append(line)
            elif (inner := dedented(self.text, line)) is not None:
                lines += [*pending, inner]
                pending = []
            elif pending or self._interrupts(line):
                break
            else:
                lines.append(line)
            self.at += 1
        self.at -= len(pending)
        return lines

    def _interrupts(self, line: Line) -> bool:
        """Whether a line that is not indented begins something new, rather than going on with a definition."""
        patterns = (NOTE, links.DEFINITION, ABBREVIATION, CONTAINER, FENCE, CAPTION, COMMENT, HEADING)
        return any(self._match(pattern, line) for pattern in patterns)

    def _replies(self, lines: Sequence[Line]) -> Iterator[ReplyLines]:
        """The thread below an annotation."""
        starts = [n for n, line in enumerate(lines) if self._match(REPLY, line)]
        for n, until in pairwise([*starts, len(lines)]):
            at = end_of(REPLY, self.text, lines[n].start, lines[n].end)
            attributes = read(self.text, at, lines[until - 1].end) or AttributeList((), at, at)
            rest = [line for line in lines[n:until] if line.end >= attributes.end]
            body = [Line(attributes.end, rest[0].end), *(self._dedented_reply(line) for line in rest[1:])]
            last = next((line for line in reversed(rest) if not self._blank(line)), rest[0])
            yield ReplyLines(attributes, tuple(body), Span(lines[n].start, max(last.end, attributes.end)))

    def _dedented_reply(self, line: Line) -> Line:
        return dedented(self.text, line) or Line(end_of(MARGIN, self.text, line.start, line.end), line.end)

    # --- reading on ----------------------------------------------------------------------------------------------

    def _match(self, pattern: re.Pattern[str], line: Line) -> re.Match[str] | None:
        return pattern.match(self.text, line.start, line.end)

    def _blank(self, line: Line) -> bool:
        return not self.text[line.start : line.end].strip()

    def _report(self, code: str, at: int, message: str, hint: str | None = None) -> None:
        self.found.diagnostics.append(self.source.diagnostic(code, at, message, hint))

    def _flush(self) -> None:
        if any(not self._blank(line) for line in self.prose):
            self.done.append(Prose(tuple(self.prose)))
        self.prose = []

    def _put(self, block: Block) -> None:
        self._flush()
        self.done.append(block)

    def _close_container(self, end: int) -> None:
        attributes, start, before = self.open.pop()
        self.done = [*before, Container(tuple(self.done), attributes, Span(start, end))]

    def _go_on_from(self, offset: int) -> Line | None:
        """Read on at an offset: the rest of its line, or the next line if nothing is left of it."""
        while self.lines[self.at].end < offset:
            self.at += 1
        rest = Line(offset, self.lines[self.at].end)
        if self._blank(rest):
            self.at += 1
            return None
        self.lines[self.at] = rest
        return rest


def dedented(text: str, line: Line) -> Line | None:
    """A line without four columns of indentation, or None if it has not that many."""
    columns, at = line.pad, line.start
    while columns < TAB and at < line.end and text[at] in " \t":
        columns += TAB - columns % TAB if text[at] == "\t" else 1
        at += 1
    return Line(at, line.end, columns - TAB) if columns >= TAB else None


def end_of(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a pattern that matches at `start` ends."""
    found = pattern.match(text, start, end)
    return found.end() if found else start
