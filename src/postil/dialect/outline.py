"""The lines of a chapter, sorted into blocks, as CommonMark nests them; and what the chapter defines.

A block that holds others is read in two steps: its lines are gathered, without what puts them into it, and then read as
a text of their own. So each block can stand in each other one, and every line keeps its offset.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from postil.dialect import chunks, foreign, grids, html, links, markers, maths, ruled, theorems
from postil.dialect.attributes import BOX_NAMES, BOXES, Attribute, AttributeList, read
from postil.dialect.blocks import (
    Alignment,
    Block,
    Caption,
    Code,
    Container,
    Display,
    Entry,
    Glossary,
    Grid,
    GridCell,
    Heading,
    Illustration,
    Item,
    Line,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Task,
    Verse,
)
from postil.dialect.front import Front, front
from postil.dialect.lines import TAB, behind, dedented, end_of, is_blank, margin, unindented, words
from postil.dialect.markers import BULLET, RULE, Marker
from postil.document import THEOREMS
from postil.source import Diagnostic, Source, Span

DEPTH = 32  # how many blocks stand in one another
COLUMNS = 100  # of a table

MARGIN = re.compile(r"[ \t]*")
FENCE = re.compile(
    r"(?P<fence>`{3,}|~{3,})[ \t]*(?:\{(?P<braces>[^`\n]*)\}[^`{}\n]*|(?P<language>[^\s`{}]*)(?P<more>[^`\n]*))$"
)
FENCE_END = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*$")
CONTAINER = re.compile(r":{3,}[ \t]*(?:(?=\{|$)|(?P<word>[^\s{}]+)(?P<title>[^{}\n]*)$)")
CALLOUT = re.compile(r"\[!(?P<kind>[A-Za-z][\w-]*)\][-+]?[ \t]*(?P<title>.*?)[ \t]*$")
ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[A-Za-z][\w-]*)(?:[ \t]+[A-Za-z][\w-]*)*[ \t]*(?:\"(?P<title>[^\"\n]*)\")?[ \t]*$"
)
NOTE = re.compile(r"\[\^(?P<id>[^\[\]\s]+)\]:[ \t]*")
REPLY = re.compile(r"[ ]{0,3}[-*+][ \t]+(?=\{\.reply\b)")
ABBREVIATION = re.compile(r"\*\[(?P<word>[^\[\]\\]+)\][ ]?:[ \t]*(?P<title>.*?)[ \t]*$")
CAPTION = re.compile(r"(?P<sign>(?:Table|Listing):[ \t]+)(?=\S)")
DEFINITION = re.compile(r"(?P<sign>[:~])(?=[ \t]+\S)")
COMMENT = re.compile(r"<!--")
TAG = re.compile(r"<(?=[A-Za-z])")
HEADING = re.compile(r"(?P<level>\#{1,6})(?:[ \t]+(?P<words>.*?))??(?:[ \t]+\#+)?[ \t]*$")
UNDERLINE = re.compile(r"(?:(?P<first>=+)|-+)[ \t]*$")
YAML = re.compile(r"[A-Za-z][\w-]*:(?:[ \t]|$)")
PAGE_BREAK = re.compile(r"\\(?:newpage|pagebreak|clearpage|cleardoublepage)[ \t]*$")
NUMBER_IN_TEXT = re.compile(r"\d{1,3}[.)][ \t]+\S")
TASK = re.compile(r"\[(?P<done>[ xX])\](?=[ \t]+\S)")
DIVIDER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
STANZA = re.compile(r"\|(?=[ \t]|$)")
ROW = re.compile(r"\|.*\|[ \t]*$")


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
    end_tags: Mapping[int, re.Match[str]] | None = None  # of elements around Markdown, once they are looked for
    last_comment_end: int = -1  # where the last HTML comment of the whole source ends, for none is looked for behind


class _Place(NamedTuple):
    """Where some lines stand: in how many blocks, in a quotation, in a definition, in verse."""

    depth: int = 0
    quoted: bool = False
    defined: bool = False
    verse: bool = False


def outline(source: Source) -> Outline:
    """The outline of a whole chapter."""
    before, faults = front(source)
    lines, start = list[Line](), before.end if before else 0
    while (end := source.text.find("\n", start)) >= 0:
        lines.append(Line(start, end))
        start = end + 1
    lines.append(Line(start, len(source.text)))
    found = Outline(last_comment_end=source.text.rfind("-->"))
    found.diagnostics += faults
    found.blocks = _Reader(source, lines, found, _Place()).blocks()
    if before:
        found.blocks = _headed(found, before, source)
    return found


def _headed(found: Outline, front: Front, source: Source) -> tuple[Block, ...]:
    """The blocks of a chapter under the title that stands before its text, if they have no other."""
    blocks = list(found.blocks)
    number = next((n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1), None)
    if number is None and front.title:
        blocks.insert(0, Heading(1, (Line(front.title.start, front.title.end),), front.title, front.attributes))
    elif number is not None and isinstance(heading := blocks[number], Heading):
        given = [each for each in (front.attributes, heading.attributes) if each]
        items = tuple(item for each in given for item in each.items)
        blocks[number] = replace(heading, attributes=replace(given[-1], items=items) if given else None)
        words = [source.text[line.start : line.end] for line in heading.lines]
        if front.title and not " ".join(words).startswith(source.text[front.title.start : front.title.end]):
            hint = "leave one of them out"
            message = "this is not the chapter's heading, which the book has instead"
            found.diagnostics.append(source.diagnostic("P163", front.title.start, message, hint))
    return tuple(blocks)


def blocks(source: Source, lines: Sequence[Line], found: Outline) -> tuple[Block, ...]:
    """The blocks of a definition's lines. What is wrong with them goes to `found`."""
    return _Reader(source, lines, found, _Place(defined=True)).blocks()


