"""What the pages rely on in WeasyPrint's private API, and how they get round its faults."""

from __future__ import annotations

import essay
import pytest
import weasyprint
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from postil.fonts import Shelf
from postil.pdf.boxes import WEASYPRINT, Engine, Layouter, LinkReader, PageBox
from postil.pdf.composition import Document, compose
from postil.pdf.resources import Fetcher

PLAIN = """
@font-face { font-family: "Source Serif 4 Text"; src: url("font:source-serif-4/normal") }
html { font: 10pt/14pt "Source Serif 4 Text"; font-variation-settings: "opsz" 10; orphans: 1; widows: 1 }
body, p { margin: 0 }
@page { size: 300pt 240pt; @note-area { width: 60pt; margin-left: 10pt } @footnote { padding-bottom: .01pt } }
@page :left { margin: 20pt 20pt 20pt 90pt }
@page :right { margin: 20pt 90pt 20pt 20pt }
.annotation, .footnote { float: footnote; footnote-policy: line; font-size: 8pt; line-height: 10pt }
.annotation::footnote-marker, .footnote::footnote-marker { content: none }
.annotation::footnote-call, .footnote::footnote-call { content: none; font-size: inherit; vertical-align: baseline }
"""


def layouter(inside: str, styles: str = "", *, recto: bool = True, at_foot: tuple[str, ...] = ()) -> Layouter:
    engine = Engine(Fetcher({}, {}, Shelf()))
    engine.add_styles(PLAIN + styles)
    part = essay.part("x", "chapter", "body", "recto", (), inside)
    return engine.begin(compose(Document("en", "annotated"), [part], {}), recto=recto, at_foot=at_foot)


def pages(laid: Layouter) -> list[PageBox]:
    found = []
    while not laid.finished:
        found.append(laid.next())
    return found


def words(sheet: PageBox) -> list[str]:
    """The lines of a page as text."""
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, TextBox)).strip()
        for line in sheet.box.descendants()
        if isinstance(line, LineBox)
    ]


def annotated(lemma: str = "lemma", name: str = "n") -> str:
    return (
        f'<span class="lemma" id="lemma-{name}">{lemma}</span><a id="key-{name}" href="#{name}">a</a>'
        f'<aside class="annotation" id="{name}" data-words="2"><p>two words</p></aside>'
    )


def test_the_version_is_the_one_this_was_written_for() -> None:
    assert weasyprint.VERSION == WEASYPRINT


def test_pages_come_one_by_one_and_end() -> None:
    assert len(pages(layouter("<p>word</p>" * 40))) == 3  # 14 lines to a page


def test_the_text_is_on_the_inner_side_of_recto_and_verso() -> None:
    recto, verso = pages(layouter("<p>word</p>" * 20))
    assert (recto.recto, verso.recto) == (True, False)
    assert [recto.text.left, recto.column.left, recto.column.right] == pytest.approx([20, 220, 280])
    assert [verso.text.left, verso.column.left] == pytest.approx([90, 20])


def test_an_annotation_leaves_no_trace_in_its_line() -> None:
    with_it, without = (pages(layouter(f"<p>one {inside}, two three</p>"))[0] for inside in (annotated(), "lemmaa"))
    assert words(with_it) == words(without)
    assert with_it.lines[0].rect.right == pytest.approx(without.lines[0].rect.right)


def test_an_annotation_knows_the_baseline_of_its_lemma() -> None:
    laid = layouter(f"<p>word</p><p>word {annotated()}</p>")
    sheet = laid.next()
    (called,) = laid.called(sheet)
    assert called.id == "n"
    assert called.baseline == sheet.lines[1].baseline


def test_a_placed_annotation_is_drawn_where_it_was_put_with_its_links() -> None:
    laid = layouter(f"<p>word {annotated()}</p>")
    sheet = laid.next()
    laid.place(sheet, "n", 100)
    assert [sheet.beside["n"].left, sheet.beside["n"].top] == pytest.approx([220, 100])
    laid.paint(sheet)
    _, anchors, _ = LinkReader().read(sheet)
    assert next(anchor for anchor in anchors if anchor.id == "n").y == pytest.approx(100)


def test_an_annotation_sent_to_the_foot_takes_room_from_the_text() -> None:
    text = f"<p>word {annotated()}</p>" + "<p>word</p>" * 20
    laid = layouter(text)
    before = laid.next()
    after = laid.again(at_foot=["n"])
    assert laid.called(after) == ()
    assert list(after.foot) == ["n"]
    assert len(after.lines) < len(before.lines)


def test_a_page_taken_back_leaves_everything_as_it_was() -> None:
    text = '<p>word<span class="footnote" id="f">note</span></p>' * 30
    once = [words(sheet) for sheet in pages(layouter(text))]
    laid = layouter(text)
    twice = []
    while not laid.finished:
        laid.next()
        twice.append(words(laid.again()))
    assert twice == once


