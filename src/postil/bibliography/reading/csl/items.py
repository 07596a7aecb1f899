"""CSL-JSON, and the same in YAML: read item by item, each with its place, and cleared of what it should not hold."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeGuard

import yaml

from postil.bibliography.facts import facts
from postil.bibliography.reading.dates import NUMBER, RANGE, UNITS, date
from postil.bibliography.reading.unknown_names import nearest, unknown
from postil.bibliography.reading.variables import fields
from postil.document import Reference
from postil.manuscript.files import FORBIDDEN
from postil.source import Diagnostic, Source, Span

Item = Mapping[str, object]
Answer = tuple[Sequence[Reference], tuple[Diagnostic, ...]]

# parts of a name that are on or off
SWITCHES = frozenset({"comma-suffix", "static-ordering", "parse-names"})
NAMES, DATES, PARTS = (frozenset(facts()[name]) for name in ("names", "dates", "name-parts"))
SERIAL = ("ISBN", "ISSN")
TYPES = frozenset(facts()["csl"]["types"])
KNOWN = NAMES | DATES | frozenset(facts()["csl"]["variables"])
# for other programs
IGNORED = frozenset({"categories", "custom", *facts()["csl"]["private"]})
# where the next entry begins, which is not a further name in a list
BOUNDARY = re.compile(r'\}\s*,\s*(?=\{\s*"(?!(?:' + "|".join(sorted(PARTS)) + ')"))')
ITEM = re.compile(r"^([ ]*)- ", re.MULTILINE)
MOST_BROKEN = 100
"""How many broken entries of a file are reported; it is hardly JSON then."""


def items_of_json(source: Source) -> Answer:
    """The items of a CSL-JSON file: a list of objects. What is broken is reported, and reading goes on behind it."""
    reading = _Reading(source)
    text, at = source.text, _skip(source.text, 0)
    if text[at : at + 1] == "[":
        _read_list(reading, _skip(text, at + 1))
    elif at < len(text):
        reading.fault(at, "a list of references is expected here", "CSL-JSON is a list: '[{\"id\": …}, …]'")
    return reading.answer()


def _read_list(reading: _Reading, at: int) -> None:
    """Read the items of a list, whose first begins here, and what may follow the list."""
    text = reading.source.text
    broken = 0
    while at < len(text) and text[at] != "]":
        twice: list[str] = []
        try:
            item, end = _decoder(twice).raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            where, what = _broken(error, at)
            reading.fault(where, f"this is no JSON: {what}", "mend it; the entry is left out until then")
            broken += 1
            boundary = BOUNDARY.search(text, where)
            if boundary is None or broken == MOST_BROKEN:
                return
            at = boundary.end()
            continue
        reading.add(item, Span(at, end), twice)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] not in ("]", ""):
            reading.fault(end, "there is no comma behind the entry", "add a comma")
            if text[at] != "{":
                return
    if at == len(text):
        reading.fault(len(text.rstrip()), "the list is not closed", "add a ']' at its end")
    elif (rest := _skip(text, at + 1)) < len(text):
        reading.fault(rest, "the list is closed, but something follows", "entries belong within the brackets")


def _decoder(twice: list[str]) -> json.JSONDecoder:
    """A decoder that notes the names which an object has more than once."""

    def read(pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) != len(pairs):
            twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return read

    return json.JSONDecoder(object_pairs_hook=read)


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
    """The items of a YAML file: a list, or a mapping whose `references` are one. A broken item costs no other."""
    reading = _Reading(source)
    text = source.text
    try:
        root = _compose(text)
    except (yaml.YAMLError, RecursionError) as error:
        first = ITEM.search(text)
        starts = [found.start() for found in ITEM.finditer(text) if first and found[1] == first[1]]
        if not starts:
            reading.no_yaml(error, 0)
            return reading.answer()
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            try:
                root = _compose(text[start:end])
            except (yaml.YAMLError, RecursionError) as fault:
                reading.no_yaml(fault, start)
            else:
                reading.add_nodes(root, start)
    else:
        reading.add_nodes(root, 0)
    return reading.answer()


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _entries(root: yaml.Node | None) -> Sequence[yaml.Node] | None:
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value == "references"), None)
    return root.value if isinstance(root, yaml.SequenceNode) else None


def _dated(item: object) -> object:
    """An item of YAML as JSON has it: dates in parts, from `2004-05-06`, `2004/2005` or `{year: …, month: …}`."""
    if not isinstance(item, dict):
        return item
    return {name: date(value) if name in DATES else value for name, value in item.items()}


@dataclass(slots=True)
class _Reading:
    """What has been read of a file, and what was wrong with it."""

    source: Source
    references: list[Reference] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    strange: list[tuple[str, Span]] = field(default_factory=list)

    def answer(self) -> Answer:
        """All of it."""
        return self.references, (*self.found, *unknown(self.source, self.strange, "variable"))

    def fault(self, at: int, message: str, hint: str | None = None, code: str = "P202") -> None:
        """Report what is wrong at a place."""
        self.found.append(self.source.diagnostic(code, at, message, hint))

    def no_yaml(self, error: yaml.YAMLError | RecursionError, start: int) -> None:
        """Report that what begins at `start` cannot be read."""
        marked = error if isinstance(error, yaml.MarkedYAMLError) else None
        at = start + (marked.problem_mark.index if marked and marked.problem_mark else 0)
        what = f": {marked.problem}" if marked else ""
        self.fault(at, f"this is no YAML{what}", "mend it; the entry is left out until then")

    def add_nodes(self, root: yaml.Node | None, start: int) -> None:
        """Add the entries of a document, or of a part of one that begins at `start`."""
        entries = _entries(root)
        if entries is None:
            if root is not None:
                self.fault(start, "a list of references is expected here", "write 'references:' and the list under it")
            return
        constructor = yaml.constructor.BaseConstructor()
        for node in entries:
            names = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
            twice = [name for name, times in Counter(map(str, names)).items() if times > 1]
            try:
                item = constructor.construct_object(node, deep=True)
            except yaml.YAMLError as error:
                self.no_yaml(error, start)
                continue
            self.add(_dated(item), Span(start + node.start_mark.index, start + node.end_mark.index), twice)

    def add(self, item: object, span: Span, twice: Sequence[str] = ()) -> None:
        """Add an item as a reference, without what is not of the kind that it should be."""
        if not isinstance(item, dict) or not isinstance(item.get("id"), str | int) or not str(item["id"]).strip():
            self.fault(span.start, "the entry has no 'id', by which it could be cited")
            return
        key = str(_clean(item["id"]))
        kept: dict[str, object] = {"id": key}
        faults: list[tuple[str, str, str, str | None]] = []
        hidden = "has a character that cannot stand in a book"
        if key != str(item["id"]):
            faults.append(("P906", "id", f"'id' {hidden}", None))
        for name, written in item.items():
            if name == "id" or name in IGNORED:
                continue
            if name not in KNOWN:
                faults.append(("P231", name, "", None))
                continue
            value = " ".join(written) if name in SERIAL and _is_texts(written) else written
            if expected := _unfit(name, value):
                what = f"'{name}' of the entry '{key}' should be {expected}; it is left out"
                faults.append(("P202", name, what, None))
                continue
            kept[str(name)] = cleaned = _clean(value)
            if cleaned != value:
                faults.append(("P906", name, f"'{name}' of the entry '{key}' {hidden}", None))
        kind = kept.setdefault("type", "document")
        if kind not in TYPES:
            near = _meant(str(kind), TYPES)
            hint = f"did you mean '{near}'?" if near else "'document' is for what has no type of its own"
            faults.append(("P223", "type", f"there is no type of entry '{kind}'", hint))
            kept["type"] = "document"
        message = "is given twice in this entry; the last one counts"
        faults += [("P207", name, f"'{name}' {message}", "take one of them out") for name in twice]
        self._report(faults, span)
        self.references.append(Reference(key, kept, self.source, span))

    def _report(self, faults: Sequence[tuple[str, str, str, str | None]], span: Span) -> None:
        places = dict(reversed(fields(self.source, span))) if faults else {}
        for code, name, message, hint in faults:
            at = places.get(name, span.start)
            if code != "P231":
                self.fault(at, message, hint, code)
            elif near := _meant(name, KNOWN):
                lost = f"no variable is called '{name}', and what it says is lost"
                self.fault(at, lost, f"did you mean '{near}'?", "P211")
            else:
                self.strange.append((str(_clean(name)), Span(at, at)))


@cache
def _meant(name: str, names: Collection[str]) -> str:
    return str(facts()["csl"]["habits"].get(name.lower(), "")) or nearest(name, sorted(names))


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


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
