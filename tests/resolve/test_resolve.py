"""A chapter with everything it refers to filled in, by what its markup then says."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from postil.bibliography import Formatted
from postil.dialect import parse
from postil.document import (
    EDITIONS,
    ROLES,
    BibliographySettings,
    Book,
    Chapter,
    Contributor,
    EditionSettings,
    Kind,
    Limits,
    Matter,
    Opening,
    Part,
    Presented,
    Reference,
    Text,
    Title,
    plain,
)
from postil.edition import present
from postil.manuscript.settings import KINDS
from postil.resolve import resolve, streams
from postil.source import Diagnostic, Source, Span
from postil.xhtml import printed, reflowed, written

BY_NAME = {name: Kind(name, name.capitalize(), row.audience) for name, row in KINDS.items()}


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
        bibliography=BibliographySettings(),
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


def chapter(text: str, path: str = "a.md") -> Chapter[Presented]:
    """A chapter with all that is in it."""
    parsed, found = parse(Source(path, text), BY_NAME)
    assert [d for d in found if d.severity == "error"] == []
    return present(parsed, EDITIONS["proof"], EditionSettings("A4"))[0]


def book(  # noqa: PLR0913 -- all that one book can have otherwise than another
    *texts: str,
    note_style: bool = True,
    openings: Opening = "recto",
    language: str = "en",
    edition: str = "annotated",
    works: tuple[str, ...] = (),
    author: str = "Able",
) -> tuple[Book, tuple[Diagnostic, ...]]:
    """These chapters with all that is in them; each citation is formatted as its keys, and so are `works`."""
    chapters: list[tuple[Chapter[Presented], Matter]] = [
        (chapter(text, f"{n}.md"), "body") for n, text in enumerate(texts)
    ]
    about = title(openings, language)
    ((stream, paths),) = streams(about, chapters)
    everything = [(False, *each) for each in stream.apart]
    everything += [(entry.generated, *each) for entry in stream.series for each in entry.citations]
    shown = {name: "+".join(cite.key for cite in citation.cites) for _, name, citation in everything}
    cited = {name: (Text(shown[name]),) for made, name, _ in everything if made}
    inline = {name: (Text(words),) for name, words in shown.items() if name not in cited}
    authors = {name: (Text(author),) for made, name, citation in everything if made and citation.in_text}
    entries = tuple((key, (Text(key),)) for key in works)
    formatted = Formatted(cited, inline, authors, entries, note_style=True)
    if not note_style:
        bracketed = {name: (Text(f"({words})"),) for name, words in shown.items()}
        formatted = Formatted({}, bracketed, {}, entries, note_style=False)
    references = {key: Reference(key, {}, Source("r.json", ""), Span(0, 0)) for key in works}
    return resolve(about, EDITIONS[edition], chapters, dict.fromkeys(paths, formatted), references, {}, {})


def text(*texts: str, note_style: bool = True, language: str = "en") -> str:
    """The first chapter's markup for the EPUB, where calls are links and nothing stands in them."""
    made, found = book(*texts, note_style=note_style, language=language)
    assert found == ()
    markup = next(markup_of(part) for part in reflowed(made) if part.role.name == "chapter")
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
        ("War [@a] [@b].", "War.1,2"),
        ("*War [@a]*.", "War.1"),
        ("War [@a][^g].", "Wara.1"),
        ("{==War [@a]==}[^g].", "Wara.1"),
        ("War[^n] [@a].", "War.1,2"),
        ("War [@a]'s end.", "War1’s end."),
        ("War, to @a, is", "War, to Able,1 is"),
    ],
)
def test_the_call_of_a_citation_stands_behind_the_punctuation(source: str, expected: str) -> None:
    made, _ = book(f"# H\n\n{source}\n\n[^g]: {{.gloss}} G.\n[^n]: N.\n")
    shown = next(markup_of(part) for part in reflowed(made) if part.role.name == "chapter").partition("</h1>\n")[2]
    assert _words(shown) == expected


