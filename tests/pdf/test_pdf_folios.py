"""Page numbers."""

from __future__ import annotations

import pytest

from postil.pdf.folio import Folio, roman


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "i"),
        (4, "iv"),
        (9, "ix"),
        (14, "xiv"),
        (40, "xl"),
        (49, "xlix"),
        (90, "xc"),
        (444, "cdxliv"),
        (1994, "mcmxciv"),
    ],
)
def test_roman_numerals(number: int, words: str) -> None:
    assert roman(number) == words


def test_odd_pages_are_rectos_in_either_kind_of_numerals() -> None:
    assert [folio.recto for folio in (Folio(1), Folio(2), Folio(1, arabic=True), Folio(2, arabic=True))] == [
        True,
        False,
        True,
        False,
    ]


def test_the_next_page_counts_on_in_the_same_numerals() -> None:
    assert (Folio(3).next.printed, Folio(9, arabic=True).next.printed) == ("iv", "10")
