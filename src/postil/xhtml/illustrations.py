"""The figures that a list of illustrations has, and what it says of each."""

from __future__ import annotations

from typing import Final

from postil.document import Book, Caption, Resolved, Text, plain, walk
from postil.resolve import without_signs

FEWEST: Final = 4
"""From how many figures on there is a list of them: a reader finds fewer in the text."""


def illustrations(book: Book) -> tuple[Caption[Resolved], ...]:
    """The captions of the figures in a book that has a list of them, but for their parts; none in others."""
    captions = tuple(
        node
        for section in book.sections
        for node in walk(section.body)
        if isinstance(node, Caption) and node.series == "figure"
    )
    return captions if len(captions) >= FEWEST else ()


def listed_as(caption: Caption[Resolved]) -> Text:
    """A figure in the list of illustrations: its number, and the first sentence of its caption."""
    sentence = plain(without_signs(caption.children)).split(". ")[0].rstrip(".")
    return Text(f"{caption.label} {sentence}")
