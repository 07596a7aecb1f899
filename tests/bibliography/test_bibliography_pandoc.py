from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from citing import formatted, library, note, style

from postil.bibliography import Stream
from postil.bibliography.checking.citations import check_citations
from postil.bibliography.citing.format import format_citations
from postil.bibliography.library import load_references
from postil.bibliography.style.file import read_style
from postil.document import Chapter
from postil.programs import pandoc
from postil.source import Source
from postil.store import Store
from postil.writing import Folder

ARGUMENTS = ("--from=markdown", "--to=plain")
LOOP = """<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
  <info><title>Loop</title><id>loop</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <macro name="a"><text macro="a"/><text macro="a"/></macro>
  <citation><layout><text macro="a"/></layout></citation>
</style>
"""


def answers(folder: Path) -> list[Path]:
    return sorted(folder.glob("answer-*"))


def test_an_answer_is_kept_and_taken_again(tmp_path: Path) -> None:
    assert pandoc.run(ARGUMENTS, "*a*", {}, Store(Folder(tmp_path)), str) == "a\n"
    [kept] = answers(tmp_path)
    data = kept.read_bytes()
    pandoc.run(ARGUMENTS, "*a*", {}, Store(Folder(tmp_path)), str)
    assert [p.read_bytes() for p in answers(tmp_path)] == [data]


def test_a_kept_answer_is_trusted_only_whole(tmp_path: Path) -> None:
    pandoc.run(ARGUMENTS, "*a*", {}, Store(Folder(tmp_path)), str)
    [kept] = answers(tmp_path)
    for spoiled in (b"", b"\xff", kept.read_bytes()[:-1], kept.read_bytes().replace(b"a\n", b"b\n")):
        kept.write_bytes(spoiled)
        assert pandoc.run(ARGUMENTS, "*a*", {}, Store(Folder(tmp_path)), str) == "a\n"


def test_whatever_goes_in_counts(tmp_path: Path) -> None:
    for arguments, text, files in (
        (ARGUMENTS, "*a*", {}),
        (ARGUMENTS, "*b*", {}),
        (ARGUMENTS[:1], "*a*", {}),
        (ARGUMENTS, "*a*", {"x": b"1"}),
        (ARGUMENTS, "*a*", {"x": b"2"}),
    ):
        pandoc.run(arguments, text, files, Store(Folder(tmp_path)), str)
    assert len(answers(tmp_path)) == 5


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert pandoc.run(ARGUMENTS, "*a*", {}, Store(Folder(tmp_path / "file")), str) == "a\n"


def test_pandoc_sees_no_other_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    answer = pandoc.run(("--from=rst", "--to=plain"), f".. include:: {secret}\n", {}, None, str)
    assert "secret" not in answer


def test_it_is_stopped_when_it_takes_too_long() -> None:
    with pytest.raises(pandoc.PandocError, match="more than"):
        pandoc.run(ARGUMENTS, "*a*" * 20_000, {}, None, str, seconds=0.01)


def test_a_style_that_runs_in_circles_is_a_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "HEAP", "128M")
    loop, _ = read_style("loop.csl", LOOP.encode())
    assert loop is not None
    references = library("@book{a, title={T}, publisher={P}, date={2004}}")
    answer = format_citations(Stream((note("n", "a"),)), references, loop, "en", None)
    assert [d.code for d in answer.diagnostics] == ["P206"]
    assert answer.diagnostics[0].message.endswith("it needs more than 128MB of memory")


def test_a_missing_pandoc_is_a_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pandoc._program.cache_clear()
    monkeypatch.setattr("pypandoc.__file__", str(tmp_path / "__init__.py"))
    try:
        _, found = load_references([Source("r.bib", "@book{a, title={T}}")], None)
    finally:
        pandoc._program.cache_clear()
    assert [d.code for d in found] == ["P206"]


def test_both_answers_are_kept_by_their_content(tmp_path: Path) -> None:
    source = Source("r.bib", "@book{a, title={T}, publisher={P}, date={2004}}")
    first, _ = load_references([source], Store(Folder(tmp_path)))
    stream = Stream((note("n", "a"),))
    answer = format_citations(stream, first, style(), "en", Store(Folder(tmp_path)))
    assert len(answers(tmp_path)) == 2
    again, _ = load_references([source], Store(Folder(tmp_path)))
    assert format_citations(stream, again, style(), "en", Store(Folder(tmp_path))) == answer
    assert len(answers(tmp_path)) == 2
    assert formatted(dict(again), [note("n", "a")], language="en").notes == answer.notes


KILLED = "#!/bin/sh\nkill -9 $$\n"
SILENT = "#!/bin/sh\nexit 3\n"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (KILLED, "pandoc was ended by SIGKILL, perhaps for want of memory, without a word"),
        (SILENT, "pandoc ended with status 3 without a word"),
    ],
)
def test_a_pandoc_that_ends_without_a_word_is_said_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
) -> None:
    path = tmp_path / "pandoc"
    path.write_text(program)
    path.chmod(0o755)
    monkeypatch.setattr(pandoc, "_program", lambda: (str(path), ""))
    _, found = load_references([Source("r.bib", "@book{a, title={T}}")], None)
    assert [d.message for d in found if d.code == "P206"] == [f"the entries of 'r.bib' cannot be read: {reason}"]


def test_works_are_not_said_to_be_missing_because_pandoc_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise pandoc.PandocError("it is ill")

    monkeypatch.setattr(pandoc, "_run", fail)
    entries = "".join(f"@book{{k{n}, title={{T}}}}\n" for n in range(100))
    references, found = load_references([Source("r.bib", entries)], None)
    cited = Chapter(Source("01.md", ""), tuple(note(f"n{n}", f"k{n}").citations[0][1] for n in range(101)), {}, {})
    missing = [d.message for d in check_citations([cited], references) if d.code == "P201"]
    assert missing == ["citation key 'k100' is not in r.bib"]
    assert [d.code for d in found] == ["P206"]


def test_a_work_whose_entry_cannot_be_read_is_not_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pandoc._run

    def refuse(path: str, arguments: Sequence[str], text: str, *more: Any) -> str:
        lines = text.split("\n")
        wrong = next((number for number, line in enumerate(lines, 1) if "Wrong" in line), None)
        if wrong:
            raise pandoc.PandocError(f"Error at (line {wrong}, column 1):\nunexpected W")
        return asked(path, arguments, text, *more)

    monkeypatch.setattr(pandoc, "_run", refuse)
    entry = "@book{{{}, title={{{}}}, author={{A}}, publisher={{P}}, date={{2004}}}}"
    text = entry.format("a", "Wrong") + "\n" + entry.format("b", "Right")
    references, found = load_references([Source("r.bib", text)], None)
    assert sorted(references) == ["a", "b"]
    assert [(d.code, d.position.line) for d in found if d.position] == [("P202", 1)]
