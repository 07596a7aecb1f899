"""A chapter with everything it refers to filled in, by what its markup then says."""

from __future__ import annotations

import re
from datetime import date

import pytest

from postil.bibliography import Formatted
from postil.dialect import parse
from postil.document import (
    Book,
    Chapter,
    Contributor,
    EditionSettings,
    Kind,
    Limits,
    Matter,
    Opening,
    Text,
    Title,
    plain,
)
from postil.manuscript.settings import KINDS
from postil.resolve import resolve, series
from postil.source import Diagnostic, Source
from postil.xhtml import printed, reflowed

BY_NAME = {name: Kind(name, name.capitalize(), audience) for name, audience in KINDS.items()}


def title(openings: Opening = "recto", language: str = "en") -> Title:
    return Title(
        name="t",
        title="T",
        subtitle="",
        language=language,
        identifier="urn:x",
        isbn={},
        date=date(2026, 1, 1),
        contributors=(Contributor("A. Author", "Author, A.", "aut"),),
        publisher="",
        rights="",
        description="",
        subjects=(),
        front=(),
        body=("a.md",),
        back=(),
        bibliography=(),
        style="",
        kinds=BY_NAME,
        editions={
            "annotated": EditionSettings("7x10"),
            "clean": EditionSettings("6x9"),
            "proof": EditionSettings("A4"),
        },
        openings=openings,
        cover=None,
        limits=Limits(),
    )


def chapter(text: str, path: str = "a.md") -> Chapter:
    parsed, found = parse(Source(path, text), BY_NAME)
    assert [d for d in found if d.severity == "error"] == []
    return parsed


def book(
    *texts: str, note_style: bool = True, openings: Opening = "recto", language: str = "en"
) -> tuple[Book, tuple[Diagnostic, ...]]:
    """The annotated edition of these chapters; each citation is formatted as its keys."""
    chapters: list[tuple[Chapter, Matter]] = [(chapter(text, f"{n}.md"), "body") for n, text in enumerate(texts)]
    stream = series(chapters)
    cited = {entry.id: (Text("+".join(c.key for x in entry.citations for c in x.cites)),) for entry in stream.series}
    inline = {name: (Text("(" + "+".join(c.key for c in citation.cites) + ")"),) for name, citation in stream.inline}
    formatted = (
        Formatted(cited, inline, {}, (), note_style=True)
        if note_style
        else Formatted({}, {**cited, **inline}, {}, (), note_style=False)
    )
    return resolve(title(openings, language), "annotated", chapters, formatted, {})


def text(*texts: str, note_style: bool = True, language: str = "en") -> str:
    """The first chapter's markup for the EPUB, where calls are links and nothing stands in them."""
    made, found = book(*texts, note_style=note_style, language=language)
    assert found == ()
    markup = next(part.markup for part in reflowed(made) if part.role == "chapter")
    return markup.partition("</h1>\n")[2]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("War [@a].", "War.1"),
        ("War [@a], peace.", "War,1 peace."),
        ('"War" [@a].', "“War”.1"),
        ("War [@a] and peace.", "War1 and peace."),
        ("War.[@a]", "War.1"),
        ("War [@a]; *peace* [@b]?", "War;1 peace?2"),
    ],
)
def test_the_call_of_a_citation_stands_behind_the_punctuation(source: str, expected: str) -> None:
    made, _ = book(f"# H\n\n{source}\n")
    shown = next(part.markup for part in reflowed(made) if part.role == "chapter").partition("</h1>\n")[2]
    assert _words(shown) == expected


def test_in_french_the_call_stays_before_the_punctuation() -> None:
    assert _words(text("# H\n\nGuerre[@a].\n", language="fr")) == "Guerre1."


def test_in_other_styles_a_citation_stays_in_the_sentence() -> None:
    assert _words(text("# H\n\nWar [@a].\n", note_style=False)) == "War a."


def test_a_letter_stands_before_a_number_where_both_fall_together_and_a_comma_between() -> None:
    assert _words(text("# H\n\nWar[^1][^g].\n\n[^1]: N.\n[^g]: {.gloss} G.\n")) == "Wara,1."


def test_a_note_called_twice_keeps_its_number() -> None:
    made, _ = book("# H\n\nOne[^n], two[^m], three[^n].\n\n[^n]: N.\n[^m]: M.\n")
    assert [note.number for note in made.sections[0].notes] == ["1", "2"]


def test_numbers_begin_anew_with_each_chapter() -> None:
    made, _ = book("# A\n\nOne[^n].\n\n[^n]: N.\n", "# B\n\nOne[^n].\n\n[^n]: N.\n")
    assert [[n.number for n in s.notes] for s in made.sections] == [["1"], ["1"]]


def test_numbers_go_on_through_chapters_that_run_on() -> None:
    made, _ = book("# A\n\nOne[^n].\n\n[^n]: N.\n", "# B\n\nOne[^n].\n\n[^n]: N.\n", openings="run-on")
    assert [[n.number for n in s.notes] for s in made.sections] == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("[@a].", "a."), ("It was so. [@a].", "It was so. a."), ("It was so [@a].", "It was so (a)."), ("[@a]", "a")],
)
def test_a_citation_that_is_a_sentence_in_a_note_has_no_brackets(source: str, expected: str) -> None:
    made, _ = book(f"# H\n\nWar[^n].\n\n[^n]: {source}\n")
    (note,) = made.sections[0].notes
    assert plain(note.body) == expected


def test_links_that_fill_themselves_have_the_words_of_what_they_lead_to() -> None:
    source = "# H {#h}\n\n[](#k), [](#t).\n\n## K *x* {#k}\n\n| a |\n| - |\n| b |\n\nTable: C {#t}\n"
    assert _words(text(source)).startswith("K x, table 1.")


def test_a_link_to_nothing_is_an_error_with_the_nearest_id() -> None:
    _, found = book("# War {#war}\n\n[](#wra)\n")
    assert [(d.code, d.hint) for d in found] == [("P302", "did you mean '#war'?")]


def test_an_id_made_from_words_gives_way_and_a_given_one_does_not() -> None:
    made, found = book("# Notes\n", "# Notes\n")
    assert [s.headings[0].id for s in made.sections] == ["notes", "notes-2"]
    assert found == ()
    assert [d.code for d in book("# A {#x}\n", "# B {#x}\n")[1]] == ["P303"]


@pytest.mark.parametrize(("words", "place"), [(250, "annotation"), (251, "comment")])
def test_an_annotation_of_over_250_words_goes_to_the_commentary(words: int, place: str) -> None:
    made, _ = book(f"# H\n\n{{==War==}}[^g].\n\n[^g]: {{.gloss}} {' '.join(['word'] * words)}\n")
    markup = "".join(part.markup for part in printed(made))
    assert '<div class="comment" id="annotation-h-a">' in markup if place == "comment" else "commentary" not in markup


def test_a_heading_is_repeated_without_its_notes() -> None:
    made, _ = book("# War[^1] and {==Peace==}[^g]\n\n[^1]: N.\n[^g]: {.gloss} G.\n")
    assert made.sections[0].heading == "War and Peace"


def _words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", markup).split())
