from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from citing import cite, formatted, html, library, note, style

from postil.bibliography.checking.citations import check_citations, check_faults
from postil.bibliography.checking.identifiers import isbn_check_digit
from postil.bibliography.checking.style import check_style
from postil.bibliography.citing.format import format_citations
from postil.bibliography.citing.stream import Stream
from postil.bibliography.library import load_references
from postil.dialect import parse
from postil.document import (
    Annotation,
    Audience,
    BibliographySettings,
    Chapter,
    Citation,
    Element,
    Kind,
    Note,
    Parsed,
    Reply,
    Text,
)
from postil.source import Source, Span

BOOK = {
    "type": "book",
    "title": "T",
    "publisher": "P",
    "author": [{"family": "A", "given": "B"}],
    "issued": {"date-parts": [[2004]]},
}


def found(*items: Mapping[str, object]) -> list[tuple[str, str]]:
    _, diagnostics = load_references(
        [Source("r.json", json.dumps([{"id": f"k{i}", **item} for i, item in enumerate(items)]))], None
    )
    return [(d.code, d.message) for d in diagnostics]


def in_bibtex(fields: str, kind: str = "book") -> list[tuple[str, int, int]]:
    text = f"@{kind}{{k,\n  title = {{T}}, publisher = {{P}}, date = {{2004}}, author = {{A, B}},\n  {fields}\n}}"
    _, diagnostics = load_references([Source("r.bib", text)], None)
    return [(d.code, d.position.line, d.position.column) for d in diagnostics if d.position]


def test_a_sound_entry_is_passed_over() -> None:
    assert found(BOOK) == []
    assert in_bibtex("") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"publisher": ""}, "P210", id="missing field"),
        pytest.param({"issued": {"date-parts": [[20004]]}}, "P212", id="year"),
        pytest.param({"issued": {"date-parts": [[2004, 13]]}}, "P212", id="month"),
        pytest.param({"issued": {"date-parts": [[2004, 12, 32]]}}, "P212", id="day"),
        pytest.param({"issued": {"date-parts": [[2003, 2, 29]]}}, "P212", id="day of that month"),
        pytest.param({"issued": {"date-parts": [[2004], [2001]]}}, "P212", id="range"),
        pytest.param({"DOI": "1162/JCWS"}, "P214", id="DOI"),
        pytest.param({"DOI": "https://doi.org/10.1162/JCWS"}, "P214", id="DOI with address"),
        pytest.param({"ISBN": "978-0-306-40615-8"}, "P215", id="ISBN-13"),
        pytest.param({"ISBN": "0-306-40615-3"}, "P215", id="ISBN-10"),
        pytest.param({"ISBN": "0-306"}, "P215", id="ISBN too short"),
        pytest.param({"ISSN": "0378-5954"}, "P215", id="ISSN"),
        pytest.param({"URL": "www.example.org"}, "P218", id="URL without scheme"),
        pytest.param({"URL": "javascript:alert(1)"}, "P218", id="URL with another scheme"),
        pytest.param({"URL": "https://example.org/a b"}, "P218", id="URL with a space"),
        pytest.param({"author": [{"family": "Doe", "given": "J., Roe, R."}]}, "P219", id="names"),
    ],
)
def test_a_questionable_entry(change: dict[str, object], code: str) -> None:
    assert [c for c, _ in found(BOOK | change)] == [code]


@pytest.mark.parametrize(
    "change",
    [
        {"ISBN": "978-0-306-40615-7"},
        {"ISBN": "0-306-40615-2"},
        {"ISBN": "080442957X"},
        {"ISBN": "9780306406157 9781861972712"},
        {"ISBN": "9780306406157 0-306-40615-2"},
        {"ISBN": "978-0-306-40615-7 (pbk.), ISBN-10: 0306406152"},
        {"issued": {"literal": "1950–"}},
        {"issued": {"date-parts": [[2004, 2, 29]]}},
        {"ISSN": "0378-5955"},
        {"ISSN": "0378-5955 (Print) 0028-0836 (Electronic)"},
        {"DOI": "10.1162/JCWS_a_00006"},
        {"URL": "https://example.org/a?b=c"},
        {"issued": {"date-parts": [[1999, 12], [2000, 1]]}},
        {"issued": {"date-parts": [[1999, 22]]}},
        {"issued": {"date-parts": [[1611]]}, "publisher": ""},
    ],
)
def test_what_is_right_is_not_queried(change: dict[str, object]) -> None:
    assert found(BOOK | change) == []


