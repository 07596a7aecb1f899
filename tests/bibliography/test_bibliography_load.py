from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from postil.bibliography.library import load_references
from postil.source import Source

BIB = """@book{coll2004,
  author = {Coll, Steve},
  title = {Ghost Wars},
  publisher = {Penguin Press},
  date = {2004},
}
"""
RIS = """TY  - BOOK
ID  - coll2004
AU  - Coll, Steve
TI  - Ghost Wars
PB  - Penguin Press
PY  - 2004
ER  -

TY  - JOUR
ID  - mastny2010
AU  - Mastny, Vojtech
TI  - The Soviet Union's Partnership with India
JO  - Journal of Cold War Studies
VL  - 12
PY  - 2010
ER  -
"""
JSON = """[
  {"id": "coll2004", "type": "book", "title": "Ghost Wars", "publisher": "Penguin Press",
   "author": [{"family": "Coll", "given": "Steve"}], "issued": {"date-parts": [[2004]]}}
]
"""
YAML = """references:
- id: coll2004
  type: book
  title: Ghost Wars
  publisher: Penguin Press
  author:
  - family: Coll
    given: Steve
  issued: 2004
"""


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [("r.bib", BIB, 1), ("r.json", JSON, 2), ("r.yaml", YAML, 2), ("R.YML", YAML, 2), ("r.ris", RIS, 1)],
)
def test_every_kind_of_file(path: str, text: str, line: int) -> None:
    references, found = load_references([Source(path, text)], None)
    assert found == ()
    reference = references["coll2004"]
    assert reference.item["type"] == "book"
    assert reference.item["title"] == "Ghost Wars"
    assert reference.item["author"] == [{"family": "Coll", "given": "Steve"}]
    assert reference.item["issued"] == {"date-parts": [[2004]]}
    assert reference.source.position(reference.span.start).line == line


def test_the_second_record_of_ris_has_its_own_place() -> None:
    references, _ = load_references([Source("r.ris", RIS)], None)
    assert references["mastny2010"].source.position(references["mastny2010"].span.start).line == 9


def test_another_ending_is_an_error() -> None:
    references, found = load_references([Source("references.txt", BIB)], None)
    assert references == {}
    assert [d.code for d in found] == ["P203"]


def test_a_later_file_overrides_with_a_note() -> None:
    own = BIB.replace("Ghost Wars", "Ghost Wars, Revised")
    references, found = load_references([Source("shared.bib", BIB), Source("own.bib", own)], None)
    assert references["coll2004"].item["title"] == "Ghost Wars, Revised"
    assert references["coll2004"].source.path == "own.bib"
    assert [(d.code, d.position.path) for d in found if d.position] == [("P208", "own.bib")]


def test_the_first_of_two_entries_with_one_key_counts() -> None:
    references, found = load_references([Source("r.bib", BIB + BIB.replace("Ghost", "Other"))], None)
    assert references["coll2004"].item["title"] == "Ghost Wars"
    assert [(d.code, d.position.line) for d in found if d.position] == [("P207", 7)]


def test_one_broken_entry_keeps_nothing_else_from_being_read() -> None:
    broken = BIB.replace("coll2004", "broken").replace("{Ghost Wars}", "{Directorate S")
    references, found = load_references([Source("r.bib", broken + BIB)], None)
    assert set(references) == {"broken", "coll2004"}
    assert [(d.code, d.position.line, d.position.column) for d in found if d.position] == [("P202", 3, 11)]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Makes $5 Million", "Makes $5 Million"),
        ("50% of Them", "50% of Them"),
        (r"50\% of Them", "50% of Them"),
        ("Smith & Sons", "Smith &amp; Sons"),
        ("Number #1", "Number #1"),
        (r"Caf\'e and na{\"\i}ve", "Café and naïve"),
        ("{NATO} and the {Soviet Union}", "NATO and the Soviet Union"),
        (r"On \emph{Kim}", "On <i>Kim</i>"),
    ],
)
def test_no_sign_of_a_title_is_lost(title: str, shown: str) -> None:
    references, _ = load_references([Source("r.bib", BIB.replace("Ghost Wars", title))], None)
    value = str(references["coll2004"].item["title"])
    assert value.replace('<span class="nocase">', "").replace("</span>", "") == shown.replace("&amp;", "&")


