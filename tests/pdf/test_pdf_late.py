"""Numbers that are bound when all pages are laid out: in references, in heads, in lists."""

from __future__ import annotations

import zlib
from dataclasses import replace

import essay
import pypdfium2
import pytest

from postil import pdf
from postil.document import Part
from postil.pdf import Printed
from postil.pdf.expectation import expected
from postil.pdf.fragment import Digit, Ink, Number, Slot
from postil.pdf.late import deflated, filled, shape, wider
from postil.pdf.numbering import PageMap

# of a face whose 1 is narrower than its other digits
DIGITS = tuple(Digit(f"<{value:04x}>".encode(), 300 if value == 1 else 500) for value in range(10))
SLOT = Slot("x", "page")


def number(before: float = 1, words: str = "00") -> Number:
    return Number(SLOT, words, 1, 11, DIGITS, 500 * len(words), before)


def drawn(words: str, late: Number) -> tuple[bytes, tuple[Slot, ...]]:
    return filled(Ink(b"[<00000000>] TJ\n", (replace(late, start=1, end=11),)), lambda _: words)


@pytest.mark.parametrize(
    ("words", "laid_out_as"), [("7", "0"), ("42", "00"), ("xii", "xii"), ("?", "?"), ("۴۲", "۰۰"), ("", "")]
)
def test_a_number_is_laid_out_as_zeros_or_as_itself(words: str, laid_out_as: str) -> None:
    assert shape(words) == laid_out_as


def test_the_wider_of_two_shapes_has_room_for_either() -> None:
    assert wider("00", "0") == wider("0", "00") == "00"
    assert wider("00", "xi") == "xi"


@pytest.mark.parametrize(
    ("words", "before", "shown"),
    [
        ("25", 1, b"[<00020005>] TJ\n"),
        ("17", 1, b"[-200<00010007>] TJ\n"),  # closer to what follows
        ("17", 0, b"[<00010007>] TJ\n"),
        ("11", 0.5, b"[-200<00010001>] TJ\n"),
        ("7", 1, b"[-500<0007>] TJ\n"),
    ],
)
def test_digits_take_the_place_of_zeros_and_nothing_moves(words: str, before: float, shown: bytes) -> None:
    assert drawn(words, number(before)) == (shown, ())


@pytest.mark.parametrize("words", ["123", "xii", "?"])
def test_what_has_no_room_is_said_and_not_drawn(words: str) -> None:
    assert drawn(words, number()) == (b"[<00000000>] TJ\n", (SLOT,))


def test_letters_stand_only_where_they_were_laid_out() -> None:
    fixed = Number(SLOT, "xii")
    assert drawn("xii", fixed)[1] == ()
    assert drawn("xiv", fixed)[1] == (SLOT,)


def test_what_has_no_number_is_written_as_it_is_kept() -> None:
    ink = Ink(zlib.compress(b"q Q"))
    assert deflated(ink, lambda _: "1") == (ink.operators, ())


def test_a_guess_gives_way_and_what_was_laid_out_does_not_shrink() -> None:
    def pages(**folios: str) -> PageMap:
        return PageMap((), folios, {}, {})

    known = expected(()).learned(pages(x="7"), [SLOT])
    assert known.shape(SLOT) == "0"
    known = known.learned(pages(x="10"), [SLOT])
    assert known.shape(SLOT) == "00"
    assert known.learned(pages(x="9"), [SLOT]).shape(SLOT) == "00"


# --- on pages --------------------------------------------------------------------------------------------------------


def far(number: int) -> Part:
    filler = "<p>filler</p>" * 30 * 9
    inside = f'<p>See <a href="#p{number}" data-page-of="p{number}">000</a>.</p>{filler}<p id="p{number}">here</p>'
    return essay.headed(f"c{number}", "chapter", "body", "page", f"Chapter {number}", inside)


def texts(printed: Printed) -> list[str]:
    pages = pypdfium2.PdfDocument(printed.pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


def test_a_reference_over_ten_and_a_hundred_pages_reads_the_page_that_has_it() -> None:
    parts = [far(number) for number in range(16)]
    made = pdf.render(essay.book("annotated", "6x9"), parts, essay.STYLES)
    pages = texts(made)
    assert len(pages) > 100
    for number in range(16):
        first = int(made.folios[f"c{number}"])
        assert f"See {made.folios[f'p{number}']}." in pages[first - 1]


def test_an_element_that_runs_at_heads_is_an_error() -> None:
    sheet = essay.with_rule("print-annotated.css", "h2 { position: running(section) }")
    part = essay.headed("x", "chapter", "body", "recto", "X", "<p>one</p><h2>Two</h2><p>three</p>")
    made = pdf.render(essay.book(), [part], {**essay.STYLES, "print-annotated.css": sheet})
    assert [(each.code, "'section'" in each.message) for each in made.diagnostics] == [("P714", True)]


def test_a_named_string_of_a_style_sheets_own_stands_in_a_margin_box() -> None:
    css = "h2 { string-set: section content() } @page { @bottom-left { content: string(section) } }"
    sheet = essay.with_rule("print-annotated.css", css)
    part = essay.headed("x", "chapter", "body", "recto", "X", "<p>one</p><h2>Two</h2><p>three</p>")
    made = pdf.render(essay.book(), [part], {**essay.STYLES, "print-annotated.css": sheet})
    assert texts(made)[0].split().count("Two") == 2


def test_a_number_in_what_is_drawn_as_a_whole_is_said_where_it_is_wrong() -> None:
    sheet = essay.with_rule("print-annotated.css", "p { opacity: 0.5 }")
    inside = (
        '<p>See <a href="#there" data-page-of="there">000</a>.</p>' + "<p>filler</p>" * 40 + '<p id="there">here</p>'
    )
    part = essay.headed("x", "chapter", "body", "recto", "X", inside)
    made = pdf.render(essay.book(), [part], {**essay.STYLES, "print-annotated.css": sheet})
    assert made.folios["there"] == "2"
    assert [each.code for each in made.diagnostics] == ["P715"]
