from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from postil.build import Output
from postil.report import Finding, as_json, count, findings, human, human_rest, in_groups, results, short
from postil.source import Diagnostic, Position, Severity

CHAPTER = "# One\n\nA sentence with a [@mistake] in it.\n"


@pytest.fixture
def title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "manuscript" / "wells"
    folder.mkdir(parents=True)
    (folder / "01.md").write_text(CHAPTER)
    return folder


def finding(title: Path, diagnostic: Diagnostic, *, strict: bool = False) -> Finding:
    return findings((diagnostic,), title, strict=strict)[0]


MISSING = Diagnostic("P901", "file 'x' does not exist", Position("01.md", 3, 20), "did you mean 'y'?")


def test_a_message_for_people_shows_the_line_and_the_place(title: Path) -> None:
    assert human(finding(title, MISSING), 80).plain.split("\n") == [
        "manuscript/wells/01.md:3:20: error[P901]: file 'x' does not exist",
        "    3 | A sentence with a [@mistake] in it.",
        "      |                    ^",
        "  hint: did you mean 'y'?",
        "",
    ]


def test_a_message_in_one_line(title: Path) -> None:
    assert short(finding(title, MISSING)) == "manuscript/wells/01.md:3:20: error[P901]: file 'x' does not exist"


def test_a_message_for_programs_has_the_same_facts(title: Path) -> None:
    assert json.loads(as_json([finding(title, MISSING)])) == [
        {
            "severity": "error",
            "code": "P901",
            "title": "a file cannot be read",
            "path": "manuscript/wells/01.md",
            "line": 3,
            "column": 20,
            "message": "file 'x' does not exist",
            "hint": "did you mean 'y'?",
        }
    ]


def test_a_message_about_a_whole_title_names_its_folder(title: Path) -> None:
    found = finding(title, Diagnostic("P930", "too long"))
    assert short(found) == "manuscript/wells: error[P930]: too long"
    assert (found.line, found.column, found.text) == (None, None, None)


def test_a_message_about_a_whole_file_has_no_line(title: Path) -> None:
    found = finding(title, Diagnostic("P810", "it is no EPUB", Position.whole("01.md")))
    assert short(found) == "manuscript/wells/01.md: error[P810]: it is no EPUB"
    assert human(found, 80).plain == "manuscript/wells/01.md: error[P810]: it is no EPUB\n"
    row = json.loads(as_json([found]))[0]
    assert (row["line"], row["column"]) == (None, None)


@pytest.mark.parametrize("place", [Position("01.md", 99, 1), Position("none.md", 1, 1), Position("01.md", 2, 1)])
def test_a_line_that_is_not_there_or_is_blank_is_not_shown(title: Path, place: Position) -> None:
    assert finding(title, Diagnostic("P901", "x", place)).text is None


@pytest.mark.parametrize("column", [1, 500, 1000])
@pytest.mark.parametrize("letter", ["a", "水"])
def test_of_a_long_line_the_part_around_the_place_is_shown(title: Path, letter: str, column: int) -> None:
    text = letter * (column - 1) + "!" + letter * (1000 - column)
    (title / "01.md").write_text(text)
    found = finding(title, Diagnostic("P901", "x", Position("01.md", 1, column)))
    _, line, caret, _ = human(found, 60).plain.split("\n")
    assert cell_len(line) <= 60
    assert cell_len(line.partition("!")[0]) == caret.index("^")


def test_a_caret_stands_under_wide_letters(title: Path) -> None:
    (title / "01.md").write_text("水の[x\n")
    _, _, caret, _ = human(finding(title, Diagnostic("P901", "x", Position("01.md", 1, 3))), 60).plain.split("\n")
    assert caret == "      |     ^"


def test_what_could_rewrite_the_terminal_is_not_shown(title: Path) -> None:
    (title / "01.md").write_bytes("a\x1b[2Jb\u202ec".encode())
    found = finding(title, Diagnostic("P901", "file '\x1b[2J\u202e'", Position("01.md", 1, 1), "\x07"))
    assert not {"\x1b", "\u202e", "\x07"} & set(human(found, 80).plain + short(found))


def test_strict_makes_warnings_errors_and_leaves_notes(title: Path) -> None:
    assert finding(title, Diagnostic("P908", "x")).severity is Severity.WARNING
    assert finding(title, Diagnostic("P908", "x"), strict=True).severity is Severity.ERROR
    assert finding(title, Diagnostic("P907", "x"), strict=True).severity is Severity.NOTE


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([], "no errors"),
        (["P907"], "no errors, 1 note"),
        (["P908", "P908"], "no errors, 2 warnings"),
        (["P901", "P908", "P907"], "1 error, 1 warning, 1 note"),
    ],
)
def test_the_count(title: Path, codes: list[str], words: str) -> None:
    assert count(findings([Diagnostic(code, "x") for code in codes], title, strict=False)) == words


def test_results_stand_in_columns(title: Path) -> None:
    outputs = [
        Output(title / "wells-annotated.pdf", 48, 1_234_567, 6.25),
        Output(title / "wells.epub", None, 3_400, 0.5),
        Output(title / "one.pdf", 1, 999_999, 10),
    ]
    assert list(results(outputs)) == [
        "manuscript/wells/wells-annotated.pdf  48 pages   1.2 MB   6.2 s",
        "manuscript/wells/wells.epub                        3 kB   0.5 s",
        "manuscript/wells/one.pdf                1 page  1000 kB  10.0 s",
    ]
    assert list(results([])) == []


def test_many_messages_of_one_code_are_shown_by_their_places(title: Path) -> None:
    many = tuple(Diagnostic("P901", f"file '{n}' does not exist", Position("01.md", n, 1)) for n in range(1, 15))
    first, (rest,) = in_groups(findings((*many, Diagnostic("P125", "x", Position("02.md", 1, 1))), title, strict=False))
    assert [each.message for each in first] == ["file '1' does not exist", *(m.message for m in many[1:3]), "x"]
    assert human_rest(rest).plain.split("\n") == [
        "error[P901]: 11 more of 'a file cannot be read'",
        "  at " + ", ".join(f"manuscript/wells/01.md:{n}:1" for n in range(4, 12)) + ", …",
        "  hint: '--diagnostics short' lists them all",
        "",
    ]
