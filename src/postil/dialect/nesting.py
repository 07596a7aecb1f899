"""What is open inside one element: marks, links, spans, HTML elements, and the nodes that they will hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from postil.dialect.attributes import AttributeList
from postil.dialect.passage import Abbreviations, Passage
from postil.dialect.tokens import Closer, Middle, Opener, Runs, Token
from postil.document import Change, Element, Highlight, IndexTerm, Parsed, Point, Text
from postil.source import Diagnostic, Source, Span

DEPTH = 96  # of elements and marks in one another
MARKS = {"+": "insertion", "-": "deletion", "~": "substitution", "=": "highlight"}
BLOCK_SIGN = re.compile(r"(?:[-*+]|\#{1,6}|\d{1,3}\.)[ \t]+\S")
BLOCK_SIGN_BELOW = re.compile(rf"\n[> \t]*{BLOCK_SIGN.pattern}")


class Stray(NamedTuple):
    """An opener or a closer without its partner in the same element, and the number of the block it stands in."""

    token: Opener | Closer
    block: int


@dataclass(slots=True)
class Surroundings:
    """What all the elements of a chapter share."""

    source: Source
    abbreviations: Abbreviations
    diagnostics: list[Diagnostic] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)  # families whose opener was reported: their closer is not, too
    depth: int = 0  # how many elements and marks are open
    block: int = 0  # the number of the block at hand

    def report(self, code: str, at: int, message: str, hint: str | None = None) -> None:
        """Keep a diagnostic."""
        self.diagnostics.append(self.source.diagnostic(code, at, message, hint))


@dataclass(slots=True)
class _Frame:
    """Something that is open, with its nodes so far."""

    opener: Opener | None = None
    nodes: list[Parsed] = field(default_factory=list)
    deleted: list[Parsed] | None = None  # what stands before the `~>` of a substitution
    middle: int = -1  # where that stands
    mark: int = -1  # which node is the last mark
    mark_end: int = -1  # where what is anchored to it would begin
    fresh: bool = False  # whether an attribute list would belong to the last node


class Nesting:
    """The content of one element as it grows."""

    def __init__(self, around: Surroundings) -> None:
        self._around, self._text = around, around.source.text
        self._frames = [_Frame()]
        self._passage = Passage()

    def finish(self) -> list[Parsed]:
        """The nodes. What is still open never closes here: its delimiters are text."""
        self._flush()
        while len(self._frames) > 1:
            if opener := self._dissolve().opener:
                self._around.strays.append(Stray(opener, self._around.block))
        self._flush()
        return self._frames[0].nodes

    # --- nodes ---------------------------------------------------------------------------------------------------

    def words(self, words: str, runs: Runs) -> None:
        """Add text."""
        self._passage.add(words, runs)
        self._frames[-1].fresh = False

    def literal(self, token: Token) -> None:
        """Add a token as the text that was typed."""
        self.words(self._text[token.start : token.end], ((0, token.start),))

    def append(self, node: Parsed, *, fresh: bool = False) -> None:
        """Add a node; `fresh` if an attribute list right behind it would be its own."""
        self._flush()
        self._frames[-1].nodes.append(node)
        self._frames[-1].fresh = fresh

    def last_fresh(self) -> Element[Parsed] | None:
        """The element that an attribute list would belong to here."""
        frame = self._frames[-1]
        last = frame.nodes[-1] if frame.fresh and not self._passage else None
        return last if isinstance(last, Element) else None

    def replace_last(self, node: Parsed) -> None:
        """Put another node in the place of the last one."""
        self._frames[-1].nodes[-1] = node

    def _flush(self) -> None:
        if self._passage:
            self._frames[-1].nodes += self._around.abbreviations.marked(self._passage.take())

    # --- openers and closers ---------------------------------------------------------------------------------------

    def open(self, token: Opener) -> None:
        """Begin a mark, a link, a span or an element."""
        if self._around.depth >= DEPTH:
            self._around.report("P151", token.start, "this is nested too deep", "marks and links can nest less deep")
            self._around.crossed.append(token.family)
            self.literal(token)
            return
        self._flush()
        self._around.depth += 1
        self._frames.append(_Frame(token))

    def middle(self, token: Middle) -> None:
        """Go on with the new words of a substitution."""
        self._flush()
        frame = self._frames[-1]
        if frame.opener and frame.opener.family == "~" and frame.deleted is None:
            frame.deleted, frame.nodes, frame.mark, frame.middle = frame.nodes, [], -1, token.start
        else:
            self.literal(token)

    def close(self, token: Closer) -> None:
        """End what has the same family. What is open within it crosses it, and is text."""
        if not any(frame.opener and frame.opener.family == token.family for frame in self._frames):
            if token.family in self._around.crossed:
                self._around.crossed.remove(token.family)
            else:
                self._around.strays.append(Stray(token, self._around.block))
            self.literal(token)
            return
        self._flush()
        while (inner := self._frames[-1].opener) and inner.family != token.family:
            self._dissolve()
            self._report_crossing(inner, token)
            self._around.crossed.append(inner.family)
        self._flush()
        frame = self._frames.pop()
        self._around.depth -= 1
        if frame.opener:
            self._enclose(frame.opener, token, frame)

    def _dissolve(self) -> _Frame:
        """Give up the innermost frame: its delimiters are text."""
        self._flush()
        frame = self._frames.pop()
        self._around.depth -= 1
        if frame.opener:
            self.literal(frame.opener)
        if frame.deleted is not None:
            self._flush()
            self._frames[-1].nodes += frame.deleted
            self.words("~>", ((0, frame.middle),))
        self._flush()
        self._frames[-1].nodes += frame.nodes
        return frame

    def _report_crossing(self, opener: Opener, closer: Closer) -> None:
        place = self._around.source.position(opener.start)
        ends, begins = (self._text[token.start : token.end].split("\n")[0][:20] for token in (closer, opener))
        message = f"'{ends}' crosses '{begins}' of line {place.line}, column {place.column}"
        self._around.report("P103", closer.start, message, "end the inner one first")

    def _enclose(self, opener: Opener, closer: Closer, frame: _Frame) -> None:
        """What a closed pair makes of the nodes in it."""
        span, nodes = Span(opener.start, closer.end), tuple(frame.nodes)
        wrapper = closer.wrapper or opener.wrapper
        if wrapper and wrapper.index:
            self.append(_index_term(nodes, wrapper.index, span))
        elif wrapper:
            self.append(Element(wrapper.tag, nodes, wrapper.attributes, span), fresh=True)
        else:
            self._mark(opener, closer, frame)

    # --- marks and what is anchored to them ------------------------------------------------------------------------

    def _mark(self, opener: Opener, closer: Closer, frame: _Frame) -> None:
        kind = MARKS[opener.family]
        if opener.family == "~" and frame.deleted is None:
            self._unmarked(closer, frame)
            message = "this substitution has no '~>'"
            self._around.report("P107", opener.start, message, "write '{--old--}{++new++}'")
            return
        if not frame.nodes or frame.deleted == [] or (opener.family == "=" and not has_words(frame.nodes)):
            self._unmarked(closer, frame)
            self._around.report("P104", opener.start, f"this {kind} is empty", "delete it, or mark some words")
            return
        inside = opener.end, closer.start
        begins = not self._text[self._text.rfind("\n", 0, opener.start) + 1 : opener.start].strip("> \t")
        if (begins and BLOCK_SIGN.match(self._text, *inside)) or BLOCK_SIGN_BELOW.search(self._text, *inside):
            hint = "put the mark inside it, behind its sign; mark the content of each block by itself"
            message = f"a list item or heading begins inside this {kind}"
            self._around.report("P106", opener.start, message, hint)
        self._append_mark(opener.family, frame, Span(opener.start, closer.end))

    def _append_mark(self, family: str, frame: _Frame, span: Span) -> None:
        into, nodes = self._frames[-1], tuple(frame.nodes)
        deletion = into.nodes[-1] if into.nodes else None
        match family:
            case "=":
                self.append(Highlight(nodes, (), span))
            case "-":
                self.append(Change(nodes, None, (), span))
            case "~":
                self.append(Change(tuple(frame.deleted or ()), nodes, (), span))
            case "+" if isinstance(deletion, Change) and _abuts_deletion(deletion, span):
                self.replace_last(replace(deletion, inserted=nodes, span=Span(deletion.span.start, span.end)))
            case _:
                self.append(Change(None, nodes, (), span))
        into.mark, into.mark_end = len(into.nodes) - 1, span.end

    def _unmarked(self, closer: Closer, frame: _Frame) -> None:
        """Keep a mark that is none as text."""
        self._frames.append(frame)
        self._around.depth += 1
        self._dissolve()
        self.literal(closer)

    def abutting(self, token: Token) -> Change[Parsed] | Highlight[Parsed] | None:
        """The mark that a token would be anchored to."""
        frame = self._frames[-1]
        mark = frame.nodes[frame.mark] if frame.mark >= 0 and frame.mark_end == token.start else None
        return mark if isinstance(mark, Change | Highlight) else None

    def pass_by(self, token: Token) -> None:
        """Let what comes behind a token be anchored to the mark before it."""
        self._frames[-1].mark_end = token.end

    def anchor(self, annotation: str, token: Token) -> None:
        """An annotation is on the mark that its anchor abuts on, or on the point where it stands."""
        if mark := self.abutting(token):
            frame = self._frames[-1]
            frame.nodes[frame.mark] = replace(mark, annotations=(*mark.annotations, annotation))
            self.pass_by(token)
        else:
            self.append(Point(annotation, Span(token.start, token.end)))


def has_words(nodes: Iterable[Parsed]) -> bool:
    """Whether there is anything but white space."""
    return any(not isinstance(node, Text) or node.value.strip() for node in nodes)


def _abuts_deletion(change: Change[Parsed], span: Span) -> bool:
    return change.inserted is None and not change.annotations and change.span.end == span.start


def _index_term(nodes: tuple[Parsed, ...], attributes: AttributeList, span: Span) -> IndexTerm[Parsed]:
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
