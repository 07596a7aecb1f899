"""Real offenders: each is ended, leaves nothing behind, and is told of by a diagnostic."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest
from processes import await_that, listed, session

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
    await_that(lambda: not alive(int((tmp_path / "pid").read_text())))


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


# --- forks of the child ------------------------------------------------------------------------------------------


def fork(work: Callable[[], object]) -> int:
    """The number of a new process, which does some work and ends."""
    if child := os.fork():
        return child
    try:
        work()
    finally:
        os._exit(0)


@listed
def test_the_child_has_one_thread(tmp_path: Path) -> None:
    def count(_: Progress) -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    assert run(count, Limits(), quiet, Folder(tmp_path)) == 1


def test_the_child_may_fork_others_that_help(tmp_path: Path) -> None:
    def ask(_: Progress) -> tuple[int, int | None]:
        forking = multiprocessing.get_context("fork")
        reader, writer = forking.Pipe(duplex=False)
        helper = forking.Process(target=lambda: writer.send(6 * 7))
        helper.start()
        answer = reader.recv()
        helper.join()
        return answer, helper.exitcode

    assert run(ask, Limits(), quiet, Folder(tmp_path)) == (42, 0)


def test_forks_have_ended_when_the_time_is_up(tmp_path: Path) -> None:
    """Without a wait: the folder that they write to may be swept."""

    def wait_for_a_fork(_: Progress) -> None:
        process = fork(partial(time.sleep, 60))
        (tmp_path / "pid").write_text(str(process))
        os.waitpid(process, 0)

    found = run(wait_for_a_fork, Limits(1), quiet, Folder(tmp_path))
    assert isinstance(found, Diagnostic)
    assert found.code == "P930"
    assert not alive(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("end", [leave, crash])
def test_a_crash_is_told_at_once_though_forks_still_run(tmp_path: Path, end: Callable[[Progress], None]) -> None:
    def fork_and_crash(hear: Progress) -> None:
        (tmp_path / "pid").write_text(str(fork(partial(time.sleep, 60))))
        end(hear)

    found = run(fork_and_crash, Limits(20), quiet, Folder(tmp_path))
    assert isinstance(found, Diagnostic)
    assert found.code == "P933"
    assert not alive(int((tmp_path / "pid").read_text()))


def test_a_child_that_ends_in_the_middle_of_a_message_has_crashed(tmp_path: Path) -> None:
    """It ends while its message is not read, and more is in it than a pipe can hold."""

    def crash_soon() -> None:
        time.sleep(0.5)
        os.kill(os.getppid(), signal.SIGSEGV)
        time.sleep(60)

    def say_much(hear: Progress) -> bytes:
        hear("layout", 0.5)
        fork(crash_soon)
        return b"x" * (1 << 24)

    found = run(say_much, Limits(20), lambda _stage, _share: time.sleep(2), Folder(tmp_path))
    assert isinstance(found, Diagnostic)
    assert found.code == "P933"


def test_a_fork_may_take_as_much_memory_as_the_child(tmp_path: Path) -> None:
    """The limit is one for each process."""

    def limit(_: Progress) -> list[int]:
        ours, theirs = os.pipe()
        fork(lambda: os.write(theirs, str(resource.getrlimit(resource.RLIMIT_AS)[0]).encode()))
        return [resource.getrlimit(resource.RLIMIT_AS)[0], int(os.read(ours, 100))]

    assert run(limit, Limits(60, 1 << 33), quiet, Folder(tmp_path)) == [1 << 33, 1 << 33]


def test_nothing_that_a_fork_has_half_written_is_left(tmp_path: Path) -> None:
    def write_and_stop() -> None:
        os.replace = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        (Folder(tmp_path) / "wells").write("a.pdf", b"%PDF")

    def half_write(_: Progress) -> list[str]:
        os.waitpid(fork(write_and_stop), 0)
        return [path.suffix for path in (tmp_path / "wells").iterdir()]

    assert run(half_write, Limits(), quiet, Folder(tmp_path)) == [".part"]
    assert list((tmp_path / "wells").iterdir()) == []


# --- the end of the parent ---------------------------------------------------------------------------------------

INTERRUPTED = """
    import os, pathlib, sys, time
    from postil.document import Limits
    from postil.limits import run
    from postil.writing import Folder

    out = pathlib.Path(sys.argv[1])

    def work(hear):
        (out / f".postil-{os.getpgrp()}-0123456789abcdef.part").write_bytes(b"%PDF")
        if os.fork():
            (out / "child").write_text(str(os.getpid()))
            (out / "child").rename(out / "ready")
        time.sleep(60)

    run(work, Limits(), print, Folder(out))
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose child, and a fork of that, are at work; it leads a session of its own."""
    (tmp_path / "scratch").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", dedent(INTERRUPTED), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
        start_new_session=True,
    ) as process:
        await_that(lambda: (tmp_path / "ready").exists() or process.poll() is not None)
        await_that(lambda: len(session(process.pid)) == len(("parent", "heir", "child", "fork")))
        yield process


def heir_of(parent: subprocess.Popen[bytes], folder: Path) -> int:
    """The process that is neither the parent nor in the group of its child."""
    groups = {parent.pid, int((folder / "ready").read_text())}
    [heir] = [process for process in session(parent.pid) if os.getpgid(process) not in groups]
    return heir


def nothing_is_left(folder: Path, parent: subprocess.Popen[bytes]) -> bool:
    await_that(lambda: not session(parent.pid))
    names = sorted(path.name for path in folder.iterdir())
    return names == ["ready", "scratch"] and not list((folder / "scratch").iterdir())


@listed
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupt_leaves_no_process(
    tmp_path: Path, parent: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    """Even when there was no time to end the child: its heir does so when the parent is gone."""
    parent.send_signal(number)
    parent.wait(10)
    assert nothing_is_left(tmp_path, parent)


@listed
def test_the_death_of_all_in_the_group_of_the_parent_leaves_no_process(
    tmp_path: Path, parent: subprocess.Popen[bytes]
) -> None:
    os.killpg(parent.pid, signal.SIGKILL)
    assert nothing_is_left(tmp_path, parent)


@listed
def test_who_reads_the_words_of_a_dead_parent_reads_to_their_end(
    tmp_path: Path, parent: subprocess.Popen[bytes]
) -> None:
    """Nobody else has its standard output, or would keep it open; here that is the heir, which is stopped."""
    heir = heir_of(parent, tmp_path)
    os.kill(heir, signal.SIGSTOP)
    parent.kill()
    output, _ = parent.communicate(timeout=10)
    os.kill(heir, signal.SIGCONT)
    assert output == b""


@listed
def test_the_death_of_the_heir_disturbs_nobody(tmp_path: Path, parent: subprocess.Popen[bytes]) -> None:
    os.kill(heir_of(parent, tmp_path), signal.SIGKILL)
    parent.send_signal(signal.SIGINT)
    assert nothing_is_left(tmp_path, parent)
