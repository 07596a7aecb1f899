"""An edition more is one row of the table and one style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from postil.build import Order, Outcome, build
from postil.document import EDITIONS, MAIN, Audience, Edition
from postil.manuscript import load
from postil.writing import Folder

SOURCE = Path(__file__).parents[1] / "src" / "postil"
STUDY = Edition("study", audiences=frozenset({Audience.READER}), trims=("A5",))
PAGE = """
.trim-A5 {
  --width: 148mm; --height: 210mm; --head: 50pt; --foot: 60pt;
  --inner: 45pt; --gap: 10pt; --column: 80pt; --beyond: 126pt;
  --size: 9.5pt; --leading: 13pt; --note-size: 8pt; --note-leading: 9.75pt; --annotation-size: 7.5pt;
}
"""
TEXT = """# One

A {==word==}[^g], {==another==}[^q] and {--old--}{++new++}[^c].

[^g]: {.gloss} For readers.
[^q]: {.query status=resolved} For editors.
[^c]: {.comment status=accepted} Yes.
"""


@pytest.fixture
def title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(EDITIONS, "study", STUDY)
    folder = tmp_path / "t"
    (folder / "styles").mkdir(parents=True)
    (folder / "book.toml").write_text('title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n')
    (folder / "01.md").write_text(TEXT)
    return folder


def made(folder: Path) -> Outcome:
    return build(folder, Order("study", ("pdf", "epub"), Folder(folder / "out")))


def test_a_fourth_edition_is_built(title: Path) -> None:
    (title / "styles" / "print-study.css").write_text(PAGE)
    outcome = made(title)
    assert [d for d in outcome.diagnostics if d.severity == "error"] == []
    assert [output.path.name for output in outcome.outputs] == ["t-study.pdf", "t-study.epub"]
    with pikepdf.open(outcome.outputs[0].path) as document:
        width, height = (float(side) for side in document.pages[0].trimbox[2:])
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (148, 210)


def test_its_settings_stand_in_book_toml(title: Path) -> None:
    with (title / "book.toml").open("a") as book:
        book.write('[editions.study]\nchanges = "accept"\n[editions.clean]\ntrim = "A5"\n[editions.studio]\n')
    manuscript, found = load(title)
    assert manuscript
    settings = manuscript.title.editions["study"]
    assert (settings.trim, settings.changes) == ("A5", "accept")
    errors = [(d.code, d.position.line, d.hint) for d in found if d.position and d.severity == "error"]
    assert errors == [("P911", 9, "did you mean 'study'?"), ("P918", 8, "it has 6x9")]


def test_a_style_sheet_that_is_missing_is_one_message(title: Path) -> None:
    errors = [d for d in made(title).diagnostics if d.severity == "error"]
    assert [d.code for d in errors] == ["P709"]
    assert "'print-study.css'" in errors[0].message


def test_annotations_have_a_column_to_stand_in(title: Path) -> None:
    (title / "styles" / "print-study.css").write_text(PAGE.replace("--column: 80pt", "--column: 0pt"))
    outcome = made(title)
    assert [d.code for d in outcome.diagnostics if d.severity == "error"] == ["P713"]
    assert outcome.outputs == ()


def test_one_edition_is_the_main_one() -> None:
    assert [edition.name for edition in EDITIONS.values() if edition.main] == [MAIN]
    assert all(edition.name == name for name, edition in EDITIONS.items())


def test_no_other_module_knows_an_edition_by_its_name() -> None:
    names = re.compile(rf'(?<!-)"(?:{"|".join(EDITIONS)})"')
    found = {path.name for path in SOURCE.rglob("*.py") if names.search(path.read_text("utf-8"))}
    # a proof is also what proves a theorem, and to clean is a command
    assert found - {"theorems.py", "tree.py", "cli.py"} == {"editions.py"}
