"""Citations made by hand, and answers as plain HTML, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from itertools import count
from pathlib import Path

import pytest

from postil.bibliography import Entry, Formatted, Stream, reference_id
from postil.bibliography.citing.format import format_citations
from postil.bibliography.library import load_references
from postil.bibliography.style.file import Style
from postil.bibliography.style.shipped import named
from postil.dialect import parse
from postil.document import BibliographySettings, Citation, Cite, Element, EngineName, Reference, Text, Words, walk
from postil.source import Source, Span

PLACES = count()


def work(
    key: str,
    locator: str = "",
    *,
    prefix: str | tuple[Words, ...] = (),
    suffix: str | tuple[Words, ...] = (),
    suppress: bool = False,
) -> Cite:
    return Cite(key, said(prefix), locator, said(suffix), suppress)


def said(words: str | tuple[Words, ...]) -> tuple[Words, ...]:
    """What stands before or behind a work, as it is written in brackets."""
    if not isinstance(words, str):
        return words
    chapter, found = parse(Source("said.md", f"[@key, 1 {words}]"), {})
    assert found == ()
    (citation,) = (node for node in walk(chapter.body) if isinstance(node, Citation))
    return citation.cites[0].suffix


def cite(*works: Cite | str, in_text: bool = False) -> Citation:
    at = next(PLACES)
    return Citation(tuple(work(w) if isinstance(w, str) else w for w in works), in_text, Span(at, at))


def note(identifier: str, *works: Cite | str, in_text: bool = False) -> Entry:
    return Entry(((identifier, cite(*works, in_text=in_text)),), generated=True)


def authors_note(identifier: str, *citations: Citation) -> Entry:
    return Entry(tuple((f"{identifier}{number}", citation) for number, citation in enumerate(citations, 1)))


def style(name: str = "chicago-notes-bibliography") -> Style:
    found, diagnostics = named(name)
    assert found is not None, diagnostics
    return found


def library(text: str, path: str = "references.bib") -> dict[str, Reference]:
    references, diagnostics = load_references([Source(path, text)], None)
    assert not [d for d in diagnostics if d.severity == "error"], diagnostics
    return dict(references)


def read(path: Path) -> dict[str, Reference]:
    return library(path.read_text("utf-8"), path.name)


def formatted(  # noqa: PLR0913 -- what the function tested takes
    references: dict[str, Reference],
    series: Iterable[Entry] = (),
    apart: Iterable[tuple[str, Citation]] = (),
    *,
    to: str = "chicago-notes-bibliography",
    language: str = "en-GB",
    engine: EngineName = "pandoc",
) -> Formatted:
    stream, settings = Stream(tuple(series), tuple(apart)), BibliographySettings(engine=engine)
    answer = format_citations(stream, references, style(to), language, None, settings)
    assert not [d for d in answer.diagnostics if d.severity == "error"], answer.diagnostics
    return answer


def need(engine: EngineName) -> None:
    """Skip the test where an engine is not installed."""
    if missing := _missing(engine):
        pytest.skip(missing)


@cache
def _missing(engine: EngineName) -> str:
    references = library("@book{a, title={A}, publisher={P}, date={2004}}")
    stream, settings = Stream((note("a", "a"),)), BibliographySettings(engine=engine)
    found = format_citations(stream, references, style("nlm-citation-sequence"), "en", None, settings).diagnostics
    return "; ".join(d.message for d in found if d.code == "P226")  # one that is there and fails is no reason to skip


def html(nodes: Iterable[Words], *, links: bool = False) -> str:
    """Nodes as HTML; without `links` only the words of links are left."""
    result = ""
    for node in nodes:
        if isinstance(node, Text):
            result += escape(node.value, quote=False)
        elif isinstance(node, Element):
            inside = html(node.children, links=links)
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes)
            result += inside if node.tag == "a" and not links else f"<{node.tag}{attributes}>{inside}</{node.tag}>"
        else:
            inside = html(node.children, links=links)
            result += f'<a class="cite" href="#{reference_id(node.key)}">{inside}</a>' if links else inside
    return result
