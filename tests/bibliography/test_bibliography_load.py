from __future__ import annotations

from pathlib import Path

import pytest

from postil.bibliography import load
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
    references, found = load([Source(path, text)], None)
    assert found == ()
    reference = references["coll2004"]
    assert reference.item["type"] == "book"
    # BibTeX titles become CSL's, which have only the capitals that stay in every style
    assert str(reference.item["title"]).casefold() == "ghost wars"
    assert reference.item["author"] == [{"family": "Coll", "given": "Steve"}]
    assert reference.item["issued"] == {"date-parts": [[2004]]}
    assert reference.source.position(reference.span.start).line == line


def test_the_second_record_of_ris_has_its_own_place() -> None:
    references, _ = load([Source("r.ris", RIS)], None)
    assert references["mastny2010"].source.position(references["mastny2010"].span.start).line == 9


def test_another_ending_is_an_error() -> None:
    references, found = load([Source("references.txt", BIB)], None)
    assert references == {}
    assert [d.code for d in found] == ["P203"]


def test_a_later_file_overrides_with_a_note() -> None:
    own = BIB.replace("Ghost Wars", "Ghost Wars, Revised")
    references, found = load([Source("shared.bib", BIB), Source("own.bib", own)], None)
    assert references["coll2004"].item["title"] == "Ghost wars, revised"
    assert references["coll2004"].source.path == "own.bib"
    assert [(d.code, d.position.path) for d in found if d.position] == [("P208", "own.bib")]


def test_the_first_of_two_entries_with_one_key_counts() -> None:
    references, found = load([Source("r.bib", BIB + BIB.replace("Ghost", "Other"))], None)
    assert references["coll2004"].item["title"] == "Ghost wars"
    assert [(d.code, d.position.line) for d in found if d.position] == [("P207", 7)]


def test_one_broken_entry_keeps_nothing_else_from_being_read() -> None:
    broken = BIB.replace("coll2004", "broken").replace("{Ghost Wars}", "{Directorate S")
    references, found = load([Source("r.bib", broken + BIB)], None)
    assert set(references) == {"broken", "coll2004"}
    assert [(d.code, d.position.line, d.position.column) for d in found if d.position] == [("P202", 3, 11)]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Makes $5 Million", "Makes $5 million"),
        ("50% of Them", "50% of them"),
        (r"50\% of Them", "50% of them"),
        ("Smith & Sons", "Smith &amp; sons"),
        ("Number #1", "Number #1"),
        (r"Caf\'e and na{\"\i}ve", "Café and naïve"),
        ("{NATO} and the {Soviet Union}", "NATO and the Soviet Union"),
        (r"On \emph{Kim}", "On <i>kim</i>"),
    ],
)
def test_no_sign_of_a_title_is_lost(title: str, shown: str) -> None:
    references, _ = load([Source("r.bib", BIB.replace("Ghost Wars", title))], None)
    value = str(references["coll2004"].item["title"])
    assert value.replace('<span class="nocase">', "").replace("</span>", "") == shown.replace("&amp;", "&")


def test_protected_words_keep_their_protection() -> None:
    references, _ = load([Source("r.bib", BIB.replace("Ghost Wars", "Treaty of {Co-operation} and {NATO}"))], None)
    assert references["coll2004"].item["title"] == (
        'Treaty of <span class="nocase">Co-operation</span> and <span class="nocase">NATO</span>'
    )


@pytest.mark.parametrize(
    ("language", "fields", "title"),
    [
        ("en-GB", "", "Le rouge et le noir"),
        ("fr-FR", "", "Le Rouge et le Noir"),
        ("en", "langid = {french},", "Le Rouge et le Noir"),
        ("fr", "langid = {english},", "Le rouge et le noir"),
    ],
)
def test_only_english_titles_lose_the_capitals_of_a_headline(language: str, fields: str, title: str) -> None:
    text = f"@book{{a, title = {{Le Rouge et le Noir}}, publisher = {{P}}, date = {{1830}}, {fields}}}"
    references, _ = load([Source("r.bib", text)], None, language)
    assert references["a"].item["title"] == title


