"""The tree of a chapter: its nodes in the three shapes that they come in, and what can be asked of any of them.

A chapter is *parsed* by the dialect, *presented* as an edition shows it, and *resolved* when everything that it refers
to is filled in. Each shape is a type of its own, and says which nodes there can be:

- `Parsed`: what the manuscript says, with changes and marks, calls, citations and references as they are written.
- `Presented`: the same without `Change`: it is decided, or stands as the two texts of a `Revision`.
- `Resolved`: what a reader sees, but for numbers that are known only after layout.

What has nodes within it is generic in their shape, so that an `Element[Parsed]` holds nothing but parsed nodes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import is_, itemgetter
from typing import Any, Generic, Literal, TypeAlias, TypeVar, assert_never, cast, overload

from postil.source import Source, Span

NOWHERE = Span(0, 0)
Statement = Literal[
    "theorem", "lemma", "corollary", "proposition", "conjecture", "hypothesis", "definition", "example", "exercise",
    "solution", "remark", "proof",
]  # fmt: skip
"""What is set as a theorem is."""
Series = (
    Literal["figure", "table", "listing", "equation", "part", "examples", "chapter", "section", "appendix"] | Statement
)
"""What is counted by itself; a part is that of a figure, and has a letter. Examples are those of a list."""
Attributes = tuple[tuple[str, str], ...]

N = TypeVar("N")
R = TypeVar("R")
Shape_co = TypeVar("Shape_co", covariant=True)
"""The shape of the nodes within a node."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words as a reader sees them.

    `runs` says where they stand in the chapter's source: pairs of (index into `value`, offset into the source),
    each run going on one code point for one until the next. Generated text has none.
    """

    value: str
    runs: tuple[tuple[int, int], ...] = ()

    def offset(self, index: int) -> int | None:
        """Source offset of the code point at `index`, or None for generated text."""
        run = self._run(index)
        return None if run < 0 else self.runs[run][1] + index - self.runs[run][0]

    def cut(self, start: int, end: int | None = None) -> Text:
        """The part of the text from index `start` up to `end`, with its positions."""
        value = self.value[start:end]
        first, last = self._run(start), self._run(start + len(value) - 1)
        runs = tuple(
            (max(0, at - start), offset + max(0, start - at)) for at, offset in self.runs[max(0, first) : last + 1]
        )
        return Text(value, runs)

    def _run(self, index: int) -> int:
        """Which run the code point at `index` is in; -1 for none."""
        return bisect_right(self.runs, index, key=itemgetter(0)) - 1


class Branch(Generic[Shape_co]):
    """A node with nodes within it."""

    __slots__ = ()

    @property
    def inner(self) -> tuple[tuple[Shape_co, ...], ...]:
        """Each series of nodes within it, in the order of the text."""
        raise NotImplementedError

    def mapped(self, change: Callable[[tuple[Shape_co, ...]], tuple[R, ...]]) -> Branch[R]:
        """The node with each series of nodes within it replaced; itself where none of them changes."""
        raise NotImplementedError


class Parent(Branch[Shape_co]):
    """A node with one series of nodes within it."""

    __slots__ = ()
    children: tuple[Shape_co, ...]

    @property
    def inner(self) -> tuple[tuple[Shape_co, ...], ...]:
        """Its children."""
        return (self.children,)

    def mapped(self, change: Callable[[tuple[Shape_co, ...]], tuple[R, ...]]) -> Branch[R]:
        """The node with other children."""
        children = change(self.children)
        same: Any = self
        return cast("Branch[R]", same if children is self.children else replace(same, children=children))


@dataclass(frozen=True, slots=True)
class Element(Parent[Shape_co]):
    """An element of HTML's vocabulary: all that Markdown itself makes, and the raw HTML that is allowed.

    Its id is the writer's, unless it is `named` after its own words, as a heading is that has been given none.
    """

    tag: str
    children: tuple[Shape_co, ...] = ()
    attributes: Attributes = ()
    span: Span | None = None
    named: bool = False

    def get(self, name: str) -> str | None:
        """The value of an attribute."""
        return next((value for key, value in self.attributes if key == name), None)

    @property
    def classes(self) -> frozenset[str]:
        """The words of the class attribute."""
        return frozenset((self.get("class") or "").split())

    def having(self, **attributes: str) -> Element[Shape_co]:
        """The same element with these attributes set or replaced (`class_` for class, `_` for `-`)."""
        new = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return replace(self, attributes=tuple((dict(self.attributes) | new).items()))

    def without(self, attribute: str) -> Element[Shape_co]:
        """The same element without an attribute."""
        return replace(self, attributes=tuple(pair for pair in self.attributes if pair[0] != attribute))


# --- as it is written --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change(Branch[Shape_co]):
    """A tracked change: an insertion (`deleted` is None), a deletion (`inserted` is None) or a substitution."""

    deleted: tuple[Shape_co, ...] | None
    inserted: tuple[Shape_co, ...] | None
    annotations: tuple[str, ...]
    span: Span

    @property
    def inner(self) -> tuple[tuple[Shape_co, ...], ...]:
        """Both texts, the old one first."""
        return (self.deleted or (), self.inserted or ())

    def mapped(self, change: Callable[[tuple[Shape_co, ...]], tuple[R, ...]]) -> Branch[R]:
        """The change with other texts."""
        deleted = None if self.deleted is None else change(self.deleted)
        inserted = None if self.inserted is None else change(self.inserted)
        if deleted is self.deleted and inserted is self.inserted:
            return cast("Branch[R]", self)
        return Change(deleted, inserted, self.annotations, self.span)


@dataclass(frozen=True, slots=True)
class Highlight(Parent[Shape_co]):
    """A marked passage, `{==…==}`: the lemma of its annotations; without any, something for the proof only."""

    children: tuple[Shape_co, ...]
    annotations: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the text that an annotation is about, without a lemma."""

    annotation: str
    span: Span


