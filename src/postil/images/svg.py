"""SVG pictures: a vocabulary of drawing, and nothing that runs, fetches or takes in other documents."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import tinycss2
from lxml import etree
from tinycss2.ast import Node

from postil.css import FETCHING, address, tokens
from postil.document import Image
from postil.images.raster import PIXEL_LIMIT, read_raster
from postil.source import Diagnostic, Position

_SVG: Final = "{http://www.w3.org/2000/svg}"
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
_XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_KEPT: Final = frozenset({_XLINK_HREF, f"{_XML}lang", f"{_XML}space"})

# The elements of SVG that draw, describe or style. Not here: scripts, animation, links, sound and video, and
# foreignObject, whose content is another document.
_ELEMENT: Final = re.compile(
    r"""
    circle | clipPath | defs | desc | ellipse | feBlend | feColorMatrix | feComponentTransfer | feComposite |
    feConvolveMatrix | feDiffuseLighting | feDisplacementMap | feDistantLight | feDropShadow | feFlood | feFuncA |
    feFuncB | feFuncG | feFuncR | feGaussianBlur | feImage | feMerge | feMergeNode | feMorphology | feOffset |
    fePointLight | feSpecularLighting | feSpotLight | feTile | feTurbulence | filter | g | image | line |
    linearGradient | marker | mask | metadata | path | pattern | polygon | polyline | radialGradient | rect | stop
    | style | svg | switch | symbol | text | textPath | title | tspan | use | view
    """,
    re.VERBOSE,
)

DRAWN_LIMIT: Final = 100_000
"""The most elements that a picture may draw, those counted again that `use` repeats."""
_DEEPEST_USE: Final = 32
_NAMED: Final = 5

# CSS px in each unit of length.
_UNITS: Final = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
}
_LENGTH: Final = re.compile(  # SVG 1.1, 4.2, though no number of more than nine digits before its point
    r"\s*\+?((?=\.?[0-9])[0-9]{0,9}(?:\.[0-9]{1,40})?(?:e[+-]?[0-9])?)\s*([a-z]*)\s*", re.IGNORECASE
)
_DATA: Final = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=\s]*)")

_Published = Generator[Diagnostic, None, str]
"""The mistakes in a text of the picture, and what is to stand there instead."""


def read_svg(path: str, data: bytes) -> Image | Diagnostic:
    """An SVG written anew in UTF-8 with only what draws, and its size in CSS px, or everything that is wrong.

    Raises MemoryError.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # type: ignore[attr-defined]
            raise MemoryError from None
        line, column = error.position
        message = f"the picture is not well-formed XML: {(error.msg or 'it is empty').partition(', line ')[0]}"
        return Diagnostic("P513", message, Position(path, max(line, 1), max(column, 1)), "save it anew as SVG")
    reader = _Reader(path, root)
    if found := list(reader.mistakes()):
        return _together(found)
    size = _size(root)
    if size is None:
        hint = "give its svg element a viewBox, or a width and a height"
        return reader.mistake("P516", root, "the picture has no size", hint)
    return Image(path, "image/svg+xml", _written(root, size), *size)


def _together(found: Sequence[Diagnostic]) -> Diagnostic:
    """One diagnostic for a picture: the first mistake, and the others with their lines."""
    first, *others = found
    named = [f"line {d.position.line}: {d.message}" for d in others[:_NAMED] if d.position]
    if len(others) > _NAMED:
        named.append(f"{len(others) - _NAMED} more")
    return replace(first, message="; ".join([first.message, *named]))


