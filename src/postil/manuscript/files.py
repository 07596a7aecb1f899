"""Files of a title, read from a folder that nobody vouches for."""

from __future__ import annotations

import codecs
import difflib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from postil.source import Diagnostic, Position, Source

TEXT_LIMIT = 5 << 20
"""The most bytes that a chapter or a bibliography may have."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, so that no output could show it: control characters but tab and line end, halves of
surrogate pairs, noncharacters."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BOM = "\ufeff"


def read_bytes(folder: Path, path: str, at: Position, limit: int) -> bytes | Diagnostic:  # noqa: PLR0911 -- one a fault
    """The bytes of a file in the title, at most `limit` of them, or why they cannot be had.

    `path` is relative to `folder`, with `/`. Whatever leads out of the folder (a path or a link) and whatever is no
    ordinary file is refused. `at` is the place that named the file.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path or ":" in parts[0]:
        hint = "give a path relative to the folder of book.toml, with '/' and without '..'"
        return Diagnostic("P902", f"path '{path}' is not one inside the title", at, hint)
    try:
        root = folder.resolve(strict=True)
        real = root.joinpath(*parts).resolve()  # whatever is there: nothing outside is even looked for
        if not real.is_relative_to(root):
            hint = "copy the file into the title"
            return Diagnostic("P902", f"'{path}' is a link that leads out of the title", at, hint)
        # Without O_NONBLOCK a pipe would block the open for ever.
        with os.fdopen(os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Diagnostic("P903", f"'{path}' is not an ordinary file", at)
            data = file.read(limit + 1)
    except (OSError, RuntimeError) as error:
        if isinstance(error, FileNotFoundError) and (spelled := _spelled_on_disk(folder, parts)):
            return read_bytes(folder, spelled, at, limit)
        return _unreadable(folder, path, at, error)
    if len(data) > limit:
        size = f"{limit >> 20} MB" if limit >> 20 else f"{limit >> 10} kB"
        return Diagnostic("P904", f"file '{path}' is larger than {size}", at, "split it, or make it smaller")
    return data


def _spelled_on_disk(folder: Path, parts: Sequence[str]) -> str | None:
    """The path of a file whose letters the file system composes otherwise: macOS has é as e with an accent."""
    try:
        here = root = folder.resolve()
        found: list[str] = []
        for part in parts:
            if not here.resolve().is_relative_to(root):
                return None
            names = {unicodedata.normalize("NFC", path.name): path.name for path in sorted(here.iterdir())}
            found.append(part if (here / part).exists() else names[unicodedata.normalize("NFC", part)])
            here /= found[-1]
    except (OSError, RuntimeError, KeyError):
        return None
    return None if found == list(parts) else "/".join(found)


def _unreadable(folder: Path, path: str, at: Position, error: OSError | RuntimeError) -> Diagnostic:
    match error:
        case FileNotFoundError():
            return Diagnostic("P901", f"file '{path}' does not exist", at, _similar(folder, PurePosixPath(path)))
        case IsADirectoryError():
            return Diagnostic("P903", f"'{path}' is a folder, not a file", at)
        case OSError(strerror=str(reason)):
            return Diagnostic("P901", f"file '{path}' cannot be read: {reason.lower()}", at)
        case _:
            return Diagnostic("P901", f"file '{path}' cannot be read: its links go round in a circle", at)


def read_source(
    folder: Path, path: str, at: Position, limit: int = TEXT_LIMIT
) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """A text file of the title as a `Source`, with everything that is wrong with its characters.

    A character that no output could hold is U+FFFD in the text, so that the rest can still be checked.
    """
    data = read_bytes(folder, path, at, limit)
    if isinstance(data, Diagnostic):
        return None, (data,)
    source = decode(path, data)
    return source, tuple(_wrong_characters(source, data))


def decode(path: str, data: bytes) -> Source:
    """The text of a file, whatever its bytes are."""
    return Source(path, FORBIDDEN.sub(_REPLACEMENT, _with_newlines(data.decode("utf-8", "replace"))))


def _with_newlines(text: str) -> str:
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")


def _wrong_characters(source: Source, data: bytes) -> Iterator[Diagnostic]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield source.diagnostic("P905", 0, "the file is UTF-16, not UTF-8", "save the file with the encoding UTF-8")
        return
    raw = data.decode("utf-8", "replace")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = len(_with_newlines(data[: error.start].decode("utf-8")))
        others = _more(raw.count(_REPLACEMENT) - data.count(_REPLACEMENT.encode()))
        message = f"byte 0x{data[error.start]:02X} is not UTF-8{others}"
        yield source.diagnostic("P905", at, message, "save the file with the encoding UTF-8")
    text = _with_newlines(raw)
    if found := FORBIDDEN.search(text):
        yield source.diagnostic(
            "P906",
            found.start(),
            f"control character U+{ord(found[0]):04X} cannot stand in a book{_more(len(FORBIDDEN.findall(text)))}",
            "delete it; many editors show it as a box or as '^@'",
        )
    marks = []
    if raw.startswith(_BOM):
        marks.append("a byte order mark")
    if b"\r" in data:
        marks.append("line ends with carriage returns")
    if marks:
        yield source.diagnostic("P907", 0, f"the file has {' and '.join(marks)}: read, and left as it is")


def _more(count: int) -> str:
    return f", and {count - 1} more in this file" if count > 1 else ""


def _similar(folder: Path, path: PurePosixPath) -> str | None:
    """A hint at the file that was probably meant, in the same folder."""
    try:
        names = {beside.name.casefold(): beside.name for beside in sorted((folder / path.parent).iterdir())}
    except OSError:
        return None
    close = difflib.get_close_matches(path.name.casefold(), names, n=1)
    return f"did you mean '{path.with_name(names[close[0]])}'?" if close else None
