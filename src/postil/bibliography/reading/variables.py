"""Where an entry has each of its fields, in whatever kind of file it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import yaml

from postil.bibliography.facts import facts
from postil.bibliography.reading.bibtex import grammar as bibtex
from postil.document import Reference
from postil.source import Source, Span

JSON_TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"|[{}\[\]:]')
RIS_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: |$)", re.MULTILINE)


def place(reference: Reference, variable: str) -> int:
    """Where an entry has a variable, under whatever name its file has for it; the entry's start where it has not."""
    source, span = reference.source, reference.span
    written = fields(source, span)
    tables = {"bib": "bibtex-names", "ris": "ris-names"}
    others = facts()[tables[kind]].get(variable, ()) if (kind := ending(source)) in tables else ()
    return next((at for wanted in (variable, *others) for name, at in written if name == wanted), span.start)


def called(reference: Reference, variable: str) -> str:
    """A variable by the name that the entry's file has for it."""
    kind = ending(reference.source)
    if kind == "bib":
        own = facts()["bibtex-names-of"].get(reference.item.get("type"), {})
        return str(own.get(variable) or facts()["bibtex-names"].get(variable, [variable])[0])
    return str(facts()["ris-names"].get(variable, [variable])[0]) if kind == "ris" else variable


def ending(source: Source) -> str:
    """The ending of a file's name, which says of what kind it is."""
    return source.path.rpartition(".")[2].lower()


@lru_cache(maxsize=64)
def fields(source: Source, span: Span) -> Sequence[tuple[str, int]]:
    """The names of an entry's fields as they are written, each with its place, in order."""
    match ending(source):
        case "bib":
            return [(f.name, f.name_span.start) for f in bibtex.fields_of(source, span)]
        case "ris":
            return [(tag[1], tag.start()) for tag in RIS_TAG.finditer(source.text, span.start, span.end)]
        case "json":
            return _of_json(source.text, span)
        case _:
            return _of_yaml(source, span)


def _of_json(text: str, span: Span) -> Sequence[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    depth, last = 0, None
    for token in JSON_TOKEN.finditer(text, span.start, span.end):
        if token[0] == ":" and depth == 1 and last:
            found.append((last["text"], last.start()))
        depth += (token[0] in "{[") - (token[0] in "}]")
        last = token if token["text"] is not None else None
    return found


def _of_yaml(source: Source, span: Span) -> Sequence[tuple[str, int]]:
    # as far to the right as in the file, or its lines would not stand below each other
    margin = source.position(span.start).column - 1
    try:
        root = yaml.compose(" " * margin + source.text[span.start : span.end], yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return ()
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    return [(str(key.value), key.start_mark.index - margin + span.start) for key, _ in pairs]