class _Reader:
    """Finds what a picture may not have. What drawing programs note for themselves is removed on the way."""

    def __init__(self, path: str, root: etree._Element) -> None:
        self.path = path
        self.root = root
        self.pixels = PIXEL_LIMIT

    def mistake(self, code: str, element: etree._Element, message: str, hint: str) -> Diagnostic:
        return Diagnostic(code, message, self._position(element), hint)

    def _position(self, element: etree._Element) -> Position:
        line: object = element.sourceline
        return Position(self.path, line if isinstance(line, int) else 1)

    def mistakes(self) -> Iterator[Diagnostic]:
        if self.root.tag != f"{_SVG}svg":
            hint = 'its first element is <svg xmlns="http://www.w3.org/2000/svg">'
            yield self.mistake("P513", self.root, "this file is XML, but not an SVG picture", hint)
            return
        dtd: Any = self.root.getroottree().docinfo.internalDTD
        if dtd is not None and dtd.entities():
            hint = "save it as plain SVG"
            yield self.mistake("P513", self.root, "the picture has entities of its own (<!ENTITY …>)", hint)
            return
        before: Any
        for before in self.root.itersiblings(etree.ProcessingInstruction, preceding=True):
            if before.target == "xml-stylesheet":
                yield self._outside(before, "a style sheet", before.text or "")
        _clear(self.root)
        for element in self.root.iter():
            yield from self._element(element)
        drawn = _drawn(self.root)
        if drawn is None or drawn > DRAWN_LIMIT:
            many = "repeats itself without end" if drawn is None else f"draws {drawn} elements, repeated ones included"
            hint = f"simplify it: at most {DRAWN_LIMIT} elements can be drawn"
            yield self.mistake("P517", self.root, f"the picture {many}", hint)

    def _element(self, element: etree._Element) -> Iterator[Diagnostic]:
        tag = str(element.tag)
        name = etree.QName(element).localname
        if tag.startswith(_XHTML) or not _ELEMENT.fullmatch(name):
            hint = "save the picture as plain SVG, with shapes and text only"
            yield self.mistake("P514", element, f"the picture has an element '{name}'", hint)
            return
        for key, value in element.items():
            yield from self._attribute(element, str(key), str(value))
        if name == "style" and element.text:
            element.text = yield from self._css(element, element.text)

    def _attribute(self, element: etree._Element, name: str, value: str) -> Iterator[Diagnostic]:
        published = value
        if (name.startswith("{") and name not in _KEPT) or name.lower().startswith("data-"):
            del element.attrib[name]
        elif name.lower().startswith("on"):
            hint = "delete it: a picture in a book runs no script"
            yield self.mistake("P514", element, f"the picture has a script in the attribute '{name}'", hint)
        elif name in {"href", _XLINK_HREF}:
            published = yield from self._reference(element, value)
        elif "(" in value or "\\" in value or name == "style":
            published = yield from self._css(element, value)
        if published != value and not name.startswith("aria-"):  # whose words are no style, however they look
            element.set(name, published)

    def _reference(self, element: etree._Element, value: str) -> _Published:
        """What to refer to instead: the same, or an embedded picture without what is not published."""
        target = value.strip()
        if target.startswith("#"):
            return value
        if not (found := _DATA.fullmatch(target)):
            yield self._outside(element, "something", target)
            return value
        try:
            data = base64.b64decode(found[1])
        except binascii.Error:
            data = b""
        at = self._position(element)
        inside = read_raster(f"{self.path} (embedded)", data, at, self.pixels)
        if isinstance(inside, Diagnostic):
            yield inside
            return value
        self.pixels -= int(inside.width * inside.height)
        return target[: found.start(1)] + base64.b64encode(inside.data).decode()

    def _css(self, element: etree._Element, text: str) -> _Published:
        """The style to have instead: with pictures without what is not published, and with no words in its comments.

        It is the same, letter by letter, where it has neither.
        """
        found = list(tokens(text))
        changed = False
        for node, _ in found:
            if node.type == "comment" and node.value:
                node.value = ""
                changed = True
            elif node.type == "at-keyword" and node.lower_value == "import":
                yield self._outside(element, "a style sheet", "@import")
            elif (target := address(node)) is not None:
                published = yield from self._reference(element, target)
                if published != target:
                    _refer(node, published)
                    changed = True
            elif node.type == "function" and node.lower_name in FETCHING:
                yield self._outside(element, "something", f"{node.name}()")
        return str(tinycss2.serialize([node for node, depth in found if depth == 0])) if changed else text

    def _outside(self, element: etree._Element, what: str, target: str) -> Diagnostic:
        shown = textwrap.shorten(target, 60, placeholder="…")
        hint = "put it into the file: only '#id' and embedded PNG and JPEG pictures can be referred to"
        return self.mistake("P515", element, f"the picture takes in {what} from outside: '{shown}'", hint)


