"""Files written whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write a file under a temporary name beside it, then rename it, so that nobody ever sees half of it.

    Missing folders are made, and a file that is replaced keeps its permissions. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sweep(folder: Path, process: int) -> None:
    """Remove what a process that was killed while it wrote has left under `folder`."""
    for part in folder.rglob(f".*.{process}.part"):
        part.unlink(missing_ok=True)