def label(text: str) -> str:
    """A reference link's label in the form in which two are the same."""
    return " ".join(text.split()).casefold()


class _Reader:
    """One pass over the lines of some block.

    It ends before a lazy line that goes on with no paragraph; `at` is the number of the line that comes next. It is
    `loose` if a blank line stands between two of the blocks.
    """

    def __init__(self, source: Source, lines: Sequence[Line], found: Outline, place: _Place) -> None:
        self.source, self.text, self.lines, self.found, self.place = source, source.text, list(lines), found, place
        self.at = 0
        self.loose = False
        self._blank_before = False  # whether a blank line stands before the one at hand
        self._paragraph: list[Line] = []  # the lines of the one that is open
        self._done: list[Block] = []
        # containers: their attributes, where they begin, the blocks before them, and their titles
        self._open: list[tuple[AttributeList, int, list[Block], Line | None]] = []
        self._lazy = [number for number, line in enumerate(self.lines) if line.lazy]
        self._fence_ends: defaultdict[str, list[tuple[int, int]]] | None = None
        self._readers: dict[str, tuple[Callable[[Line, int], bool], ...]] = {
            "#": (self._heading, self._numbered),
            ">": (self._quote,),
            "`": (self._fence,),
            "~": (self._fence, self._definition_list),
            ":": (self._container, self._definition_list),
            "<": (self._markup,),
            "|": (self._stanza,),
            "$": (self._display,),
            "-": (self._ruled, self._rule, self._bullet),
            "*": (self._abbreviation, self._rule, self._bullet),
            "+": (self._grid, self._bullet),
            "\\": (self._page_break, self._environment),
            "!": (self._admonition,),
            "?": (self._admonition,),
            "_": (self._rule,),
            "[": (self._definition,),
            "T": (self._caption, self._numbered),
            "L": (self._caption, self._numbered),
        }
        """What may begin with a sign, in the order in which that is tried; with another one, an item with a number."""

    def blocks(self) -> tuple[Block, ...]:
        """All of them, in their order."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if is_blank(self.text, line):
                self._end_paragraph()
                self._blank_before = True
                self.at += 1
            elif line.lazy:
                if not self._paragraph:
                    break
                self._go_on(line)
            else:
                columns, start = margin(self.text, line)
                if columns >= TAB and not self.place.verse:
                    if self._paragraph:
                        self._go_on(line)
                    elif not self._ruled(line, start):
                        self._indented()
                elif not self._begin(line, start) and not self._ruled(line, start):
                    self._go_on(line)
        self._end_paragraph()
        while self._open:
            start = self._open[-1][1]
            self._report("P153", start, "this container is never closed", "end it with a line ':::'")
            self._close_container(self.lines[self.at - 1].end)
        return tuple(self._done)

    def _begin(self, line: Line, start: int) -> bool:
        """Read what begins at a line whose first sign stands at `start`, if that is more than a paragraph."""
        sign = self.text[start]
        if sign in "=-|:" and self._paragraph and (self._underlined(line, start) or self._table(line, start)):
            return True
        return any(reader(line, start) for reader in self._readers.get(sign, (self._numbered,)))

    # --- paragraphs and what is made of their lines ----------------------------------------------------------------

    def _go_on(self, line: Line) -> None:
        """Add a line to the paragraph that is open, or begin one."""
        _, start = margin(self.text, line)
        if self._paragraph and NUMBER_IN_TEXT.match(self.text, start, line.end):
            hint = "put a blank line before the list, or a backslash before the sign"
            self._report("P126", start, "a list begins in the middle of a paragraph", hint)
        pad = line.pad if start == line.start else 0
        if self.place.verse:
            self._paragraph.append(line)
        else:
            self._paragraph.append(Line(start, line.end, pad, line.lazy))
        self.at += 1
        until = maths.runs_over(self.text, start, line.end, self.lines[-1].end)
        while self.at < len(self.lines) and self.lines[self.at].start <= until:
            within = self.lines[self.at]
            self._paragraph.append(within._replace(start=margin(self.text, within)[1], pad=0))
            self.at += 1

    def _end_paragraph(self) -> None:
        if self._paragraph:
            lines = tuple(self._paragraph)
            self._paragraph = []
            self._put(Verse(lines) if self.place.verse else Paragraph(lines))

    def _put(self, block: Block) -> None:
        """Add a block, behind the paragraph that was open."""
        self._end_paragraph()
        self.loose = self.loose or (self._blank_before and bool(self._done))
        self._blank_before = False
        self._done.append(block)

    def _underlined(self, line: Line, start: int) -> bool:
        found = UNDERLINE.match(self.text, start, line.end)
        if not found or self.place.verse:
            return False
        lines, self._paragraph = tuple(self._paragraph), []
        self.at += 1
        level = 1 if found["first"] else 2
        is_front = all(YAML.match(self.text, each.start, each.end) for each in lines)
        if level > 1 and is_front and self._done and isinstance(self._done[-1], Rule):
            hint = "delete these lines, or put them at the beginning of the file; else put a blank line behind them"
            self._report("P163", lines[0].start, "front matter in the middle of a text is printed as a heading", hint)
        self._put(Heading(level, lines, Span(lines[0].start, line.end), self._attributes_below()))
        return True

    def _heading(self, line: Line, start: int) -> bool:
        found = HEADING.match(self.text, start, line.end)
        if not found:
            return False
        words = found.span("words") if found["words"] else (line.end, line.end)
        self.at += 1
        self._put(Heading(len(found["level"]), (Line(*words),), Span(start, line.end), self._attributes_below()))
        return True

    def _attributes_below(self) -> AttributeList | None:
        """Those of the heading that ends here, on a line of their own behind `{:`, as kramdown has them."""
        if self.at == len(self.lines):
            return None
        line = self.lines[self.at]
        _, start = margin(self.text, line)
        found = read(self.text, start, line.end) if self.text.startswith("{:", start) else None
        if found is None or end_of(MARGIN, self.text, found.end, line.end) < line.end:
            return None
        self.at += 1
        return found

    def _rule(self, line: Line, start: int) -> bool:
        if not RULE.match(self.text, start, line.end):
            return False
        if ruled.draws_columns(self.text, self.lines, self.at):
            hint = (
                "write the names of the columns in one line above them, with a blank line above that, and rows below; "
                "where rows take several lines, a line of dashes begins the table, and another ends it"
            )
            self._report("P145", start, "these dashes are the columns of no table", hint)
        self._put(Rule(Span(start, line.end)))
        self.at += 1
        return True

    def _page_break(self, line: Line, start: int) -> bool:
        if not PAGE_BREAK.match(self.text, start, line.end):
            return False
        self._put(Rule(Span(start, line.end), of_page=True))
        self.at += 1
        return True

    # --- tables, their captions, stanzas -----------------------------------------------------------------------------

    def _table(self, line: Line, start: int) -> bool:
        """A table whose head is the last line of the paragraph that is open, and whose second line this is."""
        if not self._is_divider(self.at) or "|" not in words(self.text, self._paragraph[-1]):
            return False
        if self.text.count("|", start, line.end) > COLUMNS:
            hint = "part it into several tables"
            self._report("P132", start, f"this table has more than {COLUMNS} columns", hint)
            return False
        head = self._paragraph.pop()
        self._end_paragraph()
        self.at += 1
        rows: list[Line] = []
        while self.at < len(self.lines) and self._is_row(self.lines[self.at]):
            row = self.lines[self.at]
            rows.append(row._replace(start=margin(self.text, row)[1]))
            self.at += 1
        cells = self.text[start : line.end].strip().strip("|").split("|")
        self._put(
            Table(head, tuple(map(grids.alignment, cells)), tuple(rows), Span(head.start, (rows or [line])[-1].end))
        )
        return True

    def _is_row(self, line: Line) -> bool:
        """Whether a line goes on with a table: it has a pipe in it, and does not begin anything else."""
        columns, start = margin(self.text, line)
        return not line.lazy and columns < TAB and "|" in self.text[start : line.end] and not self._interrupts(line)

    def _stanza(self, line: Line, start: int) -> bool:
        """Verse whose lines begin with a pipe and a space; an indented line goes on with the one before it."""
        is_verse = STANZA.match(self.text, start, line.end) and not self._is_divider(self.at + 1)
        if self._paragraph or self.place.verse or not is_verse:
            return False
        stanzas: list[list[Line]] = [[]]
        at = self.at
        while at < len(self.lines) and not self.lines[at].lazy:
            each = self.lines[at]
            columns, sign = margin(self.text, each)
            found = STANZA.match(self.text, sign, each.end) if columns < TAB else None
            if found and found.end() >= each.end - 1:
                stanzas.append([])
            elif found:
                stanzas[-1].append(Line(found.end() + 1, each.end))
            elif columns and stanzas[-1] and not is_blank(self.text, each):
                stanzas[-1].append(Line(sign, each.end, 0, lazy=True))
            else:
                break
            at += 1
        lines = [each for stanza in stanzas for each in stanza]
        if not lines:
            return False
        if all(ROW.match(self.text, margin(self.text, each)[1], each.end) for each in self.lines[self.at : at]):
            hint = "write a row of names above it, and below that one of dashes, as in '|---|---|'"
            self._report("P127", start, "this table has no head", hint)
            return False
        made = tuple(Verse(tuple(stanza)) for stanza in stanzas if stanza)
        self._put(Container(made, VERSE, Span(start, lines[-1].end)))
        self.at = at
        return True

    def _is_divider(self, number: int) -> bool:
        """Whether a line, by its number, is the one of dashes below the head of a table."""
        if number >= len(self.lines) or self.lines[number].lazy:
            return False
        columns, start = margin(self.text, self.lines[number])
        words = self.text[start : self.lines[number].end]
        return columns < TAB and "|" in words and bool(DIVIDER.match(words))

    def _grid(self, _line: Line, start: int) -> bool:
        """A table with lines drawn around its cells."""
        table = None if self._paragraph else grids.find(self.text, self.lines, self.at)
        if table is None:
            return False
        if table.misfit is not None:
            hint = "let each cell begin and end in the same columns, with a '|' at each side; no cell takes two rows"
            self._report("P129", table.misfit, "this row does not fit into its table", hint)
            return False
        head, rows = (tuple(map(self._grid_row, each)) for each in (table.head, table.rows))
        self._put(Grid(head, rows, Span(start, self.lines[self.at + table.lines - 1].end)))
        self.at += table.lines
        return True

    def _grid_row(self, row: Sequence[grids.Cell]) -> tuple[GridCell, ...]:
        return tuple(GridCell(self._inner(cell.lines).blocks(), cell.columns, cell.alignment) for cell in row)

    def _ruled(self, _line: Line, start: int) -> bool:
        """A table whose columns are drawn by dashes, as pandoc has it: one in whose cells are words."""
        if self._paragraph or self.place.verse:
            return False
        table = ruled.find(self.text, self.lines, self.at, self._ruled_ends)
        if table is None:
            return False
        head = (self._ruled_row(table.head, table.alignments),) if table.head else ()
        rows = tuple(self._ruled_row(row, table.alignments) for row in table.rows)
        self._put(Grid(head, rows, Span(start, self.lines[self.at + table.lines - 1].end)))
        self.at += table.lines
        return True

    def _ruled_row(self, row: ruled.Row, alignments: Sequence[Alignment | None]) -> tuple[GridCell, ...]:
        if row.cells is None:
            hint = "put at least one space between its columns, each below the dashes of its own, and no tab"
            self._report("P129", margin(self.text, row.lines[0])[1], "this row does not fit into its table", hint)
            lines = tuple(each._replace(start=margin(self.text, each)[1], pad=0) for each in row.lines)
            return (GridCell((Paragraph(lines),), len(alignments), None),)
        return tuple(
            GridCell((Paragraph(lines),) if lines else (), 1, alignment)
            for lines, alignment in zip(row.cells, alignments, strict=True)
        )

    @cached_property
    def _ruled_ends(self) -> Sequence[int]:
        return ruled.ends(self.text, self.lines)

    def _caption(self, line: Line, start: int) -> bool:
        found = CAPTION.match(self.text, start, line.end)
        return bool(found) and self._read_caption(line, start, found.end())  # type: ignore[union-attr]

    def _read_caption(self, line: Line, start: int, words: int) -> bool:
        first = self.at
        while self.at < len(self.lines) and not is_blank(self.text, self.lines[self.at]):
            self.at += 1
            if self.at < len(self.lines) and (self.lines[self.at].lazy or self._interrupts(self.lines[self.at])):
                break
        rest = [each._replace(start=margin(self.text, each)[1], pad=0) for each in self.lines[first + 1 : self.at]]
        lines = (Line(words, line.end), *rest)
        self._put(Caption(self.text[start:words], lines, Span(start, lines[-1].end)))
        return True

    # --- formulas --------------------------------------------------------------------------------------------------

    def _display(self, line: Line, start: int) -> bool:
        place = maths.find(self.text, start, self.lines[-1].end, as_block=True)
        if not place or not place.display or self.place.verse:
            return False
        last = self.at
        while self.lines[last].end < place.end:
            last += 1
        rows = [Line(start, line.end), *self.lines[self.at + 1 : last + 1]]
        node, end, wrong = maths.formula(self.source, start, place, rows, rows[-1].end, alone=True)
        if len(rows) == 1 and self.text[end : line.end].strip():
            return False  # a formula that a sentence begins with
        self.found.diagnostics += wrong
        self._put(Display(node))
        self._go_on_from(end)
        return True

    def _environment(self, line: Line, start: int) -> bool:
        """Maths in an environment of LaTeX."""
        end = -1 if self.place.verse else maths.end_of_environment(self.text, start, self.lines[-1].end)
        if end < 0:
            return False
        breaks = self.text.count("\n", start, end)
        rows = [Line(start, line.end), *self.lines[self.at + 1 : self.at + 1 + breaks]]
        node, wrong = maths.environment(self.source, Span(start, end), rows)
        self.found.diagnostics += wrong
        self._put(Display(node))
        self._go_on_from(end)
        return True

    # --- code, raw HTML ------------------------------------------------------------------------------------------

    def _indented(self) -> None:
        """Code that is indented by four columns."""
        lines: list[Line] = []
        blank: list[Line] = []
        first = self.lines[self.at]
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if is_blank(self.text, line):
                blank.append(dedented(self.text, line) or Line(line.end, line.end))
            elif not line.lazy and (inner := dedented(self.text, line)):
                lines += [*blank, inner]
                blank = []
            else:
                break
            self.at += 1
        self.at -= len(blank)
        self._put(Code(tuple(lines), "", None, Span(margin(self.text, first)[1], lines[-1].end)))

    def _fence(self, line: Line, start: int) -> bool:
        found = FENCE.match(self.text, start, line.end)
        if not found:
            return False
        end = self._fence_end(found["fence"])
        if end is None:
            hint = f"end it with a line '{found['fence']}'"
            self._report("P152", start, "this fenced code is never closed", hint)
            return False
        attributes, language = None, found["language"] or ""
        if found["more"]:
            attributes = read(self.text, end_of(MARGIN, self.text, found.start("more"), line.end), line.end)
        if found["braces"] is not None:
            attributes = read(self.text, found.start("braces") - 1, line.end)
            if attributes is None:  # what a program is to do with it, as in `{r, echo=FALSE}`
                language = re.split(r"[\s,]", found["braces"].strip().lstrip("."), maxsplit=1)[0]
        columns, _ = margin(self.text, line)
        body = tuple(unindented(self.text, each, columns) for each in self.lines[self.at + 1 : end])
        span = Span(start, self.lines[end].end)
        if attributes is None:
            info = end_of(MARGIN, self.text, found.end("fence"), line.end)
            chunk = chunks.read(self.source, info, line.end, body)
            made = self._made_of(chunk, body, span) if chunk else None
            if made:
                self._put(made)
                self.at = end + 1
                return True
            said = tuple(foreign.fenced(self.source, start, line.end))
            if not said:
                said = tuple(
                    chunks.run(self.source, chunk, body) if chunk else foreign.raw(self.source, info, line.end)
                )
            self.found.diagnostics += said
        self._put(Code(body, language, attributes, span))
        self.at = end + 1
        return True

    def _made_of(self, chunk: chunks.Chunk, body: Sequence[Line], span: Span) -> Block | None:
        """What fenced code with options for a program is, if it can be told without that: a picture, or a theorem."""
        if chunk.engine in THEOREMS and not self._too_deep(span.start):
            return theorems.of_chunk(chunk, self._inner(body).blocks(), span)
        picture = chunks.picture(self.source, chunk, body)
        if picture is None:
            return None
        image = html.Block(picture.image, span.end, picture.diagnostics)
        self.found.diagnostics += picture.diagnostics
        return Illustration((image,), picture.caption, picture.attributes, span)

    def _fence_end(self, fence: str) -> int | None:
        """The number of the line that ends the fenced code that the line at hand begins."""
        if self._fence_ends is None:
            self._fence_ends = defaultdict(list)
            for number, line in enumerate(self.lines):
                columns, start = margin(self.text, line)
                if not line.lazy and columns < TAB and (found := FENCE_END.match(self.text, start, line.end)):
                    self._fence_ends[found["fence"][0]].append((number, len(found["fence"])))
        ends = self._fence_ends[fence[0]]
        after = bisect_right(self._lazy, self.at)
        until = self._lazy[after] if after < len(self._lazy) else len(self.lines)
        for index in range(bisect_right(ends, (self.at, len(self.text))), len(ends)):
            number, length = ends[index]
            if number > until:
                break
            if length >= len(fence):
                return number
        return None

    def _markup(self, line: Line, start: int) -> bool:
        if COMMENT.match(self.text, start, line.end):
            if start >= self.found.last_comment_end:
                return False
            self._go_on_from(self.text.index("-->", start) + 3)
            return True
        if not TAG.match(self.text, start, line.end) or self.place.quoted or start in self.found.unbalanced:
            return False
        if self._around(start):
            return True
        block = html.block(self.source, start, self.lines[-1].end)
        if isinstance(block, html.Unbalanced):
            self.found.diagnostics += block.diagnostics
            self.found.unbalanced |= block.openers
        if not isinstance(block, html.Block):
            return False
        self.found.diagnostics += block.diagnostics
        self._put(block)
        self._go_on_from(block.end)
        return True

    def _around(self, start: int) -> bool:
        """An element of HTML around Markdown, which begins and ends a line."""
        tag = html.TAG.match(self.text, start, self.lines[-1].end)
        if not tag or tag["close"] or tag["name"].lower() not in html.AROUND:
            return False
        if self.found.end_tags is None:
            self.found.end_tags = html.end_tags(self.source)
        end = self.found.end_tags.get(start)
        if end is None or end.end() > self.lines[-1].end:
            return False
        inner: list[Line] = []
        last = self.at
        while self.lines[last].end < end.start():
            inner.append(self.lines[last])
            last += 1
        inner.append(self.lines[last])
        if self.text[end.end() : self.lines[last].end].strip():
            return False
        inner = [each._replace(start=max(each.start, tag.end())) for each in inner if each.end >= tag.end()]
        inner[-1] = inner[-1]._replace(end=end.start())
        name = tag["name"].lower()
        if name in html.BLOCK and all(
            is_blank(self.text, e) or self.text[margin(self.text, e)[1]] == "<" for e in inner
        ):
            return False  # HTML alone
        if self._too_deep(start):
            return False
        title = self._cut_out(inner, {"details": html.SUMMARY, "figure": html.FIGCAPTION}.get(name))
        reader = self._inner(inner)
        made = reader.blocks()
        items = html.given(tag, self.source)
        if name in html.CLASSES_OF:
            items = (Attribute("class", html.CLASSES_OF[name], start), *(item for item in items if item.name != "open"))
        attributes, span = AttributeList(items, start, tag.end()), Span(start, end.end())
        if name == "figure":
            self._put(Illustration(made, title, attributes, span))
        else:
            self._put(Container(made, attributes, span, Line(title.start, title.end) if title else None))
        self._go_on_from(end.end())
        return True

    def _cut_out(self, lines: list[Line], pattern: re.Pattern[str] | None) -> Span | None:
        """Take an element out of some lines; where its words stand."""
        found = pattern.search(self.text, lines[0].start, lines[-1].end) if pattern else None
        if found is None:
            return None
        for number in range(len(lines) - 1, -1, -1):
            each = lines[number]
            if each.end > found.start() and each.start < found.end():
                parts = [each._replace(end=max(each.start, found.start())), Line(min(each.end, found.end()), each.end)]
                lines[number : number + 1] = parts
        return Span(*found.span("words"))

    # --- quotations, lists -----------------------------------------------------------------------------------------

    def _quote(self, line: Line, start: int) -> bool:
        if self._too_deep(start):
            return False
        inner = [behind(self.text, line, start + 1)]
        for number in range(self.at + 1, len(self.lines)):
            each = self.lines[number]
            columns, sign = margin(self.text, each)
            if not each.lazy and columns < TAB and sign < each.end and self.text[sign] == ">":
                inner.append(behind(self.text, each, sign + 1))
            elif is_blank(self.text, each) or not (each.lazy or self._is_lazy(each)):
                break
            else:
                inner.append(each._replace(lazy=True))
        first = inner[0]
        callout = CALLOUT.match(self.text, margin(self.text, first)[1], first.end)
        reader = self._inner(inner, quoted=True)
        reader.at = 1 if callout else 0
        made = reader.blocks()
        span = Span(start, inner[reader.at - 1].end)
        self._put(self._box(callout, made, span) if callout else Quote(made, span))
        self.at += reader.at
        return True

    def _admonition(self, line: Line, start: int) -> bool:
        """`!!! note "Title"` with lines below it that are indented by four columns."""
        found = ADMONITION.match(self.text, start, line.end)
        if not found or self._paragraph or self._too_deep(start):
            return False
        inner: list[Line] = []
        number = self.at + 1
        while number < len(self.lines):
            each = self.lines[number]
            body = dedented(self.text, each)
            if not is_blank(self.text, each) and (body is None or each.lazy):
                break
            inner.append(body or Line(each.end, each.end))
            number += 1
        while inner and is_blank(self.text, inner[-1]):
            inner.pop()
        made = self._inner(inner).blocks()
        self._put(self._box(found, made, Span(start, inner[-1].end if inner else line.end)))
        self.at += 1 + len(inner)
        return True

    def _box(self, found: re.Match[str], made: tuple[Block, ...], span: Span) -> Container:
        """A box of some kind, with its title: by the first line, or else by a kind that has no name of its own here."""
        kind = found["kind"].lower()
        at = found.start("kind")
        untitled = found["title"] is None or found.re is CALLOUT
        title: Line | None = None
        if found["title"]:
            title = Line(*found.span("title"))
        elif kind not in BOXES and BOX_NAMES.get(kind) not in THEOREMS and untitled:
            title = Line(*found.span("kind"))
        name = BOX_NAMES.get(kind, "note")
        named = untitled and title is None
        return Container(made, AttributeList((Attribute("class", name, at),), at, at), span, title, named)

    def _bullet(self, line: Line, start: int) -> bool:
        found = BULLET.match(self.text, start, line.end)
        return bool(found) and self._list(line, Marker(found["sign"], 0, found.end()))  # type: ignore[index,union-attr]

    def _numbered(self, line: Line, start: int) -> bool:
        marker = markers.number(self.text, line, start)
        return marker is not None and self._list(line, marker)

    def _list(self, line: Line, marker: Marker) -> bool:
        first, kind, start = marker, marker.kind, margin(self.text, line)[1]
        if self._paragraph and (marker.number > 1 or not self.text[marker.end : line.end].strip()):
            return False
        if self._paragraph and marker.numbering not in {None, "1"}:
            return False
        if self._too_deep(start):
            return False
        self._end_paragraph()
        items: list[Item] = []
        loose = False
        end = line.end
        blank = self._blank_before  # whether that stands before the list

        def follows(number: int) -> bool:
            return markers.following(self.text, self.lines[number], kind) is not None

        while True:
            line = self.lines[self.at]
            begins = margin(self.text, line)[1]
            reader = self._hanging(line, marker.end, follows, most=TAB if marker.numbering == "@" else None)
            task = None
            inner = reader.lines[0]
            if marker.numbering is None and (box := TASK.match(self.text, margin(self.text, inner)[1], inner.end)):
                task = Task(box["done"] != " ", Span(box.start(), box.end() + 1))
                reader.lines[0] = Line(task.span.end, inner.end)
            made = reader.blocks()
            self.at += reader.at
            end = self.lines[self.at - 1].end
            items.append(Item(made, task, Span(begins, max(begins, end)), marker.label))
            loose = loose or reader.loose
            behind = self._skip_blank(self.at)
            following = markers.following(self.text, self.lines[behind], kind) if behind < len(self.lines) else None
            if following is None:
                break
            loose = loose or behind > self.at
            self.at, marker = behind, following
        self._blank_before = blank
        self._put(List(tuple(items), first.numbering, first.number, not loose, Span(start, end)))
        return True

    def _hanging(
        self, line: Line, sign_end: int, stop: Callable[[int], bool] = lambda _: False, most: int | None = None
    ) -> _Reader:
        """What reads the lines that hang from a sign which ends at `sign_end` in the line at hand.

        They are indented as far as what stands behind the sign, or by so many columns at `most`. `stop` says of a line,
        by its number, that it begins something else.
        """
        body = Line(sign_end, line.end)
        spaces, words = margin(self.text, body)
        before = margin(self.text, line)[0] + sign_end - margin(self.text, line)[1]
        if words == line.end:
            spaces = 1
            inner = [Line(line.end, line.end)]
        else:
            spaces = 1 if spaces > TAB else spaces
            inner = [unindented(self.text, body, spaces)]
        indent = before + spaces
        if most is not None:
            indent = min(indent, margin(self.text, line)[0] + most)
        pending: list[Line] = []
        has_words = words < line.end
        for number in range(self.at + 1, len(self.lines)):
            each = self.lines[number]
            if is_blank(self.text, each):
                if not has_words:
                    break
                pending.append(Line(each.end, each.end))
                continue
            columns = margin(self.text, each)[0]
            if not each.lazy and columns >= indent:
                inner += [*pending, unindented(self.text, each, indent)]
                pending = []
                has_words = True
            elif not pending and not stop(number) and (each.lazy or self._is_lazy(each)):
                inner.append(each._replace(lazy=True))
            else:
                break
        return self._inner(inner)

    def _definition_list(self, line: Line, start: int) -> bool:
        """Definitions behind a colon, of the paragraph before them."""
        found = DEFINITION.match(self.text, start, line.end)
        if not found:
            return False
        last = self._done[-1] if self._done and not self._paragraph else None
        if found["sign"] == ":" and isinstance(last, Table | Grid | Code):
            return self._read_caption(line, start, MARGIN.match(self.text, found.end()).end())  # type: ignore[union-attr]
        spaced = not self._paragraph
        if self._paragraph:
            terms, self._paragraph = tuple(self._paragraph), []
        elif isinstance(last, Paragraph) and len(last.lines) == 1 and self._blank_before:
            self._done.pop()
            terms = last.lines
        elif found["sign"] == ":" and self._captioned_follows():
            return self._read_caption(line, start, MARGIN.match(self.text, found.end()).end())  # type: ignore[union-attr]
        else:
            if found["sign"] == ":":
                hint = (
                    "put a caption behind its table or code, a definition behind the line of its term; else write '\\:'"
                )
                self._report("P502", start, "this caption, or definition, belongs to nothing", hint)
            return False
        entries = [self._entry(terms, spaced=spaced)]
        while more := self._next_terms():
            self.at = self._skip_blank(self.at) + len(more)
            spaced = is_blank(self.text, self.lines[self.at])
            self.at = self._skip_blank(self.at)
            entries.append(self._entry(more, spaced=spaced))
        self._blank_before = False
        self._put(Glossary(tuple(entries), Span(entries[0].terms[0].start, self.lines[self.at - 1].end)))
        return True

    def _entry(self, terms: tuple[Line, ...], *, spaced: bool) -> Entry:
        """Terms with the definitions from the line at hand on; `spaced` if a blank line stands between."""
        definitions: list[tuple[Block, ...]] = []
        loose = spaced
        while True:
            line = self.lines[self.at]
            sign = DEFINITION.match(self.text, margin(self.text, line)[1], line.end)
            reader = self._hanging(line, sign.end() if sign else line.start, self._is_term)
            definitions.append(reader.blocks())
            loose = loose or reader.loose
            self.at += reader.at
            behind = self._skip_blank(self.at)
            if behind == len(self.lines) or not self._defines(behind):
                return Entry(terms, tuple(definitions), not loose)
            self.at = behind

    def _defines(self, number: int) -> bool:
        line = self.lines[number]
        columns, start = margin(self.text, line)
        return not line.lazy and columns < TAB and bool(DEFINITION.match(self.text, start, line.end))

    def _is_term(self, number: int) -> bool:
        """Whether a line, by its number, is a term that has its definition right below."""
        return number + 1 < len(self.lines) and not self._interrupts(self.lines[number]) and self._defines(number + 1)

    def _next_terms(self) -> tuple[Line, ...]:
        """The terms that come next in a list of definitions; none if it ends."""
        first = self._skip_blank(self.at)
        last = first
        while last < len(self.lines) and not is_blank(self.text, self.lines[last]) and not self._defines(last):
            if (
                self.lines[last].lazy
                or self._interrupts(self.lines[last])
                or margin(self.text, self.lines[last])[0] >= TAB
            ):
                return ()
            last += 1
        behind = self._skip_blank(last)
        if last == first or behind == len(self.lines) or not self._defines(behind) or behind > last + 1:
            return ()
        if behind > last > first + 1:  # a paragraph of several lines is no term
            return ()
        return tuple(line._replace(start=margin(self.text, line)[1], pad=0) for line in self.lines[first:last])

    def _captioned_follows(self) -> bool:
        """Whether a table or code stands behind the lines at hand and a blank one."""
        at = self.at
        while at < len(self.lines) and not is_blank(self.text, self.lines[at]):
            at += 1
        at = self._skip_blank(at)
        if at == len(self.lines):
            return False
        is_table = "|" in words(self.text, self.lines[at]) and self._is_divider(at + 1)
        return is_table or bool(FENCE.match(self.text, margin(self.text, self.lines[at])[1], self.lines[at].end))

    # --- containers ------------------------------------------------------------------------------------------------

    def _container(self, line: Line, start: int) -> bool:
        found = CONTAINER.match(self.text, start, line.end)
        if not found:
            return False
        attributes = read(self.text, found.end(), line.end)
        if attributes and not self.text[attributes.end : line.end].strip():
            if self._too_deep(start):
                return False
            self._begin_container(attributes, start)
        elif (kind := BOX_NAMES.get((found["word"] or "").lower())) is not None:
            if self._too_deep(start):
                return False
            at = found.start("word")
            self._begin_container(AttributeList((Attribute("class", kind, at),), at, at), start, found.span("title"))
        elif found.end() < line.end or found["word"]:
            hint = "name its class in braces, as in '::: {.epigraph}'"
            self._report("P154", start, "a container begins with ':::' and an attribute list", hint)
            return False
        elif self._open:
            self._end_paragraph()
            self._close_container(line.end)
        else:
            self._report("P154", start, "':::' closes no container", "begin one with '::: {.epigraph}'")
            return False
        self.at += 1
        return True

    def _begin_container(self, attributes: AttributeList, start: int, title: tuple[int, int] = (0, 0)) -> None:
        self._end_paragraph()
        words = self.text[slice(*title)]
        first = title[0] + len(words) - len(words.lstrip())
        self._open.append((attributes, start, self._done, Line(first, title[1]) if words.strip() else None))
        self._done = []
        self._blank_before = False
        self.place = self.place._replace(verse="verse" in attributes.classes, depth=self.place.depth + 1)

    def _close_container(self, end: int) -> None:
        attributes, start, before, title = self._open.pop()
        made, self._done = self._done, before
        around = self._open[-1][0] if self._open else None
        verse = around is not None and "verse" in around.classes
        self.place = self.place._replace(verse=verse, depth=self.place.depth - 1)
        self._put(Container(tuple(made), attributes, Span(start, end), title))

    # --- definitions ---------------------------------------------------------------------------------------------

    def _definition(self, line: Line, start: int) -> bool:
        if self.place.defined:
            return False
        if found := NOTE.match(self.text, start, line.end):
            self._note(found)
            return True
        if found := links.DEFINITION.match(self.text, start, line.end):
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

    def _abbreviation(self, line: Line, start: int) -> bool:
        found = ABBREVIATION.match(self.text, start, line.end)
        if self.place.defined or not found or not found["title"] or not found["word"].strip():
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
        first = next((n for n, line in enumerate(lines) if self._replies_at(line)), len(lines))
        last = next((line for line in reversed(lines) if not is_blank(self.text, line)), start)
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
            if is_blank(self.text, line):
                pending.append(line)
            elif (inner := dedented(self.text, line)) is not None:
                lines += [*pending, inner]
                pending = []
            elif pending or self._interrupts(line, item=False):
                break
            else:
                lines.append(line)
            self.at += 1
        self.at -= len(pending)
        return lines

    def _replies_at(self, line: Line) -> re.Match[str] | None:
        return REPLY.match(self.text, line.start, line.end)

    def _replies(self, lines: Sequence[Line]) -> Iterator[ReplyLines]:
        """The thread below an annotation."""
        starts = [n for n, line in enumerate(lines) if self._replies_at(line)]
        for n, until in pairwise([*starts, len(lines)]):
            at = end_of(REPLY, self.text, lines[n].start, lines[n].end)
            attributes = read(self.text, at, lines[until - 1].end) or AttributeList((), at, at)
            rest = [line for line in lines[n:until] if line.end >= attributes.end]
            body = [Line(attributes.end, rest[0].end), *(self._dedented_reply(line) for line in rest[1:])]
            last = next((line for line in reversed(rest) if not is_blank(self.text, line)), rest[0])
            yield ReplyLines(attributes, tuple(body), Span(lines[n].start, max(last.end, attributes.end)))

    def _dedented_reply(self, line: Line) -> Line:
        return dedented(self.text, line) or Line(end_of(MARGIN, self.text, line.start, line.end), line.end)

    # --- lines -----------------------------------------------------------------------------------------------------

    def _skip_blank(self, number: int) -> int:
        """The number of the first line from this one on that is not blank."""
        while number < len(self.lines) and is_blank(self.text, self.lines[number]):
            number += 1
        return number

    def _is_lazy(self, line: Line) -> bool:
        """Whether a line without the signs of the blocks above it may go on with a paragraph in them."""
        return not self._interrupts(line)

    def _interrupts(self, line: Line, *, item: bool = True) -> bool:
        """Whether a line begins something new, rather than going on with a paragraph; an `item`, for instance."""
        columns, start = margin(self.text, line)
        if columns >= TAB or start == line.end:
            return False
        patterns = (NOTE, links.DEFINITION, ABBREVIATION, CONTAINER, FENCE, CAPTION, COMMENT, HEADING, RULE)
        if any(pattern.match(self.text, start, line.end) for pattern in patterns):
            return True
        if not item:
            return False
        if self.text[start] == ">" or BULLET.match(self.text, start, line.end):
            return True
        number = markers.number(self.text, line, start)
        return number is not None and number.numbering == "1"

    def _inner(self, lines: Sequence[Line], *, quoted: bool = False) -> _Reader:
        """What reads the lines within a block."""
        place = self.place._replace(depth=self.place.depth + 1, quoted=self.place.quoted or quoted, verse=False)
        return _Reader(self.source, lines, self.found, place)

    def _too_deep(self, start: int) -> bool:
        if self.place.depth < DEPTH:
            return False
        hint = f"at most {DEPTH} quotations, lists and containers can stand in one another"
        self._report("P151", start, "this is nested too deep", hint)
        return True

    def _go_on_from(self, offset: int) -> Line | None:
        """Read on at an offset: the rest of its line, or the next line if nothing is left of it."""
        while self.lines[self.at].end < offset:
            self.at += 1
        rest = Line(offset, self.lines[self.at].end)
        if is_blank(self.text, rest):
            self.at += 1
            return None
        self.lines[self.at] = rest
        return rest

    def _report(self, code: str, at: int, message: str, hint: str | None = None) -> None:
        self.found.diagnostics.append(self.source.diagnostic(code, at, message, hint))


VERSE = AttributeList((Attribute("class", "verse", 0),), 0, 0)
"""The attributes of lines that begin with a pipe."""