def test_protected_words_keep_their_protection() -> None:
    references, _ = load_references(
        [Source("r.bib", BIB.replace("Ghost Wars", "Treaty of {Co-operation} and {NATO}"))], None
    )
    assert references["coll2004"].item["title"] == (
        'Treaty of <span class="nocase">Co-operation</span> and <span class="nocase">NATO</span>'
    )


@pytest.mark.parametrize(
    "fields", ["", "langid = {french},", "subtitle = {Chronique du XIXe Siècle},", "shorttitle = {Le Rouge},"]
)
def test_titles_keep_the_capitals_that_they_are_written_with(fields: str) -> None:
    text = f"@book{{a, title = {{Le Rouge et le Noir}}, publisher = {{P}}, date = {{1830}}, {fields}}}"
    references, _ = load_references([Source("r.bib", text)], None, "en")
    assert str(references["a"].item["title"]).startswith("Le Rouge et le Noir")


def test_entries_inherit_from_others() -> None:
    text = """
@string{cup = {Cambridge University Press}}
@collection{coldwar, title={Endings}, editor={Westad, Odd Arne}, publisher=cup, date={2010}}
@incollection{saikal, author={Saikal, Amin}, title={Islamism}, crossref={coldwar}, pages={112--134}}
@xdata{press, publisher={Penguin Press}}
@book{coll, author={Coll, Steve}, title={Ghost Wars}, date={2004}, xdata={press}}
"""
    references, found = load_references([Source("r.bib", text)], None)
    assert found == ()
    assert references["saikal"].item["container-title"] == "Endings"
    assert references["saikal"].item["publisher"] == "Cambridge University Press"
    assert references["coll"].item["publisher"] == "Penguin Press"


def test_dates() -> None:
    values = ["1999-05/2000", "1905~", "-0044", "2020-01-02T10:00", "c. 1999", "1641?", "1640%/1650%"]
    text = "".join(f"@book{{k{i}, title={{T{i}}}, publisher={{P}}, date={{{v}}}}}\n" for i, v in enumerate(values))
    references, found = load_references([Source("r.bib", text)], None)
    assert [references[f"k{i}"].item["issued"] for i in range(7)] == [
        {"date-parts": [[1999, 5], [2000]]},
        {"date-parts": [[1905]], "circa": True},
        {"date-parts": [[-45]]},  # CSL counts years before Christ without a year 0
        {"date-parts": [[2020, 1, 2]]},
        {"literal": "c. 1999"},
        {"date-parts": [[1641]], "uncertain": True},
        {"date-parts": [[1640], [1650]], "circa": True, "uncertain": True},
    ]
    assert [(d.code, d.message) for d in found] == [("P212", "'c. 1999' is no date")]


def item(fields: str) -> Mapping[str, object]:
    references, _ = load_references(
        [Source("r.bib", f"@book{{a, title = {{T}}, publisher = {{P}}, year = 2004,\n {fields}\n}}")], None
    )
    return references["a"].item


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Of $x^2$", 'Of <span class="nocase"><i>x</i><sup>2</sup></span>'),
        (r"The $\alpha$", 'The <span class="nocase">α</span>'),
        (r"$\mathrm{H}_2\mathrm{O}$", '<span class="nocase">H<sub>2</sub>O</span>'),
        (r"\textendash{} and \AA rhus", "– and Århus"),
        (r"\noopsort{a}Works", "Works"),
        (r"Of \'\i{} \"{o} {\"o}", 'Of í ö <span class="nocase">ö</span>'),
    ],
)
def test_formulas_and_signs_of_latex(written: str, title: str) -> None:
    references, _ = load_references([Source("r.bib", BIB.replace("Ghost Wars", written))], None)
    assert references["coll2004"].item["title"] == title


def test_journals_of_astronomers_have_their_names() -> None:
    assert item(r"journal = {\apj}")["container-title"] == "The Astrophysical Journal"


