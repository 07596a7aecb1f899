"""What checkers say of files that were built, and where that stands in the manuscript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from postil import check
from postil.build import Order, build
from postil.built import check_built
from postil.cli import main
from postil.source import Diagnostic, Position
from postil.writing import Folder

BOOK = """\
title = "Wells"
language = "en"
date = 2026-11-23
isbn = "978-3-16-148410-0"

[chapters]
body = ["wells.md"]
"""
CHAPTER = """\
# Wells {#wells}

Water *stands*[^n] there.[^a]

[^n]: It **stands**.
[^a]: {.gloss} A `well`.

![A well](well.png "The well"){#fig-well}

## Deeper

- A [link](https://example.org/).
"""
PROGRAMS = [check.EPUBCHECK, check.ACE, check.VERAPDF]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A title, and beside it an EPUB of its annotated edition."""
    path = tmp_path_factory.mktemp("shelf")
    folder = path / "manuscript" / "wells"
    (folder / "styles").mkdir(parents=True)
    (folder / "book.toml").write_text(BOOK)
    (folder / "wells.md").write_text(CHAPTER)
    (folder / "styles" / "epub.css").write_text("p { margin: 0 }\nh1 { color: #123456 }\n")
    Image.new("L", (8, 8)).save(folder / "well.png")
    assert build(folder, order(path)).outputs
    return path


@pytest.fixture
def title(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that title and its EPUB, on a machine without checkers of other people."""
    monkeypatch.setattr("postil.check.checkers.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shelf, tmp_path, dirs_exist_ok=True)
    return tmp_path / "manuscript" / "wells"


def order(root: Path, *forms: str) -> Order:
    return Order("annotated", forms or ("epub",), Folder(root) / "build")


def epub(title: Path) -> Path:
    return title.parents[1] / "build" / "wells" / "wells-annotated.epub"


def member(title: Path, name: str) -> str:
    with ZipFile(epub(title)) as archive:
        return archive.read(name).decode()


def changed(title: Path, name: str, change: Callable[[str], str]) -> None:
    """Write the EPUB again with one of its files changed."""
    data = BytesIO()
    with ZipFile(epub(title)) as before, ZipFile(data, "w") as after:
        for info in before.infolist():
            old = before.read(info)
            after.writestr(info, change(old.decode()).encode() if info.filename == name else old)
    epub(title).write_bytes(data.getvalue())


def said(title: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: int = 0, column: int = 0) -> Diagnostic:
    """What becomes of a message about a place in a file of the EPUB."""
    at = Position(f"wells-annotated.epub/{name}", line, column) if name else Position.whole("wells-annotated.epub")
    monkeypatch.setattr("postil.built.examine", lambda *_: (Diagnostic("P820", "wrong", at),))
    (found,) = check_built(title, [order(title.parents[1])]).diagnostics
    return found


def place(text: str, tag: str) -> tuple[int, int]:
    """Line and column behind a tag, which is where checkers say that an element is."""
    end = text.index(tag) + len(tag)
    return text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end)


CHAPTER_FILE, NOTES, ANNOTATIONS = (f"EPUB/text/part-{name}.xhtml" for name in ("wells", "notes", "annotations"))


@pytest.mark.parametrize(
    ("name", "tag", "source"),
    [
        (CHAPTER_FILE, '<h1 id="wells">', "# Wells"),
        (CHAPTER_FILE, "<em>", "*stands*[^n]"),
        (CHAPTER_FILE, '<h2 id="deeper">', "## Deeper"),
        (CHAPTER_FILE, "<li>", "A [link]"),
        (CHAPTER_FILE, '<a href="https://example.org/">', "[link]"),
        (NOTES, "<strong>", "**stands**"),
        (ANNOTATIONS, "<code>", "`well`"),
    ],
)
def test_an_element_leads_back_to_its_line(
    title: Path, monkeypatch: pytest.MonkeyPatch, name: str, tag: str, source: str
) -> None:
    line, column = place(member(title, name), tag)
    found = said(title, monkeypatch, name, line, column)
    assert found.position is not None
    assert (found.position.path, found.position.line) == ("wells.md", CHAPTER.count("\n", 0, CHAPTER.index(source)) + 1)
    assert found.message == f"wrong (in {name}:{line}:{column})"


def test_a_line_without_a_column_leads_to_the_element_that_begins_it(
    title: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, _ = place(member(title, CHAPTER_FILE), "<h2")
    at = said(title, monkeypatch, CHAPTER_FILE, line, 1).position
    assert at is not None
    assert (at.path, at.line) == ("wells.md", CHAPTER.count("\n", 0, CHAPTER.index("## Deeper")) + 1)


def test_where_the_manuscript_has_changed_since_no_line_is_said(title: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line, column = place(member(title, CHAPTER_FILE), "<em>")
    (title / "wells.md").write_text(CHAPTER.replace("there", "here"))
    assert said(title, monkeypatch, CHAPTER_FILE, line, column).position == Position.whole("wells.md")


@pytest.mark.parametrize(
    ("line", "column"),
    [(0, 0), (3, 5), (10_000, 1), (3, 100_000)],
    ids=["no line", "the head", "a line that is not there", "a column that is not there"],
)
def test_a_place_outside_the_text_leads_to_the_chapter(
    title: Path, monkeypatch: pytest.MonkeyPatch, line: int, column: int
) -> None:
    found = said(title, monkeypatch, CHAPTER_FILE, line, column)
    assert found.position == Position.whole("wells.md")


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("EPUB/styles/epub.css", (2, 6), Position("styles/epub.css", 2, 6)),
        ("EPUB/images/well.png", (0, 0), Position.whole("well.png")),
        (NOTES, (0, 0), Position.whole(f"../../build/wells/wells-annotated.epub/{NOTES}")),
        ("EPUB/styles/book.css", (2, 6), Position("../../build/wells/wells-annotated.epub/EPUB/styles/book.css", 2, 6)),
        ("EPUB/content.opf", (3, 4), Position("../../build/wells/wells-annotated.epub/EPUB/content.opf", 3, 4)),
        ("EPUB/no.xhtml", (3, 4), Position("../../build/wells/wells-annotated.epub/EPUB/no.xhtml", 3, 4)),
        ("", (0, 0), Position.whole("../../build/wells/wells-annotated.epub")),
    ],
)
def test_other_files_lead_to_their_source_or_stand_for_themselves(
    title: Path, monkeypatch: pytest.MonkeyPatch, name: str, at: tuple[int, int], expected: Position
) -> None:
    assert said(title, monkeypatch, name, *at).position == expected


def test_a_style_sheet_that_has_changed_since_is_named_without_a_line(
    title: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (title / "styles" / "epub.css").write_text("p { margin: 1em }\n")
    assert said(title, monkeypatch, "EPUB/styles/epub.css", 2, 6).position == Position.whole("styles/epub.css")


def test_where_no_book_can_be_made_any_more_a_message_stands_at_the_file(
    title: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (title / "book.toml").write_text("title =")
    at = said(title, monkeypatch, CHAPTER_FILE, 3, 4).position
    assert at == Position(f"../../build/wells/wells-annotated.epub/{CHAPTER_FILE}", 3, 4)


def test_what_is_wrong_in_an_epub_is_found_without_any_program(title: Path) -> None:
    changed(title, CHAPTER_FILE, lambda text: text.replace('href="part-notes', 'href="part-nothing'))
    found = [d for d in check_built(title, [order(title.parents[1])]).diagnostics if d.code == "P812"]
    assert [d.position for d in found] == [Position.whole("wells.md")]


# --- the commands ------------------------------------------------------------------------------------------------


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(main, arguments)


def test_each_checker_that_is_missing_is_said_once(title: Path) -> None:
    assert title.is_dir()
    assert invoke("build", "wells", "--edition", "clean").exit_code == 0
    result = invoke("check", "wells", "--built", "--diagnostics", "short")
    assert result.exit_code == 0
    for program in PROGRAMS:
        assert result.stderr.count(f"manuscript/wells: note[P941]: {program.name} is not installed") == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "build/wells/wells-annotated.epub",
        "build/wells/wells-clean.pdf",
        "build/wells/wells-clean.epub",
    ]


@pytest.mark.parametrize(
    ("place", "words", "command"),
    [
        ([], "'build/wells' has no PDF or EPUB", "run: postil build manuscript/wells\n"),
        (["--out", "o"], "'o/wells' has no PDF or EPUB", "run: postil build manuscript/wells --out o\n"),
    ],
)
def test_where_nothing_is_built_it_says_what_to_run(title: Path, place: list[str], words: str, command: str) -> None:
    shutil.rmtree(title.parents[1] / "build")
    result = invoke("check", "wells", "--built", *place)
    assert result.exit_code == 1
    assert f"error[P940]: there is nothing to check: {words}" in result.stderr
    assert command in result.stderr


def test_a_link_among_the_results_is_not_followed(title: Path, tmp_path: Path) -> None:
    epub(title).rename(tmp_path / "secret")
    epub(title).symlink_to(tmp_path / "secret")
    assert "error[P940]" in invoke("check", "wells", "--built").stderr


def test_what_was_built_is_checked_after_a_build(title: Path) -> None:
    result = invoke("build", "wells", "--format", "pdf", "--check", "--diagnostics", "short")
    assert result.exit_code == 0
    assert "wells, built: wells-annotated.pdf: qpdf\n" in result.stderr
    assert "wells-annotated.epub" not in result.stderr  # which is an older one
    assert re.fullmatch(r"build/wells/wells-annotated\.pdf +\d+ pages .*\n", result.stdout)
    assert title.is_dir()


def test_what_could_not_be_built_is_not_checked(title: Path) -> None:
    (title / "wells.md").write_text("# Wells\n\n![no](no.png)\n")
    result = invoke("build", "wells", "--check")
    assert result.exit_code == 1
    assert "built:" not in result.stderr


def test_an_error_of_a_checker_ends_with_1_and_is_shown_as_a_terminal_may_have_it(
    title: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = r"""{"messages": [{"ID": "X", "severity": "ERROR", "message": "a\u001b[31m b", "locations": []}]}"""
    (tmp_path / "answer").write_text(answer)
    (tmp_path / "epubcheck").write_text(f"#!/bin/sh\n/bin/cat {tmp_path}/answer\n")
    (tmp_path / "epubcheck").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = invoke("check", "wells", "--built", "--diagnostics", "short")
    assert result.exit_code == 1
    assert (
        "build/wells/wells-annotated.epub: error[P820]: EPUBCheck: X: a\N{REPLACEMENT CHARACTER}[31m b\n"
        in result.stderr
    )
    assert title.is_dir()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--built", "--release"], "--built is not about the manuscript, as --release is"),
        (["--built", "--thorough"], "--built is not about the manuscript, as --thorough is"),
        (["--out", "o"], "--out says where results are that --built shall check"),
    ],
)
def test_options_that_do_not_go_together(title: Path, options: list[str], words: str) -> None:
    result = invoke("check", title.name, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
