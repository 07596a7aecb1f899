"""Where in the manuscript a place in a publication comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from postil.document import Book, Markup
from postil.epub import content, paths, pictures
from postil.epub.content import Document
from postil.source import Position, Source, Span
from postil.xhtml import reflowed, written

_TAG = re.compile("<(?!/)")


class Origins:
    """Leads from places in a publication back to the manuscript, by way of the book that is made of it now.

    A line is named only where the part of the book is, letter by letter, what stands in the publication; where one of
    the two has changed since, it is known at most which chapter that part comes from.
    """

    def __init__(self, book: Book) -> None:
        images, _ = pictures.read(book.images)
        documents, _ = content.read(book, reflowed(book), images)
        self._texts: Mapping[str, Document] = {document.href: document for document in documents}
        self._images = {picture.href: picture.image.path for picture in images.values()}
        self._sheets = {paths.style(name): sheet for name, sheet in book.styles.items()}

    def of(self, member: str, data: bytes, line: int = 0, column: int = 0) -> Position | None:
        """The place in the title that a place in a member of the container comes from; None where none is known.

        `data` is the member as it stands in the publication. A line and a column of 0 stand for all of it.
        """
        href = member.removeprefix(paths.FOLDER)
        if document := self._texts.get(href):
            source = document.part.source
            exact = _exact(document, data.decode(errors="replace"), line, column) if line else None
            return exact or (Position.whole(source.path) if source else None)
        if path := self._images.get(href):
            return Position.whole(path)
        sheet = self._sheets.get(href)
        if sheet is None or "/" not in sheet.path:  # a sheet of the house style is not the title's
            return None
        same = line and sheet.text.encode() == data
        return Position(sheet.path, line, column) if same else Position.whole(sheet.path)


def _exact(document: Document, text: str, line: int, column: int) -> Position | None:
    """The source of the element whose start tag is the last one at a place or before it."""
    section = written((document.section,))
    start, lines = text.find(section), text.split("\n")
    if start < 0 or line > len(lines):
        return None
    at = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    if not start <= at <= start + len(section):
        return None
    # Checkers name the end of a start tag, or the beginning of a line.
    number = len(_TAG.findall(text, start, at + (column == 1)))
    places = list(_places(document.section, document.part.source, None))
    source, span = places[max(number, 1) - 1]
    return source.position(span.start) if source and span else None


def _places(element: Markup, source: Source | None, span: Span | None) -> Iterator[tuple[Source | None, Span | None]]:
    """Where each element comes from, in the order of the start tags; one that has no place has that around it."""
    if element.source is not None and element.source is not source:
        source, span = element.source, None
    span = element.span or span
    yield source, span
    for child in element.elements:
        yield from _places(child, source, span)
