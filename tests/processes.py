"""The processes that run, as Linux lists them, and a wait for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

listed = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def session(leader: int) -> dict[int, str]:
    """The processes of a session that still run, by number, with their names."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        state, _, _, number, *_ = rest.split()
        if int(number) == leader and state not in "ZX":
            found[int(path.parent.name)] = name
    return found


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
