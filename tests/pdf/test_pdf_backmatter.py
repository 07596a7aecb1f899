"""Endnotes and the bibliography on paper: heads that name pages, pages that cite a work, entries that stay whole."""

from __future__ import annotations

import io
import json
import re

import pikepdf
import pypdfium2
import pytest

from postil import pdf, xhtml
from postil.build import Order, Stages, compose
from postil.pdf import Printed
from postil.pdf.folio import place, roman
from postil.writing import Folder

BOOK = """\
title = "T"
language = "en"
date = 2026-01-01
[bibliography]
sources = ["works.json"]
cited_on = true
[notes]
place = "end"
[print]
openings = "page"
"""
CHAPTERS = 5
NOTES = 40
WORKS = 60
PAGE = re.compile(r"^(\d+)?\s*(Notes to Pages? [\d–]+)\s*(\d+)?$", re.MULTILINE)


def chapter(number: int) -> str:
    """A chapter of some pages, in which every third note cites a work."""
    sentences = (
        f"This is sentence {note} of chapter {number}, and it goes on for a while so that pages fill up with words."
        + (f"[@w{(number * 7 + note) % WORKS}, {note}]" if note % 3 == 0 else f"[^{note}]")
        for note in range(NOTES)
    )
    definitions = (f"[^{note}]: What the author adds to sentence {note}." for note in range(NOTES) if note % 3)
    return f"# Chapter {number}\n\n" + " ".join(sentences) + "\n\n" + "\n\n".join(definitions) + "\n"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    folder = tmp_path_factory.mktemp("title")
    folder.joinpath("book.toml").write_text(BOOK, "utf-8")
    works = [
        {
            "id": f"w{number}",
            "type": "book",
            "title": f"A rather long title of the work that has the number {number} here",
            "author": [{"family": f"Author{number:02}", "given": "A"}],
            "publisher": "Press",
            "issued": {"date-parts": [[2001]]},
            "URL": f"https://example.org/a/long/way/to/this/book/of/many/{number}",
        }
        for number in range(WORKS)
    ]
    folder.joinpath("works.json").write_text(json.dumps(works), "utf-8")
    for number in range(CHAPTERS):
        folder.joinpath(f"{number}.md").write_text(chapter(number), "utf-8")
    book, _ = compose(folder, Order("annotated", (), Folder(folder / "build")), Stages())
    assert book is not None
    return pdf.render(book, xhtml.printed(book), book.styles)


@pytest.fixture(scope="module")
def texts(printed: Printed) -> list[str]:
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(printed.pdf)]


def test_nothing_is_wrong(printed: Printed) -> None:
    assert printed.diagnostics == ()


def test_the_head_of_a_page_of_endnotes_names_the_pages_that_call_them(printed: Printed, texts: list[str]) -> None:
    heads = {text: found for text in texts if (found := PAGE.search(text))}
    assert len(heads) >= 2
    chapters = [int(name) for text in texts for name in re.findall(r"^Chapter (\d)$", text, re.MULTILINE)][CHAPTERS:]
    assert chapters[:CHAPTERS] == list(range(CHAPTERS)), "the notes of each chapter stand under its heading"
    for text, head in heads.items():
        folio = head[1] or head[3]
        here = [name for name, page in printed.folios.items() if page == folio and name.startswith("note-")]
        called = sorted({int(printed.folios[f"call-{name}"]) for name in here})
        first, *last = re.findall(r"\d+", head[2])
        # a note that goes on from the page before is of this page too
        assert int(first) in (called[0], called[0] - 1), text
        assert (int(last[0]) if last else int(first)) == called[-1], text
        assert head[2].startswith("Notes to Pages" if last else "Notes to Page ")


def test_no_note_stands_at_the_foot(printed: Printed) -> None:
    last_text = int(printed.folios[f"call-note-chapter-{CHAPTERS - 1}-{NOTES}"])
    first_note = int(printed.folios["notes"])
    assert last_text < first_note <= int(printed.folios["note-chapter-0-1"])


def test_an_entry_names_the_pages_that_cite_it(printed: Printed, texts: list[str]) -> None:
    """What chapter and note cite a work is arithmetic; on which page they stand is known by their ids."""
    expected: dict[int, set[int]] = {}
    for number in range(CHAPTERS):
        for note in range(0, NOTES, 3):
            page = int(printed.folios[f"call-note-chapter-{number}-{note + 1}"])
            expected.setdefault((number * 7 + note) % WORKS, set()).add(page)
    back = " ".join("\n".join(texts[-6:]).split())
    shown = {
        int(work): [int(page) for page in pages.split(", ")]
        for work, pages in re.findall(r"Author(\d\d), A\. .*?Cited on ((?:\d+, )*\d+)\.", back)
    }
    assert shown == {work: sorted(pages) for work, pages in sorted(expected.items())}


def test_no_entry_of_under_four_lines_is_broken(printed: Printed) -> None:
    """A page of the bibliography ends with an entry's last line or has two more lines of it on the next."""
    pages = pypdfium2.PdfDocument(printed.pdf)
    texts = [page.get_textpage().get_text_bounded().split("\r\n") for page in pages]
    start = next(i for i, lines in enumerate(texts) if lines[0] == "Bibliography")
    for before, after in zip(texts[start:-1], texts[start + 1 :], strict=True):
        body = [line for line in before if line.strip() and not re.fullmatch(r"\d+", line)]
        following = [line for line in after if line.strip() and not re.fullmatch(r"(Bibliography|\d+)+", line)]
        upper = len(body) - max(i for i, line in enumerate(body) if line.startswith("Author"))
        lower = next(i for i, line in enumerate(following) if line.startswith("Author"))
        assert lower == 0 or upper + lower >= 4, (body[-4:], following[:4])


def test_every_number_of_a_page_is_a_link_to_the_place(printed: Printed) -> None:
    document = pikepdf.open(io.BytesIO(printed.pdf))
    targets = {
        str(link["/Dest"])
        for page in document.pages[-6:]
        for link in page.get("/Annots", [])
        if str(link.get("/Dest", "")).startswith("call-note-")
    }
    assert len(targets) >= CHAPTERS * NOTES // 3 - CHAPTERS


@pytest.mark.parametrize("number", [1, 4, 9, 14, 19, 40, 90, 444])
def test_roman_folios_come_in_their_order_before_arabic_ones(number: int) -> None:
    assert place(roman(number)) == (False, number)
    assert place(roman(number)) < place("1")
    assert place(str(number)) == (True, number)


def test_a_citation_leads_to_its_entry_and_says_what_it_is(printed: Printed) -> None:
    document = pikepdf.open(io.BytesIO(printed.pdf))
    links = [link for page in document.pages for link in page.get("/Annots", [])]
    said = {str(link["/Contents"]) for link in links if str(link.get("/Dest", "")) == "ref-w7"}
    entry = "Author07, A. A Rather Long Title of the Work That Has the Number 7 Here. Press, 2001."
    assert said == {f"{entry} https://example.org/a/long/way/to/this/book/of/many/7."}
