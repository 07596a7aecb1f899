"""A law: print and EPUB have the same words, the same numbers before items, and lines of code and verse as far in."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import boxed
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readback import Pages, Screens

from postil import epub, pdf
from postil.build import Order, build
from postil.document import Attributes, Book, Element, Parsed, Text, said
from postil.document.title import NotePlace
from postil.pdf.composition import Document, compose
from postil.source import Source
from postil.words import words as terms
from postil.writing import Folder
from postil.xhtml import printed, reflowed

HOUSE = {
    path.name: Source(path.name, path.read_text("utf-8")) for path in Path(__file__).parents[1].glob("styles/*.css")
}
PLACES: tuple[NotePlace, ...] = ("foot", "chapter", "end")
HAIR = 0.2
"""How far apart, in points, words begin that stand below each other."""
words = re.compile(r"w\d{4}").findall


def both(book: Book) -> tuple[Pages, Screens]:
    """A book as it is printed, and as it is shown."""
    paper = pdf.render(book, printed(book), HOUSE)
    assert {found.code for found in paper.diagnostics} <= {"P706"}, "a note may find room on the next page only"
    css = {name: sheet.text for name, sheet in HOUSE.items()}
    return Pages(paper.pdf), Screens(epub.write(book, reflowed(book), css, datetime(2026, 1, 1, tzinfo=UTC)))


def boxes(seed: int, blocks: int) -> tuple[Book, boxed.Truth]:
    """A book of some blocks with anything in them, in one of the editions, with its notes in one of their places."""
    maker = boxed.Maker(seed)
    edition = sorted(boxed.TRIMS)[seed % 3]
    return boxed.book(maker.any(blocks), edition, PLACES[seed // 3 % 3]), maker.truth


# --- as they are composed --------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(0, 1 << 30))
def test_both_outputs_are_composed_of_the_same_words_and_lines(seed: int) -> None:
    book, truth = boxes(seed, 2)
    screens = words(" ".join(said(part.section for part in reflowed(book))))
    document = Document("en", book.edition.name)
    compose(document, [part for part in printed(book) if part.source], {})
    for element, place in document.set_as.items():
        if place == "foot":  # what is there a second time
            element.clear()
    paper = words(" ".join(document.root.itertext()))
    assert Counter(paper) + Counter(_at_the_back(book)) == Counter(screens)
    assert set(screens) <= set(truth.words)
    lines = [line for code in document.root.iter("pre") for line in "".join(code.itertext()).split("\n") if line]
    indents = {words(line)[0]: len(line) - len(line.lstrip()) for line in lines}
    assert indents.items() <= {word: indent for (_, word), indent in truth.indents.items()}.items()


def _at_the_back(book: Book) -> list[str]:
    """The words of endnotes and commentary, which stand in parts of their own."""
    return words(" ".join(said(p.section for p in printed(book) if p.role.name in {"notes", "commentary"})))


# --- as they are read back -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(36))
def test_a_chapter_of_boxes_reads_the_same_in_both_outputs(seed: int) -> None:
    book, truth = boxes(seed, 1 + seed % 3)
    pages, screens = both(book)
    shown = Counter(words(" ".join(screens.words)))
    assert set(shown) == set(words(" ".join(word.text for word in pages.words)))
    assert set(shown.values()) <= {1}
    if book.edition.name != "clean":
        assert set(shown) == set(truth.words) - set(() if book.edition.is_for_editors else truth.answers)
    for word in shown & truth.signs.keys():
        assert (word, screens.signs(word)) == (word, truth.signs[word])
        printed_signs = iter(pages.signs(word))  # with that of the note which a list begins
        assert all(each in printed_signs for each in truth.signs[word]), (word, pages.signs(word), truth.signs[word])
    for (first, word), indent in truth.indents.items():
        if word in shown:
            assert (word, screens.indent(word, first)) == (word, indent)
            if pages.at[word].page == pages.at[first].page:
                assert (word, pages.indent(word, first) > HAIR) == (word, indent > 0)


# --- titles ----------------------------------------------------------------------------------------------------------

FIXTURES = Path(__file__).parent / "books"
SIGN = re.compile("[a-z]|[ivxlc]+")  # a key, a folio
SIGNS_WITHIN = re.compile("[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}]")


def counted(text: list[str]) -> Counter[str]:
    """The words of a text, whatever capitals and hyphens they are set with."""
    return Counter(w.casefold() for each in text for w in re.findall(r"[^\W_]+", SIGNS_WITHIN.sub("", each)))


@pytest.mark.slow
@pytest.mark.parametrize("edition", sorted(boxed.TRIMS))
@pytest.mark.parametrize("name", ["lettre", "monograph", "reader", "sampler"])
def test_a_title_has_the_same_words_in_both_outputs(tmp_path: Path, name: str, edition: str) -> None:
    made = build(FIXTURES / name, Order(edition, ("pdf", "epub"), Folder(tmp_path)))
    files = {output.path.suffix: output.path.read_bytes() for output in made.outputs}
    pages, screens = Pages(files[".pdf"]), Screens(files[".epub"])
    printed_, shown = counted([word.text for word in pages.words]), counted(screens.words)
    assert shown - counted(screens.repeated) - printed_ == Counter()
    # what only print has are words of Postil's own and signs: heads, contents, queries, "page 7"
    own = counted([*terms("en").values(), *terms("fr").values()])
    more = printed_.keys() - shown.keys() - own.keys()
    assert {word for word in more if word.isalpha() and not SIGN.fullmatch(word)} == set()


# --- numbers ---------------------------------------------------------------------------------------------------------


def only(*body: Element[Parsed]) -> Book:
    """A book of these blocks."""
    return boxed.book(boxed.Maker(0).chapter(body))


def numbered(*items: tuple[str, str], attributes: Attributes = ()) -> Element[Parsed]:
    """A list of words, each with the number that is given to it, if any."""
    made = (Element("li", (Text(word),), (("value", value),) if value else ()) for word, value in items)
    return Element("ol", tuple(made), attributes)


LISTS: tuple[tuple[list[str], Attributes, tuple[str, ...]], ...] = (
    # The numbers of the HTML Standard, 4.4.5 and 4.4.8: those that show, the attributes of the list and its items
    (["1.", "2."], (), ("", "")),
    (["3.", "4."], (("start", "3"),), ("", "")),
    (["0.", "1."], (("start", "0"),), ("", "")),
    (["1986.", "1987."], (("start", "1986"),), ("", "")),
    (["z.", "aa.", "ab."], (("type", "a"), ("start", "26")), ("", "", "")),
    (["A.", "B."], (("type", "A"),), ("", "")),
    (["iii.", "iv.", "v."], (("type", "i"), ("start", "3")), ("", "", "")),
    (["MCMXCVIII.", "MCMXCIX."], (("type", "I"), ("start", "1998")), ("", "")),
    (["3.", "2.", "1."], (("reversed", ""),), ("", "", "")),
    (["1.", "7.", "8.", "2."], (), ("", "7", "", "2")),
)


@pytest.fixture(scope="module")
def lists() -> tuple[Pages, Screens]:
    """All of them in one book: the items of the first are the words `w0000`, `w0001` …, of the second `w0010` …"""
    return both(
        only(
            *(
                numbered(*((f"w{at:03d}{item}", value) for item, value in enumerate(values)), attributes=attributes)
                for at, (_, attributes, values) in enumerate(LISTS)
            )
        )
    )


@pytest.mark.parametrize("at", range(len(LISTS)), ids=lambda at: " ".join(LISTS[at][0]))
def test_a_list_has_the_same_numbers_in_both_outputs(lists: tuple[Pages, Screens], at: int) -> None:
    signs, *_ = LISTS[at]
    for output in lists:
        assert [output.signs(f"w{at:03d}{item}") for item in range(len(signs))] == [(sign,) for sign in signs]


def test_a_number_that_is_wide_has_room_within_the_text() -> None:
    pages, _ = both(
        only(Element("p", (Text("edge"),)), numbered(("w0000", ""), attributes=(("type", "i"), ("start", "3888"))))
    )
    assert pages.at["mmmdccclxxxviii."].left > pages.at["edge"].left


def test_a_list_counts_on_where_an_item_goes_on_over_the_page() -> None:
    long: Element[Parsed] = Element("li", (Text("word " * 3000),))
    items: list[Element[Parsed]] = [Element("li", (Text("w0000"),)), long, Element("li", (Text("w0001"),))]
    pages, _ = both(only(Element("ol", tuple(items), (("start", "8"),))))
    assert [pages.signs(word) for word in ("w0000", "w0001")] == [("8.",), ("10.",)]
    assert pages.at["9."].page < pages.at["w0001"].page


def test_a_page_may_end_within_the_cells_of_a_row() -> None:
    def cell(first: int) -> Element[Parsed]:
        inside = " ".join(f"w{number:04d} characterizations" for number in range(first, first + 400))
        return Element("td", (Element("p", (Text(inside),)),))

    pages, _ = both(only(Element("table", (Element("tbody", (Element("tr", (cell(0), cell(400))),)),))))
    assert {f"w{number:04d}" for number in range(800)} <= pages.at.keys()
    assert pages.at["w0399"].page == pages.at["w0799"].page > pages.at["w0000"].page


def test_a_tab_in_code_goes_to_the_next_column_of_four() -> None:
    code: Element[Parsed] = Element(
        "pre", (Element("code", (Text("w0000\n\tw0001\n    w0002\n  \tw0003\na\tw0004"),)),)
    )
    pages, _ = both(only(code))
    assert {round(pages.at[word].left, 1) for word in ("w0001", "w0002", "w0003", "w0004")} == {
        round(pages.at["w0001"].left, 1)
    }