# from the standard's own calculation: the weighted sum of all digits is divisible by 11 or 10
@pytest.mark.parametrize("digits", ["0306406152", "080442957X", "9780306406157", "9781861972712"])
def test_check_digits(digits: str) -> None:
    assert isbn_check_digit(digits) == digits[-1]


@pytest.mark.parametrize(
    ("fields", "kind", "expected"),
    [
        pytest.param("pages = {12-15},", "book", ("P213", 3, 11), id="hyphen"),
        pytest.param("month = {foo},", "book", ("P212", 3, 11), id="month"),
        pytest.param("pubisher = {P},", "book", ("P211", 3, 3), id="unknown field"),
        pytest.param("organization = {Harper and Row},", "book", ("P224", 3, 18), id="and"),
        pytest.param("crossref = {nothing},", "book", ("P225", 3, 14), id="crossref"),
        pytest.param("", "bok", ("P223", 1, 1), id="type"),
        pytest.param("colour = {red},", "book", ("P231", 3, 3), id="strange field"),
        pytest.param("editor = {Smith, John, Doe},", "book", ("P219", 3, 12), id="name in three parts"),
        pytest.param("editor = {A and and B},", "book", ("P219", 3, 12), id="empty name"),
        pytest.param("pages = {S12-S15, xi-xv},", "book", ("P213", 3, 11), id="ranges with letters"),
        pytest.param("year = {200},", "book", ("P212", 3, 10), id="year"),
        pytest.param("subtitle = {\\foo},", "book", ("P232", 2, 3), id="command"),
        pytest.param("note = {doi = x}, doi = {x},", "book", ("P214", 3, 21), id="the field itself"),
        pytest.param("doi = {x},", "book", ("P214", 3, 3), id="DOI"),
    ],
)
def test_a_questionable_field_of_bibtex(fields: str, kind: str, expected: tuple[str, int, int]) -> None:
    assert expected in in_bibtex(fields, kind)


@pytest.mark.parametrize(
    "fields",
    [
        "pages = {12--15},",
        "pages = {A-12},",
        "pages = {12-1--12-9},",
        "month = {March},",
        "month = 3,",
        'month = jan # "~1",',
        "abstract = {Co-operation},",
        "langid = {german}, subtitle = {Co-operation},",
        "editor = {King, Jr., Martin Luther and {Smith, Doe and Sons} and family=Berg, given=Jan, prefix=van},",
        "editor = {{van der} Berg, Jan and von Neumann, John and others},",
        "origdate = {1950/}, eventdate = {19XX},",
        "bdsk-url-1 = {x}, abstract2 = {x}, timestamp = {x}, owner = {x}, mendeley-tags = {x}, date-added = {x},",
    ],
)
def test_right_fields_of_bibtex_are_not_queried(fields: str) -> None:
    assert in_bibtex(fields) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@incollection{k, author={A, B}, title={T}, publisher={P}, date={2004}}", "booktitle"),
        ("@article{k, author={A, B}, title={T}, date={2004}}", "journaltitle"),
        ("@phdthesis{k, author={A, B}, title={T}, date={2004}}", "institution"),
    ],
)
def test_what_is_missing_has_the_name_that_its_type_has_for_it(text: str, name: str) -> None:
    _, diagnostics = load_references([Source("r.bib", text)], None)
    assert [d.message for d in diagnostics] == [f"the entry 'k' has no '{name}'"]


