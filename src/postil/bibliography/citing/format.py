"""Citations as a style has them: through a citation engine, in one call for all that one list of works serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from postil.bibliography.citing.arrangement import Formatted, InLine, Notes
from postil.bibliography.citing.corrections import alphabetized, finished, presented
from postil.bibliography.citing.engines import citeproc_js, pandoc_citeproc
from postil.bibliography.citing.question import Answer, Engine, EngineError, MissingError, Question
from postil.bibliography.citing.stream import Stream
from postil.bibliography.reading.variables import ending
from postil.bibliography.style.file import Style
from postil.document import BibliographySettings, EngineName, Reference
from postil.source import Diagnostic
from postil.store import Store

ENGINES: Mapping[EngineName, Engine] = {"pandoc": pandoc_citeproc.answer, "citeproc-js": citeproc_js.answer}


def format_citations(  # noqa: PLR0913, PLR0917 -- all that decides how a citation reads
    stream: Stream,
    references: Mapping[str, Reference],
    style: Style,
    language: str,
    cache: Store | None,
    settings: BibliographySettings | None = None,
) -> Formatted:
    """Every citation of a stream and its list of works, in a style and a language (a BCP 47 tag).

    The settings name the engine. Where they have the notes on entries printed below the entries, the style is not given
    these notes, for it might print them as well.
    """
    settings = settings or BibliographySettings()
    locale = _locale(style, language)
    arrangement = Notes(stream, american=locale == "en-US") if style.note else InLine(stream)
    cited = (cite.key for _, citation in stream.citations() for cite in citation.cites)
    keys = dict.fromkeys(key for key in (*cited, *stream.nocite) if key in references)
    if not keys:
        return Formatted({}, {}, {}, (), style.note)
    items = [
        presented(_item(reference, settings), style, locale, from_bibtex=ending(reference.source) == "bib")
        for reference in map(references.__getitem__, keys)
    ]
    question = Question(tuple(arrangement.occurrences()), stream.nocite, items, style, locale)
    try:
        answer = finished(ENGINES[settings.engine](question, cache), items, style, locale)
    except MissingError as error:
        failure = Diagnostic("P226", str(error), style.at, error.hint)
        return Formatted({}, {}, {}, (), style.note, diagnostics=(failure,))
    except EngineError as error:
        why = " ".join(str(error).split())
        failure = Diagnostic("P206", f"the citations cannot be set in the style '{style.name}': {why}", style.at)
        return Formatted({}, {}, {}, (), style.note, diagnostics=(failure,))
    if locale.startswith("en") and style.ordered:
        answer = replace(answer, bibliography=alphabetized(answer.bibliography))
    return replace(arrangement.formatted(answer), diagnostics=tuple(_unlisted(keys, references, answer, style)))


def _unlisted(
    keys: Iterable[str], references: Mapping[str, Reference], answer: Answer, style: Style
) -> Iterator[Diagnostic]:
    """A note on each work that the style has a list for, but not in it."""
    listed = dict(answer.bibliography)
    for reference in (references[key] for key in keys if style.bibliography and key not in listed):
        message = f"the style '{style.name}' leaves '{reference.key}' out of the list of works"
        hint = f"its type is '{reference.item.get('type')}'"
        yield reference.source.diagnostic("P236", reference.span, message, hint)


def _item(reference: Reference, settings: BibliographySettings) -> Mapping[str, object]:
    if not settings.annotated:
        return reference.item
    return {name: value for name, value in reference.item.items() if name != "annote"}


def _locale(style: Style, language: str) -> str:
    """The language in which a style speaks: the title's, or the style's own where only the country is another.

    A style's punctuation and dates are those of its own country: Chicago's are American in a British book, too.
    """
    own = style.language or "en-US"
    same = language.partition("-")[0].lower() == own.partition("-")[0].lower()
    return own if same or not language else language
