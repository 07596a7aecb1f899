"""The tree of a chapter: nodes of text, and what can be asked of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

from postil.source import Span

NOWHERE = Span(0, 0)
Attributes = tuple[tuple[str, str], ...]


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


@dataclass(frozen=True, slots=True)
class Element:
    """An element of HTML's vocabulary: all that Markdown itself makes, and the raw HTML that is allowed.

    Its id is the writer's, unless it is `named` after its own words, as a heading is that has been given none.
    """

    tag: str
    children: tuple[Node, ...] = ()
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

    def having(self, **attributes: str) -> Element:
        """The same element with these attributes set or replaced (`class_` for class, `_` for `-`)."""
        new = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return replace(self, attributes=tuple((dict(self.attributes) | new).items()))


@dataclass(frozen=True, slots=True)
class Change:
    """A tracked change: an insertion (`deleted` is None), a deletion (`inserted` is None) or a substitution."""

    deleted: tuple[Node, ...] | None
    inserted: tuple[Node, ...] | None
    annotations: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Highlight:
    """A marked passage, `{==…==}`: the lemma of its annotations; without any, something for the proof only."""

    children: tuple[Node, ...]
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
class Cite:
    """One work within a citation. `prefix` and `suffix` are inline text; `locator` is as written (`chap. 2`, `23`)."""

    key: str
    prefix: str = ""
    locator: str = ""
    suffix: str = ""
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
    """A link that fills itself: `[](#fig-x)` by number and name, `[](#sec-x){.page}` by page."""

    target: str
    form: Literal["number", "page"]
    span: Span


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """Words marked for the index, with the headings they go under, outermost first."""

    children: tuple[Node, ...]
    entry: tuple[str, ...]
    see: str | None
    see_also: str | None
    range: Literal["start", "end"] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A resolved reference to a note or annotation: its number or letter, the id of what it calls, and its own id."""

    sign: str
    target: str
    kind: Literal["note", "annotation"]
    id: str = ""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The page on which `target` stands (or its line, in the proof): known only after layout."""

    target: str
    of: Literal["page", "line"] = "page"


Node = (
    Text | Element | Change | Highlight | Point | NoteCall | Citation | CrossReference | IndexTerm | Call | PageNumber
)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of a tree in the order of the text, parents before their children."""
    for node in nodes:
        yield node
        if isinstance(node, Change):
            yield from walk(node.deleted or ())
            yield from walk(node.inserted or ())
        elif isinstance(node, Element | Highlight | IndexTerm):
            yield from walk(node.children)


def rewrite(nodes: Iterable[Node], change: Callable[[Node], tuple[Node, ...] | None]) -> tuple[Node, ...]:
    """The tree with nodes replaced, children first: by what `change` answers, or kept where it answers None."""
    result: list[Node] = []
    for node in nodes:
        whole = node
        if isinstance(node, Change):
            deleted = None if node.deleted is None else rewrite(node.deleted, change)
            inserted = None if node.inserted is None else rewrite(node.inserted, change)
            if deleted != node.deleted or inserted != node.inserted:
                whole = replace(node, deleted=deleted, inserted=inserted)
        elif isinstance(node, Element | Highlight | IndexTerm) and node.children:
            children = rewrite(node.children, change)
            if children != node.children:
                whole = replace(node, children=children)
        new = change(whole)
        result.extend((whole,) if new is None else new)
    return tuple(result)


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


def _said(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text():
                yield node.value
            case Element() if node.tag in _PARTING:
                yield from (" ", *_said(node.children), " ")
            case Element() | Highlight() | IndexTerm():
                yield from _said(node.children)
            case Change():
                yield from _said((*(node.deleted or ()), *(node.inserted or ())))
