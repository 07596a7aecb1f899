"""One chapter, read: its blocks, its notes and annotations, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal
from xml.etree import ElementTree as ET

from postil.dialect import html, outline
from postil.dialect.attributes import allowed
from postil.dialect.builder import TreeBuilder
from postil.dialect.headings import with_ids
from postil.dialect.notes import Notes
from postil.dialect.passage import Abbreviations, Passage
from postil.dialect.scanner import Scanner
from postil.dialect.skeleton import Blocks
from postil.dialect.strays import strays
from postil.dialect.tokens import Anchor, Comment, Token, Words
from postil.dialect.typography import Quotes
from postil.document import Chapter, Element, Kind, Parsed, Text, rewrite, walk
from postil.source import Diagnostic, Source, Span

LINE = re.compile(r"(?:\n[\s>]*)?(?P<line>[^\n]+)")


class Reader:
    """Reads one chapter."""

    def __init__(self, source: Source, kinds: Mapping[str, Kind], quotes: Quotes) -> None:
        self.source = source
        self.outline = outline.outline(source)
        self.scanner = Scanner(source, self.outline.links, self.outline.unbalanced, quotes)
        self.markdown = Blocks()
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
        elements = (node for text in chapter.texts for node in walk(text) if isinstance(node, Element))
        given = {identifier for element in elements if (identifier := element.get("id"))}
        body, jumps = with_ids(blocks, given, self.source)
        chapter = replace(chapter, body=body)
        found = (
            *self.diagnostics,
            *self.outline.diagnostics,
            *self.scanner.diagnostics,
            *self.tree.around.diagnostics,
            *strays(self.tree.around.strays, self.source),
            *self.notes.diagnostics(),
            *jumps,
            *self._lost(),
        )
        return chapter, found

    # --- what the tree asks for ----------------------------------------------------------------------------------

    def anchor(self, anchor: Anchor, *, on_change: bool) -> Literal["annotation", "note"] | None:
        """What kind of note an anchor calls."""
        return self.notes.call(anchor, on_change=on_change)

    def comment(self, comment: Comment, *, on_change: bool) -> str:
        """Make an annotation of a comment; its id."""
        return self.notes.comment(comment, on_change=on_change)

    def caption(self, place: Span) -> Element[Parsed]:
        """The words at a place as a caption."""
        return replace(self._caption([outline.Line(place.start, place.end)]), span=place)

    def words(self, place: Span) -> tuple[Parsed, ...]:
        """The words at a place within a construct, whatever lines and quotations they stand in."""
        lines = [
            outline.Line(place.start + found.start("line"), place.start + found.end("line"))
            for found in LINE.finditer(self.source.text[place.start : place.end])
        ]
        first = len(self.scanner.tokens)
        skeleton = self.scanner.words(lines, of="citation")
        return self.tree.caption(self.markdown.words(skeleton), place.start, first).children

    # --- blocks --------------------------------------------------------------------------------------------------

    def _blocks(self, blocks: Iterable[outline.Block]) -> tuple[Parsed, ...]:
        nodes: list[Parsed] = []
        for block in blocks:
            match block:
                case outline.Prose(lines):
                    nodes += self._prose(lines)
                case outline.Code():
                    nodes.append(self._code(block))
                case outline.Container(inner, attributes, span):
                    kept, wrong = allowed(attributes.items, "div", self.source)
                    self.diagnostics += wrong
                    container = Element("div", self._blocks(inner), kept, span)
                    is_verse = "verse" in container.classes
                    nodes.append(
                        replace(container, children=rewrite(container.children, _verse)) if is_verse else container
                    )
                case outline.Caption():
                    nodes.append(self._table(block, nodes))
                case html.Block(element):
                    nodes.append(element)
        return tuple(nodes)

    def _prose(self, lines: Sequence[outline.Line]) -> tuple[Parsed, ...]:
        first = len(self.scanner.tokens)
        skeleton = self.scanner.skeleton(lines)
        try:
            root = self.markdown.read(skeleton)
        except (RecursionError, IndexError, AttributeError, ValueError):  # faults of Python-Markdown on odd texts
            hint = "look for lists or quotations in one another without a blank line between them"
            self._report("P151", lines[0].start, "the structure of these lines cannot be read", hint)
            root = ET.Element("div")
            for block in skeleton.split("\n\n"):
                ET.SubElement(root, "p").text = block
        return self.tree.nodes(root, lines[0].start, first)

    def _code(self, block: outline.Code) -> Element[Parsed]:
        passage = Passage()
        for line in block.lines:
            words = " " * line.pad + self.source.text[line.start : line.end] + "\n"
            passage.add(words, ((line.pad, line.start),))
        code = Element("code", (passage.take(),), (("class", f"language-{block.language}"),) if block.language else ())
        items = block.attributes.items if block.attributes else ()
        kept, wrong = allowed(items, "pre", self.source)
        self.diagnostics += wrong
        return Element("pre", (code,), kept, block.span)

    def _table(self, block: outline.Caption, nodes: list[Parsed]) -> Parsed:
        """The table before a caption, taken from `nodes`, with it."""
        caption = self._caption(block.lines)
        if nodes and isinstance(nodes[-1], Element) and nodes[-1].tag == "table":
            table = nodes.pop()
            words = Element("figcaption", caption.children, (), block.span)
            figure = Element("figure", (words, table), (), block.span)
            classes = " ".join(("table", caption.get("class") or "")).strip()
            return replace(figure, attributes=caption.attributes).having(class_=classes)
        self._report("P502", block.span.start, "this caption follows no table", "put it on the line after its table")
        opening = Text("Table: ", ((0, block.span.start),))
        return Element("p", (opening, *caption.children), caption.attributes, block.span)

    def _caption(self, lines: Sequence[outline.Line]) -> Element[Parsed]:
        first = len(self.scanner.tokens)
        skeleton = self.scanner.words(lines, of="caption")
        return self.tree.caption(self.markdown.words(skeleton), lines[0].start, first)

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


def _verse(node: Parsed) -> tuple[Parsed, ...] | None:
    """A stanza of verse, with the ends of its lines kept."""
    if not isinstance(node, Element) or not any(isinstance(n, Text) and "\n" in n.value for n in node.children):
        return None
    kept: list[Parsed] = []
    for child in node.children:
        if not isinstance(child, Text):
            kept.append(child)
            continue
        start = 0
        for number, line in enumerate(child.value.split("\n")):
            if number and not (kept and isinstance(kept[-1], Element) and kept[-1].tag == "br"):
                kept.append(Element("br"))
            if line.strip():
                kept.append(child.cut(start, start + len(line)))
            start += len(line) + 1
    return (replace(node, children=tuple(kept)),)


def _is_text(token: Token) -> bool:
    return not isinstance(token, Words) or any(sign.isalnum() for sign in token.text)
