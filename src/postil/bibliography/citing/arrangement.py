"""Citations as a style has them: through a citation engine, in one call for all that one list of works serves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from postil.bibliography.citing.corrections import alphabetized, finished, presented, stop_inside, without_stop
from postil.bibliography.citing.engines import citeproc_js as through_citeproc_js
from postil.bibliography.citing.engines import pandoc_citeproc as through_pandoc
from postil.bibliography.citing.punctuation import bracketed
from postil.bibliography.citing.question import (
    Answer,
    Bibliography,
    Engine,
    EngineError,
    MissingError,
    Occurrence,
    Question,
)
from postil.bibliography.style.file import Style
from postil.document import BibliographySettings, Citation, Cite, EngineName, Node, Reference, Text, rewrite
from postil.source import Diagnostic
from postil.writing import Folder

ENGINES: Mapping[EngineName, Engine] = {"pandoc": through_pandoc.answer, "citeproc-js": through_citeproc_js.answer}
# how far apart in notes two citations stand that are no neighbours, not even for a style's "near note"
APART = 10
# of numbers, which some styles part without a space
COMMA = re.compile(r"(?:^|(?<=\d)),(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One footnote of a series: one that a citation in the text makes (`generated`), or an author's.

    `citations` are what is cited in it, each under its own id. With the first entry of a chapter the works are cited
    `anew`: in full, as if none had been cited before.
    """

    citations: tuple[tuple[str, Citation], ...]
    generated: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """What a book, or a chapter with a list of works of its own, cites, as a reader meets it.

    `series` is every footnote in order. `apart` are the citations of annotations, by their ids: the footnotes are the
    same without them. `nocite` are the keys of works that stand in the bibliography uncited.
    """

    series: tuple[Entry, ...]
    apart: tuple[tuple[str, Citation], ...] = ()
    nocite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formatted:
    """The answers, by the ids of the citations.

    In a note style `notes` are the footnotes that citations make, `in_text` the author's name where the sentence has
    it, and `inline` what stands in the sentences of footnotes and annotations. In any other style every citation is in
    `inline`. `bibliography` is in the order of the style, by key; `american` says that the stop of a note stands within
    its quotation marks.
    """

    notes: Mapping[str, tuple[Node, ...]]
    inline: Mapping[str, tuple[Node, ...]]
    in_text: Mapping[str, tuple[Node, ...]]
    bibliography: Bibliography
    note_style: bool
    american: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


def format_citations(  # noqa: PLR0913, PLR0917 -- all that decides how a citation reads
    stream: Stream,
    references: Mapping[str, Reference],
    style: Style,
    language: str,
    cache: Folder | None,
    settings: BibliographySettings | None = None,
) -> Formatted:
    """Every citation of the stream and the bibliography, in a style and a language (a BCP 47 tag).

    The settings name the engine, and say whether notes on the entries are printed under them: then the style has none.
    """
    settings = settings or BibliographySettings()
    locale = _locale(style, language)
    request = _Notes(stream, american=locale == "en-US") if style.note else _InLine(stream)
    cited = (cite.key for _, citation in _citations(stream) for cite in citation.cites)
    keys = dict.fromkeys(key for key in (*cited, *stream.nocite) if key in references)
    if not keys:
        return Formatted({}, {}, {}, (), style.note)
    items = [presented(_item(references[key], settings), style, locale) for key in keys]
    question = Question(tuple(request.occurrences()), stream.nocite, items, style, locale)
    try:
        answer = finished(ENGINES[settings.engine](question, cache), items, style)
    except MissingError as error:
        failure = Diagnostic("P226", str(error), style.at, error.hint)
        return Formatted({}, {}, {}, (), style.note, diagnostics=(failure,))
    except EngineError as error:
        why = " ".join(str(error).split())
        failure = Diagnostic("P206", f"the citations cannot be set in the style '{style.name}': {why}", style.at)
        return Formatted({}, {}, {}, (), style.note, diagnostics=(failure,))
    if locale.startswith("en") and style.ordered:
        answer = replace(answer, bibliography=alphabetized(answer.bibliography))
    return request.formatted(answer)


def _item(reference: Reference, settings: BibliographySettings) -> Mapping[str, object]:
    if not settings.annotated:
        return reference.item
    return {name: value for name, value in reference.item.items() if name != "annote"}


def _locale(style: Style, language: str) -> str:
    """The language in which a style speaks: its own, where that is the title's but for the country.

    A style's punctuation and dates belong to its own locale: Chicago's are American in a British book too.
    """
    own = style.language or "en-US"
    same = language.partition("-")[0].lower() == own.partition("-")[0].lower()
    return own if same or not language else language


def _citations(stream: Stream) -> Iterator[tuple[str, Citation]]:
    for entry in stream.series:
        yield from entry.citations
    yield from stream.apart


