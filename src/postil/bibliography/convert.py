"""BibTeX and RIS into CSL-JSON, through pandoc.

Pandoc's own CSL-JSON forgets which words of a title are protected by braces; its document tree does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from postil.bibliography import pandoc
from postil.bibliography.bibtex import Record
from postil.bibliography.csl import DATES, date
from postil.bibliography.facts import facts
from postil.bibliography.tree import marked_up
from postil.source import Diagnostic, Source

Item = Mapping[str, object]

# fields whose value is no LaTeX
VERBATIM = frozenset(facts()["verbatim"])
# types that pandoc does not know, by the nearest that it does
TYPES = {"newspaper": ("article", "newspaper"), "magazine": ("article", "magazine")}
# variables that CSL-JSON writes in capitals
NAMES = {name.lower(): name for name in ("DOI", "ISBN", "ISSN", "PMCID", "PMID", "URL")}
DATE_FIELDS = {"accessed": ("urldate",), "event-date": ("eventdate",), "issued": ("date", "year")}
ERROR_LINE = re.compile(r"\(line (\d+),")
SPECIAL = re.compile(r"(?<!\\)([%&#])")
DOLLAR = re.compile(r"(?<!\\)\$")
# an accent on a dotless letter, which pandoc leaves dotless
DOTLESS = re.compile(r"(\\[\"'`^~=.uvHcdbkr]\s*\{?)\\([ij])(?![A-Za-z])")
TRIES = 20


def items_of_bibtex(
    source: Source, records: Sequence[Record], cache: Path | None, language: str
) -> tuple[Mapping[str, Item], tuple[Diagnostic, ...]]:
    """The entries of a BibTeX file as CSL-JSON items, by key; one that pandoc rejects is reported and left out.

    What has no language of its own is in `language`: it decides about the capitals of titles.
    """
    left = list(records)
    found: list[Diagnostic] = []
    for _ in range(TRIES):
        if not left:
            return {}, tuple(found)
        try:
            text = "".join(_written(record, language) for record in left)
            answer = pandoc.run(("--from=biblatex", "--to=json"), text, {}, cache)
        except pandoc.PandocError as error:
            line = ERROR_LINE.search(str(error))
            if line is None or not 0 < int(line[1]) <= len(left):
                found.append(source.diagnostic("P206", 0, f"the entries of '{source.path}' cannot be read: {error}"))
                return {}, tuple(found)
            # every entry is written on a line of its own
            rejected = left.pop(int(line[1]) - 1)
            reason = str(error).splitlines()[1:2]
            message = f"the entry '{rejected.key}' cannot be read: {''.join(reason) or error}"
            found.append(source.diagnostic("P202", rejected.span, message, "look for LaTeX that has no plain meaning"))
        else:
            items = {str(item["id"]): item for item in _items(answer)}
            known = [record for record in left if record.key in items]
            return {r.key: {**items[r.key], **_unread_dates(r, items[r.key])} for r in known}, tuple(found)
    message = f"the entries of '{source.path}' cannot be read: pandoc rejects more than {TRIES} of them"
    found.append(source.diagnostic("P206", 0, message, "mend those that are reported first"))
    return {}, tuple(found)


def items_of_ris(source: Source, cache: Path | None) -> tuple[Sequence[Item], tuple[Diagnostic, ...]]:
    """The records of a RIS file as CSL-JSON items, in the order of the file."""
    try:
        answer = pandoc.run(("--from=ris", "--to=json"), source.text, {}, cache)
    except pandoc.PandocError as error:
        line = ERROR_LINE.search(str(error))
        # at the end of a file the line may be one behind its last
        at = source.offset(min(int(line[1]), source.text.count("\n") + 1), 1) if line else 0
        return (), (source.diagnostic("P202", at, f"the file cannot be read as RIS: {' '.join(str(error).split())}"),)
    return _items(answer), ()


def _unread_dates(record: Record, item: Item) -> Item:
    """The dates of an entry in which pandoc saw none, as they are written."""
    written = {name: record.get(field) for name, fields in DATE_FIELDS.items() for field in reversed(fields)}
    return {name: {"literal": f.value} for name, f in written.items() if f and f.value and name not in item}


def _items(answer: str) -> list[dict[str, object]]:
    """The references in the metadata of a document of pandoc's, as CSL-JSON."""
    references = json.loads(answer)["meta"]["references"]["c"]
    items = [{NAMES.get(name, name): _value(name, value) for name, value in r["c"].items()} for r in references]
    return [item | {"type": item.get("type") or "document"} for item in items]


def _value(name: str, meta: Mapping[str, Any]) -> object:
    content = meta["c"]
    match meta["t"]:
        case "MetaList":
            return [_value("", part) for part in content]
        case "MetaMap":
            return {part: _value(part, value) for part, value in content.items()}
        case "MetaInlines":
            content = marked_up(content)
    return date(content) if name in DATES else content


def _written(record: Record, language: str) -> str:
    """An entry on one line, as pandoc reads it without loss."""
    kind, subtype = TYPES.get(record.type, (record.type, ""))
    fields = {f.name: _escaped(f.name, f.value) for f in record.fields}
    if subtype:
        fields.setdefault("entrysubtype", subtype)
    if not fields.keys() & {"langid", "hyphenation"}:
        fields["langid"] = fields.get("language", language.partition("-")[0])
    return f"@{kind}{{{record.key}, " + ", ".join(f"{name} = {{{value}}}" for name, value in fields.items()) + "}\n"


def _escaped(name: str, value: str) -> str:
    """Signs that mean something to LaTeX but nothing here, made safe: they would end the value unread."""
    if name in VERBATIM:
        return value
    value = DOTLESS.sub(r"\1\2", SPECIAL.sub(r"\\\1", value))
    return value if len(DOLLAR.findall(value)) % 2 == 0 else DOLLAR.sub(r"\\$", value)