def test_a_field_that_is_misspelt_is_not_missing_as_well() -> None:
    text = "@book{k, title={T}, pubisher={P}, date={2004}}"
    assert [d.code for d in load_references([Source("r.bib", text)], None)[1]] == ["P211"]


def test_a_strange_field_of_many_entries_is_said_once() -> None:
    text = "".join(f"@book{{k{i}, title={{T{i}}}, publisher={{P}}, date={{2004}}, colour={{x}}}}\n" for i in range(9))
    _, diagnostics = load_references([Source("r.bib", text)], None)
    assert [d.message for d in diagnostics] == [
        "no field is called 'colour', and what it says is passed over; 9 entries have it"
    ]


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("www.example.org/a", "write https://www.example.org/a"),
        ("https://example.org/a https://example.org/b", "keep one: https://example.org/a"),
        ("https://example.org/a (viewed 1 May)", "write when it was seen as 'accessed'"),
        ("https://example.org/a b", "write %20 for a space"),
    ],
)
def test_an_address_that_is_none_has_a_remedy(url: str, hint: str) -> None:
    _, [diagnostic] = load_references([Source("r.json", json.dumps([BOOK | {"id": "k", "URL": url}]))], None)
    assert (diagnostic.code, diagnostic.hint) == ("P218", hint)


def test_a_number_in_the_place_of_another_has_a_remedy() -> None:
    _, [diagnostic] = load_references([Source("r.json", json.dumps([BOOK | {"id": "k", "ISBN": "0378-5955"}]))], None)
    assert (diagnostic.code, diagnostic.hint) == ("P215", "it is an ISSN: write it as 'ISSN'")


def test_the_two_forms_of_an_isbn_are_one_number() -> None:
    assert found(BOOK | {"ISBN": "0-306-40615-2"}, BOOK | {"title": "Other", "ISBN": "978-0-306-40615-7"}) == [
        ("P216", "'k1' has the same ISBN as 'k0'")
    ]


def test_keys_that_differ_in_capitals_in_two_files() -> None:
    one, other = (json.dumps([BOOK | {"id": key, "title": f"Of {ord(key[0])}"}]) for key in ("coll", "Coll"))
    _, [diagnostic] = load_references([Source("a.json", one), Source("b.json", other)], None)
    assert (diagnostic.code, diagnostic.position and diagnostic.position.path) == ("P209", "b.json")


def test_keys_that_differ_in_capitals() -> None:
    text = json.dumps([BOOK | {"id": "coll"}, BOOK | {"id": "Coll", "title": "Another"}])
    _, diagnostics = load_references([Source("r.json", text)], None)
    assert [d.code for d in diagnostics] == ["P209"]


def test_likely_duplicates() -> None:
    assert found(BOOK | {"title": "Ghost Wars"}, BOOK | {"title": "Ghost wars."}) == [
        ("P216", "'k1' looks like the same work as 'k0'")
    ]
    assert found(BOOK | {"DOI": "10.1000/A"}, BOOK | {"title": "Other", "DOI": "10.1000/a"}) == [
        ("P216", "'k1' has the same DOI as 'k0'")
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "The History of Wars, Part 2"},
        {"issued": {"date-parts": [[2005]]}},
        {"author": [{"family": "Z", "given": "B"}]},
        {"volume": "2"},
        {"type": "report"},
    ],
)
def test_what_differs_in_a_fact_is_no_duplicate(other: dict[str, object]) -> None:
    one = BOOK | {"title": "The History of Wars, Part 1", "volume": "1"}
    assert found(one, one | other) == []


# --- the text and its bibliography


def chapter(*citations: Citation) -> Chapter[Parsed]:
    body: tuple[Parsed, ...] = tuple(Element("p", (c,)) for c in citations)
    return Chapter(Source("essay.md", "x" * 50_000), body, {}, {})


