"""Where the files of a publication stand, as paths from its package document."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, count
from posixpath import relpath

FOLDER = "EPUB/"
"""Where the package document itself stands in the container: EbookLib's choice."""
COVER = "text/cover.xhtml"
NAVIGATION = "nav.xhtml"
TEXTS = "text/"
LONGEST = 64
"""The most letters of a file's name, without its ending: some systems take no more than 260 for a whole path."""


def style(name: str) -> str:
    """Where a style sheet stands."""
    return f"styles/{name}"


def font(name: str) -> str:
    """Where a font stands."""
    return f"fonts/{name}"


def picture(name: str) -> str:
    """Where a picture stands."""
    return f"images/{name}"


def relative(target: str, of: str) -> str:
    """The way from the file `of` to another."""
    return relpath(target, of.rpartition("/")[0] or ".")


def file_name(wanted: str, taken: set[str]) -> str:
    """A name like `wanted` that every file system and reading system takes, and that is not yet taken; now it is.

    It has at most `LONGEST` letters and ends with a word, if the words are not longer than that.
    """
    folded = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", folded).strip("-").lower() or "part"
    if len(stem) > LONGEST:
        stem = stem[: LONGEST + 1].rpartition("-")[0] or stem[:LONGEST]
    name = next(n for n in chain([stem], (f"{stem}-{i}" for i in count(2))) if n not in taken)
    taken.add(name)
    return name


def identifier(path: str) -> str:
    """A file's id in the manifest."""
    return "f-" + path.replace("/", "-")
