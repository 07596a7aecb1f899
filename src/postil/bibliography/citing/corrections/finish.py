"""What is corrected in the answer of an engine, whichever it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from postil.bibliography.citing.corrections.guides import MLA
from postil.bibliography.citing.corrections.presentation import TRANSLATION
from postil.bibliography.citing.punctuation import stops_inside
from postil.bibliography.citing.question import Answer
from postil.bibliography.style.file import Style
from postil.document import Element, Text, Words, WorkLink, plain, rewrite

AMERICAN = ("chicago", "turabian", MLA)
HYPHEN = "\N{NON-BREAKING HYPHEN}"
UNBROKEN = re.compile(rf"([^\s(),;]*{HYPHEN}[^\s(),;]*[^\s(),;.:])")
# a style that has stops behind quotation marks, wherever it comes from
OUTSIDE = b'punctuation-in-quote="false"'
INVERTED = re.compile(r"^([^,]+, [^,]+) et al\b")


def finished(answer: Answer, items: Sequence[Mapping[str, object]], style: Style, locale: str) -> Answer:
    """An answer as the style guides want it, where no engine makes it so. `items` are the works that it cites."""
    answer = _rewritten(_listed(answer, items), _translations_outside(items))
    answer = _rewritten(answer, _unbroken)
    if locale == "en-US" and OUTSIDE not in style.data:
        answer = _throughout(answer, stops_inside)
    if not style.name.startswith(AMERICAN):
        return answer
    answer = replace(answer, bibliography=tuple((key, _with_comma(entry)) for key, entry in answer.bibliography))
    return _rewritten(answer, _years_abridged(items))


def _listed(answer: Answer, items: Sequence[Mapping[str, object]]) -> Answer:
    """An answer without empty entries, and without links to works that have none: a style may not list letters."""
    bibliography = tuple((key, entry) for key, entry in answer.bibliography if plain(entry))
    unlisted = {str(item["id"]) for item in items} - dict(bibliography).keys()

    def change(node: Words) -> tuple[Words, ...] | None:
        return node.children if isinstance(node, WorkLink) and node.key in unlisted else None

    return _rewritten(replace(answer, bibliography=bibliography), change if unlisted else None)


def _with_comma(entry: tuple[Words, ...]) -> tuple[Words, ...]:
    """An entry with a comma before the "et al." of an inverted name: "Coll, Steve, et al."."""
    match entry:
        case (Text(value=value), *rest):
            return (Text(INVERTED.sub(r"\1, et al", value)), *rest)
    return entry


Change = Callable[[Words], tuple[Words, ...] | None]
"""What to put in the place of a node, or None to keep it."""


def _rewritten(answer: Answer, change: Change | None) -> Answer:
    return answer if change is None else _throughout(answer, lambda words: rewrite(words, change))


def _throughout(answer: Answer, change: Callable[[tuple[Words, ...]], tuple[Words, ...]]) -> Answer:
    return Answer(
        {name: (change(text), change(note)) for name, (text, note) in answer.shown.items()},
        tuple((key, change(entry)) for key, entry in answer.bibliography),
    )


def _unbroken(node: Words) -> tuple[Words, ...] | None:
    """A number such as SIGAR-21-46 with common hyphens, which a search finds, in a word that is not broken at them."""
    if not isinstance(node, Text) or HYPHEN not in node.value:
        return None
    return tuple(
        Element("span", (Text(part.replace(HYPHEN, "-")),), (("class", "nowrap"),)) if HYPHEN in part else Text(part)
        for part in UNBROKEN.split(node.value)
        if part
    )


def _translations_outside(items: Sequence[Mapping[str, object]]) -> Change | None:
    """Move the translation of a title out of quotation marks and italics: “Krieg” [War], and not “Krieg [War]”."""
    translated = {found[1] for item in items if (found := TRANSLATION.search(str(item.get("title", ""))))}
    if not translated:
        return None
    words = "|".join(re.escape(words) for words in sorted(translated))
    # The full stop or comma behind the translation, where quotation marks have it inside: “Krieg [War],” becomes
    # “Krieg” [War], with the comma behind.
    quoted = re.compile(rf"\s*({words})([.,]?)([”»’]|\s»)", re.IGNORECASE)
    emphasized = re.compile(rf"\s*({words})$", re.IGNORECASE)

    def change(node: Words) -> tuple[Words, ...] | None:
        match node:
            case Text(value=value) if "]" in value:
                return (Text(quoted.sub(r"\3 \1\2", value)),)
            case Element(tag="em", children=(*before, Text(value=value))) if found := emphasized.search(value):
                kept = replace(node, children=(*before, Text(value[: found.start()])))
                return (kept, Text(f" {found[1]}"))
            case Text() | Element() | WorkLink():
                return None
            case _:
                assert_never(node)

    return change


def _years_abridged(items: Sequence[Mapping[str, object]]) -> Change | None:
    """Abridge the years of a work that appeared over several of one century: 1951–54, but 1898–1903 and 1900–1904.

    A range that also stands in a title stays as it is everywhere, for in an answer nothing tells titles from years.
    """
    titles = " ".join(str(item.get(name, "")) for item in items for name in ("title", "container-title"))
    ranges: dict[str, str] = {}
    for item in items:
        issued = item.get("issued")
        match issued.get("date-parts") if isinstance(issued, Mapping) else None:
            case [[int() as first], [int() as last]] if first // 100 == last // 100 and first > 0 < first % 100:
                ranges[f"{first}\N{EN DASH}{last}"] = f"{first}\N{EN DASH}{last % 100:02}"
    mine = [whole for whole in sorted(ranges) if whole not in titles]
    if not mine:
        return None
    years = re.compile(rf"\b(?:{'|'.join(mine)})\b")

    def change(node: Words) -> tuple[Words, ...] | None:
        return (replace(node, value=years.sub(lambda m: ranges[m[0]], node.value)),) if isinstance(node, Text) else None

    return change
