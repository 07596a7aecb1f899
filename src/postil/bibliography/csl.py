"""CSL-JSON, and the same in YAML: read item by item, each with its place, and cleared of what it should not hold."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from postil.bibliography.facts import facts
from postil.document import Reference
from postil.manuscript.files import FORBIDDEN
from postil.source import Diagnostic, Source, Span

Item = Mapping[str, object]
Answer = tuple[Sequence[Reference], tuple[Diagnostic, ...]]

NAMES, DATES, PARTS = (frozenset(facts()[name]) for name in ("names", "dates", "name-parts"))
# for other programs
IGNORED = frozenset({"categories", "custom"})
EDTF = re.compile(r"(-?\d{4,9})(?:-(\d\d))?(?:-(\d\d))?(?:T[\d:.Z+-]*)?([~?%])?")
BOUNDARY = re.compile(r"\}\s*,\s*(?=\{)")
VARIABLE = re.compile(r"[\"']?\b([\w-]+)[\"']?\s*:")
NUMBER = re.compile(r"-?[0-9]{1,9}")
UNITS = ("year", "month", "day")
RANGE = 2
MOST_BROKEN = 100
"""How many broken entries of a file are reported; it is hardly JSON then."""


def items_of_json(source: Source) -> Answer:
    """The items of a CSL-JSON file: a list of objects. What is broken is reported, and reading goes on behind it."""
    references: list[Reference] = []
    found: list[Diagnostic] = []
    decoder = json.JSONDecoder()
    text = source.text
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        hint = "CSL-JSON is a list: '[{\"id\": …}, …]'"
        return (), (source.diagnostic("P202", at, "a list of references is expected here", hint),)
    at = _skip(text, at + 1)
    broken = 0
    while at < len(text) and text[at] != "]":
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            where, what = _broken(error, at)
            hint = "mend it; the entry is left out until then"
            found.append(source.diagnostic("P202", where, f"this is no JSON: {what}", hint))
            broken += 1
            boundary = BOUNDARY.search(text, where)
            if boundary is None or broken == MOST_BROKEN:
                return references, tuple(found)
            at = boundary.end()
            continue
        _add(source, item, Span(at, end), references, found)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            found.append(source.diagnostic("P202", end, "there is no comma behind the entry", "add a comma"))
            if text[at : at + 1] != "{":
                return references, tuple(found)
    return references, tuple(found)


def _broken(error: ValueError | RecursionError, at: int) -> tuple[int, str]:
    """Where an entry that begins at `at` is broken, and how."""
    match error:
        case json.JSONDecodeError():
            return error.pos, error.msg[0].lower() + error.msg[1:]
        case RecursionError():
            return at, "too deep"
        case _:
            return at, "a number has too many digits"


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


class _Loader(yaml.BaseLoader):
    """Reads every scalar as text, and no aliases: they would let a small file grow without bound."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


def items_of_yaml(source: Source) -> Answer:
    """The items of a YAML file: a list, or a mapping whose `references` are one."""
    references: list[Reference] = []
    found: list[Diagnostic] = []
    loader = _Loader(source.text)
    try:
        root = loader.get_single_node()
        entries = _entries(root)
        if entries is None:
            hint = "write 'references:' and the list under it"
            return (), (source.diagnostic("P202", 0, "a list of references is expected here", hint),)
        for node in entries:
            item = _dated(loader.construct_object(node, deep=True))
            _add(source, item, Span(node.start_mark.index, node.end_mark.index), references, found)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.index if error.problem_mark else 0
        found.append(source.diagnostic("P202", at, f"this is no YAML: {error.problem}"))
    except (yaml.YAMLError, RecursionError):
        found.append(source.diagnostic("P202", 0, "this is no YAML"))
    finally:
        loader.dispose()
    return references, tuple(found)


def _entries(root: yaml.Node | None) -> Sequence[yaml.Node] | None:
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value == "references"), None)
    return root.value if isinstance(root, yaml.SequenceNode) else None


