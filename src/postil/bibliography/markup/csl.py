"""The markup of CSL, a little HTML, that titles have in CSL-JSON, notes on entries, and the answers of citeproc-js."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lxml import etree

from postil.bibliography.markup import inlines as tree
from postil.document import Node, Text

KINDS = {"i": "Emph", "b": "Strong", "sup": "Superscript", "sub": "Subscript"}
STYLES = {"font-variant:small-caps;": "SmallCaps", "text-decoration:underline;": "Underline"}
ALLOWED = re.compile(
    r"&lt;(/?(?:i|b|sub|sup|span)|span (?:class=&quot;nocase&quot;|style=&quot;font-variant:\s*small-caps;&quot;))&gt;"
)
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def inlines(markup: str) -> list[tree.Json]:
    """Well-formed markup as pandoc has it; raises ValueError for any other."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return list(_inlines(etree.fromstring(f"<div>{markup}</div>", parser)))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None


def paragraphs(text: str) -> tuple[tuple[Node, ...], ...]:
    """A note on an entry: paragraphs, parted by blank lines, with the markup of CSL; any other markup is words."""
    return tuple(_paragraph(part.strip()) for part in BLANK_LINE.split(text) if part.strip())


def _paragraph(text: str) -> tuple[Node, ...]:
    allowed = ALLOWED.sub(lambda tag: f"<{tag[1].replace('&quot;', chr(34))}>", escape(text))
    try:
        return tree.nodes(inlines(allowed))
    except ValueError:
        return (Text(text),)


def _inlines(element: etree._Element) -> Iterator[tree.Json]:
    if element.text and not _is_layout(element.text):
        yield {"t": "Str", "c": element.text}
    for child in element:
        inside = list(_inlines(child))
        kind = KINDS.get(child.tag) or STYLES.get(child.get("style", "").replace(" ", ""))
        if kind:
            yield {"t": kind, "c": inside}
        elif child.tag == "a":
            yield {"t": "Link", "c": [["", [], []], inside, [child.get("href", ""), ""]]}
        else:
            upright = child.get("style") == "font-style:normal;"
            yield {"t": "Span", "c": [["", ["csl-no-emph"] if upright else child.get("class", "").split(), []], inside]}
        if child.tail and not _is_layout(child.tail):
            yield {"t": "Str", "c": child.tail}


def _is_layout(text: str) -> bool:
    """Whether text only indents the markup."""
    return "\n" in text and text.isspace()
