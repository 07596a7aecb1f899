"""Real offenders: each is ended, leaves nothing behind, and is told of by a diagnostic."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from postil.document import Limits
from postil.limits import Progress, run
from postil.source import Diagnostic
from postil.writing import Folder


def quiet(stage: str, share: float) -> None:
    """Hear nothing."""


def allocate(_: Progress) -> None:
    rows = []
    while True:
        rows.append(bytearray(1 << 24))


def recurse(hear: Progress) -> None:
    recurse(hear)


def leave(_: Progress) -> None:
    os._exit(3)


def crash(_: Progress) -> None:
    ctypes.string_at(0)


def complain_and_crash(_: Progress) -> None:
    os.write(2, b"GLib-ERROR: failed to allocate 8 bytes\n")
    os.abort()


def be_wrong(_: Progress) -> None:
    raise KeyError("x")


def write_where_nobody_may(_: Progress) -> None:
    (Folder(Path("/proc")) / "postil").write("x.pdf", b"")


@pytest.mark.parametrize(
    ("offender", "code", "words"),
    [
        (allocate, "P931", "512 MB"),
        (complain_and_crash, "P931", "memory"),
        (recurse, "P932", "nested too deeply"),
        (leave, "P933", "status 3"),
        (crash, "P933", "SIGSEGV"),
        (be_wrong, "P934", "KeyError: 'x'"),
        (write_where_nobody_may, "P935", "'/proc/postil'"),
    ],
)
def test_an_offender_becomes_a_diagnostic(
    tmp_path: Path, offender: Callable[[Progress], None], code: str, words: str
) -> None:
    # the child begins with all that the tests have in memory: only what allocates shall find too little
    memory = 1 << (29 if offender is allocate else 33)
    found = run(offender, Limits(60, memory), quiet, Folder(tmp_path))
    assert isinstance(found, Diagnostic)
    assert found.code == code, found
    assert words in found.message


def test_the_time_is_up(tmp_path: Path) -> None:
    def sleep(hear: Progress) -> None:
        hear("layout", 0.5)
        time.sleep(60)

    start = time.monotonic()
    found = run(sleep, Limits(1), quiet, Folder(tmp_path))
    assert isinstance(found, Diagnostic)
    assert found.code == "P930"
    assert "longer than 1 s, and was ended in the stage 'layout'" in found.message
    assert time.monotonic() - start < 10


def test_the_result_comes_back_and_progress_before_it(tmp_path: Path) -> None:
    heard = []

    def work(hear: Progress) -> list[int]:
        hear("dialect", 0)
        hear("layout", 0.25)
        return [1, 2]

    assert run(work, Limits(), lambda stage, share: heard.append((stage, share)), Folder(tmp_path)) == [1, 2]
    assert heard == [("dialect", 0.0), ("layout", 0.25)]


def test_a_large_result_comes_back_whole(tmp_path: Path) -> None:
    assert run(lambda _: b"x" * (32 << 20), Limits(), quiet, Folder(tmp_path)) == b"x" * (32 << 20)


def test_what_the_child_prints_is_not_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(lambda _: os.write(1, b"out") + os.write(2, b"err"), Limits(), quiet, Folder(tmp_path))
    assert capfd.readouterr() == ("", "")


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_processes_that_the_child_started_end_with_it(tmp_path: Path) -> None:
    def start_another(_: Progress) -> None:
        with subprocess.Popen(["sleep", "60"]) as other:
            (tmp_path / "pid").write_text(str(other.pid))

    run(start_another, Limits(1), quiet, Folder(tmp_path))
    deadline = time.monotonic() + 5
    while alive(int((tmp_path / "pid").read_text())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(int((tmp_path / "pid").read_text()))


def test_nothing_half_written_and_no_temporary_file_is_left(tmp_path: Path) -> None:
    out = tmp_path / "build" / "wells"
    out.mkdir(parents=True)
    (out / part(1)).write_bytes(b"another process writes this")

    def half_write(_: Progress) -> None:
        (out / part(os.getpid())).write_bytes(b"%PDF")
        (tmp_path / "scratch").write_text(tempfile.mkdtemp())
        os._exit(1)

    run(half_write, Limits(), quiet, Folder(tmp_path / "build"))
    assert [path.name for path in out.iterdir()] == [part(1)]
    assert not Path((tmp_path / "scratch").read_text()).exists()


def part(process: int) -> str:
    """The name of a file that a process is writing."""
    return f".postil-{process}-0123456789abcdef.part"


INTERRUPTED = """
    import os, pathlib, sys, time
    from postil.document import Limits
    from postil.limits import run
    from postil.writing import Folder

    out = pathlib.Path(sys.argv[1])

    def work(hear):
        (out / f".postil-{os.getpid()}-0123456789abcdef.part").write_bytes(b"%PDF")
        (out / "child").write_text(str(os.getpid()))
        (out / "child").rename(out / "ready")
        time.sleep(60)

    run(work, Limits(), print, Folder(out))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupt_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    """Even when there was no time to end the child: it tidies up and ends itself when its parent is gone."""
    (tmp_path / "scratch").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", dedent(INTERRUPTED), str(tmp_path)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
    ) as parent:
        while not (tmp_path / "ready").exists():
            assert parent.poll() is None
            time.sleep(0.01)
        parent.send_signal(number)
        parent.wait(10)
    child = int((tmp_path / "ready").read_text())
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ready", "scratch"]
    assert not list((tmp_path / "scratch").iterdir())
