"""The fixture titles under `books/`, through the whole pipeline, against what they are expected to give.

Each has an `expected/` folder: the diagnostics of its annotated edition, and the markup of the parts of each edition
for print and for the EPUB. `POSTIL_REFRESH=1 pytest tests/test_books.py` writes these anew: read the difference before
it is committed. A file in `expected/` that nothing makes any more is a failure too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from postil import xhtml
from postil.build import Order, Stages, build, compose
from postil.check import EPUBCHECK
from postil.source import in_order
from postil.writing import Folder

BOOKS = Path(__file__).parent / "books"
EDITIONS: tuple[str, ...] = ("annotated", "clean", "proof")
REFRESH = "POSTIL_REFRESH" in os.environ


def made(folder: Path, out: Folder) -> Iterator[tuple[str, str]]:
    """The expected files of a title by name, as they come out now."""
    for edition in EDITIONS:
        order = Order(edition, (), out)
        book, found = compose(folder, order, Stages(), order.cache(folder.name))
        if edition == "annotated":
            lines = (
                f"{d.position.path}:{d.position.line}:{d.position.column}: {d.code} {d.message}"
                if d.position
                else d.message
                for d in in_order(tuple(found))
            )
            yield "diagnostics.txt", "".join(f"{line}\n" for line in lines)
        if book is None:
            continue
        yield f"{edition}-print.xhtml", "".join(f"{xhtml.written([part.section])}\n" for part in xhtml.printed(book))
        if edition != "proof":
            yield (
                f"{edition}-epub.xhtml",
                "".join(f"{xhtml.written([part.section])}\n" for part in xhtml.reflowed(book)),
            )


@pytest.mark.parametrize("folder", sorted(BOOKS.iterdir()), ids=lambda folder: folder.name)
def test_a_fixture_title_gives_what_is_expected(folder: Path, answers: Folder) -> None:
    expected = folder / "expected"
    now = dict(made(folder, answers))
    if REFRESH:
        expected.mkdir(exist_ok=True)
        for old in expected.iterdir():
            old.unlink()
        for name, text in now.items():
            (expected / name).write_text(text, "utf-8")
    then = {path.name: path.read_text("utf-8") for path in expected.iterdir()}
    assert then.keys() == now.keys()
    for name, text in now.items():
        assert text == then[name], f"{folder.name}/expected/{name}"


@pytest.mark.slow
@pytest.mark.skipif(not EPUBCHECK.installed, reason="EPUBCheck or Java is not installed")
@pytest.mark.parametrize("folder", [f for f in sorted(BOOKS.iterdir()) if f.name != "mistakes"], ids=lambda f: f.name)
def test_epubcheck_finds_nothing_in_a_fixture_title(folder: Path, tmp_path: Path) -> None:
    outcome = build(folder, Order("annotated", ("epub",), Folder(tmp_path)))
    assert EPUBCHECK.ask("b.epub", outcome.outputs[0].path.read_bytes()) == ()
