"""Citations as a style has them: through pandoc's citation processor, in one call for the whole book."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from postil.bibliography import pandoc, tree
from postil.bibliography.corrections import (
    Bibliography,
    alphabetized,
    presented,
    stop_inside,
    with_dashes,
    without_stop,
)
from postil.bibliography.style import Style
from postil.document import Citation, Cite, Node, Reference, Text, plain
from postil.source import Diagnostic

# how far apart in notes two citations stand that are no neighbours, not even for a style's "near note"
APART = 10
PAGES = re.compile(r"\d+(?:[–, ]+\d+)*")


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


def format_citations(
    stream: Stream, references: Mapping[str, Reference], style: Style, language: str, cache: Path | None
) -> Formatted:
    """Every citation of the stream and the bibliography, in a style and a language (a BCP 47 tag)."""
    locale = _locale(style, language)
    request = _Notes(stream, american=locale == "en-US") if style.note else _InLine(stream)
    cited = (cite.key for citation in _citations(stream) for cite in citation.cites)
    keys = dict.fromkeys(key for key in (*cited, *stream.nocite) if key in references)
    if not keys:
        return Formatted({}, {}, {}, (), style.note)
    items = [presented(references[key].item, style, locale) for key in keys]
    files = {"style.csl": style.data, "references.json": json.dumps(items, ensure_ascii=False).encode()}
    arguments = ("--from=json", "--to=json", "--citeproc", "--csl=style.csl", "--bibliography=references.json")
    text = tree.document(request.blocks(), locale, stream.nocite, links=style.bibliography)
    try:
        answer = tree.divisions(pandoc.run(arguments, text, files, cache))
    except pandoc.PandocError as error:
        failure = Diagnostic("P206", f"the citations cannot be set in the style '{style.name}': {error}", style.at)
        return Formatted({}, {}, {}, (), style.note, (failure,))
    bibliography = tuple((key, tree.nodes(inlines)) for key, inlines in tree.references(answer))
    return request.formatted(answer, alphabetized(bibliography) if locale.startswith("en") else bibliography)


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


def _cite(citation: Citation, number: int) -> tree.Json:
    """A citation as the processor takes it, in the note of this number."""
    return tree.cite(
        tree.work(cite.key, cite.prefix, _suffix(cite), _mode(cite, in_text=citation.in_text and not index), number)
        for index, cite in enumerate(citation.cites)
    )


def _mode(cite: Cite, *, in_text: bool) -> str:
    return "AuthorInText" if in_text else "SuppressAuthor" if cite.suppress_author else "NormalCitation"


def _suffix(cite: Cite) -> str:
    """Locator and suffix as the processor's syntax has them: braces say where the locator ends.

    Numbers alone are pages, which the processor knows only where they stand without braces.
    """
    locator = with_dashes(re.sub(r"[{}]", "", cite.locator)).strip()
    suffix = cite.suffix if not cite.suffix or cite.suffix[0] in ",.;:)" else f" {cite.suffix.lstrip()}"
    if PAGES.fullmatch(locator) and not re.match(r"\W*\w*\d", suffix):
        return f", {locator}{suffix}"
    return f", {{{locator}}}{suffix}" if locator or suffix else ""


@dataclass(frozen=True, slots=True)
class _Notes:
    """The stream as a note style has it: one series of notes, and behind it, out of its reach, the short forms."""

    stream: Stream
    american: bool

    def blocks(self) -> Iterator[tree.Json]:
        """The series, then each citation that needs a short form, each far from the next and cited before."""
        number = 0
        seen: set[str] = set()
        for number, entry in enumerate(self.stream.series, 1):
            if entry.generated:
                seen.update(cite.key for cite in entry.citations[0].cites)
                yield tree.division(f"note-{number}", [_cite(entry.citations[0], number)])
        for identifier, citation in self._short_forms():
            for cite in citation.cites:
                if cite.key not in seen:
                    seen.add(cite.key)
                    number += APART
                    yield tree.division("", [_cite(replace(citation, cites=(Cite(cite.key),)), number)])
            number += APART
            shown = _cite(citation, number)
            # words before it keep the citation within the sentence
            yield tree.division(identifier, [shown if citation.in_text else tree.note([*tree.words("x "), shown])])

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

    def formatted(self, answer: tree.Answer, bibliography: Bibliography) -> Formatted:
        """The answers read back."""
        notes: dict[str, tuple[Node, ...]] = {}
        in_text: dict[str, tuple[Node, ...]] = {}
        for number, entry in enumerate(self.stream.series, 1):
            if not entry.generated:
                continue
            _, note = tree.apart(answer[f"note-{number}"])
            notes[entry.id] = tree.nodes(note)
            if entry.citations[0].in_text:
                name, _ = tree.apart(answer[f"name-{number}"])
                title, rest = (as_sentence(_short(answer[f"{form}-{number}"])) for form in ("title", "rest"))
                in_text[entry.id] = tree.nodes(name) or title
                if not plain(notes[entry.id]).strip(". "):
                    notes[entry.id] = (*rest, Text("."))
            if self.american:
                notes[entry.id] = stop_inside(notes[entry.id])
        inline = {
            name: _in_sentence(citation, answer[f"inline-{index}"])
            for index, (name, citation) in enumerate(self.stream.inline)
        }
        return Formatted(notes, inline, in_text, bibliography, note_style=True)


def _short(blocks: list[tree.Json]) -> tuple[Node, ...]:
    """A short form within a note, behind the words that keep it within a sentence."""
    _, note = tree.apart(blocks)
    return tree.nodes(note[2:])


def _in_sentence(citation: Citation, blocks: list[tree.Json]) -> tuple[Node, ...]:
    """A short form within a sentence: in brackets, unless it opens one itself ("See …")."""
    if citation.in_text:
        before, note = tree.apart(blocks)
        rest = without_stop(tree.nodes(note))
        return (*tree.nodes(before), Text(" ("), *rest, Text(")")) if rest else tree.nodes(before)
    shown = _short(blocks)
    return as_sentence(shown) if citation.cites[0].prefix[:1].isupper() else shown


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

    def blocks(self) -> Iterator[tree.Json]:
        """Each citation once."""
        for index, citation in enumerate(dict.fromkeys(_citations(self.stream))):
            yield tree.division(f"inline-{index}", [_cite(citation, 0)])

    def formatted(self, answer: tree.Answer, bibliography: Bibliography) -> Formatted:
        """The answers read back."""
        shown = {
            citation: tree.nodes(tree.inlines(answer[f"inline-{index}"]))
            for index, citation in enumerate(dict.fromkeys(_citations(self.stream)))
        }
        generated = {e.id: shown[e.citations[0]] for e in self.stream.series if e.generated and e.citations}
        inline = {name: shown[citation] for name, citation in self.stream.inline}
        return Formatted({}, generated | inline, {}, bibliography, note_style=False)
