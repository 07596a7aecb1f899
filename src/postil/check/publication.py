"""An EPUB checked by rules in a list, each a function from the publication to what is wrong with it.

A rule is added by writing it and putting it in the list; its name is the function's.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import cast
from urllib.parse import unquote, urldefrag, urlsplit
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from lxml import etree

from postil.source import Diagnostic, Position, in_order

SIGNATURE = b"application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_XML = (".xhtml", ".opf", ".ncx", ".svg", ".xml")
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)""")
_REFERENCES = ("href", "src", "{http://www.w3.org/1999/xlink}href")


@dataclass(frozen=True, slots=True)
class Publication:
    """An EPUB file taken apart.

    `path` is what messages call it. `members` are its files by name, `trees` those of them that are XML, and
    `broken` says where and why one is not well-formed: line, column, words.
    """

    path: str
    members: Mapping[str, bytes] = field(repr=False)
    trees: Mapping[str, etree._Element] = field(repr=False)
    broken: Mapping[str, tuple[int, int, str]]

    @property
    def package(self) -> str:
        """The name of its package document; empty if there is none."""
        container = self.trees.get(_CONTAINER)
        rootfile = container.find(f".//{_ROOTFILE}") if container is not None else None
        name = rootfile.get("full-path", "") if rootfile is not None else ""
        return name if name in self.trees else ""

    def at(self, member: str, line: int = 0, column: int = 1) -> Position:
        """A place in one of its files; without a line, the file as a whole."""
        path = f"{self.path}/{member}"
        return Position(path, line, column) if line else Position.whole(path)


def check_epub(data: bytes, path: str) -> tuple[Diagnostic, ...]:
    """All that is wrong with an EPUB file, given as bytes; `path` is what messages call it."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            first = archive.infolist()[0] if archive.infolist() else None
            signed = first is not None and first.filename == "mimetype" and first.compress_type == ZIP_STORED
            members = {name: archive.read(name) for name in archive.namelist()}
    except (BadZipFile, zlib.error, RuntimeError, EOFError) as error:  # the others: bytes that are none of a zip's
        return (Diagnostic("P810", f"it is not a sound zip file: {error}", Position.whole(path)),)
    if not signed or members["mimetype"] != SIGNATURE:
        return (Diagnostic("P810", "it does not begin with the EPUB signature", Position.whole(path)),)
    publication = _taken_apart(path, members)
    return in_order(tuple(diagnostic for check in EPUB_CHECKS for diagnostic in check(publication)))


def well_formed(publication: Publication) -> Iterator[Diagnostic]:
    """Every XML file can be read, and the package document can be found."""
    for name, (line, column, words) in publication.broken.items():
        yield Diagnostic("P811", f"not well-formed: {words}", publication.at(name, line, column))
    if not publication.package:
        yield Diagnostic("P810", "it has no package document", Position.whole(publication.path))


def manifest_complete(publication: Publication) -> Iterator[Diagnostic]:
    """The manifest declares the files that are there, all of them and no others."""
    package = publication.package
    if not package:
        return
    items = publication.trees[package].iter(_OPF + "item")
    declared = {_target(package, item.get("href", ""))[0]: item for item in items}
    for name, item in declared.items():
        if name not in publication.members:
            at = publication.at(package, _line(item))
            yield Diagnostic("P814", f"'{name}' is in the manifest, but there is no such file", at)
    for name in publication.members:
        if name not in declared and name not in {"mimetype", package} and not name.startswith("META-INF/"):
            yield Diagnostic("P814", f"'{name}' is not in the manifest", publication.at(package))


def ids_sound(publication: Publication) -> Iterator[Diagnostic]:
    """Every id is a word that a link can name, and stands once in its file."""
    for name, tree in publication.trees.items():
        found = [(element.get("id", ""), element) for element in tree.iter() if element.get("id") is not None]
        count = Counter(identifier for identifier, _ in found)
        for identifier, element in found:
            at = publication.at(name, _line(element))
            if identifier.split() != [identifier]:
                yield Diagnostic("P813", f"id '{identifier}' is not one word", at)
            elif count[identifier] > 1:
                yield Diagnostic("P813", f"id '{identifier}' stands here {count[identifier]} times", at)


def links_resolve(publication: Publication) -> Iterator[Diagnostic]:
    """Whatever a file refers to inside the EPUB is there: files, and ids in them."""
    ids = {name: {e.get("id") for e in tree.iter()} | {""} for name, tree in publication.trees.items()}
    for name, line, reference in _references(publication):
        try:
            if urlsplit(reference).scheme:
                continue
            target, fragment = _target(name, reference)
        except ValueError:
            yield Diagnostic("P812", f"it refers to '{reference}', which is no address", publication.at(name, line))
            continue
        if target not in publication.members or fragment not in ids.get(target, {fragment}):
            message = f"it refers to '{reference}', which is not there"
            yield Diagnostic("P812", message, publication.at(name, line))


EPUB_CHECKS = (well_formed, manifest_complete, ids_sound, links_resolve)


def _taken_apart(path: str, members: Mapping[str, bytes]) -> Publication:
    trees: dict[str, etree._Element] = {}
    broken: dict[str, tuple[int, int, str]] = {}
    for name, data in members.items():
        if name.endswith(_XML):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            try:
                trees[name] = etree.fromstring(data, parser)
            except etree.XMLSyntaxError as error:
                broken[name] = (error.position[0] or 1, error.position[1] or 1, str(error.msg))
    return Publication(path, members, trees, broken)


def _references(publication: Publication) -> Iterator[tuple[str, int, str]]:
    """Every reference in the files: the file it stands in, its line, and the reference."""
    for name, tree in publication.trees.items():
        if name != publication.package and not name.startswith("META-INF/"):
            for element in tree.iter():
                for attribute in _REFERENCES:
                    if (reference := element.get(attribute)) is not None:
                        yield name, _line(element), reference
    for name, data in publication.members.items():
        if name.endswith(".css"):
            sheet = data.decode("utf-8", "replace")
            for found in _CSS_URL.finditer(sheet):
                yield name, sheet.count("\n", 0, found.start()) + 1, found[1]


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 0


def _target(base: str, reference: str) -> tuple[str, str]:
    """The file that a reference in the file `base` leads to, and the id in it, which may be empty."""
    url, fragment = urldefrag(reference)
    return (normpath(join(dirname(base), unquote(url))) if url else base), unquote(fragment)
