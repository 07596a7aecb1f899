"""The tree of boxes: walking it, and what its boxes say about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from postil.pdf.fragment import Rect

PX = 4 / 3
"""CSS pixels in a point."""

Box = Any


def walk(box: Box) -> Iterator[Box]:
    """A box and all below it, in the order of the document."""
    rest = [box]
    while rest:
        box = rest.pop()
        yield box
        rest.extend(reversed(tuple(box.all_children())))


def lines(box: Box) -> Iterator[Box]:
    """The lines below a box, each followed by those of blocks within it."""
    return (each for each in walk(box) if isinstance(each, boxes.LineBox))


def baseline(line: Box) -> float:
    """How far down the page a line's baseline is, in points."""
    return float((line.position_y + line.baseline) / PX)


def rect(box: Box) -> Rect:
    """Where a box is, with its padding and border."""
    x, y = box.border_box_x() / PX, box.border_box_y() / PX
    return Rect(x, y, x + box.border_width() / PX, y + box.border_height() / PX)


def rect_of_line(line: Box) -> Rect:
    """Where a line is: as wide as what stands on it.

    Lines and inline boxes that dots fill up, in a contents from right to left, say wrong what they take.
    """
    y = line.position_y / PX
    inside = list(_atoms(line))
    left = min((each.position_x for each in inside), default=line.position_x)
    right = max((each.position_x + each.margin_width() for each in inside), default=line.position_x + line.width)
    return Rect(left / PX, y, right / PX, y + line.height / PX)


def _atoms(box: Box) -> Iterator[Box]:
    """What stands on a line or in an inline box and is not an inline box itself."""
    for child in box.children:
        if isinstance(child, boxes.InlineBox):
            yield from _atoms(child)
        elif child.is_in_normal_flow():
            yield child


def name(box: Box) -> str | None:
    """The id of the element that a box was made for."""
    found: str | None = None if box.element is None else box.element.get("id")
    return found


def has_words(line: Box) -> bool:
    """Whether a line has words or a picture on it."""
    return any(isinstance(each, boxes.TextBox) and each.text.strip() for each in walk(line)) or any(
        isinstance(each, boxes.ReplacedBox) for each in walk(line)
    )


def own_words(box: Box) -> Iterator[Box]:
    """The boxes of text of an element of the title on a line, but not on the lines of blocks within it."""
    for child in box.children:
        if isinstance(child, boxes.TextBox) and child.element is not None:
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from own_words(child)


def part_spaces(box: Box) -> None:
    """Give the space at the end of a run of text a box of its own.

    A run that fits its line without that space and not with it is otherwise broken after its first word. The box adds
    nothing to the width of the space: where it does, WeasyPrint sets a sign of no width behind the space, and no longer
    takes it off the end of a line.
    """
    if not isinstance(box, boxes.ParentBox):
        return
    children = []
    for child in box.children:
        part_spaces(child)
        children.append(child)
        if (
            isinstance(child, boxes.TextBox)
            and (words := child.text.rstrip(" \N{NO-BREAK SPACE}")) != child.text
            and words
        ):
            space = child.copy()
            child.text, space.text = words, child.text[len(words) :]
            space.style = _of_spaces(child.style)
            children.append(space)
    box.children = children


def _of_spaces(style: Any) -> Any:
    """A style for spaces by themselves, which is the same for all spaces of a style."""
    if not hasattr(style, "of_spaces"):
        style.of_spaces = style.copy()
        style.of_spaces["word_spacing"] = 0
    return style.of_spaces
