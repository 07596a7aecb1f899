"""Citations as a style has them: through a citation engine, in one call for the whole book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from postil.bibliography import through_citeproc_js, through_pandoc
from postil.bibliography.corrections import (
    alphabetized,
    finished,
    presented,
    stop_inside,
    without_stop,
)
from postil.bibliography.engine import Answer, Bibliography, Engine, EngineError, MissingError, Occurrence, Question
from postil.bibliography.style import Style
from postil.document import Citation, Cite, Node, Reference, Text, plain
from postil.source import Diagnostic

EngineName = Literal["pandoc", "citeproc-js"]

ENGINES: Mapping[EngineName, Engine] = {"pandoc": through_pandoc.answer, "citeproc-js": through_citeproc_js.answer}
# how far apart in notes two citations stand that are no neighbours, not even for a style's "near note"
APART = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One footnote: one that a citation in the text makes (`generated`), or an author's, with what is cited in it."""

    id: str
    citations: tuple[Citation, ...]
    generated: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """What a book cites, as a reader meets it.

    `series` is every footnote in order. `inline` are the citations that stay in line, within footnotes and
    annotations, each with an id. `nocite` are the keys of works that stand in the bibliography uncited.
    """

    series: tuple[Entry, ...]
    inline: tuple[tuple[str, Citation], ...]
    nocite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formatted:
    """The answers, by the ids of the stream.

    In a note style `notes` are the footnotes that citations make, `in_text` the author's name where the sentence has
    it, and `inline` the short form. In any other style every citation is in `inline`. `bibliography` is in the order
    of the style, by key.
    """

    notes: Mapping[str, tuple[Node, ...]]
    inline: Mapping[str, tuple[Node, ...]]
    in_text: Mapping[str, tuple[Node, ...]]
    bibliography: Bibliography
    note_style: bool
    diagnostics: tuple[Diagnostic, ...] = ()


def format_citations(  # noqa: PLR0913, PLR0917 -- all that decides how a citation reads
    stream: Stream,
    references: Mapping[str, Reference],
    style: Style,
    language: str,
    cache: Path | None,
    engine: EngineName = "pandoc",
) -> Formatted:
    """Every citation of the stream and the bibliography, in a style and a language (a BCP 47 tag), by an engine."""
    locale = _locale(style, language)
    request = _Notes(stream, american=locale == "en-US") if style.note else _InLine(stream)
    cited = (cite.key for citation in _citations(stream) for cite in citation.cites)
    keys = dict.fromkeys(key for key in (*cited, *stream.nocite) if key in references)
    if not keys:
        return Formatted({}, {}, {}, (), style.note)
    items = [presented(references[key].item, style, locale) for key in keys]
    question = Question(tuple(request.occurrences()), stream.nocite, items, style, locale)
    try:
        answer = finished(ENGINES[engine](question, cache), items, style)
    except MissingError as error:
        failure = Diagnostic("P226", str(error), style.at, error.hint)
        return Formatted({}, {}, {}, (), style.note, (failure,))
    except EngineError as error:
        failure = Diagnostic("P206", f"the citations cannot be set in the style '{style.name}': {error}", style.at)
        return Formatted({}, {}, {}, (), style.note, (failure,))
    if locale.startswith("en"):
        answer = replace(answer, bibliography=alphabetized(answer.bibliography))
    return request.formatted(answer)


def _locale(style: Style, language: str) -> str:
    """The language in which a style speaks: its own, where that is the title's but for the country.

    A style's punctuation and dates belong to its own locale: Chicago's are American in a British book too.
    """
    own = style.language or "en-US"
    same = language.partition("-")[0].lower() == own.partition("-")[0].lower()
    return own if same or not language else language


def _citations(stream: Stream) -> Iterator[Citation]:
    for entry in stream.series:
        yield from entry.citations
    for _, citation in stream.inline:
        yield citation


