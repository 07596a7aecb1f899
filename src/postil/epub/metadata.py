"""What the package document says about the book: who, what, when, and how accessible it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence

from postil.document import ROLES, Book, Title
from postil.epub import content
from postil.epub.container import Statement
from postil.epub.content import Document
from postil.epub.pictures import Picture

# Articles that a catalogue moves behind the title, by language.
_ARTICLES = {
    "de": ("Der", "Die", "Das", "Ein", "Eine"),
    "en": ("The", "A", "An"),
    "es": ("El", "La", "Los", "Las", "Un", "Una"),
    "fr": ("Le", "La", "Les", "Un", "Une"),
    "it": ("Il", "Lo", "La", "I", "Gli", "Le", "Un", "Uno", "Una"),
}
_MAY_FLASH = frozenset({"image/gif", "image/webp"})


def identifier(book: Book) -> str:
    """The publication's own identifier: its ISBN as a URN where it has one, else the title's.

    Editions other than the main one get an identifier of their own, made from the title's, so that a reading
    system never takes one edition for a new version of the other.
    """
    title = book.title
    if not book.edition.main:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{title.identifier}#{book.edition.name}')}"
    if isbn := title.isbn.get("epub"):
        return f"urn:isbn:{isbn.replace('-', '').replace(' ', '')}"
    return title.identifier


def statements(book: Book, documents: Sequence[Document], pictures: Iterable[Picture]) -> tuple[Statement, ...]:
    """The metadata of the publication, its own identifier and language apart."""
    title = book.title
    other = book.edition.main and identifier(book) != title.identifier
    more = (Statement("dc:identifier", title.identifier),) if other else ()
    return (*more, *_bibliographic(title), *_accessibility(book, documents, tuple(pictures)))


def sorted_title(title: str, language: str) -> str:
    """A title as a catalogue files it: `Tale of Two Cities, A`."""
    first, _, rest = title.partition(" ")
    if rest and first in _ARTICLES.get(language.split("-", 1)[0].lower(), ()):
        return f"{rest}, {first}"
    return title


def _bibliographic(title: Title) -> Iterator[Statement]:
    yield Statement("dc:title", title.title, {"id": "title"})
    yield _refine("title", "title-type", "main")
    yield _refine("title", "display-seq", "1")
    yield _refine("title", "file-as", sorted_title(title.title, title.language))
    if title.subtitle:
        yield Statement("dc:title", title.subtitle, {"id": "subtitle"})
        yield _refine("subtitle", "title-type", "subtitle")
        yield _refine("subtitle", "display-seq", "2")
    for number, person in enumerate(title.contributors, 1):
        place = f"contributor-{number}"
        name = "dc:creator" if person in title.authors else "dc:contributor"
        yield Statement(name, person.name, {"id": place})
        yield Statement("meta", person.role, {"refines": f"#{place}", "property": "role", "scheme": "marc:relators"})
        yield _refine(place, "file-as", person.sort)
    if title.publisher:
        yield Statement("dc:publisher", title.publisher)
    yield Statement("dc:date", title.date.isoformat())
    if title.rights:
        yield Statement("dc:rights", title.rights)
    if title.description:
        yield Statement("dc:description", title.description)
    for subject in title.subjects:
        yield Statement("dc:subject", subject)
    # EPUB 2's way of naming the cover, which Kindle still reads; and without a word, Apple Books leaves fonts out.
    yield Statement("meta", "", {"name": "cover", "content": "cover-image"})
    yield Statement("meta", "true", {"property": "ibooks:specified-fonts"})


def _accessibility(book: Book, documents: Sequence[Document], pictures: Sequence[Picture]) -> Iterator[Statement]:
    """What the content shows to be so, and nothing else: no claim of conformance is made for anybody."""
    images = list(content.images(documents))
    roles = {document.part.role for document in documents}
    annotated = ROLES["annotations"] in roles
    noted = annotated or ROLES["notes"] in roles
    described = bool(images) and all(image.get("alt") for image in images)
    features = {
        "ARIA": True,
        "MathML": content.has_maths(document.section for document in documents),
        "alternativeText": described,
        "annotations": annotated,
        "displayTransformability": True,
        "readingOrder": True,
        "structuralNavigation": True,
        "tableOfContents": True,
    }
    yield _schema("accessMode", "textual")
    if images:
        yield _schema("accessMode", "visual")
    if described or not images:
        yield _schema("accessModeSufficient", "textual")
    if images:
        yield _schema("accessModeSufficient", "textual,visual")
    for feature, present in features.items():
        if present:
            yield _schema("accessibilityFeature", feature)
    still = all(picture.image.media_type not in _MAY_FLASH for picture in pictures)
    yield _schema("accessibilityHazard", "none" if still else "unknown")
    sentences = [("summary_structure", True), ("summary_images", described), ("summary_notes", noted)]
    yield _schema("accessibilitySummary", " ".join(book.words[key] for key, true in sentences if true))


def _refine(place: str, property_: str, value: str) -> Statement:
    return Statement("meta", value, {"refines": f"#{place}", "property": property_})


def _schema(property_: str, value: str) -> Statement:
    return Statement("meta", value, {"property": f"schema:{property_}"})
