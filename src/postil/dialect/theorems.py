"""Theorems and what is set like them, as Quarto, bookdown and pandoc's filters have them.

`::: {#thm-line}` and `::: {.theorem #thm:line name="Line"}` begin one; so does a fence, ```` ```{theorem, line} ````.
Its name is an attribute, or a heading that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from postil.dialect.attributes import Attribute, AttributeList, read
from postil.dialect.blocks import Block, Container, Heading, Line
from postil.dialect.chunks import Chunk
from postil.document import THEOREMS, Element, Parsed, Theorem
from postil.source import Source, Span

_BY_PREFIX: Final = {each.prefix: each for each in THEOREMS.values()}
_PREFIX: Final = re.compile(r"([a-z]{3})[:-]")
UNNUMBERED: Final = "unnumbered"


def kind(attributes: AttributeList, named: Collection[str]) -> Theorem | None:
    """Which kind of statement a container is, by how its id begins or else by its class.

    A class is the writer's own if style sheets of the title have rules for what is `named` so.
    """
    found = _PREFIX.match(attributes.get("id") or "")
    if found and found[1] in _BY_PREFIX:
        return _BY_PREFIX[found[1]]
    return next((THEOREMS[name] for name in attributes.classes if name in THEOREMS and name not in named), None)


def stated(box: Container, theorem: Theorem, source: Source) -> Container:
    """A statement with its class, and with its name for a title."""
    given = box.attributes
    name = next((item.place for item in given.items if item.name == "name" and item.place), None)
    items = [item for item in given.items if item.name != "name"]
    blocks, title = box.blocks, box.title
    if name and name.start < name.end:
        title = Line(name.start, name.end)
    elif title is None and blocks and isinstance(heading := blocks[0], Heading):
        title, blocks = _words(heading, source), blocks[1:]
    if theorem.name not in given.classes:
        items.append(Attribute("class", theorem.name, given.start))
    prefix = _PREFIX.match(given.get("id") or "")
    if not theorem.counted and not (prefix and prefix[1] == theorem.prefix) and UNNUMBERED not in given.classes:
        items.append(Attribute("class", UNNUMBERED, given.start))
    return replace(box, blocks=blocks, attributes=replace(given, items=tuple(items)), title=title, named=False)


def of_form(box: Element[Parsed], theorem: Theorem) -> Element[Parsed]:
    """The element of a statement, with the classes of how it is set."""
    return box.having(class_=f"{box.get('class') or theorem.name} statement statement-{theorem.style}")


def _words(heading: Heading, source: Source) -> Line | None:
    """The words of a heading, without attributes at its end."""
    line = heading.lines[0]
    at = source.text.rfind("{", line.start, line.end)
    braces = read(source.text, at, line.end) if at >= 0 else None
    end = at if braces and braces.end == line.end else line.end
    words = source.text[line.start : end].rstrip()
    return Line(line.start, line.start + len(words)) if words else None


def of_chunk(chunk: Chunk, blocks: tuple[Block, ...], span: Span) -> Container | None:
    """The statement that a fence is around, if its braces say so."""
    theorem = THEOREMS.get(chunk.engine)
    if theorem is None:
        return None
    items = [Attribute("class", theorem.name, chunk.start)]
    if chunk.label:
        items.append(Attribute("id", f"{theorem.prefix}:{chunk.label}", chunk.start))
    if name := chunk.options.get("name"):
        items.append(Attribute("name", name.value, name.place.start, name.place))
    return Container(blocks, AttributeList(tuple(items), chunk.start, chunk.start), span)
