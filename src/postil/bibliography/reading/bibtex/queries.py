"""What an editor would query in BibTeX as it is written: unknown fields and types, and values that mislead.

Once an entry is read, its names, dates and pages no longer show how they were written.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from postil.bibliography.facts import facts
from postil.bibliography.reading.bibtex.grammar import Field, Record
from postil.bibliography.reading.bibtex.inheritance import POINTERS, keys_in
from postil.bibliography.reading.dates import month_and_day, remedy
from postil.bibliography.reading.unknown_names import nearest, unknown
from postil.source import Diagnostic, Source, Span

Finding = Iterator[Diagnostic]

LOST = frozenset(facts()["bibtex"]["lost"])
KNOWN = frozenset((*facts()["bibtex"]["fields"], *facts()["bibtex"]["private"]))
# a range of pages with one hyphen, both its ends in the same form: 12-15, S12-S15, xi-xv; but not A-12
RANGE = re.compile(
    r"(?<![\w-])(?:([A-Za-z]{0,2})(\d+[a-z]?) ?- ?(\1\d+[a-z]?|\d+)|()([ivxlc]+) ?- ?([ivxlc]+))(?![\w-])"
)
# what stands in braces, which hide the commas and the "and" in them: "{Simon and Schuster}" is one name
BRACED = re.compile(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}")
HIDDEN = "\N{REPLACEMENT CHARACTER}"
PROTECTED = re.compile(r"\{[^{}]*\}")
LISTS = ("publisher", "institution", "organization", "school")
PEOPLE = frozenset(
    ("author", "editor", "editora", "editorb", "editorc", "translator", "annotator", "commentator", "bookauthor")
)
SUFFIX = re.compile(r"(?:jr|sr|[ivx]+|ph\.? ?d|m\.? ?d|esq|fils|père|ainé|jeune)\.?", re.IGNORECASE)
# what stands between names; at the beginning or the end of a value a name is missing beside it
AND = re.compile(r"\s+and(?=\s|$)|^and\s", re.IGNORECASE)
MOST_PARTS = 3
HINTED = 50
"""How many keys that name no entry get a hint at the nearest key, which takes a while to find among many."""
ODD = re.compile(r"[-_:.\d]")


def field_diagnostics(source: Source, records: Sequence[Record], before: Collection[str]) -> Finding:
    """What is questionable in the fields of the entries of one file.

    `before` are the keys of earlier files.
    """
    keys = {*before, *(record.key for record in records)}
    strange: list[tuple[str, Span]] = []
    unprinted: dict[str, list[Span]] = {}
    lost = 0
    for record in records:
        yield from _type(source, record)
        for field in record.fields:
            if field.name not in KNOWN:
                if near := _nearest(field.name, "fields"):
                    message = f"no field is called '{field.name}', and what it says is lost"
                    yield source.diagnostic("P211", field.name_span, message, f"did you mean '{near}'?")
                elif not ODD.search(field.name):
                    strange.append((field.name, field.name_span))
                continue
            if field.name in LOST:
                unprinted.setdefault(field.name, []).append(field.name_span)
            for finding in _pointer(source, field, keys, hinted=lost < HINTED):
                lost += 1
                yield finding
            for check in CHECKS:
                yield from check(source, field)
    yield from unknown(source, strange, "field")
    for name, places in unprinted.items():
        what = "an entry has" if len(places) == 1 else f"{len(places)} entries have"
        message = f"{what} '{name}', for which citation styles have no place"
        yield source.diagnostic("P221", places[0], message, "what a reader has to know, say in 'note' or in the text")


def _type(source: Source, record: Record) -> Finding:
    if record.type not in facts()["bibtex"]["types"]:
        near = _nearest(record.type, "types")
        hint = f"did you mean '@{near}'?" if near else "'@misc' is for what has no type of its own"
        yield source.diagnostic("P223", record.span, f"there is no type of entry '@{record.type}'", hint)


@cache
def _nearest(word: str, kind: str) -> str:
    return nearest(word, facts()["bibtex"][kind])


def _pointer(source: Source, field: Field, keys: Collection[str], *, hinted: bool) -> Finding:
    for key in keys_in(field) if field.name in POINTERS else ():
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1) if hinted else []
            hint = f"did you mean '{near[0]}'?" if near else "what it would inherit is missing"
            message = f"'{field.name}' names '{key}', which is neither in this file nor in one before it"
            yield source.diagnostic("P225", field.span, message, hint)


def _month(source: Source, field: Field) -> Finding:
    if field.name == "month" and field.value and month_and_day(field.value) is None:
        hint = "write a number from 1 to 12 or jan, feb, mar…"
        yield source.diagnostic("P212", field.span, f"'{field.value}' is no month", hint)


def _year(source: Source, field: Field) -> Finding:
    if field.name == "year" and re.fullmatch(r"\d{1,3}", field.value):
        yield source.diagnostic("P212", field.span, f"'{field.value}' is no year", remedy(field.value))


def _range(source: Source, field: Field) -> Finding:
    if field.name == "pages" and RANGE.search(field.value):
        hint = f"write {RANGE.sub(_with_two_hyphens, field.value)}"
        yield source.diagnostic("P213", field.span, f"the range of pages '{field.value}' has one hyphen", hint)


def _with_two_hyphens(found: re.Match[str]) -> str:
    prefix, first, last = (part or "" for part in (found.groups()[:3] if found[2] else found.groups()[3:]))
    return f"{prefix}{first}--{last}"


def _names(source: Source, field: Field) -> Finding:
    if field.name not in PEOPLE:
        return
    for name in AND.split(BRACED.sub(_hidden, field.value)):
        parts = name.split(",")
        if not name.strip():
            yield source.diagnostic("P219", field.span, "a name is empty", "there is an 'and' too many")
        elif (
            len(parts) > MOST_PARTS or (len(parts) == MOST_PARTS and not SUFFIX.fullmatch(parts[1].strip()))
        ) and "=" not in name:
            shown = name.strip().replace(HIDDEN, "…")
            yield source.diagnostic("P219", field.span, f"'{shown}' is not one name", "put 'and' between names")


def _hidden(braces: re.Match[str]) -> str:
    return HIDDEN if "," in braces[0] or re.search(r"\sand\s", braces[0]) else braces[0]


def _list(source: Source, field: Field) -> Finding:
    if field.name in LISTS and re.search(r"\sand\s", PROTECTED.sub("", field.value)):
        message = f"'and' in '{field.name}' makes a list of two: they are printed with a semicolon between them"
        yield source.diagnostic(
            "P224", field.span, message, f"if it is one name, put it in braces: {{{{{field.value}}}}}"
        )


CHECKS: Sequence[Callable[[Source, Field], Finding]] = (_month, _year, _range, _names, _list)
