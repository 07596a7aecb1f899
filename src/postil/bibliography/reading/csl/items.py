"""Items of CSL-JSON, from a file in JSON or in YAML: cleared of what they should not hold, with their places."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeGuard

from postil.bibliography.facts import DATES, NAMES, facts
from postil.bibliography.reading.dates import NUMBER, RANGE, UNITS
from postil.bibliography.reading.unknown_names import nearest, unknown
from postil.document import Reference
from postil.manuscript.files import FORBIDDEN
from postil.source import Diagnostic, Source, Span

Read = tuple[Sequence[Reference], tuple[Diagnostic, ...]]
"""What a file has: its references, and what is wrong with them."""
Fields = tuple[tuple[str, int], ...]
"""The names in an entry as they are written, each with its place, in order."""

PARTS = frozenset(facts()["name-parts"])
SWITCHES = frozenset({"comma-suffix", "static-ordering", "parse-names"})
"""The parts of a name that are on or off; all others are text."""
SERIAL = ("ISBN", "ISSN")
TYPES = frozenset(facts()["csl"]["types"])
KNOWN = NAMES | DATES | frozenset(facts()["csl"]["variables"])
CROSSREF = facts()["csl"]["crossref"]
STRUCTURED = frozenset(facts()["csl"]["structured"])
NAME_PRIVATE = frozenset(facts()["csl"]["name-private"])
IGNORED = frozenset({"id", "categories", "custom", *facts()["csl"]["private"]})
"""What is no variable: the key, and what reference managers keep in an item for themselves."""
HIDDEN = "has a character that cannot stand in a book"


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with one name of an item. An unknown name that is like no known one is P231, without words."""

    code: str
    name: str
    message: str = ""
    hint: str | None = None


@dataclass(slots=True)
class Items:
    """What has been read of a file, which grows item by item."""

    source: Source
    _references: list[Reference] = field(default_factory=list)
    _found: list[Diagnostic] = field(default_factory=list)
    _unknown: list[tuple[str, Span]] = field(default_factory=list)

    def read(self) -> Read:
        """All of it."""
        return self._references, (*self._found, *unknown(self.source, self._unknown, "variable"))

    def report(self, at: int, message: str, hint: str | None = None, code: str = "P202") -> None:
        """Report what is wrong at a place."""
        self._found.append(self.source.diagnostic(code, at, message, hint))

    def add(self, item: object, span: Span, fields: Fields, twice: Sequence[str] = ()) -> None:
        """Add an item as a reference, without what is not of the kind that it should be.

        `fields` are the names that the file has in this item, `twice` those that it gives more than once.
        """
        if not isinstance(item, dict) or not isinstance(item.get("id"), str | int) or not str(item["id"]).strip():
            self.report(span.start, "the entry has no 'id', by which it could be cited")
            return
        key = str(_clean(item["id"]))
        kept: dict[str, object] = {"id": key}
        faults = [] if key == str(item["id"]) else [_Fault("P906", "id", f"'id' {HIDDEN}")]
        for name, written in _as_csl(item).items():
            if name in IGNORED:
                continue
            if name not in KNOWN:
                faults.append(_unknown_name(name))
                continue
            value = " ".join(written) if name in SERIAL and _is_texts(written) else written
            if name in NAMES:
                value = _people(value)
            if expected := _unfit(name, value):
                faults.append(
                    _Fault("P202", name, f"'{name}' of the entry '{key}' should be {expected}; it is left out")
                )
                continue
            kept[str(name)] = cleaned = _clean(value)
            if cleaned != value:
                faults.append(_Fault("P906", name, f"'{name}' of the entry '{key}' {HIDDEN}"))
        if kept.setdefault("type", "document") not in TYPES:
            faults.append(_unknown_type(str(kept["type"])))
            kept["type"] = "document"
        message = "is given twice in this entry; the last one counts"
        faults += [_Fault("P207", name, f"'{name}' {message}", "take one of them out") for name in twice]
        self._report_all(faults, span, fields)
        self._references.append(Reference(key, kept, self.source, span, fields))

    def _report_all(self, faults: Sequence[_Fault], span: Span, fields: Fields) -> None:
        # of a name that is given twice, the first place counts
        places = dict(reversed(fields))
        for fault in faults:
            at = places.get(fault.name, span.start)
            if fault.code == "P231":
                self._unknown.append((str(_clean(fault.name)), Span(at, at)))
            else:
                self.report(at, fault.message, fault.hint, fault.code)


