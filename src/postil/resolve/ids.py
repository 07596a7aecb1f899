"""The ids of a title, unique across its chapters, and what a reference to each of them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar, assert_never

from postil.bibliography import reference_id
from postil.document import (
    ROLES,
    WRITTEN,
    Call,
    Caption,
    Chapter,
    Citation,
    Cited,
    Comma,
    CrossReference,
    Element,
    Form,
    Heading,
    Highlight,
    IndexTerm,
    LateNumber,
    Lemma,
    Matter,
    NoteCall,
    Point,
    Presented,
    PresentedOf,
    Resolved,
    Revision,
    Text,
    Work,
    WorkList,
    fold,
    part_id,
    plain,
    rewrite,
    rewritten,
    walk,
)
from postil.source import Diagnostic

Shown = TypeVar("Shown", Presented, Resolved)
"""Either shape that has words a reader sees."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Ids:
    """The ids of a title. One that is taken gives way with the first number that makes it another.

    `works` are the keys of its bibliography.
    """

    def __init__(self, works: Iterable[str]) -> None:
        made = [name for name, role in ROLES.items() if role.generated]
        self.generated = frozenset([*made, *map(part_id, made), *map(reference_id, works)])
        self._taken = set(self.generated)
        self._last: dict[str, int] = {}  # the number that the last one like it was given

    def take(self, wanted: str) -> str:
        """Take an id, the one wanted or one like it."""
        return self._take(wanted, lambda name: (name,))

    def of_note(self, wanted: str) -> tuple[str, str]:
        """Take an id for a note or annotation, and one for its first call."""
        name = self._take(wanted, lambda name: (name, _call(name)))
        return name, _call(name)

    def _take(self, wanted: str, needed: Callable[[str], tuple[str, ...]]) -> str:
        name = wanted
        while not self._taken.isdisjoint(needed(name)):
            self._last[wanted] = number = self._last.get(wanted, 1) + 1
            name = f"{wanted}-{number}"
        self._taken.update(needed(name))
        return name


def _call(name: str) -> str:
    return f"call-{name}"


Chapters = Sequence[tuple[Chapter[Presented], Matter]]


def identified(chapters: Chapters, ids: Ids, found: list[Diagnostic]) -> tuple[tuple[Chapter[Presented], Matter], ...]:
    """The chapters with ids unique in the title, one for each heading and figure among them.

    An id made from a heading's words gives way with a number to one that is given; one that is given twice is an error.
    The ids of what the book generates are nobody else's: what has one of them gives way, with the links to it.
    """
    waiting = _given(chapters, ids, found)
    moved = {wanted: identifier for wanted, identifier in waiting.items() if wanted != identifier}
    result = []
    for chapter, matter in chapters:

        def unique(node: Presented) -> tuple[Presented, ...] | None:
            if not isinstance(node, Element):
                return None
            wanted = node.get("id") or (numbered(node) and "figure")
            if not wanted:
                return None
            if wanted in waiting and not node.named:
                return (node.having(id=waiting.pop(wanted)),)
            identifier = ids.take(wanted)
            if wanted in ids.generated:
                moved.setdefault(wanted, identifier)
            return (node.having(id=identifier),)

        result.append((rewritten(chapter, unique), matter))

    def follow(node: Presented) -> tuple[Presented, ...] | None:
        if isinstance(node, CrossReference) and node.target in moved:
            return (replace(node, target=moved[node.target]),)
        if isinstance(node, Element) and (name := (node.get("href") or "").removeprefix("#")) in moved:
            return (node.having(href=f"#{moved[name]}"),)
        return None

    return tuple((rewritten(chapter, follow) if moved else chapter, matter) for chapter, matter in result)


def _given(chapters: Chapters, ids: Ids, found: list[Diagnostic]) -> dict[str, str]:
    """The ids that the manuscript gives, each with the one that it will have."""
    result: dict[str, str] = {}
    first: dict[str, str] = {}
    for chapter, _ in chapters:
        for node in (node for text in chapter.texts for node in walk(text)):
            identifier = node.get("id") if isinstance(node, Element) else None
            if not isinstance(node, Element) or not identifier or node.named:
                continue
            if identifier in first:
                message = f"the id '{identifier}' is given twice in the title"
                hint = f"it is first in {first[identifier]}; ids are unique across chapters"
                found.append(chapter.source.diagnostic("P303", node.span or 0, message, hint))
            else:
                first[identifier] = chapter.source.path
                result[identifier] = ids.take(identifier)
    return result


