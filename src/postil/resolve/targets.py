"""The ids of a title, unique across its chapters, and what a reference to each of them says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from postil.document import (
    Call,
    Change,
    Chapter,
    Citation,
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


@dataclass(frozen=True, slots=True)
class Target:
    """What an id names: the label that a cross-reference gives it, and the heading it stands under."""

    label: tuple[Node, ...]
    place: tuple[Node, ...]


def identified(
    chapters: Sequence[tuple[Chapter, Matter]], found: list[Diagnostic]
) -> tuple[tuple[Chapter, Matter], ...]:
    """The chapters with ids unique in the title, one for each heading and figure among them.

    An id made from a heading's words gives way with a number; one that is given twice is an error.
    """
    taken: dict[str, str] = {}
    result = []
    for chapter, matter in chapters:

        def unique(node: Node, chapter: Chapter = chapter) -> tuple[Node, ...] | None:
            if not isinstance(node, Element):
                return None
            wanted = node.get("id") or (numbered(node) and "figure")
            if not wanted:
                return None
            if wanted in taken and _is_given(node, wanted, chapter) and node.span:
                message = f"the id '{wanted}' is given twice in the title"
                hint = f"it is first in {taken[wanted]}; ids are unique across chapters"
                found.append(chapter.source.diagnostic("P303", node.span, message, hint))
            identifier = wanted
            number = 1
            while identifier in taken:
                number += 1
                identifier = f"{wanted}-{number}"
            taken[identifier] = chapter.source.path
            return (node.having(id=identifier),)

        result.append((replace(chapter, body=rewrite(chapter.body, unique)), matter))
    return tuple(result)


def _is_given(node: Element, identifier: str, chapter: Chapter) -> bool:
    if not node.span:
        return False
    text = chapter.source.text
    end = text.find("\n", max(node.span.end - 1, node.span.start))
    return f"#{identifier}" in text[node.span.start : len(text) if end < 0 else end]


def targets(chapters: Sequence[tuple[Chapter, Matter]], terms: Mapping[str, str]) -> Mapping[str, Target]:
    """Every id of the title with its label: a figure's or table's number, a heading's words."""
    result: dict[str, Target] = {}
    count = {"figure": 0, "table": 0}
    for chapter, _ in chapters:
        place: tuple[Node, ...] = ()
        for node in walk(chapter.body):
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
    return result


def numbered(node: Element) -> str | None:
    """The series in which a figure that has a caption is counted: `figure` or `table`."""
    if node.tag != "figure" or not any(isinstance(c, Element) and c.tag == "figcaption" for c in node.children):
        return None
    return "table" if "table" in node.classes else "figure"


def opening_heading(chapter: Chapter) -> Element | None:
    """The chapter's own heading."""
    return next((node for node in chapter.body if isinstance(node, Element) and node.tag == "h1"), None)


def headings(body: tuple[Node, ...], identifier: str, chapter: Chapter) -> tuple[Heading, ...]:
    """The headings of a resolved chapter; a chapter without any is known by its file's name."""
    found = tuple(
        Heading(int(node.tag[1]), node.get("id") or identifier, text, plain(text))
        for node in walk(body)
        if isinstance(node, Element) and node.tag in HEADINGS
        for text in (without_signs(node.children),)
    )
    return found or (Heading(1, f"part-{identifier}", (), chapter.source.path.removesuffix(".md")),)


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
            case Element(tag="span") if node.get("id") or "between-signs" in node.classes:
                return node.children if node.get("id") else ()
            case Element() if node.get("id"):
                return (replace(node, attributes=tuple(a for a in node.attributes if a[0] != "id")),)
        return None

    return rewrite(nodes, bare)


def slug(text: str) -> str:
    """Words as an id: lower case, other characters than letters, digits and `.-_` as hyphens."""
    made = re.sub(r"[^\w.-]+", "-", text.lower()).strip("-.")
    return made if made and (made[0].isalpha() or made[0] == "_") else f"c-{made}".rstrip("-")