def test_entries_inherit_from_others() -> None:
    text = """
@string{cup = {Cambridge University Press}}
@collection{coldwar, title={Endings}, editor={Westad, Odd Arne}, publisher=cup, date={2010}}
@incollection{saikal, author={Saikal, Amin}, title={Islamism}, crossref={coldwar}, pages={112--134}}
@xdata{press, publisher={Penguin Press}}
@book{coll, author={Coll, Steve}, title={Ghost Wars}, date={2004}, xdata={press}}
"""
    references, found = load([Source("r.bib", text)], None)
    assert found == ()
    assert references["saikal"].item["container-title"] == "Endings"
    assert references["saikal"].item["publisher"] == "Cambridge University Press"
    assert references["coll"].item["publisher"] == "Penguin Press"


def test_dates() -> None:
    values = ["1999-05/2000", "1905~", "-0044", "2020-01-02T10:00", "c. 1999"]
    text = "".join(f"@book{{k{i}, title={{T{i}}}, publisher={{P}}, date={{{v}}}}}\n" for i, v in enumerate(values))
    references, found = load([Source("r.bib", text)], None)
    assert [references[f"k{i}"].item["issued"] for i in range(5)] == [
        {"date-parts": [[1999, 5], [2000]]},
        {"date-parts": [[1905]], "circa": True},
        {"date-parts": [[-45]]},  # CSL counts years before Christ without a year 0
        {"date-parts": [[2020, 1, 2]]},
        {"literal": "c. 1999"},
    ]
    assert [(d.code, d.message) for d in found] == [("P212", "'c. 1999' is no date")]


# --- CSL-JSON and YAML


def codes(path: str, text: str) -> list[tuple[str, int, int]]:
    _, found = load([Source(path, text)], None)
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
        pytest.param(f'[{{"id": "a",\n"title": ["T"]}},\n{GOOD}]', 2, 1, id="text"),
        pytest.param("{}", 1, 1, id="no list"),
        pytest.param("[" * 5000, 1, 2, id="depth"),
    ],
)
def test_broken_json(text: str, line: int, column: int) -> None:
    assert ("P202", line, column) in codes("r.json", text)


def test_json_behind_a_broken_entry_is_read() -> None:
    references, _ = load([Source("r.json", f'[{{"id": "a", "title": "T" oops}},\n{GOOD}]')], None)
    assert "z" in references


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("references:\n- id: a\n  title: 'T\n", 4, id="quote"),
        pytest.param("- &a {id: a}\n- *a\n", 2, id="alias"),
        pytest.param("title: T\n", 1, id="no list"),
        pytest.param("- id: a\n\ttitle: T\n", 2, id="tab"),
        pytest.param("- " * 3000, 1, id="depth"),
    ],
)
def test_broken_yaml(text: str, line: int) -> None:
    assert [(code, at) for code, at, _ in codes("r.yaml", text)] == [("P202", line)]


# --- many entries


def entry(number: int) -> str:
    return f"""@article{{k{number},
  author = {{Author{number}, Jane and Other, Richard}},
  title = {{A Study of {{NATO}} and its Neighbours, Part {number}}},
  journaltitle = {{Journal of Studies}},
  volume = {{{number % 40 + 1}}},
  date = {{{1950 + number % 70}}},
  pages = {{{number}--{number + 9}}},
}}
"""


PLANTED = (
    (lambda e: e.replace("Studies},\n", "Studies}\n"), "P202", 3),
    (lambda e: e.replace("{Journal of Studies},", "{Journal of Studies,"), "P202", 3),
    (lambda e: e.replace("  date = {", "  date = {x"), "P212", 5),
    (lambda e: e.replace("  pages", "  doi = {1010.5/x},\n  pages"), "P214", 6),
    (lambda e: e.replace("journaltitle", "journaltitel"), "P211", 3),
)


@pytest.mark.slow
def test_fifty_faults_in_five_thousand_entries_are_all_reported_at_their_lines(tmp_path: Path) -> None:
    entries = [entry(number) for number in range(5000)]
    expected = set()
    for index in range(50):
        number = index * 97 + 5
        spoil, code, offset = PLANTED[index % len(PLANTED)]
        entries[number] = spoil(entries[number])
        expected.add((code, sum(e.count("\n") for e in entries[:number]) + offset + 1))
    references, found = load([Source("r.bib", "".join(entries))], tmp_path)
    assert len(references) == 5000
    assert expected <= {(d.code, d.position.line) for d in found if d.position}
    # ten misspelt journaltitles are missing as well, and nine DOIs repeat the first
    assert len(found) == 50 + 10 + 9
