"""The ways into a publication: contents, landmarks, and the navigation document that holds both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from postil.document import Attributes, Heading, Markup, Text
from postil.epub import paths
from postil.epub.container import Entry, Landmark
from postil.epub.content import Document


def contents(documents: Iterable[Document]) -> tuple[Entry, ...]:
    """The headings of all parts, each under the nearest one before it in its part that is of a higher level."""
    return tuple(entry for d in documents for entry in _entries(d.href, d.part.headings))


def landmarks(documents: Sequence[Document], words: Mapping[str, str]) -> tuple[Landmark, ...]:
    """The places that reading systems know by their kind (`epub:type`), in reading order."""
    found = [Landmark("cover", words["cover"], paths.COVER), Landmark("toc", words["contents"], paths.NAVIGATION)]
    for document in documents:
        if document.part.matter == "body" and not any(mark.type == "bodymatter" for mark in found):
            found.append(Landmark("bodymatter", words["text"], document.href))
        role = document.part.role
        if role.landmark and document.part.heading:
            found.append(Landmark(role.epub_type, document.part.heading, document.href))
    return tuple(found)


def body(entries: Sequence[Entry], marks: Sequence[Landmark], words: Mapping[str, str]) -> tuple[Markup, ...]:
    """What the navigation document's body holds. The contents are for readers to see, the landmarks are not."""
    toc = Markup(
        "nav",
        (Markup("h1", (Text(words["contents"]),), (("id", "contents"),)), _list(entries)),
        (("epub:type", "toc"), ("role", "doc-toc"), ("aria-labelledby", "contents"), ("class", "contents")),
    )
    items = tuple(Markup("li", (_link(m.href, m.label, ("epub:type", m.type)),)) for m in marks)
    places = Markup(
        "nav",
        (Markup("h2", (Text(words["landmarks"]),), (("id", "landmarks"),)), Markup("ol", items)),
        (("epub:type", "landmarks"), ("aria-labelledby", "landmarks"), ("hidden", "hidden")),
    )
    return toc, places


def _entries(href: str, headings: Sequence[Heading]) -> Iterator[Entry]:
    """The headings of a part as a tree, but for those that the contents leave out."""
    # A part's own heading leads to the top of its file, so that the page before it is never shown.
    places = [href, *(f"{href}#{heading.id}" for heading in headings[1:])]
    return _tree([(h, place) for h, place in zip(headings, places, strict=False) if h.listed])


def _tree(rest: Sequence[tuple[Heading, str]]) -> Iterator[Entry]:
    """Each heading takes those after it of a lower level, up to the next of its own or a higher one."""
    while rest:
        (heading, place), *rest = rest
        under = next((i for i, (later, _) in enumerate(rest) if later.level <= heading.level), len(rest))
        yield Entry(heading.plain, place, tuple(_tree(rest[:under])))
        rest = rest[under:]


def _list(entries: Sequence[Entry]) -> Markup:
    items = (
        (_link(entry.href, entry.label), *((_list(entry.children),) if entry.children else ())) for entry in entries
    )
    return Markup("ol", tuple(Markup("li", item) for item in items))


def _link(path: str, words: str, *attributes: tuple[str, str]) -> Markup:
    pairs: Attributes = (*attributes, ("href", paths.relative(path, paths.NAVIGATION)))
    return Markup("a", (Text(words),), pairs)
