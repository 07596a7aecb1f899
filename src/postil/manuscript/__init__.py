"""A title from disk: `book.toml`, the files it names in reading order, and the styles it is set in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from postil.document import Matter, Title
from postil.manuscript.files import TEXT_LIMIT, read_bytes, read_source
from postil.manuscript.places import Places
from postil.manuscript.settings import read_settings
from postil.manuscript.titles import BOOK, UnknownTitleError, find, project
from postil.manuscript.values import LAST_YEAR
from postil.source import Diagnostic, Position, Source

__all__ = ["BOOK", "Manuscript", "UnknownTitleError", "find", "load", "moment", "project", "read_title"]


_EPOCH = "SOURCE_DATE_EPOCH"
_LATEST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, tzinfo=UTC)
_BIBLIOGRAPHY = re.compile(r"[^.].*\.(?:bib|ris)|(?:references|bibliography|library)\.(?:json|ya?ml)", re.IGNORECASE)
_NUMBERS = re.compile(r"([0-9]+)")
MOST_CHAPTERS = 10_000
"""After how many Markdown files no more are looked for."""
_NO_CHAPTERS = frozenset({"build", "node_modules", "styles", "fonts"})
"""The sub-folders of a title that have no chapters in them."""
BOOK_LIMIT = 1 << 18
"""The most bytes that a `book.toml` may have."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Everything a title has on disk but its pictures.

    `chapters` are in reading order. `style_source` is the CSL file of the title's own citation style, None where it
    names one that ships.
    """

    title: Title
    chapters: tuple[tuple[Source, Matter], ...]
    bibliography: tuple[Source, ...]
    style_source: bytes | None
    places: Places


def load(folder: Path) -> tuple[Manuscript | None, tuple[Diagnostic, ...]]:
    """A title with all its text files, and everything that is wrong with `book.toml` and with the files.

    Without a `book.toml` that is TOML there is no manuscript. A file that cannot be read is left out of it, and a
    setting that is wrong has its default in it, so that the rest can still be checked.
    """
    title, places, found = _book(folder)
    if title is None or places is None:
        return None, found
    diagnostics = [*found, *_wrong_epoch()]
    chapters: list[tuple[Source, Matter]] = []
    for path, matter, at in _listed(title, places):
        source, wrong = read_source(folder, path, at)
        diagnostics += wrong
        if source is not None:
            chapters.append((source, matter))
    bibliography: list[Source] = []
    for index, path in enumerate(title.bibliography.sources):
        source, wrong = read_source(folder, path, places.position("bibliography", "sources", index))
        diagnostics += wrong
        if source is not None:
            bibliography.append(source)
    style = None
    if title.bibliography.style.endswith(".csl"):
        data = read_bytes(folder, title.bibliography.style, places.position("bibliography", "style"), TEXT_LIMIT)
        if isinstance(data, Diagnostic):
            diagnostics.append(data)
        else:
            style = data
    manuscript = Manuscript(title, tuple(chapters), tuple(bibliography), style, places)
    return manuscript, (*diagnostics, *_unlisted(folder, title, places), *_unused(folder, title, places))


def moment(title: Title) -> datetime:
    """When the outputs of a title say they were made: at `SOURCE_DATE_EPOCH` where that is set, else on its own date.

    `SOURCE_DATE_EPOCH` is seconds since 1970 (https://reproducible-builds.org/specs/source-date-epoch/).
    """
    epoch = _epoch()
    return datetime.combine(title.date, time(), UTC) if epoch is None else datetime.fromtimestamp(epoch, UTC)


def _epoch() -> int | None:
    """The number in `SOURCE_DATE_EPOCH`, if it is set and can be used."""
    value = os.environ.get(_EPOCH, "")
    if not re.fullmatch("[0-9]{1,12}", value) or int(value) > _LATEST.timestamp():
        return None
    return int(value)


def _wrong_epoch() -> Iterator[Diagnostic]:
    value = os.environ.get(_EPOCH, "")
    if value and _epoch() is None:
        message = f"the environment says {_EPOCH}={value}, which is no time that outputs can be dated to"
        hint = f"it is a number of seconds since 1970, at most {int(_LATEST.timestamp())}; or unset it"
        yield Diagnostic("P937", message, None, hint)


def read_title(folder: Path) -> tuple[Title | None, tuple[Diagnostic, ...]]:
    """What `book.toml` alone says about a title, and what is wrong with it."""
    title, _, found = _book(folder)
    return title, found


def _book(folder: Path) -> tuple[Title | None, Places | None, tuple[Diagnostic, ...]]:
    source, found = read_source(folder, BOOK, Position(BOOK), BOOK_LIMIT)
    if source is None:
        return None, None, found
    title, places, wrong = read_settings(folder.resolve().name, source, _markdown(folder))
    return title, places, found + wrong


def _markdown(folder: Path) -> tuple[str, ...]:
    """The Markdown files of a title, those in sub-folders too, in the order of their names; no link is followed."""
    names: list[str] = []
    for above, folders, files in os.walk(folder):
        within = Path(above).relative_to(folder)
        here = [name for name in (*folders, *files) if name.endswith(".md") and not name.startswith(".")]
        names += ((within / name).as_posix() for name in here)  # a folder of such a name is said to be none
        folders[:] = [each for each in folders if not each.startswith(".") and each not in {*_NO_CHAPTERS, *here}]
        if len(names) > MOST_CHAPTERS:
            break
    return tuple(sorted(names, key=lambda name: [_counted(part) for part in name.split("/")]))


def _counted(name: str) -> tuple[tuple[str | int, ...], str]:
    """Where a name stands among others: numbers count by their value, so that 'chapter-2' is before 'chapter-10'."""
    parts = _NUMBERS.split(name.removesuffix(".md"))  # every second one is a number
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), name


def _listed(title: Title, places: Places) -> Iterator[tuple[str, Matter, Position]]:
    """The chapters in reading order, each once, with the place that names it."""
    seen: set[str] = set()
    matters: tuple[tuple[Matter, tuple[str, ...]], ...] = (
        ("front", title.front),
        ("body", title.body),
        ("back", title.back),
    )
    for matter, paths in matters:
        for index, path in enumerate(paths):
            if path not in seen:
                seen.add(path)
                yield path, matter, places.position("chapters", matter, index)


def _unlisted(folder: Path, title: Title, places: Places) -> Iterator[Diagnostic]:
    listed = {*title.front, *title.body, *title.back}
    for name in _markdown(folder):
        if name not in listed:
            yield Diagnostic(
                "P908",
                f"file '{name}' is not a chapter of the title",
                places.position("chapters"),
                "list it under [chapters], or move it out of the folder",
            )


def _unused(folder: Path, title: Title, places: Places) -> Iterator[Diagnostic]:
    """The bibliographies beside the chapters that nothing names. JSON and YAML may be anything, but for their names."""
    found = sorted(path.name for path in folder.iterdir() if _BIBLIOGRAPHY.fullmatch(path.name) and path.is_file())
    for name in found:
        if name not in title.bibliography.sources:
            named = ", ".join(f'"{path}"' for path in (*title.bibliography.sources, name))
            message = f"'{name}' lies in the folder, and no setting names it"
            hint = f"to cite from it, write under [bibliography]: sources = [{named}]"
            yield Diagnostic("P943", message, places.position("bibliography"), hint)