def _numbered(stream: Stream) -> Mapping[str, str]:
    """What a question calls each citation: by its place in the series, so that other words may change around it."""
    return {identifier: f"c{number}" for number, (identifier, _) in enumerate(_citations(stream))}


@dataclass(frozen=True, slots=True)
class _Notes:
    """The stream as a note style has it.

    One series of notes, in which a work is cited in full in an author's note that is the first to cite it; but such a
    note is nobody's neighbour, as "ibid." would be led astray by what else it says. Behind the series, out of its
    reach, the short forms of annotations and the names that sentences have.
    """

    stream: Stream
    american: bool

    def occurrences(self) -> Iterator[Occurrence]:
        """The series, then each citation that needs a short form, each far from the next and cited before."""
        names = _numbered(self.stream)
        number = 0
        anew = False
        seen: set[str] = set()
        for entry in self.stream.series:
            number += 1
            if entry.anew:
                anew = True
                seen.clear()
            for identifier, citation in entry.citations:
                seen.update(cite.key for cite in citation.cites)
                if entry.generated:
                    yield Occurrence(names[identifier], replace(citation, in_text=False), number, anew=anew)
                else:
                    number += APART
                    within = not citation.in_text
                    yield Occurrence(names[identifier], citation, number, within=within, anew=anew)
                anew = False
            if entry.citations and not entry.generated:
                number += APART
        for name, citation in self._short_forms(names):
            for cite in citation.cites:
                if cite.key not in seen:
                    seen.add(cite.key)
                    number += APART
                    yield Occurrence("", replace(citation, cites=(Cite(cite.key),), in_text=False), number)
            number += APART
            yield Occurrence(name, citation, number, within=not citation.in_text)

    def _short_forms(self, names: Mapping[str, str]) -> Iterator[tuple[str, Citation]]:
        for identifier, citation in self.stream.apart:
            yield names[identifier], citation
        for identifier, citation in self._with_name_in_text():
            alone = replace(citation, cites=(Cite(citation.cites[0].key),))
            yield f"name-{names[identifier]}", alone
            # a work without an author is named by its title
            yield f"title-{names[identifier]}", replace(alone, in_text=False)

    def _with_name_in_text(self) -> Iterator[tuple[str, Citation]]:
        generated = (entry.citations[0] for entry in self.stream.series if entry.generated)
        return ((identifier, citation) for identifier, citation in generated if citation.in_text)

    def formatted(self, answer: Answer) -> Formatted:
        """The answers read back."""
        names = _numbered(self.stream)
        notes: dict[str, tuple[Node, ...]] = {}
        inline: dict[str, tuple[Node, ...]] = {}
        for entry in self.stream.series:
            for identifier, citation in entry.citations:
                name, shown = answer.shown[names[identifier]]
                if entry.generated:
                    notes[identifier] = stop_inside(shown) if self.american else shown
                else:
                    inline[identifier] = _in_sentence(citation, name, shown)
        for identifier, citation in self.stream.apart:
            inline[identifier] = _in_sentence(citation, *answer.shown[names[identifier]])
        in_text = {
            identifier: answer.shown[f"name-{names[identifier]}"][0] or answer.shown[f"title-{names[identifier]}"][1]
            for identifier, _ in self._with_name_in_text()
        }
        return Formatted(notes, inline, in_text, answer.bibliography, note_style=True, american=self.american)


def _in_sentence(citation: Citation, name: tuple[Node, ...], note: tuple[Node, ...]) -> tuple[Node, ...]:
    """A citation in the sentence of a note: without a full stop, and behind a name of the sentence in brackets."""
    if not citation.in_text:
        return note
    rest = without_stop(note)
    return (*name, Text(" "), *bracketed(rest)) if rest else name


@dataclass(frozen=True, slots=True)
class _InLine:
    """The stream as any other style has it: every citation in its sentence, numbered in the order of the text."""

    stream: Stream

    def occurrences(self) -> Iterator[Occurrence]:
        """Each citation, in order."""
        for number, (_, citation) in enumerate(_citations(self.stream)):
            yield Occurrence(f"c{number}", citation, 0)

    def formatted(self, answer: Answer) -> Formatted:
        """The answers read back."""
        names = _numbered(self.stream)
        inline = {
            identifier: _spaced(answer.shown[names[identifier]][0], citation)
            for identifier, citation in _citations(self.stream)
        }
        return Formatted({}, inline, {}, answer.bibliography, note_style=False)


def _spaced(shown: tuple[Node, ...], citation: Citation) -> tuple[Node, ...]:
    """A citation with a space before words that follow a number's comma: "(5, and also 6)"."""
    if not any(cite.prefix for cite in citation.cites[1:]):
        return shown

    def space(node: Node) -> tuple[Node, ...] | None:
        return (Text(COMMA.sub(", ", node.value)),) if isinstance(node, Text) else None

    return rewrite(shown, space)