@dataclass(frozen=True, slots=True)
class _Notes:
    """The stream as a note style has it: one series of notes, and behind it, out of its reach, the short forms."""

    stream: Stream
    american: bool

    def occurrences(self) -> Iterator[Occurrence]:
        """The series, then each citation that needs a short form, each far from the next and cited before."""
        number = 0
        seen: set[str] = set()
        for number, entry in enumerate(self.stream.series, 1):
            if entry.generated:
                seen.update(cite.key for cite in entry.citations[0].cites)
                yield Occurrence(f"note-{number}", entry.citations[0], number)
        for identifier, citation in self._short_forms():
            for cite in citation.cites:
                if cite.key not in seen:
                    seen.add(cite.key)
                    number += APART
                    yield Occurrence("", replace(citation, cites=(Cite(cite.key),), in_text=False), number)
            number += APART
            yield Occurrence(identifier, citation, number, within=not citation.in_text)

    def _short_forms(self) -> Iterator[tuple[str, Citation]]:
        for index, (_, citation) in enumerate(self.stream.inline):
            yield f"inline-{index}", citation
        for number, entry in enumerate(self.stream.series, 1):
            if entry.generated and entry.citations[0].in_text:
                whole = replace(entry.citations[0], in_text=False)
                alone = replace(whole, cites=(Cite(whole.cites[0].key),))
                yield f"name-{number}", replace(alone, in_text=True)
                # a work without an author has no name for the sentence, or nothing else for the note
                yield f"title-{number}", alone
                yield f"rest-{number}", whole

    def formatted(self, answer: Answer) -> Formatted:
        """The answers read back."""
        notes: dict[str, tuple[Node, ...]] = {}
        in_text: dict[str, tuple[Node, ...]] = {}
        for number, entry in enumerate(self.stream.series, 1):
            if not entry.generated:
                continue
            _, notes[entry.id] = answer.shown[f"note-{number}"]
            if entry.citations[0].in_text:
                name, _ = answer.shown[f"name-{number}"]
                title, rest = (as_sentence(answer.shown[f"{form}-{number}"][1]) for form in ("title", "rest"))
                in_text[entry.id] = name or title
                if not plain(notes[entry.id]).strip(". "):
                    notes[entry.id] = (*rest, Text("."))
            if self.american:
                notes[entry.id] = stop_inside(notes[entry.id])
        inline = {
            name: _in_sentence(citation, *answer.shown[f"inline-{index}"])
            for index, (name, citation) in enumerate(self.stream.inline)
        }
        return Formatted(notes, inline, in_text, answer.bibliography, note_style=True)


def _in_sentence(citation: Citation, before: tuple[Node, ...], note: tuple[Node, ...]) -> tuple[Node, ...]:
    """A short form within a sentence: in brackets, unless it opens one itself ("See …")."""
    if citation.in_text:
        rest = without_stop(note)
        return (*before, Text(" ("), *rest, Text(")")) if rest else before
    return as_sentence(note) if citation.cites[0].prefix[:1].isupper() else note


def as_sentence(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """A citation in line that is a sentence of its own: without the round brackets around it."""
    match shown:
        case (Text() as only,) if only.value.startswith("(") and only.value.endswith(")"):
            return (Text(only.value[1:-1]),)
        case (Text() as first, *inside, Text() as last) if first.value.startswith("(") and last.value.endswith(")"):
            ends = (Text(first.value[1:]), *inside, Text(last.value[:-1]))
            return tuple(node for node in ends if node != Text(""))
    return shown


@dataclass(frozen=True, slots=True)
class _InLine:
    """The stream as any other style has it: every citation in its sentence, numbered in the order of the text."""

    stream: Stream

    def occurrences(self) -> Iterator[Occurrence]:
        """Each citation once."""
        for index, citation in enumerate(dict.fromkeys(_citations(self.stream))):
            yield Occurrence(f"inline-{index}", citation, 0)

    def formatted(self, answer: Answer) -> Formatted:
        """The answers read back."""
        shown = {
            citation: answer.shown[f"inline-{index}"][0]
            for index, citation in enumerate(dict.fromkeys(_citations(self.stream)))
        }
        generated = {e.id: shown[e.citations[0]] for e in self.stream.series if e.generated and e.citations}
        inline = {name: shown[citation] for name, citation in self.stream.inline}
        return Formatted({}, generated | inline, {}, answer.bibliography, note_style=False)