def test_in_french_no_space_stands_before_the_call() -> None:
    assert _words(text("# H\n\nGuerre [@a].\n", language="fr")) == "Guerre1."


def test_in_french_the_call_stays_before_the_punctuation() -> None:
    assert _words(text("# H\n\nGuerre[@a].\n", language="fr")) == "Guerre1."


def test_in_other_styles_a_citation_stays_in_the_sentence() -> None:
    assert _words(text("# H\n\nWar [@a].\n", note_style=False)) == "War (a)."


def test_a_letter_stands_before_a_number_where_both_fall_together_and_a_comma_between() -> None:
    assert _words(text("# H\n\nWar[^1][^g].\n\n[^1]: N.\n[^g]: {.gloss} G.\n")) == "Wara,1."


def test_two_letters_and_a_number_are_told_apart() -> None:
    source = "# H\n\nWar[^1][^g][^h].\n\n[^1]: N.\n[^g]: {.gloss} G.\n[^h]: {.gloss} H.\n"
    assert _words(text(source)) == "Wara,b,1."


def test_an_annotation_in_a_note_is_keyed_there_and_stands_behind_the_note() -> None:
    made, _ = book("# H\n\nWar[^n].\n\n[^n]: A {==note==}[^g].\n[^g]: {.gloss} G.\n")
    (markup,) = (markup_of(part) for part in printed(made) if part.role.name == "chapter")
    assert '<a class="key" id="call-annotation-h-a"' in markup.partition('<span class="footnote"')[2]
    assert '.</span></span><aside class="annotation kind-gloss" id="annotation-h-a"' in markup
    assert [gloss.lemma for gloss in made.sections[0].annotations] == ["note"]


def test_an_annotation_on_an_annotation_is_keyed_there_and_stands_behind_it() -> None:
    source = "# H\n\n{==War==}[^g] and {==peace==}[^h].\n\n"
    source += "[^g]: {.gloss} A {==gloss==}[^q].\n[^q]: {.query} Q.\n[^h]: {.gloss} H.\n"
    made, _ = book(source, edition="proof")
    assert [(g.annotation.id, g.key) for g in made.sections[0].annotations] == [("g", "a"), ("q", "b"), ("h", "c")]
    (markup,) = (markup_of(part) for part in printed(made) if part.role.name == "chapter")
    assert 'gloss</span><a class="key" id="call-annotation-h-b"' in markup
    assert '</aside><aside class="annotation kind-query editor status-open" id="annotation-h-b"' in markup


def test_the_list_of_queries_has_no_keys_a_second_time() -> None:
    source = "# H\n\n{==War==}[^q].\n\n[^q]: {.query} A {==query==}[^c].\n[^c]: {.comment} C.\n"
    markup = "".join(markup_of(part) for part in printed(book(source, edition="proof")[0]))
    assert markup.count('id="call-annotation-h-b"') == 1


def test_in_the_proof_a_lemma_that_goes_is_repeated_and_one_that_changes_is_as_it_will_be() -> None:
    source = "# H\n\n{--War--}[^a] {--and--}{++or++}[^b] {--p--}{++P++}[^c]{==eace==}[^c]\n\n"
    source += "[^a]: {.comment} A.\n[^b]: {.comment} B.\n[^c]: {.comment} C.\n"
    made, _ = book(source, edition="proof")
    assert [gloss.lemma for gloss in made.sections[0].annotations] == ["War", "or", "P … eace"]


def test_what_is_said_of_an_undecided_change_is_proposed() -> None:
    made, _ = book("# H\n\n{++War++}[^c]\n\n[^c]: {.comment} C.\n", edition="proof")
    assert [gloss.annotation.status for gloss in made.sections[0].annotations] == ["proposed"]