@pytest.mark.parametrize(
    ("month", "parts"),
    [
        ("may", [[2004, 5]]),
        ("{January}", [[2004, 1]]),
        ('jan # "~14"', [[2004, 1, 14]]),
        ("{July/August}", [[2004, 7], [2004, 8]]),
        ("{Spring}", [[2004, 21]]),
        ("{13}", [[2004]]),
    ],
)
def test_months_are_part_of_the_date(month: str, parts: list[list[int]]) -> None:
    assert item(f"month = {month}")["issued"] == {"date-parts": parts}


def test_annotations_and_keywords() -> None:
    for name in ("annotation", "annote"):
        annotated = item(f"{name} = {{One \\emph{{para}}.\n\nTwo & three.}}, keywords = {{war, peace}}")
        assert annotated["annote"] == "One <i>para</i>.\n\nTwo & three."
        assert annotated["keyword"] == "war, peace"


def test_further_editors_have_the_part_that_is_given() -> None:
    further = "editora = {C, D and E, F}, editoratype = {collaborator}, editorb = {G, H}, editorbtype = {redactor}"
    read = item(f"editor = {{A, B}}, {further}")
    assert read["editor"] == [{"family": "A", "given": "B"}, {"family": "G", "given": "H"}]
    assert read["contributor"] == [{"family": "C", "given": "D"}, {"family": "E", "given": "F"}]
    assert item("editor = {A, B}, editortype = {compiler}").keys() >= {"compiler"}
    assert item("editora = {A, B}")["editor"] == [{"family": "A", "given": "B"}]


def test_names_separated_in_capitals() -> None:
    assert item("author = {Smith, A AND Jones, B}")["author"] == [
        {"family": "Smith", "given": "A"},
        {"family": "Jones", "given": "B"},
    ]


def test_a_later_file_has_the_strings_and_entries_of_an_earlier_one() -> None:
    shared = (
        '@string{pp = "Penguin Press"}\n@collection{whole, title={Endings}, editor={A, B}, publisher=pp, date={2010}}\n'
    )
    own = "@incollection{part, author={C, D}, title={Part}, crossref={whole}}\n"
    own += "@book{b, title={T}, publisher=pp, date={1}}\n"
    references, found = load_references([Source("shared.bib", shared), Source("own.bib", own)], None)
    assert [(d.code, d.message) for d in found] == [("P212", "'1' is no date")]
    assert references["part"].item["container-title"] == "Endings"
    assert references["b"].item["publisher"] == "Penguin Press"
    assert references["whole"].source.path == "shared.bib"


