"""Numbers, keys, calls and references in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil.document import words_of
from postil.resolve.signs import letters
from postil.resolve.text import shortened


@pytest.mark.parametrize(
    ("number", "sign"), [(1, "a"), (26, "z"), (27, "aa"), (28, "ab"), (52, "az"), (53, "ba"), (703, "aaa")]
)
def test_annotation_keys_go_from_a_to_z_then_aa(number: int, sign: str) -> None:
    assert letters(number) == sign


@given(st.integers(1, 5000))
def test_no_two_keys_are_alike_and_longer_ones_come_later(number: int) -> None:
    assert (len(letters(number)), letters(number)) < (len(letters(number + 1)), letters(number + 1))


def test_a_lemma_of_five_words_is_repeated_whole_a_longer_one_as_first_and_last() -> None:
    assert shortened("the first edition of it") == "the first edition of it"
    assert shortened("the first edition of this book") == "the … book"


def test_a_lemma_of_several_passages_is_repeated_passage_by_passage_up_to_five_words() -> None:
    assert shortened("one", "two", "three") == "one … two … three"
    assert shortened("one two", "three four", "five six") == "one … six"
    assert shortened("one", "", "two") == "one … two"


def test_a_quotation_mark_stays_with_its_word() -> None:
    assert shortened("«\N{NARROW NO-BREAK SPACE}il a dit bonjour hier soir\N{NARROW NO-BREAK SPACE}»") == (
        "«\N{NARROW NO-BREAK SPACE}il … soir\N{NARROW NO-BREAK SPACE}»"
    )


def test_a_lemma_without_spaces_is_shortened_too() -> None:
    assert shortened("他说你好，我们再见") == "他说你好，我们再见"
    assert shortened("他说你好，我们明天早上就会再见") == "他说 … 再见"
    assert shortened("See 他说") == "See 他说"


def test_a_text_without_spaces_is_as_long_as_its_signs() -> None:
    assert len(words_of("one two  three")) == 3
    assert len(words_of("字" * 500)) == 250
    assert len(words_of("OK 字字字 yes")) == 4