def test_an_unknown_key_has_the_nearest_one_as_a_hint() -> None:
    references = library("@book{coll2004, title={T}, publisher={P}, date={2004}}")
    [diagnostic] = [d for d in check_citations([chapter(cite("col2004"))], references) if d.code == "P201"]
    assert diagnostic.message == "citation key 'col2004' is not in references.bib"
    assert diagnostic.hint == "did you mean 'coll2004'?"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("A @decorator here", "write '\\@decorator' if this is no citation; or add the entry to"),
        ("By @me@host.example, who", "write '\\@me@host.example' if this is no citation; or add"),
        ("As [@smith] says", "add the entry to a file that book.toml names under [bibliography], or mend the key"),
        ("As @smith2004 says", "add the entry to a file that book.toml names under [bibliography], or mend the key"),
    ],
)
def test_a_key_of_no_work_may_be_no_citation(text: str, hint: str) -> None:
    parsed, _ = parse(Source("a.md", text), {})
    (found,) = check_citations([parsed], {})
    assert found.code == "P201"
    assert (found.hint or "").startswith(hint)


def test_citations_are_found_wherever_they_stand() -> None:
    words: tuple[Parsed, ...] = (Element("p", (Text("x"), cite("a"))),)
    reply = Reply(None, None, (Element("p", (cite("b"),)),), Span(0, 0))
    kind = Kind("gloss", "Gloss", Audience.READER)
    annotation = Annotation(
        "g", kind, (Element("p", (cite("c"),)),), None, None, None, None, None, None, None, (reply,), Span(0, 0)
    )
    noted = Note("1", (Element("p", (cite("d"),)),), Span(0, 0))
    whole = Chapter(Source("essay.md", "x" * 50_000), words, {"1": noted}, {"g": annotation})
    missing = {d.message.split("'")[1] for d in check_citations([whole], {})}
    assert missing == {"a", "b", "c", "d"}


def test_a_key_that_a_sign_ends_is_said_to_need_braces() -> None:
    references = library("@book{o'neil2001, title={T}, author={O'Neil, Sean}, publisher={P}, date={2001}}")
    for text, hints in (
        ("[@o'neil2001, 4]", ["a key with such a sign stands in braces: @{o'neil2001}"]),
        ("@{o'neil2001}", []),
    ):
        whole, _ = parse(Source("a.md", text), {})
        assert [d.hint for d in check_citations([whole], references)] == hints


def test_a_work_is_cited_by_a_doi_that_the_bibliography_knows() -> None:
    references = library("@book{k, title={T}, author={A}, publisher={P}, date={2001}, doi={10.1000/ABC.1}}")
    whole, _ = parse(Source("a.md", "[@doi:10.1000/abc.1] @doi:10.1000/other"), {})
    assert [d.message for d in check_citations([whole], references)] == [
        "citation key 'doi:10.1000/other' is not in references.bib"
    ]


def test_entries_that_nobody_cites_are_noted() -> None:
    references = library("".join(f"@book{{k{i}, title={{T{i}}}, publisher={{P}}, date={{2004}}}}\n" for i in range(3)))
    diagnostics = check_citations([chapter(cite("k0"))], references, nocite=["k1"])
    assert [(d.code, d.position.line) for d in diagnostics if d.position] == [("P217", 3)]


def test_a_whole_library_that_nobody_cites_is_one_note() -> None:
    text = "".join(f"@book{{k{i}, title={{T{i}}}, publisher={{P}}, date={{2004}}}}\n" for i in range(30))
    assert [d.code for d in check_citations([], library(text))] == ["P217"]


# --- the bibliography and its style


def against(name: str, text: str, path: str = "references.bib") -> list[tuple[str, int, int]]:
    found = check_style(library(text, path).values(), style(name), "en-US")
    return [(d.code, d.position.line, d.position.column) for d in found if d.position]


SEEN = "@online{k,\n  title = {T}, date = {2004},\n  url = {https://example.org/}\n}"