def test_keys_that_pandoc_would_reject_are_read() -> None:
    references, found = load_references(
        [Source("r.bib", BIB.replace("coll2004", "cöll~\N{REPLACEMENT CHARACTER}"))], None
    )
    assert [d.code for d in found] == ["P202"]
    assert [r.item["id"] for r in references.values()] == ["cöll~\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize("path", ["r.bib", "r.json", "r.yaml", "r.ris"])
@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_entries_is_said_to_be_empty(path: str, text: str) -> None:
    references, found = load_references([Source(path, text)], None)
    assert references == {}
    assert [d.code for d in found] == ["P233"]


def test_a_file_of_strings_only_is_not_empty() -> None:
    assert load_references([Source("r.bib", '@string{pp = "Penguin"}')], None) == ({}, ())


def test_what_a_file_does_throughout_is_counted() -> None:
    text = "".join(f"@book{{k{i}, title={{T{i}}}, publisher={{P}}, date={{2000}}, pages={{1-9}}}}\n" for i in range(60))
    _, found = load_references([Source("r.bib", text)], None)
    assert [d.code for d in found] == ["P213"] * 21
    assert found[-1].message == "in 40 more places of this file a range of pages has one hyphen"
    assert found[-1].position
    assert found[-1].position.line == 21
    _, found = load_references([Source("r.bib", "".join(text.splitlines(keepends=True)[:50]))], None)
    assert len(found) == 50


# --- CSL-JSON and YAML


def codes(path: str, text: str) -> list[tuple[str, int, int]]:
    _, found = load_references([Source(path, text)], None)
    return [(d.code, d.position.line, d.position.column) for d in found if d.position]


GOOD = '{"id": "z", "type": "book", "title": "T", "publisher": "P", "issued": {"date-parts": [[2004]]}}'


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param(f'[\n{{"id": "a", "title" "T"}},\n{GOOD}]', 2, 21, id="colon"),
        pytest.param(f"[{GOOD}\n{GOOD.replace('z', 'y')}]", 1, len(GOOD) + 2, id="comma between entries"),
        pytest.param(f'[\n{{"type": "book", "title": "T"}},\n{GOOD}]', 2, 1, id="no id"),
        pytest.param(f'[\n"a",\n{GOOD}]', 2, 1, id="no object"),
        pytest.param(f'[{{"id": "a",\n"author": "Coll"}},\n{GOOD}]', 2, 1, id="names"),
        pytest.param(f'[{{"id": "a",\n"issued": "2004"}},\n{GOOD}]', 2, 1, id="date"),
        pytest.param(f'[{{"id": "a",\n"title": ["T", "U"]}},\n{GOOD}]', 2, 1, id="text"),
        pytest.param("{}", 1, 1, id="no list"),
        pytest.param("[" * 5000, 1, 2, id="depth"),
    ],
)
def test_broken_json(text: str, line: int, column: int) -> None:
    assert ("P202", line, column) in codes("r.json", text)


def test_json_behind_a_broken_entry_is_read() -> None:
    references, _ = load_references([Source("r.json", f'[{{"id": "a", "title": "T" oops}},\n{GOOD}]')], None)
    assert "z" in references


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("references:\n- id: a\n  title: 'T\n", 4, id="quote"),
        pytest.param("- &a {id: a}\n- *a\n", 2, id="alias"),
        pytest.param("title: T\n", 1, id="no list"),
        pytest.param("- id: a\n\ttitle: T\n", 2, id="tab"),
        pytest.param("- " * 3000, 1, id="depth"),
        pytest.param("references: " + "[" * 3000, 1, id="depth without items"),
    ],
)
def test_broken_yaml(text: str, line: int) -> None:
    assert [(code, at) for code, at, _ in codes("r.yaml", text)] == [("P202", line)]


def test_a_broken_entry_of_yaml_costs_no_other() -> None:
    good = "- id: {}\n  type: book\n  title: {}\n  publisher: P\n  issued: 2004\n"
    text = "references:\n" + good.format("a", "One") + good.format("b", "'Two") + good.format("c", "Three")
    references, found = load_references([Source("r.yaml", text)], None)
    assert list(references) == ["a", "c"]
    assert references["c"].source.position(references["c"].span.start).line == 12
    assert [(d.code, d.position.line) for d in found if d.position] == [("P202", 12)]


def test_behind_a_broken_list_of_names_the_next_entry_is_read() -> None:
    broken = '{"id": "a", "author": [{"family": "A" "given": "B"}, {"family": "C"}]}'
    references, found = load_references([Source("r.json", f"[{broken},\n{GOOD}]")], None)
    assert list(references) == ["z"]
    assert [d.code for d in found] == ["P202"]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("r.json", '[{"id": "a", "auther": "A"}]', ("P211", 1, 14), id="misspelt"),
        pytest.param("r.json", '[{"id": "a", "publisher_place": "A"}]', ("P211", 1, 14), id="underscore"),
        pytest.param("r.json", '[{"id": "a", "doi": "10.1000/x"}]', ("P211", 1, 14), id="small letters"),
        pytest.param("r.json", '[{"id": "a", "year": 2004}]', ("P211", 1, 14), id="of BibTeX"),
        pytest.param("r.json", '[{"id": "a", "colour": {"x": "title"}}]', ("P231", 1, 14), id="unknown"),
        pytest.param("r.json", '[{"id": "a", "type": "bok"}]', ("P223", 1, 14), id="type"),
        pytest.param("r.json", '[{"id": "a", "title": "A", "title": "B"}]', ("P207", 1, 14), id="twice"),
        pytest.param("r.json", '[{"id": "a", "note": "DOI: x", "DOI": "x"}]', ("P214", 1, 32), id="place"),
        pytest.param("r.json", '[{"id": "a"}', ("P202", 1, 13), id="no end"),
        pytest.param("r.json", '[{"id": "a"}] {}', ("P202", 1, 15), id="something behind"),
        pytest.param("r.yaml", "- id: a\n  auther: A\n", ("P211", 2, 3), id="misspelt in YAML"),
        pytest.param("r.yaml", "- id: a\n  issued: 20o4\n", ("P212", 2, 3), id="year in YAML"),
        pytest.param("r.yaml", "- id: a\n  title: A\n  title: B\n", ("P207", 2, 3), id="twice in YAML"),
        pytest.param("r.yaml", "- note: |\n    DOI: x\n  DOI: x\n  id: a\n", ("P214", 3, 3), id="place in YAML"),
    ],
)
def test_what_is_questionable_in_csl(path: str, text: str, expected: tuple[str, int, int]) -> None:
    assert expected in codes(path, text)


