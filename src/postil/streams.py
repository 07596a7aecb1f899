"""The standard streams, made such that a write to them never fails where it stands.

Whoever reads the words of a program may have left (`postil codes | head`), and the disk that they go to may be full. A
build goes on all the same; what could not be told is said at the end.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

NAMES = {1: "standard output", 2: "standard error"}


class Streams:
    """What became of the streams: `failure` is the first that something could not be written to, and why."""

    def __init__(self) -> None:
        self.failure: tuple[str, OSError] | None = None


@contextmanager
def guarded() -> Iterator[Streams]:
    """Let standard output and standard error take everything. A stream that is closed leads to nowhere."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which gets the lowest free number: this one
    streams = Streams()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_opened(number, stream, streams) for number, stream in enumerate(before, 1))
    try:
        yield streams
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        sys.stdout, sys.stderr = before


def _opened(number: int, stream: TextIO | None, streams: Streams) -> TextIO:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    raw = _Guarded(number, streams)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=number > 1 or raw.isatty()
    )


class _Guarded(io.FileIO):
    """The file behind a stream. From the first write that fails on, it leads to nowhere."""

    def __init__(self, number: int, streams: Streams) -> None:
        super().__init__(number, "w", closefd=False)
        self._streams = streams

    def write(self, data: Buffer, /) -> int:
        """Write some of the bytes; all of them, to nowhere, where that fails."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno != errno.EPIPE:  # nobody reads any more, so that nothing is missed
                self._streams.failure = self._streams.failure or (NAMES[self.fileno()], error)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            with contextlib.suppress(OSError):
                os.close(nowhere)
            return memoryview(data).nbytes
