"""Dates as a language writes them out: "23 November 2026"."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from postil.words.locales import cldr, locales

_FIRST: Final = {"fr": "1er", "it": "1º", "pt": "1º", "pt-PT": "1"}
"""The first day of a month, where it is an ordinal (Lexique de l’Imprimerie nationale): CLDR does not say."""
_MOMENT: Final = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d)\S*?(?P<zone>Z|[+-]\d\d:?\d\d)?")
_ISO: Final[dict[str, Any]] = {"date": "{year}-{number:02}-{day:02}", "months": [""] * 12}


def written_out(day: date, language: str) -> str:
    """A date in the words of a language, in the order that is usual in its country; ISO 8601 where CLDR has none."""
    row = dict(_ISO)
    first: str | None = None
    for locale in reversed(locales(language)):
        row |= cldr()["locales"].get(locale, {})
        first = _FIRST.get(locale, first)
    month = row["months"][day.month - 1]
    number = first if first and day.day == 1 else day.day
    written: str = row["date"].format(day=number, month=month, number=day.month, year=day.year)
    return written


def moment(written: str, language: str) -> str:
    """A date, or a date and a time to the minute, for one in the form of ISO 8601; anything else as it is."""
    found = _MOMENT.fullmatch(written)
    try:
        day = date.fromisoformat(found["day"] if found else written)
    except ValueError:
        return written
    if found is None:
        return written_out(day, language)
    zone = "UTC" if found["zone"] == "Z" else found["zone"]
    return " ".join(filter(None, (f"{written_out(day, language)}, {found['time']}", zone)))