def _as_csl(item: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """An item of Crossref or Zotero as CSL-JSON has it: without what is empty, and with texts in the place of lists."""
    result: dict[Any, Any] = {}
    for name, written in item.items():
        value = written[0] if _is_texts(written) and len(written) == 1 and name not in SERIAL else written
        if not (_is_empty(value) or (name in STRUCTURED and isinstance(written, list | dict))):
            result[CROSSREF.get(name, name) if name != "type" else name] = value
    if isinstance(kind := result.get("type"), str) and kind not in TYPES:
        result["type"] = CROSSREF.get(kind, kind)
    # only Crossref has a list there
    if "subtitle" in result and _is_texts(item.get("subtitle")):
        title, subtitle = result.get("title", ""), result.pop("subtitle")
        if isinstance(title, str) and isinstance(subtitle, str):
            result["title"] = f"{title}{' ' if title.endswith(('?', '!')) else ': '}{subtitle}" if title else subtitle
    return result


def _is_empty(value: object) -> bool:
    """Whether a value says nothing: null, an empty list or text, or a date without a year."""
    match value:
        case None | "":
            return True
        case list():
            return all(map(_is_empty, value))
        case dict():
            return all(map(_is_empty, value.values()))
        case _:
            return False


def _people(value: object) -> object:
    """Names without what programs note beside them, such as where somebody works."""
    if not isinstance(value, list):
        return value
    people = []
    for person in value:
        if not isinstance(person, dict):
            return value
        kept = {part: said for part, said in person.items() if part not in NAME_PRIVATE and said is not None}
        # Crossref's way with the name of a group
        if isinstance(kept.get("name"), str) and not kept.keys() & {"family", "literal"}:
            kept["literal"] = kept.pop("name")
        people.append(kept)
    return people


def _unknown_name(name: str) -> _Fault:
    if near := _meant(name, KNOWN):
        lost = f"no variable is called '{name}', and what it says is lost"
        return _Fault("P211", name, lost, f"did you mean '{near}'?")
    return _Fault("P231", name)


def _unknown_type(kind: str) -> _Fault:
    near = _meant(kind, TYPES)
    hint = f"did you mean '{near}'?" if near else "'document' is for what has no type of its own"
    return _Fault("P223", "type", f"there is no type of entry '{kind}'", hint)


@cache
def _meant(name: str, names: Collection[str]) -> str:
    """The name that was meant by an unknown one, such as `title` by `Title`; nothing where none is like it."""
    return str(facts()["csl"]["habits"].get(name.lower(), "")) or nearest(name, sorted(names))


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _clean(value: object) -> object:
    """A value without the control characters that an escape can hide in it from whoever reads the file."""
    match value:
        case str():
            return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value)
        case list():
            return [_clean(part) for part in value]
        case dict():
            return {_clean(name): _clean(part) for name, part in value.items()}
        case _:
            return value


def _unfit(name: str, value: object) -> str | None:
    """What a variable should be, where it is something else."""
    if name in NAMES:
        fits = isinstance(value, list) and all(
            isinstance(person, dict)
            and person.keys() <= PARTS
            and all(isinstance(part, bool if name in SWITCHES else str) for name, part in person.items())
            for person in value
        )
        return None if fits else "a list of names, each with 'family' and 'given' or 'literal'"
    if name in DATES:
        return None if _is_date(value) else 'a date, as in {"date-parts": [[2004, 2, 23]]}'
    if isinstance(value, float) and not math.isfinite(value):
        return "a number or text"
    return None if isinstance(value, str | int | float) and not isinstance(value, bool) else "text"


def _is_date(value: object) -> bool:
    if not isinstance(value, dict) or "year" in value:  # which YAML has, where it is a number
        return False
    parts: Any = value.get("date-parts", [])
    return (
        isinstance(parts, list)
        and len(parts) <= RANGE
        and all(isinstance(day, list) and 0 < len(day) <= len(UNITS) for day in parts)
        and all(NUMBER.fullmatch(str(part)) for day in parts for part in day)
        and all(isinstance(other, str | int) for name, other in value.items() if name != "date-parts")
    )
