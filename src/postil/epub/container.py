"""The EPUB container: package document, NCX and zip, written by EbookLib from finished bytes.

EbookLib parses and reprints XHTML that it is given as XHTML, which loses markup; here every file goes in as a plain
item and comes out byte for byte. This is the only module that knows EbookLib, its private methods included.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from ebooklib import epub
from lxml import etree

_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # a zip file knows no earlier time
_APPLE_BOOKS = "http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"
_UNIX = 3  # the system that file modes are written for
NCX_LEVELS = 2  # Kindle shows no more


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the publication: its manifest id, its path from the package document, its properties, its bytes."""

    id: str
    href: str
    media_type: str
    data: bytes = field(repr=False)
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One element of the package metadata: a Dublin Core name (`dc:title`) or `meta`, its text, its attributes."""

    name: str
    value: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: its words, where it leads (path from the package document), and the lines under it."""

    label: str
    href: str
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that reading systems offer by its kind, in the EPUB Structural Semantics vocabulary."""

    type: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Package:
    """All that the package document says, and the files it speaks of. `spine` holds item ids in reading order."""

    identifier: str
    title: str
    language: str
    direction: str
    metadata: tuple[Statement, ...]
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    contents: tuple[Entry, ...]
    landmarks: tuple[Landmark, ...]


def pack(package: Package, modified: datetime) -> bytes:
    """The publication as an EPUB file; the same package and time give the same bytes."""
    writer = _Writer(_ebook(package), modified.astimezone(UTC))
    writer.process()
    return writer.packed()


def _ebook(package: Package) -> epub.EpubBook:
    book = epub.EpubBook()
    book.metadata.clear()  # EbookLib's own: a random identifier, its name in the style of EPUB 2
    book.set_identifier(package.identifier)
    book.set_language(package.language)
    book.set_direction(package.direction)
    book.add_prefix("ibooks", _APPLE_BOOKS)
    book.title = package.title
    for statement in package.metadata:
        prefix, _, name = statement.name.rpartition(":")
        book.add_metadata("DC" if prefix else None, name, statement.value, dict(statement.attributes))
    for item in package.items:
        book.add_item(_raw(item))
    book.add_item(epub.EpubNcx())
    book.spine = list(package.spine)
    book.toc = list(_points(package.contents, NCX_LEVELS, "np"))
    book.guide = [
        {"type": _GUIDE[landmark.type], "title": landmark.label, "href": landmark.href}
        for landmark in package.landmarks
        if landmark.type in _GUIDE
    ]
    return book


# What EPUB 2 called these places; Kindle still opens a book at `text`.
_GUIDE = {"cover": "cover", "toc": "toc", "bodymatter": "text"}


def _raw(item: Item) -> epub.EpubItem:
    raw = epub.EpubItem(item.id, item.href, item.media_type, item.data)
    raw.properties = item.properties
    return raw


def _points(entries: Sequence[Entry], levels: int, prefix: str) -> Iterator[Any]:
    """Entries as EbookLib's NCX writer takes them: a link, or a pair of a link and the links under it."""
    for number, entry in enumerate(entries, 1):
        uid = f"{prefix}-{number}"
        link = epub.Link(entry.href, entry.label, uid)
        children = list(_points(entry.children, levels - 1, uid)) if levels > 1 else []
        yield (link, children) if children else link


class _Members:
    """The members of a zip file as EbookLib writes them: all of one time, with no trace of the machine."""

    def __init__(self, archive: zipfile.ZipFile, time: datetime) -> None:
        self._archive = archive
        self._time = max(time, _EARLIEST).timetuple()[:6]

    def writestr(self, name: str, data: str | bytes) -> None:
        info = zipfile.ZipInfo(name, self._time)
        info.create_system = _UNIX
        info.external_attr = 0o100644 << 16
        # The signature by which an EPUB is known stands uncompressed; pictures have nothing left to squeeze.
        stored = name == "mimetype" or name.endswith((".png", ".jpg", ".webp"))
        self._archive.writestr(info, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib has no types
    """EbookLib's writer, into memory, with a fixed time and what its package document and NCX leave out."""

    def __init__(self, book: epub.EpubBook, modified: datetime) -> None:
        super().__init__("", book, {"mtime": modified})
        self._modified = modified

    def packed(self) -> bytes:
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            self.out = _Members(archive, self._modified)
            self.out.writestr("mimetype", "application/epub+zip")
            self._write_container()
            self._write_opf()
            self._write_items()
        return buffer.getvalue()

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(_XML_LANG, self.book.language)
        root.set("dir", self.book.direction)
        etree.cleanup_namespaces(root)
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        root = etree.fromstring(super()._get_ncx())
        root.set(_XML_LANG, self.book.language)
        points = root.iter(_NCX + "navPoint")
        depth = max((sum(1 for _ in point.iterancestors(_NCX + "navPoint")) + 1 for point in points), default=0)
        for meta in root.iter(_NCX + "meta"):
            if meta.get("name") == "dtb:depth":
                meta.set("content", str(depth))
        return etree.tostring(root, encoding="utf-8", xml_declaration=True)
