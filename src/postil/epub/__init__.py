"""A book's parts as an EPUB 3.3 publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from postil.direction import direction
from postil.document import ROLES, Book, Form, Image, Markup, Matter, Part, elements, said
from postil.epub import content, cover, gate, metadata, navigation, paths, pictures, typefaces
from postil.epub.container import Entry, Item, Package, pack
from postil.epub.content import Document
from postil.epub.pictures import Picture
from postil.manuscript import moment
from postil.source import Diagnostic, in_order
from postil.targets import Made, Progress
from postil.xhtml import reflowed

_FONT_RULES = "fonts.css"
_OWN_FONTS = "own-fonts.css"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CODE = frozenset({"pre", "code", "kbd", "samp"})


class Refused(Exception):  # noqa: N818 - it is an answer, not a mishap
    """The parts cannot be made into a sound publication; `diagnostics` say why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics


def write(book: Book, parts: Sequence[Part], css: Mapping[str, str], modified: datetime) -> bytes:
    """The publication as the bytes of its EPUB file; the same arguments give the same bytes.

    `parts` come in reading order, without cover and contents, which are made here.
    `css` are the title's style sheets by name, of which `book.css`, `epub.css` and one for the edition
    (`epub-clean.css`) apply, in this order. `modified` is the time of the last change, with its zone. Raises
    `Refused` when a part cannot be written as XML, holds anything active, or leads nowhere.
    """
    css = {name: css[name] for name in book.edition.styles("epub") if name in css}
    images, faults = pictures.read(book.images)
    documents, more = content.read(book, parts, images)
    faults += more + tuple(_style_faults(css)) + tuple(_cover_faults(book))
    if faults:
        raise Refused(in_order(faults))

    jacket = _jacket(book, images)
    inside = [p for p in content.shown(documents, images) if p is not jacket]
    settings = book.title.fonts
    used, small_capitals = _characters(documents, book), _small_capitals(documents)
    fonts = typefaces.cut(used, small_capitals=small_capitals, settings=settings, own=book.fonts)
    sheets = {_FONT_RULES: "\n".join(face.rule for face in fonts), **css}
    if rules := typefaces.rules(settings):
        sheets[_OWN_FONTS] = rules
    place = _place_of_contents(documents)
    whole = Entry(book.title.title, paths.COVER)  # a contents without a line is not valid
    contents = navigation.contents(documents[place:]) or (whole,)
    landmarks = navigation.landmarks(documents, book.words)

    def page(href: str, heading: str, matter: Matter, *body: Markup, is_nav: bool = False) -> Item:
        data = content.page(href, heading or book.title.title, book.title.language, sheets, matter, *body)
        properties = (*(("mathml",) if content.has_maths(body) else ()), *(("nav",) if is_nav else ()))
        return Item(paths.identifier(href), href, "application/xhtml+xml", data, properties)

    nav = navigation.body(contents, landmarks, book.words)
    pages = [page(d.href, d.part.heading, d.part.matter, d.section) for d in documents]
    contents_page = page(paths.NAVIGATION, book.words["contents"], "front", *nav, is_nav=True)
    pages.insert(place, contents_page)
    pages.insert(0, page(paths.COVER, book.words["cover"], "front", _cover_section(book, jacket)))
    package = Package(
        identifier=metadata.identifier(book),
        title=book.title.title,
        language=book.title.language,
        direction=direction(book.title.language),
        metadata=metadata.statements(book, documents, inside),
        items=(*pages, *_resources(jacket, inside, sheets, fonts)),
        spine=tuple(item.id for item in pages),
        contents=contents,
        landmarks=landmarks,
    )
    return pack(package, modified)


