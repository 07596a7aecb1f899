"""The book's parts as XHTML files of a publication: read, found harmless, linked across files, wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.builder import ElementMaker  # type: ignore[import-not-found]

from postil.document import Book, Matter, Part
from postil.epub import gate, paths
from postil.epub.gate import EPUB, XHTML
from postil.epub.pictures import Picture
from postil.source import Diagnostic, Position

E = ElementMaker(namespace=XHTML[1:-1], nsmap={None: XHTML[1:-1], "epub": EPUB[1:-1]})
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MATTER: Mapping[Matter, str] = {"front": "frontmatter", "body": "bodymatter", "back": "backmatter"}
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "wbr"})
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
Fault = tuple[str, str]  # a diagnostic's code and its words, to follow the name of the part


@dataclass(frozen=True, slots=True)
class Document:
    """A part on its way to being a file: where it will stand in the publication, and its tree."""

    part: Part
    href: str
    section: etree._Element


def read(
    book: Book, parts: Sequence[Part], pictures: Mapping[str, Picture]
) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The parts as trees whose links and pictures lead to the right files, and all that is wrong with them."""
    positions = {s.id: Position(s.source.path) for s in book.sections if s.source is not None}
    faults: list[Diagnostic] = []
    documents: list[Document] = []
    taken = {"cover"}
    for part in parts:
        try:
            section = _section(part.markup)
        except gate.NotXmlError as error:
            message = f"part '{part.id}' is not well-formed XHTML: {error}"
            faults.append(Diagnostic("P801", message, positions.get(part.id)))
            continue
        documents.append(Document(part, f"{paths.TEXTS}{paths.file_name(part.id, taken)}.xhtml", section))
    homes, repeated = _homes(documents)
    faults += (Diagnostic("P803", f"id '{i}' stands in part '{p}' again", positions.get(p)) for i, p in repeated)
    for document in documents:
        found = [("P802", f"has {fault}") for fault in gate.faults(document.section)]
        found += _bind(document, homes, pictures)
        found += [
            ("P803", f"has a heading '{heading.plain}' with the id '{heading.id}', which is not in it")
            for heading in document.part.headings[1:]
            if homes.get(heading.id) is not document
        ]
        at = positions.get(document.part.id)
        faults += (Diagnostic(code, f"part '{document.part.id}' {fault}", at) for code, fault in found)
    return tuple(documents), tuple(faults)


def direction(language: str) -> str:
    """The direction in which a language tag's text runs: `ltr` or `rtl`."""
    return "rtl" if language.split("-", 1)[0].lower() in _RIGHT_TO_LEFT else "ltr"


def shown(documents: Iterable[Document], pictures: Mapping[str, Picture]) -> tuple[Picture, ...]:
    """The pictures that the documents show, in the order of their paths."""
    sources = {image.get("src") for document in documents for image in document.section.iter(XHTML + "img")}
    return tuple(picture for picture in pictures.values() if paths.relative(picture.href, paths.TEXTS) in sources)


def page(href: str, title: str, language: str, styles: Iterable[str], matter: Matter, *body: etree._Element) -> bytes:
    """An XHTML file of the publication around what its body holds, with the style sheets of these names."""
    links = [E.link(rel="stylesheet", type="text/css", href=paths.relative(paths.style(s), href)) for s in styles]
    html = E.html(
        {_XML_LANG: language, "lang": language, "dir": direction(language)},
        E.head(E.title(title), E.meta(charset="utf-8"), *links),
        E.body({EPUB + "type": _MATTER[matter]}, *body),
    )
    for element in html.iter():
        if element.text is None and not len(element) and etree.QName(element).localname not in _VOID:
            element.text = ""  # `<a/>` is an open tag to whatever reads XHTML as HTML
    etree.cleanup_namespaces(html, keep_ns_prefixes=["epub"])
    return etree.tostring(html, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>") + b"\n"


def _section(markup: str) -> etree._Element:
    """The one `<section>` of a part's markup."""
    root = gate.parse(f'<part xmlns="{XHTML[1:-1]}" xmlns:epub="{EPUB[1:-1]}">{markup}</part>')
    if len(root) != 1 or root[0].tag != XHTML + "section" or (root.text or "").strip() or (root[0].tail or "").strip():
        raise gate.NotXmlError("it is not one section")
    root[0].tail = None
    return root[0]


def _homes(documents: Iterable[Document]) -> tuple[Mapping[str, Document], list[tuple[str, str]]]:
    """The document that each id stands in, and each id that comes again, with the part it comes again in."""
    homes: dict[str, Document] = {}
    repeated: list[tuple[str, str]] = []
    for document in documents:
        for element in document.section.iter():
            identifier = element.get("id")
            if identifier in homes:
                repeated.append((identifier, document.part.id))
            elif identifier is not None:
                homes[identifier] = document
    return homes, repeated


def _bind(document: Document, homes: Mapping[str, Document], pictures: Mapping[str, Picture]) -> Iterator[Fault]:
    """Point the document's links and pictures at files of the publication; yield what leads nowhere."""
    for link in document.section.iter(XHTML + "a"):
        target = link.get("href")
        if target is None or gate.scheme(target) is not None:
            continue
        home = homes.get(target[1:]) if target.startswith("#") else None
        if home is None:
            yield "P803", f"links to '{target}', which is not in the book"
        elif home is not document:
            link.set("href", paths.relative(home.href, document.href) + target)
    for image in document.section.iter(XHTML + "img"):
        source = image.get("src", "")
        if image.get("alt") is None:
            yield "P804", f"shows '{source}' without alternative text"
        if (picture := pictures.get(source)) is None:
            yield "P804", f"shows '{source}', which is not among the title's pictures"
        else:
            image.set("src", paths.relative(picture.href, document.href))
