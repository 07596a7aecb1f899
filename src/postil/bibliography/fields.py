"""What is peculiar to BibTeX: fields and types that nobody knows, and values that do not mean what they seem to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from postil.bibliography.bibtex import Field, Record
from postil.bibliography.facts import facts
from postil.source import Diagnostic, Source

Finding = Iterator[Diagnostic]

MONTH = re.compile(r"0?[1-9]|1[0-2]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
HYPHEN = re.compile(r"(?<=\d)-(?=\d)")
# words that headline capitals would spoil: al-Qaeda, Co-operation
SPOILED = re.compile(r"\b[a-z]+-[A-Z]\w*|\b(?:Anti|Co|Non|Pre|Post|Re|Semi|Sub)-[a-z]+")
PROTECTED = re.compile(r"\{[^{}]*\}")
TITLES = ("title", "subtitle", "booktitle", "maintitle", "journaltitle", "journal")
LISTS = ("publisher", "institution", "organization", "school")
INHERITED = ("crossref", "xdata")
POINTERS = (*INHERITED, "xref")
NEAR = 0.8


def field_diagnostics(source: Source, records: Sequence[Record]) -> Finding:
    """What is questionable in the fields of the entries of one file."""
    keys = {record.key for record in records}
    for record in records:
        yield from _type(source, record)
        for field in record.fields:
            yield from _unknown(source, field)
            yield from _pointer(source, field, keys)
            for check in CHECKS:
                yield from check(source, field)


def _type(source: Source, record: Record) -> Finding:
    if record.type not in facts()["bibtex"]["types"]:
        near = _nearest(record.type, "types")
        hint = f"did you mean '@{near}'?" if near else "'@misc' is for what has no type of its own"
        yield source.diagnostic("P223", record.span, f"there is no type of entry '@{record.type}'", hint)


def _unknown(source: Source, field: Field) -> Finding:
    if field.name not in facts()["bibtex"]["fields"] and (near := _nearest(field.name, "fields")):
        message = f"no field is called '{field.name}', and what it says is lost"
        yield source.diagnostic("P211", field.name_span, message, f"did you mean '{near}'?")


@cache
def _nearest(word: str, kind: str) -> str:
    return next(iter(difflib.get_close_matches(word, facts()["bibtex"][kind], 1, NEAR)), "")


def _pointer(source: Source, field: Field, keys: Collection[str]) -> Finding:
    for key in _named(field) if field.name in POINTERS else ():
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            hint = f"did you mean '{near[0]}'?" if near else "what it would inherit is missing"
            yield source.diagnostic(
                "P225", field.span, f"'{field.name}' names '{key}', which is not in this file", hint
            )


def without_circles(source: Source, records: Sequence[Record]) -> tuple[Sequence[Record], tuple[Diagnostic, ...]]:
    """The entries of a file, no two with one key, without references to others that lead round in a circle."""
    pointers = {record.key: [f for f in record.fields if f.name in INHERITED] for record in records}
    names = {key: {name for f in fields for name in _named(f) if name in pointers} for key, fields in pointers.items()}
    users: dict[str, list[str]] = {}
    for key, targets in names.items():
        for target in targets:
            users.setdefault(target, []).append(key)
    ending = [key for key, targets in names.items() if not targets]
    for key in ending:  # it grows meanwhile
        for user in users.get(key, ()):
            names[user].discard(key)
            if not names[user]:
                ending.append(user)
    endless = names.keys() - set(ending)
    kept = [
        replace(r, fields=tuple(f for f in r.fields if f.name not in INHERITED)) if r.key in endless else r
        for r in records
    ]
    hint = "an entry cannot take fields over from itself"
    found = (
        source.diagnostic("P202", f.span, f"'{f.name}' of the entry '{r.key}' leads round in a circle", hint)
        for r in records
        if r.key in endless
        for f in pointers[r.key]
    )
    return kept, tuple(found)


def _named(pointer: Field) -> Iterable[str]:
    return filter(None, re.split(r"\s*,\s*", pointer.value))


def _month(source: Source, field: Field) -> Finding:
    if field.name == "month" and field.value and not MONTH.fullmatch(field.value):
        hint = "write a number from 1 to 12 or jan, feb, mar…"
        yield source.diagnostic("P212", field.span, f"'{field.value}' is no month", hint)


def _range(source: Source, field: Field) -> Finding:
    if field.name == "pages" and (hyphen := HYPHEN.search(field.value)):
        hint = f"write {field.value[: hyphen.start()]}--{field.value[hyphen.end() :]}"
        yield source.diagnostic("P213", field.span, f"the range of pages '{field.value}' has one hyphen", hint)


def _capitals(source: Source, field: Field) -> Finding:
    if field.name in TITLES:
        for word in SPOILED.findall(PROTECTED.sub("", field.value)):
            message = f"styles with headline capitals will change those of '{word}'"
            yield source.diagnostic("P222", field.span, message, f"protect it with braces: {{{word}}}")


def _list(source: Source, field: Field) -> Finding:
    if field.name in LISTS and re.search(r"\sand\s", PROTECTED.sub("", field.value)):
        message = f"'and' in '{field.name}' makes a list of two: they are printed with a semicolon between them"
        yield source.diagnostic(
            "P224", field.span, message, f"if it is one name, put it in braces: {{{{{field.value}}}}}"
        )


CHECKS: Sequence[Callable[[Source, Field], Finding]] = (_month, _range, _capitals, _list)
