"""From Python-Markdown's tree of a skeleton to the document's: tokens become words and nodes again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol
from xml.etree import ElementTree as ET

from postil.dialect.attributes import HEADINGS, AttributeList, allowed
from postil.dialect.passage import Abbreviations, Passage
from postil.dialect.scanner import CYCLE, LETTER, SIGN
from postil.dialect.tokens import (
    Anchor,
    Braces,
    Closer,
    Comment,
    Middle,
    Opener,
    Picture,
    Token,
    Whole,
    Words,
)
from postil.document import (
    Attributes,
    Change,
    Element,
    Highlight,
    IndexTerm,
    Node,
    NoteCall,
    Point,
    Text,
    plain,
    rewrite,
)
from postil.source import Diagnostic, Source, Span

DEPTH = 96  # of elements and marks in one another

MARKS = {"+": "insertion", "-": "deletion", "~": "substitution", "=": "highlight"}
CODED = re.compile(f"[{chr(LETTER)}-{chr(LETTER + CYCLE - 1)}{chr(SIGN)}-{chr(SIGN + CYCLE - 1)}]")
BRACES_AT_END = re.compile(f"(?P<space>[ \n]*)(?P<sign>[{chr(SIGN)}-{chr(SIGN + CYCLE - 1)}])[ ]*\\Z")
BLOCK_START = re.compile(r"(?:\A|\n[> \t]*)(?:[-*+]|\#{1,6}|\d{1,3}\.)[ \t]+\S")
NOT_IN_ID = re.compile(r"[^\w]+")

HOLDERS = frozenset({"div", "blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tr"})
BLOCKS = HOLDERS | HEADINGS | {"p", "li", "dt", "dd", "pre", "th", "td", "hr"}
LINE_END = frozenset({"p", "li", "dd"})  # their attributes stand on a line of their own, those of the others at the end


class Chapter(Protocol):
    """What the tree asks of the chapter that it is part of."""

    def anchor(self, anchor: Anchor, *, on_change: bool) -> Literal["annotation", "note"] | None:
        """What kind of note an anchor calls, if there is one that it may call here."""

    def comment(self, comment: Comment, *, on_change: bool) -> str:
        """Make an annotation of a comment; its id."""

    def caption(self, place: Span) -> Element:
        """The words at a place as a caption, read as inline Markdown."""


@dataclass(slots=True)
class _Frame:
    """Something that is open: its nodes so far."""

    opener: Opener | None
    nodes: list[Node] = field(default_factory=list)
    deleted: list[Node] | None = None  # what stands before the `~>`
    mark: int = -1  # the node that is the last mark, and where what is anchored to it would begin
    mark_end: int = -1
    fresh: bool = False  # whether the last node is one that an attribute list would belong to


class Stray(NamedTuple):
    """An opener or a closer without its partner in the same element, and the number of the block it stands in."""

    token: Opener | Closer
    block: int


class Tree:
    """Builds the nodes of one skeleton after another."""

    def __init__(self, source: Source, tokens: Sequence[Token], abbreviations: Abbreviations, chapter: Chapter) -> None:
        self.source, self.text, self.tokens, self.chapter = source, source.text, tokens, chapter
        self.abbreviations = abbreviations
        self.diagnostics: list[Diagnostic] = []
        self.strays: list[Stray] = []
        self.reached: set[int] = set()  # the tokens that are in the tree
        self.last = -1  # the last token taken
        self.block = 0  # the number of the block at hand
        self.at: int | None = None  # where in the source the last words ended, in the block at hand
        self.passage = Passage()
        self.frames: list[_Frame] = []
        self.depth = 0
        self.pictures: dict[Element, Picture] = {}
        self.crossed: list[str] = []  # families whose opener has been reported: their closer is not, once more

    def nodes(self, root: ET.Element, first: int) -> tuple[Node, ...]:
        """The blocks of a root that Python-Markdown made from a skeleton whose tokens begin with number `first`."""
        self.last = first - 1
        return tuple(self._content(root))

    def caption(self, made: ET.Element, first: int) -> Element:
        """The caption of a figure, whose tokens begin with number `first`: read in between, apart from all else."""
        outer = self.last, self.at, self.passage, self.frames, self.crossed
        self.last, self.at, self.passage, self.frames, self.crossed = first - 1, None, Passage(), [], []
        own = self._own_attributes(made)
        nodes = tuple(self._content(made))
        attributes = self._merged((), own, "figure") if own else ()
        self.last, self.at, self.passage, self.frames, self.crossed = outer
        return Element("figcaption", nodes, attributes)

    # --- elements ------------------------------------------------------------------------------------------------

    def _element(self, made: ET.Element) -> Element | None:
        tag = made.tag
        if tag in {"br", "hr"}:
            return Element(tag)
        block = tag in BLOCKS
        if block:
            self.at = None
            self.block += 1
        if tag == "pre":
            return self._code(made)
        own = self._own_attributes(made) if block and tag not in HOLDERS else None
        first, block_number = self.last + 1, self.block
        self.depth += 1
        children = tuple(self._content(made) if self.depth < DEPTH else self._too_deep(made))
        self.depth -= 1
        self.block = block_number if not block else self.block
        span = Span(self.tokens[first].start, self.at or self.tokens[first].start) if self.last >= first else None
        attributes = _alignment(made)
        if own:
            attributes = self._merged(attributes, own, tag)
        if tag == "p" and not _has_words(children):
            return None
        if tag == "p" and len(children) == 1 and isinstance(children[0], Element) and children[0] in self.pictures:
            return self._figure(children[0], attributes)
        return Element(tag, children, attributes, span)

    def _too_deep(self, made: ET.Element) -> list[Node]:
        """What is nested deeper than anybody reads, without its structure."""
        self._report("P151", self.at or 0, "this is nested too deep", "quotations, lists and marks can nest less deep")
        flat = ET.Element("p")
        flat.text = "".join(made.itertext())
        return self._content(flat)

    def _own_attributes(self, made: ET.Element) -> AttributeList | None:
        """The attribute list at an element's end, taken out of it."""
        holder, attribute = made, "text"
        for child in made:
            if child.tag in BLOCKS:
                break
            holder, attribute = child, "tail"
        words = getattr(holder, attribute) or ""
        found = BRACES_AT_END.search(words)
        token = self._number(found["sign"]) if found else None
        if not found or token is None or not isinstance(braces := self.tokens[token], Braces):
            return None
        if not ("\n" in found["space"] if made.tag in LINE_END else found["space"]):
            return None
        setattr(holder, attribute, words[: found.start()])
        self.reached.add(token)
        self.diagnostics += braces.diagnostics
        return braces.attributes

    def _merged(self, attributes: Attributes, more: AttributeList, tag: str) -> Attributes:
        new, wrong = allowed(more.items, tag, self.source)
        self.diagnostics += wrong
        classes = " ".join(value for name, value in (*attributes, *new) if name == "class")
        kept = dict((*attributes, *new)) | ({"class": classes} if classes else {})
        return tuple(sorted(kept.items(), key=lambda pair: pair[0] != "id"))

    def _code(self, made: ET.Element) -> Element:
        """An indented code block: its tokens are the characters that were typed."""
        first = self.last + 1
        passage = Passage()
        words = "".join(made.itertext()).replace("&gt;", ">").rstrip("\n")
        for raw, token in self._split(words):
            if raw:
                self._align(raw, token, passage)
            if token:
                typed = self.text[token.start : token.end]
                passage.add(typed, ((0, token.start),))
                self.at = token.end
        span = Span(self.tokens[first].start, self.at or 0) if self.last >= first else None
        code = Element("code", (passage.take(),) if passage else ())
        return Element("pre", (code,), (), span)

    def _figure(self, image: Element, attributes: Attributes) -> Element:
        picture = self.pictures[image]
        of_image = tuple(pair for pair in image.attributes if pair[0] in {"src", "alt"})
        of_figure = tuple(pair for pair in image.attributes if pair[0] not in {"src", "alt", "title"})
        children: list[Node] = [replace(image, attributes=of_image)]
        if picture.caption:
            children.append(self.chapter.caption(picture.caption))
        return Element("figure", tuple(children), (*of_figure, *attributes), image.span)

    # --- the content of an element -------------------------------------------------------------------------------

    def _content(self, made: ET.Element) -> list[Node]:
        outer, self.frames = self.frames, [_Frame(None)]
        self._string(made.text)
        for child in made:
            self._flush()
            if node := self._element(child):
                self._append(node, fresh=child.tag not in BLOCKS)
            if child.tag in BLOCKS:
                self.at = None
            self._string(child.tail)
        self._flush()
        while len(self.frames) > 1:
            frame = self._dissolve()
            self._stray(frame.opener)
        nodes = self.frames[0].nodes
        self.frames = outer
        return nodes

    def _string(self, words: str | None) -> None:
        for raw, token in self._split(words or ""):
            if raw and not (raw.isspace() and self.at is None and not token):
                self._align(raw, token, self.passage)
                self.frames[-1].fresh = False
            if token:
                self.diagnostics += token.diagnostics
                self._token(token)
                self.at = token.end

    def _split(self, words: str) -> Iterator[tuple[str, Token | None]]:
        """What stands before each token, with the token; at the end what stands after the last."""
        at = 0
        for found in CODED.finditer(words):
            number = self._number(found.group())
            if number is None:
                continue
            self.last = number
            self.reached.add(number)
            yield words[at : found.start()], self.tokens[number]
            at = found.end()
        if at < len(words):
            yield words[at:], None

    def _number(self, sign: str) -> int | None:
        """Which token a code point stands for: of those that share it, the next one, or one not long ago."""
        point = ord(sign)
        ahead = (point - (LETTER if point < SIGN else SIGN) - self.last) % CYCLE
        number = self.last + (ahead if ahead < CYCLE - CYCLE // 4 else ahead - CYCLE)
        return number if 0 <= number < len(self.tokens) else None

    def _align(self, raw: str, token: Token | None, passage: Passage) -> None:
        """Words that Python-Markdown has kept as they are: white space, and what it might have read as its own."""
        if self.at is None and token:
            place, places = token.start, list[int]()
            for sign in reversed(raw):
                found = self.text.rfind(sign, max(0, place - 80), place)
                place = found if found >= 0 else place
                places.append(place)
            for sign, place in zip(raw, reversed(places), strict=True):
                passage.add(sign, ((0, place),))
            return
        if self.at is None:
            self.at = self.tokens[self.last].end if self.last >= 0 else 0
        following = self.tokens[self.last + 1] if not token and self.last + 1 < len(self.tokens) else token
        end = following.start if following and following.start >= self.at else len(self.text)
        for sign in raw:
            place = self.at
            if not self.text.startswith(sign, place) and not (sign.isspace() and self.text[place : place + 1].isspace()):
                found = self.text.find(sign, place, min(end, place + 80))
                place = found if found >= 0 else place
            passage.add(sign, ((0, place),))
            self.at = min(place + 1, max(end, self.at))

    def _flush(self) -> None:
        if self.passage:
            self.frames[-1].nodes += self.abbreviations.marked(self.passage.take())

    def _append(self, node: Node, *, fresh: bool = False) -> None:
        self._flush()
        self.frames[-1].nodes.append(node)
        self.frames[-1].fresh = fresh

    def _literal(self, token: Token) -> None:
        self.passage.add(self.text[token.start : token.end], ((0, token.start),))
        self.frames[-1].fresh = False

    # --- tokens --------------------------------------------------------------------------------------------------

    def _token(self, token: Token) -> None:
        match token:
            case Words():
                self.passage.add(token.text, token.runs)
                self.frames[-1].fresh = False
            case Whole():
                if token.node:
                    self._append(token.node, fresh=isinstance(token.node, Element))
            case Opener():
                self._open(token)
            case Closer():
                self._close(token)
            case Middle():
                self._middle(token)
            case Anchor():
                self._anchor(token)
            case Comment():
                self._anchored(self.chapter.comment(token, on_change=self._abuts_change(token)), token)
            case Picture():
                attributes = (("src", token.address), ("alt", token.alt), *((("title", token.title),) if token.title else ()))
                image = Element("img", (), attributes, Span(token.start, token.end))
                self.pictures[image] = token
                self._append(image, fresh=True)
            case Braces():
                self._braces(token)

    def _braces(self, token: Braces) -> None:
        """An attribute list belongs to the element that it directly follows; elsewhere it is text."""
        nodes = self.frames[-1].nodes
        if self.passage or not self.frames[-1].fresh or not isinstance(element := nodes[-1], Element):
            self.diagnostics = [d for d in self.diagnostics if d not in token.diagnostics]
            self._literal(token)
            return
        nodes[-1] = replace(element, attributes=self._merged(element.attributes, token.attributes, element.tag))
        if element in self.pictures and isinstance(nodes[-1], Element):
            self.pictures[nodes[-1]] = self.pictures[element]

    def _open(self, token: Opener) -> None:
        if self.depth >= DEPTH:
            self._report("P151", token.start, "this is nested too deep", "marks and links can nest less deep")
            self._literal(token)
            self.crossed.append(token.family)
            return
        self._flush()
        self.depth += 1
        self.frames.append(_Frame(token))

    def _middle(self, token: Middle) -> None:
        frame = self.frames[-1]
        if frame.opener and frame.opener.family == "~" and frame.deleted is None:
            self._flush()
            frame.deleted, frame.nodes, frame.mark = frame.nodes, [], -1
        else:
            self._literal(token)

    def _close(self, token: Closer) -> None:
        families = [frame.opener.family if frame.opener else "" for frame in self.frames]
        if token.family not in families[1:]:
            if token.family in self.crossed:
                self.crossed.remove(token.family)
            else:
                self._stray(token)
            self._literal(token)
            return
        self._flush()
        while (inner := self.frames[-1].opener) and inner.family != token.family:
            self._dissolve()
            self._report_crossing(inner, token)
            self.crossed.append(inner.family)
        self._flush()
        frame = self.frames.pop()
        self.depth -= 1
        if frame.opener:
            self._enclosed(frame.opener, token, frame)

    def _enclosed(self, opener: Opener, closer: Closer, frame: _Frame) -> None:
        """What a closed pair makes of the nodes in it."""
        span = Span(opener.start, closer.end)
        nodes = tuple(frame.nodes)
        wrapper = closer.wrapper or opener.wrapper
        if wrapper and wrapper.index:
            self._append(_index_term(nodes, wrapper.index, span))
        elif wrapper:
            self._append(Element(wrapper.tag, nodes, wrapper.attributes, span), fresh=True)
        else:
            self._mark(opener, closer, frame, nodes, span)

    def _dissolve(self) -> _Frame:
        """Give up the innermost frame: its delimiters are text."""
        self._flush()
        frame = self.frames.pop()
        self.depth -= 1
        if frame.opener:
            self._literal(frame.opener)
        if frame.deleted is not None:
            self._flush()
            self.frames[-1].nodes += frame.deleted
            self.passage.add("~>", ())
        self._flush()
        self.frames[-1].nodes += frame.nodes
        return frame

    # --- marks and what is anchored to them ------------------------------------------------------------------------

    def _mark(self, opener: Opener, closer: Closer, frame: _Frame, nodes: tuple[Node, ...], span: Span) -> None:
        kind = MARKS[opener.family]
        inside = Span(opener.end, closer.start)
        fault: tuple[str, str, str] | None = None
        if opener.family == "~" and frame.deleted is None:
            fault = "P107", "this substitution has no '~>'", "write '{--old--}{++new++}'"
        elif not nodes or frame.deleted == [] or (opener.family == "=" and not _has_words(nodes)):
            fault = "P104", f"this {kind} is empty", "delete it, or mark some words"
        if fault:
            self._report(fault[0], opener.start, fault[1], fault[2])
            self._literal(opener)
            self._flush()
            self.frames[-1].nodes += nodes
            self._literal(closer)
            return
        if BLOCK_START.search(self.text, inside.start, inside.end):
            hint = "put the mark inside it, behind its sign; mark the content of each block by itself"
            self._report("P106", opener.start, f"a list item or heading begins inside this {kind}", hint)
        into = self.frames[-1]
        before = into.nodes[-1] if into.nodes and not self.passage else None
        if (
            opener.family == "+"
            and isinstance(before, Change)
            and before.inserted is None
            and not before.annotations
            and before.span.end == span.start
        ):
            into.nodes.pop()
            self._append(replace(before, inserted=nodes, span=Span(before.span.start, span.end)))
        elif opener.family == "=":
            self._append(Highlight(nodes, (), span))
        else:
            deleted = nodes if opener.family == "-" else None if frame.deleted is None else tuple(frame.deleted)
            self._append(Change(deleted, None if opener.family == "-" else nodes, (), span))
        into.mark, into.mark_end = len(into.nodes) - 1, span.end

    def _anchor(self, token: Anchor) -> None:
        kind = self.chapter.anchor(token, on_change=self._abuts_change(token))
        if kind == "annotation":
            self._anchored(token.id, token)
        elif kind == "note":
            self._append(NoteCall(token.id, Span(token.start, token.end)))
            if self._abuts(token):  # the next anchor may still be the mark's
                self.frames[-1].mark_end = token.end
        else:
            self._literal(token)

    def _abuts(self, token: Token) -> bool:
        frame = self.frames[-1]
        return frame.mark >= 0 and frame.mark_end == token.start

    def _abuts_change(self, token: Token) -> bool:
        return self._abuts(token) and isinstance(self.frames[-1].nodes[self.frames[-1].mark], Change)

    def _anchored(self, annotation: str, token: Anchor | Comment) -> None:
        """An annotation is on the mark that it abuts on, or on the point where it stands."""
        frame = self.frames[-1]
        if self._abuts(token):
            mark = frame.nodes[frame.mark]
            if isinstance(mark, Change | Highlight):
                frame.nodes[frame.mark] = replace(mark, annotations=(*mark.annotations, annotation))
            frame.mark_end = token.end
        else:
            self._append(Point(annotation, Span(token.start, token.end)))

    # --- what is wrong -------------------------------------------------------------------------------------------

    def _report(self, code: str, at: int, message: str, hint: str | None = None) -> None:
        self.diagnostics.append(self.source.diagnostic(code, at, message, hint))

    def _report_crossing(self, opener: Opener, closer: Closer) -> None:
        place = self.source.position(opener.start)
        message = f"'{self._typed(closer)}' crosses '{self._typed(opener)}' of line {place.line}, column {place.column}"
        self._report("P103", closer.start, message, "end the inner one first")

    def _stray(self, token: Opener | Closer | None) -> None:
        if token:
            self.strays.append(Stray(token, self.block))

    def _typed(self, token: Opener | Closer) -> str:
        return self.text[token.start : token.end].split("\n")[0][:20]


def _alignment(made: ET.Element) -> Attributes:
    """Attributes that Python-Markdown gives: where a list starts, how a cell is aligned."""
    align = made.get("align")
    start = made.get("start")
    return (*((("class", f"align-{align}"),) if align else ()), *((("start", start),) if start else ()))


def _has_words(nodes: Iterable[Node]) -> bool:
    return any(not isinstance(node, Text) or node.value.strip() for node in nodes)


def _index_term(nodes: tuple[Node, ...], attributes: AttributeList, span: Span) -> IndexTerm:
    entry = tuple(part.strip() for part in (attributes.get("entry") or "").split("!") if part.strip())
    end = attributes.get("range")
    return IndexTerm(
        nodes,
        entry,
        attributes.get("see"),
        attributes.get("see-also"),
        "start" if end == "start" else "end" if end == "end" else None,
        span,
    )
