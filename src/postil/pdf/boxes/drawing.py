"""Pages drawn: their boxes as operators of a PDF, and all that these draw on, as plain data.

WeasyPrint draws on a stream that shares its resources with those of all other pages. Here a unit's pages share them,
and what has a name by its number among them is called by its digest instead; so pages of many units can go into one
file, whichever process drew them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
from weasyprint.draw import draw_page, draw_stacking_context
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext

from postil.pdf.boxes.copying import copied_as_written
from postil.pdf.boxes.digits import Digits, Late
from postil.pdf.boxes.faces import drawn_with
from postil.pdf.boxes.geometry import PX, Box
from postil.pdf.fragment import Content, Ink, Picture, Piece, Slot, Supplies, Tag
from postil.pdf.pieces import COLOURS, Pieces, cut, plain, reference
from postil.pdf.structure import PICTURES, sign

_CALLING = re.compile(rb"/(\S+) (Do|gs|sh|scn|SCN)")
"""An operator that calls a resource by its name."""
_COUNTED = re.compile("[xsp][0-9]+")
"""A name that counts the resources of the unit."""
_KINDS = {b"Do": "XObject", b"gs": "ExtGState", b"sh": "Shading", b"scn": "Pattern", b"SCN": "Pattern"}
_LEVEL = 9
"""How hard operators are deflated."""


class Canvas:
    """What the pages of a unit are drawn on."""

    def __init__(self, paths: Mapping[int, str]) -> None:
        """Begin without anything; `paths` are those of pictures by the identity of what draws them."""
        self._paths = paths
        self._fonts: dict[Any, Any] = {}
        self._images: dict[str, Any] = {}
        self._digits = Digits()
        self._resources = pydyf.Dictionary(
            {kind: pydyf.Dictionary() for kind in ("ExtGState", "XObject", "Pattern", "Shading")}
        )
        self._resources["ColorSpace"] = reference(COLOURS)
        self._pieces = Pieces()
        self._pictures: dict[str, Picture] = {}
        self._used: dict[tuple[str, str], Piece] = {}

    def draw(
        self,
        box: Box,
        slots: Mapping[int, tuple[Slot, float]],
        *,
        tagged: bool = True,
        only: Sequence[Box] | None = None,
    ) -> Any:
        """Draw a page, or only some boxes of it, on a stream of its own.

        `slots` are those of late numbers, by the identity of their boxes; see `Digits`.
        """
        bleed = {side: box.style[f"bleed_{side}"].value for side in ("top", "right", "bottom", "left")}
        area = (
            -bleed["left"],
            -bleed["top"],
            box.margin_width() + bleed["left"] + bleed["right"],
            box.margin_height() + bleed["top"] + bleed["bottom"],
        )
        stream = Stream(
            self._fonts, area, self._resources, self._images, {} if tagged else None, {}, None, compress=False
        )
        with self._digits.minding(slots), copied_as_written(), stream.stacked():
            stream.transform(a=1 / PX, d=-1 / PX, f=box.margin_height() / PX)
            if only is None:
                draw_page(box, stream)
            for each in only or ():
                draw_stacking_context(stream, StackingContext.from_box(each, box))
        return stream

    def ink(self, stream: Any) -> Ink:
        """What has been drawn on a stream, as data; that of the page that was drawn last."""
        operators, numbers = bytearray(), []
        for item in stream.stream:
            if isinstance(item, Late):
                start = len(operators)
                operators += item.data
                numbers.append(item.placed(start))
            else:
                operators += self._renamed(plain(item))
            operators += b"\n"
        placed = [item for item in stream.stream if isinstance(item, Late)]
        numbers += [late.fixed for late in self._digits.late if late not in placed]
        drawn = bytes(operators)
        return Ink(drawn if numbers else zlib.compress(drawn, _LEVEL), tuple(numbers))

    def _renamed(self, operator: bytes) -> bytes:
        """An operator that calls what it draws on by a name that is the same in every file."""
        used = _CALLING.fullmatch(operator)
        if used is None:
            return operator
        kind, name = _KINDS[used[2]], used[1].decode()
        made = self._resources[kind][name]
        value = cut(reference(self._picture(name))) if made is None else self._pieces.value(made, self._picture)
        if _COUNTED.fullmatch(name):
            name = f"{name[0]}{sha256(repr(value).encode()).hexdigest()[:12]}"
        self._used[kind, name] = value
        return b"/" + name.encode() + b" " + used[2]

    def _picture(self, name: str) -> str:
        """A picture that is shown, by the name that it has in the file."""
        used = self._images[name]
        path = self._paths.get(id(used["image"]))
        if path is None:  # a letter that is a picture
            return self._pieces.keep(used["image"].get_x_object(used["interpolate"], 1), self._picture)
        self._pictures[name] = Picture(path, used["interpolate"])
        return name

    def supplies(self) -> Supplies:
        """What all that has been drawn draws on."""
        return Supplies(
            drawn_with(self._fonts),
            tuple((kind, name, value) for (kind, name), value in self._used.items()),
            self._pieces.kept,
            tuple(self._pictures.items()),
        )


class Contents:
    """Reads from the pages of a unit, in their order, what on them belongs to which of its structure elements."""

    def __init__(self, tags: Sequence[Tag], places: Mapping[Element, int]) -> None:
        """`places` are the tags of the words of elements, by their indexes."""
        self._tags, self._places = tags, places
        self._begun: set[int | None] = {None}
        self._heads: dict[Element, Box] = {}

    def read(self, page: Box, stream: Any, links: Mapping[int, int]) -> tuple[Content, ...]:
        """What is on the next page, which has been drawn; `links` are its links by the identity of their boxes."""
        begins = {
            item["MCID"]: at
            for at, item in enumerate(stream.stream)
            if isinstance(item, pydyf.Dictionary) and "MCID" in item
        }
        found: list[Content] = []
        rest = [(page, False)]
        while rest:
            box, furniture = rest.pop()
            if isinstance(box, AbsolutePlaceholder):
                box = box._box
            furniture = furniture or self._is_furniture(box, page)
            marked = stream._tags.pop(box, None)
            if box.element is not None and not isinstance(box, boxes.MarginBox):
                place = self._place(box)
                if place not in self._begun:
                    self._begun.add(place)
                    found.append(Content(place, "begin"))
                if (link := links.get(id(box))) is not None:
                    found.append(Content(place, "link", link))
                if marked and not furniture:
                    is_picture = place is not None and self._tags[place].type in PICTURES
                    found.append(Content(place, "marked", marked["mcid"], _edges(box, page) if is_picture else None))
            if marked and (furniture or box.element is None):
                # marked content that was drawn as part of the text becomes an artifact
                at = begins[marked["mcid"]]
                stream.stream[at - 1 : at + 1] = [b"/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
            rest.extend((child, furniture) for child in reversed(getattr(box, "children", ())))
        return tuple(found)

    def label(self, box: Box, otherwise: str) -> str:
        """What a link is called."""
        place = self._place(box)
        return (self._tags[place].label if place is not None else "") or otherwise

    def _is_furniture(self, box: Box, page: Box) -> bool:
        """Whether a box is no part of the text: heads and folios, leaders, table heads repeated on a later page."""
        if box.element_tag == "thead":
            return self._heads.setdefault(box.element, page) is not page
        return isinstance(box, boxes.MarginBox) or box.is_leader

    def _place(self, box: Box) -> int | None:
        place = self._places.get(box.element)
        return sign(self._tags, place) if (box.element_tag or "").endswith("::marker") else place


def _edges(box: Box, page: Box) -> tuple[float, float, float, float]:
    left, top = box.content_box_x(), box.content_box_y()
    height = page.margin_height()
    return left / PX, (height - top - box.height) / PX, (left + box.width) / PX, (height - top) / PX
