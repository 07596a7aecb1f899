"""What names an order to lay out a unit, and that what comes of it is plain data."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import essay
import pytest

from postil.build import Order, Stages, compose
from postil.document import Book
from postil.pdf.book import PrintedBook
from postil.pdf.fragment import Slot
from postil.pdf.order import LayoutOrder
from postil.writing import Folder
from postil.xhtml import printed

CHAPTERS = 9
DIGESTS = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from test_pdf_order import orders
print(*(order.digest() for order in orders(Path(sys.argv[1]))))
"""


def written(parent: Path) -> Path:
    folder = parent / "t"
    folder.mkdir()
    (folder / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n')
    for number in range(1, CHAPTERS + 1):
        (folder / f"0{number}.md").write_text(
            f"# Chapter {number} {{#c{number}}}\n\nWords and {{==more==}}[^g] words[^1], on [](#c5){{.page}}.\n\n"
            f"## Part {{#p{number}}}\n\nMore.\n\n[^g]: {{.gloss}} A gloss.\n[^1]: A note.\n"
        )
    return folder


@pytest.fixture
def title(tmp_path: Path) -> Path:
    return written(tmp_path)


def book(folder: Path) -> Book:
    made, _ = compose(folder, Order("annotated", (), Folder(folder.parent / "out")), Stages())
    assert made is not None
    return made


def laid_out(folder: Path) -> PrintedBook:
    made = book(folder)
    whole = PrintedBook(made, made.styles)
    whole.set(printed(made), lambda _unit, _share: None)
    return whole


def orders(folder: Path) -> dict[str, LayoutOrder]:
    """The orders of a title by the names of their units."""
    return {order.unit.name: order for order in laid_out(folder).orders}


def digests(folder: Path) -> dict[str, str]:
    return {name: order.digest() for name, order in orders(folder).items()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> PrintedBook:
    """The title laid out, for those who only look at it."""
    return laid_out(written(tmp_path_factory.mktemp("whole")))


@pytest.fixture(scope="module")
def before(whole: PrintedBook) -> dict[str, str]:
    """The digests of its orders."""
    return {order.unit.name: order.digest() for order in whole.orders}


def test_equal_orders_have_equal_digests_in_every_process(title: Path, before: dict[str, str]) -> None:
    assert len(set(before.values())) == len(before) > CHAPTERS
    command = [sys.executable, "-c", DIGESTS.format(path=sys.path), str(title)]
    script = command[2].replace("orders(Path(sys.argv[1]))", "orders(Path(sys.argv[1])).values()")
    done = subprocess.run(
        [command[0], "-c", script, str(title)],
        env={"PYTHONHASHSEED": "1", "PATH": "/usr/bin:/bin"},  # here it is any number
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == list(before.values())


def test_a_word_in_one_chapter_changes_its_digest_and_no_other(title: Path, before: dict[str, str]) -> None:
    chapter = title / "07.md"
    chapter.write_text(chapter.read_text().replace("Words and", "Many other words and"))
    after = digests(title)
    assert [name for name in before if before[name] != after[name]] == ["Chapter 7"]


@pytest.mark.parametrize(
    ("changed", "to"),
    [
        ("recto", False),
        ("language", "de"),
        ("names", "clean trim-6x9"),
        ("numbers", ((Slot("c5", "page"), "0000"),)),
        ("lists", ((("c5",), (("c5", "00"),)),)),
        ("fonts", ()),
    ],
)
def test_whatever_a_page_depends_on_changes_the_digest(whole: PrintedBook, changed: str, to: object) -> None:
    order = next(order for order in whole.orders if order.unit.name == "Chapter 1")
    other = replace(order, **{changed: to})  # type: ignore[arg-type] # a field and a value of it
    assert other != order
    assert other.digest() != order.digest()


def test_an_order_reads_just_the_numbers_that_its_unit_names(whole: PrintedBook) -> None:
    assert [[slot.target for slot, _ in o.numbers] for o in whole.orders if o.unit.name == "Chapter 1"] == [["c5"]]


def test_style_sheets_and_pictures_are_part_of_an_order(title: Path, before: dict[str, str]) -> None:
    (title / "styles").mkdir()
    css = essay.STYLES["print-annotated.css"].text
    (title / "styles" / "print-annotated.css").write_text(f"{css}\np {{ color: black }}\n")
    after = digests(title)
    assert [name for name in before if before[name] == after[name]] == []


def test_an_order_and_a_fragment_are_plain_data(whole: PrintedBook) -> None:
    for order, fragment in zip(whole.orders, whole.fragments, strict=True):
        again = pickle.loads(pickle.dumps((order, fragment)))  # noqa: S301 -- our own, a line before
        assert again == (order, fragment)
        assert again[0].digest() == order.digest()


def test_a_fragment_knows_what_is_on_its_pages(whole: PrintedBook) -> None:
    fragment = next(fragment for fragment in whole.fragments if fragment.name == "Chapter 7")
    (page,) = fragment.pages
    assert {"c7", "p7"} <= set(page.ids)
    assert [bookmark.words for bookmark in page.bookmarks] == ["Chapter 7", "Part"]
    assert [number.slot for number in page.ink.numbers] == [Slot("c5", "page")]
    assert "#c5" in [link.target for link in page.links]
    assert (len(page.beside), len(page.foot)) == (1, 1)
    assert "".join(stretch.text for stretch in page.words).startswith("Chapter 7Words and")
    assert whole.numbers.page("c7") == "13", "each chapter has a recto and an empty verso"
