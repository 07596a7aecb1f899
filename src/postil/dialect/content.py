"""What may stand in what: the content models of HTML, as far as its elements are used.

Markdown hardly breaks them; raw HTML does. A file that breaks them is no valid EPUB, and how programs show it is their
own guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from postil.dialect.html import BLOCK, INLINE
from postil.document import (
    BLOCKS,
    Branch,
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
    plain,
)
from postil.source import Diagnostic, Source

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FLOW = BLOCKS | {"hr"} | BLOCK.keys()

PARTS: Mapping[str, frozenset[str]] = {
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"caption", "colgroup", "thead", "tbody", "tfoot", "tr"}),
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
}
"""The elements that hold certain others, and no words."""
HOLDERS: Mapping[str, tuple[str, ...]] = {
    **{part: tuple(sorted(o for o in PARTS if part in PARTS[o])) for parts in PARTS.values() for part in parts},
    "rt": ("ruby",),
    "rp": ("ruby",),
}
"""The elements that stand in certain others only."""
IN_LINE = (INLINE.keys() | HEADINGS | {"a", "p", "pre"}) - {"rt", "rp"}
"""The elements that hold words and other elements of the line."""
ORDERS: Mapping[str, tuple[re.Pattern[str], str, str]] = {
    "dl": (
        re.compile(r"(?:(?:dt )+(?:dd )+)*"),
        "a list of definitions has one without a term, or a term without one",
        "put a 'dt' before each 'dd', and a 'dd' behind each 'dt'",
    ),
    "table": (
        re.compile(r"(?:caption )?(?:colgroup )*(?:thead )?(?:(?:tbody )*|(?:tr )*)(?:tfoot )?"),
        "the parts of this table are not in their order",
        "it is: caption, colgroup, thead, tbody or tr, tfoot; at most one each of caption, thead and tfoot",
    ),
    "ruby": (
        re.compile(r"(?:(?:(?!r[tp] )\S+ )+(?:rt |rp rt rp )+)+"),
        "a ruby has words without their reading, or a reading without its words",
        "put an 'rt' behind the words that it is the reading of",
    ),
}
"""In what order the parts of an element stand, as names with a space behind each, and what to say of other orders."""
NOT_WITHIN = {"dfn": ("dfn",), "table": ("caption",)}
"""The elements that stand nowhere within certain others."""


def misplaced(nodes: Iterable[Parsed], source: Source) -> Iterator[Diagnostic]:
    """An error for each node that stands where it cannot."""
    yield from _Reader(source).within(nodes, ())


class _Reader:
    """Goes through a tree; of what it asks, `around` are the elements around a node, the innermost last."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0  # where the last node stood that has a place

    def within(self, nodes: Iterable[Parsed], around: tuple[str, ...]) -> Iterator[Diagnostic]:
        for node in nodes:
            self._at = _place(node, self._at)
            if fault := self._fault(node, around):
                yield fault
            elif isinstance(node, Element):
                yield from self._element(node, (*around, node.tag))
            elif isinstance(node, Branch):
                for inner in node.inner:
                    yield from self.within(inner, around)

    def _fault(self, node: Parsed, around: tuple[str, ...]) -> Diagnostic | None:
        """What is wrong with where a node stands."""
        holder = around[-1] if around else ""
        match node:
            case Text():
                if holder in PARTS and node.value.strip():
                    return self._report(
                        f"words cannot stand right in '{holder}'", f"put them in {_names(PARTS[holder])}"
                    )
                return None
            case Element(tag="a") if "a" in around and not _is_address(node):
                hint = "put it behind the brackets of the one around it"
                return self._report("a link cannot stand within a link", hint)
            case Element():
                return self._misplaced(node.tag, holder, around)
            case (
                Citation() | CrossReference() | Formula() | NoteCall() | Point() | Highlight() | Change() | IndexTerm()
            ):
                return None  # within a link, what leads elsewhere stands behind it, or has words only
            case _:
                assert_never(node)

    def _misplaced(self, tag: str, holder: str, around: tuple[str, ...]) -> Diagnostic | None:
        if tag in HOLDERS and holder not in HOLDERS[tag]:
            return self._report(
                f"'{tag}' stands in {_names(HOLDERS[tag])} only", f"put it there, or write it without <{tag}>"
            )
        if holder in PARTS and tag not in PARTS[holder]:
            return self._report(f"'{tag}' cannot stand right in '{holder}'", f"put it in {_names(PARTS[holder])}")
        if tag in _FLOW and (outer := next((each for each in reversed(around) if each in IN_LINE), None)):
            hint = f"end '{outer}' before it, or make a 'div' of that"
            return self._report(f"the block '{tag}' cannot stand in '{outer}'", hint)
        if outer := next((each for each in NOT_WITHIN.get(tag, ()) if each in around), None):
            return self._report(f"'{tag}' cannot stand in '{outer}'", "say it in plain words there")
        return None

    def _element(self, element: Element[Parsed], around: tuple[str, ...]) -> Iterator[Diagnostic]:
        """What is wrong with an element that stands where it may."""
        tag, place = element.tag, self._at
        wrong = tuple(self.within(element.children, around))
        yield from wrong
        self._at = place
        if tag in ORDERS and not wrong:
            order, message, hint = ORDERS[tag]
            if not order.fullmatch("".join(f"{name} " for name in _parts(element))):
                yield self._report(message, hint)
        if tag == "bdo" and element.get("dir") is None:
            yield self._report("a 'bdo' has no direction", "say it with dir=ltr or dir=rtl")
        if tag == "ul" and any(isinstance(item, Element) and item.get("value") for item in element.children):
            yield self._report("the items of a 'ul' have no numbers", "make it an 'ol', or leave the value out")

    def _report(self, message: str, hint: str) -> Diagnostic:
        return self._source.diagnostic("P115", self._at, message, hint)


def _is_address(link: Element[Parsed]) -> bool:
    """Whether a link is an address that leads where it says: within another link it is no more than words."""
    return (link.get("href") or "").endswith(plain(link.children))


def _place(node: Parsed, otherwise: int) -> int:
    """Where a node stands in the source."""
    match node:
        case Text():
            found = node.offset(0)
            return otherwise if found is None else found
        case _:
            return otherwise if node.span is None else node.span.start


def _parts(element: Element[Parsed]) -> Iterator[str]:
    """What an element holds: the names of its elements, and for words 'words'."""
    for child in element.children:
        if isinstance(child, Element):
            yield child.tag
        elif not isinstance(child, Text) or child.value.strip():
            yield "words"


def _names(names: Iterable[str]) -> str:
    return " or ".join(f"'{name}'" for name in sorted(names))
