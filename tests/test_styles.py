from __future__ import annotations

from pathlib import Path

from postil.source import Source
from postil.styles import load, named


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_title_s_file_stands_for_the_project_s_and_that_for_the_house_s(tmp_path: Path) -> None:
    folder = tmp_path / "manuscript" / "wells"
    put(tmp_path / "styles" / "print.css", b"project")
    put(tmp_path / "styles" / "book.css", b"project")
    put(folder / "styles" / "print.css", b"title")
    put(folder / "styles" / "editions" / "own.css", b"title")
    sheets = load(folder)[0]
    assert sheets["print.css"] == Source("styles/print.css", "title")
    assert sheets["book.css"] == Source("../../styles/book.css", "project")
    assert sheets["editions/own.css"].text == "title"
    assert "epub.css" in sheets, "the house style's own"


def test_a_style_sheet_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "secret.css", b"secret")
    (tmp_path / "wells" / "styles").mkdir(parents=True)
    (tmp_path / "wells" / "styles" / "print.css").symlink_to(tmp_path / "secret.css")
    assert "secret" not in {sheet.text for sheet in load(tmp_path / "wells")[0].values()}
    assert [(d.code, d.position and d.position.path) for d in load(tmp_path / "wells")[1]] == [
        ("P902", "styles/print.css")
    ]


def test_the_classes_that_a_title_s_own_style_sheets_name_are_known(tmp_path: Path) -> None:
    rules = b"p.place:not(.own), [data-sort] { margin: .5em } @media print { .inner::before { content: attr(data-x) } }"
    put(tmp_path / "wells" / "styles" / "print.css", rules + b" .footnote { color: red }")
    put(tmp_path / "wells" / "styles" / "unused.css", b".elsewhere { color: red }")
    assert named(load(tmp_path / "wells")[0]) == {"place", "own", "inner", "data-sort", "data-x"}


def test_without_style_sheets_of_its_own_a_title_names_no_class(tmp_path: Path) -> None:
    (tmp_path / "wells").mkdir()
    assert named(load(tmp_path / "wells")[0]) == frozenset()
