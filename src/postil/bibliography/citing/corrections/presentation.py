"""What is corrected in a work before an engine sets it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from postil.bibliography.citing.corrections.alphabet import ARTICLE
from postil.bibliography.citing.corrections.guides import (
    DOCTORATES,
    GUIDES,
    LAWS,
    MLA,
    Corrections,
    doctorate,
    is_english,
)
from postil.bibliography.markup.inlines import JOINER
from postil.bibliography.style.file import Style

ENDING_IN_A_MARK = ("title", "title-short", "container-title", "volume-title")
# what parts a main title from its subtitle: a colon, or the main title's own mark, as in "Who Lost Russia? How the …"
SUBTITLE = re.compile(r": |(?<=[?!]) (?=(?:<[^>]*>)?[A-Z])")
# a title in the reader's language behind the title of a work: "Krieg und Frieden [War and Peace]"
TRANSLATION = re.compile(r"\s+(\[[^\[\]]+\])$")
DIGITS = r"(?:\d+|[ivxlc]+|[IVXLC]+)"
RANGE = re.compile(rf"\b({DIGITS})\s*(?:--?|–)\s*({DIGITS})\b")


def presented(item: Mapping[str, object], style: Style, locale: str) -> dict[str, object]:
    """A work as the style guides want it, where an engine would not set it so by itself.

    A title without a short form is shortened to its main title, in notes and in MLA style without its article. Ranges
    get their en dash. A URL that only repeats the DOI goes, and so does what is empty.
    """
    shown = dict(item)
    title = str(shown.get("title", ""))
    main = short = _main_title(TRANSLATION.sub("", title))
    if is_english(shown, locale) and (style.note or style.name.startswith(MLA)):
        short = ARTICLE.sub("", main)
    if shown.get("title-short", main) == main != "" and short != title:
        shown["title-short"] = short
    if str(shown.get("genre")).lower() in DOCTORATES:
        shown["genre"] = doctorate(shown, style, locale)
    for guide, corrections in GUIDES:
        if style.name.startswith(guide):
            shown |= dict(corrections(shown, style, locale))
    for name in ENDING_IN_A_MARK:
        if str(shown.get(name, "")).endswith(("?", "!")):
            shown[name] = f"{shown[name]}{JOINER}"
    shown |= dict(_numbers(shown))
    url, doi = str(shown.get("URL", "")), str(shown.get("DOI", ""))
    if doi and re.fullmatch(rf"https?://(dx\.)?doi\.org/{re.escape(doi)}", url, re.IGNORECASE):
        del shown["URL"]
    return {name: value for name, value in shown.items() if value not in ("", [])}


def _numbers(shown: Mapping[str, object]) -> Corrections:
    """Numbers with the dashes and hyphens that they should have."""
    for name in ("page", "volume", "issue"):
        if isinstance(value := shown.get(name), str):
            yield name, with_dashes(value)
    number = shown.get("number")
    if isinstance(number, str) and (shown.get("type") in LAWS or re.search("[A-Za-z]", number)):
        # "94-142" is the number of one law or report, and no range of several
        yield "number", number.replace("-", "\N{NON-BREAKING HYPHEN}")


def _main_title(title: str) -> str:
    """The title before its subtitle, unless markup goes on across the two."""
    main = SUBTITLE.split(title, maxsplit=1)[0]
    return main if main.count("<") == 2 * main.count("</") else title


def with_dashes(text: str) -> str:
    """Ranges of arabic and roman numbers with an en dash between them."""
    return RANGE.sub("\\1\N{EN DASH}\\2", text)
