"""Files written whole or not at all, and never through a link that somebody has laid.

A folder of results may have come with a title, or may be shared: whatever lies there is nobody's word. So each file is
written under a name that cannot be guessed, in a folder that was opened without following links, and is then renamed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PART: Final = re.compile(r"\.postil-(?P<group>[0-9]+)-[0-9a-f]{16}\.part")
_STALE: Final = 24 * 60 * 60
"""The age in seconds at which a part is nobody's any more: no title may take longer than a day."""
_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class LinkError(OSError):
    """A link stands where a folder or a file of results should; nothing was written through it."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ELOOP, "it is a link", str(path))


@dataclass(frozen=True, slots=True)
class Stored:
    """An ordinary file in a folder: its bytes, and when it was last written or used, in nanoseconds."""

    name: str
    size: int
    used: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of results: `named` by the user, who may name a link, and the folders `below` it, which may be none.

    `Folder(Path("out")) / "wells"` is `out/wells`.
    """

    named: Path
    below: tuple[str, ...] = ()

    def __truediv__(self, name: str) -> Folder:
        """A folder in this one."""
        return Folder(self.named, (*self.below, name))

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.named.joinpath(*self.below)

    def write(self, name: str, data: bytes) -> Path:
        """Write a file, so that nobody ever sees half of it, and answer its path.

        Missing folders are made, and a file that is replaced keeps its permissions. Raises LinkError, and OSError
        where the system refuses or something else than an ordinary file has the name.
        """
        with self._opened(make=True) as folder:
            _replace(folder, self.path / name, data)
        return self.path / name

    def read(self, name: str, limit: int, *, use: bool = False) -> bytes | None:
        """The bytes of an ordinary file of at most `limit` bytes; None where there is no such file.

        `use` it, and it is as new as one that was just written.
        """
        with contextlib.suppress(OSError), self._opened(make=False) as folder:
            # Without O_NONBLOCK a pipe would block the open for ever.
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(name, flags, dir_fd=folder), "rb") as file:
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    data = file.read(limit + 1)
                    if use:
                        with contextlib.suppress(OSError):
                            os.utime(file.fileno())
                    return data if len(data) <= limit else None
        return None

    def files(self) -> Sequence[Stored]:
        """The ordinary files right in it; none where there is no such folder. Raises LinkError and OSError."""
        found: list[Stored] = []
        with contextlib.suppress(FileNotFoundError), self._opened(make=False) as folder, os.scandir(folder) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):  # another process has removed it
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        found.append(Stored(entry.name, status.st_size, status.st_mtime_ns))
        return found

    def remove(self, name: str) -> None:
        """Remove a file, if it is there; of a link, the link. Raises LinkError and OSError."""
        with contextlib.suppress(FileNotFoundError), self._opened(make=False) as folder:
            os.unlink(name, dir_fd=folder)

    def sweep(self, group: int) -> None:
        """Remove the parts of files that a group of processes has left, here and below, and those a day old."""
        with contextlib.suppress(OSError), self._opened(make=False) as folder:
            for _, _, names, inner in os.fwalk(".", dir_fd=folder, follow_symlinks=False):
                for name in names:
                    if part := _PART.fullmatch(name):
                        with contextlib.suppress(OSError):
                            age = time.time() - os.stat(name, dir_fd=inner, follow_symlinks=False).st_mtime
                            if int(part["group"]) == group or age > _STALE:
                                os.unlink(name, dir_fd=inner)

    @contextmanager
    def _opened(self, *, make: bool) -> Iterator[int]:
        """The folder as an open file, into which no link has led below the one that the user named."""
        if make:
            self.named.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.named, _DIRECTORY)
        try:
            path = self.named
            for name in self.below:
                path /= name
                inner = _inner(folder, path, make=make)
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)


def write(path: Path, data: bytes) -> None:
    """Write a file that the user has named: an ordinary one whole or not at all, a device or a pipe as it stands.

    A link to an ordinary file is refused, for it may have been laid there: the file itself can be named. Raises
    LinkError and OSError.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        found = None
    if found is None or (stat.S_ISREG(found.st_mode) and not _is_ours(found)):
        Folder(path.parent).write(path.name, data)
        return
    # Without O_NONBLOCK a pipe that nobody reads would block the open for ever. A folder is refused here.
    device = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        os.set_blocking(device, True)
        _write_all(device, data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        os.close(device)


def _is_ours(found: os.stat_result) -> bool:
    """Whether a file is one that this program writes its words to, as `/dev/stdout` may be."""
    streams = (1, 2)
    for stream in streams:
        with contextlib.suppress(OSError):
            if os.path.samestat(found, os.fstat(stream)):
                return True
    return False


def _inner(folder: int, path: Path, *, make: bool) -> int:
    """The folder at `path` within one that is open; it is made where it is missing. Raises LinkError and OSError."""
    try:
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(path.name, dir_fd=folder)
        return os.open(path.name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if stat.S_ISLNK(_mode(folder, path.name)):
            raise LinkError(path) from None
        raise OSError(error.errno, error.strerror, str(path)) from None


def _replace(folder: int, path: Path, data: bytes) -> None:
    """Write the file at `path` in an open folder under a temporary name, then give it its own."""
    mode = _mode(folder, path.name)
    if stat.S_ISLNK(mode):
        raise LinkError(path)
    if mode and not stat.S_ISREG(mode):
        reason = errno.EISDIR if stat.S_ISDIR(mode) else errno.EEXIST
        raise OSError(reason, os.strerror(reason), str(path))
    part = f".postil-{os.getpgrp()}-{secrets.token_hex(8)}.part"
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(part, flags, 0o666, dir_fd=folder)
        try:
            try:
                _write_all(file, data)
                if mode:
                    os.fchmod(file, stat.S_IMODE(mode) & 0o777)
            finally:
                os.close(file)
            os.replace(part, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part, dir_fd=folder)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _mode(folder: int, name: str) -> int:
    """The type and permissions of what has a name in an open folder; 0 where nothing has it."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return 0


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