def test_a_hyphen_in_the_pages_of_csl_is_as_it_should_be() -> None:
    assert codes("r.json", json.dumps([json.loads(GOOD) | {"page": "12-15"}])) == []


def test_several_issn_may_be_a_list() -> None:
    text = '[{"id": "a", "title": "T", "ISSN": ["0378-5955", "0028-0836"]}]'
    references, found = load_references([Source("r.json", text)], None)
    assert references["a"].item["ISSN"] == "0378-5955 0028-0836"
    assert found == ()


def test_a_part_of_a_name_that_is_no_text_is_reported_at_the_name() -> None:
    text = '[{"id": "a", "type": "book", "title": "T",\n "author": [{"family": "X", "given": true}]}]'
    found = codes("r.json", text)
    assert ("P202", 2) in [(code, line) for code, line, _ in found]


CROSSREF = """[{
  "id": "k", "type": "journal-article", "title": ["A Title"], "subtitle": ["Of It"], "original-title": [],
  "container-title": ["Journal"], "short-container-title": ["J"], "editor": [], "translator": null, "issue": null,
  "author": [
    {"given": "Ann", "family": "Roe", "sequence": "first", "affiliation": [], "ORCID": "x", "suffix": null},
    {"name": "A Group", "sequence": "additional", "affiliation": [{"name": "Univ"}]}],
  "issued": {"date-parts": [[2020, 1]]}, "published": {"date-parts": [[2020]]}, "accessed": {"date-parts": [[null]]},
  "license": [{"URL": "x"}], "institution": [{"name": "x"}], "score": 1.0, "relation": {}, "reference": [{"key": "a"}],
  "funder": [{"name": "x"}], "ISSN": ["0021-9118", "0021-9118"], "DOI": "10.1000/182"
}]"""


def test_an_item_of_crossref() -> None:
    references, found = load_references([Source("r.json", CROSSREF)], None)
    assert found == ()
    assert references["k"].item == {
        "id": "k",
        "type": "article-journal",
        "title": "A Title: Of It",
        "container-title": "Journal",
        "container-title-short": "J",
        "author": [{"given": "Ann", "family": "Roe"}, {"literal": "A Group"}],
        "issued": {"date-parts": [[2020, 1]]},
        "ISSN": "0021-9118 0021-9118",
        "DOI": "10.1000/182",
    }


@pytest.mark.parametrize(
    ("variable", "code"),
    [('"institution": "P"', "P211"), ('"author": [{"famly": "Roe"}]', "P202"), ('"title": [["x"]]', "P202")],
)
def test_what_crossref_would_not_write_is_said(variable: str, code: str) -> None:
    text = f'[{{"id": "k", "type": "webpage", "URL": "https://example.org", "issued": "2020",\n{variable}}}]'
    _, found = load_references([Source("r.json", text)], None)
    assert (code, 2) in [(d.code, d.position.line) for d in found if d.position]
