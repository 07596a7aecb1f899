"""What the whole pipeline gathers from a title on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil.build import Order, Outcome, Stages, build, compose
from postil.store import Store
from postil.writing import Folder

BOOK = """\
title = "T"
language = "en"
date = 2026-01-01

[bibliography]
sources = ["works.json"]
style = "chicago-author-date"
"""
WORKS = """[{"id": "a", "type": "book", "title": "A", "author": [{"family": "Able"}]}]"""


def title(folder: Path, text: str) -> Path:
    for name, data in (("book.toml", BOOK), ("works.json", WORKS), ("a.md", text)):
        (folder / name).write_text(data, "utf-8")
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n![a](none.png)\n",
        "# A\n\nA[^n].\n\n[^n]: ![a](none.png)\n",
        "# A\n\nA[^n].\n\n[^n]: {.gloss} ![a](none.png)\n",
        '# A\n\nA[^n].\n\n[^n]: {.query} Q.\n\n    - {.reply by="B"} ![a](none.png)\n',
    ],
    ids=["text", "note", "annotation", "reply"],
)
def test_a_picture_that_is_missing_is_an_error_wherever_it_is_shown(text: str, tmp_path: Path) -> None:
    _, found = compose(title(tmp_path, text), Order("annotated", (), Folder(tmp_path / "build")), Stages())
    assert "P901" in [diagnostic.code for diagnostic in found]


@pytest.mark.parametrize(("edition", "works"), [("annotated", 0), ("clean", 0), ("proof", 1)])
@pytest.mark.parametrize(
    "text",
    [
        '# A\n\nA[^n].\n\n[^n]: {.gloss} G.\n\n    - {.reply by="B"} See [@a].\n',
        "# A\n\nA {--b [@a]--}[^n].\n\n[^n]: {.comment status=accepted} Yes.\n",
        "# A\n\nA {==b==}[^n].\n\n[^n]: {.query} See [@a].\n",
    ],
    ids=["reply", "deletion", "query"],
)
def test_a_work_that_only_editors_see_cited_is_in_the_bibliography_of_the_proof_alone(
    text: str, edition: str, works: int, tmp_path: Path
) -> None:
    book, _ = compose(title(tmp_path, text), Order(edition, (), Folder(tmp_path / "build")), Stages())
    assert book is not None
    assert sum(section.role.name == "bibliography" for section in book.sections) == works


def test_an_undecided_change_is_said_once_of_a_release(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n')
    (tmp_path / "01.md").write_text("# One\n\nA {++new++} word.\n")
    outcome = build(tmp_path, Order("clean", (), Folder(tmp_path / "out"), release=True))
    assert [d.code for d in outcome.diagnostics if d.code.startswith("P42")] == ["P422"]


def test_a_chapter_in_a_folder_names_pictures_from_there_or_from_the_title(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n')
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    for name in ("one/a.svg", "pictures/b.svg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(drawing)
    pictures = "![A](a.svg)\n\n![B](../pictures/b.svg)\n\n![B](pictures/b.svg)\n"
    (tmp_path / "one" / "01.md").write_text(f"# One\n\n{pictures}\n![C](../../c.svg)\n")
    book, found = compose(tmp_path, Order("clean", (), Folder(tmp_path / "out")), Stages())
    assert book is not None
    assert sorted(book.images) == ["one/a.svg", "pictures/b.svg"]
    assert [d.code for d in found if d.severity == "error"] == ["P313"]


def test_a_heading_without_words_is_said_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n')
    (tmp_path / "01.md").write_text("# One\n\nText.\n\n#\n\nMore.\n")
    _, found = compose(tmp_path, Order("clean", (), Folder(tmp_path / "out")), Stages())
    places = [(d.code, d.position.line) for d in found if d.position and d.code.startswith("P14")]
    assert places == [("P141", 5), ("P143", 5)]


# --- what is kept ------------------------------------------------------------------------------------------------

CITING = "# A\n\nWords [@a], and $x$.\n"


def ordered(folder: Path, *, cached: bool = True) -> Outcome:
    return build(folder, Order("annotated", (), Folder(folder / "build"), cached=cached))


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "build" / folder.name / ".cache").glob("answer-*"))


def said(outcome: Outcome) -> list[str]:
    """The codes of what is said of the cache."""
    return [diagnostic.code for diagnostic in outcome.diagnostics if diagnostic.code in {"P938", "P939"}]


def test_a_second_build_asks_no_program_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ordered(title(tmp_path, CITING))
    assert kept(tmp_path)
    monkeypatch.setattr("postil.process.run", lambda *_, **__: pytest.fail("asked again"))
    assert ordered(tmp_path).diagnostics == first.diagnostics
    assert said(first) == []


def test_without_the_cache_nothing_is_kept_and_nothing_taken(tmp_path: Path) -> None:
    assert said(ordered(title(tmp_path, CITING), cached=False)) == []
    assert not (tmp_path / "build").exists()
    ordered(tmp_path)
    for path in kept(tmp_path):
        path.write_bytes(b"damaged")
    assert said(ordered(tmp_path, cached=False)) == []
    assert {path.read_bytes() for path in kept(tmp_path)} == {b"damaged"}


def test_what_is_damaged_is_made_anew_with_one_note(tmp_path: Path) -> None:
    first = ordered(title(tmp_path, CITING))
    for path in kept(tmp_path):
        path.write_bytes(b"damaged")
    assert said(ordered(tmp_path)) == ["P938"]
    assert ordered(tmp_path).diagnostics == first.diagnostics


def test_where_nothing_can_be_kept_there_is_one_note(tmp_path: Path) -> None:
    place = tmp_path / "build" / tmp_path.name
    place.mkdir(parents=True)
    (place / ".cache").write_bytes(b"mine")
    outcome = build(title(tmp_path, CITING), Order("annotated", ("epub",), Folder(tmp_path / "build")))
    assert said(outcome) == ["P939"]
    assert [output.path.parent for output in outcome.outputs] == [place]


def test_a_build_ends_with_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Order, "cache", lambda order, title: Store(order.out / title / ".cache", 1))
    ordered(title(tmp_path, CITING))
    assert kept(tmp_path) == []
    assert (tmp_path / "build" / tmp_path.name / ".cache").exists()
