"""Entries of BibTeX as items of CSL-JSON, by way of pandoc.

Pandoc could write CSL-JSON itself, but would forget which words of a title have braces around them. So it is asked for
a document, in whose metadata the works stand with their braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from postil.bibliography.facts import DATES, NAMES, facts
from postil.bibliography.markup.csl import marked_up
from postil.bibliography.reading.bibtex.grammar import Record
from postil.bibliography.reading.bibtex.inheritance import POINTERS
from postil.bibliography.reading.bibtex.maths import with_plain_maths
from postil.bibliography.reading.bibtex.queries import PEOPLE
from postil.bibliography.reading.dates import date, month_and_day
from postil.programs import pandoc
from postil.programs.cache import decoded
from postil.source import Diagnostic, Source
from postil.store import Store

Item = Mapping[str, object]

# the fields whose values are no LaTeX
VERBATIM = frozenset(facts()["verbatim"])
# the types that pandoc does not know, as a type that it knows and a subtype of that
TYPES = {"newspaper": ("article", "newspaper"), "magazine": ("article", "magazine")}
# variables that CSL-JSON writes in capitals
CAPITALS = {name.lower(): name for name in ("DOI", "ISBN", "ISSN", "PMCID", "PMID", "URL")}
DATE_FIELDS = {
    "accessed": ("urldate",),
    "event-date": ("eventdate",),
    "original-date": ("origdate",),
    "issued": ("date", "year"),
}
# what says that a date is uncertain, or is and is approximate
DOUBT = re.compile(r"\d[?%]")
ERROR_LINE = re.compile(r"\(line (\d+),")
SPECIAL = re.compile(r"(?<!\\)([%&#])")
DOLLAR = re.compile(r"(?<!\\)\$")
# an accent on a dotless letter, which pandoc leaves dotless
DOTLESS = re.compile(r"(\\[\"'`^~=.uvHcdbkr]\s*\{?)\\([ij])(?![A-Za-z])")
# a command whose argument is there for sorting only
SORTING = re.compile(r"\\noopsort\s*\{[^{}]*\}")
# a character that no text has: it stands for the end of a paragraph, which pandoc would take for a space
MARK = "\ue00a"
BREAK = re.compile(rf"\s*{MARK}\s*")
# a character that no text has: it begins the title that pandoc is to leave as it is written, with all its capitals
WHOLE = "\ue00b"
# the fields of which pandoc would make sentences, and the capitals in them small
TITLED = frozenset(facts()["titled"])
# quotation marks as nobody should write them in LaTeX, where ' closes them only: 'not to be'
QUOTED = re.compile(
    r"(?<![\w'`\\])'(?!(?:n|em|til|tis|twas|cause|round|bout)\b|[\d'])(\w(?:[^'{}`]|'(?=\w))*[^'{}`\s])'(?![\w'])",
    re.IGNORECASE,
)
# a command that pandoc does not know, with the empty braces or the space behind it
COMMAND = re.compile(rf"\\({'|'.join(facts()['latex'])})(?![A-Za-z])(?:\s*\{{\}}|\s+)?")
FURTHER_EDITORS = ("editora", "editorb", "editorc")
MOST_REJECTED = 500
NO_DATE = {"literal": ""}
# The fields that pandoc is given. Those that no style prints are not among them, for it might reject their LaTeX.
SENT = frozenset(facts()["bibtex"]["fields"]) - {
    "file",
    "pdf",
    "label",
    "options",
    "sortkey",
    "presort",
    "ids",
    "execute",
}


def items_of_bibtex(
    source: Source, records: Sequence[Record], cache: Store | None, language: str
) -> tuple[Mapping[str, Item], tuple[Diagnostic, ...]]:
    """The entries of a BibTeX file as CSL-JSON items, by key. An entry that pandoc rejects is reported and left out.

    `language` is that of entries which name none: it decides about the capitals of titles.

    Pandoc stops at the first entry that it rejects. That one is taken out, and what comes behind it is tried, until
    all is through; then all that is good is read at once, for one entry may take fields over from another.
    """
    numbers = {record.key: f"k{number}" for number, record in enumerate(records)}
    good: list[Record] = []
    left = list(records)
    found: list[Diagnostic] = []
    while left:
        try:
            answer = _converted(left, numbers, cache, language)
        except pandoc.PandocError as error:
            line = ERROR_LINE.search(str(error))
            if line is None or not 0 < int(line[1]) <= len(left) or len(found) == MOST_REJECTED:
                found.append(source.diagnostic("P206", 0, f"the entries of '{source.path}' cannot be read: {error}"))
                left = []
                continue
            # pandoc names the line, and every entry has a line of its own
            at = int(line[1]) - 1
            reason = "".join(str(error).splitlines()[1:2]) or str(error)
            message = f"the entry '{left[at].key}' cannot be read: {reason}"
            found.append(source.diagnostic("P202", left[at].span, message, "look for LaTeX that has no plain meaning"))
            good += left[:at]
            left = left[at + 1 :]
            if not left:
                left, good = good, []
        else:
            if not good:
                return _by_key(left, numbers, answer), tuple(found)
            left, good = good + left, []
    return {}, tuple(found)


def is_work(record: Record) -> bool:
    """Whether an entry is a work. One of the type `xdata` only lends its fields to others."""
    return record.type != "xdata"


def _converted(
    records: Sequence[Record], numbers: Mapping[str, str], cache: Store | None, language: str
) -> Sequence[Item]:
    text = "".join(_written(record, numbers, language) for record in records)
    wanted = {numbers[record.key] for record in records if is_work(record)}
    return pandoc.run(("--from=biblatex", "--to=json"), text, {}, cache, partial(_items, wanted))


def _by_key(records: Sequence[Record], numbers: Mapping[str, str], answer: Sequence[Item]) -> Mapping[str, Item]:
    items = {str(item["id"]): item for item in answer}
    whole = {r.key: _with_editors(r, numbers[r.key], items) for r in records if numbers[r.key] in items}
    return {r.key: {**whole[r.key], "id": r.key, **_unread_dates(r, whole[r.key])} for r in records if r.key in whole}


def _with_editors(record: Record, number: str, items: Mapping[str, Item]) -> Item:
    """An item with all its editors, each in the part that he had in the work, such as translator or compiler."""
    item = dict(items[number])
    editors = {"editor": item.pop("editor", None)}
    editors |= {name: items.get(f"{number}-{name}", {}).get("author") for name in FURTHER_EDITORS}
    for name, people in editors.items():
        if isinstance(people, list):
            written = record.get(f"{name}type")
            role = facts()["editor-roles"].get(written.value.lower(), "contributor") if written else "editor"
            before = item.get(role)
            item[role] = [*(before if isinstance(before, list) else ()), *people]
    return item


def _unread_dates(record: Record, item: Item) -> Item:
    """The dates of an entry that pandoc could not read whole, as they are written: it passes over a "?"."""
    written = {name: record.get(field) for name, fields in DATE_FIELDS.items() for field in reversed(fields)}
    unread = {n: f.value for n, f in written.items() if f and f.value and (n not in item or DOUBT.search(f.value))}
    return {name: date(value) for name, value in unread.items()}


def _items(wanted: AbstractSet[str], answer: str) -> Sequence[Item]:
    """The works in the metadata of a document that pandoc has written, as items of CSL-JSON.

    Raises ValueError and the like where it is no such document, or lacks one of the works that are `wanted`.
    """
    references = decoded(answer)["meta"]["references"]["c"]
    # few files have formulas, and to look for them takes time
    if '"Math"' in answer:
        references = with_plain_maths(references)
    items = [{CAPITALS.get(name, name): _value(name, value) for name, value in r["c"].items()} for r in references]
    dated = ({name: value for name, value in item.items() if value != NO_DATE} for item in items)
    read = [item | {"type": item.get("type") or "document"} for item in dated]
    if missing := wanted - {item["id"] for item in read}:
        message = f"it lacks {len(missing)} of the entries"
        raise ValueError(message)
    if misread := next((name for item in read for name, value in item.items() if not _fits(name, value)), None):
        message = f"'{misread}' is not what it should be"
        raise ValueError(message)
    return read


def _fits(name: str, value: object) -> bool:
    """Whether a variable has a value of its kind, as all who read the item rely on."""
    if name in NAMES:
        return isinstance(value, list) and all(
            isinstance(person, dict) and all(isinstance(part, str | bool) for part in person.values())
            for person in value
        )
    return isinstance(value, dict if name in DATES else str)


def _value(name: str, meta: Mapping[str, Any]) -> object:
    content = meta["c"]
    match meta["t"]:
        case "MetaList":
            return [_value("", part) for part in content]
        case "MetaMap":
            return {part: _value(part, value) for part, value in content.items()}
        case "MetaInlines":
            content = marked_up(_unwrapped(content)).replace(WHOLE, "")
    if name in DATES:
        return date(content)
    return BREAK.sub("\n\n", content) if name == "annote" else content


def _unwrapped(content: Sequence[Any]) -> Iterator[Any]:
    """A title without the braces that kept pandoc from changing it."""
    for inline in content:
        if inline["t"] == "Span" and inline["c"][1][:1] and str(inline["c"][1][0].get("c", "")).startswith(WHOLE):
            yield from inline["c"][1]
        else:
            yield inline


def _written(record: Record, numbers: Mapping[str, str], language: str) -> str:
    """An entry on one line, as pandoc reads it without loss. It is called by a number, for pandoc rejects some keys."""
    kind, subtype = TYPES.get(record.type, (record.type, ""))
    fields = {f.name: _escaped(f.name, f.value) for f in record.fields if f.name in SENT}
    for pointer in fields.keys() & set(POINTERS):
        fields[pointer] = ",".join(numbers[k] for k in re.split(r"\s*,\s*", fields[pointer]) if k in numbers)
    if subtype:
        fields.setdefault("entrysubtype", subtype)
    if not fields.keys() & {"langid", "hyphenation"}:
        fields["langid"] = fields.get("language", language.partition("-")[0])
    fields |= _dated(fields)
    # "van Gogh" keeps his particle where his name stands alone, unless the entry says otherwise
    options = record.get("options")
    dropped = options is not None and re.search(r"useprefix\s*=\s*(?:false|0)", options.value, re.IGNORECASE)
    fields["options"] = f"useprefix={'false' if dropped else 'true'}"
    fields |= {name: f"{{{WHOLE}{value}}}" for name, value in fields.items() if name in TITLED and value}
    key = numbers[record.key]
    # pandoc passes further editors over: each list of them is put to it as the authors of a work of their own
    further = "".join(f" @misc{{{key}-{n}, author = {{{fields[n]}}}}}" for n in FURTHER_EDITORS if n in fields)
    own = ", ".join(f"{name} = {{{value}}}" for name, value in fields.items())
    return f"@{kind}{{{key}, {own}}}{further}\n"


def _dated(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Year and month in the one form that pandoc reads every month in."""
    month, year = fields.get("month", ""), fields.get("year", "")
    if not month or "date" in fields:
        return {}
    known = month_and_day(month)
    if known is None or not re.fullmatch(r"\d{4}", year) or "day" in fields:
        return {"month": str(int(known)) if known and known.isdigit() else ""}
    return {"date": f"{year}-{known.replace('YEAR', year)}", "month": "", "year": ""}


def _escaped(name: str, value: str) -> str:
    """A value as pandoc reads it without loss.

    Signs such as % that are meant as they stand get a backslash, for in LaTeX the value would end there. Commands that
    pandoc does not know become the signs that they stand for.
    """
    if name in VERBATIM:
        return value
    value = SORTING.sub("", value.replace("\n\n", f" {MARK} "))
    value = COMMAND.sub(_sign, value)
    value = re.sub(r"\sAND\s", " and ", value, flags=re.IGNORECASE) if name in PEOPLE else QUOTED.sub(r"`\1'", value)
    value = DOTLESS.sub(r"\1\2", SPECIAL.sub(r"\\\1", value))
    return value if len(DOLLAR.findall(value)) % 2 == 0 else DOLLAR.sub(r"\\$", value)


def _sign(command: re.Match[str]) -> str:
    return str(facts()["latex"][command[1]])