def test_the_words_of_an_annotation_are_counted_across_its_blocks() -> None:
    made, _ = book("# H\n\nWar[^g].\n\n[^g]: {.gloss} One two.\n\n    Three.\n\n    - four\n    - five\n")
    assert [gloss.words for gloss in made.sections[0].annotations] == [5]


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


def test_a_heading_with_a_link_that_fills_itself_can_be_linked_to() -> None:
    source = "# H\n\n[](#k).\n\n## See [](#t) {#k}\n\n| a |\n| - |\n| b |\n\nTable: C {#t}\n"
    assert _words(text(source)).startswith("See table 1.")


def test_headings_that_link_to_each_other_end() -> None:
    made, _ = book("# A [](#b) {#a}\n\n## B [](#a) {#b}\n")
    assert [heading.plain for heading in made.sections[0].headings] == ["A B A", "B A B"]


def test_what_stands_in_a_note_can_be_linked_to() -> None:
    assert _words(text("# H\n\nWar[^n], [there](#x).\n\n[^n]: [A]{#x}.\n")) == "War1, there."


def test_a_link_to_nothing_is_an_error_with_the_nearest_id() -> None:
    _, found = book("# War {#war}\n\n[](#wra)\n")
    assert [(d.code, d.hint) for d in found] == [("P302", "did you mean '#war'?")]


def test_an_id_made_from_words_gives_way_and_a_given_one_does_not() -> None:
    made, found = book("# War\n", "# War\n", "# Peace {#war}\n")
    assert [s.headings[0].id for s in made.sections] == ["war-2", "war-3", "war"]
    assert found == ()


@pytest.mark.parametrize(
    "second", ["# B {#x}\n", "# B\n\n<div id='x'>\nb\n</div>\n", "# B\n\nC[^n].\n\n[^n]: [d]{#x}\n"]
)
def test_an_id_that_is_given_twice_is_an_error(second: str) -> None:
    assert [d.code for d in book("# A {#x}\n", second)[1]] == ["P303"]


def test_no_id_is_there_twice_whatever_the_manuscript_calls_things() -> None:
    chapters = (
        "# Notes\n\nWar[^n], [@a], [@a].\n\n## Contents {#toc}\n\n## Part War\n\n## Ref a\n\n[^n]: N.\n",
        "# War\n\nA[^n] {==b==}[^g].\n\n## Note war 1\n\n## Call annotation war a\n\n[^n]: N.\n[^g]: {.gloss} G.\n",
        "No heading[^n], and again[^n].\n\n[^n]: N.\n",
        "# War 1\n\nA[^n][^m][^n].\n\n[^n]: N.\n[^m]: M.\n",
    )
    made, found = book(*chapters, works=("a",))
    assert found == ()
    for parts in (printed(made), reflowed(made)):
        ids = re.findall(r' id="([^"]*)"', "".join(markup_of(part) for part in parts))
        assert [name for name, count in Counter(ids).items() if count > 1] == []
        assert {h.id for part in parts if part.role.name == "chapter" for h in part.headings} <= {*ids}


def test_a_link_follows_an_id_that_gives_way() -> None:
    assert '<a href="#notes-2">it</a>' in text("# H\n\n[it](#notes)\n\n## My notes {#notes}\n")


def test_every_part_that_is_generated_has_its_name_reserved() -> None:
    words = " ".join(["word"] * 251)
    source = f"# H\n\nA[^n] {{==b==}}[^g].\n\n[^n]: N.\n[^g]: {{.gloss}} {words}\n"
    made = [book(source, works=("a",))[0], book(source, edition="proof")[0]]
    parts = [part for one in made for parts in (printed(one), reflowed(one)) for part in parts]
    generated = {name for name, role in ROLES.items() if role.generated}
    assert {part.role.name for part in parts} - {"chapter"} <= generated
    assert generated - {part.role.name for part in parts} == {"loi"}


