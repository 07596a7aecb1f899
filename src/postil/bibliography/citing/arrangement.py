"""How citations are put to an engine, and how its answers are read back: as notes, or in the lines of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from postil.bibliography.citing.punctuation import bracketed, stop_inside, without_stop
from postil.bibliography.citing.question import Answer, Bibliography, Occurrence
from postil.bibliography.citing.stream import Stream
from postil.document import Citation, Cite, Text, Words, rewrite
from postil.source import Diagnostic

APART = 10
"""How far apart two notes stand that are no neighbours, not even for the "near note" of a style."""
# a comma behind a number or at the start, and words behind it: ",and also" of "5,and also 6"
COMMA = re.compile(r"(?:^|(?<=\d)),(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Formatted:
    """What a style makes of a stream, by the ids of the citations.

    In a note style `notes` are the footnotes that citations make, `in_text` the author's name where the sentence has
    it, and `inline` what stands in the sentences of footnotes and annotations. In any other style every citation is in
    `inline`. `bibliography` is the list of works by key, in the order of the style. `american` says that the full stop
    of a note stands within its quotation marks.
    """

    notes: Mapping[str, tuple[Words, ...]]
    inline: Mapping[str, tuple[Words, ...]]
    in_text: Mapping[str, tuple[Words, ...]]
    bibliography: Bibliography
    note_style: bool
    american: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """The stream as a note style has it.

    An engine writes a work in full, short or as "ibid." by the numbers of the notes that cite it. It is not given the
    numbers that a reader sees, but such as make it write what a reader expects:

        note of the book                    number for the engine
        1. Steve Coll, *Ghost Wars*, 5.      1
        2. Ibid., 7.                         2
        3. For the rest see Coll, 9.        13
        4. Coll, *Ghost Wars*, 9.           24

    The third is an author's note, which says more than it cites: an "ibid." in it or behind it would be misread. So it
    stands APART from its neighbours. A note without citations takes a number, too, and so parts those around it.

    Behind the series stand the citations of annotations and the names that sentences have. They are to be in the short
    form, whether or not the series cites the work, and to change nothing in the series.
    """

    stream: Stream
    american: bool

    def occurrences(self) -> Iterator[Occurrence]:
        """The series, then each citation that is to have the short form, far from the next.

        A work that has not been cited by then is cited once for nothing, in an occurrence without a name.
        """
        names = self.stream.names()
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
        """What is cited behind the series, under the names to answer to: "c7", "name-c3", "title-c3"."""
        for identifier, citation in self.stream.apart:
            yield names[identifier], citation
        for identifier, citation in self._with_name_in_text():
            alone = replace(citation, cites=(Cite(citation.cites[0].key),))
            yield f"name-{names[identifier]}", alone
            # where there is no author, the sentence has the title instead: the short form is nothing else then
            yield f"title-{names[identifier]}", replace(alone, in_text=False)

    def _with_name_in_text(self) -> Iterator[tuple[str, Citation]]:
        """The citations of the text whose author is named in the sentence: "Coll says¹"."""
        generated = (entry.citations[0] for entry in self.stream.series if entry.generated)
        return ((identifier, citation) for identifier, citation in generated if citation.in_text)

    def formatted(self, answer: Answer) -> Formatted:
        """The answers, by the ids of the citations."""
        names = self.stream.names()
        notes: dict[str, tuple[Words, ...]] = {}
        inline: dict[str, tuple[Words, ...]] = {}
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


def _in_sentence(citation: Citation, name: tuple[Words, ...], note: tuple[Words, ...]) -> tuple[Words, ...]:
    """A citation in the sentence of an author's note: "Coll (*Ghost Wars*, 5)" where the sentence names him.

    `name` is the author's name, `note` what the citation would be as a note of its own.
    """
    if not citation.in_text:
        return note
    rest = without_stop(note)
    return (*name, Text(" "), *bracketed(rest)) if rest else name


@dataclass(frozen=True, slots=True)
class InLine:
    """The stream as any other style has it: every citation in its sentence, numbered in the order of the text."""

    stream: Stream

    def occurrences(self) -> Iterator[Occurrence]:
        """Each citation, in order."""
        for number, (_, citation) in enumerate(self.stream.citations()):
            yield Occurrence(f"c{number}", citation, 0)

    def formatted(self, answer: Answer) -> Formatted:
        """The answers, by the ids of the citations."""
        names = self.stream.names()
        inline = {
            identifier: _spaced(answer.shown[names[identifier]][0], citation)
            for identifier, citation in self.stream.citations()
        }
        return Formatted({}, inline, {}, answer.bibliography, note_style=False)


def _spaced(shown: tuple[Words, ...], citation: Citation) -> tuple[Words, ...]:
    """A citation with a space between a number's comma and words: "(5, and also 6)", where styles have "(5,6)"."""
    if not any(cite.prefix for cite in citation.cites[1:]):
        return shown

    def space(node: Words) -> tuple[Words, ...] | None:
        return (Text(COMMA.sub(", ", node.value)),) if isinstance(node, Text) else None

    return rewrite(shown, space)
