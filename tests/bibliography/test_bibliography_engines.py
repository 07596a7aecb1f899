"""What holds for every engine: the same places, links and short forms; and what is said where one is missing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from citing import authors_note, cite, formatted, html, library, need, note, read, style, work

from postil.bibliography import Entry, Formatted, Stream
from postil.bibliography.citing.engines import citeproc_js as through_citeproc_js
from postil.bibliography.citing.format import format_citations
from postil.build import Order, Stages, compose
from postil.document import BibliographySettings, EngineName
from postil.store import Store
from postil.writing import Folder

WORKS = Path(__file__).with_name("golden") / "works.yaml"
ENGINES = get_args(EngineName)
CITEPROC_JS = BibliographySettings(engine="citeproc-js")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    name: EngineName = request.param
    need(name)
    return name


@cache
def answer(engine: EngineName, to: str) -> Formatted:
    series = [note("first", work("book", "3")), authors_note("own"), note("in text", "article", in_text=True)]
    inline = [
        ("several", cite(work("book", "23-25", prefix="see *also*", suffix="and passim"), "article")),
        ("chapter", cite(work("book", "chap. 2"), in_text=True)),
        ("suppressed", cite(work("article", "vol. 2", suppress=True))),
        ("word", cite(work("book", "s.v. Foo"))),
        ("nameless", cite("case")),
        *((locator, cite(work("book", locator))) for locator in ("xii", "xii-xv", "chap. 2", "figs. 2 and 3")),
    ]
    return formatted(read(WORKS), series, inline, to=to, language="en-US", engine=engine)


ITEMS = """
@book{markup, title={1 < 2 & <script>}, author={O'Neil \\& Sons, A}, publisher={P}, date={2004}}
@book{translated, title={Война и мир [War and peace]}, author={T, L}, publisher={P}, date={1869}, langid={russian}}
@book{years, title={T}, author={A, B}, publisher={P}, date={1951/1954}}
@book{titled, title={T 1939--1945}, author={A, B}, publisher={P}, date={1939/1945}}
@book{century, title={T}, author={A, B}, publisher={P}, date={1898/1903}}
@online{own, author={{Reuters}}, organization={Reuters}, title={Oil}, date={2023-06-12}, url={https://example.org/}}
@online{news, author={{Reuters}}, organization={News Asia}, title={Oil}, date={2023-06-12}, url={https://example.org/}}
@book{particle, author={van Gogh, Vincent}, title={Ta}, publisher={P}, date={1950}}
@book{dropped, author={de Tocqueville, Alexis}, title={Tb}, publisher={P}, date={1950}, options={useprefix=false}}
"""


@cache
def cited(engine: EngineName) -> Formatted:
    """Works of all kinds, each cited in full in a note of its name, and some of them a second time."""
    works = {**read(WORKS), **library(ITEMS)}
    series = [note(key, key) for key in (*library(ITEMS), "web", "letter")]
    series += [note("two parts", work("book", "bk. 2, l. 4"))]
    series += [note(f"{key} again", key) for key in ("particle", "dropped")]
    return formatted(works, series, language="en-US", engine=engine)


BOOK, ARTICLE = (f'<a class="cite" href="#ref-{key}">' for key in ("book", "article"))
IN_NOTES = {
    "several": (
        f"see <em>also</em> {BOOK}Tuchman, <em>Guns of August</em>, 23–25</a> and passim; "
        f"{ARTICLE}Satterfield, “Livy and the <em>Pax Deum</em>”</a>"
    ),
    "chapter": f"Tuchman ({BOOK}<em>Guns of August</em>, chap. 2</a>)",
    "suppressed": f"{ARTICLE}“Livy and the <em>Pax Deum</em>,” vol. 2</a>",
    "word": f"{BOOK}Tuchman, <em>Guns of August</em>, under Foo</a>",
}
IN_TEXT = {
    "several": f"(see <em>also</em> {BOOK}Tuchman, 1962, pp. 23–25</a> and passim; {ARTICLE}Satterfield, 2016</a>)",
    "chapter": f"Tuchman ({BOOK}1962, Chapter 2</a>)",
    "suppressed": f"({ARTICLE}2016, Volume 2</a>)",
    "in text": f"Satterfield ({ARTICLE}2016</a>)",
}


def test_short_forms_in_notes(engine: EngineName) -> None:
    shown = answer(engine, "chicago-notes-bibliography")
    assert {key: html(shown.inline[key], links=True) for key in IN_NOTES} == IN_NOTES


def test_a_name_in_the_sentence_stands_in_the_note_too(engine: EngineName) -> None:
    shown = answer(engine, "chicago-notes-bibliography")
    assert html(shown.in_text["in text"]) == "Satterfield"
    whole = "Susan Satterfield, “Livy and the <em>Pax Deum</em>,” <em>Classical Philology</em>"
    assert html(shown.notes["in text"]).startswith(whole)


# what an author's note cites is part of the series: in full at first, then in short, and nobody's neighbour
SERIES = (
    note("1", "book"),
    authors_note("a", cite(work("article", "170")), cite(work("article", "171")), cite(work("book", "3"))),
    note("2", work("book", "4")),
    note("3", "article"),
    authors_note("b", cite(work("article", "172"), in_text=True)),
    note("4", work("article", "173")),
)
FULL = "Susan Satterfield, “Livy and the <em>Pax Deum</em>,” <em>Classical Philology</em> 111, no. 2 (2016)"


def test_the_notes_of_the_author_are_part_of_the_series(engine: EngineName) -> None:
    to = "chicago-notes-bibliography-subsequent-ibid"
    shown = formatted(read(WORKS), SERIES, to=to, language="en-US", engine=engine)
    assert {key: html(nodes) for key, nodes in {**shown.notes, **shown.inline}.items()} == {
        "1": "Barbara W. Tuchman, <em>The Guns of August</em> (Macmillan, 1962).",
        "a1": f"{FULL}: 170",
        "a2": "Satterfield, “Livy and the <em>Pax Deum</em>,” 171",
        "a3": "Tuchman, <em>Guns of August</em>, 3",
        "2": "Tuchman, <em>Guns of August</em>, 4.",
        "3": "Satterfield, “Livy and the <em>Pax Deum</em>.”",
        "b1": "Satterfield (“Livy and the <em>Pax Deum</em>,” 172)",
        "4": "Satterfield, “Livy and the <em>Pax Deum</em>,” 173.",
    }


def test_works_are_cited_in_full_anew_where_a_chapter_begins(engine: EngineName) -> None:
    chapters = [Entry((), anew=True), note("a", "book"), note("b", "book"), Entry((), anew=True), note("c", "book")]
    apart = [("in an annotation", cite("book"))]
    shown = formatted(read(WORKS), chapters, apart, language="en-US", engine=engine)
    full = "Barbara W. Tuchman, <em>The Guns of August</em> (Macmillan, 1962)."
    short = "Tuchman, <em>Guns of August</em>"
    assert {key: html(nodes) for key, nodes in shown.notes.items()} == {"a": full, "b": f"{short}.", "c": full}
    assert html(shown.inline["in an annotation"]) == short


def test_citations_in_the_text(engine: EngineName) -> None:
    shown = answer(engine, "apa")
    assert {key: html(shown.inline[key], links=True) for key in IN_TEXT} == IN_TEXT


def test_numbers_are_links_too(engine: EngineName) -> None:
    shown = answer(engine, "nlm-citation-sequence")
    assert html(shown.inline["first"], links=True) == f"({BOOK}1</a>)"
    assert [key for key, _ in shown.bibliography] == ["book", "article", "case"]


def test_addresses_are_links(engine: EngineName) -> None:
    assert '<a href="https://www.yale.edu/about-yale/yale-facts">' in html(cited(engine).notes["web"], links=True)


def test_a_work_that_is_not_listed_has_no_entry_and_no_link(engine: EngineName) -> None:
    shown = cited(engine)
    assert html(shown.notes["letter"], links=True) == "Constance Conlon, email to author, April 17, 2000."
    assert {"web", "letter"} & dict(shown.bibliography).keys() == {"web"}
    assert 'href="#ref-web"' in html(shown.notes["web"], links=True)


def test_markup_in_an_entry_is_text(engine: EngineName) -> None:
    assert "1 &lt; 2 &amp; &lt;" in html(cited(engine).notes["markup"])


def test_a_translated_title_stands_behind_the_italics(engine: EngineName) -> None:
    assert html(cited(engine).notes["translated"]) == "L. T, <em>Война и мир</em> [War and peace] (P, 1869)."


def test_years_are_abridged_but_not_those_of_a_title(engine: EngineName) -> None:
    assert "(P, 1951–54)" in html(cited(engine).notes["years"])
    assert "1939–1945</em> (P, 1939–1945)" in html(cited(engine).notes["titled"])
    assert "(P, 1898–1903)" in html(cited(engine).notes["century"])


@pytest.mark.parametrize(
    ("key", "note_", "entry"),
    [
        # whose page it is, is known from its author; who wrote what stands on another's page would be lost
        ("own", "“Oil,” Reuters, June 12, 2023, https://example.org/.", "Reuters. “Oil.” June 12, 2023."),
        ("news", "Reuters, “Oil,” News Asia, June 12, 2023, https://example.org/.", "Reuters. “Oil.” News Asia,"),
    ],
)
def test_an_organization_is_the_owner_of_its_own_page(engine: EngineName, key: str, note_: str, entry: str) -> None:
    assert html(cited(engine).notes[key]) == note_
    assert html(dict(cited(engine).bibliography)[key]).startswith(entry)


@pytest.mark.parametrize(
    ("to", "locator", "shown"),
    [
        ("apa", "xii-xv", "(Tuchman, 1962, pp. xii–xv)"),
        ("apa", "xii", "(Tuchman, 1962, p. xii)"),
        ("modern-language-association", "xii", "(Tuchman xii)"),
        # the label of the first part is not that of the second
        ("ieee", "chap. 2", "[1, Ch. 2]"),
        ("ieee", "figs. 2 and 3", "[1, Figs. 2 and 3]"),
    ],
)
def test_locators_that_are_more_than_a_page(engine: EngineName, to: str, locator: str, shown: str) -> None:
    assert html(answer(engine, to).inline[locator]) == shown


def test_a_locator_of_two_parts_keeps_both_labels(engine: EngineName) -> None:
    assert html(cited(engine).notes["two parts"]).endswith("(Macmillan, 1962), bk. 2, l. 4.")


def test_words_before_a_number_stand_apart_from_the_comma(engine: EngineName) -> None:
    series = [note("n", "book", work("article", prefix="and also"))]
    shown = formatted(read(WORKS), series, to="nlm-citation-sequence", language="en-US", engine=engine)
    assert html(shown.inline["n"]) == "(1, and also 2)"


def test_a_particle_stays_with_a_name_that_stands_alone_unless_the_entry_says_otherwise(engine: EngineName) -> None:
    shown = cited(engine)
    assert html(shown.notes["particle again"]) == "Van Gogh, <em>Ta</em>."
    assert html(shown.notes["dropped again"]) == "Tocqueville, <em>Tb</em>."
    assert html(dict(shown.bibliography)["particle"]).startswith("Gogh, Vincent van. ")


# --- an engine that is not there


@pytest.mark.parametrize(
    ("path", "node_path", "message"),
    [("", "", "needs Node"), (None, "", "needs the npm package 'citeproc'")],
)
def test_a_missing_engine_is_an_error_with_a_remedy(
    path: str | None, node_path: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if path is None:
        node = tmp_path / "bin" / "node"
        node.parent.mkdir()
        node.write_text("")
        node.chmod(0o755)
        path = str(node.parent)
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("NODE_PATH", node_path)
    references = library("@book{a, title={A}, publisher={P}, date={2004}}")
    shown = format_citations(Stream((note("n", "a"),)), references, style(), "en", None, CITEPROC_JS)
    [found] = shown.diagnostics
    assert found.code == "P226"
    assert message in found.message
    assert found.hint


def test_an_answer_is_kept(engine: EngineName, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    references = read(WORKS)
    stream = Stream((note("n", "book"),))
    settings = BibliographySettings(engine=engine)
    short = style("nlm-citation-sequence")
    first = format_citations(stream, references, short, "en", Store(Folder(tmp_path)), settings)
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("asked again"))
    assert format_citations(stream, references, short, "en", Store(Folder(tmp_path)), settings) == first


def test_an_engine_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    need("citeproc-js")
    monkeypatch.setattr(through_citeproc_js, "SECONDS", 0.01)
    shown = format_citations(Stream((note("n", "book"),)), read(WORKS), style(), "en", None, CITEPROC_JS)
    assert [d.code for d in shown.diagnostics] == ["P206"]


def test_a_title_chooses_its_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "book.toml").write_text(
        "title = 'T'\nlanguage = 'en'\ndate = 2026-11-23\n[bibliography]\nsources = ['r.bib']\nengine = 'citeproc-js'\n"
    )
    (tmp_path / "r.bib").write_text("@book{a, title={A}, publisher={P}, date={2004}}")
    (tmp_path / "01.md").write_text("# One\n\nText.[@a]\n")
    _, found = compose(tmp_path, Order("annotated", (), Folder(tmp_path / "build")), Stages())
    assert [(d.code, d.position.path) for d in found if d.code == "P226" and d.position] == [("P226", "book.toml")]
