from __future__ import annotations

from pathlib import Path

from postil.source import Source
from postil.styles import load


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
