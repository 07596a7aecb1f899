from __future__ import annotations

import json

import pytest
from citing import authors_note, cite, formatted, html, library, note, style, work

from postil.bibliography import Entry, Stream, as_sentence, bracketed
from postil.bibliography.citing.format import format_citations
from postil.document import Element, Reference, Text, Words, WorkLink, walk

IBID = "chicago-notes-bibliography-subsequent-ibid"
AUTHOR_DATE = "chicago-author-date"
ENTRIES = """
@book{coll, author={Coll, Steve}, title={Ghost Wars}, publisher={Penguin Press}, date={2004}}
@book{bass, author={Bass, Gary J.}, title={The Blood Telegram}, publisher={Knopf}, date={2013}}
@book{kux, author={Kux, Dennis}, title={Disenchanted Allies}, publisher={Johns Hopkins University Press}, date={2001}}
@article{mayr, author={Mayr, Ernst}, title={What Is a Species?}, journaltitle={Philosophy of Science}, volume={63},
  date={1996}, doi={10.1086/289912}}
@legal{tashkent, type={treaty}, title={{Tashkent Declaration}}, date={1966-01-10}}
"""
COLL = "Steve Coll, <em>Ghost Wars</em> (Penguin Press, 2004)"
COLL_SHORT = "Coll, <em>Ghost Wars</em>"


@pytest.fixture(scope="module")
def references() -> dict[str, Reference]:
    return library(ENTRIES)


def test_locators_prefixes_suffixes_and_several_works(references: dict[str, Reference]) -> None:
    series = [
        note("page", work("coll", "23-25")),
        note("chapter", work("coll", "chap. 2")),
        note("article", work("coll", "art. 9")),
        note("prefix", work("coll", "23", prefix="see also")),
        note("suffix", work("coll", "23", suffix="on *Kabul* and _Delhi_, **not** snake_case")),
        note("quotes", work("coll", prefix='"Ghosts" -- see')),
        note("suffix with comma", work("coll", suffix=", passim")),
        note("two", work("coll", "23"), work("kux", "chap. 4", prefix="compare")),
        note("no author", work("coll", "23", suppress=True)),
    ]
    answer = formatted(references, series)
    assert {name: html(shown) for name, shown in answer.notes.items()} == {
        "page": f"{COLL}, 23–25.",
        "chapter": f"{COLL_SHORT}, chap. 2.",
        "article": f"{COLL_SHORT}, art. 9.",
        "prefix": f"See also {COLL_SHORT}, 23.",
        "suffix": f"{COLL_SHORT}, 23 on <em>Kabul</em> and <em>Delhi</em>, <strong>not</strong> snake_case.",
        "quotes": f"“Ghosts” – see {COLL_SHORT}.",
        "suffix with comma": f"{COLL_SHORT}, passim.",
        "two": (
            f"{COLL_SHORT}, 23; compare Dennis Kux, <em>Disenchanted Allies</em> "
            "(Johns Hopkins University Press, 2001), chap. 4."
        ),
        "no author": "<em>Ghost Wars</em>, 23.",
    }


def test_an_author_in_the_text_stands_in_the_note_too(references: dict[str, Reference]) -> None:
    answer = formatted(references, [note("a", work("coll", "44"), in_text=True), note("b", "mayr", in_text=True)])
    assert html(answer.in_text["a"]) == "Coll"
    assert html(answer.notes["a"]) == f"{COLL}, 44."
    assert html(answer.in_text["b"]) == "Mayr"
    again = formatted(references, [note("a", "mayr"), note("b", "mayr", in_text=True)])
    assert html(again.notes["b"]) == "Mayr, “What Is a Species?”"


def test_the_full_stop_of_a_note_stands_within_its_quotation_marks() -> None:
    references = library("@article{a, author={Doe, J.}, title={Things}, journaltitle={J}, date={2000}}")
    answer = formatted(references, [note("first", "a"), note("second", "a"), note("third", work("a", suppress=True))])
    assert html(answer.notes["second"]) == "Doe, “Things.”"
    assert html(answer.notes["third"]) == "“Things.”"


