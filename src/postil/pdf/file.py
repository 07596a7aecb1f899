"""The file: sheets written as one tagged PDF, with an outline, named destinations, metadata and each font once.

ISO 32000-1 is what a PDF is, ISO 14289-1 (PDF/UA-1) what makes one accessible. pydyf writes objects and the tables that
lead to them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Protocol

import pydyf

from postil.pdf.assembly import Sheet, Stamp
from postil.pdf.fragment import Face, Fragment, Glyph, Link, Named, Page, Picture, Piece, Rect, Supplies
from postil.pdf.metadata import Description, information, packet
from postil.pdf.pieces import COLOURS, FONTS
from postil.pdf.structure import Linked, Marked, Node, Structure

_LEVEL = 6
"""How hard streams are deflated that are made here."""
_LAB = {"lab-d50": (0.9642956764295677, 1, 0.8251046025104602), "lab-d65": (0.9504559270516716, 1, 1.0890577507598784)}
"""The colour spaces that operators name, by the white points of CSS Color 4, 12.1."""
_RANGE = pydyf.Array((-125, 125, -125, 125))
_BLEED = 10
"""How much of what is printed beyond the trim belongs to the page, in points."""
_ARTIFACT = b"/Artifact <</Type /Pagination>> BDC\n"


class Supplier(Protocol):
    """What fonts and pictures come from."""

    def embedded(self, faces: Iterable[tuple[Face, Iterable[Glyph]]]) -> tuple[Mapping[str, str], Named]:
        """Faces as a PDF has them, each with its glyphs: the names of their objects by their own, and all objects."""

    def picture(self, picture: Picture) -> tuple[str, Named]:
        """A picture of the title as a PDF has it: the name of its object, and all objects."""


class File:
    """A PDF that is being written."""

    def __init__(self, fragments: Sequence[Fragment], supplier: Supplier) -> None:
        self._pdf = pydyf.PDF()
        self._supplier = supplier
        self._numbers: dict[str, bytes] = {}  # of objects, by their names
        self._fonts = pydyf.Dictionary()
        self._faces: dict[str, tuple[Face, dict[int, Glyph]]] = {}
        self._supplied: set[int] = set()
        self._pages: list[bytes] = []
        self._anchors: dict[str, bytes] = {}
        self._links: list[list[pydyf.Dictionary | None]] = []
        self._outline = _Outline(self._pdf)
        self._structure = Structure([fragment.tags for fragment in fragments])
        self._ids = {anchor.id for fragment in fragments for page in fragment.pages for anchor in page.anchors}
        self.dangling: list[str] = []
        """The ids that links lead to and no page has."""
        self._numbers[FONTS] = self._add(self._fonts)
        colours = {
            name: pydyf.Array(("/Lab", pydyf.Dictionary({"WhitePoint": pydyf.Array(white), "Range": _RANGE})))
            for name, white in _LAB.items()
        }
        self._numbers[COLOURS] = self._add(pydyf.Dictionary(colours))
        self._resources = {kind: pydyf.Dictionary() for kind in ("ExtGState", "XObject", "Pattern", "Shading")}
        entries = {"ColorSpace": self._numbers[COLOURS], "Font": self._numbers[FONTS]}
        self._shared = self._add(pydyf.Dictionary(self._resources | entries))

    def add(self, sheet: Sheet) -> None:
        """Write the next page."""
        for supplies in sheet.supplies:
            self._supply(supplies)
        page, index = sheet.page, len(self._pages)
        streams = [self._stream(sheet.text), *self._around(sheet.around)]
        made = pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": self._pdf.pages.reference,
                **_edges(page),
                "Contents": pydyf.Array(streams),
                "Resources": self._shared,
                "Tabs": "/S",
                "StructParents": index,
            }
        )
        self._pdf.add_page(made)
        reference: bytes = made.reference
        self._pages.append(reference)
        height = page.paper.bottom
        for anchor in page.anchors:
            place = pydyf.Array((reference, "/XYZ", anchor.x, height - anchor.y, 0))
            self._anchors.setdefault(anchor.id, place.data)
        for bookmark in page.bookmarks:
            place = pydyf.Array((reference, "/XYZ", bookmark.left, height - bookmark.top, 0))
            self._outline.add(bookmark.level, bookmark.words, place)
        self._links.append([self._link(link, height) for link in page.links])
        if annotations := [link.reference for link in self._links[-1] if link is not None]:
            made["Annots"] = pydyf.Array(annotations)
        self._tag(sheet.fragment, index, page)

    def _tag(self, fragment: int, index: int, page: Page) -> None:
        """Put what is on a page into the structure."""
        for content in page.contents:
            node = self._structure.node(fragment, content.tag)
            if content.kind == "marked":
                node.kids.append(Marked(index, content.number))
                node.box = content.box
            elif content.kind == "link" and self._links[index][content.number] is not None:
                node.kids.append(Linked(index, content.number))

    def written(self, description: Description) -> bytes:
        """The whole file."""
        self._embed()
        self._outline.write()
        pdf, catalog = self._pdf, self._pdf.catalog
        if self._anchors:
            names = (each for name in sorted(self._anchors) for each in (pydyf.String(name), self._anchors[name]))
            catalog["Names"] = pydyf.Dictionary({"Dests": pydyf.Dictionary({"Names": pydyf.Array(names)})})
        self._structure.prune()
        _Tags(pdf, self._pages, self._links).write(self._structure.root)
        catalog["Lang"] = pydyf.String(description.language)
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        if description.leftward:  # viewers put the pages of a book read from right to left beside each other so
            catalog["ViewerPreferences"]["Direction"] = "/R2L"
        pdf.info.update(information(description))
        metadata = pydyf.Stream([packet(description)], {"Type": "/Metadata", "Subtype": "/XML"}, compress=True)
        catalog["Metadata"] = self._add(metadata)
        output = io.BytesIO()
        pdf.write(output, b"1.7", description.identifier, True)  # noqa: FBT003 -- whether objects are compressed
        return output.getvalue()

    # --- what pages draw on ------------------------------------------------------------------------------------------

    def _supply(self, supplies: Supplies) -> None:
        """Take in what a page draws on, unless that has been taken in with another."""
        if id(supplies) in self._supplied:
            return
        self._supplied.add(id(supplies))
        for face, glyphs in supplies.fonts:
            _, known = self._faces.setdefault(face.name, (face, {}))
            for glyph in glyphs:
                known.setdefault(glyph.number, glyph)
        for name, picture in supplies.pictures:
            if name not in self._numbers:
                made, pieces = self._supplier.picture(picture)
                self._keep(pieces)
                self._numbers[name] = self._numbers[made]
        self._keep(supplies.pieces)
        for kind, name, value in supplies.resources:
            self._resources[kind].setdefault(name, self._joined(value))

    def _keep(self, pieces: Iterable[tuple[str, Piece]]) -> None:
        for name, piece in pieces:
            if name not in self._numbers:
                data = self._joined(piece)
                made = _Written(data) if piece.stream is None else _WrittenStream(data, piece.stream)
                self._numbers[name] = self._add(made)

    def _joined(self, piece: Piece) -> bytes:
        """An object with the numbers of those that it refers to."""
        others = (self._numbers[name] for name in piece.others)
        return b"".join(part for pair in zip(piece.parts, (*others, b""), strict=True) for part in pair)

    def _embed(self) -> None:
        faces = [(face, tuple(glyphs.values())) for face, glyphs in self._faces.values()]
        names, pieces = self._supplier.embedded(faces)
        self._keep(pieces)
        self._fonts.update((face, self._numbers[name]) for face, name in names.items())

    # --- pages -------------------------------------------------------------------------------------------------------

    def _add(self, made: Any) -> bytes:
        """Add an object; what refers to it."""
        self._pdf.add_object(made)
        reference: bytes = made.reference
        return reference

    def _stream(self, deflated: bytes) -> bytes:
        return self._add(_WrittenStream(f"<</Filter /FlateDecode/Length {len(deflated)}>>".encode(), deflated))

    def _around(self, stamps: Iterable[Stamp]) -> Iterator[bytes]:
        """What stands around the text of a page: an artifact, which is no part of the text."""
        drawn = b"".join(_placed(stamp) for stamp in stamps)
        if drawn.strip():
            yield self._stream(zlib.compress(_ARTIFACT + drawn + b"EMC\n", _LEVEL))

    def _link(self, link: Link, height: float) -> pydyf.Dictionary | None:
        """An annotation that leads where a link does (12.5.6.5); none where that is nowhere."""
        rect = link.rect
        made = pydyf.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Link",
                "Rect": pydyf.Array((rect.left, height - rect.top, rect.right, height - rect.bottom)),
                "BS": pydyf.Dictionary({"W": 0}),
                "Contents": pydyf.String(link.label.removeprefix("#")),
            }
        )
        if not link.target.startswith("#"):
            made["A"] = pydyf.Dictionary({"Type": "/Action", "S": "/URI", "URI": pydyf.String(link.target)})
        elif (target := link.target[1:]) in self._ids:
            made["Dest"] = pydyf.String(target)
        else:
            self.dangling.append(target)
            return None
        self._pdf.add_object(made)
        return made


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object that is written already."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self._data


class _WrittenStream(_Written):
    """A stream that is written already."""

    def __init__(self, extra: bytes, stream: bytes) -> None:
        super().__init__(b"\n".join((extra, b"stream", stream, b"endstream")))

    @property
    def compressible(self) -> bool:
        """Whether it may stand in a stream of objects: no stream may."""
        return False


@dataclass(slots=True)
class _Entry:
    """An entry of the outline, with those below it."""

    level: int
    made: pydyf.Dictionary
    below: list[_Entry] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many entries there are below it in all."""
        return sum(1 + entry.count for entry in self.below)


