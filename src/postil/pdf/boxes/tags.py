"""The tags of the PDF: the structure of the title written beside its pages, in place of WeasyPrint's own.

WeasyPrint makes an element of every box of every page, so that a paragraph at a page's turn is two, and a note is read
where it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
from weasyprint import pdf as writer
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from postil.pdf.boxes.geometry import PX, Box
from postil.pdf.fragment import Fragment
from postil.pdf.structure import PICTURES, Linked, Marked, Node, Structure


@contextmanager
def tagging(fragments: Sequence[Fragment]) -> Iterator[None]:
    """Let what is written meanwhile, which is the pages of these fragments, have their structure."""
    own = writer.add_tags
    pages = [(number, page.places) for number, fragment in enumerate(fragments) for page in fragment.drawn]

    def add_tags(pdf: Any, document: Any, _version: object, streams: Sequence[Any]) -> None:
        structure = Structure([fragment.tags for fragment in fragments])
        heads: dict[Element, int] = {}
        for index, (of, page, stream) in enumerate(zip(pages, document.pages, streams, strict=True)):
            _Reader(structure, index, of, page, stream, heads).read(page._page_box)
        structure.prune()
        _Writer(pdf, streams).write(structure.root)

    writer.add_tags = add_tags
    try:
        yield
    finally:
        writer.add_tags = own


class _Reader:
    """Finds the words, pictures and links of one page, and what they belong to."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        structure: Structure,
        index: int,
        of: tuple[int, Mapping[Element, int]],
        page: Any,
        stream: Any,
        heads: dict[Element, int],
    ) -> None:
        self._structure, self._index, self._height, self._heads = structure, index, page.height, heads
        self._fragment, self._places = of
        self._tags, self._stream = stream._tags, stream.stream
        self._begins = {
            item["MCID"]: at
            for at, item in enumerate(self._stream)
            if isinstance(item, pydyf.Dictionary) and "MCID" in item
        }

    def read(self, box: Box, *, furniture: bool = False) -> None:
        """Put a box and all below it into the structure, unless it is furniture of the page."""
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        furniture = furniture or self._is_furniture(box)
        tag = self._tags.pop(box, None)
        if box.element is not None and not isinstance(box, boxes.MarginBox):
            node = self._node(box)
            if box.link_annotation:
                label = node.tag.label if node.tag else ""
                box.link_annotation["Contents"] = pydyf.String(label or box.link_annotation["Contents"].string)
                node.kids.append(Linked(self._index, box.link_annotation))
            if tag and not furniture:
                node.kids.append(Marked(self._index, tag["mcid"]))
                node.box = self._edges(box) if node.type in PICTURES else None
        if tag and (furniture or box.element is None):
            self._make_artifact(tag["mcid"])
        for child in getattr(box, "children", ()):
            self.read(child, furniture=furniture)

    def _is_furniture(self, box: Box) -> bool:
        """Whether a box is no part of the text: heads and folios, leaders, table heads repeated on a later page."""
        if box.element_tag == "thead":
            return self._heads.setdefault(box.element, self._index) < self._index
        return isinstance(box, boxes.MarginBox) or box.is_leader

    def _node(self, box: Box) -> Node:
        place = self._places.get(box.element)
        if (box.element_tag or "").endswith("::marker"):
            return self._structure.mark(self._fragment, place)
        return self._structure.node(self._fragment, place)

    def _make_artifact(self, number: int) -> None:
        """Begin marked content that was drawn as part of the text as an artifact."""
        at = self._begins[number]
        self._stream[at - 1 : at + 1] = [b"/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]

    def _edges(self, box: Box) -> tuple[float, float, float, float]:
        left, top = box.content_box_x(), box.content_box_y()
        bottom = self._height - top - box.height
        return left / PX, bottom / PX, (left + box.width) / PX, (self._height - top) / PX


class _Writer:
    """Writes structure elements into a PDF."""

    def __init__(self, pdf: Any, streams: Sequence[Any]) -> None:
        self._pdf = pdf
        self._notes: dict[str, bytes] = {}
        self._parents: list[dict[int, bytes]] = [{} for _ in streams]
        self._links: list[bytes] = []
        self._pages = len(streams)

    def write(self, document: Node) -> None:
        """Write the whole structure, and how its content and links find back to it."""
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self._pdf.add_object(root)
        root["K"] = pydyf.Array([self._write(document, root.reference)])
        numbers = pydyf.Array()
        for page, parents in enumerate(self._parents):
            marks = range(max(parents, default=-1) + 1)
            numbers.extend([page, pydyf.Array(parents.get(mark, b"null") for mark in marks)])
        for index, parent in enumerate(self._links, self._pages):
            numbers.extend([index, parent])
        root["ParentTree"] = pydyf.Dictionary({"Nums": numbers})
        if self._notes:
            names = pydyf.Array(
                each for name, note in sorted(self._notes.items()) for each in (pydyf.String(name), note)
            )
            root["IDTree"] = pydyf.Dictionary({"Names": names})
        self._pdf.catalog["StructTreeRoot"] = root.reference
        self._pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        self._pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})

    def _write(self, node: Node, parent: bytes) -> bytes:
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.type}", "P": parent})
        self._pdf.add_object(element)
        reference: bytes = element.reference
        page = next((kid.page for kid in node.kids if isinstance(kid, Marked)), None)
        if page is not None:
            element["Pg"] = self._pdf.page_references[page]
        self._describe(node, element)
        if name := dict(node.tag.strings if node.tag else ()).get("ID"):
            self._notes[name] = reference
        element["K"] = pydyf.Array(self._kid(kid, page, reference) for kid in node.kids)
        return reference

    def _kid(self, kid: Node | Marked | Linked, page: int | None, parent: bytes) -> Any:
        if isinstance(kid, Node):
            return self._write(kid, parent)
        on = self._pdf.page_references[kid.page]
        if isinstance(kid, Linked):
            annotation: Any = kid.annotation
            annotation["StructParent"] = self._pages + len(self._links)
            self._links.append(parent)
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
