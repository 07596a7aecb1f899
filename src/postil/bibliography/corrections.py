"""Where the style guides want more than the styles that carry their names, and the processor, give."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from postil.bibliography import tree
from postil.bibliography.style import Style
from postil.document import Element, Node, Text, plain

Bibliography = tuple[tuple[str, tuple[Node, ...]], ...]

ENDING_IN_A_MARK = ("title", "title-short", "container-title", "volume-title")
ARTICLE = re.compile(r"(?:A|An|The) (?=\S)")
DIGITS = r"(?:\d+|[ivxlc]+|[IVXLC]+)"
RANGE = re.compile(rf"\b({DIGITS})\s*(?:--?|–)\s*({DIGITS})\b")


def presented(item: Mapping[str, object], style: Style, locale: str) -> dict[str, object]:
    """A reference as the style guides want it set, where the processor would not do so by itself.

    A title that has no short form of its own is shortened to its main title, in notes without its article; ranges get
    their en dash; a URL that only repeats the DOI goes.
    """
    shown = dict(item)
    title = str(shown.get("title", ""))
    main = short = _main_title(title)
    if style.note and str(shown.get("language", locale)).lower().startswith("en"):
        short = ARTICLE.sub("", main)
    if shown.get("title-short", main) == main != "" and short != title:
        shown["title-short"] = short
    if style.name.startswith("chicago"):
        shown.update(_in_chicago(shown))
    for name in ENDING_IN_A_MARK:
        if str(shown.get(name, "")).endswith(("?", "!")):
            shown[name] = f"{shown[name]}{tree.JOINER}"
    for name in ("page", "volume", "issue"):
        if isinstance(value := shown.get(name), str):
            shown[name] = with_dashes(value)
    url, doi = str(shown.get("URL", "")), str(shown.get("DOI", ""))
    if doi and re.fullmatch(rf"https?://(dx\.)?doi\.org/{re.escape(doi)}", url, re.IGNORECASE):
        del shown["URL"]
    return shown


def _in_chicago(shown: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What The Chicago Manual of Style has otherwise than the style that carries its name."""
    if str(shown.get("type")).startswith("article-") and (periodical := str(shown.get("container-title", ""))):
        yield "container-title", periodical.removeprefix("The ")
    if shown.get("genre") == "PhD thesis":
        yield "genre", "PhD diss."
    # a date of access stands for the date that is not known, as for any page of the web
    if shown.get("type") == "dataset" and "accessed" in shown and "issued" not in shown:
        yield "type", "webpage"


def _main_title(title: str) -> str:
    """The title before its colon, unless markup goes on across it."""
    main, _, _ = title.partition(": ")
    return main if main.count("<") == 2 * main.count("</") else title


def with_dashes(text: str) -> str:
    """Ranges of arabic and roman numbers with an en dash between them."""
    return RANGE.sub("\\1\N{EN DASH}\\2", text)


def alphabetized(bibliography: Bibliography) -> Bibliography:
    """A bibliography in English with works that begin with an article in the place of their next word."""
    result = [entry for entry in bibliography if not ARTICLE.match(_opening(entry[1]))]
    for entry in bibliography:
        opening = _opening(entry[1])
        if ARTICLE.match(opening):
            bare = _collated(ARTICLE.sub("", opening))
            later = (i for i, (_, other) in enumerate(result) if _collated(_opening(other)) > bare)
            result.insert(next(later, len(result)), entry)
    return tuple(result)


def _collated(words: str) -> str:
    """Words as they are sorted: without capitals and diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))


def _opening(shown: tuple[Node, ...]) -> str:
    return plain(shown).lstrip("“‘«\"'[(")


def without_stop(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """An answer without its full stop."""
    match shown:
        case (*rest, Text() as last):
            kept = last.value.removesuffix(".")
            return (*rest, Text(kept)) if kept else tuple(rest)
    return shown


def stop_inside(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """A note's full stop within the quotation marks before it, where America has it."""
    bare = without_stop(shown)
    return _before_quotes(bare) if bare != shown and plain(bare).endswith("”") else shown


def _before_quotes(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    match shown:
        case (*rest, Element(children=children) as last):
            return (*rest, replace(last, children=_before_quotes(children)))
        case (*rest, Text() as last):
            inside = last.value.rstrip("”’")
            stop = "" if inside.endswith((".", "?", "!")) else "."
            return (*rest, Text(inside + stop + last.value[len(inside) :]))
    return shown