class _Outline:
    """The outline (12.3.3): each entry stands below the last of a higher level."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self._open = [_Entry(0, pydyf.Dictionary({}))]

    def add(self, level: int, words: str, place: pydyf.Array) -> None:
        """Add the next entry, which leads to a place."""
        while self._open[-1].level >= level:
            self._open.pop()
        entry = _Entry(level, pydyf.Dictionary({"Title": pydyf.String(words), "Dest": place}))
        self._pdf.add_object(entry.made)
        self._open[-1].below.append(entry)
        self._open.append(entry)

    def write(self) -> None:
        """Let the entries know of each other."""
        root = self._open[0]
        if root.below:
            self._pdf.add_object(root.made)
            self._pdf.catalog["Outlines"] = root.made.reference
            self._join(root)

    def _join(self, entry: _Entry) -> None:
        entry.made["Count"] = entry.count
        if entry.below:
            entry.made["First"] = entry.below[0].made.reference
            entry.made["Last"] = entry.below[-1].made.reference
        for before, behind in pairwise(entry.below):
            before.made["Next"] = behind.made.reference
            behind.made["Prev"] = before.made.reference
        for each in entry.below:
            each.made["Parent"] = entry.made.reference
            self._join(each)


class _Tags:
    """Writes the structure (14.7), and how its content and links find back to it."""

    def __init__(
        self, pdf: pydyf.PDF, pages: Sequence[bytes], links: Sequence[Sequence[pydyf.Dictionary | None]]
    ) -> None:
        self._pdf, self._pages, self._links = pdf, pages, links
        self._notes: dict[str, bytes] = {}
        self._parents: list[dict[int, bytes]] = [{} for _ in pages]
        self._linked: list[bytes] = []

    def write(self, document: Node) -> None:
        """Write all of it."""
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self._pdf.add_object(root)
        root["K"] = pydyf.Array([self._write(document, root.reference)])
        numbers = pydyf.Array()
        for page, parents in enumerate(self._parents):
            marks = range(max(parents, default=-1) + 1)
            numbers.extend([page, pydyf.Array(parents.get(mark, b"null") for mark in marks)])
        for index, parent in enumerate(self._linked, len(self._pages)):
            numbers.extend([index, parent])
        root["ParentTree"] = pydyf.Dictionary({"Nums": numbers})
        if self._notes:
            names = pydyf.Array(
                each for name, note in sorted(self._notes.items()) for each in (pydyf.String(name), note)
            )
            root["IDTree"] = pydyf.Dictionary({"Names": names})
        self._pdf.catalog["StructTreeRoot"] = root.reference

    def _write(self, node: Node, parent: bytes) -> bytes:
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.type}", "P": parent})
        self._pdf.add_object(element)
        reference: bytes = element.reference
        page = next((kid.page for kid in node.kids if isinstance(kid, Marked)), None)
        if page is not None:
            element["Pg"] = self._pages[page]
        self._describe(node, element)
        if name := dict(node.tag.strings if node.tag else ()).get("ID"):
            self._notes[name] = reference
        element["K"] = pydyf.Array(self._kid(kid, page, reference) for kid in node.kids)
        return reference

    def _kid(self, kid: Node | Marked | Linked, page: int | None, parent: bytes) -> Any:
        if isinstance(kid, Node):
            return self._write(kid, parent)
        on = self._pages[kid.page]
        if isinstance(kid, Linked):
            annotation: Any = self._links[kid.page][kid.number]
            annotation["StructParent"] = len(self._pages) + len(self._linked)
            self._linked.append(parent)
            return pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, "Pg": on})
        self._parents[kid.page][kid.number] = parent
        if kid.page == page:
            return kid.number
        return pydyf.Dictionary({"Type": "/MCR", "Pg": on, "MCID": kid.number})

    @staticmethod
    def _describe(node: Node, element: Any) -> None:
        attributes: list[Any] = []
        if node.tag is not None:
            element.update({key: pydyf.String(words) for key, words in node.tag.strings})
            for owner, of_owner in groupby(node.tag.attributes, itemgetter(0)):
                values = {name: f"/{value}" if isinstance(value, str) else value for _, name, value in of_owner}
                attributes.append(pydyf.Dictionary({"O": f"/{owner}"} | values))
        if node.box is not None:
            attributes.append(pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array(node.box)}))
        if attributes:
            element["A"] = attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)


def _edges(page: Page) -> dict[str, pydyf.Array]:
    """The edges of the paper, of what is printed beyond the trim, and of the trimmed page (14.11.2)."""
    trim, bleed = page.paper, page.bleed
    paper = Rect(-bleed.left, -bleed.bottom, trim.right + bleed.right, trim.bottom + bleed.top)
    least = [min(_BLEED, each) for each in (bleed.left, bleed.bottom, bleed.right, bleed.top)]
    printed = (-least[0], -least[1], trim.right + least[2], trim.bottom + least[3])
    return {
        "MediaBox": pydyf.Array((paper.left, paper.top, paper.right, paper.bottom)),
        "TrimBox": pydyf.Array((0, 0, trim.right, trim.bottom)),
        "BleedBox": pydyf.Array(printed),
    }


def _placed(stamp: Stamp) -> bytes:
    if not stamp.x and not stamp.y:
        return stamp.operators
    return f"q 1 0 0 1 {stamp.x:.3f} {-stamp.y:.3f} cm\n".encode() + stamp.operators + b"Q\n"
