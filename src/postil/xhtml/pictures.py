"""How large pictures are, and how those in a row share it: lengths that a style sheet cannot know, as `style`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from postil.document import WRITTEN, Element, Form, Image, Resolved

BESIDE: Final = "45%"
"""How much of the text's width a picture takes that has text beside it, unless the manuscript says how much."""
FEWEST: Final = 1.5
"""How many times as wide as high a row of pictures is at least: two that are tall and narrow do not fill a page."""
NOT_OUTPUT: Final = frozenset({"width", "height", "caption"})
"""What is said of a picture and is no attribute of XHTML."""


def sized(node: Element[Resolved], images: Mapping[str, Image]) -> Element[Resolved]:
    """A picture, a figure beside text or a row of figures with the lengths that it has."""
    forms = {WRITTEN[name] for name in node.classes if name in WRITTEN}
    if node.tag == "img":
        return _styled(_bare(node), _lengths(node))
    if node.tag == "figure" and Form.BESIDE in forms:
        return _beside(node, images)
    if node.tag == "div" and Form.FIGURES in forms:
        return _styled(_row(node, images), {"width": BESIDE} if Form.BESIDE in forms else {})
    return _from_the_first_line(node) if node.tag == "p" else node


def _beside(figure: Element[Resolved], images: Mapping[str, Image]) -> Element[Resolved]:
    """A figure beside text, which is no wider than its picture is."""
    image = _image(figure)
    if image is None:
        return _styled(figure, {"width": BESIDE})
    natural, given = images.get(image.get("src") or ""), _lengths(image)
    most = {"max-width": f"{natural.width:g}px"} if natural and natural.width else {}
    width = {"width": given.pop("width")} if "width" in given else {"width": BESIDE} | most
    return _styled(_with_image(figure, _styled(_bare(image), given)), width)


def _from_the_first_line(paragraph: Element[Resolved]) -> Element[Resolved]:
    """A paragraph with its pictures beside all of it: in the middle of a line they would stand upon its words."""
    beside = tuple(child for child in paragraph.children if isinstance(child, Element) and _is_beside(child))
    if not beside:
        return paragraph
    return replace(paragraph, children=(*beside, *(child for child in paragraph.children if child not in beside)))


def _is_beside(node: Element[Resolved]) -> bool:
    return node.tag == "img" and any(WRITTEN.get(name) is Form.BESIDE for name in node.classes)


def _row(row: Element[Resolved], images: Mapping[str, Image]) -> Element[Resolved]:
    """Figures side by side: where the manuscript does not say how wide they are, they become equally tall."""
    figures = [child for child in row.children if isinstance(child, Element) and child.tag == "figure"]
    shapes = [_shape(figure, images) for figure in figures]
    whole = max(FEWEST, sum(shapes))
    styled = {}
    for figure, shape in zip(figures, shapes, strict=True):
        image = _image(figure)
        given = {} if image is None else _lengths(image)
        width = given.pop("width", f"{100 * shape / whole:.4g}%")
        inside = figure if image is None else _with_image(figure, _styled(_bare(image), given))
        styled[figure] = _styled(inside, {"flex": f"0 1 {width}", "width": width})
    return replace(row, children=tuple(styled.get(c, c) if isinstance(c, Element) else c for c in row.children))


def _shape(figure: Element[Resolved], images: Mapping[str, Image]) -> float:
    """How many times as wide as high a picture is."""
    image = _image(figure)
    natural = images.get(image.get("src") or "") if image is not None else None
    return natural.width / natural.height if natural and natural.width and natural.height else 1.0


def _lengths(image: Element[Resolved]) -> dict[str, str]:
    """The lengths that the manuscript gives; a number without a unit counts pixels, as in HTML."""
    given = {name: image.get(name) for name in ("width", "height")}
    return {name: f"{length}px" if length[-1].isdigit() else length for name, length in given.items() if length}


def _image(figure: Element[Resolved]) -> Element[Resolved] | None:
    return next((child for child in figure.children if isinstance(child, Element) and child.tag == "img"), None)


def _with_image(figure: Element[Resolved], image: Element[Resolved]) -> Element[Resolved]:
    old = _image(figure)
    return replace(figure, children=tuple(image if child is old else child for child in figure.children))


def _bare(image: Element[Resolved]) -> Element[Resolved]:
    return replace(image, attributes=tuple(pair for pair in image.attributes if pair[0] not in NOT_OUTPUT))


def _styled(node: Element[Resolved], lengths: Mapping[str, str]) -> Element[Resolved]:
    style = "; ".join(f"{name}: {length}" for name, length in lengths.items())
    return node.having(style=style) if style else node
