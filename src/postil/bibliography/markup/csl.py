"""The markup of CSL, a little HTML, as titles have it in CSL-JSON, notes on entries, and answers of citeproc-js."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from lxml import etree

from postil.bibliography.markup.inlines import Json, nodes
from postil.document import Text, Words

KINDS = {"i": "Emph", "b": "Strong", "sup": "Superscript", "sub": "Subscript"}
STYLES = {"font-variant:small-caps;": "SmallCaps", "text-decoration:underline;": "Underline"}
TAGS = {
    "Emph": ("<i>", "</i>"),
    "Strong": ("<b>", "</b>"),
    "Superscript": ("<sup>", "</sup>"),
    "Subscript": ("<sub>", "</sub>"),
    "SmallCaps": ('<span style="font-variant:small-caps;">', "</span>"),
}
# the tags of CSL-JSON, in a text whose "<", ">" and quotation marks are all escaped
ESCAPED_TAG = re.compile(
    r"&lt;(/?(?:i|b|sub|sup|span)|span (?:class=&quot;nocase&quot;|style=&quot;font-variant:\s*small-caps;&quot;))&gt;"
)
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def inlines(markup: str) -> list[Json]:
    """Well-formed markup as pandoc's inline content. Raises ValueError for any other."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return list(_inlines(etree.fromstring(f"<div>{markup}</div>", parser)))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None


def _inlines(element: etree._Element) -> Iterator[Json]:
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


def marked_up(content: Iterable[Json]) -> str:
    """Pandoc's inline content in the markup of CSL-JSON: `<span class="nocase">` is around words that keep capitals."""
    return "".join(map(_marked_up, content))


def _marked_up(inline: Json) -> str:
    content: Any = inline.get("c")
    opening, closing = TAGS.get(inline["t"], ("", ""))
    match inline["t"]:
        case "Str":
            return str(content)
        case "Span" if content[0][1] in ([], ["nocase"]):
            # a span without a class is what pandoc makes of braces in BibTeX
            opening, closing, content = '<span class="nocase">', "</span>", content[1]
        case "Quoted":
            (opening, closing), content = "‘’" if content[0]["t"] == "SingleQuote" else "“”", content[1]
        case "Span" | "Link" | "Cite":
            content = content[1]
        case "Code" | "Math" | "RawInline":
            return str(content[1])
        case kind if kind not in TAGS:
            return " "
    return f"{opening}{marked_up(content)}{closing}"


def paragraphs(text: str) -> tuple[tuple[Words, ...], ...]:
    """The paragraphs of a note on an entry, parted by blank lines. What is not CSL's markup in it is words."""
    return tuple(_paragraph(part.strip()) for part in BLANK_LINE.split(text) if part.strip())


def _paragraph(text: str) -> tuple[Words, ...]:
    allowed = ESCAPED_TAG.sub(lambda tag: f"<{tag[1].replace('&quot;', chr(34))}>", escape(text))
    try:
        return nodes(inlines(allowed))
    except ValueError:
        return (Text(text),)
