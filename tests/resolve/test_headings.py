"""Headings with numbers, where book.toml asks for them, and references that say these."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made import made, places, screens

from postil.document import Book, Heading, plain
from postil.xhtml import printed, written

NUMBERED = '[chapters]\nnumbered = true\nfront = ["0.md"]\nbody = ["1.md", "2.md", "3.md"]\nback = ["4.md", "5.md"]\n'
PREFACE = "# Before\n\nText.\n\n## Under it\n\nText.\n"
FIRST = """# First {#ch-first}

## Method {#sec:method}

### Detail {#sec-detail}

[A place]{#place}

### Other

## Without {-}

### Below

## Last
"""
SECOND = "# Second\n\n## Anew\n\nText.\n"
OPENING = "# Word of thanks {.unnumbered}\n\n## Part of it\n\nText.\n"
DATA = "# Data {#app:data}\n\n## Sources\n\nText.\n"
TERMS = "# Terms {.glossary}\n\nText.\n"
BOOK = (PREFACE, FIRST, OPENING, SECOND, DATA, TERMS)


def headings(book: Book) -> list[str]:
    return [each.plain for section in book.sections for each in section.headings]


def test_chapters_and_sections_are_numbered_and_appendices_have_letters(tmp_path: Path) -> None:
    book, found = made(tmp_path, *BOOK, more=NUMBERED)
    assert found == []
    # bookdown and LaTeX have it so but for what is below a heading without a number, which has none here
    assert headings(book) == [
        *("Before", "Under it"),
        *("1 First", "1.1 Method", "1.1.1 Detail", "1.1.2 Other", "Without", "Below", "1.2 Last"),
        *("Word of thanks", "Part of it"),
        *("2 Second", "2.1 Anew"),
        *("A Data", "A.1 Sources"),
        "Terms",
    ]


def test_nothing_is_numbered_unasked(tmp_path: Path) -> None:
    book, _ = made(tmp_path, *BOOK)
    assert not any(re.match("[0-9A] ", words) for words in headings(book))


def test_all_files_are_chapters_where_numbers_are_all_that_is_said_of_them(tmp_path: Path) -> None:
    book, found = made(tmp_path, SECOND, SECOND, more="[chapters]\nnumbered = true\n")
    assert found == []
    assert headings(book) == ["1 Second", "1.1 Anew", "2 Second", "2.1 Anew"]


def test_contents_pages_and_screens_have_the_numbers(tmp_path: Path) -> None:
    book, _ = made(tmp_path, *BOOK, more=NUMBERED)
    contents = next(written([part.section]) for part in printed(book) if part.role.name == "toc")
    assert re.findall('<span class="heading-number">([^<]*)</span>', contents) == [
        *("1", "1.1", "1.2"),
        *("2", "2.1"),
        *("A", "A.1"),
    ]
    assert '<span class="heading-number">1.1</span> Method</h2>' in screens(book)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("@sec:method", "section 1.1"),
        ("@sec-method", "section 1.1"),
        ("@Sec-detail", "Section 1.1.1"),
        ("\\@ref(sec:method)", "1.1"),
        ("[](#ch-first)", "chapter 1"),
        ("\\@ref(ch-first)", "1"),
        ("[](#app:data)", "appendix A"),
        ("[](#sources)", "section A.1"),
        # a place has the number of the section that it is in, as in LaTeX
        ("[](#place)", "section 1.1.1"),
        # what has no number is called by its words
        ("[](#without)", "Without"),
        ("[](#below)", "Below"),
        ("[](1.md)", "chapter 1"),
        ("[the method](#sec:method)", "the method"),
    ],
)
def test_a_reference_says_the_number(tmp_path: Path, reference: str, said: str) -> None:
    book, found = made(tmp_path, f"# Before\n\nSee {reference}.\n", *BOOK[1:], more=NUMBERED)
    assert found == []
    shown = re.sub("<[^>]*>", "", screens(book)).replace("\N{NO-BREAK SPACE}", " ")
    assert f"See {said}." in shown


def test_a_reference_says_it_in_the_language_of_the_book(tmp_path: Path) -> None:
    book, found = made(
        tmp_path, "# Eins\n\n## Zwei {#sec-b}\n\n@sec-b\n", more="[chapters]\nnumbered = true\n", language="de"
    )
    assert found == []
    assert "Abschnitt\N{NO-BREAK SPACE}1.1</a>" in screens(book)


def test_what_has_no_caption_is_not_called_by_the_number_of_its_section_unsaid(tmp_path: Path) -> None:
    text = "# One\n\n[x]{#fig:a}\n\nSee @fig:a.\n"
    _, found = made(tmp_path, text, more="[chapters]\nnumbered = true\n")
    assert places(found) == [("P305", "0.md", 5)]
    assert "the number of its section" in found[0].message


def test_notes_and_deleted_words_are_no_part_of_a_numbered_heading(tmp_path: Path) -> None:
    book, found = made(
        tmp_path,
        "# A {--old--}[^c][^n]\n\n[^c]: {.comment status=accepted} .\n[^n]: N.\n",
        more="[chapters]\nnumbered = true\n",
    )
    assert [each.code for each in found if each.code != "P423"] == []
    (heading,) = (each for section in book.sections for each in section.headings)
    assert isinstance(heading, Heading)
    assert plain(heading.text) == "1 A"