def test_a_note_in_a_repeated_head_stands_beside_the_first_only() -> None:
    rows = "<tr><td>x</td></tr>" * 30
    laid = layouter(f"<table><thead><tr><th>head {annotated()}</th></tr></thead><tbody>{rows}</tbody></table>")
    called = []
    while not laid.finished:
        sheet = laid.next()
        called.append([each.id for each in laid.called(sheet)])
        for each in laid.called(sheet):
            laid.place(sheet, each.id, each.baseline)
    assert called == [["n"], [], []]


def test_a_shorter_page_keeps_its_measures_and_its_foot() -> None:
    text = '<p>word<span class="footnote" id="f">note</span></p>' + "<p>word</p>" * 30
    laid = layouter(text)
    full = laid.next()
    short = laid.again(short=28)
    assert len(short.lines) == len(full.lines) - 2
    assert short.text == full.text
    assert short.foot["f"].bottom == pytest.approx(full.foot["f"].bottom)


def test_a_late_note_is_known() -> None:
    # the line of the call fits above its note and the next line does not: WeasyPrint puts the note off to keep both
    styles = "p { orphans: 2; widows: 2 }"
    note = '<span class="footnote" id="f">note<br/>note<br/>note<br/>note</span>'
    laid = layouter("<p>word</p>" * 9 + f"<p>one{note}<br/>two<br/>three<br/>four</p>", styles)
    assert laid.late(laid.next()) == ("f",)
    assert laid.late(laid.again(short=14)) == ()


@pytest.mark.parametrize("space", [" ", "\N{NO-BREAK SPACE}"])
def test_a_run_that_fits_but_for_its_last_space_is_not_broken_after_its_first_word(space: str) -> None:
    widths = [width / 4 for width in range(300, 500)]
    text = "".join(f'<p style="width: {w}pt">alpha beta gamma delta{space}<em>epsilon</em></p>' for w in widths)
    lines = [line for sheet in pages(layouter(text)) for line in words(sheet)]
    assert "alpha" not in lines


def test_a_call_stays_with_its_word() -> None:
    widths = [width / 4 for width in range(300, 500)]
    call = '<a class="call">7</a>'
    text = "".join(f'<p style="width: {width}pt">came to nothing.{call} At Peshawar</p>' for width in widths)
    lines = [line for sheet in pages(layouter(text)) for line in words(sheet)]
    assert not [line for line in lines if line.startswith("7")]


def test_no_hyphen_is_left_where_the_page_is_turned() -> None:
    text = f'<p lang="en">{"incomprehensibilities " * 90}</p>'
    ends = set()
    for width in range(120, 190, 10):
        laid = layouter(text, f"p {{ hyphens: auto; text-align: justify; width: {width}pt }}")
        hyphenated = words(laid.next())[-1].endswith("‐")
        ends.add(hyphenated)
        assert laid.keep_whole() == hyphenated
        if hyphenated:
            assert not words(laid.again())[-1].endswith("‐")
    assert True in ends


def test_lines_are_known_from_the_top_in_the_cells_of_a_row_too() -> None:
    row = '<tr><td>one<br/>two<br/>three</td><td><b id="x">one</b></td></tr>'
    (sheet,) = pages(layouter(f"<table>{row}</table>", "td { vertical-align: top }"))
    baselines = [line.baseline for line in sheet.lines]
    assert baselines == sorted(baselines)
    assert "x" in sheet.lines[1].ids


def test_what_is_in_a_note_is_known_by_its_call() -> None:
    laid = layouter(
        '<p>word<span class="footnote" id="f">no<i id="y">te</i></span></p>'
        '<aside class="annotation" id="m" data-words="1"><p>no<i id="z">te</i></p></aside>'
    )
    sheet = laid.next()
    laid.place(sheet, "m", 100)
    assert sheet.ids_in_notes() == {"f": "call-f", "y": "call-f", "m": "call-m", "z": "call-m"}


def test_notes_that_cover_the_text_are_known() -> None:
    note = '<span class="footnote" id="{}"><br/><br/><br/><br/><br/><br/>end</span>'
    laid = layouter("<p>word" + "".join(note.format(n) for n in "abcd") + "</p>" + "<p>word</p>" * 3)
    assert laid.next().covering == ()
    crowded = laid.again()
    for each in crowded.area.children:
        each.translate(0, -100 * 4 / 3)
    assert crowded.covering != ()


def test_a_figure_is_filled_up_to_whole_lines() -> None:
    sheet = pages(
        layouter(
            "<p>one</p><figure><p style='height: 17.3pt'>two</p></figure><p>three</p>", "figure { margin: 14pt 0 }"
        )
    )[0]
    one, _, three = (line.baseline for line in sheet.lines)
    assert (three - one) / 14 == pytest.approx(round((three - one) / 14))


def test_no_font_of_the_machine_is_used() -> None:
    engine = Engine(Fetcher({}, {}, Shelf()))
    engine.add_styles(PLAIN)
    config = engine._fonts._config
    from weasyprint.text.ffi import fontconfig

    assert fontconfig.FcConfigGetFonts(config, 0).nfont == 0
