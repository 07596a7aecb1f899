from __future__ import annotations

from postil.guesses import MOST, Guesses


def test_the_most_similar_word_is_meant() -> None:
    guesses = Guesses(["coll2004", "cole1999"])
    assert guesses.of("col2004") == "coll2004"
    assert guesses.of("zzz") is None


def test_only_so_many_words_are_looked_for_but_those_again_and_again() -> None:
    guesses = Guesses(["coll2004"])
    unknown = [f"coll2004-{number}" for number in range(MOST)]
    assert [guesses.of(word) for word in unknown] == ["coll2004"] * MOST
    assert guesses.of("coll2004x") is None
    assert guesses.of(unknown[0]) == "coll2004"
