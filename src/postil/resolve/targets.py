"""The ids of a title, unique across its chapters, and what a reference to each of them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from postil.bibliography import reference_id
from postil.document import (
    GENERATED,
    Call,
    Change,
    Chapter,
    Citation,
    CrossReference,
    Element,
    Heading,
    Highlight,
    IndexTerm,
    Matter,
    Node,
    NoteCall,
    Point,
    Text,
    plain,
    rewrite,
    walk,
)
from postil.source import Diagnostic

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Ids:
    """The ids of a title. One that is taken gives way with the first number that makes it another.

    `works` are the keys of its bibliography.
    """

    def __init__(self, works: Iterable[str]) -> None:
        self.generated = frozenset([*GENERATED, *(f"part-{role}" for role in GENERATED), *map(reference_id, works)])
        self._taken = set(self.generated)
        self._last: dict[str, int] = {}  # the number that the last one like it was given

    def take(self, wanted: str) -> str:
        """Take an id, the one wanted or one like it."""
        return self._take(wanted, lambda name: (name,))

    def of_note(self, wanted: str) -> str:
        """Take an id for a note or annotation, and with it `call-` and that id for its first call."""
        return self._take(wanted, lambda name: (name, f"call-{name}"))

    def _take(self, wanted: str, needed: Callable[[str], tuple[str, ...]]) -> str:
        name = wanted
        while not self._taken.isdisjoint(needed(name)):
            self._last[wanted] = number = self._last.get(wanted, 1) + 1
            name = f"{wanted}-{number}"
        self._taken.update(needed(name))
        return name


@dataclass(frozen=True, slots=True)
class Target:
    """What an id names: the label that a cross-reference gives it, and the heading it stands under."""

    label: tuple[Node, ...]
    place: tuple[Node, ...]


def identified(
    chapters: Sequence[tuple[Chapter, Matter]], ids: Ids, found: list[Diagnostic]
) -> tuple[tuple[Chapter, Matter], ...]:
    """The chapters with ids unique in the title, one for each heading and figure among them.

    An id made from a heading's words gives way with a number to one that is given; one that is given twice is an error.
    The ids of what the book generates are nobody else's: what has one of them gives way, with the links to it.
    """
    waiting = _given(chapters, ids, found)
    moved = {wanted: identifier for wanted, identifier in waiting.items() if wanted != identifier}
    result = []
    for chapter, matter in chapters:

        def unique(node: Node) -> tuple[Node, ...] | None:
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

        result.append((chapter.rewritten(unique), matter))

    def follow(node: Node) -> tuple[Node, ...] | None:
        match node:
            case CrossReference() if node.target in moved:
                return (replace(node, target=moved[node.target]),)
            case Element(tag="a") if (name := (node.get("href") or "").removeprefix("#")) in moved:
                return (node.having(href=f"#{moved[name]}"),)
        return None

    return tuple((chapter.rewritten(follow) if moved else chapter, matter) for chapter, matter in result)


def _given(chapters: Sequence[tuple[Chapter, Matter]], ids: Ids, found: list[Diagnostic]) -> dict[str, str]:
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


def targets(chapters: Sequence[tuple[Chapter, Matter]], terms: Mapping[str, str]) -> Mapping[str, Target]:
    """Every id of the title with its label: a figure's or table's number, a heading's words."""
    result: dict[str, Target] = {}
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
                elif kind := numbered(node):
                    count[kind] += 1
                    label = (Text(f"{terms[kind]}\N{NO-BREAK SPACE}{count[kind]}"),)
                if identifier := node.get("id"):
                    result[identifier] = Target(label, place)

    def filled(node: Node) -> tuple[Node, ...] | None:
        """A link that fills itself, in a label: the words that it will have, but for links in those."""
        if not isinstance(node, CrossReference):
            return None
        target = result.get(node.target)
        return rewrite(target.label, _without_links) if target and node.form == "number" else ()

    return {i: Target(rewrite(t.label, filled), rewrite(t.place, filled)) for i, t in result.items()}


def _without_links(node: Node) -> tuple[Node, ...] | None:
    return () if isinstance(node, CrossReference) else None


def numbered(node: Element) -> str | None:
    """The series in which a figure that has a caption is counted: `figure` or `table`."""
    if node.tag != "figure" or not any(isinstance(c, Element) and c.tag == "figcaption" for c in node.children):
        return None
    return "table" if "table" in node.classes else "figure"


def opening_heading(chapter: Chapter) -> Element | None:
    """The chapter's own heading."""
    return next((node for node in chapter.body if isinstance(node, Element) and node.tag == "h1"), None)


def headings(body: tuple[Node, ...], section: str, chapter: Chapter) -> tuple[Heading, ...]:
    """The headings of a resolved chapter; one without any is known by its file's name, and by its section's id."""
    found = tuple(
        Heading(int(node.tag[1]), node.get("id") or section, text, plain(text))
        for node in walk(body)
        if isinstance(node, Element) and node.tag in HEADINGS
        for text in (without_signs(node.children),)
    )
    return found or (Heading(1, section, (), chapter.source.path.removesuffix(".md")),)


def without_signs(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """A heading as contents and running heads repeat it: no notes, keys, citations, links, ids or deleted text."""

    def bare(node: Node) -> tuple[Node, ...] | None:
        match node:
            case Call() | NoteCall() | Point() | Citation() | Element(tag="del"):
                return ()
            case Change():
                return node.inserted or ()
            case Highlight() | IndexTerm() | Element(tag="ins" | "mark" | "a"):
                return node.children
            case Element() if node.classes & {"citation", "between-signs"} and "in-text" not in node.classes:
                return ()
            case Element() if node.get("id"):
                attributes = tuple(pair for pair in node.attributes if pair[0] != "id")
                return node.children if node.tag == "span" else (replace(node, attributes=attributes),)
        return None

    return rewrite(nodes, bare)


def slug(text: str) -> str:
    """Words as an id: lower case, other characters than letters, digits and `.-_` as hyphens."""
    made = re.sub(r"[^\w.-]+", "-", text.lower()).strip("-.")
    return made if made and (made[0].isalpha() or made[0] == "_") else f"c-{made}".rstrip("-")
