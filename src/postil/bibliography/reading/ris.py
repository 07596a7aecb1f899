"""RIS files: every record read by itself, tag by tag, with its place and every fault in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile

from postil.bibliography.facts import facts
from postil.bibliography.reading.dates import date
from postil.bibliography.reading.unknown_names import unknown
from postil.document import Reference
from postil.source import Diagnostic, Source, Span

Item = dict[str, object]

TAG = re.compile(r"(?P<tag>[A-Z][A-Z0-9]) {1,2}-(?: (?P<value>.*)| *$)", re.MULTILINE)
LINE = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: |$)", re.MULTILINE)
# a line that was meant to have a tag: "AU = Coll, Steve", "au - Coll, Steve", "AU  Coll, Steve"
NEARLY = re.compile(
    r"(?P<tag>[A-Za-z][A-Za-z0-9])[ \t]{1,3}[=:–—-][ \t]?(?P<value>.*)|(?P<bare>[A-Z][A-Z0-9]) {2}(?=\S).*"
)
DAY = re.compile(r"(\d{4})(?:/(\d{1,2})?)?(?:/(\d{1,2})?)?(?:/(.*))?")
SUFFIX = re.compile(r"(?:jr|sr|[ivx]+|ph\.? ?d|m\.? ?d)\.?", re.IGNORECASE)
NO_KEY = re.compile(r"[^\w]")
BOOKS = ("book", "classic", "periodical", "document", "report", "thesis", "manuscript", "pamphlet")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@cache
def _known() -> frozenset[str]:
    table = facts()["ris"]
    return frozenset((*table["tags"], *table["ruled"], *table["passed-over"]))


@dataclass(slots=True)
class _Record:
    start: int
    end: int
    written: list[tuple[str, list[str], int]] = field(default_factory=list)
    """Each tag with the lines of its value, and its place."""

    def add(self, tag: str, value: str, at: int) -> None:
        self.written.append((tag, [value], at))

    def all(self, *tags: str) -> list[str]:
        """The values of these tags, in the order of the tags."""
        values = ((tag, "\n".join(lines)) for tag, lines, _ in self.written)
        by_tag: dict[str, list[str]] = {}
        for tag, value in values:
            if value and tag in tags:
                by_tag.setdefault(tag, []).append(value)
        return [value for tag in tags for value in by_tag.get(tag, ())]

    def first(self, *tags: str) -> str:
        return next(iter(self.all(*tags)), "")


def read_ris(source: Source) -> tuple[Sequence[Reference], tuple[Diagnostic, ...]]:
    """The records of a RIS file, and everything that is wrong with it. A line that is broken costs no other."""
    found: list[Diagnostic] = []
    records = list(_records(source, found))
    taken = {key for record in records if (key := record.first("ID"))}
    references = []
    for record in records:
        kind = _type(source, record, found)
        item = _item(record, kind)
        key = record.first("ID")
        if not key:
            key = _made_up(item, taken)
            taken.add(key)
            message = f"the record has no key: it is cited as '{key}'"
            found.append(source.diagnostic("P234", record.start, message, f"keep it with a line 'ID  - {key}'"))
        fields = tuple((tag, at) for tag, _, at in record.written)
        references.append(Reference(key, {"id": key} | item, source, Span(record.start, record.end), fields))
    tags = ((tag, Span(at, at + len(tag))) for record in records for tag, _, at in record.written)
    found += unknown(source, ((tag, span) for tag, span in tags if tag not in _known()), "tag")
    return references, tuple(found)


def _records(source: Source, found: list[Diagnostic]) -> Iterator[_Record]:
    record: _Record | None = None
    at = 0
    for line in source.text.split("\n"):
        start, at = at, at + len(line) + 1
        tag, value = _tagged(source, line, start, found, within=record is not None)
        if tag == "TY":
            if record:
                yield _unclosed(source, record, found)
            record = _Record(start, start + len(line))
            record.add(tag, value, start)
        elif record is None:
            if tag:
                hint = "a record begins with a line 'TY  - JOUR'"
                found.append(source.diagnostic("P202", start, f"the line '{tag}' stands outside of a record", hint))
        elif tag == "ER":
            record.end = start + len(line)
            yield record
            record = None
        elif tag:
            record.add(tag, value, start)
            record.end = start + len(line)
        else:
            record.written[-1][1].append(line.strip())
    if record:
        yield _unclosed(source, record, found)


def _tagged(source: Source, line: str, start: int, found: list[Diagnostic], *, within: bool) -> tuple[str, str]:
    """The tag and the value of a line; no tag where the line goes on with the value before it."""
    if tagged := TAG.fullmatch(line):
        return tagged["tag"], (tagged["value"] or "").strip()
    nearly = NEARLY.fullmatch(line)
    tag = (nearly["tag"] or nearly["bare"]).upper() if nearly else ""
    # a line of an abstract may begin with two letters as well
    if not nearly or not within or tag not in _known():
        return "", ""
    message = f"the line of the tag '{tag}' is not in its form"
    found.append(source.diagnostic("P202", start, message, f"two spaces, a hyphen, a space: '{tag}  - …'"))
    return tag, (nearly["value"] or line[2:]).strip()


def _unclosed(source: Source, record: _Record, found: list[Diagnostic]) -> _Record:
    hint = "end it with a line 'ER  - '"
    found.append(source.diagnostic("P202", record.start, "the record is not closed", hint))
    return record


def _type(source: Source, record: _Record, found: list[Diagnostic]) -> str:
    written = record.written[0][1][0].upper()
    kind = facts()["ris"]["types"].get(written)
    if kind is None:
        hint = "JOUR is an article, BOOK a book, CHAP a chapter, GEN anything else"
        found.append(source.diagnostic("P223", record.start, f"there is no type of record '{written}'", hint))
    return str(kind or "document")


def _item(record: _Record, kind: str) -> Item:
    """A record as a CSL-JSON item."""
    item: dict[str, object] = {"type": kind}
    for tag, variable in facts()["ris"]["tags"].items():
        values = [" ".join(value.split()) for value in record.all(tag)]
        if values and variable not in item:
            item[variable] = values[0]
    for variable, tags in facts()["ris"]["people"].items():
        if people := [_name(name) for name in record.all(*tags)]:
            item[variable] = people
    if keywords := [" ".join(word.split()) for value in record.all("KW") for word in value.split("\n") if word.strip()]:
        item["keyword"] = ", ".join(keywords)
    if notes := record.all("N1", "RN"):
        item["annote"] = "\n\n".join(" ".join(p.split()) for note in notes for p in note.split("\n\n") if p.strip())
    if issued := record.first("DA", "PY", "Y1"):
        # `DA` is the day, and counts if it can be read; else the year does
        whole = DAY.fullmatch(issued) or not record.first("PY", "Y1")
        item["issued"] = _date(issued if whole else record.first("PY", "Y1"))
    if accessed := record.first("Y2"):
        item["accessed"] = _date(accessed)
    return item | _title_of_whole(record, kind) | _pages(record, kind) | _number(record, kind)


def _name(written: str) -> Mapping[str, str]:
    family, *rest = (part.strip() for part in " ".join(written.split()).rstrip(", ").split(","))
    if not rest:
        return {"literal": family}
    if len(rest) > 1 and SUFFIX.fullmatch(rest[-1]):
        return {"family": family, "given": ", ".join(rest[:-1]), "suffix": rest[-1]}
    return {"family": family, "given": ", ".join(rest)}


def _date(written: str) -> object:
    """A date as RIS has it, such as `2004/05/23/` or `2004///Spring`, or in the form that other files have."""
    if found := DAY.fullmatch(written):
        year, *rest = (int(part or 0) for part in found.groups()[:3])
        # a month or day of 0 is one that is not known
        return {"date-parts": [[year, *takewhile(bool, rest)]]}
    return date(written)


def _title_of_whole(record: _Record, kind: str) -> Item:
    whole, series = record.first("T2", "BT", "JF", "JO", "JA", "J2"), record.first("T3")
    short = record.first("JA", "J2")
    titles = {"container-title-short": short if short != whole else ""}
    if kind in BOOKS:
        titles["title"] = record.first("TI", "T1", "BT")
        titles["collection-title"] = series or record.first("T2")
    else:
        titles |= {"container-title": whole, "collection-title": series}
    return {name: " ".join(title.split()) for name, title in titles.items() if title}


def _pages(record: _Record, kind: str) -> Item:
    first, last = record.first("SP"), record.first("EP")
    if kind in BOOKS and first and not last:
        return {"number-of-pages": first}
    pages = f"{first}-{last}" if first and last and last != first and "-" not in first else first or last
    return {"page": pages} if pages else {}


def _number(record: _Record, kind: str) -> Item:
    """`SN` is an ISBN or an ISSN, whichever it looks like."""
    written = " ".join(record.all("SN"))
    digits = len(re.findall(r"[\dXx]", written))
    if not written:
        return {}
    is_serial = digits % 8 == 0 if digits in (8, 10, 13, 16) else kind.startswith("article")
    return {"ISSN" if is_serial else "ISBN": written}


def _made_up(item: Item, taken: set[str]) -> str:
    """A key of the first name and the year, with letters behind it where another record has that: `Coll2004a`."""
    people = item.get("author") or item.get("editor")
    person = people[0] if isinstance(people, list) else {}
    issued = item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    name = person.get("family") or person.get("literal") or str(item.get("title", "")).partition(" ")[0]
    key = NO_KEY.sub("", str(name))[:40] + (str(parts[0][0]) if parts else "") or "record"
    letters = (f"{a}{b}" for a in ("", *ALPHABET) for b in ALPHABET)
    return next((k for k in (key, *(key + letter for letter in letters)) if k not in taken), f"{key}-{len(taken)}")
