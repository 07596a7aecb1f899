"""Answers of other programs kept on disk, so that the same question is asked once."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def kept(cache: Path | None, question: tuple[str | bytes, ...], ask: Callable[[], str]) -> str:
    """The answer to a question, from the folder `cache` where it has been asked before."""
    if cache is None:
        return ask()
    path = cache / _digest(question)
    if (known := _read(path)) is not None:
        return known
    answer = ask()
    _write(path, answer)
    return answer


def _digest(parts: tuple[str | bytes, ...]) -> str:
    def lengths() -> Iterator[bytes]:
        for part in parts:
            data = part if isinstance(part, bytes) else part.encode()
            yield len(data).to_bytes(8, "big") + data

    return hashlib.sha256(b"".join(lengths())).hexdigest()


def _read(path: Path) -> str | None:
    """An answer kept before; None where there is none, or a file that is not as it was written."""
    try:
        check, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data.decode() if hashlib.sha256(data).hexdigest().encode() == check else None


def _write(path: Path, answer: str) -> None:
    data = answer.encode()
    # a folder that cannot be written to makes the next build slower, not this one wrong
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}", delete=False) as file:
            file.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        Path(file.name).replace(path)
