"""Theorems and what is set like them: their labels, their numbers, and references to them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made import made, places, screens, words_of

TEXT = """# One

::: {#thm-line}
## *Line*

A line.
:::

::: {.theorem name="Fermat"}
- A power.
:::

::: {.lemma #lem:small}
Small.
:::

::: {.proof}
By @thm-line.
:::

::: {.remark}
It is so.
:::

::: {#rem-so}
It is numbered.
:::

::: {.theorem .unnumbered name="Old"}
Known.
:::

::: {.proof name="of it"}
:::
"""


def boxes(markup: str) -> list[str]:
    found = re.findall(r'<div[^>]*statement-label.*?</div>|<div [^>]*class="[^"]*statement.*?</div>', markup, re.DOTALL)
    return [" ".join(words_of(each)) for each in found]


def test_each_kind_counts_by_itself_through_the_book(tmp_path: Path) -> None:
    book, found = made(tmp_path, TEXT, "# Two\n\n::: {#thm-b}\nB.\n:::\n")
    assert found == []
    assert boxes(screens(book)) == [
        "Theorem 1 (Line). A line.",
        "Theorem 2 (Fermat). A power.",
        "Lemma 1. Small.",
        "Proof. By theorem 1.",
        "Remark. It is so.",
        "Remark 1. It is numbered.",
        "Theorem (Old). Known.",
        "Proof (of it).",
        "Theorem 3. B.",
    ]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("@thm-line", "theorem 1"),
        ("@Thm-line", "Theorem 1"),
        ("@thm:line", "theorem 1"),
        ("Theorem \\@ref(thm:line)", "Theorem 1"),
        ("[](#lem:small)", "lemma 1"),
        ("[@thm-line; @lem-small]", "theorem 1, lemma 1"),
        ("@rem-so", "remark 1"),
    ],
)
def test_a_reference_says_the_name_and_the_number(tmp_path: Path, reference: str, said: str) -> None:
    book, found = made(tmp_path, TEXT, f"# Two\n\nSee {reference}.\n")
    assert found == []
    assert f"See {said}." in words_of(screens(book))


def test_labels_are_in_the_language_of_the_book(tmp_path: Path) -> None:
    text = "# A\n\n::: {#def-a}\nB.\n:::\n\n::: proof\nC.\n:::\n\n::: remark\nD.\n:::\n"
    book, _ = made(tmp_path, text, language="hu")
    assert boxes(screens(book)) == ["1. definíció. B.", "Bizonyítás. C.", "Megjegyzés. D."]


def test_a_statement_without_a_number_is_none_to_refer_to(tmp_path: Path) -> None:
    _, found = made(tmp_path, "# A\n\n::: {.theorem .unnumbered #thm-x}\nB.\n:::\n\n@thm-x, @thm-y\n")
    assert places(found) == [("P305", "0.md", 7), ("P302", "0.md", 7)]


def test_a_class_of_the_titles_own_is_no_statement(tmp_path: Path) -> None:
    styles = tmp_path / "styles"
    styles.mkdir()
    (styles / "book.css").write_text(".exercise { color: red }", "utf-8")
    book, found = made(tmp_path, "# A\n\n::: {.exercise}\nB.\n:::\n\n::: {#exr-b}\nC.\n:::\n")
    assert found == []
    assert '<div class="exercise"><p>B.' in screens(book)
    assert boxes(screens(book)) == ["Exercise 1. C."]


def test_a_picture_of_a_chunk_is_a_figure_to_refer_to(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    chunk = '```{r a, fig.cap="The map"}\nknitr::include_graphics("a.svg")\n```\n'
    book, found = made(tmp_path, f"# A\n\n{chunk}\nFigure \\@ref(fig:a)\n")
    assert found == []
    assert words_of(screens(book)) == ["A", "Figure 1. The map", "Figure 1"]