def labels(chapters: Chapters, terms: Mapping[str, str]) -> Mapping[str, tuple[Resolved, ...]]:
    """Every id of the title with its label: a figure's or table's number, or the words of the heading it is under."""
    result: dict[str, tuple[Presented, ...]] = {}
    count = {"figure": 0, "table": 0}
    for chapter, _ in chapters:
        heading = opening_heading(chapter)
        for text in chapter.texts:
            place = without_signs(heading.children) if heading and text is not chapter.body else ()
            for node in walk(text):
                if not isinstance(node, Element):
                    continue
                label = place
                if node.tag in HEADINGS:
                    label = place = without_signs(node.children)
                elif series := numbered(node):
                    count[series] += 1
                    label = (Text(terms[series].format(number=count[series])),)
                if identifier := node.get("id"):
                    result[identifier] = label

    def filled(reference: CrossReference) -> tuple[Resolved, ...]:
        """A link that fills itself, in a label: the words that it will have, but for links in those."""
        label = result.get(reference.target)
        return _repeated(label, lambda _: ()) if label and reference.form == "number" else ()

    return {identifier: _repeated(label, filled) for identifier, label in result.items()}


def _repeated(
    words: tuple[Presented, ...], link: Callable[[CrossReference], tuple[Resolved, ...]]
) -> tuple[Resolved, ...]:
    """Words without signs as they read at another place, where they have no place in the source."""

    def again(node: PresentedOf[Resolved]) -> tuple[Resolved, ...]:
        match node:
            case Text():
                return (Text(node.value),)
            case Element():
                return (replace(node, span=None),)
            case CrossReference():
                return link(node)
            case Highlight() | IndexTerm() | Revision():
                return node.children
            case Point() | NoteCall() | Citation():
                return ()
            case _:
                assert_never(node)

    return fold(words, again)


def numbered(node: Element[Shown]) -> Literal["figure", "table"] | None:
    """The series in which a figure that has a caption is counted."""
    if node.tag != "figure" or not any(isinstance(c, Element) and c.tag == "figcaption" for c in node.children):
        return None
    return "table" if any(WRITTEN.get(name) is Form.TABLE for name in node.classes) else "figure"


def opening_heading(chapter: Chapter[Presented]) -> Element[Presented] | None:
    """The chapter's own heading."""
    return next((node for node in chapter.body if isinstance(node, Element) and node.tag == "h1"), None)


def headings(body: tuple[Resolved, ...], section: str, chapter: Chapter[Presented]) -> tuple[Heading, ...]:
    """The headings of a resolved chapter; one without any is known by its file's name, and by its section's id."""
    found = tuple(
        Heading(int(node.tag[1]), node.get("id") or section, text, plain(text))
        for node in walk(body)
        if isinstance(node, Element) and node.tag in HEADINGS
        for text in (without_signs(node.children),)
    )
    return found or (Heading(1, section, (), chapter.source.path.removesuffix(".md")),)


def without_signs(nodes: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """A heading as contents and running heads repeat it: no notes, keys, citations, links, ids or deleted text."""

    def bare(node: Shown) -> tuple[Shown, ...] | None:  # noqa: PLR0911 -- one case a sort of node
        match node:
            case Call() | Comma() | NoteCall() | Point() | Citation():
                return ()
            case Cited():
                return node.children if node.in_text else ()
            case Revision():
                return node.children if node.kind == "insertion" else ()
            case Element(tag="del"):
                return ()
            case Highlight() | IndexTerm() | Lemma() | Element(tag="ins" | "mark" | "a"):
                return node.children
            case Element(tag="span") if node.get("id"):
                return node.children
            case Element() if node.get("id"):
                return (node.without("id"),)
            case Element() | Text() | CrossReference() | LateNumber() | Caption() | Work() | WorkList():
                return None
            case _:
                assert_never(node)

    return rewrite(nodes, bare)


def slug(text: str) -> str:
    """Words as an id: lower case, other characters than letters, digits and `.-_` as hyphens."""
    made = re.sub(r"[^\w.-]+", "-", text.lower()).strip("-.")
    return made if made and (made[0].isalpha() or made[0] == "_") else f"c-{made}".rstrip("-")
