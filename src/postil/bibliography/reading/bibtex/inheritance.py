"""Entries that take fields over from others, by `crossref` and `xdata`: where from, and whether that ever ends."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from postil.bibliography.reading.bibtex.grammar import Field, Record
from postil.source import Diagnostic, Source

INHERITED = ("crossref", "xdata")
POINTERS = (*INHERITED, "xref")
"""The fields that name other entries; `xref` only says that they belong together."""


def without_circles(source: Source, records: Sequence[Record]) -> tuple[Sequence[Record], tuple[Diagnostic, ...]]:
    """The entries of a file, no two with one key, and what is wrong with how they take fields over.

    An entry that takes fields over from itself by way of others, "a" from "b" and "b" from "a", loses its pointers.
    """
    # An entry ends where it names nobody, or only entries that end: what is left behind leads round in a circle.
    pointers = {record.key: [f for f in record.fields if f.name in INHERITED] for record in records}
    names = {key: {name for f in fields for name in keys_in(f) if name in pointers} for key, fields in pointers.items()}
    users: dict[str, list[str]] = {}
    for key, targets in names.items():
        for target in targets:
            users.setdefault(target, []).append(key)
    ending = [key for key, targets in names.items() if not targets]
    for key in ending:  # which grows meanwhile
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


def lent(records: Sequence[Record], before: Mapping[str, Record]) -> Sequence[Record]:
    """The entries of earlier files from which these take fields over, directly or by way of others.

    `before` are the entries of the earlier files. An entry knows none of a later file: where a lent one names a key
    that is in this file too, it did not mean this file's, and does not take fields over from there.
    """
    own = {record.key for record in records}
    wanted: dict[str, Record] = {}
    asking = list(records)
    while asking:
        names = (name for f in asking.pop().fields if f.name in INHERITED for name in keys_in(f))
        for name in names:
            if name in before and name not in own and name not in wanted:
                kept = tuple(field for field in before[name].fields if not _names_any(field, own))
                wanted[name] = replace(before[name], fields=kept)
                asking.append(wanted[name])
    return list(wanted.values())


def _names_any(field: Field, keys: Collection[str]) -> bool:
    """Whether a field takes others over from one of these entries."""
    return field.name in INHERITED and not set(keys).isdisjoint(keys_in(field))


def keys_in(pointer: Field) -> Iterable[str]:
    """The keys that a field such as `xdata = {one, two}` names."""
    return filter(None, re.split(r"\s*,\s*", pointer.value))