def test_a_work_without_an_author_is_named_by_its_title(references: dict[str, Reference]) -> None:
    answer = formatted(references, [note("a", "tashkent", in_text=True)])
    assert html(answer.in_text["a"]) == "Tashkent Declaration"
    assert html(answer.notes["a"]) == "Tashkent Declaration, January 10, 1966."


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        pytest.param([], "Ibid., 25.", id="the next note"),
        pytest.param([authors_note("x")], f"{COLL_SHORT}, 25.", id="an author's note without citation"),
        pytest.param([authors_note("x", cite("coll"))], f"{COLL_SHORT}, 25.", id="an author's note that cites it"),
        pytest.param([note("x", "coll", "kux")], f"{COLL_SHORT}, 25.", id="a note with several works"),
        pytest.param([note("x", "kux")], f"{COLL_SHORT}, 25.", id="another work"),
    ],
)
def test_ibid_only_behind_a_note_that_cites_nothing_else(
    references: dict[str, Reference], between: list[Entry], expected: str
) -> None:
    answer = formatted(references, [note("a", work("coll", "23")), *between, note("b", work("coll", "25"))], to=IBID)
    assert html(answer.notes["b"]) == expected


@pytest.mark.parametrize("name", ["chicago-notes-bibliography", IBID, "chicago-notes-bibliography-classic"])
def test_what_annotations_cite_changes_no_footnote(references: dict[str, Reference], name: str) -> None:
    series = [note("a", "coll"), note("b", work("coll", "3")), note("c", "bass"), note("d", "coll")]
    inline = [("i", cite("bass")), ("j", cite(work("bass", "5"))), ("k", cite("kux")), ("l", cite("coll"))]
    with_annotations, without = (formatted(references, series, i, to=name) for i in (inline, ()))
    assert with_annotations.notes == without.notes


def test_annotations_cite_in_the_short_form_though_nothing_came_before(references: dict[str, Reference]) -> None:
    inline = [
        ("first", cite(work("kux", "7"))),
        ("again", cite(work("kux", "7"))),
        ("cited in the text", cite("coll")),
        ("two", cite(work("kux", prefix="see"), work("bass", "chap. 1"))),
        ("its own sentence", cite(work("coll", "3", prefix="See"))),
        ("in text", cite(work("bass", "9"), in_text=True)),
    ]
    answer = formatted(references, [note("a", "coll")], inline, to=IBID)
    assert {name: html(shown) for name, shown in answer.inline.items()} == {
        "first": "Kux, <em>Disenchanted Allies</em>, 7",
        "again": "Kux, <em>Disenchanted Allies</em>, 7",
        "cited in the text": COLL_SHORT,
        "two": "see Kux, <em>Disenchanted Allies</em>; Bass, <em>Blood Telegram</em>, chap. 1",
        "its own sentence": f"See {COLL_SHORT}, 3",
        "in text": "Bass (<em>Blood Telegram</em>, 9)",
    }


def test_a_citation_can_be_a_sentence_of_its_own() -> None:
    assert as_sentence((Text("(2004)"),)) == (Text("2004"),)
    assert as_sentence(()) == ()


def test_brackets_within_brackets_are_square_but_not_those_of_an_address() -> None:
    address: Words = Element("a", (Text("https://example.org/a_(b)"),), (("href", "https://example.org/a_(b)"),))
    title: Words = WorkLink("coll", (Text("Coll ("), Element("em", (Text("Press (NY)"),)), Text(")")))
    assert html(bracketed((title, Text(", "), address))) == ("(Coll [<em>Press [NY]</em>], https://example.org/a_(b))")


def test_styles_that_have_no_notes_cite_in_the_text(references: dict[str, Reference]) -> None:
    within = cite("kux")
    series = [
        note("a", work("coll", "23-25")),
        note("b", work("coll", "3"), in_text=True),
        authors_note("n", within),
        note("c", work("coll", "9", suppress=True)),
    ]
    answer = formatted(references, series, [("n1", within)], to=AUTHOR_DATE)
    assert not answer.note_style
    assert not answer.notes
    assert {name: html(shown) for name, shown in answer.inline.items()} == {
        "a": "(Coll 2004, 23–25)",
        "b": "Coll (2004, 3)",
        "n1": "(Kux 2001)",
        "c": "(2004, 9)",
    }


