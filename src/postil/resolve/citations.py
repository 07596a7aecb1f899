"""Citations as the processor gets them, and the bibliography that it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postil.bibliography import Entry, Formatted, Stream, reference_id
from postil.document import (
    Chapter,
    Citation,
    Element,
    Heading,
    Matter,
    Node,
    NoteCall,
    Opening,
    Section,
    Text,
    walk,
)


def series(chapters: Sequence[tuple[Chapter, Matter]]) -> Stream:
    """Every citation that is shown: the footnotes as one series in order, and the citations in line apart from it.

    A citation in the text is a footnote of its own in a note style; one in a note or an annotation stays in line.
    """
    entries: list[Entry] = []
    inline: list[tuple[str, Citation]] = []
    for chapter, _ in chapters:
        # nobody looks for an ibid. across the opening of a chapter
        entries.append(Entry("", (), generated=False))
        called: set[str] = set()
        for node in walk(chapter.body):
            if isinstance(node, Citation):
                entries.append(Entry(name(chapter, node), (node,), generated=True))
            elif isinstance(node, NoteCall) and node.note in chapter.notes and node.note not in called:
                called.add(node.note)
                cited = _within(chapter.notes[node.note].body)
                entries.append(Entry(f"{chapter.source.path}^{node.note}", cited, generated=False))
                inline.extend((name(chapter, citation), citation) for citation in cited)
        for annotation in chapter.annotations.values():
            bodies = (annotation.body, *(reply.body for reply in annotation.replies))
            inline.extend((name(chapter, citation), citation) for body in bodies for citation in _within(body))
    return Stream(tuple(entries), tuple(inline))


def name(chapter: Chapter, citation: Citation) -> str:
    """The id under which the processor knows a citation: where it stands."""
    return f"{chapter.source.path}@{citation.span.start}"


def _within(nodes: tuple[Node, ...]) -> tuple[Citation, ...]:
    return tuple(node for node in walk(nodes) if isinstance(node, Citation))


def bibliography(
    formatted: Formatted, cited: Mapping[str, Sequence[str]], terms: Mapping[str, str], opening: Opening
) -> Section:
    """The works cited as a section of the book, each entry with links back to the places that cite it."""
    entries = tuple(
        Element("li", (*entry, *_backlinks(cited.get(key, ()), terms)), (("id", reference_id(key)),))
        for key, entry in formatted.bibliography
    )
    title = (Text(terms["bibliography"]),)
    return Section(
        id="part-bibliography",
        role="bibliography",
        matter="back",
        opening=opening,
        headings=(Heading(1, "bibliography", title, terms["bibliography"]),),
        body=(
            Element("h1", title, (("id", "bibliography"),)),
            Element("ul", entries, (("class", "references"),)),
        ),
    )


def _backlinks(places: Sequence[str], terms: Mapping[str, str]) -> tuple[Node, ...]:
    if not places:
        return ()
    links: list[Node] = []
    for number, place in enumerate(places, 1):
        label = f"{terms['cited_in']} {number}"
        attributes = (("class", "backlink"), ("href", f"#{place}"), ("aria-label", label))
        links += [Text(" "), Element("a", (Text(str(number)),), attributes)]
    return (
        Element(
            "span",
            (Text(" \N{LEFTWARDS ARROW WITH HOOK}\N{VARIATION SELECTOR-15}"), *links),
            (("class", "backlinks"),),
        ),
    )
