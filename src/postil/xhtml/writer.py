"""Markup written down as XHTML: the one place where elements and words become characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from postil.document import Attributes, Composed, Text

VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "wbr"})
"""The elements that hold nothing, and have no end tag."""


def written(nodes: Iterable[Composed]) -> str:
    """Elements and words as well-formed XHTML, with the prefix `epub` for the names of EPUB."""
    return "".join(_written(nodes))


def _written(nodes: Iterable[Composed]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            yield escape(node.value, quote=False)
        elif node.tag in VOID:
            yield f"<{node.tag}{_attributes(node.attributes)}/>"
        else:
            # never in short, as <a/>: that is a tag left open to whatever reads XHTML as HTML
            yield f"<{node.tag}{_attributes(node.attributes)}>"
            yield from _written(node.children)
            yield f"</{node.tag}>"


def _attributes(pairs: Attributes) -> str:
    """Attributes, each with a space before it; a language is given twice, as XML wants it too."""
    named = dict(pairs)
    if "lang" in named:
        named["xml:lang"] = named["lang"]
    return "".join(f' {name}="{escape(value)}"' for name, value in named.items())
