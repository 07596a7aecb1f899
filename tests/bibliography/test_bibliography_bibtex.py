from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postil.bibliography.reading.bibtex.grammar import LONGEST, records
from postil.source import Source


def faults(text: str) -> list[tuple[int, int, str]]:
    """Line, column and message of every fault."""
    _, found = records(Source("references.bib", text))
    return [(d.position.line, d.position.column, d.message) for d in found if d.position]


def fields(text: str) -> dict[str, dict[str, str]]:
    read, _ = records(Source("references.bib", text))
    return {record.key: {field.name: field.value for field in record.fields} for record in read}


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("{braces}", "braces"),
        ('"quotes"', "quotes"),
        ("{ {Soviet}\n   Union }", "{Soviet} Union"),
        ('"a {"} in quotes"', 'a {"} in quotes'),
        (r"{a \} brace}", r"a \} brace"),
        ("1971", "1971"),
        ('pp # ", New York"', "Penguin, New York"),
        ("PP", "Penguin"),
        ("{user@host, a = b}", "user@host, a = b"),
    ],
)
def test_values(value: str, meaning: str) -> None:
    text = f'@string{{pp = "Penguin"}}\n@book{{a, note = {value}, year = 1}}'
    assert faults(text) == []
    assert fields(text) == {"a": {"note": meaning, "year": "1"}}


@pytest.mark.parametrize(
    "entry",
    [
        "@book{a,title={T}}",
        "@book{a, title = {T},}",
        "@BOOK{a, TITLE = {T}}",
        "@book(a, title = {T})",
        "@ book {a, title = {T}}",
        "@book\n{a,\n\ttitle\n=\n{T}\n}",
        "some words @book{a, title = {T}} and more",
        '% a comment\n@comment{@book{x, title = {X}}}\n@preamble{"\\def\\x{}"}\n@book{a, title = {T}}',
    ],
)
def test_forms_of_an_entry(entry: str) -> None:
    assert faults(entry) == []
    assert fields(entry) == {"a": {"title": "T"}}


def test_months_by_their_names() -> None:
    assert fields("@book{a, month = mar}\n@book{b, month = DEC}") == {"a": {"month": "3"}, "b": {"month": "12"}}


def test_months_with_a_day_or_as_their_whole_names() -> None:
    assert fields('@book{a, month = jan # "~1"}\n@book{b, month = sept}') == {
        "a": {"month": "jan~1"},
        "b": {"month": "9"},
    }


def test_an_annotation_keeps_its_paragraphs() -> None:
    text = "@book{a, annote = {One\n  two.\n\n  Three.}, abstract = {One.\n\nTwo.}}"
    assert fields(text) == {"a": {"annote": "One two.\n\nThree.", "abstract": "One. Two."}}


def test_strings_of_an_earlier_file_serve_a_later_one() -> None:
    strings: dict[str, str] = {}
    records(Source("a.bib", '@string{pp = "Penguin"}'), strings)
    read, found = records(Source("b.bib", "@book{a, publisher = pp}"), strings)
    assert not found
    assert read[0].fields[0].value == "Penguin"


@pytest.mark.parametrize(
    ("entry", "line", "column", "message"),
    [
        pytest.param(
            "@book{a,\n  title = {T}\n  year = 1\n}", 2, 14, "there is no comma behind the field 'title'", id="comma"
        ),
        pytest.param("@book{a,\n  month = foo,\n}", 2, 11, "'foo' is no month", id="month"),
        pytest.param(
            "@book{a,\n  title = {T,\n  year = 1,\n}", 2, 11, "the value of the field 'title' is not closed", id="brace"
        ),
        pytest.param(
            '@book{a,\n  title = "T,\n  year = 1,\n}', 2, 11, "the value of the field 'title' is not closed", id="quote"
        ),
        pytest.param("@book{a,\n  title = {T},\n", 1, 1, "the entry is not closed", id="end"),
        pytest.param(
            "@book{a,\n  title = {T}},\n  year = 1,\n}",
            2,
            14,
            "the entry is closed here, but more fields follow: there is a '}' too many",
            id="too many braces",
        ),
        pytest.param("@book{a, title = {T}}}", 1, 22, "there is a '}' too many", id="too many braces at the end"),
        pytest.param("@book{a title = {T}}", 1, 8, "there is no comma behind the key 'a'", id="comma behind the key"),
        pytest.param("@book{title = {T}}", 1, 7, "the entry has no key", id="no key"),
        pytest.param("@book{, title = {T}}", 1, 7, "the entry has no key", id="empty key"),
        pytest.param("@book{a, title = {T},, year = 1}", 1, 22, "there is a comma too many", id="two commas"),
        pytest.param("@book{a, title, year = 1}", 1, 10, "the field 'title' has no value", id="no value"),
        pytest.param("@book{a, title = , year = 1}", 1, 18, "the field 'title' has no value", id="empty value"),
        pytest.param("@book{a, = {T}, year = 1}", 1, 10, "a field's name is expected here, not '='", id="no name"),
        pytest.param(
            '@book{a,\n  title = "T,\n  publisher = "P",\n}',
            2,
            11,
            "the value of the field 'title' is not closed",
            id="quote before another",
        ),
        pytest.param("@book{a(b), title = {T}}", 1, 8, "'(' cannot stand in a key, as in 'a(b)'", id="sign in the key"),
        pytest.param(
            "@book{a}b, title = {T}}",
            1,
            8,
            "the entry is closed here, but goes on: there is a '}' too many",
            id="brace in the key",
        ),
        pytest.param(
            "book{a,\n title = {T}}", 1, 1, "this entry is not read: it does not begin like one", id="no sign"
        ),
        pytest.param(
            "@book a,\n title = {T}}", 1, 1, "this entry is not read: it does not begin like one", id="no brace"
        ),
        pytest.param("@book{a, publisher = penguin}", 1, 22, "there is no string 'penguin'", id="string"),
        pytest.param(
            "@book{a, title = {T}, title = {U}}",
            1,
            23,
            "the field 'title' is given twice in this entry; the first one counts",
            id="field twice",
        ),
        pytest.param(
            "@book{a, title = " + "{" * 60 + "}" * 60 + "}",
            1,
            18,
            "the braces of the field 'title' are nested too deeply",
            id="depth",
        ),
    ],
)
def test_each_fault_is_found_once_and_the_next_entry_is_read(entry: str, line: int, column: int, message: str) -> None:
    text = f"{entry}\n\n@book{{next, title = {{N}}}}\n"
    assert faults(text) == [(line, column, message)]
    assert fields(text)["next"] == {"title": "N"}


