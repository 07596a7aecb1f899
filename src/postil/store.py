"""What earlier builds have made, kept in a folder for later ones.

An entry is a file, named by its kind and by the digest of all that it was made of: `answer-9f86d0…`. So it is never out
of date; it is there or not. The folder may have come with a title, or another build may work in it right now. So each
entry has the hash of itself at its head, is renamed into its place when it is whole, and may be gone at any moment.

All entries lie in one folder: with one for each first two letters, writing took ten times as long, and nothing was
quicker.
"""

from __future__ import annotations

import contextlib
import os
import re
from hashlib import sha256
from typing import Final

from postil.source import Diagnostic
from postil.writing import Folder, LinkError, Stored

NAME: Final = ".cache"
"""Of the folder, in that of a title's results."""
LIMIT: Final = 512 << 20
"""The most bytes of a folder at the end of a build, unless it says otherwise."""
LARGEST: Final = 64 << 20
"""The most bytes of an entry. Larger ones are not kept."""

_MAGIC: Final = b"postil 1\n"
_HEAD: Final = len(_MAGIC) + sha256().digest_size
_ENTRY: Final = re.compile(r"[a-z]+-[0-9a-f]{64}")
_LABELS: Final = {
    ".gitignore": b"*\n",
    # by which programs that make copies of a disk know what they need not copy
    "CACHEDIR.TAG": b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# This folder is a cache of Postil's; see https://bford.info/cachedir/\n",
}


class Store:
    """A folder of entries, of at most `limit` bytes once it is swept.

    Nothing that happens to it stops a build: what cannot be read is not there, and `notes` say what cannot be kept.
    """

    def __init__(self, folder: Folder, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._damaged: list[str] = []
        self._labelled = False
        self._refused: OSError | None = None

    def get(self, kind: str, digest: str) -> bytes | None:
        """An entry as it was put; None where there is none. One that was changed since is thrown away."""
        name = _name(kind, digest)
        data = self._folder.read(name, _HEAD + LARGEST, use=True)
        if data is None:
            return None
        content = data[_HEAD:]
        if data[:_HEAD] == _head(name, content):
            return content
        self._damaged.append(name)
        with contextlib.suppress(OSError):
            self._folder.remove(name)
        return None

    def put(self, kind: str, digest: str, data: bytes) -> None:
        """Keep an entry, unless it is too large, or the folder has refused one before."""
        name = _name(kind, digest)
        if self._refused is not None or len(data) > LARGEST:
            return
        try:
            self._folder.write(name, _head(name, data) + data)
            self._label()
        except OSError as error:
            self._refused = error

    def sweep(self) -> None:
        """Remove what was not used for the longest time, until the entries have no more bytes than the limit.

        Before all others go those that are too large to be read, for they are none of ours.
        """
        with contextlib.suppress(OSError):
            entries = sorted(self._entries(), key=lambda entry: (entry.size <= _HEAD + LARGEST, entry.used, entry.name))
            size = sum(entry.size for entry in entries)
            for entry in entries:
                if size <= self._limit:
                    break
                self._folder.remove(entry.name)
                size -= entry.size

    def clear(self) -> int:
        """Remove all entries, and answer how many bytes that has freed. Raises LinkError and OSError."""
        freed = 0
        for entry in self._entries():
            self._folder.remove(entry.name)
            freed += entry.size
        return freed

    @property
    def notes(self) -> tuple[Diagnostic, ...]:
        """What happened to it since it was opened, in one note of each kind."""
        found: list[Diagnostic] = []
        if self._damaged:
            first, *others = self._damaged
            more = f", as {'were' if others[1:] else 'was'} {len(others)} more" if others else ""
            path = os.path.relpath(self._folder.path / first)
            message = f"'{path}' is not as Postil wrote it, and was thrown away{more}"
            found.append(Diagnostic("P938", message, None, "nothing is to be done: it has been made anew"))
        match self._refused:
            case None:
                pass
            case LinkError(filename=path):
                message = f"nothing can be kept for the next build, for '{os.path.relpath(path)}' is a link"
                found.append(Diagnostic("P939", message, None, "delete it, or build with --no-cache"))
            case error:
                reason, path = (error.strerror or str(error)).lower(), os.path.relpath(self._folder.path)
                message = f"nothing can be kept for the next build: the system says '{reason}' for '{path}'"
                hint = "look at its permissions and at the space left on the disk, or build with --no-cache"
                found.append(Diagnostic("P939", message, None, hint))
        return tuple(found)

    def _entries(self) -> tuple[Stored, ...]:
        return tuple(file for file in self._folder.files() if _ENTRY.fullmatch(file.name))

    def _label(self) -> None:
        """Keep the folder out of version control and out of backups."""
        if not self._labelled:
            for name, data in _LABELS.items():
                if self._folder.read(name, LARGEST) is None:
                    self._folder.write(name, data)
            self._labelled = True


def _name(kind: str, digest: str) -> str:
    name = f"{kind}-{digest}"
    if not _ENTRY.fullmatch(name):
        raise ValueError(f"no entry can have the name '{name}'")
    return name


def _head(name: str, content: bytes) -> bytes:
    """What stands before an entry. Its name has a say, so that none is read that somebody has renamed."""
    digest = sha256(name.encode())
    digest.update(content)
    return _MAGIC + digest.digest()