def test_numbers_follow_the_order_of_the_text(references: dict[str, Reference]) -> None:
    within = cite("kux")
    series = [note("a", "coll"), authors_note("n", within), note("b", "bass")]
    answer = formatted(references, series, [("n1", within), ("gloss", cite("mayr"))], to="ieee")
    assert {name: html(shown) for name, shown in answer.inline.items()} == {
        "a": "[1]",
        "n1": "[2]",
        "b": "[3]",
        "gloss": "[4]",
    }
    assert [key for key, _ in answer.bibliography] == ["coll", "kux", "bass", "mayr"]
    assert html(answer.bibliography[0][1]).startswith("[1] S. Coll")


def test_each_work_links_to_its_entry_and_doi_to_the_web(references: dict[str, Reference]) -> None:
    answer = formatted(references, [note("a", work("mayr", "3", prefix="see"), work("kux", suffix=", passim"))])
    assert html(answer.notes["a"], links=True) == (
        'See <a class="cite" href="#ref-mayr">Ernst Mayr, “What Is a Species?,” <em>Philosophy of Science</em> 63 '
        '(1996): 3</a>, <a href="https://doi.org/10.1086/289912">https://doi.org/10.1086/289912</a>; '
        '<a class="cite" href="#ref-kux">Dennis Kux, <em>Disenchanted Allies</em> (Johns Hopkins University Press, '
        "2001)</a>, passim."
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"])
def test_only_the_web_is_linked(url: str) -> None:
    entry = json.dumps([{"id": "a", "type": "webpage", "title": "T", "URL": url}])
    answer = formatted(library(entry, "r.json"), [note("a", "a")])
    links = [n.get("href") for n in walk(dict(answer.bibliography)["a"]) if isinstance(n, Element)]
    assert links == []
    assert url in html(dict(answer.bibliography)["a"]), "the text stays"


def test_markup_in_an_entry_stays_text() -> None:
    title = "A <script>alert(1)</script> & <b onclick=x>b</b> <i>tale</i>"
    entry = json.dumps([{"id": "a", "type": "book", "title": title}])
    answer = formatted(library(entry, "r.json"), [note("a", "a")])
    tags = {n.tag for n in walk(dict(answer.bibliography)["a"]) if isinstance(n, Element)}
    assert tags <= {"em", "strong"}
    assert "script" in html(dict(answer.bibliography)["a"]).lower()


def test_a_style_without_bibliography_links_nowhere(references: dict[str, Reference]) -> None:
    answer = formatted(references, [note("a", "coll")], to="chicago-notes")
    assert answer.bibliography == ()
    assert html(answer.notes["a"], links=True) == f"{COLL}."


def test_works_that_are_not_cited_can_stand_in_the_bibliography(references: dict[str, Reference]) -> None:
    stream = Stream((note("a", "coll"),), nocite=("kux",))
    answer = format_citations(stream, references, style(), "en-GB", None)
    assert [key for key, _ in answer.bibliography] == ["coll", "kux"]


def test_unknown_keys_are_no_crash(references: dict[str, Reference]) -> None:
    answer = formatted(references, [note("a", "nobody"), note("b", "coll")], [("i", cite("nobody"))])
    assert "nobody" in html(answer.notes["a"]).lower()
    assert html(answer.notes["b"]) == f"{COLL}."
    assert formatted(references, [note("a", "nobody")]).notes == {}


def test_a_style_keeps_its_own_punctuation_within_its_language(references: dict[str, Reference]) -> None:
    british = formatted(references, [note("a", "mayr")], language="en-GB")
    american = formatted(references, [note("a", "mayr")], language="en-US")
    assert british.notes == american.notes
    french = formatted(references, [note("a", "mayr")], language="fr-FR")
    assert "«" in html(french.notes["a"])


def test_the_same_stream_gives_the_same_answer(references: dict[str, Reference]) -> None:
    series = [note("a", "coll"), note("b", "bass", "kux")]
    assert formatted(references, series) == formatted(references, series)


@pytest.mark.parametrize(
    ("locator", "suffix", "shown"),
    [
        ("23", "", "(Coll, 2004, p. 23)"),
        ("23-25", "", "(Coll, 2004, pp. 23–25)"),
        ("23--25", "", "(Coll, 2004, pp. 23–25)"),
        ("3, 5-7", "", "(Coll, 2004, pp. 3, 5–7)"),
        ("pp. iv-x", "", "(Coll, 2004, pp. iv–x)"),
        ("p. 4", "", "(Coll, 2004, p. 4)"),
        ("chap. 3", "", "(Coll, 2004, Chapter 3)"),
        ("art. 9", "", "(Coll, 2004, art. 9)"),
        ("23", "on Kabul", "(Coll, 2004, p. 23 on Kabul)"),
        ("", "99 years later", "(Coll, 2004 99 years later)"),
    ],
)
def test_locators_have_the_labels_of_the_style(
    references: dict[str, Reference], locator: str, suffix: str, shown: str
) -> None:
    answer = formatted(references, [note("a", work("coll", locator, suffix=suffix))], to="apa")
    assert html(answer.inline["a"]) == shown


def test_whatever_stands_in_a_citation_is_only_words() -> None:
    hostile = ["{", "}", "{}", "[@coll]", "<b>", "\\", "$x$", "*a", "**", "@a", "#", "~", "&amp;", "\u2060", "x" * 5000]
    keys = ["a:b", "a/b", "a.b", "ä", "a-b_c+d", "1"]
    entries = [{"id": key, "type": "book", "title": f"T{i}"} for i, key in enumerate(keys)]
    references = library(json.dumps(entries), "r.json")
    series = [
        *(note(f"h{i}", work("ä", text, prefix=(Text(text),), suffix=(Text(text),))) for i, text in enumerate(hostile)),
        *(note(key, key) for key in keys),
    ]
    inline = [(f"i{i}", cite(work("1", text, suffix=(Text(text),)))) for i, text in enumerate(hostile)]
    answer = formatted(references, series, inline)
    assert len(answer.notes) == len(series)
    assert len(answer.inline) == len(inline)
    tags = {node.tag for shown in answer.notes.values() for node in walk(shown) if isinstance(node, Element)}
    assert tags <= {"a", "em", "strong"}
    assert {key for key, _ in answer.bibliography} == {"ä", *keys}


AMERICAN = r"""
@article{words, author={Doe, Jane}, title={A Study of \enquote{Quoted Words}}, journaltitle={J}, date={2016}}
@book{book, author={Roe, Jane}, title={A Study of \enquote{Words}}, publisher={P}, date={2016}}
@article{boys, author={Poe, Jane}, title={For the Boys'}, journaltitle={J}, date={2016}, pages={11}}
"""


# The Chicago Manual of Style, 18th edition, 6.9 and 6.11
@pytest.mark.parametrize(
    ("language", "to", "expected"),
    [
        ("en-US", "chicago-notes-bibliography", ("‘Quoted Words.’”", "“Words.”</em> P", "Boys’.”")),
        ("de-DE", "infoclio-de", ("«quoted words», in", "words», 2016", "boys’, in")),
    ],
)
def test_a_stop_stands_within_all_closing_marks_in_america(language: str, to: str, expected: tuple[str, ...]) -> None:
    works = library(AMERICAN)
    answer = formatted(works, [note(key, key) for key in works], to=to, language=language)
    entries = dict(answer.bibliography)
    for key, words in zip(("words", "book", "boys"), expected, strict=True):
        assert words in html(entries[key])


def test_a_number_is_not_broken_at_its_hyphens_and_can_be_found() -> None:
    text = "@report{r, author={Doe, Jane}, title={T}, institution={SIGAR}, number={SIGAR-21-46-LL}, date={2016}}"
    answer = formatted(library(text), [note("a", "r")])
    assert '<span class="nowrap">SIGAR-21-46-LL</span>. ' in html(dict(answer.bibliography)["r"])
