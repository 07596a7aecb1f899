"""The ways into a publication: contents, landmarks, and the navigation document that holds both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from postil.document import Heading
from postil.epub import paths
from postil.epub.container import Entry, Landmark
from postil.epub.content import Document, E
from postil.epub.gate import EPUB

_PLACES = frozenset({"titlepage", "copyright-page", "loi", "endnotes", "bibliography", "glossary", "index"})


def contents(documents: Iterable[Document]) -> tuple[Entry, ...]:
    """The headings of all parts, each under the nearest one before it in its part that is of a higher level."""
    return tuple(entry for d in documents for entry in _entries(d.href, d.part.headings, first=True))


def landmarks(documents: Sequence[Document], words: Mapping[str, str]) -> tuple[Landmark, ...]:
    """The places that reading systems know by their kind (`epub:type`), in reading order."""
    found = [Landmark("cover", words["cover"], paths.COVER), Landmark("toc", words["contents"], paths.NAVIGATION)]
    for document in documents:
        if document.part.matter == "body" and not any(mark.type == "bodymatter" for mark in found):
            found.append(Landmark("bodymatter", words["text"], document.href))
        kind = document.section.get(EPUB + "type", "")
        if kind in _PLACES and document.part.heading:
            found.append(Landmark(kind, document.part.heading, document.href))
    return tuple(found)


def body(entries: Sequence[Entry], marks: Sequence[Landmark], words: Mapping[str, str]) -> tuple[etree._Element, ...]:
    """What the navigation document's body holds. The contents are for readers to see, the landmarks are not."""
    toc = E.nav(
        {EPUB + "type": "toc", "role": "doc-toc", "aria-labelledby": "contents", "class": "contents"},
        E.h1({"id": "contents"}, words["contents"]),
        _list(entries),
    )
    places = E.nav(
        {EPUB + "type": "landmarks", "aria-labelledby": "landmarks", "hidden": "hidden"},
        E.h2({"id": "landmarks"}, words["landmarks"]),
        E.ol(*(E.li(E.a({EPUB + "type": m.type, "href": _href(m.href)}, m.label)) for m in marks)),
    )
    return toc, places


def _entries(href: str, headings: Sequence[Heading], *, first: bool = False) -> Iterator[Entry]:
    """The headings as a tree: each takes those after it of a lower level, up to the next of its own or a higher one."""
    rest = list(headings)
    while rest:
        heading = rest.pop(0)
        under = next((i for i, later in enumerate(rest) if later.level <= heading.level), len(rest))
        # A part's own heading leads to the top of its file, so that the page before it is never shown.
        place = href if first else f"{href}#{heading.id}"
        yield Entry(heading.plain, place, tuple(_entries(href, rest[:under])))
        rest, first = rest[under:], False


def _list(entries: Sequence[Entry]) -> etree._Element:
    items: list[etree._Element] = []
    for entry in entries:
        item = E.li(E.a({"href": _href(entry.href)}, entry.label))
        if entry.children:
            item.append(_list(entry.children))
        items.append(item)
    listed: etree._Element = E.ol(*items)
    return listed


def _href(path: str) -> str:
    return paths.relative(path, paths.NAVIGATION)
