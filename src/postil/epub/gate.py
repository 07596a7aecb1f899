"""The last gate before the container: only markup that is at rest and stays inside the book gets through.

The dialect lets through no active markup; here nothing relies on that. What the gate refuses is a bug upstream or an
attack, so it says what and where, and the book is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2
from lxml import etree

from postil.document import Markup, elements, said

_ELEMENTS = frozenset(
    "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup data dd del dfn div dl dt em "  # noqa: SIM905 - words
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol p pre q rp rt ruby "
    "s samp section small span strong sub sup table tbody td tfoot th thead time tr u ul var wbr".split()
)
_MATHS = frozenset(
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd "  # noqa: SIM905 - words
    "mtext mtr munder munderover".split()
)
_SVG_ACTIVE = frozenset(
    {"script", "foreignObject", "handler", "listener", "animate", "animateTransform", "animateMotion", "set"}
)
_LINKS = frozenset({"href", "cite"})
_FETCHED = frozenset({"action", "background", "data", "formaction", "longdesc", "ping", "poster", "srcset", "usemap"})
# what XML 1.0 has no way to say, and how it spells a name (as far as XHTML needs it)
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"(?:[A-Za-z][\w-]*:)?[A-Za-z_][\w.-]*")
DEEPEST = 250
"""How deep elements may be in one another: at 256 libxml2, with which most reading systems read, gives up."""
_SCHEMES = frozenset({"http", "https", "mailto", "doi", "urn"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_FETCHING = frozenset({"url", "src", "image", "image-set"})  # functions of CSS


class NotXmlError(ValueError):
    """Markup that is not well-formed XML; its text says why."""


def parse(markup: str | bytes) -> etree._Element:
    """The markup as a tree, without comments and processing instructions.

    Entities are not expanded, nothing outside is read. Raises `NotXmlError`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(markup.encode() if isinstance(markup, str) else markup, parser)
    except etree.XMLSyntaxError as error:
        raise NotXmlError(str(error.msg)) from None
    if any(node.tag is etree.Entity for node in root.iter()):
        raise NotXmlError("it has entities of its own")
    return root


def unwritable(section: Markup) -> Iterator[str]:
    """What of a part cannot be written as XML that can be read again, in words that follow "it has"."""
    level = [section]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element.elements]
    if level:
        yield f"elements in one another more than {DEEPEST} deep"
        return
    for text in said((section,)):
        yield from _unwritable(text)
    for element in elements((section,)):
        for name, value in element.attributes:
            if not _NAME.fullmatch(name):
                yield f"an attribute that is called '{name}'"
            yield from _unwritable(value)


def _unwritable(text: str) -> Iterator[str]:
    if character := _UNWRITABLE.search(text):
        yield f"the character U+{ord(character[0]):04X}"


def faults(section: Markup) -> Iterator[str]:
    """What of a part must not reach a reader, in words that follow "it has"."""
    for element in elements((section,)):
        if element.tag not in _ELEMENTS and element.tag not in _MATHS:
            yield f"an element '{element.tag}'"
            continue
        for attribute, value in element.attributes:
            yield from _attribute_faults(element.tag, attribute.rpartition(":")[2], value)


def svg_faults(root: etree._Element) -> Iterator[str]:
    """The same for a picture: what runs in it, or is fetched from outside it."""
    for element in root.iter():
        name = etree.QName(element).localname
        if name in _SVG_ACTIVE:
            yield f"an element '{name}'"
        elif name == "style":
            yield from style_faults("".join(map(str, element.itertext())))
        for attribute, value in element.attrib.items():
            local, text = etree.QName(str(attribute)).localname, str(value)
            if local.lower().startswith("on"):
                yield f"an event handler '{local}'"
            elif local in {"href", "src"} and not text.startswith(("#", "data:image/")):
                yield f"a link to '{text}'"


def style_faults(css: str) -> Iterator[str]:
    """What a style sheet would fetch. A place in the same file, such as an SVG gradient, is not fetched."""
    return _fetches(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def scheme(url: str) -> str | None:
    """The scheme of a URL as a browser reads it: control characters and spaces within do not hide it."""
    found = _SCHEME.match("".join(c for c in url if c > " ").lower())
    return found and found[1]


def _attribute_faults(element: str, attribute: str, value: str) -> Iterator[str]:
    if attribute.lower().startswith("on"):
        yield f"an event handler '{attribute}'"
    elif attribute in _FETCHED or (attribute == "src" and element != "img"):
        yield f"an attribute '{attribute}' on '{element}'"
    elif attribute in _LINKS and (found := scheme(value)) and found not in _SCHEMES:
        yield f"a URL with the scheme '{found}'"
    elif attribute == "style":
        yield from _fetches(tinycss2.parse_declaration_list(value))


def _fetches(nodes: Iterable[Any]) -> Iterator[str]:
    rest = list(nodes)
    while rest:
        node = rest.pop()
        if node.type == "at-rule" and node.lower_at_keyword == "import":
            yield "an '@import'"
        elif (node.type == "url" and not node.value.startswith("#")) or (
            node.type == "function" and node.lower_name in _FETCHING
        ):
            yield f"a '{node.serialize()}' in its style"
        for inside in ("prelude", "content", "value", "arguments"):
            rest += found if isinstance(found := getattr(node, inside, None), list) else ()
