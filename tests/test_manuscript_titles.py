from __future__ import annotations

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
