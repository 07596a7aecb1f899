"""One chapter, read: its blocks, its notes and annotations, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Literal, assert_never

from postil.dialect import figures, foreign, html, outline, references, theorems
from postil.dialect.attributes import AttributeList, allowed, dressed, read
from postil.dialect.blocks import (
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
    Line,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Task,
    Verse,
)
from postil.dialect.builder import TreeBuilder
from postil.dialect.content import misplaced
from postil.dialect.examples import EXAMPLES, identifier
from postil.dialect.headings import with_ids
from postil.dialect.nesting import has_words
from postil.dialect.notes import Notes
from postil.dialect.passage import Abbreviations, Passage
from postil.dialect.scanner import Scanner
from postil.dialect.skeleton import Emphasis
from postil.dialect.strays import strays
from postil.dialect.tokens import Anchor, Comment, InlineNote, Token, Words
from postil.dialect.typography import Typography
from postil.document import Attributes, Chapter, Element, Kind, Parsed, Text, walk
from postil.source import Diagnostic, Source, Span

LINE = re.compile(r"(?:\n[\s>]*)?(?P<line>[^\n]+)")


class Reader:
    """Reads one chapter."""

    def __init__(self, source: Source, kinds: Mapping[str, Kind], rules: Typography, named: Collection[str]) -> None:
        """Style sheets of the title have rules for the classes that are `named`."""
        self.source, self.named = source, named
        self.outline = outline.outline(source)
        self.scanner = Scanner(source, self.outline.links, self.outline.unbalanced, rules)
        self.markdown = Emphasis()
        self.abbreviations = Abbreviations({word: a.title for word, a in self.outline.abbreviations.items()})
        self.notes = Notes(source, kinds, self.outline.definitions)
        self.tree = TreeBuilder(source, self.scanner.tokens, self.abbreviations, self)
        self.diagnostics: list[Diagnostic] = []

    def chapter(self) -> tuple[Chapter[Parsed], tuple[Diagnostic, ...]]:
        """The chapter, and what is wrong with it."""
        blocks = self._blocks(self.outline.blocks)
        for definition in self.notes.definitions.values():
            with self.notes.inside(definition.id):
                text = self._blocks(outline.blocks(self.source, definition.lines, self.outline))
                answers = [
                    self._blocks(outline.blocks(self.source, answer.lines, self.outline))
                    for answer in definition.replies
                ]
            self.notes.read(definition, text, answers)
        chapter = Chapter(self.source, blocks, self.notes.notes, self.notes.annotations)
        elements = [node for text in chapter.texts for node in walk(text) if isinstance(node, Element)]
        given = {identifier for element in elements if (identifier := element.get("id"))}
        body, jumps = with_ids(blocks, given, self.source)
        chapter = replace(chapter, body=body)
        found = (
            *self.diagnostics,
            *self.outline.diagnostics,
            *self.scanner.diagnostics,
            *self.tree.around.diagnostics,
            *strays(self.tree.around.strays, self.source),
            *(fault for text in chapter.texts for fault in misplaced(text, self.source)),
            *self.notes.diagnostics(),
            *jumps,
            *figures.in_sentences(elements, self.source),
            *self._lost(),
        )
        return dressed(chapter, found, self.named)

    # --- what the tree asks for ----------------------------------------------------------------------------------

    def anchor(self, anchor: Anchor, *, on_change: bool) -> Literal["annotation", "note"] | None:
        """What kind of note an anchor calls."""
        return self.notes.call(anchor, on_change=on_change)

    def comment(self, comment: Comment, *, on_change: bool) -> str:
        """Make an annotation of a comment; its id."""
        return self.notes.comment(comment, on_change=on_change)

    def inline_note(self, note: InlineNote) -> str | None:
        """Make a note of one that stands in the line itself; its id, unless there can be none here."""
        identifier = self.notes.begin_inline(note)
        if identifier is not None:
            with self.notes.inside(identifier):
                body = self._words("p", self._lines_at(note.body), of="note")
            self.notes.end_inline(identifier, note, body)
        return identifier

    def caption(self, place: Span) -> Element[Parsed]:
        """The words at a place as a caption."""
        return replace(self._caption([Line(place.start, place.end)]), span=place)

    def words(self, place: Span) -> tuple[Parsed, ...]:
        """The words at a place within a construct."""
        return self._words("figcaption", self._lines_at(place), of="citation").children

    def _lines_at(self, place: Span) -> list[Line]:
        """The lines at a place within a construct, whatever quotations they stand in."""
        return [
            Line(place.start + found.start("line"), place.start + found.end("line"))
            for found in LINE.finditer(self.source.text[place.start : place.end])
        ]

    # --- blocks --------------------------------------------------------------------------------------------------

    def _blocks(self, blocks: Sequence[Block]) -> tuple[Parsed, ...]:
        nodes: list[Parsed] = []
        captions: list[Caption] = []  # of a table, or of code, that comes next
        for block, following in zip_longest(blocks, blocks[1:]):
            match block:
                case Caption() if isinstance(following, block.of) and not _waits(nodes[-1:], block):
                    captions.append(block)
                case Caption():
                    nodes.append(self._captioned(block, nodes))
                case _:
                    nodes += self._block(block)
                    if captions:
                        nodes.append(self._captioned(captions.pop(), nodes))
        return tuple(nodes)

    def _block(self, block: Block) -> Iterable[Parsed]:  # noqa: C901, PLR0911, PLR0912 -- one kind of block after another
        match block:
            case Paragraph(lines):
                paragraph = self._prose("p", lines)
                return [paragraph] if paragraph.tag != "p" or has_words(paragraph.children) else []
            case Heading(level, lines, span, attributes):
                heading = self._with(attributes, self._prose(f"h{level}", lines))
                return [heading if heading.span else replace(heading, span=span)]
            case Rule(span, of_page):
                return [Element("hr", (), (("class", "page-break"),) if of_page else (), span)]
            case Verse(lines):
                return [self._verse(lines)]
            case Code():
                return [self._code(block)]
            case Table():
                return [self._table(block)]
            case Grid():
                return [self._grid(block)]
            case Caption():
                raise AssertionError(block)  # `_blocks` puts it at its table
            case Quote(inner, span):
                return [Element("blockquote", self._blocks(inner), (), span)]
            case List():
                return [self._list(block)]
            case Glossary(entries, span):
                return [Element("dl", tuple(node for entry in entries for node in self._entry(entry)), (), span)]
            case Display(node):
                return [node]
            case Illustration():
                return [self._illustration(block)]
            case Container():
                return [self._container(block)]
            case html.Block(element):
                return [element]
        assert_never(block)

    def _prose(self, tag: str, lines: Sequence[Line]) -> Element[Parsed]:
        """A block of prose."""
        first = len(self.scanner.tokens)
        return self.tree.block(tag, self.markdown.read(self.scanner.prose(lines)), lines[0].start, first)

    def _with(self, more: AttributeList | None, element: Element[Parsed]) -> Element[Parsed]:
        """An element with attributes that stand elsewhere; those of its own have the last word."""
        kept, wrong = allowed(more.items, element.tag, self.source) if more else ((), ())
        self.diagnostics += wrong
        return replace(element, attributes=tuple((dict(kept) | dict(element.attributes)).items()))

    def _words(self, tag: str, lines: Sequence[Line], *, of: Literal["caption", "citation", "note"]) -> Element[Parsed]:
        """Words that stand in some construct."""
        first = len(self.scanner.tokens)
        return self.tree.block(tag, self.markdown.read(self.scanner.words(lines, of=of)), lines[0].start, first)

    def _verse(self, lines: Sequence[Line]) -> Element[Parsed]:
        """A stanza, with the ends of its lines kept."""
        first = len(self.scanner.tokens)
        stanza = self.tree.block("p", self.markdown.read(self.scanner.verse(lines)), lines[0].start, first)
        return replace(stanza, children=tuple(_in_lines(stanza.children)))

    def _code(self, block: Code) -> Element[Parsed]:
        passage = Passage()
        for number, line in enumerate(block.lines, 1):
            words = " " * line.pad + self.source.text[line.start : line.end]
            is_last = number == len(block.lines) and line.end == block.span.end  # which has no fence below it
            of_tab = ((column, line.start - 1) for column in range(line.pad))  # what is left of one that was cut in two
            passage.add(words if is_last else f"{words}\n", (*of_tab, (line.pad, line.start)))
        items = block.attributes.items if block.attributes else ()
        # in braces the first class is the language, as pandoc has it
        named = next((item for item in items if item.name == "class"), None) if not block.language else None
        items = tuple(item for item in items if item is not named)
        language = block.language or (named and named.value)
        code = Element("code", (passage.take(),), (("class", f"language-{language}"),) if language else ())
        kept, wrong = allowed(items, "pre", self.source)
        places = (Span(line.start, line.end) for line in block.lines)
        self.diagnostics += (*wrong, *foreign.found_in_code(self.source, language or "", places))
        place = next((item.place for item in items if item.name == "caption"), None)
        listing = Element("pre", (code,), kept, block.span).without("caption")
        return figures.listing(listing, self.caption(place)) if place and place.start < place.end else listing

    def _container(self, block: Container) -> Element[Parsed]:
        if theorem := theorems.kind(block.attributes, self.named):
            block = theorems.stated(block, theorem, self.source)
        is_group = figures.is_group(block.attributes)
        kept, wrong = allowed(block.attributes.items, "figures" if is_group else "div", self.source)
        self.diagnostics += wrong
        with self.scanner.speaking(dict(kept).get("lang")):
            above = [self._prose("p", [block.title])] if block.title else [Element("p", ())] if block.named else []
            above = [title.having(class_="box-title") for title in above]
            container = Element("div", (*above, *self._blocks(block.blocks)), kept, block.span)
        if theorem:
            container = theorems.of_form(container, theorem)
        if is_group:
            container, wrong = figures.group(container, self.source)
            self.diagnostics += wrong
        return container

    def _illustration(self, block: Illustration) -> Element[Parsed]:
        """A picture with its caption; whatever else is between the tags of a figure has the caption below it."""
        nodes = self._blocks(block.blocks)
        caption = (replace(self._caption(self._lines_at(block.caption)), span=block.caption),) if block.caption else ()
        image = next((node for node in walk(nodes) if isinstance(node, Element) and node.tag == "img"), None)
        kept, wrong = allowed(block.attributes.items, "figure", self.source)
        self.diagnostics += wrong
        if image is None or len([node for node in nodes if not isinstance(node, Text)]) != 1:
            below = tuple(replace(each, tag="p") for each in caption)
            return Element("div", (*nodes, *below), kept, block.span)
        made = figures.figure(image, caption)
        return replace(made, attributes=tuple((dict(made.attributes) | dict(kept)).items()), span=block.span)

    def _list(self, block: List) -> Element[Parsed]:
        start = (("start", str(block.start)),) if block.numbering and block.start != 1 else ()
        numbering: Attributes = ()
        if block.numbering == "@":
            numbering = (("class", EXAMPLES),)
        elif block.numbering and block.numbering != "1":
            numbering = (("type", block.numbering),)
        items: list[Element[Parsed]] = []
        for item in block.items:
            given, blocks = self._given(item.blocks)
            made = self._with(given, self._item(blocks, "li", tight=block.tight, span=item.span))
            if item.label and made.get("id") is None:
                made = made.having(id=identifier(item.label))
            items.append(_with_box(made, item.task) if item.task else made)
        return Element("ol" if block.numbering else "ul", tuple(items), (*start, *numbering), block.span)

    def _given(self, blocks: tuple[Block, ...]) -> tuple[AttributeList | None, tuple[Block, ...]]:
        """The attributes of an item, which stand before its words in kramdown: `- {:.name} words`; and its blocks."""
        if not blocks or not isinstance(blocks[0], Paragraph):
            return None, blocks
        first, *others = blocks[0].lines
        found = (
            read(self.source.text, first.start, first.end) if self.source.text.startswith("{:", first.start) else None
        )
        if not found or not self.source.text[found.end : first.end].strip():
            return None, blocks
        start = first.end - len(self.source.text[found.end : first.end].lstrip())
        return found, (Paragraph((first._replace(start=start), *others)), *blocks[1:])

    def _entry(self, entry: Entry) -> Iterator[Element[Parsed]]:
        """Terms with their definitions."""
        for term in entry.terms:
            yield self._prose("dt", [term])
        for blocks in entry.definitions:
            yield self._item(blocks, "dd", tight=entry.tight)

    def _item(self, blocks: Sequence[Block], tag: str, *, tight: bool, span: Span | None = None) -> Element[Parsed]:
        """An item of a list; in a tight one its paragraphs are words right within it."""
        if not tight:
            return Element(tag, self._blocks(blocks), (), span)
        nodes: list[Parsed] = []
        attributes: Attributes = ()
        rest = list(blocks)
        while rest:
            if isinstance(rest[0], Paragraph):
                words = self._prose(tag, rest.pop(0).lines)  # type: ignore[union-attr]
                attributes = (*attributes, *words.attributes)
                nodes += words.children
            else:
                until = next((n for n, block in enumerate(rest) if isinstance(block, Paragraph)), len(rest))
                nodes += self._blocks(rest[:until])
                del rest[:until]
        return Element(tag, tuple(nodes), attributes, span)

    # --- tables --------------------------------------------------------------------------------------------------

    def _table(self, block: Table) -> Element[Parsed]:
        head = self._row(block.head, "th", block.alignments, None)
        columns = len(head.children)
        parts = [Element("thead", (head,))]
        if block.rows:
            rows = tuple(self._row(row, "td", block.alignments, columns) for row in block.rows)
            parts.append(Element("tbody", rows))
        return Element("table", tuple(parts), (), block.span)

    def _grid(self, block: Grid) -> Element[Parsed]:
        parts = [
            Element(part, tuple(Element("tr", tuple(self._grid_cell(cell, tag) for cell in row)) for row in rows))
            for part, tag, rows in (("thead", "th", block.head), ("tbody", "td", block.rows))
            if rows
        ]
        return Element("table", tuple(parts), (), block.span)

    def _grid_cell(self, cell: GridCell, tag: str) -> Element[Parsed]:
        made = self._item(cell.blocks, tag, tight=len(cell.blocks) == 1)
        if cell.columns > 1:
            made = replace(made, attributes=(*made.attributes, ("colspan", str(cell.columns))))
        return made.having(class_=f"align-{cell.alignment}") if cell.alignment else made

    def _row(self, line: Line, tag: str, alignments: Sequence[str | None], columns: int | None) -> Element[Parsed]:
        """A row, which has as many cells as the head has; others do not reach the page, and are said to be lost."""
        cells: list[Element[Parsed]] = []
        for number, cell in enumerate(self.scanner.cells(line)):
            if columns is None or number < columns:
                made = self.tree.block(tag, self.markdown.read(cell.skeleton), cell.start, cell.first)
                align = alignments[number] if number < len(alignments) else None
                cells.append(made.having(class_=f"align-{align}") if align else made)
        cells += [Element(tag)] * ((columns or 0) - len(cells))
        return Element("tr", tuple(cells))

    def _captioned(self, block: Caption, nodes: list[Parsed]) -> Parsed:
        """The table or the code before a caption, taken from `nodes`, with it."""
        caption = self._caption(block.lines)
        words = Element("figcaption", caption.children, (), block.span)
        match nodes[-1:] if _waits(nodes[-1:], block) else ():
            case [Element(tag="pre") as code]:
                nodes.pop()
                attributes = tuple((dict(code.attributes) | dict(caption.attributes)).items())
                return figures.listing(replace(code, attributes=attributes), words)
            case [table]:
                nodes.pop()
                figure = Element("figure", (words, table), (), block.span)
                classes = " ".join(("table", caption.get("class") or "")).strip()
                return replace(figure, attributes=caption.attributes).having(class_=classes)
        what = "listing" if block.of is Code else "table"
        message = f"this caption belongs to no {what} without one"
        self._report("P502", block.span.start, message, f"put it on the line after its {what}, or before that")
        opening = Text(block.sign, ((0, block.span.start),))
        return Element("p", (opening, *caption.children), caption.attributes, block.span)

    def _caption(self, lines: Sequence[Line]) -> Element[Parsed]:
        """The words of a caption, with the id that bookdown has before them, or an empty `[]{#id}` behind them."""
        opening, *rest = lines
        label = references.LABEL.match(self.source.text, opening.start, opening.end)
        first = Line(label.end(), opening.end) if label else opening
        made = self._words("figcaption", [first, *rest], of="caption")
        match made.children[-1:]:
            case [Element(tag="span", children=()) as mark] if made.get("id") is None and mark.get("id"):
                words = made.children[:-1]
                if words and isinstance(words[-1], Text):
                    words = (*words[:-1], words[-1].cut(0, len(words[-1].value.rstrip())))
                made = replace(made, children=words, attributes=(*made.attributes, *mark.attributes))
        return made.having(id=label["id"]) if label and made.get("id") is None else made

    # --- what is wrong -------------------------------------------------------------------------------------------

    def _report(self, code: str, at: int, message: str, hint: str | None = None) -> None:
        self.diagnostics.append(self.source.diagnostic(code, at, message, hint))

    def _lost(self) -> Iterable[Diagnostic]:
        """Words that no reader will see: what Markdown leaves out, and definitions that nothing uses."""
        line = 0
        for number, token in enumerate(self.scanner.tokens):
            if number not in self.tree.reached and _is_text(token):
                place = self.source.position(token.start)
                if place.line != line:
                    hint = "has the row of a table more cells than its head?"
                    yield self.source.diagnostic("P150", token.start, "this text does not reach the page", hint)
                line = place.line
        for name, target in self.outline.links.items():
            if name not in self.scanner.used_targets:
                yield self.source.diagnostic("P155", target.place, f"no link uses the definition '{name}'")
        for word, abbreviation in self.outline.abbreviations.items():
            if word not in self.abbreviations.used:
                hint = "write it as it stands in the text, capitals included, or delete it"
                message = f"no text has the abbreviation '{word}'"
                yield self.source.diagnostic("P155", abbreviation.span, message, hint)


def _waits(nodes: Sequence[Parsed], caption: Caption) -> bool:
    """Whether the last of some nodes is a table, or code, that this may be the caption of."""
    return any(isinstance(node, Element) and node.tag in caption.tags for node in nodes[-1:])


def _with_box(item: Element[Parsed], task: Task) -> Element[Parsed]:
    """A task, with a box before its words."""
    first = item.children[0] if item.children else None
    if isinstance(first, Element) and first.tag == "p":
        return replace(item, children=(_with_box(first, task), *item.children[1:])).having(class_="task")
    box = Text(
        "\N{BALLOT BOX WITH CHECK} " if task.done else "\N{BALLOT BOX} ", ((0, task.span.start), (1, task.span.end - 1))
    )
    boxed = replace(item, children=(box, *item.children))
    return boxed if item.tag == "p" else boxed.having(class_="task")


def _in_lines(nodes: Iterable[Parsed]) -> Iterator[Parsed]:
    """The nodes of a stanza, with a `br` at the end of each line."""
    broken = False  # whether that is there already
    for node in nodes:
        if not isinstance(node, Text):
            yield node
            broken = isinstance(node, Element) and node.tag == "br"
            continue
        start = 0
        for number, line in enumerate(node.value.split("\n")):
            if number and not broken:
                yield Element("br")
            if line or number:
                broken = False
            if line:
                yield node.cut(start, start + len(line))
            start += len(line) + 1


def _is_text(token: Token) -> bool:
    return not isinstance(token, Words) or any(sign.isalnum() for sign in token.text)
