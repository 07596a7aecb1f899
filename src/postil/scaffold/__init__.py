"""A new project: a small title that shows every construct once and builds at once."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from postil.writing import Folder

_FILES = ("book.toml", "01-the-margin.md", "02-the-press.md", "references.bib")


class NotEmptyError(Exception):
    """The folder for a new project has something in it."""


def scaffold(folder: Path) -> tuple[Path, ...]:
    """Make `folder` a project with one title, named after it, and give the files that were written.

    The title is a new publication: its identifier is random and its date is today. Raises NotEmptyError for a
    folder that is not empty, and OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotEmptyError(f"folder '{folder}' is not empty")
    words = re.findall(r"\w+", folder.resolve().name.replace("_", " ")) or ["book"]
    name = "-".join(words).lower()
    settings = {
        "%TITLE%": " ".join(word[0].upper() + word[1:] for word in words),
        "%IDENTIFIER%": uuid.uuid4().urn,
        "%DATE%": datetime.now(UTC).date().isoformat(),
    }
    written = []
    for file in _FILES:
        text = files(__package__).joinpath(file).read_text("utf-8")
        if file == "book.toml":
            text = re.sub("%[A-Z]+%", lambda found: settings[found[0]], text)
        written.append((Folder(folder) / "manuscript" / name).write(file, text.encode()))
    return tuple(written)
