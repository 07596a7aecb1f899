"""The geometry of every page of the title that ships and of the fixture titles, by the laws of the sample titles."""

from __future__ import annotations

from pathlib import Path

import essay
import pytest

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
from postil.document import EDITIONS
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
FIXTURES = ("atlas", "sampler", "lettre", "monograph", "reader", "road")
SHIPPED = TESTS.parent / "manuscript/pakistan-russia"
SETTINGS = [
    *((TESTS / "books" / name, edition) for name in FIXTURES for edition in EDITIONS),
    *(pytest.param((SHIPPED, edition), marks=pytest.mark.slow) for edition in EDITIONS),
]


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: f"{setting[0].name}-{setting[1]}")
def sheets(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[essay.Sheet]:
    folder, edition = request.param
    book, _ = compose(folder, Order(edition, (), Folder(tmp_path_factory.mktemp("out"))), Stages())
    assert book is not None
    return essay.sheets(book, xhtml.printed(book), book.styles)


def test_every_annotation_of_the_edition_is_on_a_page_once(sheets: list[essay.Sheet]) -> None:
    printed = [name for sheet in sheets for name in (*sheet.beside, *sheet.foot) if name.startswith("annotation-")]
    assert len(printed) == len(set(printed))
    ids = {name for sheet in sheets for name in sheet.ids}
    called = {name.removeprefix("call-") for name in ids if name.startswith("call-annotation-")}
    in_commentary = {name for name in called if f"pointer-{name}" in ids}
    assert {name for name in called - in_commentary if not name.rpartition("-")[2].isdigit()} <= set(printed)
