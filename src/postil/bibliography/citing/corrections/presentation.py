"""What is corrected in a work before an engine sets it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from postil.bibliography.citing.corrections.alphabet import ARTICLE
from postil.bibliography.citing.corrections.doubt import doubts
from postil.bibliography.citing.corrections.guides import (
    DOCTORATES,
    GUIDES,
    LAWS,
    MLA,
    Corrections,
    doctorate,
)
from postil.bibliography.markup.inlines import JOINER
from postil.bibliography.style.capitals import PERIODICALS, headline, headline_of, is_english, protected, sentence
from postil.bibliography.style.file import Style
from postil.bibliography.style.printing import cases, with_place

TITLES = (
    "title",
    "title-short",
    "container-title",
    "volume-title",
    "collection-title",
    "original-title",
    "part-title",
    "event-title",
    "reviewed-title",
)
ENDING_IN_A_MARK = ("title", "title-short", "container-title", "volume-title")
# what parts a main title from its subtitle: a colon, or the main title's own mark, as in "Who Lost Russia? How the …"
SUBTITLE = re.compile(r": |(?<=[?!]) (?=(?:<[^>]*>)?[A-Z])")
# a title in the reader's language behind the title of a work: "Krieg und Frieden [War and Peace]"
TRANSLATION = re.compile(r"\s+(\[[^\[\]]+\])$")
DIGITS = r"(?:\d+|[ivxlc]+|[IVXLC]+)"
RANGE = re.compile(rf"\b({DIGITS})\s*(?:--?|–)\s*({DIGITS})\b")


def presented(item: Mapping[str, object], style: Style, locale: str, *, from_bibtex: bool = False) -> dict[str, object]:
    """A work as the style guides want it, where an engine would not set it so by itself.

    A title without a short form is shortened to its main title, in notes and in MLA style without its article. Ranges
    get their en dash. A URL that only repeats the DOI goes, and so does what is empty.
    """
    shown = dict(with_place(item, style.data))
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
    shown |= dict(doubts(shown, style, locale))
    for name in ENDING_IN_A_MARK:
        if str(shown.get(name, "")).endswith(("?", "!")):
            shown[name] = f"{shown[name]}{JOINER}"
    if is_english(shown, locale):
        shown |= dict(_capitals(shown, style, from_bibtex=from_bibtex))
    shown |= dict(_numbers(shown))
    url, doi = str(shown.get("URL", "")), str(shown.get("DOI", ""))
    if doi and re.fullmatch(rf"https?://(dx\.)?doi\.org/{re.escape(doi)}", url, re.IGNORECASE):
        del shown["URL"]
    return {name: value for name, value in shown.items() if value not in ("", [])}


def _capitals(shown: Mapping[str, object], style: Style, *, from_bibtex: bool) -> Corrections:
    """English titles with the capitals that the style wants, out of the reach of engines.

    Where a style prints a title in several ways, it is given as a sentence, from which the engine makes a headline.
    A title in BibTeX has its capitals from the style where none are protected. In other files it is a sentence already,
    or is meant to stay as it is.
    """
    done = cases(style.data, str(shown.get("type")), frozenset(shown))
    for name in TITLES:
        if not isinstance(title := shown.get(name), str):
            continue
        own, translation = _apart(title)
        is_periodical = name == "container-title" and str(shown.get("type")).startswith(PERIODICALS)
        match done.get(name, frozenset()):
            case wanted if wanted == {"title"}:
                yield name, protected(headline(own, headline_of(style.name))) + translation
            case wanted if "sentence" in wanted and not is_periodical:
                yield name, protected(sentence(own)) + translation
            case _ if from_bibtex and not is_periodical:
                yield name, sentence(own) + translation
    # what a sentence says in the place of an author may be a headline where the list of works has none
    short, whole = (done.get(name, frozenset()) for name in ("title-short", "title"))
    if short == {"title"} and whole != {"title"} and "title-short" not in shown and "title" in shown:
        yield "title-short", protected(headline(str(shown["title"]), headline_of(style.name)))


def _apart(title: str) -> tuple[str, str]:
    """A title apart from its translation, which is a sentence everywhere."""
    found = TRANSLATION.search(title)
    return (title[: found.start()], title[found.start() :]) if found else (title, "")


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
