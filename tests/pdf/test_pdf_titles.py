"""Every page of the title that ships and of the fixture titles.

Its geometry, by the laws of the sample titles; and that its words lead back to their places in the manuscript.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import essay
import pytest
from test_pdf_origins import WORD, Place, check, some

# the laws themselves: they are collected here once more, with the sheets of this module
from test_pdf_pages import (
    test_annotations_stand_in_their_column_without_touching,
    test_no_annotation_ends_below_the_last_line_of_text,
    test_no_annotation_is_more_than_six_lines_from_its_lemma,
    test_no_line_sticks_out_of_the_measure,
    test_notes_at_the_foot_are_below_the_text_and_within_the_page,
    test_the_column_is_on_the_outer_side,
)

from postil import xhtml
from postil.build import Order, Stages, compose
from postil.document import EDITIONS, Book, Text, walk
from postil.pdf.units import Origins
from postil.writing import Folder

__all__ = [
    "test_annotations_stand_in_their_column_without_touching",
    "test_no_annotation_ends_below_the_last_line_of_text",
    "test_no_annotation_is_more_than_six_lines_from_its_lemma",
    "test_no_line_sticks_out_of_the_measure",
    "test_notes_at_the_foot_are_below_the_text_and_within_the_page",
    "test_the_column_is_on_the_outer_side",
]

TESTS = Path(__file__).parents[1]
SHIPPED = TESTS.parent / "manuscript/pakistan-russia"
SETTINGS = [
    *((folder, edition) for folder in sorted((TESTS / "books").iterdir()) for edition in EDITIONS),
    *(pytest.param((SHIPPED, edition), marks=pytest.mark.slow) for edition in EDITIONS),
]


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: f"{setting[0].name}-{setting[1]}")
def title(request: pytest.FixtureRequest, answers: Folder) -> tuple[Book, essay.Opened]:
    folder, edition = request.param
    book, _ = compose(folder, Order(edition, (), answers), Stages())
    assert book is not None
    return book, essay.laid_out(book, xhtml.printed(book), book.styles)


@pytest.fixture(scope="module")
def sheets(title: tuple[Book, essay.Opened]) -> list[essay.Sheet]:
    return essay.sheets_of(title[1])


def test_every_annotation_of_the_edition_is_on_a_page_once(sheets: list[essay.Sheet]) -> None:
    printed = [name for sheet in sheets for name in (*sheet.beside, *sheet.foot) if name.startswith("annotation-")]
    assert len(printed) == len(set(printed))
    ids = {name for sheet in sheets for name in sheet.ids}
    called = {name.removeprefix("call-") for name in ids if name.startswith("call-annotation-")}
    in_commentary = {name for name in called if f"pointer-{name}" in ids}
    assert {name for name in called - in_commentary if not name.rpartition("-")[2].isdigit()} <= set(printed)


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def places(title: tuple[Book, essay.Opened]) -> list[Place]:
    return list(on_pages(title[1]))


def on_pages(printed: essay.Opened) -> Iterator[Place]:
    for order, fragment in zip(printed.orders, printed.fragments, strict=True):
        origins = Origins(order.unit)
        for page in fragment.pages:
            for stretch in page.words:
                for word in WORD.finditer(stretch.text):
                    if place := origins.place(stretch, word.start()):
                        yield word[0], *place


def test_a_word_on_a_page_is_at_its_place(places: list[Place]) -> None:
    check(some(places))


def test_no_word_loses_its_place_on_the_way(title: tuple[Book, essay.Opened], places: list[Place]) -> None:
    """What has a place when it is resolved has one on the pages, but for what is repeated without its place."""
    resolved = [
        text.value
        for section in title[0].sections
        for body in (section.body, *(note.body for note in section.notes))
        for text in walk(body)
        if isinstance(text, Text) and text.runs
    ]
    wanted = sum(len(WORD.findall(value)) for value in resolved)
    assert len(places) >= wanted > 0
