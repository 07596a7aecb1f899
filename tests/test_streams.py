"""The command where its words cannot be told, or where it is interrupted before it has begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner

from postil.cli import main

BOOK = 'title = "T"\nlanguage = "en"\ndate = 2026-11-23\nidentifier = "urn:x:y"\n'
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@pytest.fixture
def title(tmp_path: Path) -> Path:
    folder = tmp_path / "manuscript" / "t"
    folder.mkdir(parents=True)
    (folder / "book.toml").write_text(BOOK)
    (folder / "01.md").write_text("# One\n\nWords.\n")
    return tmp_path


def shell(command: str, folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, in which `postil` is the command."""
    line = f'set -o pipefail; postil() {{ "{sys.executable}" -m postil "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, capture_output=True, text=True, timeout=60, check=False, **more
    )


def outputs(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "build" / "t").glob("*") if path.name != ".cache")


BUILT = ["t-annotated.epub"]
BUILD = "build --format epub"


@full
@pytest.mark.parametrize(
    "command", [BUILD, f"{BUILD} --diagnostics json", "codes", "styles mla", "--help", "--version"]
)
def test_standard_output_that_is_full_is_said_at_the_end(title: Path, command: str) -> None:
    done = shell(f"postil {command} >/dev/full", title)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == "Error: cannot write to standard output: No space left on device"
    assert "Traceback" not in done.stderr
    assert outputs(title) == (BUILT if "build" in command else [])


@full
def test_errors_of_the_manuscript_weigh_more_than_a_stream_that_is_full(title: Path) -> None:
    (title / "manuscript" / "t" / "01.md").write_text("# One\n\n{++a\n")
    assert shell("postil build >/dev/full", title).returncode == 1


@full
def test_standard_error_that_is_full_keeps_nothing_from_being_built(title: Path) -> None:
    done = shell(f"postil {BUILD} 2>/dev/full", title)
    assert done.returncode == 3
    assert outputs(title) == BUILT


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_leads_to_nowhere(title: Path, closed: str) -> None:
    done = shell(f"postil {BUILD} {closed}", title)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert outputs(title) == BUILT


@pytest.mark.parametrize("command", ["codes | head -1", "styles | head -1", f"{BUILD} 2>&1 | head -1"])
def test_a_reader_may_leave(title: Path, command: str) -> None:
    done = shell(f"postil {command}", title)
    assert done.returncode == 0
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")
    assert outputs(title) == (BUILT if command.startswith("build") else [])


def test_characters_that_a_terminal_has_not_are_written_otherwise(title: Path) -> None:
    (title / "manuscript" / "t").rename(title / "manuscript" / "tč")
    done = shell(f"postil {BUILD}", title, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert done.stdout.startswith(r"build/t\u010d/t\u010d-annotated.epub")


# --- interrupts --------------------------------------------------------------------------------------------------

AT_IMPORT = """
    import os, signal, sys
    from postil.__main__ import run

    class Interrupting:
        def find_spec(self, name, path=None, target=None):
            if name == module:
                os.kill(os.getpid(), signal.SIGINT)

    module = sys.argv.pop(1)
    sys.meta_path.insert(0, Interrupting())
    run()
"""


@pytest.mark.parametrize("module", ["postil.cli", "click", "rich", "pydantic", "postil.build", "weasyprint"])
def test_an_interrupt_while_the_program_is_loaded_ends_it_quietly(title: Path, module: str) -> None:
    command = [sys.executable, "-c", dedent(AT_IMPORT), module, "build"]
    done = subprocess.run(command, cwd=title, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_a_shell_ignores_stays_ignored(title: Path, number: signal.Signals) -> None:
    """As of a program in the background, or behind nohup."""
    line = f"trap '' {number.name.removeprefix('SIG')}; exec \"{sys.executable}\" -m postil {BUILD}"
    with subprocess.Popen(
        ["sh", "-c", line], cwd=title, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        while ": manuscript" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert outputs(title) == BUILT


# --- what a terminal is shown ------------------------------------------------------------------------------------

EVIL = "e\x1b]0;owned\x07v\u202eil"


@pytest.mark.parametrize(
    "arguments",
    [
        ["build"],
        ["build", "--diagnostics", "short"],
        ["build", "--diagnostics", "json"],
        ["build", EVIL, "--out", "o" + EVIL],
        ["build", "no" + EVIL],
        ["build", "--" + EVIL],
        ["build", "--edition", EVIL],
        ["build", "--timings", f"/{EVIL}/t.json"],
        ["check", EVIL],
        [EVIL],
        ["codes", EVIL],
        ["styles", EVIL],
        ["new", "new" + EVIL],
        ["new", "manuscript/" + EVIL],
    ],
    ids=str,
)
def test_no_name_reaches_a_terminal_raw(title: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(title)
    folder = title / "manuscript" / EVIL
    (title / "manuscript" / "t").rename(folder)
    (folder / "02.md").write_text(f"# Two\n\n[a](#{EVIL}) [^{EVIL}]\n")
    for wrong in (False, True):
        if wrong:
            (folder / f"{EVIL}.md").write_bytes(b"# \xff")
        done = CliRunner().invoke(main, arguments)
        assert "il" in done.output
        assert not [sign for sign in done.output if sign in "\x1b\x07\u202e"]
        assert isinstance(done.exception, SystemExit | None)


def test_a_name_that_is_no_text_is_shown_and_written(title: Path) -> None:
    folder = os.fsencode(title / "manuscript") + b"/b\xff"
    os.rename(title / "manuscript" / "t", folder)  # noqa: PTH104 -- pathlib has no bytes
    done = subprocess.run(
        [sys.executable, "-m", "postil", *BUILD.split(), "--timings", "t.json"],
        cwd=title,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stderr.decode().endswith("no errors\n")
    assert done.stdout.decode().startswith("build/b\N{REPLACEMENT CHARACTER}/")
    assert (title / "t.json").is_file()
