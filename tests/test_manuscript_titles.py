from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from postil.manuscript import UnknownTitleError, find, project


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for name in ("wells", "rivers"):
        folder = tmp_path / "manuscript" / name
        folder.mkdir(parents=True)
        (folder / "book.toml").touch()
    return tmp_path


def test_without_names_all_titles_under_manuscript_in_order(shelf: Path) -> None:
    assert [folder.name for folder in find((), shelf)] == ["rivers", "wells"]


def test_without_names_the_title_that_one_is_in(shelf: Path) -> None:
    inside = shelf / "manuscript" / "wells" / "figures"
    inside.mkdir()
    assert find((), inside) == (inside.parent,)


def test_a_folder_names_a_title(shelf: Path) -> None:
    assert find(("manuscript/wells",), shelf) == (shelf / "manuscript" / "wells",)


def test_a_name_stands_for_a_title_of_a_folder_around(shelf: Path) -> None:
    assert find(("rivers", "rivers"), shelf / "manuscript" / "wells") == (shelf / "manuscript" / "rivers",)


@pytest.mark.parametrize(
    ("name", "words"), [("well", "did you mean 'wells'?"), ("quite-another", "there is rivers, wells")]
)
def test_an_unknown_name(shelf: Path, name: str, words: str) -> None:
    with pytest.raises(UnknownTitleError) as caught:
        find((name,), shelf)
    assert words in str(caught.value)


def test_no_title_anywhere(tmp_path: Path) -> None:
    with pytest.raises(UnknownTitleError, match="postil new"):
        find((), tmp_path)


def test_the_project_is_around_manuscript(shelf: Path) -> None:
    assert project(shelf / "manuscript" / "wells") == shelf
    assert project(shelf) is None


BROKEN: dict[str, Callable[[Path], object]] = {
    "dangling": lambda path: path.symlink_to("nowhere"),
    "circle": lambda path: path.symlink_to(path),
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_title_that_cannot_be_read_is_not_taken_for_another(shelf: Path, kind: str) -> None:
    mine = shelf / "manuscript" / "wells" / "rivers"
    mine.mkdir()
    BROKEN[kind](mine / "book.toml")
    assert find(("rivers",), mine.parent) == (mine,)


def refuse(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_folder_that_cannot_be_looked_into_is_not_taken_for_another(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The permission is refused by a stand-in: whoever runs the tests may be one to whom nothing is refused."""
    mine = shelf / "manuscript" / "wells" / "rivers"
    mine.mkdir()
    looked = Path.lstat
    monkeypatch.setattr(Path, "lstat", lambda path: refuse() if path.parent == mine else looked(path))
    assert find(("rivers",), mine.parent) == (mine,)


def test_a_shelf_that_cannot_be_read_is_said(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(UnknownTitleError, match="cannot be read: Permission denied"):
        find((), shelf)


def test_an_entry_that_only_has_the_name_of_a_title_is_none(shelf: Path) -> None:
    """Such as notes on a title, beside `manuscript/`."""
    (shelf / "rivers").mkdir()
    assert find(("rivers",), shelf) == (shelf / "manuscript" / "rivers",)