@dataclass(frozen=True, slots=True)
class NoteCall:
    """The reference to one of the author's footnotes."""

    note: str
    span: Span


@dataclass(frozen=True, slots=True)
class WorkLink(Parent[Shape_co]):
    """Words of a citation that lead to a work's entry in the bibliography."""

    key: str
    children: tuple[Shape_co, ...]


WordsOf: TypeAlias = "Text | Element[N] | WorkLink[N]"
Words: TypeAlias = "WordsOf[Words]"
"""What a citation engine says, and what is said around a citation: words with emphasis and links."""


@dataclass(frozen=True, slots=True)
class Cite:
    """One work within a citation: words before and behind it, and its locator as written (`chap. 2`, `23`)."""

    key: str
    prefix: tuple[Words, ...] = ()
    locator: str = ""
    suffix: tuple[Words, ...] = ()
    suppress_author: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Citation:
    """`[see @a, 23; @b]`, or with `in_text` `@a [3]`, whose author is part of the sentence."""

    cites: tuple[Cite, ...]
    in_text: bool
    span: Span


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A link that fills itself: `[](#fig-x)` by name and number, `[](#sec-x){.page}` by page.

    In the form `bare` it is the number alone; with `capital` it begins a sentence. Until it is known where it leads, it
    may name the `file` of a chapter, and then its target is an id in that, or empty for the chapter itself.
    """

    target: str
    form: Literal["number", "bare", "page"]
    span: Span
    capital: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class IndexTerm(Parent[Shape_co]):
    """Words marked for the index, with the headings they go under, outermost first; `id` once it is resolved."""

    children: tuple[Shape_co, ...]
    entry: tuple[str, ...]
    see: str | None
    see_also: str | None
    range: Literal["start", "end"] | None
    span: Span
    id: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """Maths as it is written, in TeX: in the line, or in `display`, as the only node of what sets it off."""

    tex: Text
    display: bool
    span: Span


# --- as an edition shows it --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Revision(Parent[Shape_co]):
    """One text of a change that is shown as one: what was deleted, or what was inserted; `id` once it is resolved."""

    kind: Literal["deletion", "insertion"]
    children: tuple[Shape_co, ...]
    span: Span
    id: str = ""


# --- as a reader sees it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lemma(Parent[Shape_co]):
    """The words that annotations are about, by the ids of these."""

    id: str
    children: tuple[Shape_co, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A resolved reference to a note or annotation: its number or letter, the id of what it calls, and its own id."""

    sign: str
    target: str
    kind: Literal["note", "annotation"]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Comma:
    """What keeps one sign from the next where signs fall together."""


@dataclass(frozen=True, slots=True)
class Cited(Parent[Shape_co]):
    """The words of a citation that stands in the line; with `in_text` its author is part of the sentence."""

    id: str
    children: tuple[Shape_co, ...]
    in_text: bool
    span: Span


@dataclass(frozen=True, slots=True)
class LateNumber:
    """The page on which `target` stands (or its line, in the proof): known only after layout."""

    target: str
    of: Literal["page", "line"] = "page"


@dataclass(frozen=True, slots=True)
class Maths:
    """A formula as it is set: in MathML, in words that can be typed (`x^2`), and in the TeX that it was written in."""

    mathml: Words
    words: str
    tex: str
    display: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Caption(Parent[Shape_co]):
    """What is said of a figure, behind its label (`Figure 1.`); `figure` is the id of what it belongs to."""

    label: str
    children: tuple[Shape_co, ...]
    series: Series
    figure: str
    attributes: Attributes = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Work(Branch[Shape_co]):
    """An entry of the bibliography: how it reads, the ids of the places that cite it, and notes on it.

    `source` and `span` say where the bibliography has it, `type` is what kind of work that is, in the terms of CSL.
    """

    id: str
    key: str
    type: str
    entry: tuple[Shape_co, ...]
    cited_at: tuple[str, ...]
    notes: tuple[tuple[Shape_co, ...], ...]
    source: Source
    span: Span

    @property
    def inner(self) -> tuple[tuple[Shape_co, ...], ...]:
        """The entry, and each note on it."""
        return (self.entry, *self.notes)

    def mapped(self, change: Callable[[tuple[Shape_co, ...]], tuple[R, ...]]) -> Branch[R]:
        """The entry with other words."""
        entry = change(self.entry)
        notes = tuple(map(change, self.notes))
        return Work(self.id, self.key, self.type, entry, self.cited_at, notes, self.source, self.span)


