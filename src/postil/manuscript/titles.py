"""Where titles are on a disk."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

BOOK: Final = "book.toml"
TITLES: Final = "manuscript"


class UnknownTitleError(LookupError):
    """There is no such title; the message says so, with a hint behind a semicolon where there is one."""


def find(names: Sequence[str], start: Path) -> tuple[Path, ...]:
    """The folders of titles: each once, in the order of `names`.

    A name is a folder with a `book.toml`, or stands for one under `manuscript/` in the folder `start` or one around
    it. Without names: the title that `start` is in, or else every title under the nearest `manuscript/`, by name.
    Raises UnknownTitleError.
    """
    if names:
        return tuple(dict.fromkeys(_named(name, start) for name in names))
    for folder in (start, *start.parents):
        if _is_title(folder):
            return (folder,)
        if titles := _under(folder):
            return titles
    raise UnknownTitleError("there is no title here; 'postil new DIR' makes one")


def _named(name: str, start: Path) -> Path:
    if _is_title(start / name):
        return start / name
    known: list[str] = []
    for folder in (start, *start.parents):
        for title in _under(folder):
            if title.name == name:
                return title
            known.append(title.name)
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{close[0]}'?" if close else f"; there is {', '.join(known)}" if known else ""
    raise UnknownTitleError(f"there is no title '{name}'{hint}")


def _under(folder: Path) -> tuple[Path, ...]:
    """The titles under the `manuscript/` of a folder, by name."""
    try:
        return tuple(sorted(filter(_is_title, (folder / TITLES).iterdir())))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise UnknownTitleError(f"the folder '{folder / TITLES}' cannot be read: {error.strerror}") from None


def _is_title(folder: Path) -> bool:
    """Whether a folder has a `book.toml`, whatever that is.

    One that cannot be looked into is taken for a title, so that reading it says why: otherwise another title of the
    same name would be built in its place.
    """
    try:
        (folder / BOOK).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def project(folder: Path) -> Path | None:
    """The folder around `manuscript/` for a title that stands there."""
    titles = folder.resolve().parent
    return titles.parent if titles.name == TITLES else None
