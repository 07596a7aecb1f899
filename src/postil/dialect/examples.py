"""Examples, which are counted through the whole book, and references to them by their labels; both as pandoc has them.

An example is an item of a list, `(@good) Colourless green ideas sleep furiously.`, and `(@good)` in a sentence is its
number. So is `@good`, which is also how a work is cited: only all chapters together say which of the two it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from postil.document import Chapter, Citation, CrossReference, Element, Parsed, rewritten
from postil.source import Diagnostic, Source

EXAMPLES = "examples"
"""The class of a list of them."""
Beside = TypeVar("Beside")


def identifier(label: str) -> str:
    """The id of the example that has a label."""
    return f"example-{label}"


def referred(
    chapters: Sequence[tuple[Chapter[Parsed], Beside]],
) -> tuple[list[tuple[Chapter[Parsed], Beside]], tuple[Diagnostic, ...]]:
    """The chapters of a title, each with what stands beside it, with references to examples for what looks like one.

    `@good` cites a work, unless an example in any of the chapters has that label. Of two with one label, the first
    keeps it.
    """
    found: list[Diagnostic] = []
    labelled: set[str] = set()
    once = [
        (rewritten(chapter, partial(_once, labelled, found, chapter.source)), beside) for chapter, beside in chapters
    ]
    led = partial(_led, labelled)
    return [(rewritten(chapter, led), beside) for chapter, beside in once] if labelled else once, tuple(found)


def _once(labelled: set[str], found: list[Diagnostic], source: Source, node: Parsed) -> tuple[Parsed, ...] | None:
    """A list of examples without the ids of those whose labels have been given before."""
    if not isinstance(node, Element) or node.tag != "ol" or EXAMPLES not in node.classes:
        return None
    items: list[Parsed] = []
    for item in node.children:
        name = item.get("id") if isinstance(item, Element) else None
        if isinstance(item, Element) and name in labelled:
            message = "another example has the same label, and references lead to that one"
            hint = "give this one a label of its own, or none: '(@)'"
            found.append(source.diagnostic("P306", item.span or 0, message, hint))
            item = item.without("id")  # noqa: PLW2901 -- what stands in its place
        elif name:
            labelled.add(name)
        items.append(item)
    return (replace(node, children=tuple(items)),)


def _led(labelled: set[str], node: Parsed) -> tuple[Parsed, ...] | None:
    """A reference to an example for a citation that says no more than its label."""
    match node:
        case Citation(cites=(cite,), in_text=True) if identifier(cite.key) in labelled:
            if not (cite.prefix or cite.locator or cite.suffix or cite.suppress_author):
                return (CrossReference(identifier(cite.key), "bare", cite.span),)
    return None
