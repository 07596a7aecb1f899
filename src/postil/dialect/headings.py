"""The ids and the levels of a chapter's headings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import assert_never

from postil.dialect.attributes import HEADINGS
from postil.document import (
    Change,
    Chapter,
    Citation,
    CrossReference,
    Element,
    Formula,
    Highlight,
    IndexTerm,
    NoteCall,
    Parsed,
    Point,
    Text,
    rewrite,
    walk,
)
from postil.source import Diagnostic, Source


def with_ids(
    body: tuple[Parsed, ...], given: Iterable[str], source: Source
) -> tuple[tuple[Parsed, ...], tuple[Diagnostic, ...]]:
    """The blocks of a chapter, each heading with an id, and an error for each level that is skipped.

    The ids that are `given` in the chapter, wherever in it, are left to those that have them.
    """
    taken = dict.fromkeys(given, 1)  # ids, with the number of the last that was made from each
    wrong: list[Diagnostic] = []
    level = 1

    def change(node: Parsed) -> tuple[Parsed, ...] | None:
        nonlocal level
        if not isinstance(node, Element) or node.tag not in HEADINGS:
            return None
        before, level = level, int(node.tag[1])
        if level > before + 1 and node.span:
            hint = f"use '{'#' * (before + 1)}' here"
            message = f"a heading of level {level} follows one of level {before}"
            line = source.text.rfind("\n", 0, node.span.start) + 1
            wrong.append(source.diagnostic("P140", line, message, hint))
        if node.get("id"):
            return None
        return (replace(node.having(id=_unique(slug(_final(node.children)), taken)), named=True),)

    return rewrite(body, change), tuple(wrong)


def openings(chapter: Chapter[Parsed]) -> Iterator[Diagnostic]:
    """What is wrong with a chapter's headings: there is none, or a second one, or one without words."""
    source = chapter.source
    headings = [node for node in walk(chapter.body) if isinstance(node, Element) and node.tag in HEADINGS]
    for heading in headings:
        if not _final(heading.children).strip() and not any(_is_picture(node) for node in walk(heading.children)):
            hint = "give it words, or delete its line; a break between paragraphs is '* * *'"
            yield source.diagnostic("P141", heading.span or 0, "this heading has no words", hint)
    chapters = [heading for heading in headings if heading.tag == "h1"]
    if chapter.body and not chapters:
        at = next((node.span for node in walk(chapter.body) if not isinstance(node, Text) and node.span), 0)
        first = next(iter(headings), None)
        if first and first is next((node for node in chapter.body if isinstance(node, Element)), None):
            hint = f"if the heading that it begins with is its title, write '#' for '{'#' * int(first.tag[1])}'"
        else:
            hint = f"begin it with its title, '# {_called(source.path)}'; the contents have no other name for it"
        yield source.diagnostic("P142", at, "this chapter has no title", hint)
    for heading in chapters[1:]:
        hint = "part the file in two before it, or write '##'"
        yield source.diagnostic("P143", heading.span or 0, "a second chapter begins in this file", hint)


def _called(path: str) -> str:
    """What a file's name calls a chapter: 'Trees' for '2 - Trees.md', '…' for '02.md'."""
    return PurePosixPath(path).stem.lstrip("0123456789 .-_").replace("_", " ") or "…"


def _is_picture(node: Parsed) -> bool:
    return isinstance(node, Element) and node.tag == "img"


def slug(words: str) -> str:
    """An id made from words: their letters and digits, of any script, in lower case."""
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in words.lower())
    made = "-".join(kept.split())
    return made if made[:1].isalpha() else f"section-{made}".rstrip("-")


def _unique(name: str, taken: dict[str, int]) -> str:
    result = name
    while result in taken:
        taken[name] += 1
        result = f"{name}-{taken[name]}"
    taken[result] = 1
    return result


def _final(nodes: Iterable[Parsed]) -> str:
    """The words as they will read once every change is made."""
    words: list[str] = []
    for node in nodes:
        match node:
            case Text(value):
                words.append(value)
            case Formula():
                words.append(node.tex.value)
            case Element(tag="br"):
                words.append(" ")
            case Change():
                words.append(_final(node.inserted or ()))
            case Element() | Highlight() | IndexTerm():
                words.append(_final(node.children))
            case Point() | NoteCall() | Citation() | CrossReference():
                pass
            case _:
                assert_never(node)
    return "".join(words)
