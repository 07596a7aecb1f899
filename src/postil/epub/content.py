"""The book's parts as XHTML files of a publication: found harmless, linked across files, wrapped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from postil.direction import direction
from postil.document import Attributes, Book, Composed, Markup, Matter, Part, Text, elements
from postil.epub import gate, paths
from postil.epub.pictures import Picture
from postil.source import Diagnostic, Position
from postil.xhtml import written

_XHTML = "http://www.w3.org/1999/xhtml"
_EPUB = "http://www.idpf.org/2007/ops"
_MATTER: Mapping[Matter, str] = {"front": "frontmatter", "body": "bodymatter", "back": "backmatter"}
Fault = tuple[str, str]  # a diagnostic's code and its words, to follow the name of the part


@dataclass(frozen=True, slots=True)
class Document:
    """A part on its way to being a file: where it will stand in the publication, and its markup there."""

    part: Part
    href: str
    section: Markup


def read(
    book: Book, parts: Sequence[Part], pictures: Mapping[str, Picture]
) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The parts with links and pictures that lead to the right files, and all that is wrong with them."""
    positions = {s.id: Position(s.source.path) for s in book.sections if s.source is not None}
    faults: list[Diagnostic] = []
    taken = {"cover"}
    unbound: list[Document] = []
    for part in parts:
        document = Document(part, f"{paths.TEXTS}{paths.file_name(part.id, taken)}.xhtml", part.section)
        if faulty := next(gate.unwritable(part.section), None):
            message = f"part '{part.id}' is not well-formed XHTML: it has {faulty}"
            faults.append(Diagnostic("P801", message, positions.get(part.id)))
        else:
            unbound.append(document)
    homes, repeated = _homes(unbound)
    faults += (Diagnostic("P803", f"id '{i}' stands in part '{p}' again", positions.get(p)) for i, p in repeated)
    documents: list[Document] = []
    for document in unbound:
        found: list[Fault] = [("P802", f"has {fault}") for fault in gate.faults(document.section)]
        documents.append(_bound(document, homes, pictures, found))
        found += [
            ("P803", f"has a heading '{heading.plain}' with the id '{heading.id}', which is not in it")
            for heading in document.part.headings[1:]
            if homes.get(heading.id) is not document
        ]
        at = positions.get(document.part.id)
        faults += (Diagnostic(code, f"part '{document.part.id}' {fault}", at) for code, fault in found)
    return tuple(documents), tuple(faults)


def images(documents: Iterable[Document]) -> Iterator[Markup]:
    """The pictures in documents, as elements."""
    return (each for document in documents for each in elements((document.section,)) if each.tag == "img")


def has_maths(nodes: Iterable[Composed]) -> bool:
    """Whether there are formulas in MathML."""
    return any(each.tag == "math" for each in elements(nodes))


def shown(documents: Iterable[Document], pictures: Mapping[str, Picture]) -> tuple[Picture, ...]:
    """The pictures that the documents show, in the order of their paths."""
    sources = {image.get("src") for image in images(documents)}
    return tuple(picture for picture in pictures.values() if paths.relative(picture.href, paths.TEXTS) in sources)


def page(href: str, title: str, language: str, styles: Iterable[str], matter: Matter, *body: Markup) -> bytes:
    """An XHTML file of the publication around what its body holds, with the style sheets of these names."""
    links = (("stylesheet", paths.relative(paths.style(name), href)) for name in styles)
    head = Markup(
        "head",
        (
            Markup("title", (Text(title),)),
            Markup("meta", (), (("charset", "utf-8"),)),
            *(Markup("link", (), (("rel", rel), ("type", "text/css"), ("href", target))) for rel, target in links),
        ),
    )
    namespaces = (("xmlns", _XHTML), ("xmlns:epub", _EPUB))
    inside = Markup("body", body, (("epub:type", _MATTER[matter]),))
    html = Markup(
        "html", (head, inside), (*namespaces, ("xml:lang", language), ("lang", language), ("dir", direction(language)))
    )
    return f"<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html>\n{written((html,))}\n".encode()


def _homes(documents: Iterable[Document]) -> tuple[Mapping[str, Document], list[tuple[str, str]]]:
    """The document that each id stands in, and each id that comes again, with the part it comes again in."""
    homes: dict[str, Document] = {}
    repeated: list[tuple[str, str]] = []
    for document in documents:
        for element in elements((document.section,)):
            identifier = element.get("id")
            if identifier in homes:
                repeated.append((identifier, document.part.id))
            elif identifier is not None:
                homes[identifier] = document
    return homes, repeated


def _bound(
    document: Document, homes: Mapping[str, Document], pictures: Mapping[str, Picture], found: list[Fault]
) -> Document:
    """The document with links and pictures that lead to files of the publication; `found` grows by what does not."""

    def bind(element: Markup) -> Attributes:
        match element.tag:
            case "a":
                return _linked(element, document, homes, found)
            case "img":
                return _pictured(element, document, pictures, found)
        return element.attributes

    return replace(document, section=_mapped(document.section, bind))


def _linked(element: Markup, document: Document, homes: Mapping[str, Document], found: list[Fault]) -> Attributes:
    target = element.get("href")
    if target is None or gate.scheme(target) is not None:
        return element.attributes
    home = homes.get(target[1:]) if target.startswith("#") else None
    if home is None:
        found.append(("P803", f"links to '{target}', which is not in the book"))
    elif home.href != document.href:
        return _with(element.attributes, "href", paths.relative(home.href, document.href) + target)
    return element.attributes


def _pictured(element: Markup, document: Document, pictures: Mapping[str, Picture], found: list[Fault]) -> Attributes:
    source = element.get("src") or ""
    if element.get("alt") is None:
        found.append(("P804", f"shows '{source}' without alternative text"))
    if (picture := pictures.get(source)) is None:
        found.append(("P804", f"shows '{source}', which is not among the title's pictures"))
        return element.attributes
    return _with(element.attributes, "src", paths.relative(picture.href, document.href))


def _with(attributes: Attributes, name: str, value: str) -> Attributes:
    return tuple((key, value if key == name else old) for key, old in attributes)


def _mapped(element: Markup, change: Callable[[Markup], Attributes]) -> Markup:
    """An element with other attributes, and all within it, in the order of the text."""
    attributes = change(element)
    children: tuple[Composed, ...] = tuple(
        _mapped(child, change) if isinstance(child, Markup) else child for child in element.children
    )
    return replace(element, attributes=attributes, children=children)