def test_what_is_good_of_a_broken_entry_is_kept() -> None:
    text = "@book{a,\n  author = {Doe, Jane},\n  title = {T,\n  year = 2004\n  publisher = {P}\n}"
    assert fields(text) == {"a": {"author": "Doe, Jane", "title": "T", "year": "2004", "publisher": "P"}}


def test_strings_that_double_each_other_come_to_an_end() -> None:
    doubling = "".join(f"@string{{s{i + 1} = s{i} # s{i}}}\n" for i in range(60))
    text = f'@string{{s0 = "ha"}}\n{doubling}@book{{a, note = s60}}'
    assert any("longer than" in message for _, _, message in faults(text))
    assert len(fields(text)["a"]["note"]) <= LONGEST


@given(st.text(alphabet='@book{}(),="# \n\\aé%', max_size=80))
@example("@book{a, title = {T}, {")
@example("@book{a, title = #}")
@example("@string{")
def test_reading_never_fails_and_spans_hold_the_entries(text: str) -> None:
    source = Source("references.bib", text)
    read, found = records(source)
    for record in read:
        assert source.text[record.span.start] == "@"
        assert record.key in source.text[record.span.start : record.span.end]
        assert record.span.start < record.span.end <= len(text)
    assert all(d.position and d.position.line >= 1 and d.position.column >= 1 for d in found)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(alphabet='ab ,=@#"é', max_size=12)))
def test_what_is_written_is_read(values: dict[str, str]) -> None:
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items())
    text = f"@misc{{k,\n{body}}}"
    assert faults(text) == []
    assert fields(text) == {"k": {name: " ".join(value.split()) for name, value in values.items()}}


ENTRY = """@book{coll2004,
  author = {Coll, Steve and others},
  title = {Ghost {Wars}: "The" Secret},
  publisher = "Penguin" # { Press},
  month = jan # "~1",
  date = {2004},
}
"""
SIGNS = '@{}(),="#\n\\a%~ '


@given(st.lists(st.tuples(st.integers(0, len(ENTRY) - 1), st.sampled_from(["", *SIGNS]), st.booleans()), max_size=4))
@example([(6, "}", False)])
def test_whatever_is_wrong_with_an_entry_costs_no_other(slips: list[tuple[int, str, bool]]) -> None:
    spoilt = list(ENTRY)
    for at, sign, is_more in slips:
        spoilt[at] = sign + (ENTRY[at] if is_more else "")
    before, after = ENTRY.replace("coll2004", "before"), ENTRY.replace("coll2004", "after")
    source = Source("references.bib", f"{before}{''.join(spoilt)}\n{after}")
    read, found = records(source)
    by_key = {record.key: record for record in read}
    assert len(by_key["before"].fields) == len(by_key["after"].fields) == 5
    # a bracket too many may be said to be that of the entry before
    start = source.position(by_key["after"].span.start)
    assert all(d.position and d.position < start for d in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{" * 100_000, id="braces"),
        pytest.param("@book{a, title = " + "{" * 100_000, id="braces in a value"),
        pytest.param("@" * 1_000_000, id="signs"),
        pytest.param("@book{" * 20_000, id="beginnings"),
        pytest.param("@book{a" + "," * 100_000 + "}", id="commas"),
        pytest.param("@book{a, title = " + "# " * 100_000 + "}", id="joints"),
        pytest.param("@book{a,\n" + "title = {T\n" * 10_000, id="values that do not end"),
        pytest.param("@book{a, title = {" + "x y " * 250_000 + "}}", id="long value"),
        pytest.param("@book{a, title = {T}}" * 10_000, id="one line"),
    ],
)
def test_no_text_keeps_the_reader_for_long(text: str) -> None:
    source = Source("references.bib", text)
    start = time.perf_counter()
    read, _ = records(source)
    assert time.perf_counter() - start < 20
    assert all(0 <= record.span.start < record.span.end <= len(text) for record in read)
