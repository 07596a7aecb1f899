"""Examples, which are counted through the whole book, as pandoc counts them when it is given all files at once."""

from __future__ import annotations

import re
from pathlib import Path

from readback import Pages

from postil import pdf
from postil.build import Order, Stages, compose
from postil.document import Book, Markup
from postil.source import Diagnostic
from postil.writing import Folder
from postil.xhtml import printed, reflowed, written

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


def made(folder: Path, *texts: str, works: str = "") -> tuple[Book, list[Diagnostic]]:
    settings = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
    if works:
        (folder / "w.bib").write_text(works, "utf-8")
        settings += '[bibliography]\nsources = ["w.bib"]\n'
    (folder / "book.toml").write_text(settings, "utf-8")
    for number, text in enumerate(texts):
        (folder / f"{number}.md").write_text(text, "utf-8")
    book, found = compose(folder, Order("annotated", (), Folder(folder / "build")), Stages())
    assert book is not None
    return book, found


def screens(book: Book) -> str:
    return "".join(written([part.section]) for part in reflowed(book) if part.source or part.role.name == "notes")


def places(found: list[Diagnostic]) -> list[tuple[str, str, int]]:
    return [(each.code, each.position.path, each.position.line) for each in found if each.position]


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
    _, found = made(tmp_path, "# One\n\n(@good) says so.\n\nAnd [@good].\n", works=WORKS)
    assert ("P307", "0.md", 3) in places(found)


def test_more_than_nine_examples_have_room_for_their_numbers(tmp_path: Path) -> None:
    book, _ = made(tmp_path, "# One\n\n" + "".join(f"(@) Item {number}.\n" for number in range(1, 12)))

    def lists(node: Markup) -> list[Markup]:
        return [node] * (node.tag == "ol") + [found for child in node.elements for found in lists(child)]

    (examples,) = (each for part in reflowed(book) if part.source for each in lists(part.section))
    assert "padding-inline-start" in (examples.get("style") or "")