def _dated(item: object) -> object:
    """An item of YAML as JSON has it: dates in parts, from `2004-05-06`, `2004/2005` or `{year: …, month: …}`."""
    if not isinstance(item, dict):
        return item
    return {name: date(value) if name in DATES else value for name, value in item.items()}


def date(value: object) -> object:
    """A date in parts, as CSL-JSON has it; as a `literal` what is no date."""
    if isinstance(value, str):
        days = [day for end in value.split("/") if (day := EDTF.fullmatch(end))]
        if not 0 < len(days) == value.count("/") + 1 <= RANGE:
            return {"literal": value}
        dates = {"date-parts": [[_year(day[1]), *(int(part) for part in day.groups()[1:3] if part)] for day in days]}
        return dates | ({"circa": True} if any(day[4] for day in days) else {})
    ends: list[Any] = value if isinstance(value, list) else [value]
    if not all(isinstance(end, dict) and "year" in end for end in ends):
        return value
    parts = [[str(end.get(unit, "")) for unit in UNITS] for end in ends]
    return {"date-parts": [[int(part) for part in day if NUMBER.fullmatch(part)] for day in parts]}


def _year(written: str) -> int:
    # CSL has no year 0 between those before and after Christ
    return int(written) - (int(written) <= 0)


def _add(source: Source, item: object, span: Span, references: list[Reference], found: list[Diagnostic]) -> None:
    """Add an item as a reference, without the variables that are not of the kind they should be."""
    if not isinstance(item, dict) or not isinstance(item.get("id"), str | int) or not str(item["id"]).strip():
        found.append(source.diagnostic("P202", span, "the entry has no 'id', by which it could be cited"))
        return
    key = str(_clean(item["id"]))
    kept: dict[str, object] = {"id": key}
    faults = [] if key == str(item["id"]) else [("P906", "id", "'id' has a character that cannot stand in a book")]
    for name, value in item.items():
        if name == "id" or name in IGNORED:
            continue
        if expected := _unfit(name, value):
            faults.append(("P202", name, f"'{name}' of the entry '{key}' should be {expected}; it is left out"))
            continue
        kept[str(_clean(name))] = cleaned = _clean(value)
        if cleaned != value:
            message = f"'{name}' of the entry '{key}' has a character that cannot stand in a book"
            faults.append(("P906", name, message))
    if faults:
        at = _places(source, span)
        found += [source.diagnostic(code, at.get(name, span.start), message) for code, name, message in faults]
    kept.setdefault("type", "document")
    references.append(Reference(key, kept, source, span))


def _clean(value: object) -> object:
    """A value without what escapes in it can hide from whoever reads the file: control characters and the like."""
    match value:
        case str():
            return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value)
        case list():
            return [_clean(part) for part in value]
        case dict():
            return {_clean(name): _clean(part) for name, part in value.items()}
        case _:
            return value


def _places(source: Source, span: Span) -> Mapping[str, int]:
    """Where an entry has each of its variables."""
    found = list(VARIABLE.finditer(source.text, span.start, span.end))
    return {variable[1]: variable.start() for variable in reversed(found)}


def _unfit(name: str, value: object) -> str | None:
    """What a variable should be, where it is something else."""
    if name in NAMES:
        fits = isinstance(value, list) and all(
            isinstance(person, dict)
            and person.keys() <= PARTS
            and all(isinstance(part, str | bool | int) for part in person.values())
            for person in value
        )
        return None if fits else "a list of names, each with 'family' and 'given' or 'literal'"
    if name in DATES:
        return None if _is_date(value) else 'a date, as in {"date-parts": [[2004, 2, 23]]}'
    if isinstance(value, float) and not math.isfinite(value):
        return "a number or text"
    return None if isinstance(value, str | int | float) and not isinstance(value, bool) else "text"


def _is_date(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    parts: Any = value.get("date-parts", [])
    return (
        isinstance(parts, list)
        and len(parts) <= RANGE
        and all(isinstance(day, list) and 0 < len(day) <= len(UNITS) for day in parts)
        and all(NUMBER.fullmatch(str(part)) for day in parts for part in day)
        and all(isinstance(other, str | int) for name, other in value.items() if name != "date-parts")
    )