@pytest.mark.parametrize(("words", "place"), [(250, "annotation"), (251, "comment")])
def test_an_annotation_of_over_250_words_goes_to_the_commentary(words: int, place: str) -> None:
    made, _ = book(f"# H\n\n{{==War==}}[^g].\n\n[^g]: {{.gloss}} {' '.join(['word'] * words)}\n")
    markup = "".join(markup_of(part) for part in printed(made))
    assert '<div class="comment" id="annotation-h-a">' in markup if place == "comment" else "commentary" not in markup


@pytest.mark.parametrize("note_style", [True, False])
def test_a_heading_is_repeated_without_its_citations(*, note_style: bool) -> None:
    made, _ = book("# War [@a] and {==Peace [@b]==}[^g]\n\n[^g]: {.gloss} G.\n", note_style=note_style)
    assert made.sections[0].heading == "War and Peace"
    assert made.sections[0].annotations[0].lemma == "Peace"


def test_the_lines_of_a_heading_are_words_apart_where_it_is_repeated() -> None:
    made, _ = book("# War<br>and Peace\n")
    assert (made.sections[0].heading, made.sections[0].headings[0].id) == ("War and Peace", "war-and-peace")


@pytest.mark.parametrize("role", sorted(name for name, role in ROLES.items() if role.for_chapters))
def test_the_class_of_its_heading_says_what_a_chapter_is(role: str) -> None:
    made, _ = book(f"# War {{.{role}}}\n")
    assert made.sections[0].role.name == role
    (markup,) = (markup_of(part) for part in reflowed(made) if part.role.name == role)
    assert 'epub:type="' in markup


def test_a_chapter_without_a_heading_has_none_in_the_notes() -> None:
    made, _ = book("War[^n].\n\n[^n]: N.\n")
    assert "<h2>" not in "".join(markup_of(part) for part in reflowed(made))


def test_figures_are_listed_wherever_they_stand() -> None:
    figures = '![a](a.svg "One[^n].")\n\n> ![a](a.svg "Two")\n\n::: {.note}\n![a](a.svg "Three")\n:::\n\n'
    made, _ = book(f'# H\n\n{figures}![a](a.svg "Four")\n\n[^n]: N.\n')
    for parts in (printed(made), reflowed(made)):
        (listed,) = (markup_of(part) for part in parts if part.role.name == "loi")
        assert re.findall("Figure.[0-9]. [A-Z][a-z]+", listed) == [
            f"Figure\N{NO-BREAK SPACE}{n}. {word}" for n, word in enumerate(["One", "Two", "Three", "Four"], 1)
        ]


def test_a_note_keeps_what_its_first_paragraph_is() -> None:
    made, _ = book("# H\n\nWar[^n].\n\n[^n]: Ein Wort\n    {lang=de #wort}\n")
    for parts in (printed(made), reflowed(made)):
        assert 'lang="de"' in "".join(markup_of(part) for part in parts)


def test_a_heading_is_repeated_without_its_notes() -> None:
    made, _ = book("# War[^1] and {==Peace==}[^g]\n\n[^1]: N.\n[^g]: {.gloss} G.\n")
    assert made.sections[0].heading == "War and Peace"


def markup_of(part: Part) -> str:
    return written([part.section])


def _words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", markup).split())


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("As he says [@a].", "As he says (a)."),
        # all that it says, a sentence of its own, or what "see" is said of
        ("[@a]", "a"),
        ("So it is. [@a].", "So it is. a."),
        ("[See @a].", "a."),
        ("See [@a].", "See a."),
        ("It is so (see [@a]); cf. [@b], who doubts it.", "It is so (see a); cf. b, who doubts it."),
        ("See the map [@a].", "See the map (a)."),
        # within brackets of the author's own they are square
        ("As many say (and prove [@a]).", "As many say (and prove [a])."),
    ],
)
def test_brackets_around_a_citation_in_a_note(note: str, shown: str) -> None:
    made, _ = book(f"# H\n\nWar.[^n]\n\n[^n]: {note}\n")
    (footnote,) = made.sections[0].notes
    assert plain(footnote.body) == shown


