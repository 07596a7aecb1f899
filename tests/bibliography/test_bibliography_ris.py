from __future__ import annotations

import pytest

from postil.bibliography.library import load_references
from postil.source import Source

CHAPTER = """TY  - CHAP
ID  - saikal2010
AU  - Saikal, Amin
A1  - King, Martin Luther, Jr.
AU  - World Bank
TI  - Islamism and
   Its Neighbours
T2  - The Cambridge History of the Cold War
T3  - Cambridge Histories
ED  - Westad, Odd Arne
A4  - Doe, Jane
PB  - Cambridge University Press
CY  - Cambridge
PY  - 2010
DA  - 2010/05/06/
Y2  - 2020/01//
SP  - 112
EP  - 134
SN  - 978-0-306-40615-7
KW  - Afghanistan
KW  - Islamism
N1  - A first note.
N1  - A second one.
AB  - What it says.
UR  - https://example.org/a
ER  -
"""


def read(text: str) -> dict[str, dict[str, object]]:
    references, _ = load_references([Source("r.ris", text)], None)
    return {key: dict(reference.item) for key, reference in references.items()}


def found(text: str) -> list[tuple[str, int, int]]:
    _, diagnostics = load_references([Source("r.ris", text)], None)
    return [(d.code, d.position.line, d.position.column) for d in diagnostics if d.position]


def book(key: str, line: str = "TI  - T") -> str:
    return f"TY  - BOOK\nID  - {key}\n{line}\nPB  - P\nPY  - 2000\nSP  - 310\nER  - \n"


def test_a_record_becomes_an_item() -> None:
    assert found(CHAPTER) == []
    assert read(CHAPTER) == {
        "saikal2010": {
            "id": "saikal2010",
            "type": "chapter",
            "author": [
                {"family": "Saikal", "given": "Amin"},
                {"literal": "World Bank"},
                {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
            ],
            "editor": [{"family": "Westad", "given": "Odd Arne"}],
            "translator": [{"family": "Doe", "given": "Jane"}],
            "title": "Islamism and Its Neighbours",
            "container-title": "The Cambridge History of the Cold War",
            "collection-title": "Cambridge Histories",
            "publisher": "Cambridge University Press",
            "publisher-place": "Cambridge",
            "issued": {"date-parts": [[2010, 5, 6]]},
            "accessed": {"date-parts": [[2020, 1]]},
            "page": "112-134",
            "ISBN": "978-0-306-40615-7",
            "keyword": "Afghanistan, Islamism",
            "annote": "A first note.\n\nA second one.",
            "abstract": "What it says.",
            "URL": "https://example.org/a",
        }
    }


def test_pages_of_a_book_are_their_number() -> None:
    assert read(book("a"))["a"]["number-of-pages"] == "310"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("TI = T", ("P202", 10, 1), id="no hyphen"),
        pytest.param("ti  - T", ("P202", 10, 1), id="small letters"),
        pytest.param("TI  T", ("P202", 10, 1), id="nothing between"),
        pytest.param("TI  - T\nXX  - x", ("P231", 11, 1), id="unknown tag"),
        pytest.param("TI  - T\nY2  - 20o0", ("P212", 11, 1), id="no date"),
        pytest.param("TI  - T\nAU  - Doe, Jane, Roe, Richard", ("P219", 11, 1), id="several names"),
    ],
)
def test_what_is_wrong_with_a_record_costs_no_other(line: str, expected: tuple[str, int, int]) -> None:
    text = book("a") + book("b", line) + book("c", "TI  - Another")
    assert expected in found(text)
    assert list(read(text)) == ["a", "b", "c"]
    assert read(text)["b"]["title"] == "T"


def test_a_record_that_is_not_closed_ends_where_the_next_begins() -> None:
    text = book("a").replace("ER  - \n", "") + book("b", "TI  - Another")
    assert found(text) == [("P202", 1, 1)]
    assert list(read(text)) == ["a", "b"]


def test_a_line_outside_of_a_record_and_an_unknown_type() -> None:
    assert found("AU  - Doe, Jane\n" + book("a").replace("BOOK", "BOK")) == [("P202", 1, 1), ("P223", 2, 1)]


def test_records_without_a_key_get_one_of_name_and_year() -> None:
    one = "TY  - BOOK\nAU  - Coll, Steve\nTI  - {}\nPB  - P\nPY  - 2004\nER  - \n"
    text = one.format("Ghost Wars") + one.format("Another") + book("x").replace("ID  - x\n", "")
    assert list(read(text)) == ["Coll2004", "Coll2004a", "T2000"]
    assert [code for code, _, _ in found(text)] == ["P234"] * 3


@pytest.mark.parametrize("text", ["", "1. a list\n2. of lines\n", "ER  - \n", "TY  - ", "TY  -\nTY  -\nER", "\n\n"])
def test_no_text_makes_reading_fail(text: str) -> None:
    assert found(text)


def test_a_month_or_day_of_zero_is_not_known() -> None:
    text = "TY  - BOOK\nID  - a\nTI  - T\nPB  - P\nAU  - A\nPY  - 2004/00/00\nER  - \n"
    references, found = load_references([Source("r.ris", text)], None)
    assert found == ()
    assert references["a"].item["issued"] == {"date-parts": [[2004]]}
