"""The geometry of every page of sample titles."""

from __future__ import annotations

from itertools import pairwise

import essay
import pytest

from postil.document import Opening
from postil.pdf.boxes import geometry
from postil.pdf.layout import BETWEEN, STRAY

HAIR = 0.01
EDITIONS: list[tuple[str, str]] = [
    ("annotated", "7x10"),
    ("annotated", "6x9"),
    ("clean", "6x9"),
    ("proof", "A4"),
]


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def sheets(request: pytest.FixtureRequest) -> list[essay.Sheet]:
    edition, trim = request.param
    return essay.sheets(essay.book(edition, trim, "Draft"), essay.essay(edition, chapters=4))


def test_annotations_stand_in_their_column_without_touching(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        column, rects = sheet.column, sorted(sheet.beside.values(), key=lambda rect: rect.top)
        assert all(column.left - HAIR <= rect.left and rect.right <= column.right + HAIR for rect in rects)
        assert all(below.top >= above.bottom + BETWEEN - HAIR for above, below in pairwise(rects))


def test_the_column_is_on_the_outer_side(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        if sheet.beside:
            assert sheet.column.left > sheet.text.right if sheet.page.on_right else sheet.column.right < sheet.text.left


def test_no_annotation_ends_below_the_last_line_of_text(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        for rect in sheet.beside.values():
            assert rect.bottom <= sheet.lines[-1].rect.bottom + HAIR


def test_no_annotation_is_more_than_six_lines_from_its_lemma(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        for called in sheet.called:
            size, rect = sheet.size(called.id), sheet.beside[called.id]
            assert abs(rect.top + size.first - called.baseline) <= STRAY * sheet.leading + HAIR


def test_most_annotations_begin_on_the_baseline_of_their_lemma(sheets: list[essay.Sheet]) -> None:
    off = [
        sheet.beside[called.id].top + sheet.size(called.id).first - called.baseline
        for sheet in sheets
        for called in sheet.called
    ]
    assert sum(abs(each) < HAIR for each in off) >= 0.6 * len(off)


def test_notes_at_the_foot_are_below_the_text_and_within_the_page(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        foot = list(sheet.foot.values())
        if foot and sheet.lines:
            assert foot[0].top >= sheet.lines[-1].rect.bottom - HAIR
            assert foot[-1].bottom <= sheet.text.bottom + HAIR
        assert all(below.top >= above.bottom - HAIR for above, below in pairwise(foot))


def test_lettered_notes_stand_above_numbered_ones(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        letters = ["-a" in name for name in sheet.foot]
        assert letters == sorted(letters, reverse=True)


def test_panels_reach_across_text_and_column(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        for name, rect in sheet.foot.items():
            if "-a" in name:
                left, right = min(sheet.text.left, sheet.column.left), max(sheet.text.right, sheet.column.right)
                assert (rect.left, rect.right) == (pytest.approx(left, abs=HAIR), pytest.approx(right, abs=HAIR))
            else:
                assert rect.left == pytest.approx(sheet.text.left, abs=HAIR)


def test_every_note_is_on_the_page_of_its_call(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        ids = set(sheet.ids)
        calls = {name.removeprefix("call-") for name in ids if name.startswith("call-")}
        assert calls == {name for name in sheet.foot if "-n" in name}


def test_no_annotation_is_printed_twice_and_none_is_lost(sheets: list[essay.Sheet]) -> None:
    printed = [name for sheet in sheets for name in (*sheet.beside, *sheet.foot) if "-a" in name]
    called = [name.removeprefix("key-") for sheet in sheets for name in sheet.ids if name.startswith("key-")]
    assert sorted(printed) == sorted(called)


@pytest.mark.parametrize("seed", range(4))
def test_crowded_pages_keep_the_laws(seed: int) -> None:
    writer = essay.Essay(seed=seed)
    writer.section = "x"
    several = "".join(writer.annotation("", 20 * seed + 5) for _ in range(6))
    table = f"<table><thead><tr><th>{writer.annotation('head', 20)}</th></tr></thead><tbody>"
    table += f"<tr><td>cell</td></tr><tr><td>{writer.annotation('cell', 9)}</td></tr>" + "</tbody></table>"
    verse = f'<div class="verse"><p>one {writer.annotation("line", 30)}<br/>two</p></div>'
    items = f"<ul><li>item {writer.annotation('item', 12)}</li><li>item</li></ul>"
    blocks = [writer.paragraph(notes=0.3, annotations=0.5) for _ in range(10)]
    blocks += [f"<p>word{several} word</p>", table, verse, items, f"<h2>Head {writer.annotation('line', 30)}</h2>"]
    writer.random.shuffle(blocks)
    crowded = essay.sheets(
        essay.book("annotated", ("7x10", "6x9")[seed % 2]),
        [essay.headed("x", "chapter", "body", "recto", "X", "".join(blocks))],
    )
    for law in (
        test_annotations_stand_in_their_column_without_touching,
        test_the_column_is_on_the_outer_side,
        test_no_annotation_is_more_than_six_lines_from_its_lemma,
        test_notes_at_the_foot_are_below_the_text_and_within_the_page,
        test_lettered_notes_stand_above_numbered_ones,
        test_no_line_sticks_out_of_the_measure,
    ):
        law(crowded)
    printed = [name for sheet in crowded for name in (*sheet.beside, *sheet.foot)]
    assert sorted(printed) == sorted(
        [f"x-a{n}" for n in range(1, writer.annotations + 1)] + [f"x-n{n}" for n in range(1, writer.notes + 1)]
    )


def test_paragraphs_stand_on_the_grid(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        lines = [line for line in geometry.lines(sheet.box.root) if geometry.has_words(line)]
        tags = {line.element_tag for line in lines}
        if "td" in tags or not sheet.beside.keys() | sheet.foot.keys():
            continue  # a broken table, and what has neither notes nor annotations, like a title page
        tops = [geometry.rect_of_line(line).top for line in lines if line.element_tag == "p"]
        steps = [(top - sheet.text.top) / sheet.leading for top in tops]
        assert steps == pytest.approx([round(step) for step in steps], abs=HAIR)


def test_no_line_sticks_out_of_the_measure(sheets: list[essay.Sheet]) -> None:
    for sheet in sheets:
        for line in sheet.lines:
            assert line.rect.right <= sheet.text.right + 0.1


@pytest.mark.parametrize(
    ("edition", "trim", "figures"),
    [
        ("annotated", "7x10", (504, 720, 54, 294, 14, 106, 36, 60, 100, 14)),
        ("annotated", "6x9", (432, 648, 45, 252, 10, 89, 36, 60, 81, 13)),
        ("clean", "6x9", (432, 648, 60, 306, 0, 0, 66, 60, 84, 14)),
    ],
)
def test_the_page_has_the_measures_of_the_design(edition: str, trim: str, figures: tuple[float, ...]) -> None:
    parts = [essay.headed("x", "chapter", "body", "recto", "X", "<p>word</p>")]
    sheet = essay.sheets(essay.book(edition, trim), parts)[0]
    text, page, column = sheet.text, sheet.paper, sheet.column
    measured = (
        page.right, page.bottom, text.left, text.right - text.left, column.left - text.right,
        column.right - column.left, page.right - column.right, text.top, page.bottom - text.bottom, sheet.leading,
    )  # fmt: skip
    assert measured == pytest.approx(figures)


@pytest.mark.parametrize("opening", ["recto", "page"])
def test_a_wide_figure_displaces_annotations(opening: Opening) -> None:
    writer = essay.Essay()
    writer.section = "x"
    table = (
        '<figure class="table wide"><table><tr><td>x</td></tr><tr><td>y</td></tr><tr><td>z</td></tr></table></figure>'
    )
    text = f"<p>one {writer.annotation('word', 30)} two</p>{table}" + f"<p>{writer.words(300)}</p>"
    first = essay.headed("v", "chapter", "body", "recto", "V", "<p>word</p>")
    parts = [essay.headed("x", "chapter", "body", opening, "X", text)]
    laid_out = essay.sheets(essay.book(), [first, *parts] if opening == "page" else parts)
    sheet = next(sheet for sheet in laid_out if sheet.beside)
    (figure,), (note,) = sheet.box.figures, sheet.beside.values()
    assert sheet.recto == (opening == "recto")
    outer = (sheet.text.left, sheet.column.right) if sheet.recto else (sheet.column.left, sheet.text.right)
    assert (figure.left, figure.right) == pytest.approx(outer)
    assert note.bottom <= figure.top - BETWEEN + HAIR or note.top >= figure.bottom + BETWEEN - HAIR


def test_a_line_that_ends_before_an_emphasis_is_as_wide_as_any() -> None:
    """The space at its end is taken off (CSS Text 3, 4.1.3): the last word of a justified line stands at the edge."""
    words = "".join(f"{'w' * length} and more of such words <em>emphasis</em> " for length in range(1, 40))
    first, *_ = essay.sheets(essay.book(), [essay.headed("x", "chapter", "body", "recto", "X", f"<p>{words}</p>")])
    ends = []
    for line in list(geometry.lines(first.box.root))[1:-1]:
        *_, last = (box for box in geometry.own_words(line) if box.text.strip(" \N{ZERO WIDTH SPACE}"))
        ends.append((last.position_x + last.width) / geometry.PX)
    assert ends == pytest.approx([first.text.right] * len(ends), abs=0.1)
