"""The document that pandoc reads and the one that it writes, in its JSON, as far as citations need them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from postil.bibliography.markup.inlines import Json
from postil.programs.cache import decoded

Divisions = Mapping[str, list[Json]]
"""The blocks of each division of a document, by its id."""

API = (1, 23, 1)
"""The version of pandoc's JSON."""
ANEW: Json = {"t": "Header", "c": [1, ["", ["reset-citation-positions"], []], []]}
"""A heading behind which pandoc cites every work as if for the first time."""


# --- writing ----------------------------------------------------------------------------------------------------


def document(blocks: Iterable[Json], language: str, nocite: Iterable[str], *, links: bool) -> str:
    """A document for pandoc to read; with `links` its citations are to lead to the bibliography."""
    meta = {
        "lang": {"t": "MetaString", "c": language},
        "link-citations": {"t": "MetaBool", "c": links},
        "nocite": {"t": "MetaInlines", "c": [cite(work(key, (), (), "NormalCitation", 0) for key in nocite)]},
    }
    return json.dumps({"pandoc-api-version": API, "meta": meta, "blocks": list(blocks)}, ensure_ascii=False)


def cite(works: Iterable[Json]) -> Json:
    """A citation of one or more works."""
    return {"t": "Cite", "c": [list(works), []]}


def work(key: str, prefix: Sequence[Json], suffix: Sequence[Json], mode: str, note_number: int) -> Json:
    """One work within a citation. `suffix` begins with the locator, as in ", {fig. 5} and elsewhere"."""
    return {
        "citationId": key,
        "citationPrefix": prefix,
        "citationSuffix": suffix,
        "citationMode": {"t": mode},
        "citationNoteNum": note_number,
        "citationHash": 0,
    }


def division(identifier: str, inlines: Sequence[Json]) -> Json:
    """A paragraph that can be found again by its id."""
    return {"t": "Div", "c": [[identifier, [], []], [{"t": "Para", "c": inlines}]]}


def note(inlines: Sequence[Json]) -> Json:
    """A footnote."""
    return {"t": "Note", "c": [{"t": "Para", "c": inlines}]}


# --- reading ----------------------------------------------------------------------------------------------------


def divisions(answer: str) -> Divisions:
    """The blocks of each division of an answer, by its id."""
    found: dict[str, list[Json]] = {}
    for block in decoded(answer)["blocks"]:
        if block["t"] == "Div":
            found[block["c"][0][0]] = block["c"][1]
    return found


def references(answer: Divisions) -> list[tuple[str, list[Json]]]:
    """The entries of the bibliography, by key, in order."""
    found = []
    for block in answer.get("refs", ()):
        (identifier, *_), blocks = block["c"]
        found.append((identifier.removeprefix("ref-"), inlines(blocks)))
    return found


def apart(blocks: Iterable[Json]) -> tuple[list[Json], list[Json]]:
    """What stands in the text of a citation, and what in its note."""
    text: list[Json] = []
    notes: list[Json] = []
    for inline in _without_cites(inlines(blocks)):
        if inline["t"] == "Note":
            notes += inlines(inline["c"])
        else:
            text.append(inline)
    return text, notes


def _without_cites(content: Iterable[Json]) -> Iterator[Json]:
    """Content with what pandoc has put into each citation in the place of the citation."""
    for inline in content:
        if inline["t"] == "Cite":
            yield from inline["c"][1]
        else:
            yield inline


def inlines(blocks: Iterable[Json]) -> list[Json]:
    """The inline content of paragraphs, and of the divisions that hold some."""
    result: list[Json] = []
    for block in blocks:
        result += inlines(block["c"][1]) if block["t"] == "Div" else block["c"]
    return result