def _resources(
    jacket: Picture, inside: Sequence[Picture], sheets: Mapping[str, str], fonts: Mapping[typefaces.Face, bytes]
) -> Iterator[Item]:
    """The files that the pages draw on."""
    yield Item("cover-image", jacket.href, jacket.image.media_type, jacket.image.data, ("cover-image",))
    for picture in inside:
        yield Item(paths.identifier(picture.href), picture.href, picture.image.media_type, picture.image.data)
    for name, sheet in sheets.items():
        yield Item(paths.identifier(name), paths.style(name), "text/css", sheet.encode())
    for face, font in fonts.items():
        yield Item(paths.identifier(face.file_name), paths.font(face.file_name), face.media_type, font)


def _jacket(book: Book, images: Mapping[str, Picture]) -> Picture:
    """The picture on the cover: the title's own, or one drawn from its words."""
    if book.title.cover is not None:
        return images[book.title.cover]
    drawn = Image("", "image/png", cover.draw(book.title, book.fonts), cover.WIDTH, cover.HEIGHT)
    return Picture(drawn, paths.picture("cover.png"))


def _cover_section(book: Book, jacket: Picture) -> Markup:
    authors = ", ".join(person.name for person in book.title.authors)
    with_authors = book.words["cover_of"].format(title=book.title.title, authors=authors)
    words = with_authors if authors else f"{book.words['cover']}: {book.title.title}"
    image = Markup("img", (), (("src", paths.relative(jacket.href, paths.COVER)), ("alt", words)))
    names = (("epub:type", "cover"), ("class", "part cover"), ("aria-label", book.words["cover"]))
    return Markup("section", (image,), names)


def _place_of_contents(documents: Sequence[Document]) -> int:
    """Before which document the contents stand."""
    return next((i for i, d in enumerate(documents) if not d.part.role.display), len(documents))


def _characters(documents: Sequence[Document], book: Book) -> Mapping[str, frozenset[str]]:
    """The characters that the book uses for each purpose that may have a family of its own."""
    used: dict[str, set[str]] = {use: set() for use in ("text", "footnotes", "annotations", "headings", "code")}
    used["text"].update(book.words["contents"])
    uses = {ROLES["annotations"]: "annotations", ROLES["notes"]: "footnotes"}
    for document in documents:
        used[uses.get(document.part.role, "text")].update(*said((document.section,)))
        used["text"].update(*(heading.plain for heading in document.part.headings))
        for element in elements((document.section,)):
            use = "headings" if element.tag in _HEADINGS else "code" if element.tag in _CODE else ""
            if use:
                used[use].update(*said((element,)))
    # Reading systems hyphenate; a line end or a tab is a space to them.
    return {use: frozenset(found - set("\n\r\t") | set(" -\u2010")) for use, found in used.items() if found}


def _small_capitals(documents: Sequence[Document]) -> bool:
    return any(Form.SMALL_CAPITALS in element.forms for d in documents for element in elements((d.section,)))


def _style_faults(css: Mapping[str, str]) -> Iterator[Diagnostic]:
    for name, sheet in css.items():
        for fault in gate.style_faults(sheet):
            hint = "fonts and pictures come with the book: a style sheet need not name files"
            yield Diagnostic("P805", f"style sheet '{name}' has {fault}", hint=hint)


def _cover_faults(book: Book) -> Iterator[Diagnostic]:
    if book.title.cover is not None and book.title.cover not in book.images:
        yield Diagnostic("P804", f"cover '{book.title.cover}' is not among the title's pictures")


class _Epub:
    """The book on a screen."""

    name = "epub"

    def make(self, book: Book, progress: Progress) -> Made:
        """One EPUB 3.3 publication."""
        del progress
        styles = {name: sheet.text for name, sheet in book.styles.items()}
        try:
            return Made(write(book, reflowed(book), styles, moment(book.title)))
        except Refused as refused:
            return Made(None, refused.diagnostics)

    def examine(self, book: Book) -> tuple[Diagnostic, ...]:
        """Nothing: what can be wrong is found as it is made."""
        del book
        return ()


TARGET = _Epub()
