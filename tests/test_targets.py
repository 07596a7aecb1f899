"""A target more is a row of the table of formats and a package of that name."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from postil.build import Order, build
from postil.document import EDITIONS, FORMATS, Book, Format, plain
from postil.manuscript import load
from postil.targets import Made, Progress, target, targets
from postil.writing import Folder


class Words:
    """The words of a book, and nothing else."""

    name = "txt"

    def make(self, book: Book, progress: Progress) -> Made:
        progress("words", 0)
        text = "\n\n".join(plain(section.body) for section in book.sections)
        return Made(f"{text}\n".encode())

    def examine(self, book: Book) -> tuple[()]:
        assert book.sections
        return ()


@pytest.fixture
def title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(FORMATS, "txt", Format("txt", published=False))
    package = ModuleType("postil.txt")
    package.TARGET = Words()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "postil.txt", package)
    folder = tmp_path / "t"
    folder.mkdir()
    (folder / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n')
    (folder / "01.md").write_text("# One\n\nWords of *one*.\n")
    (folder / "02.md").write_text("# Two\n\nWords of two.\n")
    return folder


def test_a_target_more_is_made_and_written(title: Path) -> None:
    outcome = build(title, Order("clean", ("txt",), Folder(title / "out")))
    (output,) = outcome.outputs
    assert (output.path.name, output.pages) == ("t-clean.txt", None)
    assert output.path.read_text() == "One Words of one.\n\nTwo Words of two.\n"


@pytest.mark.usefixtures("title")
def test_an_edition_on_paper_is_made_with_pages_only() -> None:
    assert EDITIONS["clean"].formats == ("pdf", "epub", "txt")
    assert EDITIONS["proof"].formats == ("pdf",)


def test_every_format_has_its_target() -> None:
    assert [each.name for each in targets()] == list(FORMATS)
    assert target("epub").name == "epub"


def test_a_number_for_it_stands_in_book_toml(title: Path) -> None:
    with (title / "book.toml").open("a") as book:
        book.write('[isbn]\npdf = "978-0-306-40615-7"\nkindle = "978-0-306-40615-7"\n')
    manuscript, found = load(title)
    assert manuscript
    assert manuscript.title.isbn == {"pdf": "978-0-306-40615-7"}
    assert [d.code for d in found if d.severity == "error"] == ["P911"]
