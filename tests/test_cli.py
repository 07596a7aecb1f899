from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from postil import build as pipeline
from postil.build import Order, Outcome, Output
from postil.cli import main
from postil.document import Limits
from postil.manuscript import load
from postil.source import Diagnostic, Position, codes
from postil.store import Store
from postil.targets import Progress
from postil.writing import Folder

ORDERS = "orders.jsonl"


def invoke(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(main, arguments)


def fake(*found: Diagnostic) -> object:
    """A pipeline that finds these mistakes, and writes down each order in the current folder."""

    def build(folder: Path, order: Order, progress: Progress) -> Outcome:
        progress("layout", 0.5)
        with Path(ORDERS).open("a") as file:
            row = [folder.name, order.edition, order.formats, str(order.out.path), order.release, order.strict]
            file.write(json.dumps(row) + "\n")
        path = order.out.path / folder.name / f"{folder.name}-{order.edition}"
        outputs = () if found else tuple(Output(path.with_suffix(f".{f}"), 3, 1000, 1) for f in order.formats)
        return Outcome(folder.name, outputs, found, {"layout": 0.25})

    return build


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with two titles on its shelf, and a pipeline that finds nothing wrong."""
    for name in ("rivers", "wells"):
        folder = tmp_path / "manuscript" / name
        folder.mkdir(parents=True)
        (folder / "book.toml").write_text(f"title = '{name}'\nlanguage = 'en'\ndate = 2026-11-23\n")
        (folder / "01.md").write_text("# One\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pipeline, "build", fake())
    return tmp_path


def orders(folder: Path) -> list[list[object]]:
    return [json.loads(line) for line in (folder / ORDERS).read_text().splitlines()]


WRONG = Diagnostic("P901", "file 'x' does not exist", Position("01.md", 1, 3), "did you mean 'y'?")
DOUBTFUL = Diagnostic("P908", "file 'x' is not a chapter of the title", Position("book.toml", 1, 1))


def test_build_makes_the_annotated_edition_of_every_title_in_both_formats(shelf: Path) -> None:
    result = invoke("build")
    assert result.exit_code == 0
    out = str(shelf / "build")
    assert orders(shelf) == [
        ["rivers", "annotated", ["pdf", "epub"], out, False, False],
        ["wells", "annotated", ["pdf", "epub"], out, False, False],
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--edition", "proof"], [("proof", ["pdf"])]),
        (["--edition", "clean", "--edition", "proof"], [("clean", ["pdf", "epub"]), ("proof", ["pdf"])]),
        (["--edition", "clean", "--edition", "clean"], [("clean", ["pdf", "epub"])]),
        (["--format", "epub"], [("annotated", ["epub"])]),
        (["--format", "epub", "--format", "pdf"], [("annotated", ["pdf", "epub"])]),
    ],
)
def test_editions_and_formats(shelf: Path, arguments: list[str], expected: list[tuple[str, list[str]]]) -> None:
    invoke("build", "wells", *arguments)
    assert [(edition, formats) for _, edition, formats, *_ in orders(shelf)] == expected


def test_the_other_options_reach_the_pipeline(shelf: Path) -> None:
    invoke("build", "wells", "--out", "elsewhere", "--release", "--strict")
    assert orders(shelf) == [["wells", "annotated", ["pdf", "epub"], "elsewhere", True, True]]


def test_check_orders_no_output(shelf: Path) -> None:
    result = invoke("check", "wells", "--release")
    assert orders(shelf) == [["wells", "annotated", [], str(shelf / "build"), True, False]]
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.usefixtures("shelf")
def test_a_thorough_check_orders_everything_but_to_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(folder: Path, order: Order, progress: Progress) -> Outcome:
        progress(f"{order.formats} {order.dry}", 1)
        return Outcome(folder.name, (), ())

    monkeypatch.setattr(pipeline, "build", build)
    assert "wells, annotated: ('pdf', 'epub') True\n" in invoke("check", "wells", "--thorough").stderr
    assert "wells, annotated: () True\n" in invoke("check", "wells").stderr
    assert "wells, annotated: ('pdf', 'epub') False\n" in invoke("build", "wells").stderr


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("command", ["build", "check"])
def test_no_cache_reaches_the_pipeline(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def build(folder: Path, order: Order, progress: Progress) -> Outcome:
        progress(f"cached: {order.cached}", 1)
        return Outcome(folder.name, (), ())

    monkeypatch.setattr(pipeline, "build", build)
    assert "cached: False\n" in invoke(command, "wells", "--no-cache").stderr
    assert "cached: True\n" in invoke(command, "wells").stderr


@pytest.mark.usefixtures("shelf")
def test_results_are_data_and_the_rest_are_messages() -> None:
    result = invoke("build", "wells", "--format", "pdf")
    assert result.stdout == "build/wells/wells-annotated.pdf  3 pages  1 kB  1.0 s\n"
    assert result.stderr == "wells, annotated: layout\nno errors\n"


@pytest.mark.usefixtures("shelf")
def test_errors_are_shown_and_end_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "build", fake(WRONG, DOUBTFUL))
    result = invoke("build", "wells", "--edition", "annotated", "--edition", "clean")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("manuscript/wells/01.md:1:3: error[P901]: file 'x' does not exist\n") == 1
    assert "    1 | # One\n      |   ^\n  hint: did you mean 'y'?\n" in result.stderr
    assert result.stderr.endswith("1 error, 1 warning\n")


@pytest.mark.usefixtures("shelf")
def test_a_warning_is_an_error_when_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "build", fake(DOUBTFUL))
    assert invoke("check", "wells").exit_code == 0
    strict = invoke("check", "wells", "--strict")
    assert strict.exit_code == 1
    assert "error[P908]" in strict.stderr


@pytest.mark.usefixtures("shelf")
def test_short_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "build", fake(WRONG))
    lines = invoke("check", "wells", "--diagnostics", "short").stderr.splitlines()
    assert lines == [
        "wells, annotated: layout",
        "manuscript/wells/01.md:1:3: error[P901]: file 'x' does not exist",
        "1 error",
    ]


@pytest.mark.usefixtures("shelf")
def test_messages_as_json_are_all_that_is_on_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "build", fake(WRONG))
    rows = json.loads(invoke("check", "--diagnostics", "json").stdout)
    assert [row["path"] for row in rows] == ["manuscript/rivers/01.md", "manuscript/wells/01.md"]


@pytest.mark.usefixtures("shelf")
def test_json_is_an_empty_list_when_nothing_is_wrong() -> None:
    assert json.loads(invoke("build", "--diagnostics", "json").stdout) == []


def test_timings_by_title_edition_and_stage(shelf: Path) -> None:
    invoke("build", "wells", "--edition", "proof", "--timings", "t.json")
    assert json.loads((shelf / "t.json").read_text()) == {"wells-proof": {"seconds": {"layout": 0.25}, "layouts": []}}


def test_a_title_sets_its_own_limits(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def recurse(folder: Path, order: Order, progress: Progress) -> Outcome:
        return recurse(folder, order, progress)

    monkeypatch.setattr(pipeline, "build", recurse)
    result = invoke("check", "wells", "--diagnostics", "short")
    assert result.exit_code == 1
    assert "manuscript/wells: error[P932]" in result.stderr
    assert shelf.exists()


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize("by", ["option", "environment"])
def test_whoever_runs_the_command_caps_what_a_title_may_ask_for(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, command: str, by: str
) -> None:
    with (shelf / "manuscript" / "wells" / "book.toml").open("a") as book:
        book.write("[limits]\nseconds = 86400\nmemory = 1048576\n")

    def sleep(folder: Path, order: Order, progress: Progress) -> Outcome:
        progress(f"{order.edition} {resource.getrlimit(resource.RLIMIT_AS)[0] >> 20} MB", 0)
        time.sleep(60)
        return Outcome(folder.name, (), ())

    monkeypatch.setattr(pipeline, "build", sleep)
    if by == "environment":
        monkeypatch.setenv("POSTIL_MAX_SECONDS", "1")
        monkeypatch.setenv("POSTIL_MAX_MEMORY", "8000")
    options = ["--max-seconds", "1", "--max-memory", "8000"] if by == "option" else []
    result = invoke(command, "wells", *options)
    assert result.exit_code == 1
    assert "the work took longer than 1 s, and was ended in the stage 'annotated 8000 MB'" in result.stderr
    assert "or run it with a higher --max-seconds" in result.stderr


def test_a_cap_raises_nothing() -> None:
    asked = Limits(600, 4 << 30)
    assert asked.within(1000, 8 << 30) == asked
    assert asked.within(None, None) == asked
    assert asked.within(60, 1 << 30) == Limits(60, 1 << 30, frozenset({"seconds", "memory"}))


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "welss"], "did you mean 'wells'?"),
        (["build", "--edition", "proof", "--format", "epub"], "the proof edition is written as PDF only"),
        (["build", "--edition", "draft"], "'draft'"),
        (["new", "manuscript"], "'manuscript' is not empty"),
        (["codes", "P000"], "there is no code 'P000'"),
        (["styles", "no such style"], "no citation style has 'no such style' in its name or title"),
        (["print"], "No such command"),
        (["build", "--max-seconds", "0"], "x>=1"),
        (["check", "--max-memory", "much"], "not a valid integer"),
    ],
)
def test_a_wrong_command_line_ends_with_2(arguments: list[str], words: str) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_folder_without_titles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "postil new" in invoke("build").stderr


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["clean"], ["new"], ["codes"], ["styles"]])
def test_every_command_has_help(command: list[str]) -> None:
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert "postil" in result.stdout.lower() or "Usage" in result.stdout


@pytest.mark.parametrize("arguments", [["new", "/proc/essay"], ["build", "wells", "--timings", "/proc/t.json"]])
@pytest.mark.usefixtures("shelf")
def test_a_file_that_cannot_be_written(arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 3
    assert "cannot write '/proc/" in result.stderr


# --- clean -------------------------------------------------------------------------------------------------------

DIGEST = "0" * 64


def test_clean_empties_the_caches_of_the_titles_and_says_how_much_that_frees(shelf: Path) -> None:
    for name in ("rivers", "wells"):
        Store(Folder(shelf / "build") / name / ".cache").put("answer", DIGEST, bytes(2_000_000))
        (shelf / "build" / name / ".cache" / "notes.txt").write_text("mine")
        (shelf / "build" / name / f"{name}-clean.pdf").write_text("%PDF")
    result = invoke("clean", "wells")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "build/wells/.cache: 2.0 MB freed\n", "")
    assert invoke("clean").stdout == "build/rivers/.cache: 2.0 MB freed\nbuild/wells/.cache: 0 kB freed\n"
    left = sorted(path.relative_to(shelf / "build").as_posix() for path in (shelf / "build").rglob("*.*"))
    assert left == sorted(
        f"{name}/{file}"
        for name in ("rivers", "wells")
        for file in (".cache", ".cache/.gitignore", ".cache/CACHEDIR.TAG", ".cache/notes.txt", f"{name}-clean.pdf")
    )


def test_clean_in_an_empty_place(shelf: Path) -> None:
    result = invoke("clean", "wells", "--out", "elsewhere")
    assert (result.exit_code, result.stdout) == (0, "elsewhere/wells/.cache: 0 kB freed\n")
    assert invoke("clean").exit_code == 0
    assert sorted(path.name for path in shelf.iterdir()) == ["manuscript"]


@pytest.mark.parametrize("linked", ["build/wells/.cache", "build/wells", "build"])
def test_clean_removes_nothing_behind_a_link(shelf: Path, linked: str) -> None:
    theirs = shelf / "theirs"
    for place in (Folder(theirs), Folder(theirs) / ".cache", Folder(theirs) / "wells" / ".cache"):
        Store(place).put("answer", DIGEST, b"mine")
    before = sorted(theirs.rglob("*"))
    (shelf / linked).parent.mkdir(parents=True, exist_ok=True)
    (shelf / linked).symlink_to(theirs)
    result = invoke("clean", "wells")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"'{linked}' is a link, and nothing is removed behind it" in result.stderr
    assert sorted(theirs.rglob("*")) == before


def test_clean_goes_on_behind_a_title_that_it_cannot_empty(shelf: Path) -> None:
    (shelf / "build" / "rivers").mkdir(parents=True)
    (shelf / "build" / "rivers" / ".cache").symlink_to(shelf)
    result = invoke("clean")
    assert (result.exit_code, result.stdout) == (3, "build/wells/.cache: 0 kB freed\n")


def test_clean_where_the_system_refuses(shelf: Path) -> None:
    (shelf / "build").write_text("mine")
    result = invoke("clean", "wells")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "cannot empty '" in result.stderr


def test_codes_lists_every_code_and_explains_one() -> None:
    listed = invoke("codes").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(codes())
    explained = invoke("codes", "p901").stdout
    assert codes()["P901"].explanation in explained
    assert codes()["P901"].example in explained


def test_styles_are_listed_with_title_and_class() -> None:
    rows = dict(line.split(maxsplit=1) for line in invoke("styles", "chicago").stdout.splitlines())
    assert rows["chicago-notes-bibliography"].startswith("note ")
    assert rows["chicago-author-date"].startswith("in text ")
    assert "Chicago Manual of Style 18th edition" in rows["chicago-notes-bibliography"]
    assert "apa" not in rows


def test_all_styles_are_listed_in_order() -> None:
    names = [line.split()[0] for line in invoke("styles").stdout.splitlines()]
    assert len(names) > 2800
    assert names == sorted(names)


def test_new_makes_a_title_without_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("new", "My first_book")
    assert result.exit_code == 0
    folder = tmp_path / "My first_book" / "manuscript" / "my-first-book"
    assert sorted(result.stdout.splitlines()) == sorted(str(path.relative_to(tmp_path)) for path in folder.iterdir())
    manuscript, found = load(folder)
    assert not found
    assert manuscript
    assert manuscript.title.title == "My First Book"
    assert len(manuscript.chapters) == 2


def test_two_new_titles_have_identifiers_of_their_own(tmp_path: Path) -> None:
    identifiers = set()
    for place in ("a", "b"):
        invoke("new", str(tmp_path / place / "book"))
        manuscript, _ = load(tmp_path / place / "book" / "manuscript" / "book")
        assert manuscript
        identifiers.add(manuscript.title.identifier)
    assert len(identifiers) == 2


INTERRUPTED = """
    import os, time
    from pathlib import Path
    from postil import build as pipeline
    from postil.cli import main

    def build(folder, order, progress):
        out = order.out.path / folder.name
        out.mkdir(parents=True)
        (out / f".postil-{os.getpid()}-0123456789abcdef.part").write_bytes(b"%PDF")
        Path("ready").touch()
        time.sleep(60)

    pipeline.build = build
    main(["build", "wells"])
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_says_so_and_leaves_nothing(shelf: Path, number: signal.Signals, status: int) -> None:
    with subprocess.Popen([sys.executable, "-c", dedent(INTERRUPTED)], stderr=subprocess.PIPE, text=True) as process:
        while not (shelf / "ready").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        _, messages = process.communicate(timeout=10)
    assert process.returncode == status
    assert "Traceback" not in messages
    assert list((shelf / "build" / "wells").iterdir()) == []


@pytest.mark.slow
def test_a_new_title_builds_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    invoke("new", "essay")
    monkeypatch.chdir("essay")
    result = invoke("build", "--strict", "--edition", "annotated", "--edition", "clean", "--edition", "proof")
    assert result.exit_code == 0, result.stderr
    assert "note[" not in result.stderr
    assert len(result.stdout.splitlines()) == 5
