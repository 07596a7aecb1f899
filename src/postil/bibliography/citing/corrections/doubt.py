"""Dates that are approximate or uncertain, for styles that know only one of the two, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from lxml import etree

from postil.bibliography.citing.corrections.guides import MLA, Corrections
from postil.bibliography.facts import DATES
from postil.bibliography.style.file import NAMESPACE, Style

SEASONS = range(21, 25)
BASIC = "en-US"


def doubts(shown: Mapping[str, object], style: Style, locale: str) -> Corrections:
    """The dates of a work as the style can have them: in "[1641?]" the year is uncertain, in "ca. 1640" approximate.

    To CSL both are one thing. Chicago, with most styles that look for it, prints "[1641?]" (18th edition, 14.44), APA
    and others "ca. 1640". What a style does not print of itself is written out.
    """
    # in the MLA's style one part has the brackets, and another the word
    is_mixed = style.name.startswith(MLA)
    prints_mark = b"is-uncertain-date" in style.data and b'term="circa"' not in style.data
    prints_word = b'term="circa"' in style.data and not is_mixed
    for name in sorted(DATES & shown.keys()):
        date = shown[name]
        if not isinstance(date, Mapping) or not date.keys() & {"circa", "uncertain"}:
            continue
        days = date.get("date-parts")
        is_about, is_unsure = bool(date.get("circa")), bool(date.get("uncertain"))
        known = {key: value for key, value in date.items() if key not in ("circa", "uncertain")}
        if (is_unsure and not is_about and prints_mark) or (is_about and not is_unsure and prints_word):
            yield name, known | {"circa": True}
        elif isinstance(days, list) and all(int(day[0]) > 0 for day in days):
            written = "\N{EN DASH}".join(_written(list(map(int, day)), locale) for day in days)
            word = "ca." if locale.startswith("en") and not is_mixed else _term("circa", locale, short=not is_mixed)
            about = f"{word} " if is_about else ""
            yield name, {"literal": f"[{about}{written}?]" if is_unsure else f"{about}{written}"}
        else:
            yield name, known


def _written(day: Sequence[int], locale: str) -> str:
    """A date in words, as a language has it: "May 23, 2010"."""
    year, *rest = day
    if rest and rest[0] in SEASONS:
        return f"{_term(f'season-{rest[0] - SEASONS[0] + 1:02}', locale)} {year}"
    form = next(_words(locale).iterfind(f"{{{NAMESPACE}}}date[@form='text']"), None)
    parts = list(form) if form is not None else []
    values = {"year": str(year)}
    if rest:
        values["month"] = _term(f"month-{rest[0]:02}", locale)
    if rest[1:]:
        ordinal = any(part.get("name") == "day" and part.get("form") == "ordinal" for part in parts)
        values["day"] = f"{rest[1]}." if ordinal and locale.startswith(("de", "da", "nb", "fi")) else str(rest[1])
    said = [(part, values[part.get("name", "")]) for part in parts if part.get("name") in values]
    delimiter = form.get("delimiter", "") if form is not None else " "
    return delimiter.join(f"{part.get('prefix', '')}{value}{part.get('suffix', '')}" for part, value in said).strip()


def _term(name: str, locale: str, *, short: bool = False) -> str:
    """A word of a language, in its short form if it has one."""
    found = [term for term in _words(locale).iter(f"{{{NAMESPACE}}}term") if term.get("name") == name]
    forms = {term.get("form", "long"): (term.text or "").strip() for term in found}
    return forms.get("short" if short else "long", "") or forms.get("long", "")


@cache
def _words(locale: str) -> etree._Element:
    """The file of CSL with the words of a language, or of American English where it has none."""
    folder = files("citeproc") / "data/locales"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".xml"))
    whole, language = f"locales-{locale}.xml", f"locales-{locale.partition('-')[0]}"
    near = next((name for name in (whole, *names) if name in names and name.startswith((whole, language))), None)
    return etree.fromstring((folder / (near or f"locales-{BASIC}.xml")).read_bytes())
