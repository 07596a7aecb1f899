"""Dates as people write them: read into the parts that CSL-JSON has, and a remedy for those that are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

EDTF = re.compile(r"(-?\d{4,9})(?:-(\d\d))?(?:-(\d\d))?(?:T[\d:.Z+-]*)?([~?%])?")
OPEN = re.compile(r"(?P<since>\d{4}(?:-\d\d){0,2})/(?:\.\.)?|(?:\.\.)?/(?P<until>\d{4}(?:-\d\d){0,2})")
# a date that is whole, though CSL-JSON has no parts for it: "2004–", "–2004", "199X", "2004-XX"
WHOLE_LITERAL = re.compile(r"\d{4}(?:-\d\d){0,2}–|–\d{4}(?:-\d\d){0,2}|\d{1,3}X{1,3}|\d{4}-XX(?:-XX)?")
NUMBER = re.compile(r"-?[0-9]{1,9}")
UNITS = ("year", "month", "day")
RANGE = 2
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
SHORTEST = 3
UNDATED = re.compile(
    r"\[?(?:n\.? ?d|s\.? ?d|s\.? ?a|s\.? ?f|o\.? ?j|no date|undated|unknown|n/a|\?+|0+)\.?\]?", re.IGNORECASE
)
UNPUBLISHED = re.compile(
    r"forthcoming|to appear|(?:in|under) (?:press|print|preparation|prep\.?|review)|submitted|accepted", re.IGNORECASE
)


def date(value: object) -> object:
    """A date as CSL-JSON has it: in `date-parts`, or as a `literal` where it has no parts or is no date.

    `2004-05-23/2004-06` becomes `{"date-parts": [[2004, 5, 23], [2004, 6]]}`. As the Extended Date/Time Format has it,
    `2004~` is approximate (`circa`), `2004?` is `uncertain`, and `2004%` both. YAML may have `{year: 2004, month: 5}`,
    or a list of two of them.
    """
    if isinstance(value, str):
        if whole := OPEN.fullmatch(value):
            return {"literal": f"{whole['since'] or ''}–{whole['until'] or ''}"}
        days = [day for end in value.split("/") if (day := EDTF.fullmatch(end))]
        if not 0 < len(days) == value.count("/") + 1 <= RANGE:
            return {"literal": value}
        dates = {"date-parts": [[_year(day[1]), *(int(part) for part in day.groups()[1:3] if part)] for day in days]}
        signs = {day[4] for day in days}
        return (
            dates
            | ({"circa": True} if signs & {"~", "%"} else {})
            | ({"uncertain": True} if signs & {"?", "%"} else {})
        )
    ends: list[Any] = value if isinstance(value, list) else [value]
    if len(ends) == 1 and isinstance(ends[0], dict) and "literal" in ends[0]:
        return ends[0]
    if not all(isinstance(end, dict) and NUMBER.fullmatch(str(end.get("year", ""))) for end in ends):
        return value
    parts = [[str(end.get(unit, "")) for unit in UNITS] for end in ends]
    return {"date-parts": [[int(part) for part in day if NUMBER.fullmatch(part)] for day in parts]}


def _year(written: str) -> int:
    # CSL has no year 0 between those before and after Christ
    return int(written) - (int(written) <= 0)


def month(word: str) -> int | None:
    """The number of a month or season, from its number, its English name, or at least three letters of that name."""
    word = word.lower().removesuffix(".")
    if word.isascii() and word.isdigit():
        return int(word) if 1 <= int(word) <= len(MONTHS) else None
    if len(word) < SHORTEST:
        return None
    return SEASONS.get(word) or next((i for i, name in enumerate(MONTHS, 1) if name.startswith(word)), None)


def month_and_day(written: str) -> str | None:
    """What a BibTeX `month` says, as it stands behind a year in a date.

    "March" gives `03`, "14 March" `03-14`, and "March/April" `03/YEAR-04`, in which the year is to be put.
    """
    words = re.split(r"(?:[~\s,/]|-+|–)+", written.strip())
    if len(words) > RANGE:
        return None
    months = [(word, number) for word in words if (number := month(word)) and not word.isdigit()]
    days = [int(word) for word in words if re.fullmatch(r"[0-9]{1,2}", word)]
    match months, days:
        case ([], [number]) if len(words) == 1 and month(words[0]):
            return f"{number:02}"
        case ([(_, number)], []) if len(words) == 1:
            return f"{number:02}"
        case ([(_, number)], [day]) if 1 <= day <= 31:  # noqa: PLR2004 -- days of a month
            return f"{number:02}-{day:02}"
        case ([(_, first), (_, last)], []) if first < last:
            return f"{first:02}/YEAR-{last:02}"
        case _:
            return None


# --- remedies ---------------------------------------------------------------------------------------------------


def remedy(written: str) -> str:
    """Advice about what is no date, by how it may have been meant."""
    text = " ".join(written.split())
    for pattern, advice in REMEDIES:
        if found := pattern.fullmatch(text):
            return advice(found)
    return "write 2004, 2004-05, 2004-05-23, 2004/2006, or 2004~ for about 2004"


def _short_range(found: re.Match[str]) -> str:
    year, end = found[1], found[2]
    range_ = f"{year}/{year[: -len(end)]}{end}"
    is_month = len(end) == 2 and 1 <= int(end) <= len(MONTHS)  # noqa: PLR2004 -- the digits of a month
    return f"write {range_} for two years, {year}-{end} for a month" if is_month else f"write {range_}"


def _named_month(found: re.Match[str]) -> str:
    number = month(found[1])
    return f"write {found[2]}-{number:02}" if number else "write the year, and a month as its number: 2004-05"


REMEDIES: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (UNDATED, lambda _: "leave it out: the style says that there is none"),
    (UNPUBLISHED, lambda found: f"leave it out, and write pubstate = {{{found[0].lower()}}}; 'status' in CSL-JSON"),
    (
        re.compile(r"(\d{4}) ?[\[(](?:i\.e\. |orig\. |ca?\. )?(\d{4})[\])]"),
        lambda found: f"write {found[1]}, and {found[2]} as 'origdate', if it is the first edition's",
    ),
    (re.compile(r"(\d{4}) ?[-–—]{1,3} ?(\d{4})"), lambda found: f"write {found[1]}/{found[2]}"),
    (re.compile(r"(\d{4}) ?[-/–—]{1,3} ?(\d{1,2})"), _short_range),
    (re.compile(r"(\d{3})0s"), lambda found: f"write {found[1]}X"),
    (re.compile(r"([1-9]|0[1-9]|1[0-2])/(\d{4})"), lambda found: f"write {found[2]}-{int(found[1]):02}"),
    (re.compile(r"(\d{4})[a-z]"), lambda found: f"write {found[1]}: the style tells works of one year apart"),
    (re.compile(r"(?:c|ca|circa|about|um)\.? ?(\d{4})\??"), lambda found: f"write {found[1]}~"),
    (re.compile(r"\d{1,3}"), lambda found: f"years have four digits: write {int(found[0]):04}, if that is the year"),
    (re.compile(r"([A-Za-z]{3,9})\.?,? (\d{4})"), _named_month),
    (re.compile(r"(\d{1,4}) ?(?:BCE?|B\.C\.)"), lambda found: f"write {1 - int(found[1]):05}"),
)
