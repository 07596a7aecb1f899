from __future__ import annotations

import time

import pytest

from postil import process


def test_a_program_answers_what_it_reads() -> None:
    done = process.run(["/bin/sh", "-c", "/bin/cat; /bin/cat more; echo oh >&2; exit 3"], "a", 10, {"more": b"b"})
    assert (done.stdout, done.stderr, done.returncode) == (b"ab", b"oh\n", 3)


def test_a_program_has_no_environment_but_the_one_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "mine")
    done = process.run(["/bin/sh", "-c", "echo $SECRET $OURS"], "", 10, environment={"OURS": "yes"})
    assert done.stdout == b"yes\n"


@pytest.mark.parametrize("line", ["/bin/sleep 20", "/bin/sleep 20 & wait"])
def test_nobody_waits_for_a_program_that_takes_too_long_or_for_what_it_has_started(line: str) -> None:
    start = time.monotonic()
    with pytest.raises(process.ProgramError, match=r"more than 0\.5 seconds"):
        process.run(["/bin/sh", "-c", line], "", 0.5)
    assert time.monotonic() - start < 10


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(process.ProgramError, match="No such file"):
        process.run(["/no/such/program"], "", 1)
