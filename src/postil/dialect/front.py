"""What a file says of itself before its text: YAML between lines of dashes, or pandoc's lines with a percent sign.

---                                 % The title
title: The title                    % An author; another
id: beginnings                      % 2026
---
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from postil.dialect.attributes import Attribute, AttributeList
from postil.source import Diagnostic, Source, Span

YAML: Final = re.compile(
    r"""---[ \t]*\n
    (?P<body> (?=[^\s\#][^\n]*:) .*?  # keys and values
      | (?:\#[^\n]*\n)+ (?=[\w-]+:) .*?  # remarks before them
      | [ \t]*\{\s*\}[ \t]*\n  # what a program leaves where all keys have been deleted
      | )
    ^(?:---|\.\.\.)[ \t]*$""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
TOML: Final = re.compile(r"\+\+\+[ \t]*\n(?:.*?\n)??\+\+\+[ \t]*$", re.DOTALL | re.MULTILINE)
PERCENT: Final = re.compile(r"%[ \t]+(?P<value>[^\n]*?)[ \t]*(?:\n|\Z)")
PERCENT_KEYS: Final = ("title", "author", "date")
INSTEAD: Final[Mapping[str, str]] = {
    "author": "name the authors of the book in book.toml, [[contributors]]; the author of a chapter below its title",
    "subtitle": "put it into the heading, behind a colon",
    "lang": "give the language of the book in book.toml; other words stand in '::: {lang=…}'",
    "abstract": "write it as the first paragraph of the chapter",
    "bibliography": "name the file in book.toml, [bibliography] sources",
    "csl": "name the style in book.toml, [bibliography] style",
    "date": "give the date of the book in book.toml",
}
"""What to do with that of which the book has no place in a chapter."""


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before a chapter's text: where it ends, the title, and the id and the role of its heading."""

    end: int
    title: Span | None
    attributes: AttributeList | None


def front(source: Source) -> tuple[Front | None, tuple[Diagnostic, ...]]:
    """What a file says of itself, if anything, and what of it the book does not have."""
    if found := YAML.match(source.text):
        values, faults = _values(source, found.start("body"), found.end("body"))
        end = found.end()
    elif PERCENT.match(source.text):
        values, end, faults = {}, 0, ()
        for key in PERCENT_KEYS:
            if line := PERCENT.match(source.text, end):
                values[key] = Span(*line.span("value"))
                end = line.end()
    elif found := TOML.match(source.text):
        hint = "write '---' for '+++' above it and below it, and a colon for each '='"
        return Front(found.end(), None, None), (source.diagnostic("P162", 0, "this front matter is TOML", hint),)
    else:
        return None, ()
    items = tuple(
        Attribute({"role": "class"}.get(key, key), source.text[values[key].start : values[key].end], values[key].start)
        for key in ("id", "role")
        if key in values
    )
    at = items[0].start if items else 0
    known = Front(end, values.get("title"), AttributeList(items, at, at) if items else None)
    return known, (*faults, *_left_out(source, values))


def _left_out(source: Source, values: Mapping[str, Span]) -> Iterator[Diagnostic]:
    for key, place in values.items():
        if key in INSTEAD:
            message = f"'{key}' of a chapter's front matter is not in the book"
            yield source.diagnostic("P163", place.start, message, INSTEAD[key])
        elif key not in {"title", "id", "role"}:
            message = f"'{key}' in a chapter's front matter says nothing here"
            yield source.diagnostic("P164", place.start, message, "these do: title, id, role")


def _values(source: Source, start: int, end: int) -> tuple[dict[str, Span], tuple[Diagnostic, ...]]:
    """The places of the values by their keys."""
    text = source.text[start:end]
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        at = min(start + (mark.index if mark else 0), end)
        hint = "put a value with a colon in it into quotation marks"
        return {}, (source.diagnostic("P162", at, "this front matter cannot be read", hint),)
    values: dict[str, Span] = {}
    faults: list[Diagnostic] = []
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if not isinstance(key, yaml.ScalarNode):
            continue
        place = Span(start + value.start_mark.index, start + value.end_mark.index)
        if isinstance(value, yaml.ScalarNode) and value.style in {'"', "'"}:
            place = Span(place.start + 1, place.end - 1)
        if key.value in {"title", "id", "role"} and (
            not isinstance(value, yaml.ScalarNode)
            or value.style in {"|", ">"}
            or "\n" in text[value.start_mark.index : value.end_mark.index]
        ):
            hint = "write it on one line"
            faults.append(source.diagnostic("P162", place.start, f"'{key.value}' is not words on one line", hint))
        elif value.value:
            values[key.value] = place
    return values, tuple(faults)
