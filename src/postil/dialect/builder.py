"""From Python-Markdown's tree of a skeleton to the document's: tokens become words and nodes again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol, assert_never
from xml.etree import ElementTree as ET

from postil.dialect import figures, foreign
from postil.dialect.attributes import AttributeList, allowed
from postil.dialect.nesting import DEPTH, Nesting, Surroundings, has_words
from postil.dialect.offsets import Offsets
from postil.dialect.passage import Abbreviations
from postil.dialect.scanner import CYCLE, LETTER, SIGN
from postil.dialect.tokens import (
    Anchor,
    Braces,
    Cited,
    Closer,
    Comment,
    InlineNote,
    Middle,
    Opener,
    Picture,
    Token,
    Whole,
)
from postil.dialect.tokens import Words as Written
from postil.document import (
    NOWHERE,
    Attributes,
    Change,
    Citation,
    CrossReference,
    Element,
    Formula,
    Highlight,
    IndexTerm,
    NoteCall,
    Parsed,
    Point,
    Text,
    Words,
)
from postil.source import Source, Span

CODED = re.compile(f"[{chr(LETTER)}-{chr(LETTER + CYCLE - 1)}{chr(SIGN)}-{chr(SIGN + CYCLE - 1)}]")
BRACES_AT_END = re.compile(f"(?P<space>[ \n]*)(?P<sign>[{chr(SIGN)}-{chr(SIGN + CYCLE - 1)}])[ ]*\\Z")

ALONE_ON_LINE = re.compile(r"(?:\{[^{}\n]*\})?[ \t\\]*$", re.MULTILINE)
OWNERS = {"figcaption": "figure"}  # whose attributes stand at the end of what
LINE_END = frozenset({"p", "li", "dd"})  # their attributes stand on a line of their own, those of the others at the end


class Chapter(Protocol):
    """What the tree asks of the chapter that it is part of."""

    def anchor(self, anchor: Anchor, *, on_change: bool) -> Literal["annotation", "note"] | None:
        """What kind of note an anchor calls, if there is one that it may call here."""

    def comment(self, comment: Comment, *, on_change: bool) -> str:
        """Make an annotation of a comment; its id."""

    def inline_note(self, note: InlineNote) -> str | None:
        """Make a note of one that stands in the line itself; its id, unless there can be none here."""

    def caption(self, place: Span) -> Element[Parsed]:
        """The words at a place as a caption, read as inline Markdown."""

    def words(self, place: Span) -> tuple[Parsed, ...]:
        """The words at a place within a construct, read as inline Markdown."""


class TreeBuilder:
    """Builds the nodes of one skeleton after another."""

    def __init__(self, source: Source, tokens: Sequence[Token], abbreviations: Abbreviations, chapter: Chapter) -> None:
        self.source, self.text, self.tokens, self.chapter = source, source.text, tokens, chapter
        self.around = Surroundings(source, abbreviations)
        self.reached: set[int] = set()  # the tokens that are in the tree
        self._last = -1  # the last token taken
        self._offsets = Offsets(self.text)
        self._nesting = Nesting(self.around)
        self._pictures: dict[Element[Parsed], Picture] = {}

    def block(self, tag: str, made: ET.Element, start: int, first: int) -> Element[Parsed]:
        """A block of prose with this tag, from what Python-Markdown made of its skeleton.

        Its text begins at the offset `start`, its tokens with number `first`. A paragraph of a picture alone is a
        figure.
        """
        outer = self._last, self._offsets
        self._last, self._offsets = first - 1, Offsets(self.text, start)
        self.around.block += 1
        own = self._own_attributes(made, tag)
        children = tuple(self._content(made))
        span = self._span_from(first)
        pictures = self._pictures_alone(children) if tag == "p" else ()
        attributes: Attributes = ()
        if own and len(pictures) == 1:
            pictures = (self._described(pictures[0], own),)
        elif own:
            attributes = self._merged((), own, "figures" if pictures else OWNERS.get(tag, tag))
        self._last, self._offsets = outer
        if pictures:
            row = tuple(map(self._figure, pictures))
            return row[0] if len(row) == 1 else figures.row(row, attributes)
        self._report_pictures(children)
        return Element(tag, children, attributes, span)

    # --- elements ------------------------------------------------------------------------------------------------

    def _element(self, made: ET.Element) -> Element[Parsed]:
        if made.tag == "br":
            return Element("br")
        first = self._last + 1
        children = tuple(self._content(made))
        return Element(made.tag, children, (), self._span_from(first))

    def _span_from(self, first: int) -> Span | None:
        """From the beginning of a token to where the words are now, if that token was taken."""
        if first > self._last:
            return None
        start = self.tokens[first].start
        return Span(start, max(start, self._offsets.here))

    def _own_attributes(self, made: ET.Element, tag: str) -> AttributeList | None:
        """The attribute list at a block's end, taken out of it."""
        holder, attribute = (made[-1], "tail") if len(made) else (made, "text")
        words = getattr(holder, attribute) or ""
        found = BRACES_AT_END.search(words)
        number = self._number(found["sign"]) if found else None
        if not found or number is None or not isinstance(braces := self.tokens[number], Braces):
            return None
        if not ("\n" in found["space"] if tag in LINE_END else found["space"]):
            return None
        setattr(holder, attribute, words[: found.start()])
        self.reached.add(number)
        self.around.diagnostics += braces.diagnostics
        return braces.attributes

    def _merged(self, attributes: Attributes, more: AttributeList, tag: str) -> Attributes:
        new, wrong = allowed(more.items, tag, self.source)
        self.around.diagnostics += wrong
        classes = " ".join(value for name, value in (*attributes, *new) if name == "class")
        kept = dict((*attributes, *new)) | ({"class": classes} if classes else {})
        return tuple(sorted(kept.items(), key=lambda pair: pair[0] != "id"))

    def _pictures_alone(self, nodes: Sequence[Parsed]) -> tuple[Element[Parsed], ...]:
        """The pictures of a paragraph that has nothing else in it."""
        pictures = tuple(self._pictures_in(nodes))
        if not pictures:
            return ()
        others = [node for node in nodes if not (isinstance(node, Element) and node.tag in {"img", "br"})]
        breaks = sum(isinstance(node, Element) and node.tag == "br" for node in nodes)
        return pictures if len(pictures) + breaks + len(others) == len(nodes) and not has_words(others) else ()

    def _pictures_in(self, nodes: Sequence[Parsed]) -> Iterator[Element[Parsed]]:
        return (n for n in nodes if isinstance(n, Element) and n.tag == "img" and n in self._pictures)

    def _report_pictures(self, nodes: Sequence[Parsed]) -> None:
        """Those that have a line to themselves, and words above or below: a figure was probably meant."""
        for picture in (self._pictures[image] for image in self._pictures_in(nodes)):
            before = self.text[self.text.rfind("\n", 0, picture.start) + 1 : picture.start]
            if not before.strip("> \t") and ALONE_ON_LINE.match(self.text, picture.end):
                hint = "put a blank line before it and behind it, and it is a figure with a caption"
                self.around.report("P505", picture.start, "this picture stands among the words of a paragraph", hint)

    def _figure(self, image: Element[Parsed]) -> Element[Parsed]:
        """A picture apart from the text, with its title for a caption, or else what stands in its brackets."""
        place = self._pictures[image].caption
        return figures.figure(image, (self.chapter.caption(place),) if place and place.start < place.end else ())

    # --- the content of an element -------------------------------------------------------------------------------

    def _content(self, made: ET.Element) -> list[Parsed]:
        if self.around.depth >= DEPTH:
            hint = "quotations, lists and marks can nest less deep"
            self.around.report("P151", self._offsets.here, "this is nested too deep", hint)
            flat = ET.Element("p")
            flat.text = "".join(made.itertext())
            made = flat
        outer, self._nesting = self._nesting, Nesting(self.around)
        self.around.depth += 1
        self._string(made.text)
        for child in made:
            self._nesting.append(self._element(child), fresh=True)
            self._string(child.tail)
        nodes = self._nesting.finish()
        self.around.depth -= 1
        self._nesting = outer
        return nodes

    def _string(self, words: str | None) -> None:
        for raw, token in self._split(words or ""):
            for sign, place in self._found(raw, token):
                if sign in {"*", "_"}:
                    self.around.diagnostics += foreign.unclosed_strong(self.around.source, place)
                self._nesting.words(sign, ((0, place),))
            if token:
                self.around.diagnostics += token.diagnostics
                self._token(token)
                self._offsets.reach(token.end)

    def _found(self, raw: str, token: Token | None) -> Iterator[tuple[str, int]]:
        """What stands before a token, with its places."""
        following = self.tokens[self._last + 1].start if self._last + 1 < len(self.tokens) else len(self.text)
        return self._offsets.find(raw, token.start if token else following)

    def _split(self, words: str) -> Iterator[tuple[str, Token | None]]:
        """What stands before each token, with the token; at the end what stands after the last."""
        at = 0
        for found in CODED.finditer(words):
            number = self._number(found.group())
            if number is None:
                continue
            self._last = number
            self.reached.add(number)
            yield words[at : found.start()], self.tokens[number]
            at = found.end()
        if at < len(words):
            yield words[at:], None

    def _number(self, sign: str) -> int | None:
        """Which token a code point stands for: of those that share it, the next one, or one not long ago."""
        point = ord(sign)
        ahead = (point - (LETTER if point < SIGN else SIGN) - self._last) % CYCLE
        number = self._last + (ahead if ahead < CYCLE - CYCLE // 4 else ahead - CYCLE)
        return number if 0 <= number < len(self.tokens) else None

    # --- tokens --------------------------------------------------------------------------------------------------

    def _token(self, token: Token) -> None:  # noqa: C901 # one case a token
        nesting = self._nesting
        match token:
            case Written():
                nesting.words(token.text, token.runs)
            case Cited(node=Citation() as citation) if token.around:
                nesting.append(self._with_words(citation, token.around))
            case Whole():
                if token.node:
                    nesting.append(token.node, fresh=isinstance(token.node, Element))
            case Opener():
                nesting.open(token)
            case Closer():
                nesting.close(token)
            case Middle():
                nesting.middle(token)
            case Anchor():
                self._anchor(token)
            case InlineNote():
                self._inline_note(token)
            case Comment():
                on_change = isinstance(nesting.abutting(token), Change)
                nesting.anchor(self.chapter.comment(token, on_change=on_change), token)
            case Picture():
                self._picture(token)
            case Braces():
                self._braces(token)

    def _anchor(self, token: Anchor) -> None:
        mark = self._nesting.abutting(token)
        match self.chapter.anchor(token, on_change=isinstance(mark, Change)):
            case "annotation":
                self._nesting.anchor(token.id, token)
            case "note":
                self._nesting.append(NoteCall(token.id, Span(token.start, token.end)))
                if mark:  # the note stands outside it; the next anchor may still be the mark's
                    self._nesting.pass_by(token)
            case None:
                self._nesting.literal(token)

    def _inline_note(self, token: InlineNote) -> None:
        if note := self.chapter.inline_note(token):
            self._nesting.append(NoteCall(note, Span(token.start, token.end)))
        else:
            self._nesting.literal(token)

    def _picture(self, token: Picture) -> None:
        title = (("title", token.title),) if token.title else ()
        attributes = (("src", token.address), ("alt", token.alt), *title)
        image: Element[Parsed] = Element("img", (), attributes, Span(token.start, token.end))
        self._pictures[image] = token
        self._nesting.append(image, fresh=True)

    def _with_words(self, citation: Citation, around: Sequence[tuple[Span, Span]]) -> Citation:
        """A citation with the words around its works, which stand at these places."""
        cites = tuple(
            replace(cite, prefix=self._around(before), suffix=self._around(behind))
            for cite, (before, behind) in zip(citation.cites, around, strict=True)
        )
        return replace(citation, cites=cites)

    def _around(self, place: Span) -> tuple[Words, ...]:
        return self._as_words(self.chapter.words(place)) if place.start < place.end else ()

    def _as_words(self, nodes: Sequence[Parsed]) -> tuple[Words, ...]:
        """What is said around the works of a citation: words, emphasis and links. Anything else is what was typed."""
        words: list[Words] = []
        for node in nodes:
            match node:
                case Text():
                    words.append(Text(node.value.replace("\n", " "), node.runs))
                case Element() if node.tag != "img":
                    words.append(Element(node.tag, self._as_words(node.children), node.attributes, node.span))
                case (
                    Element()
                    | Change()
                    | Highlight()
                    | Point()
                    | NoteCall()
                    | Citation()
                    | CrossReference()
                    | IndexTerm()
                    | Formula()
                ):
                    place = node.span or NOWHERE
                    if isinstance(node, Formula):
                        message = "maths cannot stand in a citation's brackets"
                        self.around.report("P108", place.start, message, "put it behind them")
                    words.append(Text(self.text[place.start : place.end], ((0, place.start),)))
                case _:
                    assert_never(node)
        return tuple(words)

    def _braces(self, token: Braces) -> None:
        """An attribute list belongs to the element that it directly follows; elsewhere it is text."""
        element = self._nesting.last_fresh()
        if not element:
            self._nesting.literal(token)
            hint = "put it right behind what it belongs to, or write '\\{' if it is meant as text"
            if self.around.source.text.startswith("{.reply", token.start):
                hint = "indent a reply by four spaces, as part of the annotation that it answers"
            self.around.report("P124", token.start, "this attribute list belongs to nothing", hint)
            return
        self._nesting.replace_last(self._described(element, token.attributes))

    def _described(self, element: Element[Parsed], attributes: AttributeList) -> Element[Parsed]:
        """An element with an attribute list that belongs to it."""
        merged = replace(element, attributes=self._merged(element.attributes, attributes, element.tag))
        if picture := self._pictures.get(element):
            own = (item.place for item in attributes.items if item.name == "caption")
            self._pictures[merged] = replace(picture, caption=next(own, picture.caption))
        return merged
