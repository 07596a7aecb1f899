"""The raw HTML that a manuscript may contain: a short list of elements, each properly closed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from html.entities import html5

from postil.dialect.attributes import Attribute, allowed
from postil.document import Element, Parsed, Text
from postil.source import Diagnostic, Source, Span

INLINE: Mapping[str, str] = {
    "abbr": "an abbreviation; its title says it in full",
    "b": "words that catch the eye, in bold",
    "bdi": "words whose direction is kept from those around them",
    "bdo": "words in the direction that dir gives",
    "br": "the end of a line",
    "cite": "the title of a work",
    "code": "code, as it is typed",
    "dfn": "a term where it is defined",
    "em": "emphasis",
    "i": "words in another voice, in italics",
    "kbd": "what is typed on a keyboard",
    "q": "a short quotation, in quotation marks",
    "rp": "brackets around an rt, for what cannot set it above",
    "rt": "what stands above words in a ruby",
    "ruby": "words with their pronunciation above them",
    "s": "words that no longer hold, struck out",
    "samp": "what a program prints",
    "small": "small print",
    "span": "words, for a class or a language",
    "strong": "weight, in bold",
    "sub": "a subscript",
    "sup": "a superscript",
    "time": "a date or time; its datetime says it for programs",
    "u": "words that are underlined",
    "var": "a variable",
    "wbr": "where a long word may break",
}
"""The elements that may stand in a sentence, and what each is."""

BLOCK: Mapping[str, str] = {
    "blockquote": "a quotation",
    "caption": "the caption of a table, first in it",
    "col": "a column of a table",
    "colgroup": "columns of a table, as a group",
    "dd": "a definition, in a dl",
    "div": "blocks, for a class or a language",
    "dl": "a list of definitions",
    "dt": "a term that is defined, in a dl",
    "hr": "a break between paragraphs",
    "li": "an item of an ol or ul",
    "ol": "a numbered list",
    "p": "a paragraph",
    "pre": "text whose lines and spaces are kept",
    "table": "a table",
    "tbody": "the rows of a table",
    "td": "a cell",
    "tfoot": "the rows at a table's foot",
    "th": "a cell that heads a row or a column",
    "thead": "the rows at a table's head",
    "tr": "a row",
    "ul": "a list with bullets",
}
"""The elements that begin a line, and what each is."""

EMPTY = frozenset({"br", "col", "hr", "wbr"})

LINKS: Mapping[str, str] = {
    "a": "a link, as '[words](address)' is; with a name or an id alone, a place to which links lead",
    "img": "a picture, as '![alt](file)' is",
}
"""The elements that have a Markdown of their own, and are read as that."""
AROUND: Mapping[str, str] = {
    "article": "a container",
    "aside": "a container",
    "center": "the container 'center'",
    "details": "a box, whose summary is its title",
    "div": "a container",
    "figure": "a figure, whose figcaption is its caption",
    "section": "a container",
}
"""The elements with Markdown in them that begin and end a line, and what they are read as."""
CLASSES_OF: Mapping[str, str] = {"center": "center", "details": "note"}
"""The classes of the containers that some of them are read as."""
SUMMARY = re.compile(r"<summary\b[^<>]*>\s*(?P<words>[^\n]*?)\s*</summary>", re.IGNORECASE)
FIGCAPTION = re.compile(r"<figcaption\b[^<>]*>\s*(?P<words>.*?)\s*</figcaption>", re.IGNORECASE | re.DOTALL)
REMEDIES: Mapping[str, str] = {
    **dict.fromkeys(("iframe", "video", "audio", "embed", "object"), "a book cannot play it: write a link to it"),
    **dict.fromkeys(
        ("script", "style", "link", "meta"), "leave it out: how a book looks is said in the title's styles/"
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "write a heading, as in '## Words'"),
    **dict.fromkeys(("del", "strike"), "write '~~words~~'; or '{--words--}' for a deletion that an editor proposes"),
    "ins": "write '{++words++}' for an insertion that an editor proposes, or '<u>words</u>'",
    "mark": "write '{==words==}' with an annotation behind it",
    "font": "give the words a class, as in '[words]{.name}', and say in the title's styles/ how that looks",
    "input": "write a task as '- [ ] words'",
    "svg": "write the drawing into a file, and '![what it shows](file.svg)'",
    "math": "write it in TeX, as in '$x^2$'",
}
"""What to write instead of elements that are not allowed."""

DEPTH = 32  # of elements in one another

NAME = r"[A-Za-z][A-Za-z0-9-]*"
TAG = re.compile(
    rf"""<(?P<close>/?)(?P<name>{NAME})
    (?P<attributes>(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'=<>`]+))?)*)\s*(?P<empty>/?)>""",
    re.VERBOSE,
)
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# The characters of XML, without the controls.
CHARACTERS = (range(0x9, 0xB), range(0x20, 0x7F), range(0xA0, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
REFERENCE = re.compile(
    r"&(?:\#(?P<decimal>[0-9]{1,7})|\#[xX](?P<hex>[0-9A-Fa-f]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A raw HTML block: an element, where it ends, and what is wrong with it."""

    element: Element[Parsed]
    end: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """Raw HTML that is not well formed. `openers` are the offsets of the start tags that have no end tag."""

    diagnostics: tuple[Diagnostic, ...]
    openers: frozenset[int]


@dataclass(slots=True)
class _Open:
    """An element whose end tag has not come yet."""

    tag: re.Match[str]
    children: list[Parsed]


def decoded(reference: re.Match[str]) -> str | None:
    """The text of a character reference, `&mdash;` or `&#8212;`, or None if it names no character of XML."""
    if name := reference["name"]:
        return html5.get(f"{name};")
    point = int(reference["decimal"]) if reference["decimal"] else int(reference["hex"], 16)
    return chr(point) if any(point in range_ for range_ in CHARACTERS) else None


def known(tag: re.Match[str], source: Source) -> Diagnostic | None:
    """What is wrong with an element's name, if it is none of those that are allowed."""
    name = tag["name"].lower()
    if name in INLINE or name in BLOCK:
        return None
    as_text = (
        "write a backslash before the '<' if it is meant as text; 'postil help dialect' lists the elements that are"
    )
    message = f"the element '{name}' is not allowed"
    return source.diagnostic("P110", tag.start(), message, REMEDIES.get(name, as_text))


def misplaced(tag: re.Match[str], source: Source) -> Diagnostic | None:
    """What is wrong with a tag in the middle of a text, if it may not stand there."""
    name = tag["name"].lower()
    if name in INLINE:
        return None
    if name in BLOCK:
        hint = "begin a line with it, after a blank one"
        return source.diagnostic("P110", tag.start(), f"the element '{name}' cannot stand inside a paragraph", hint)
    return known(tag, source)


def element(tag: re.Match[str], source: Source) -> tuple[Element[Parsed], tuple[Diagnostic, ...]]:
    """The element that a start tag begins, still empty, and what is wrong with its attributes."""
    attributes, wrong = allowed(given(tag, source), tag["name"].lower(), source)
    return Element(tag["name"].lower(), (), attributes, Span(*tag.span())), wrong


def given(tag: re.Match[str], source: Source) -> tuple[Attribute, ...]:
    """The attributes of a start tag; each class is one, as in an attribute list."""
    found = [
        Attribute(each[1].lower(), unescape(each[2] or each[3] or each[4] or ""), each.start())
        for each in ATTRIBUTE.finditer(source.text, *tag.span("attributes"))
    ]
    return tuple(
        replace(each, value=word)
        for each in found
        for word in (each.value.split() if each.name == "class" else (each.value,))
    )


def end_tags(source: Source) -> Mapping[int, re.Match[str]]:
    """The tags that end the elements which can be around Markdown, by the offsets of their start tags."""
    ends: dict[int, re.Match[str]] = {}
    opened: dict[str, list[int]] = {name: [] for name in AROUND}
    for start, _, tag in _tags(source.text, 0, len(source.text)):
        waiting = None if tag is None else opened.get(tag["name"].lower())
        if tag is None or waiting is None or tag["empty"]:
            continue
        if not tag["close"]:
            waiting.append(start)
        elif waiting:
            ends[waiting.pop()] = tag
    return ends


def block(source: Source, start: int, end: int) -> Block | Unbalanced | None:
    """The raw HTML block that begins with a start tag at `start`; None if no block element is there."""
    first = TAG.match(source.text, start, end)
    if not first or first["close"] or first["name"].lower() not in BLOCK:
        return None
    stack: list[_Open] = []
    wrong: list[Diagnostic] = []
    at = start
    for begin, until, tag in _tags(source.text, start, end):
        if stack:
            stack[-1].children += _text(source.text, at, begin)
        at = until
        if tag is None:
            continue
        if fault := known(tag, source):
            wrong.append(fault)
            stack[-1].children.append(Text(tag.group(), ((0, begin),)))
            continue
        if fault := _misplaced_here(tag, stack, source):
            return Unbalanced((fault,), frozenset(open_.tag.start() for open_ in stack))
        if not tag["close"]:
            stack.append(_Open(tag, []))
            if not tag["empty"] and tag["name"].lower() not in EMPTY:
                continue
        done = stack.pop()
        made, faults = element(done.tag, source)
        wrong += faults
        made = Element(made.tag, tuple(done.children), made.attributes, Span(done.tag.start(), at))
        if not stack:
            return Block(made, at, tuple(wrong))
        stack[-1].children.append(made)
    faults = tuple(
        source.diagnostic("P112", open_.tag.start(), f"'<{open_.tag['name']}>' is never closed", "add its end tag")
        for open_ in stack
    )
    return Unbalanced(faults, frozenset(open_.tag.start() for open_ in stack))


def _misplaced_here(tag: re.Match[str], stack: list[_Open], source: Source) -> Diagnostic | None:
    """What is wrong with a tag where these elements are open."""
    if not tag["close"]:
        if len(stack) < DEPTH:
            return None
        return source.diagnostic("P151", tag.start(), "this is nested too deep", "elements can nest less deep")
    innermost = stack[-1].tag["name"]
    if innermost.lower() == tag["name"].lower():
        return None
    message = f"'</{tag['name']}>' closes nothing that is open here"
    return source.diagnostic("P112", tag.start(), message, f"close '{innermost}' first")


def _tags(text: str, start: int, end: int) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """Where each tag and each comment begins and ends; with the tag."""
    last = text.rfind("-->", start, end)
    at = text.find("<", start, end)
    while at >= 0:
        step = at + 1
        if tag := TAG.match(text, at, end):
            step = tag.end()
            yield at, step, tag
        elif at < last and text.startswith("<!--", at):
            step = text.find("-->", at) + 3
            yield at, step, None
        at = text.find("<", step, end)


def _text(text: str, start: int, end: int) -> Iterator[Text]:
    """The text between two tags, character references resolved."""
    at = start
    for found in REFERENCE.finditer(text, start, end):
        if value := decoded(found):
            if at < found.start():
                yield Text(text[at : found.start()], ((0, at),))
            yield Text(value, ((0, found.start()),))
            at = found.end()
    if at < end:
        yield Text(text[at:end], ((0, at),))
