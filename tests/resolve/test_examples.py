"""Examples, which are counted through the whole book, as pandoc counts them when it is given all files at once."""

from __future__ import annotations

import re
from pathlib import Path

from made import made, places, screens
from readback import Pages

from postil import pdf
from postil.document import Markup
from postil.xhtml import printed, reflowed

FIRST = """# One

(@) A.
(@good) B, as (@far) is.

- (@nest) C.

As (@good) and @far show[^n]; [](#example-good).

[^n]: In a note: (@nest).

    (@note) D.
"""
SECOND = """# Two

(@far) E.

    More of it.

(@) F.
"""
WORKS = "@book{good, title={T}, author={A, B}, date={2001}, publisher={P}, location={L}}\n"


def test_examples_count_through_the_book_and_references_lead_to_them(tmp_path: Path) -> None:
    book, found = made(tmp_path, FIRST, SECOND)
    assert found == []
    shown = screens(book)
    starts = re.findall(r'<ol class="examples"[^>]*?(?: start="(\d+)")?><li', shown)
    assert starts == ["", "3", "5", "4"]  # those of a note are counted behind the text of its chapter
    references = re.findall(r'<a class="xref" href="#([^"]*)">([^<]*)</a>', shown)
    assert references == [
        ("example-far", "5"),
        ("example-good", "2"),
        ("example-far", "5"),
        ("example-good", "(2)"),
        ("example-nest", "3"),
    ]


def test_paper_has_the_numbers_in_brackets(tmp_path: Path) -> None:
    book, _ = made(tmp_path, "# One\n\n(@) Wordone.\n(@x) Wordtwo.\n\nText.\n\n(@) Wordthree.\n")
    pages = Pages(pdf.render(book, printed(book), book.styles).pdf)
    for number, name in enumerate(("Wordone.", "Wordtwo.", "Wordthree."), 1):
        word, sign = pages.at[name], pages.at[f"({number})"]
        assert (sign.page, round(sign.baseline)) == (word.page, round(word.baseline))
        assert sign.left < word.left


def test_a_label_of_two_examples_is_an_error_in_any_chapter(tmp_path: Path) -> None:
    book, found = made(tmp_path, "# One\n\n(@x) A.\n\nSee (@x).\n", "# Two\n\n(@y) B.\n(@x) C.\n")
    assert places(found) == [("P306", "1.md", 4)]
    assert 'href="#example-x">1</a>' in screens(book)


def test_what_no_example_has_for_a_label_is_a_citation(tmp_path: Path) -> None:
    _, found = made(tmp_path, "# One\n\n(@x) A.\n\nSee (@z), [@x] and @x [3].\n")
    assert [(each.code, each.position and each.position.column) for each in found] == [
        ("P201", 6),
        ("P201", 12),
        ("P201", 20),
    ]
    hint = found[0].hint or ""
    assert "begin an example with '(@z)'" in hint
    assert "'[@z]'" in hint


def test_a_label_that_is_the_key_of_a_work_may_have_been_a_citation(tmp_path: Path) -> None:
    (tmp_path / "w.bib").write_text(WORKS, "utf-8")
    text = "# One\n\n(@good) says so.\n\nAnd [@good].\n"
    _, found = made(tmp_path, text, more='[bibliography]\nsources = ["w.bib"]\n')
    assert ("P307", "0.md", 3) in places(found)


def test_more_than_nine_examples_have_room_for_their_numbers(tmp_path: Path) -> None:
    book, _ = made(tmp_path, "# One\n\n" + "".join(f"(@) Item {number}.\n" for number in range(1, 12)))

    def lists(node: Markup) -> list[Markup]:
        return [node] * (node.tag == "ol") + [found for child in node.elements for found in lists(child)]

    (examples,) = (each for part in reflowed(book) if part.source for each in lists(part.section))
    assert "padding-inline-start" in (examples.get("style") or "")