@dataclass(frozen=True, slots=True)
class WorkList(Parent[Shape_co]):
    """Works under one heading of a bibliography."""

    children: tuple[Shape_co, ...]


# --- the shapes --------------------------------------------------------------------------------------------------

ParsedOf: TypeAlias = (
    "Text | Element[N] | Change[N] | Highlight[N] | Point | NoteCall | Citation | CrossReference | IndexTerm[N]"
    " | Formula"
)
PresentedOf: TypeAlias = (
    "Text | Element[N] | Revision[N] | Highlight[N] | Point | NoteCall | Citation | CrossReference | IndexTerm[N]"
    " | Formula"
)
ResolvedOf: TypeAlias = (
    "Text | Element[N] | Revision[N] | Lemma[N] | Call | Comma | Cited[N] | LateNumber | IndexTerm[N]"
    " | Caption[N] | Work[N] | WorkList[N] | Maths"
)
Parsed: TypeAlias = "ParsedOf[Parsed]"
Presented: TypeAlias = "PresentedOf[Presented]"
Resolved: TypeAlias = "ResolvedOf[Resolved]"
Node: TypeAlias = "Parsed | Presented | Resolved | Words"


# --- what can be asked of them -----------------------------------------------------------------------------------


def walk(nodes: Iterable[N]) -> Iterator[N]:
    """Every node of a tree in the order of the text, parents before their children."""
    for node in nodes:
        yield node
        if isinstance(node, Branch):
            for inner in node.inner:
                yield from walk(inner)


def rewrite(nodes: tuple[N, ...], change: Callable[[N], tuple[N, ...] | None]) -> tuple[N, ...]:
    """The tree with nodes replaced, children first: by what `change` answers, or kept where it answers None.

    A tree in which nothing changes is given back itself.
    """

    def again(inner: tuple[N, ...]) -> tuple[N, ...]:
        return rewrite(inner, change)

    result: list[N] = []
    for node in nodes:
        # a node stays of its shape, as what is within it does
        whole = cast("N", node.mapped(again)) if isinstance(node, Branch) else node
        new = change(whole)
        result.extend((whole,) if new is None else new)
    return nodes if len(nodes) == len(result) and all(map(is_, nodes, result)) else tuple(result)


@overload
def fold(nodes: tuple[Words, ...], change: Callable[[WordsOf[R]], tuple[R, ...]]) -> tuple[R, ...]: ...
@overload
def fold(nodes: tuple[Parsed, ...], change: Callable[[ParsedOf[R]], tuple[R, ...]]) -> tuple[R, ...]: ...
@overload
def fold(nodes: tuple[Presented, ...], change: Callable[[PresentedOf[R]], tuple[R, ...]]) -> tuple[R, ...]: ...
@overload
def fold(nodes: tuple[Resolved, ...], change: Callable[[ResolvedOf[R]], tuple[R, ...]]) -> tuple[R, ...]: ...
def fold(nodes: tuple[Any, ...], change: Callable[[Any], tuple[R, ...]]) -> tuple[R, ...]:
    """A tree of one shape as a tree of another, children first.

    `change` gets each node when the nodes within it have been changed, and answers what stands in its place.
    """

    def again(inner: tuple[Any, ...]) -> tuple[R, ...]:
        return fold(inner, change)

    result = [new for node in nodes for new in change(node.mapped(again) if isinstance(node, Branch) else node)]
    return nodes if len(nodes) == len(result) and all(map(is_, nodes, result)) else tuple(result)


BLOCKS = frozenset(
    """p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption table thead tbody tr div
    """.split()  # noqa: SIM905 # a list of words reads best as words
)
"""The elements that stand on lines of their own."""
_SPACE = re.compile(r"[ \t\n\r\f]+")
_PARTING = BLOCKS | {"br", "td", "th"}


def plain(nodes: Iterable[Node]) -> str:
    """The words of a tree, without notes, keys and citations; a new block begins a new word.

    White space is folded as HTML folds it: a space that does not break stays one.
    """
    return _SPACE.sub(" ", "".join(_said(nodes))).strip(" ")


def _said(nodes: Iterable[Node]) -> Iterator[str]:  # noqa: C901 -- one case a node
    for node in nodes:
        match node:
            case Text():
                yield node.value
            case Formula():
                yield node.tex.value
            case Maths():
                yield node.words
            case Comma():
                yield ","
            case Element() if node.tag not in _PARTING:
                yield from _said(node.children)
            case Caption():
                yield from (f" {node.label} ", *_said(node.children), " ")
            case Element() | Work() | WorkList():
                yield from (" ", *(words for inner in node.inner for words in _said(inner)), " ")
            case Change():
                yield from _said((*(node.deleted or ()), *(node.inserted or ())))
            case Highlight() | IndexTerm() | Revision() | Lemma() | Cited() | WorkLink():
                yield from _said(node.children)
            case Point() | NoteCall() | Call() | Citation() | CrossReference() | LateNumber():
                pass
            case _:
                assert_never(node)
