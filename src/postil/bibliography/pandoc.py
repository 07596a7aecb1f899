"""The one place where pandoc runs: a subprocess without network, other files or the user's settings."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache as once
from pathlib import Path

import pypandoc

SECONDS = 60
HEAP = "1G"


class PandocError(Exception):
    """Pandoc gave no answer: its own words about why."""


def run(
    arguments: Sequence[str], text: str, files: Mapping[str, bytes], cache: Path | None, seconds: float = SECONDS
) -> str:
    """What pandoc writes when it reads `text`, taken from the folder `cache` where it has been written before.

    `files` are the files it may see, by the names that the arguments use. Raises PandocError when pandoc is missing,
    rejects the input, or takes more than `seconds` of wall-clock time.
    """
    with contextlib.ExitStack() as stack:
        program, identity = _program()
        key = _digest(identity, *arguments, text, *(part for item in sorted(files.items()) for part in item))
        if cache is not None and (kept := _kept(cache / key)) is not None:
            return kept
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="postil-"))
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        command = (program, "+RTS", f"-M{HEAP}", "-RTS", "--sandbox", "--data-dir", folder, *arguments)
        environment = {"LANG": "C.UTF-8", "HOME": folder, "PATH": ""}
        try:
            done = subprocess.run(
                command,
                input=text.encode(),
                capture_output=True,
                timeout=seconds,
                cwd=folder,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            message = f"it took more than {seconds:g} seconds"
            raise PandocError(message) from None
        except OSError as error:
            raise PandocError(str(error)) from None
    if done.returncode:
        raise PandocError(_reason(done.stderr.decode(errors="replace").strip()))
    answer = done.stdout.decode()
    if cache is not None:
        _keep(cache / key, answer)
    return answer


def _reason(said: str) -> str:
    """Why pandoc failed, in its own words but for what would not help."""
    return f"it needs more than {HEAP}B of memory" if "Heap exhausted" in said else said


@once
def _program() -> tuple[str, str]:
    """Pandoc's path, and what tells this build of it from another one."""
    try:
        path = os.path.realpath(pypandoc.get_pandoc_path())
        found = Path(path).stat()
    except OSError as error:
        raise PandocError(str(error)) from None
    return path, f"{path} {found.st_size} {found.st_mtime_ns}"


def _digest(*parts: str | bytes) -> str:
    def lengths() -> Iterator[bytes]:
        for part in parts:
            data = part if isinstance(part, bytes) else part.encode()
            yield len(data).to_bytes(8, "big") + data

    return hashlib.sha256(b"".join(lengths())).hexdigest()


def _kept(path: Path) -> str | None:
    """An answer kept before; None where there is none, or a file that is not as it was written."""
    try:
        check, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data.decode() if hashlib.sha256(data).hexdigest().encode() == check else None


def _keep(path: Path, answer: str) -> None:
    data = answer.encode()
    # a folder that cannot be written to makes the next build slower, not this one wrong
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}", delete=False) as file:
            file.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        Path(file.name).replace(path)