def _refer(node: Node, target: str) -> None:
    """Have a `url()` refer to something else, an address of letters that need no escapes."""
    written = [node] if node.type == "url" else [part for part in node.arguments if part.type == "string"]
    for part in written:
        part.representation = "''"
    written[0].representation = f"url({target})" if node.type == "url" else f"'{target}'"


def _clear(root: etree._Element) -> None:
    """Take out what is not drawn, and leave the text around it where it is."""
    todo = [root]
    while todo:
        element = todo.pop()
        kept: etree._Element | None = None
        text = [element.text or ""]  # behind the child that was kept last
        for child in list(element):
            if _is_noted(child):
                text.append(child.tail or "")
                element.remove(child)
                continue
            _put(element, kept, text)
            kept, text = child, [child.tail or ""]
            todo.append(child)
        _put(element, kept, text)


def _put(element: etree._Element, kept: etree._Element | None, text: Sequence[str]) -> None:
    """Put text behind a child of an element, or before all of them; the first part of it is there already."""
    if len(text) > 1 and kept is not None:
        kept.tail = "".join(text)
    elif len(text) > 1:
        element.text = "".join(text)


def _is_noted(child: etree._Element) -> bool:
    """Whether an element, a processing instruction or an entity is only for programs; a style sheet is text alone."""
    tag = str(child.tag)  # what is no element has a function for one
    parent: Any = child.getparent()
    return not tag.startswith((_SVG, _XHTML)) or tag == f"{_SVG}metadata" or parent.tag == f"{_SVG}style"


def _drawn(root: etree._Element) -> int | None:
    """How many elements are drawn when each `use` is followed; None where a reference leads back to itself.

    Patterns, markers, masks and clips that are drawn by themselves have no end either.
    """
    targets = {element.get("id"): element for element in root.iter(f"{_SVG}*") if element.get("id")}
    known: dict[etree._Element, int | None] = {}

    def weight(element: etree._Element, depth: int) -> int | None:
        if element in known:
            return known[element]
        if depth > _DEEPEST_USE:
            return None
        total = 0
        for inside in element.iter(f"{_SVG}*"):
            total += 1
            for name in _references(inside):
                repeated = weight(targets[name], depth + 1) if name in targets else 0
                if repeated is None:
                    known[element] = None
                    return None
                if inside.tag == f"{_SVG}use":
                    total += repeated
        known[element] = total
        return total

    return weight(root, 0)


def _references(element: etree._Element) -> Iterator[str]:
    """The ids that an element refers to."""
    for name, value in element.items():
        if name in {"href", _XLINK_HREF}:
            yield str(value).strip().removeprefix("#")
        elif "(" in value:
            targets = (address(node) for node, _ in tokens(str(value)))
            yield from (target.strip().removeprefix("#") for target in targets if target)


def _size(root: etree._Element) -> tuple[float, float] | None:
    """Width and height in CSS px, from the attributes of these names, or the viewBox, or one and its shape."""
    width, height = _px(root.get("width")), _px(root.get("height"))
    box = [_px(number) for number in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())[2:4]]
    box_width, box_height = box if len(box) == 2 else (None, None)  # noqa: PLR2004
    if box_width and box_height:
        if width and not height:
            height = width * box_height / box_width
        elif height and not width:
            width = height * box_width / box_height
        elif not width:
            width, height = box_width, box_height
    return (width, height) if width and height else None


def _px(length: str | None) -> float | None:
    found = _LENGTH.fullmatch(length or "")
    unit = _UNITS.get(found[2].lower()) if found else None
    return float(found[1]) * unit if found and unit else None


def _written(root: etree._Element, size: tuple[float, float]) -> bytes:
    """The picture as UTF-8. Without a viewBox it could not be scaled, so it gets the one of its size."""
    if root.get("viewBox") is None:
        root.set("viewBox", f"0 0 {size[0]:g} {size[1]:g}")
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, with_tail=False)
