"""Pictures that stand apart from the text: figures, rows of figures, and figures that have others for their parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from postil.dialect.attributes import AttributeList
from postil.document import Attributes, Element, Parsed, Text
from postil.source import Diagnostic, Source

ROW = "figures"
"""The class of pictures that stand side by side."""
LISTING = "listing"
OF_IMAGE = frozenset({"src", "alt", "width", "height"})
GROUPED = re.compile(r"fig[:-]")
"""How the id of a container of pictures begins in pandoc-crossref and in Quarto."""


def figure(image: Element[Parsed], caption: tuple[Element[Parsed], ...]) -> Element[Parsed]:
    """A picture apart from the text, with what is said below it. What is said of the picture holds for the figure."""
    of_image = tuple(pair for pair in image.attributes if pair[0] in OF_IMAGE)
    of_figure = dict(pair for pair in image.attributes if pair[0] not in OF_IMAGE | {"title", "caption"})
    # bookdown has the id of a figure in its caption
    of_caption = {"id": each.get("id") or "" for each in caption[:1] if each.get("id")}  # noqa: B035 -- one or none
    words = (each.without("id") for each in caption)
    attributes = tuple((of_caption | of_figure).items())
    return Element("figure", (replace(image, attributes=of_image), *words), attributes, image.span)


def listing(code: Element[Parsed], caption: Element[Parsed]) -> Element[Parsed]:
    """Code with a caption, which it stands below. What is said of the code holds for both."""
    whole = Element("figure", (caption.without("id"), replace(code, attributes=())), code.attributes, code.span)
    return _of_class(LISTING, whole)


def row(figures: tuple[Element[Parsed], ...], attributes: Attributes = ()) -> Element[Parsed]:
    """Figures side by side."""
    return _of_class(ROW, Element("div", figures, attributes, figures[0].span))


def is_group(attributes: AttributeList) -> bool:
    """Whether a container is one of pictures, by what is said of it."""
    grouped = GROUPED.match(attributes.get("id") or "") or attributes.get("columns")
    return bool(grouped) or ROW in attributes.classes


def group(container: Element[Parsed], source: Source) -> tuple[Element[Parsed], tuple[Diagnostic, ...]]:
    """A container of pictures as a row, several rows, or a figure with parts.

    Its last paragraph is the caption of the whole. Each paragraph of pictures is a row, as in pandoc-crossref; if the
    container is of the class `figures`, or says how many there are in a row, all of its pictures go on.
    """
    columns, whole = int(container.get("columns") or 0), container.without("columns")
    blocks = [block for block in container.children if not isinstance(block, Text)]
    caption: Element[Parsed] | None = None
    if blocks and _is(last := blocks[-1], "p"):
        caption = last
        blocks.pop()
    rows = [_figures(block) for block in blocks]
    if not rows or not all(rows):
        hint = "put pictures into it, and behind them at most one paragraph, the caption; or name another class"
        message = "this container of pictures has something else in it"
        return whole, (source.diagnostic("P503", container.span or 0, message, hint),)
    if columns or ROW in container.classes:
        every = tuple(each for some in rows for each in some)
        size = columns or len(every)
        rows = [every[at : at + size] for at in range(0, len(every), size)]
    return (_uncaptioned(whole, rows) if caption is None else _captioned(whole, rows, caption)), ()


def _uncaptioned(whole: Element[Parsed], rows: Sequence[tuple[Element[Parsed], ...]]) -> Element[Parsed]:
    if len(rows) == 1:
        return row(rows[0], whole.attributes)
    return replace(whole, children=tuple(map(row, rows))).without("class")


def _captioned(
    whole: Element[Parsed], rows: Sequence[tuple[Element[Parsed], ...]], caption: Element[Parsed]
) -> Element[Parsed]:
    words = Element("figcaption", caption.children, caption.attributes, caption.span)
    made = replace(whole, tag="figure", children=(*map(row, rows), words))
    (first, *others), *further = rows
    if others or further or first.get("id"):
        return _of_class(ROW, made)
    # the one picture of the figure: what is said of it in brackets is for those who cannot see it
    alone = replace(made, children=(*(child for child in first.children if not _is(child, "figcaption")), words))
    classes = whole.classes - {ROW} | first.classes
    return alone.having(class_=" ".join(sorted(classes))) if classes else alone.without("class")


def _figures(block: Parsed) -> tuple[Element[Parsed], ...]:
    """The figures that a block is, one or a row of them."""
    if _is(block, "figure"):
        return (block,)
    if _is(block, "div") and ROW in block.classes:
        return tuple(child for child in block.children if _is(child, "figure"))
    return ()


def _is(node: Parsed, tag: str) -> TypeGuard[Element[Parsed]]:
    return isinstance(node, Element) and node.tag == tag


def _of_class(name: str, element: Element[Parsed]) -> Element[Parsed]:
    return element.having(class_=" ".join((name, *sorted(element.classes - {name}))))


def in_sentences(elements: Iterable[Element[Parsed]], source: Source) -> Iterator[Diagnostic]:
    """The pictures in a sentence that were given a caption, for which there is no place."""
    for element in elements:
        if element.tag == "img" and element.get("caption"):
            hint = "put the picture into a paragraph of its own, with a blank line before it and behind it"
            yield source.diagnostic("P504", element.span or 0, "a picture in a sentence has no caption", hint)
