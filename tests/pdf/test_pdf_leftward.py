"""A book whose language runs from right to left: everything on its pages is on the other side."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from postil.build import Order, Stages, build, compose
from postil.pdf.book import PrintedBook
from postil.pdf.fragment import Page
from postil.writing import Folder
from postil.xhtml import printed

BOOK = 'title = "ספר"\nlanguage = "{}"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
LONG = "זה משפט ארוך מאוד שנכתב כדי למלא כמה שורות בעמוד ולראות איך הן נשברות. " * 6
TEXT = f"""# פרק ראשון

{LONG} [מילה]{{==מילה==}}[^a] {LONG}

- פריט בתוך רשימה

| אחת | שתיים |
| --- | --- |
| אלף | בית |

[^a]: {{.gloss}} הערה בשוליים.
""".replace("[מילה]{==", "{==")


def title(folder: Path, text: str, language: str = "he") -> Path:
    (folder / "t").mkdir()
    (folder / "t" / "book.toml").write_text(BOOK.format(language), "utf-8")
    (folder / "t" / "10.md").write_text(text, "utf-8")
    return folder / "t"


def pages(folder: Path, text: str, language: str = "he") -> list[Page]:
    """The pages of the only chapter."""
    book, found = compose(title(folder, text, language), Order("annotated", ("pdf",), Folder(folder)), Stages())
    assert [each for each in found if each.code != "P601"] == []
    assert book is not None
    laid_out = PrintedBook(book, book.styles)
    laid_out.set(printed(book), lambda *_: None)
    assert laid_out.diagnostics == ()
    return list(laid_out.fragments[-1].pages)


def lefts(page: Page) -> dict[str, float]:
    """The left edge of each stretch of words on a page."""
    return {stretch.text.strip(): stretch.rect.left for stretch in page.words}


@pytest.mark.parametrize(("language", "side"), [("he", "left"), ("en", "right")])
def test_leaf_margins_and_annotations_are_on_the_side_of_the_language(tmp_path: Path, language: str, side: str) -> None:
    on_right = side == "right"
    first, *_ = pages(tmp_path, TEXT, language)
    assert (first.recto, first.on_right) == (True, on_right)
    back = first.text.left if on_right else first.paper.right - first.text.right
    outer = first.paper.right - first.text.right if on_right else first.text.left
    assert back < outer, "the column is on the outer side"
    (beside,) = first.beside.values()
    assert (beside.left > first.text.right) == on_right
    assert (beside.right < first.text.left) != on_right


def test_lines_begin_at_the_right(tmp_path: Path) -> None:
    first, *_ = pages(tmp_path, TEXT)
    heading, opening, *_ = first.lines
    assert heading.rect.right == pytest.approx(first.text.right, abs=0.1)
    assert heading.rect.left > first.text.left + 100
    assert opening.rect.right == pytest.approx(first.text.right, abs=0.1)


def test_a_list_is_indented_from_the_right_and_the_first_column_is_the_right_one(tmp_path: Path) -> None:
    first, *_ = pages(tmp_path, TEXT)
    at = lefts(first)
    item = next(line for line in first.lines if line.rect.right < first.text.right - 5)
    assert item.rect.right > first.text.right - 60
    assert at["אחת"] > at["שתיים"] + 50
    assert at["אלף"] > at["בית"] + 50


@pytest.mark.parametrize(
    ("language", "text", "order"),
    [
        ("he", "זה The *long* road ועוד", ["ועוד", "The", "long", "road", "זה"]),
        ("en", "here כביש *ארוך* מאוד there", ["here", "מאוד", "ארוך", "כביש", "there"]),
        ("en", "here [כביש *ארוך* מאוד]{lang=he} there", ["here", "מאוד", "ארוך", "כביש", "there"]),
        ("he", "זה [The *long* road]{lang=en} ועוד", ["ועוד", "The", "long", "road", "זה"]),
        ("he", "זה `a + b` ועוד", ["ועוד", "a + b", "זה"]),
    ],
)
def test_runs_of_words_are_in_the_order_of_their_script(
    tmp_path: Path, language: str, text: str, order: list[str]
) -> None:
    (page,) = pages(tmp_path, f"# X\n\n{text}\n", language)
    at = lefts(page)
    assert sorted((words for words in order if words in at), key=at.__getitem__) == order


@pytest.mark.parametrize("language", ["he", "en"])
def test_a_number_that_is_bound_late_leaves_its_line_where_it_begins(tmp_path: Path, language: str) -> None:
    text = "# אחת {#one}\n\nראו עמוד [](#one){.page} בספר. " + LONG
    first, *_ = pages(tmp_path, text, language)
    line = first.lines[1].rect
    edge, measure = (line.right, first.text.right) if language == "he" else (line.left, first.text.left)
    assert edge == pytest.approx(measure, abs=0.2)


def test_viewers_put_the_pages_in_that_order(tmp_path: Path) -> None:
    for language, direction in (("he", "/R2L"), ("en", None)):
        (tmp_path / language).mkdir()
        folder = title(tmp_path / language, "# א\n\nב\n", language)
        build(folder, Order("clean", ("pdf",), Folder(tmp_path / language / "out")))
        with pikepdf.open(tmp_path / language / "out" / "t" / "t-clean.pdf") as pdf:
            assert pdf.Root.ViewerPreferences.get("/Direction") == direction