def test_an_address_without_a_date_of_access_where_the_style_prints_it() -> None:
    assert against("iso690-note-fr", SEEN) == [("P220", 3, 3)]
    assert against("chicago-notes-bibliography", SEEN) == []
    assert against("chicago-notes-bibliography", SEEN.replace(" date = {2004},", "")) == [("P220", 3, 3)]
    assert against("iso690-note-fr", SEEN.replace("date", "urldate = {2024-02-01}, date")) == []


def test_the_place_of_a_publisher_where_the_style_leaves_it_out() -> None:
    book = "@book{a,\n  title = {T}, publisher = {P},\n  location = {London}, date = {2004}}\n"
    assert against("chicago-notes-bibliography", book + book.replace("{a,", "{b,")) == [("P221", 3, 3)]
    # this one prints the place, and no publisher
    assert against("infoclio-de", book) == [("P221", 2, 16)]


def test_what_is_wrong_in_ris_has_the_place_of_its_field() -> None:
    text = "TY  - BOOK\nID  - a\nTI  - T\nPB  - P\nPY  - 2004\nDO  - x\nSN  - 978-0-306-40615-8\nER  - \n"
    _, diagnostics = load_references([Source("r.ris", text)], None)
    places = {(d.code, d.position.line, d.position.column) for d in diagnostics if d.position}
    assert places == {("P214", 6, 1), ("P215", 7, 1)}


FAULTY = """@book{parent, title={T} author={A, B}, publisher={P}, date={2001}}
@inbook{child, title={C}, author={A, B}, crossref={parent}}
@book{other, title={O} author={A, B}, publisher={P}, date={2002}}
@book{, title={N}}
"""


@pytest.mark.parametrize(
    ("cited", "codes"),
    [
        ("", ["P235", "P235", "P235"]),
        ("other", ["P235", "P202", "P235"]),
        ("parent", ["P202", "P235", "P235"]),
        ("child", ["P202", "P235", "P235"]),
    ],
)
def test_a_fault_in_an_entry_that_nothing_cites_is_a_warning(cited: str, codes: list[str]) -> None:
    references, found = load_references([Source("references.bib", FAULTY)], None)
    faults = [d for d in found if d.code == "P202"]
    chapters = [chapter(cite(cited))] if cited else []
    judged = check_faults(faults, chapters, references, ())
    assert [d.code for d in sorted(judged, key=lambda d: d.position.line if d.position else 0)] == codes


NOTED = "@book{k, title={T}, author={A, B}, publisher={P}, date={2001},\n note={N}}\n"


def test_a_field_that_the_style_leaves_out_is_said_once() -> None:
    assert against("chicago-notes-bibliography", NOTED + NOTED.replace("{k", "{l")) == [("P221", 2, 2)]


def test_a_note_on_what_is_unpublished_says_where_it_is_kept() -> None:
    memo = "@unpublished{k, title={A Memo}, author={Doe, Jane}, date={1950},\n note={Box 12, Truman Library}}\n"
    assert against("chicago-notes-bibliography", memo) == []
    answer = formatted(library(memo), [note("a", "k")])
    assert html(answer.notes["a"]) == "Jane Doe, “A Memo,” 1950, Box 12, Truman Library."
    assert answer.diagnostics == ()


def test_a_field_for_which_styles_have_no_place() -> None:
    text = "@book{k, title={T}, author={A, B}, publisher={P}, date={2001},\n foreword={C, D}}\n"
    _, found = load_references([Source("references.bib", text)], None)
    assert [(d.code, d.position.line) for d in found if d.position] == [("P221", 2)]


def test_a_work_that_a_style_lists_nowhere_is_said() -> None:
    letter = "@letter{k, title={To Ann}, author={Doe, Jane}, date={1950}}"
    settings = BibliographySettings()
    answer = format_citations(Stream((note("a", "k"),)), library(letter), style("apa"), "en-US", None, settings)
    assert [(d.code, d.position.line) for d in answer.diagnostics if d.position] == [("P236", 1)]
