"""Page numbers."""

from __future__ import annotations

import pytest

from postil.pdf.folios import Leaf, roman


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
    assert [leaf.recto for leaf in (Leaf(1), Leaf(2), Leaf(1, arabic=True), Leaf(2, arabic=True))] == [
        True,
        False,
        True,
        False,
    ]


def test_the_next_page_counts_on_in_the_same_numerals() -> None:
    assert (Leaf(3).next.folio, Leaf(9, arabic=True).next.folio) == ("iv", "10")