@pytest.mark.parametrize(
    ("language", "note", "shown"),
    [
        ("de", "Vgl. [@a].", "Vgl. a."),
        ("de-AT", "So ist es (siehe auch [@a]).", "So ist es (siehe auch a)."),
        ("fr", "Voir aussi [@a].", "Voir aussi a."),
        ("ru", "Ср. [@a]; см. [@b].", "Ср. a; см. b."),
        ("zh", "参见[@a]。", "参见a。"),
        ("ar", "انظر [@a]؛", "انظر a؛"),
        ("de", "Wie er sagt [@a].", "Wie er sagt (a)."),
        ("cy", "See [@a].", "See a."),  # which has no words of its own
    ],
)
def test_what_is_said_before_a_citation_is_the_languages(language: str, note: str, shown: str) -> None:
    made, _ = book(f"# H\n\nWar.[^n]\n\n[^n]: {note}\n", language=language)
    (footnote,) = made.sections[0].notes
    assert plain(footnote.body) == shown


def test_a_number_that_is_all_of_a_note_keeps_its_brackets() -> None:
    made, _ = book("# H\n\nWar.[^n]\n\n[^n]: [@1].\n", note_style=False)
    (footnote,) = made.sections[0].notes
    assert plain(footnote.body) == "(1)."


def test_a_sentence_that_ends_with_an_abbreviated_name_has_one_stop() -> None:
    made, _ = book("# H\n\nSo says @a. And @b says no.\n", author="Able et al.")
    assert plain(made.sections[0].body[1:]) == "So says Able et al. And Able et al. says no."


@pytest.mark.parametrize(
    ("american", "words", "shown"),
    [
        (True, "Able, “War”", "Able, “War.”"),
        (True, "Able, “Why War?”", "Able, “Why War?”"),
        (False, "Able, “War”", "Able, “War”."),
        (True, "Able, War", "Able, War."),
    ],
)
def test_the_stop_behind_a_citation_stands_within_american_quotation_marks(
    *, american: bool, words: str, shown: str
) -> None:
    chapters: list[tuple[Chapter[Presented], Matter]] = [(chapter("# H\n\nWar.[^n]\n\n[^n]: [@a]. More.\n"), "body")]
    about = title()
    ((stream, paths),) = streams(about, chapters)
    inline = {name: (Text(words),) for entry in stream.series for name, _ in entry.citations}
    formatted = Formatted({}, inline, {}, (), note_style=True, american=american)
    made, _ = resolve(about, EDITIONS["annotated"], chapters, dict.fromkeys(paths, formatted), {}, {}, {})
    assert plain(made.sections[0].notes[0].body) == f"{shown} More."


@pytest.mark.parametrize(
    ("language", "box", "shown"),
    [
        ("en", "> [!WARNING]\n> Mind.", "Warning Mind."),
        ("de", "!!! tip\n    Mehr.", "Tipp Mehr."),
        ("zh", "> [!NOTE]\n> 字。", "说明 字。"),
        ("en", '!!! note ""\n    No title.', "No title."),
        ("en", "> [!TIP] Own\n> Title.", "Own Title."),
        ("en", "::: warning\nA container.\n:::", "A container."),
    ],
)
def test_a_box_without_a_title_has_the_name_of_its_kind_where_its_notation_shows_one(
    language: str, box: str, shown: str
) -> None:
    made, found = book(f"# H\n\n{box}\n", language=language)
    assert plain(made.sections[0].body[1:]) == shown
    assert found == ()


def test_a_heading_without_words_has_the_name_of_its_picture_or_of_what_is_deleted() -> None:
    made, _ = book("# One\n\n## ![A view](v.png)\n\n## {--Gone--}\n", edition="proof")
    assert [heading.plain for heading in made.sections[0].headings] == ["One", "A view", "Gone"]
