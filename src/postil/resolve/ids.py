"""The ids of a title, unique across its chapters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar, assert_never

from postil.bibliography import reference_id
from postil.document import (
    ROLES,
    THEOREMS,
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
    Formula,
    Heading,
    Highlight,
    IndexTerm,
    LateNumber,
    Lemma,
    Maths,
    Matter,
    NoteCall,
    Point,
    Presented,
    Resolved,
    Revision,
    Text,
    Theorem,
    Work,
    WorkList,
    part_id,
    plain,
    rewrite,
    rewritten,
    walk,
)
from postil.source import Diagnostic

Shown = TypeVar("Shown", Presented, Resolved)
"""Either shape that has words a reader sees."""

UNLISTED = "unlisted"
"""The class of headings that the contents leave out."""
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


def identified(
    chapters: Chapters, ids: Ids, found: list[Diagnostic]
) -> tuple[tuple[tuple[Chapter[Presented], Matter], ...], Mapping[str, Mapping[str, str]]]:
    """The chapters with ids unique in the title, and by the path of each the ids of what it names.

    Each heading, figure, theorem and list of examples has one. An id made from a heading's words gives way with a
    number to one that is given; one that is given twice is an error. The ids of what the book generates are nobody
    else's: what has one of them gives way.
    """
    waiting = _given(chapters, ids, found)
    names: dict[str, dict[str, str]] = {}
    result = []
    for chapter, matter in chapters:
        own = names.setdefault(chapter.source.path, {})
        result.append((rewritten(chapter, partial(_unique, waiting, ids, own)), matter))
    return tuple(result), names


def _unique(waiting: dict[str, str], ids: Ids, names: dict[str, str], node: Presented) -> tuple[Presented, ...] | None:
    if not isinstance(node, Element):
        return None
    wanted = node.get("id")
    kind = statement(node)
    otherwise = "figure" if is_figure(node) else "examples" if is_examples(node) else kind and kind.name
    if not wanted and not otherwise:
        return None
    if wanted and wanted in waiting and not node.named:
        identifier = waiting.pop(wanted)
    else:
        identifier = ids.take(wanted or otherwise or "")
    if wanted:
        names.setdefault(wanted, identifier)
    return (node.having(id=identifier),)


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


def is_figure(node: Element[Shown]) -> bool:
    """Whether an element is a figure with a caption, of whatever series."""
    return node.tag == "figure" and any(isinstance(c, Element) and c.tag == "figcaption" for c in node.children)


def is_examples(node: Element[Shown]) -> bool:
    """Whether an element is a list of examples, which are counted through the book."""
    return node.tag == "ol" and any(WRITTEN.get(name) is Form.EXAMPLES for name in node.classes)


def statement(node: Element[Shown]) -> Theorem | None:
    """Which kind of statement an element is, such as a theorem, if it is one."""
    if not any(WRITTEN.get(name) is Form.STATEMENT for name in node.classes):
        return None
    return next(THEOREMS[name] for name in sorted(node.classes) if name in THEOREMS)


def opening_heading(chapter: Chapter[Presented]) -> Element[Presented] | None:
    """The chapter's own heading."""
    return next((node for node in chapter.body if isinstance(node, Element) and node.tag == "h1"), None)


def headings(body: tuple[Resolved, ...], section: str, chapter: Chapter[Presented]) -> tuple[Heading, ...]:
    """The headings of a resolved chapter; one without any is known by its file's name, and by its section's id."""
    found = tuple(
        Heading(
            int(node.tag[1]),
            node.get("id") or section,
            text,
            plain(text) or _otherwise(node),
            UNLISTED not in node.classes,
        )
        for node in walk(body)
        if isinstance(node, Element) and node.tag in HEADINGS
        for text in (without_signs(node.children),)
    )
    return found or (Heading(1, section, (), chapter.source.path.removesuffix(".md")),)


def _otherwise(heading: Element[Resolved]) -> str:
    """What a heading is called that has no words for the contents: what its picture shows, or what is deleted of it."""
    shown = (node.get("alt") or "" for node in walk(heading.children) if isinstance(node, Element))
    return " ".join(filter(None, shown)) or plain(heading.children)


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
            case (
                Element()
                | Text()
                | CrossReference()
                | LateNumber()
                | Caption()
                | Work()
                | WorkList()
                | Formula()
                | Maths()
            ):
                return None
            case _:
                assert_never(node)

    return rewrite(nodes, bare)


def slug(text: str) -> str:
    """Words as an id: lower case, other characters than letters, digits and `.-_` as hyphens."""
    made = re.sub(r"[^\w.-]+", "-", text.lower()).strip("-.")
    return made if made and (made[0].isalpha() or made[0] == "_") else f"c-{made}".rstrip("-")
